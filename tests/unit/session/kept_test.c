/* What is kept of a configuration is a copy of all of it.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "session/service.h"

#define AT(member) (offsetof(struct session_config, member) / sizeof(char *))

/* Each place of the struct that holds no bool holds a text. */
static void no_text_is_borrowed(void **state)
{
    (void)state;
    static const size_t bools[] = {
        AT(auth.uses_oidc),        AT(auth.uses_aks_workload_identity),
        AT(auth.uses_msi),         AT(auth.uses_cli),
        AT(has_own_reads),         AT(has_no_destroy_warning),
        AT(has_no_correlation_id),
    };
    enum { PLACES = sizeof(struct session_config) / sizeof(char *) };
    static char text[] = "text";
    char *places[PLACES];
    bool is_text[PLACES];
    struct session_config config;
    for (size_t i = 0; i < PLACES; i++) {
        places[i] = text;
        is_text[i] = true;
    }
    for (size_t i = 0; i < sizeof bools / sizeof *bools; i++) {
        places[bools[i]] = NULL;
        is_text[bools[i]] = false;
    }
    memcpy(&config, places, sizeof config);
    config.auth.uses_msi = true;
    config.has_no_correlation_id = true;
    struct session_config *kept = session_config_keep(&config);
    assert_true(kept->auth.uses_msi);
    assert_true(kept->has_no_correlation_id);
    assert_false(kept->auth.uses_cli);
    memcpy(places, kept, sizeof config);
    for (size_t i = 0; i < PLACES; i++) {
        if (!is_text[i])
            continue;
        if (places[i] == text)
            fail_msg("the text at byte %zu is borrowed", i * sizeof(char *));
        assert_string_equal(places[i], text);
    }
    session_config_free(kept);
}

static void what_is_not_there_stays_away(void **state)
{
    (void)state;
    const struct session_config config = { .environment = "custom" };
    struct session_config *kept = session_config_keep(&config);
    assert_string_equal(kept->environment, "custom");
    assert_null(kept->auth.client_secret);
    assert_null(kept->proxy.url);
    session_config_free(kept);
    session_config_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_text_is_borrowed),
        cmocka_unit_test(what_is_not_there_stays_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
