/* Plain paths as IDs: what is one, what is none, and that they are compared exactly.
 * SPDX-License-Identifier: MPL-2.0 */
#include "id/id.h"
#include "id/scheme.h"
#include "support/fixture.h"

#define CASE(name) TEST_WITH(name, arena_begin, arena_end)

static const char widget[] = "/v1/widgets/{}";
static const char part[] = "/v1/widgets/{}/parts/{}";

/* Either the same text, or NULL with an error. */
static bool is_id(const char *text, const char *type)
{
    struct error err = NO_ERROR;
    const char *id = id_scheme_path.parse(arena, text, type, &err);
    assert_int_equal(err.kind, id != NULL ? ERR_NONE : ERR_INVALID);
    if (id != NULL)
        assert_string_equal(id, text);
    return id != NULL;
}

CASE(a_path_is_an_id_where_it_fits_the_type)
{
    EACH_TEXT (text, "/v1/widgets/17", "/v1/widgets/a-b_c.d~e", "/v1/widgets/..a", "/v1/widgets/{}",
               "/v1/widgets/!")
        assert_true(is_id(text, widget));
    assert_true(is_id("/v1/widgets/17/parts/pin", part));
    assert_true(is_id("/anything/at/all", NULL));
    EACH_TEXT (text, "/v1/widgets/17/parts/pin", "/v1/Widgets/17", "/v1/widget/17", "/v1/widgets",
               "v1/widgets/17", "", "/v1/widgets/", "/v1/widgets/17/", "/v1/widgets/.",
               "/v1/widgets/..", "/v1/widgets/a b", "/v1/widgets/a%2Fb", "/v1/widgets/a?b",
               "/v1/widgets/a#b", "/v1/widgets/a\\b", "/v1/widgets/a\nb", "/v1/widgets/\x7F",
               "/v1/widgets/\xC3\xA4")
        if (is_id(text, widget))
            fail_msg("%s", text);
    assert_false(is_id("/v1/widgets/17", part));
    assert_false(is_id("/", NULL));
    assert_false(is_id("/v1//17", NULL));
}

CASE(an_id_that_is_too_long_is_none)
{
    struct error err = NO_ERROR;
    char *text = memset(arena_take_many(arena, ID_BYTES_MAX + 2, 1), 'a', ID_BYTES_MAX);
    text[0] = '/';
    assert_true(is_id(text, NULL));
    text[ID_BYTES_MAX] = 'a';
    assert_null(id_scheme_path.parse(arena, text, NULL, &err));
    assert_non_null(strstr(err.text, "too long"));
}

CASE(names_are_compared_exactly)
{
    assert_true(id_scheme_path.is_case_sensitive);
    assert_true(id_scheme_path.is_equal(arena, "/v1/widgets/a", "/v1/widgets/a"));
    assert_false(id_scheme_path.is_equal(arena, "/v1/widgets/a", "/v1/widgets/A"));
    assert_null(id_scheme_path.case_variants(arena, "/v1/widgets/a")[0]);
    assert_false(id_scheme_arm.is_case_sensitive);
}

CASE(a_form_and_the_parts_are_for_messages)
{
    assert_string_equal(id_scheme_path.form(arena, part), "/v1/widgets/{name}/parts/{name}");
    assert_string_equal(id_scheme_path.part(arena, "/v1/widgets/17", "name"), "17");
    assert_null(id_scheme_path.part(arena, "/v1/widgets/17", "subscription"));
}

CASE(where_case_does_not_matter_an_id_has_one_form)
{
    static const char *const rows[][2] = {
        { "/V1/Widgets/AAAA1111-2222-3333-4444-55556666ABCD/PARTS/Pin",
          "/v1/widgets/aaaa1111-2222-3333-4444-55556666abcd/parts/Pin" },
        { "/v1/widgets/x/parts/PIN", "/v1/widgets/x/parts/PIN" },
        { "/v1/widget/x/parts/PIN", NULL }, /* it is none */
        { "/v1/widgets/x", NULL },
        { "v1/widgets/x/parts/y", NULL },
    };
    struct error err = NO_ERROR;
    EACH (row, rows)
        assert_same_text(id_scheme_path_any_case.parse(arena, (*row)[0], part, &err), (*row)[1]);
    err = NO_ERROR;
    assert_string_equal(id_scheme_path_any_case.parse(arena, "/a/B", NULL, &err), "/a/B");
    assert_false(id_scheme_path_any_case.is_case_sensitive);
    assert_true(id_scheme_path_any_case.is_equal(arena, "/v1/widgets/a", "/v1/Widgets/A"));
    assert_false(id_scheme_path_any_case.is_equal(arena, "/v1/widgets/a", "/v1/widgets/b"));
}
