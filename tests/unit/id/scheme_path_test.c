/* Plain paths as IDs: what is one, what is none, and that they are compared exactly.
 * SPDX-License-Identifier: MPL-2.0 */
#include "id/scheme.h"
#include "support/test.h"

static const char part[] = "/v1/widgets/{}/parts/{}";

TEST(a_path_is_an_id_where_it_fits_the_type)
{
    static const struct {
        const char *text, *type;
        bool is_id;
    } cases[] = {
        { "/v1/widgets/17", "/v1/widgets/{}", true },
        { "/v1/widgets/a-b_c.d~e", "/v1/widgets/{}", true },
        { "/v1/widgets/..a", "/v1/widgets/{}", true },
        { "/v1/widgets/17/parts/pin", part, true },
        { "/anything/at/all", NULL, true },
        { "/v1/widgets/17", part, false },
        { "/v1/widgets/17/parts/pin", "/v1/widgets/{}", false },
        { "/v1/Widgets/17", "/v1/widgets/{}", false },
        { "/v1/widget/17", "/v1/widgets/{}", false },
        { "/v1/widgets", "/v1/widgets/{}", false },
        { "v1/widgets/17", "/v1/widgets/{}", false },
        { "", "/v1/widgets/{}", false },
        { "/", NULL, false },
        { "/v1/widgets/", "/v1/widgets/{}", false },
        { "/v1/widgets/17/", "/v1/widgets/{}", false },
        { "/v1//17", NULL, false },
        { "/v1/widgets/.", "/v1/widgets/{}", false },
        { "/v1/widgets/..", "/v1/widgets/{}", false },
        { "/v1/widgets/a b", "/v1/widgets/{}", false },
        { "/v1/widgets/a%2Fb", "/v1/widgets/{}", false },
        { "/v1/widgets/a?b", "/v1/widgets/{}", false },
        { "/v1/widgets/a#b", "/v1/widgets/{}", false },
        { "/v1/widgets/a\\b", "/v1/widgets/{}", false },
        { "/v1/widgets/a\nb", "/v1/widgets/{}", false },
        { "/v1/widgets/\xC3\xA4", "/v1/widgets/{}", false },
        { "/v1/widgets/{}", "/v1/widgets/{}", true },
    };
    auto_arena arena = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = NO_ERROR;
        const char *id = id_scheme_path.parse(arena, cases[i].text, cases[i].type, &err);
        if ((id != NULL) != cases[i].is_id)
            fail_msg("%s: %s", cases[i].text, err.text);
        if (id != NULL)
            assert_string_equal(id, cases[i].text);
        else
            assert_int_equal(err.kind, ERR_INVALID);
    }
}

TEST(an_id_that_is_too_long_is_none)
{
    auto_arena arena = arena_new();
    struct error err = NO_ERROR;
    char *text = arena_take_many(arena, 5000, 1);
    memset(text, 'a', 4999);
    text[0] = '/';
    assert_null(id_scheme_path.parse(arena, text, NULL, &err));
    assert_non_null(strstr(err.text, "too long"));
}

TEST(names_are_compared_exactly)
{
    auto_arena arena = arena_new();
    assert_true(id_scheme_path.is_case_sensitive);
    assert_true(id_scheme_path.is_equal(arena, "/v1/widgets/a", "/v1/widgets/a"));
    assert_false(id_scheme_path.is_equal(arena, "/v1/widgets/a", "/v1/widgets/A"));
    assert_null(id_scheme_path.spellings(arena, "/v1/widgets/a")[0]);
    assert_false(id_scheme_arm.is_case_sensitive);
}

TEST(a_form_and_the_parts_are_for_messages)
{
    auto_arena arena = arena_new();
    assert_string_equal(id_scheme_path.form(arena, part),
                        "/v1/widgets/{name}/parts/{name}");
    assert_string_equal(id_scheme_path.part(arena, "/v1/widgets/17", "name"), "17");
    assert_null(id_scheme_path.part(arena, "/v1/widgets/17", "subscription"));
}
