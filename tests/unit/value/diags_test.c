/* Diagnostics and the paths in them.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "support/fixture.h"
#include "value/diags.h"

#define CASE(name) TEST_WITH(name, arena_begin, arena_end)

CASE(errors_and_warnings_keep_their_order)
{
    struct diags diags;
    diags_init(&diags, arena);
    assert_false(diags_have_error(&diags));
    assert_int_equal(diags_warning(&diags, PATH_NONE, "First", "%s", "one"), 0);
    assert_false(diags_have_error(&diags));
    const struct path *path = path_attribute(arena, PATH_NONE, "name");
    assert_int_equal(diags_error(&diags, path, "Second", "two of %d", 2), -1);
    assert_true(diags_have_error(&diags));
    assert_int_equal(diags.error_count, 1);
    assert_string_equal(diags.first->summary, "First");
    assert_int_equal(diags.first->severity, SEVERITY_WARNING);
    assert_ptr_equal(diags.first->path, PATH_NONE);
    assert_string_equal(diags.first->next->detail, "two of 2");
    assert_int_equal(diags.first->next->severity, SEVERITY_ERROR);
    assert_ptr_equal(diags.first->next->path, path);
    assert_null(diags.first->next->next);
}

CASE(texts_are_valid_utf8_and_the_summary_is_one_line)
{
    struct diags diags;
    diags_init(&diags, arena);
    char summary[] = "a\nb\xFF";
    diags_error(&diags, PATH_NONE, summary, "%s", "c\nd\xC3");
    summary[0] = 'z'; /* it was copied */
    assert_string_equal(diags.first->summary, "a b\xEF\xBF\xBD");
    assert_string_equal(diags.first->detail, "c\nd\xEF\xBF\xBD");
}

CASE(a_detail_has_a_ceiling)
{
    struct diags diags;
    diags_init(&diags, arena);
    diags_error(&diags, PATH_NONE, "x", "%*d", 1000 * 1000, 1);
    assert_int_equal(strlen(diags.first->detail), 16 * 1024);
    assert_true(text_is_utf8(diags.first->detail, 16 * 1024));
}

CASE(paths_read_like_configuration)
{
    const struct path *timeouts = path_attribute(arena, PATH_NONE, "timeouts");
    const struct path *first = path_index(arena, path_attribute(arena, PATH_NONE, "endpoint"), 0);
    const struct path *tags = path_attribute(arena, first, "tags");
    const struct {
        const struct path *path;
        const char *text;
    } rows[] = {
        { PATH_NONE, "" },
        { path_attribute(arena, timeouts, "create"), "timeouts.create" },
        { path_attribute(arena, first, "audience"), "endpoint[0].audience" },
        { path_key(arena, tags, "a\"b"), "endpoint[0].tags[\"a\\\"b\"]" },
        { path_index(arena, PATH_NONE, -1), "[-1]" },
    };
    EACH (row, rows)
        assert_string_equal(path_format(arena, row->path), row->text);
}

CASE(a_path_shows_hostile_names_safely)
{
    char name[5000];
    memset(name, 'x', sizeof name);
    name[0] = '\x1B';
    name[1] = '\xFF';
    name[sizeof name - 1] = '\0';
    const char *text = path_format(arena, path_key(arena, PATH_NONE, name));
    assert_true(strlen(text) < 100);
    assert_true(text_is_utf8(text, strlen(text)));
    assert_null(strchr(text, '\x1B'));
}
