/* Why there is no token is told whole once.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "session/told.h"

static const char refused[] =
    "getting a token: AADSTS7000215, the client secret is wrong. "
    "Check client_secret (ARM_CLIENT_SECRET).";

static void told_reason_is_whole_at_first_and_a_pointer_from_then_on(void **state)
{
    (void)state;
    auto_arena arena = arena_new();
    struct told *told = told_new();
    assert_string_equal(told_choose(told, arena, "there is no token", refused), refused);
    for (size_t i = 0; i < 3; i++) {
        const char *text = told_choose(told, arena, "there is no token", refused);
        assert_non_null(strstr(text, "another error of this run"));
        assert_non_null(strstr(text, "(AADSTS7000215)"));
        assert_null(strstr(text, "ARM_CLIENT_SECRET"));
    }
    told_free(told);
}

static void told_another_reason_is_whole_again(void **state)
{
    (void)state;
    auto_arena arena = arena_new();
    struct told *told = told_new();
    told_choose(told, arena, "there is no token", refused);
    assert_string_equal(told_choose(told, arena, "there is no token", "no program `az`"),
                        "no program `az`");
    assert_null(strstr(told_choose(told, arena, "there is no token", "no program `az`"),
                       "AADSTS"));
    told_free(told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(told_reason_is_whole_at_first_and_a_pointer_from_then_on),
        cmocka_unit_test(told_another_reason_is_whole_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
