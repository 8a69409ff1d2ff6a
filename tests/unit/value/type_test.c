/* Types, and their JSON as the protocol has it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "support/fixture.h"
#include "value/type.h"
#include "value/value.h"

#define CASE(name) TEST_WITH(name, arena_begin, arena_end)

static int parse(const char *json, size_t length, const struct type **out, struct error *err)
{
    *err = NO_ERROR;
    return type_parse_json(arena, BYTES(json, length), out, err);
}

CASE(value_types_have_one_form)
{
    static const char *const forms[] = {
        "\"string\"",
        "\"number\"",
        "\"bool\"",
        "\"dynamic\"",
        "[\"list\",\"string\"]",
        "[\"set\",\"number\"]",
        "[\"map\",[\"list\",\"dynamic\"]]",
        "[\"object\",{\"a\":\"string\",\"b\":[\"map\",\"bool\"]}]",
        "[\"object\",{}]",
        "[\"tuple\",[\"string\",\"bool\"]]",
        "[\"tuple\",[]]",
    };
    EACH (json, forms) {
        const struct type *type;
        struct error err;
        if (parse(*json, strlen(*json), &type, &err) < 0)
            fail_msg("%s: %s", *json, err.text);
        struct bytes back = type_format_json(arena, type);
        assert_int_equal(back.length, strlen(*json));
        assert_memory_equal(back.data, *json, back.length);
    }
}

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
    struct error err;
    static const char other[] =
        "[\"object\", {\"b\": \"bool\", \"a\": \"string\", \"a_b\": \"number\"}, [\"b\"]]";
    assert_int_equal(parse(other, strlen(other), &parsed, &err), 0);
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

CASE(what_is_no_type_is_refused)
{
    static const char *const wrong[] = { "",
                                         "string",
                                         "\"strin\"",
                                         "\"list\"",
                                         "{}",
                                         "null",
                                         "1",
                                         "[]",
                                         "[\"list\"]",
                                         "[\"list\",\"string\",\"string\"]",
                                         "[1,\"string\"]",
                                         "[\"object\",[]]",
                                         "[\"object\"]",
                                         "[\"tuple\",\"string\"]",
                                         "[\"object\",{\"a\":1}]",
                                         "[\"object\",{\"a\":\"string\",\"a\":\"bool\"}]",
                                         "\"string\" x",
                                         "[\"array\",\"string\"]",
                                         "[\"list\",\"string\"",
                                         "\"string\\u0000\"" };
    EACH (json, wrong) {
        const struct type *type = NULL;
        struct error err;
        if (parse(*json, strlen(*json), &type, &err) == 0 || type != NULL ||
            err.kind != ERR_SHAPE || err.text[0] == '\0')
            fail_msg("taken, or no proper error: %s", *json);
    }
    enum { DEPTH = 10000 };
    auto_char deep = memory_new(DEPTH * 8 + 1);
    for (int i = 0; i < DEPTH; i++)
        memcpy(deep + i * 8, "[\"list\",", 8);
    const struct type *type;
    struct error err;
    assert_int_equal(parse(deep, DEPTH * 8, &type, &err), -1);
    assert_int_equal(err.kind, ERR_TOO_BIG);
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
