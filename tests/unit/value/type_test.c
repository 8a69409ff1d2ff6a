/* Types; tests/cases has their JSON as the protocol has it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/fixture.h"
#include "value/type.h"
#include "value/value.h"

#define CASE(name) TEST_WITH(name, arena_begin, arena_end)

CASE(attributes_are_sorted_whatever_their_order)
{
    const struct type_field fields[] = { { "b", &type_bool },
                                         { "a_b", &type_number },
                                         { "a", &type_string } };
    const struct type *type = type_object(arena, fields, 3), *parsed;
    static const char *const names[] = { "a", "a_b", "b" };
    for (int i = 0; i < 3; i++)
        assert_int_equal(type_find_field(type, names[i]), i);
    assert_int_equal(type_find_field(type, "c"), -1);
    assert_int_equal(type_find_field(&type_string, "a"), -1);
    assert_string_equal((const char *)type_format_json(arena, type).data,
                        "[\"object\",{\"a\":\"string\",\"a_b\":\"number\",\"b\":\"bool\"}]");
    struct error err = NO_ERROR;
    static const char other[] =
        "[\"object\", {\"b\": \"bool\", \"a\": \"string\", \"a_b\": \"number\"}, [\"b\"]]";
    assert_int_equal(type_parse_json(arena, BYTES(other, strlen(other)), &parsed, &err), 0);
    assert_true(type_equal(type, parsed));
}

CASE(types_differ_in_kind_element_and_names)
{
    const struct type_field a = { "a", &type_string }, b = { "b", &type_string },
                            number = { "a", &type_number };
    const struct type *of_a = type_object(arena, &a, 1);
    const struct {
        const struct type *one, *other;
        bool is_equal;
    } rows[] = {
        { of_a, type_object(arena, &a, 1), true },
        { of_a, type_object(arena, &b, 1), false },
        { of_a, type_object(arena, &number, 1), false },
        { of_a, type_object(arena, NULL, 0), false },
        { &type_string, &type_number, false },
        { &type_list_of_string, &type_set_of_string, false },
        { &type_list_of_string, type_collection(arena, TYPE_LIST, &type_string), true },
        { &type_list_of_string, type_collection(arena, TYPE_LIST, &type_bool), false },
    };
    EACH (row, rows)
        assert_int_equal(type_equal(row->one, row->other), row->is_equal);
}

CASE(type_names_are_for_people)
{
    const struct type *object = type_object(arena, NULL, 0);
    const struct type *map = type_collection(arena, TYPE_MAP, &type_list_of_string);
    assert_string_equal(type_name(arena, &type_string), "string");
    assert_string_equal(type_name(arena, map), "map of list of string");
    assert_string_equal(type_name(arena, object), "object");
    assert_string_equal(type_with_article(object), "an object");
}
