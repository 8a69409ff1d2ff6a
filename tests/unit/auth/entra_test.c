/* What Entra's refusals become, and what is taken out of them first.
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

TEST(a_refusal_is_recognised_and_its_number_is_found)
{
    enum { NONE = -1 };
    static const struct {
        const char *body;
        int number; /* NONE: it is no refusal */
        bool is_adfs;
    } rows[] = {
        { "{\"error\":\"x\",\"error_codes\":[7000215,1]}", 7000215 },
        { "{\"error\":\"x\",\"error_description\":\"AADSTS90002: no\"}", 90002 },
        { "{\"error\":\"x\",\"error_codes\":[],\"error_description\":\"AADSTS90002\"}", 90002 },
        { "{\"error\":\"x\",\"error_codes\":[-3],\"error_description\":\"AADSTS9\"}", 9 },
        { "{\"error\":\"x\",\"error_description\":\"AADSTS99999999999999999\"}", 0 },
        { "{\"error\":\"x\",\"error_description\":\"AADSTS: none\"}", 0 },
        { "{\"error\":\"x\"}", 0 },
        { "{\"error\":\"invalid_client\",\"error_description\":\"MSIS9622: Client "
          "authentication failed.\"}",
          9622, true },
        { "{\"error\":\"x\",\"error_description\":\"MSIS9607\"}", 9607, true },
        { "{\"error\":\"x\",\"error_description\":\"MSIS: none\"}", 0 },
        { "{\"error\":\"x\",\"error_description\":\"MSIS-1\"}", 0 },
        { "{\"error\":\"x\",\"error_description\":\"AADSTS5 after MSIS9607\"}", 5 },
        { "", NONE },
        { "<html>", NONE },
        { "[]", NONE },
        { "{}", NONE },
        { "\"error\"", NONE },
        { "{\"error\":{\"code\":\"x\"}}", NONE },
        { "{\"error\":7}", NONE },
        { "{\"error\":\"x\"", NONE },
    };
    EACH (row, rows) {
        auto_arena arena = arena_new();
        struct entra_failure failure = { .number = NONE };
        bool is_one = entra_parse_failure(arena, BYTES(row->body, strlen(row->body)), &failure);
        if (is_one != (row->number != NONE) || (is_one && failure.number != row->number) ||
            (is_one && (failure.codes == adfs_codes) != row->is_adfs))
            fail_msg("%s: %d, %d", row->body, is_one, failure.number);
        if (is_one)
            assert_non_null(failure.description);
    }
}

static const struct entra_code *find(const struct entra_code *codes, int number)
{
    return entra_find_code(&(struct entra_failure){ .number = number, .codes = codes });
}

static void assert_code(const struct entra_code *codes, int number, bool is_transient)
{
    const struct entra_code *code = find(codes, number);
    if (code == NULL)
        fail_msg("%d has no row", number);
    assert_int_equal(code->is_transient, is_transient);
    assert_true(strlen(code->meaning) > 10 && strlen(code->action) > 10);
}

TEST(each_known_code_has_an_action)
{
    /* The table of Entra's documentation that this provider's users may meet. */
    EACH_NUMBER (number, 7000215, 70002, 7000222, 700016, 700011, 700027, 700024, 70021, 700213,
                 7000112, 70001, 500011, 70011, 90002, 50049, 50076, 50079, 53003, 700211, 700212)
        assert_code(entra_codes, number, false);
    EACH_NUMBER (number, 90033, 90024, 90012, 50033, 90055)
        assert_code(entra_codes, number, true);
    EACH_NUMBER (number, 9321, 9329, 9602, 9604, 9605, 9607, 9611, 9622)
        assert_code(adfs_codes, number, false);
    assert_null(find(entra_codes, 0));
    assert_null(find(entra_codes, 1));
    assert_null(find(entra_codes, 9622));
    assert_null(find(adfs_codes, 90002));
}
