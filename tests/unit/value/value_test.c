/* Making values and asking them.
 * SPDX-License-Identifier: MPL-2.0 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/fixture.h"
#include "value/codec.h"
#include "value/value.h"

static const struct type *object_type(void)
{
    const struct type_field fields[] = { { "name", &type_string },
                                         { "count", &type_number },
                                         { "tags", &type_map_of_string } };
    return type_object(arena, fields, 3);
}

static const struct value *list_of(const struct type *type, const struct value *a,
                                   const struct value *b, const struct value *c)
{
    const struct value *items[] = { a, b, c };
    return value_many(arena, type, arena_copy(arena, items, sizeof items), 3);
}

#define CASE(name) TEST_WITH(name, arena_begin, arena_end)

CASE(value_null_and_unknown_are_neither_each_other_nor_known)
{
    const struct value *null = value_null(arena, &type_string);
    const struct value *unknown = value_unknown(arena, &type_string);
    assert_true(value_is_null(null) && !value_is_unknown(null) && value_is_wholly_known(null));
    assert_true(!value_is_null(unknown) && value_is_unknown(unknown));
    assert_false(value_is_wholly_known(unknown));
    assert_true(value_is_null(NULL));
    assert_true(value_is_null(value_string(arena, NULL)));
    assert_false(value_is_null(value_string(arena, "")));
    assert_null(value_text(null));
    assert_null(value_text(unknown));
    assert_null(value_text(NULL));
    assert_null(value_text(value_bool(arena, true)));
    assert_string_equal(value_text(value_string(arena, "x")), "x");
    assert_true(value_is_true(unknown, true) && !value_is_true(null, false));
    assert_true(value_is_true(value_bool(arena, true), false));
    assert_false(value_is_true(value_bool(arena, false), true));
}

CASE(value_dynamic_is_what_it_points_at)
{
    const struct value *text = value_dynamic(arena, value_string(arena, "x"));
    assert_string_equal(value_text(text), "x");
    assert_int_equal(text->type->kind, TYPE_DYNAMIC);
    assert_ptr_equal(value_dynamic(arena, text), text);
    assert_true(value_is_null(value_dynamic(arena, value_null(arena, &type_string))));
    assert_true(value_is_unknown(value_dynamic(arena, value_unknown(arena, &type_bool))));
    assert_false(value_is_wholly_known(value_dynamic(arena, value_unknown(arena, &type_bool))));
    assert_false(value_equal(text, value_string(arena, "x")));
    assert_true(value_equal(text, value_dynamic(arena, value_string(arena, "x"))));
    assert_false(value_equal(value_dynamic(arena, value_null(arena, &type_string)),
                             value_dynamic(arena, value_null(arena, &type_bool))));
}

CASE(an_unknown_deep_inside_is_found)
{
    const struct value *a = value_string(arena, "a");
    const struct value *unknown = value_unknown(arena, &type_string);
    assert_true(value_is_wholly_known(list_of(&type_list_of_string, a, a, a)));
    const struct type *outer = type_collection(arena, TYPE_LIST, &type_list_of_string);
    const struct value *known = list_of(&type_list_of_string, a, a, a);
    const struct value *partly = list_of(&type_list_of_string, a, a, unknown);
    assert_false(value_is_wholly_known(list_of(outer, known, known, partly)));
    assert_false(value_is_unknown(list_of(outer, known, known, partly)));
}

CASE(a_set_is_sorted_and_has_nothing_twice)
{
    const struct value *a = value_string(arena, "a"), *b = value_string(arena, "b");
    const struct value *set = list_of(&type_set_of_string, b, a, value_string(arena, "b"));
    assert_int_equal(set->many.count, 2);
    assert_string_equal(value_text(set->many.items[0]), "a");
    assert_string_equal(value_text(set->many.items[1]), "b");
    assert_true(value_equal(set, list_of(&type_set_of_string, a, b, a)));
    const struct type *numbers = type_collection(arena, TYPE_SET, &type_number);
    set = list_of(numbers, value_number_text(arena, "10"), value_number_text(arena, "9.0"),
                  value_number_text(arena, "1e1"));
    assert_int_equal(set->many.count, 2);
    assert_string_equal(set->many.items[0]->number, "9.0");
    assert_int_equal(value_many(arena, numbers, NULL, 0)->many.count, 0);
    /* A list keeps what it was given. */
    assert_int_equal(list_of(&type_list_of_string, b, a, b)->many.count, 3);
}

/* They may turn out to differ. Source: go-cty cty/set_internals.go, Equivalent */
CASE(two_unknowns_in_a_set_both_stay)
{
    const struct value *unknown = value_unknown(arena, &type_string);
    const struct value *set = list_of(&type_set_of_string, unknown, value_string(arena, "a"),
                                      value_unknown(arena, &type_string));
    assert_int_equal(set->many.count, 3);
    const struct value *null = value_null(arena, &type_string);
    assert_int_equal(list_of(&type_set_of_string, null, null, null)->many.count, 1);
}

CASE(value_map_is_sorted_by_key)
{
    const char *const keys[] = { "c", "a", "b" };
    const struct value *items[] = { value_string(arena, "3"), value_string(arena, "1"),
                                    value_string(arena, "2") };
    const struct value *map = value_map(arena, &type_map_of_string, keys, items, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(map->many.keys[i][0], 'a' + i);
        assert_int_equal(value_text(map->many.items[i])[0], '1' + i);
    }
}

CASE(value_get_follows_the_state_of_the_object)
{
    const struct type *type = object_type();
    const struct value *object = value_object_of_nulls(arena, type);
    assert_true(value_is_null(value_get(arena, object, "tags")));
    assert_ptr_equal(value_get(arena, object, "tags")->type, &type_map_of_string);
    assert_true(value_is_unknown(value_get(arena, value_unknown(arena, type), "count")));
    assert_ptr_equal(value_get(arena, value_unknown(arena, type), "count")->type, &type_number);
    assert_true(value_is_null(value_get(arena, value_null(arena, type), "count")));
}

CASE(value_with_leaves_the_original_alone)
{
    const struct type *type = object_type();
    const struct value *before = value_object_of_nulls(arena, type);
    const struct value *after = value_with(arena, before, "name", value_string(arena, "x"));
    assert_true(value_is_null(value_get(arena, before, "name")));
    assert_string_equal(value_text(value_get(arena, after, "name")), "x");
    assert_true(value_is_null(value_get(arena, after, "count")));
    assert_false(value_equal(before, after));
    after = value_with(arena, value_unknown(arena, type), "name", value_string(arena, "x"));
    assert_true(value_is_unknown(value_get(arena, after, "count")));
    after = value_with(arena, value_null(arena, type), "name", value_string(arena, "x"));
    assert_true(value_is_null(value_get(arena, after, "count")));
}

CASE(value_equal_looks_at_type_state_and_content)
{
    const struct value *x = value_string(arena, "x");
    const struct value *unknown = value_unknown(arena, &type_bool);
    const char *const a = "a", *const b = "b";
    const struct {
        const struct value *one, *other;
        bool is_equal;
    } rows[] = {
        { x, value_string(arena, "x"), true },
        { x, value_string(arena, "y"), false },
        { x, value_string(arena, "xx"), false },
        { x, value_null(arena, &type_string), false },
        { unknown, value_unknown(arena, &type_bool), true },
        { unknown, value_unknown(arena, &type_string), false },
        { unknown, value_null(arena, &type_bool), false },
        { value_string_bytes(arena, "a\0b", 3), value_string_bytes(arena, "a\0c", 3), false },
        { value_number_text(arena, "1.50"), value_number_text(arena, "1.5"), true },
        { value_number_text(arena, "1e2"), value_number_int(arena, 100), true },
        { value_number_text(arena, "9007199254740993"),
          value_number_text(arena, "9007199254740992"), false },
        { list_of(&type_list_of_string, x, x, x), list_of(&type_set_of_string, x, x, x), false },
        { value_map(arena, &type_map_of_string, &a, &x, 1),
          value_map(arena, &type_map_of_string, &b, &x, 1), false },
        { value_map(arena, &type_map_of_string, &a, &x, 1),
          value_map(arena, &type_map_of_string, NULL, NULL, 0), false },
    };
    EACH (row, rows) {
        if (value_equal(row->one, row->other) != row->is_equal)
            fail_msg("row %zu", (size_t)(row - rows));
    }
}

CASE(an_unknown_becomes_null_in_json)
{
    struct bytes json = value_encode_json(arena, value_unknown(arena, object_type()));
    assert_string_equal((const char *)json.data, "null");
}

CASE(asking_for_an_attribute_that_is_not_there_ends_the_process)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        value_get(arena, value_object_of_nulls(arena, object_type()), "nmae");
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}
