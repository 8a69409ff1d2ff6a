/* What is taken out of the text of a refusal, and where it is cut. What else becomes of one:
 * tests/exchanges/sign_in.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/entra.h"
#include "base/text.h"
#include "support/test.h"

static struct error explain(const char *description, const char *hidden)
{
    auto_arena arena = arena_new();
    const struct entra_failure failure = { .error = "invalid_client",
                                           .description = description,
                                           .codes = entra_codes };
    const char *const all[] = { "another", hidden, NULL };
    struct error err = NO_ERROR;
    assert_int_equal(entra_explain(arena, "Microsoft Entra", &failure, "the client", all, &err),
                     -1);
    return err;
}

/* What CI systems show in place of a secret, given as one. */
TEST(a_masked_secret_is_hidden_without_end)
{
    EACH_TEXT (mask, "*", "**", "***", "****") {
        struct error err = explain("got **** and *** again", mask);
        assert_int_equal(err.kind, ERR_CREDENTIAL);
        assert_has(err.text, " again");
    }
}

TEST(a_secret_at_the_cut_is_hidden_whole)
{
    for (size_t before = 980; before < 1010; before++) {
        char text[1100];
        memset(text, '-', sizeof text);
        snprintf(text + before, sizeof text - before, "canary-secret-of-30-characters");
        struct error err = explain(text, "canary-secret-of-30-characters");
        assert_null(strstr(err.text, "can"));
    }
}

TEST(a_description_is_cut_between_characters)
{
    char text[9000];
    for (size_t i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "\xe2\x82\xac", 4);
    struct error err = explain(text, "canary");
    assert_true(text_is_utf8(err.text, strlen(err.text)));
    assert_in_range(strlen(err.text), 900, 1400);
}
