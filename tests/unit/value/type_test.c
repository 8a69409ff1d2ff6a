/* Types, and their JSON as the protocol has it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "support/test.h"
#include "value/type.h"
#include "value/value.h"

TEST(value_types_have_one_spelling)
{
    static const char *const spellings[] = {
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
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        auto_arena arena = arena_new();
        const struct type *type;
        struct error err = NO_ERROR;
        struct bytes json = BYTES(spellings[i], strlen(spellings[i]));
        if (type_parse_json(arena, json, &type, &err) < 0)
            fail_msg("%s: %s", spellings[i], err.text);
        struct bytes back = type_format_json(arena, type);
        assert_int_equal(back.length, json.length);
        assert_memory_equal(back.data, json.data, json.length);
    }
}

TEST(attributes_are_sorted_whatever_their_order)
{
    auto_arena arena = arena_new();
    const struct type_field fields[] = { { "b", &type_bool },
                                         { "a_b", &type_number },
                                         { "a", &type_string } };
    const struct type *type = type_object(arena, fields, 3);
    assert_int_equal(type_find_field(type, "a"), 0);
    assert_int_equal(type_find_field(type, "a_b"), 1);
    assert_int_equal(type_find_field(type, "b"), 2);
    assert_int_equal(type_find_field(type, "c"), -1);
    assert_int_equal(type_find_field(&type_string, "a"), -1);
    const char *want =
        "[\"object\",{\"a\":\"string\",\"a_b\":\"number\",\"b\":\"bool\"}]";
    assert_string_equal((const char *)type_format_json(arena, type).data, want);
    const struct type *parsed;
    struct error err;
    const char *other =
        "[\"object\", {\"b\": \"bool\", \"a\": \"string\", \"a_b\": \"number\"}, [\"b\"]]";
    assert_int_equal(type_parse_json(arena, BYTES(other, strlen(other)), &parsed, &err),
                     0);
    assert_true(type_equal(type, parsed));
}

TEST(types_differ_in_kind_element_and_names)
{
    auto_arena arena = arena_new();
    const struct type_field a = { "a", &type_string }, b = { "b", &type_string },
                            number = { "a", &type_number };
    const struct type *of_a = type_object(arena, &a, 1);
    assert_true(type_equal(of_a, type_object(arena, &a, 1)));
    assert_false(type_equal(of_a, type_object(arena, &b, 1)));
    assert_false(type_equal(of_a, type_object(arena, &number, 1)));
    assert_false(type_equal(of_a, type_object(arena, NULL, 0)));
    assert_false(type_equal(&type_string, &type_number));
    assert_false(type_equal(&type_list_of_string, &type_set_of_string));
    assert_true(type_equal(&type_list_of_string,
                           type_collection(arena, TYPE_LIST, &type_string)));
    assert_false(
        type_equal(&type_list_of_string, type_collection(arena, TYPE_LIST, &type_bool)));
}

TEST(what_is_no_type_is_refused)
{
    static const char *const wrong[] = {
        "",
        "string",
        "\"strin\"",
        "\"list\"",
        "[\"list\"]",
        "[\"list\",\"string\",\"string\"]",
        "{}",
        "null",
        "1",
        "[]",
        "[1,\"string\"]",
        "[\"object\",[]]",
        "[\"object\"]",
        "[\"tuple\",\"string\"]",
        "[\"object\",{\"a\":\"string\",\"a\":\"bool\"}]",
        "[\"object\",{\"a\":1}]",
        "\"string\" x",
        "[\"array\",\"string\"]",
        "[\"list\",\"string\"",
        "\"string\\u0000\"",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        auto_arena arena = arena_new();
        const struct type *type = NULL;
        struct error err = NO_ERROR;
        bool is_refused =
            type_parse_json(arena, BYTES(wrong[i], strlen(wrong[i])), &type, &err) < 0;
        if (!is_refused)
            fail_msg("taken: %s", wrong[i]);
        if (is_refused && (type != NULL || err.kind != ERR_SHAPE || err.text[0] == '\0'))
            fail_msg("no proper error for: %s", wrong[i]);
    }
}

TEST(a_type_that_is_too_deep_is_refused)
{
    enum { DEPTH = 10000 };
    auto_arena arena = arena_new();
    auto_char text = memory_new(DEPTH * 8 + 1);
    for (int i = 0; i < DEPTH; i++)
        memcpy(text + i * 8, "[\"list\",", 8);
    const struct type *type;
    struct error err;
    assert_int_equal(type_parse_json(arena, BYTES(text, DEPTH * 8), &type, &err), -1);
    assert_int_equal(err.kind, ERR_TOO_BIG);
}

TEST(type_names_are_for_people)
{
    auto_arena arena = arena_new();
    assert_string_equal(type_name(arena, &type_string), "string");
    assert_string_equal(
        type_name(arena, type_collection(arena, TYPE_MAP, &type_list_of_string)),
        "map of list of string");
    assert_string_equal(type_name(arena, type_object(arena, NULL, 0)), "object");
    assert_string_equal(type_with_article(type_object(arena, NULL, 0)), "an object");
}
