/* Plain paths as IDs: what is one, what is none, and that they are compared exactly.
 * SPDX-License-Identifier: MPL-2.0 */
#include "id/scheme.h"
#include "support/fixture.h"

#define CASE(name) TEST_WITH(name, arena_begin, arena_end)

static const char widget[] = "/v1/widgets/{}";
static const char part[] = "/v1/widgets/{}/parts/{}";

CASE(a_path_is_an_id_where_it_fits_the_type)
{
    static const struct {
        const char *text, *type;
        bool is_id;
    } cases[] = {
        { "/v1/widgets/17", widget, true },
        { "/v1/widgets/a-b_c.d~e", widget, true },
        { "/v1/widgets/..a", widget, true },
        { "/v1/widgets/17/parts/pin", part, true },
        { "/anything/at/all", NULL, true },
        { "/v1/widgets/17", part },
        { "/v1/widgets/17/parts/pin", widget },
        { "/v1/Widgets/17", widget },
        { "/v1/widget/17", widget },
        { "/v1/widgets", widget },
        { "v1/widgets/17", widget },
        { "", widget },
        { "/", NULL },
        { "/v1/widgets/", widget },
        { "/v1/widgets/17/", widget },
        { "/v1//17", NULL },
        { "/v1/widgets/.", widget },
        { "/v1/widgets/..", widget },
        { "/v1/widgets/a b", widget },
        { "/v1/widgets/a%2Fb", widget },
        { "/v1/widgets/a?b", widget },
        { "/v1/widgets/a#b", widget },
        { "/v1/widgets/a\\b", widget },
        { "/v1/widgets/a\nb", widget },
        { "/v1/widgets/\xC3\xA4", widget },
        { "/v1/widgets/{}", widget, true },
    };
    EACH (row, cases) {
        struct error err = NO_ERROR;
        const char *id = id_scheme_path.parse(arena, row->text, row->type, &err);
        if ((id != NULL) != row->is_id)
            fail_msg("%s: %s", row->text, err.text);
        if (id != NULL)
            assert_string_equal(id, row->text);
        else
            assert_int_equal(err.kind, ERR_INVALID);
    }
}

CASE(an_id_that_is_too_long_is_none)
{
    struct error err = NO_ERROR;
    char *text = arena_take_many(arena, 5000, 1);
    memset(text, 'a', 4999);
    text[0] = '/';
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
    static const struct {
        const char *text, *id; /* NULL: it is none */
    } cases[] = {
        { "/V1/Widgets/AAAA1111-2222-3333-4444-55556666ABCD/PARTS/Pin",
          "/v1/widgets/aaaa1111-2222-3333-4444-55556666abcd/parts/Pin" },
        { "/v1/widgets/x/parts/PIN", "/v1/widgets/x/parts/PIN" },
        { "/v1/widget/x/parts/PIN", NULL },
        { "/v1/widgets/x", NULL },
        { "v1/widgets/x/parts/y", NULL },
    };
    EACH (row, cases) {
        struct error err = NO_ERROR;
        assert_same_text(id_scheme_path_any_case.parse(arena, row->text, part, &err), row->id);
    }
    struct error err = NO_ERROR;
    assert_string_equal(id_scheme_path_any_case.parse(arena, "/a/B", NULL, &err), "/a/B");
    assert_false(id_scheme_path_any_case.is_case_sensitive);
    assert_true(id_scheme_path_any_case.is_equal(arena, "/v1/widgets/a", "/v1/Widgets/A"));
    assert_false(id_scheme_path_any_case.is_equal(arena, "/v1/widgets/a", "/v1/widgets/b"));
}
