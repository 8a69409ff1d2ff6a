/* What Entra's refusals become, and what is taken out of them first.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/entra.h"
#include "base/text.h"
#include "support/test.h"

static struct error explain(const char *description, const char *hidden)
{
    struct arena *arena = arena_new();
    const struct entra_failure failure = { .error = "invalid_client",
                                           .description = description };
    struct error err = NO_ERROR;
    assert_int_equal(
        entra_explain(arena, "Microsoft Entra", &failure, "the client", hidden, &err),
        -1);
    arena_free(arena);
    return err;
}

TEST(a_masked_secret_is_hidden_without_end)
{
    /* What CI systems show in place of a secret, given as one. */
    static const char *const masks[] = { "*", "**", "***", "****" };
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        struct error err = explain("got **** and *** again", masks[i]);
        assert_int_equal(err.kind, ERR_CREDENTIAL);
        assert_non_null(strstr(err.text, " again"));
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

TEST(a_body_without_an_error_is_not_taken_for_a_refusal)
{
    static const char *const bodies[] = { "",
                                          "<html>",
                                          "[]",
                                          "{}",
                                          "\"error\"",
                                          "{\"error\":{\"code\":\"x\"}}",
                                          "{\"error\":7}",
                                          "{\"error\":\"x\"" };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct arena *arena = arena_new();
        struct entra_failure failure;
        assert_false(
            entra_parse_failure(arena, BYTES(bodies[i], strlen(bodies[i])), &failure));
        arena_free(arena);
    }
}

TEST(the_number_is_found_wherever_it_stands)
{
    static const struct {
        const char *body;
        int number;
    } rows[] = {
        { "{\"error\":\"x\",\"error_codes\":[7000215,1]}", 7000215 },
        { "{\"error\":\"x\",\"error_description\":\"AADSTS90002: no\"}", 90002 },
        { "{\"error\":\"x\",\"error_codes\":[],\"error_description\":\"AADSTS90002\"}",
          90002 },
        { "{\"error\":\"x\",\"error_codes\":[-3],\"error_description\":\"AADSTS9\"}", 9 },
        { "{\"error\":\"x\",\"error_description\":\"AADSTS99999999999999999\"}", 0 },
        { "{\"error\":\"x\",\"error_description\":\"AADSTS: none\"}", 0 },
        { "{\"error\":\"x\"}", 0 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena *arena = arena_new();
        struct entra_failure failure;
        assert_true(entra_parse_failure(arena, BYTES(rows[i].body, strlen(rows[i].body)),
                                        &failure));
        assert_int_equal(failure.number, rows[i].number);
        assert_non_null(failure.description);
        arena_free(arena);
    }
}

TEST(each_known_code_has_an_action)
{
    /* The table of Entra's documentation that this provider's users may meet. */
    static const struct {
        int number;
        bool is_transient;
    } rows[] = {
        { 7000215, false }, { 70002, false },   { 7000222, false }, { 700016, false },
        { 700011, false },  { 700027, false },  { 700024, false },  { 70021, false },
        { 700213, false },  { 7000112, false }, { 70001, false },   { 500011, false },
        { 70011, false },   { 90002, false },   { 50049, false },   { 50076, false },
        { 50079, false },   { 53003, false },   { 90033, true },    { 90024, true },
        { 90012, true },    { 50033, true },    { 90055, true },    { 700211, false },
        { 700212, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct entra_code *code = entra_find_code(rows[i].number);
        if (code == NULL)
            fail_msg("AADSTS%d has no row", rows[i].number);
        assert_int_equal(code->is_transient, rows[i].is_transient);
        assert_true(strlen(code->meaning) > 10 && strlen(code->action) > 10);
    }
    assert_null(entra_find_code(0));
    assert_null(entra_find_code(1));
}
