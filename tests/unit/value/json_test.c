/* Values in JSON, as state files hold them. More decoder cases are in tests/cases/json.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "support/fixture.h"
#include "value/codec.h"

static const struct value *decode(const char *json, size_t length,
                                  const struct type *type, bool is_lenient)
{
    const struct value *value = NULL;
    struct error err = NO_ERROR;
    if (value_decode_json(arena, BYTES(arena_copy(arena, json, length), length), type,
                          is_lenient, &value, &err) < 0)
        fail_msg("%s", err.text);
    return value;
}
#define DECODE(json, type) decode(json, sizeof json - 1, type, false)

static const char *error_text;

static enum error_kind refuse(const char *json, size_t length, const struct type *type)
{
    const struct value *value = NULL;
    struct error err = NO_ERROR;
    if (value_decode_json(arena, BYTES(arena_copy(arena, json, length), length), type,
                          false, &value, &err) == 0)
        return ERR_NONE;
    assert_null(value);
    error_text = arena_copy_text(arena, err.text);
    return err.kind;
}
#define REFUSE(json, type) refuse(json, sizeof json - 1, type)

#define CASE(name) TEST_WITH(name, arena_begin, arena_end)

CASE(json_numbers_keep_every_digit)
{
    assert_string_equal(
        DECODE("12345678901234567890.12345678901234567890", &type_number)->number,
        "12345678901234567890.12345678901234567890");
    assert_string_equal(DECODE(" -1.50E+2 ", &type_number)->number, "-1.50E+2");
    assert_string_equal(DECODE("9223372036854775808", &type_number)->number,
                        "9223372036854775808");
    assert_string_equal(
        (const char *)value_encode_json(
            arena,
            DECODE("[1.10,1e400]", type_collection(arena, TYPE_LIST, &type_number)))
            .data,
        "[1.10,1e400]");
}

CASE(json_primitives_stand_for_each_other)
{
    assert_string_equal(DECODE("\"0.1\"", &type_number)->number, "0.1");
    assert_string_equal(value_text(DECODE("1.50", &type_string)), "1.50");
    assert_string_equal(value_text(DECODE("true", &type_string)), "true");
    assert_true(value_is_true(DECODE("\"true\"", &type_bool), false));
    assert_false(value_is_true(DECODE("false", &type_bool), true));
    assert_int_equal(REFUSE("\"yes\"", &type_bool), ERR_SHAPE);
    assert_int_equal(REFUSE("1", &type_bool), ERR_SHAPE);
    assert_int_equal(REFUSE("\"true\\u0000\"", &type_bool), ERR_SHAPE);
    assert_int_equal(REFUSE("\"12x\"", &type_number), ERR_SHAPE);
    assert_int_equal(REFUSE("true", &type_number), ERR_SHAPE);
    assert_int_equal(REFUSE("{}", &type_string), ERR_SHAPE);
}

CASE(json_numbers_in_texts_are_left_alone)
{
    assert_string_equal(value_text(DECODE("\"a 1 \\\" 2 \\\\\"", &type_string)),
                        "a 1 \" 2 \\");
    const struct value *map = DECODE("{\"1\":\"2\",\"x\\\"3\":4}", &type_map_of_string);
    assert_string_equal(map->many.keys[0], "1");
    assert_string_equal(map->many.keys[1], "x\"3");
    assert_string_equal(value_text(map->many.items[1]), "4");
}

CASE(json_that_is_none_is_refused)
{
    static const char *const wrong[] = {
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1,]",
        "[1 2]",
        "[\"a\" \"b\"]",
        "[1\"a\"]",
        "[\"a\"1]",
        "{1:2}",
        "{1 :2}",
        "{\"a\" 1}",
        "{\"a\":}",
        "{\"a\":1,}",
        "01",
        "[01]",
        "1.",
        ".5",
        "+1",
        "1e",
        "-",
        "--1",
        "1-1",
        "NaN",
        "[Infinity]",
        "tru",
        "true1",
        "1true",
        "nul",
        "\"a",
        "\"a\\\"",
        "\"\\q\"",
        "\"\\ud800\"",
        "'a'",
        "[1]x",
        "1 1",
        "/*c*/1",
        "\xEF\xBB\xBF"
        "1",
        "\"a\nb\"",
        "]]]]",
        "[[]]]",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        for (int lists = 0; lists < 2; lists++)
            if (refuse(wrong[i], strlen(wrong[i]),
                       lists ? &type_list_of_string : &type_string) != ERR_SHAPE)
                fail_msg("not refused: %s", wrong[i]);
}

CASE(json_depth)
{
    char text[2 * VALUE_DEPTH_MAX + 2];
    memset(text, '[', VALUE_DEPTH_MAX);
    memset(text + VALUE_DEPTH_MAX, ']', VALUE_DEPTH_MAX);
    const struct type *type = &type_string;
    for (int i = 0; i < VALUE_DEPTH_MAX; i++)
        type = type_collection(arena, TYPE_LIST, type);
    assert_int_equal(refuse(text, 2 * VALUE_DEPTH_MAX, type), ERR_NONE);
    memset(text, '[', VALUE_DEPTH_MAX + 1);
    memset(text + VALUE_DEPTH_MAX + 1, ']', VALUE_DEPTH_MAX + 1);
    assert_int_equal(refuse(text, sizeof text, type_collection(arena, TYPE_LIST, type)),
                     ERR_TOO_BIG);
    enum { MANY = 100000 };
    auto_char deep = memory_new(MANY);
    memset(deep, '[', MANY);
    assert_int_equal(refuse(deep, MANY, type), ERR_TOO_BIG);
    for (int i = 0; i + 5 <= MANY; i += 5)
        memcpy(deep + i, "{\"a\":", 5);
    assert_int_equal(refuse(deep, MANY, type), ERR_TOO_BIG);
    /* Brackets in a text are none. */
    memset(deep, '[', MANY);
    deep[0] = deep[MANY - 1] = '"';
    assert_int_equal(refuse(deep, MANY, &type_string), ERR_NONE);
}

CASE(json_duplicate_keys)
{
    assert_int_equal(
        REFUSE("{\n\"secret\":\"1\",\n\"secret\":\"2\"}", &type_map_of_string),
        ERR_SHAPE);
    assert_non_null(strstr(error_text, "a key is there twice"));
    assert_non_null(strstr(error_text, "line 3"));
    /* A state file holds secrets, an error goes everywhere. */
    assert_null(strstr(error_text, "secret"));
    assert_int_equal(REFUSE("{\"a\":\"1\",\"\\u0061\":\"2\"}", &type_map_of_string),
                     ERR_SHAPE);
    /* Also where nobody would look. */
    const struct type_field field = { "a", &type_string };
    const struct value *value = NULL;
    struct error err;
    static const char json[] = "{\"a\":\"1\",\"old\":{\"b\":1,\"b\":2}}";
    assert_int_equal(value_decode_json(arena, BYTES(json, sizeof json - 1),
                                       type_object(arena, &field, 1), true, &value, &err),
                     -1);
}

CASE(json_nul)
{
    const struct value *value = DECODE("\"a\\u0000b\"", &type_string);
    assert_int_equal(value->string.length, 3);
    assert_memory_equal(value->string.data, "a\0b", 4);
    struct bytes json = value_encode_json(arena, value);
    assert_string_equal((const char *)json.data, "\"a\\u0000b\"");
    assert_int_equal(REFUSE("{\"a\\u0000\":\"1\"}", &type_map_of_string), ERR_SHAPE);
    assert_int_equal(REFUSE("\"a\0b\"", &type_string), ERR_SHAPE);
    assert_int_equal(REFUSE("1\0", &type_number), ERR_SHAPE);
}

CASE(json_bad_utf8)
{
    assert_int_equal(REFUSE("\"\xFF\"", &type_string), ERR_SHAPE);
    assert_non_null(strstr(error_text, "UTF-8"));
    assert_int_equal(REFUSE("\"\xED\xA0\x80\"", &type_string), ERR_SHAPE);
    assert_int_equal(REFUSE("\"\xC0\x80\"", &type_string), ERR_SHAPE);
    assert_int_equal(REFUSE("{\"\xC3\":\"1\"}", &type_map_of_string), ERR_SHAPE);
    assert_int_equal(REFUSE("\xFF", &type_string), ERR_SHAPE);
    assert_string_equal(value_text(DECODE("\"\\ud83d\\ude00\"", &type_string)),
                        "\xF0\x9F\x98\x80");
}

CASE(a_json_number_has_a_ceiling)
{
    char digits[VALUE_NUMBER_BYTES_MAX + 1];
    memset(digits, '7', sizeof digits);
    assert_int_equal(refuse(digits, VALUE_NUMBER_BYTES_MAX, &type_number), ERR_NONE);
    assert_int_equal(refuse(digits, VALUE_NUMBER_BYTES_MAX + 1, &type_number),
                     ERR_TOO_BIG);
    assert_int_equal(REFUSE("1e1000000000", &type_number), ERR_TOO_BIG);
    assert_int_equal(REFUSE("1e-1000000000", &type_string), ERR_TOO_BIG);
}

CASE(json_objects_have_a_ceiling)
{
    enum { MOST = 10000 };
    auto_char text = memory_new(3 * (MOST + 1) + 1);
    for (int i = 0; i <= MOST; i++)
        memcpy(text + 3 * i, i == 0 ? "[{}" : ",{}", 3);
    const struct type *maps = type_collection(arena, TYPE_LIST, &type_map_of_string);
    text[3 * MOST] = ']';
    assert_int_equal(refuse(text, 3 * MOST + 1, maps), ERR_NONE);
    text[3 * MOST] = ',';
    text[3 * (MOST + 1)] = ']';
    assert_int_equal(refuse(text, 3 * (MOST + 1) + 1, maps), ERR_TOO_BIG);
}

CASE(missing_attributes_are_null_and_unknown_ones_refused)
{
    const struct type_field fields[] = { { "name", &type_string },
                                         { "count", &type_number } };
    const struct type *type = type_object(arena, fields, 2);
    const struct value *value = DECODE("{\"name\":\"x\"}", type);
    assert_true(value_is_null(value_get(arena, value, "count")));
    assert_string_equal(value_text(value_get(arena, value, "name")), "x");
    assert_int_equal(REFUSE("{\"name\":\"x\",\"nmae\":null}", type), ERR_SHAPE);
    assert_string_equal(error_text, "nmae: there is no such attribute");
    static const char json[] = "{\"old\":[{\"x\":1}],\"name\":\"x\"}";
    value = decode(json, sizeof json - 1, type, true);
    assert_string_equal(value_text(value_get(arena, value, "name")), "x");
}

CASE(json_of_every_type)
{
    const struct type_field parts[] = { { NULL, &type_string }, { NULL, &type_bool } };
    const struct type tuple = { .kind = TYPE_TUPLE, .fields = parts, .field_count = 2 };
    const struct type_field fields[] = {
        { "b", &type_bool },
        { "d", &type_dynamic },
        { "l", &type_list_of_string },
        { "m", &type_map_of_string },
        { "n", &type_number },
        { "s", &type_set_of_string },
        { "t", &tuple },
        { "z", &type_string },
    };
    const struct type *type = type_object(arena, fields, 8);
    static const char json[] =
        "{\"b\":true,\"d\":{\"value\":[\"x\"],\"type\":[\"list\",\"string\"]},\"l\":[\"b\",\"a\",\"b\"],"
        "\"m\":{\"k\":\"v\"},\"n\":1.50,\"s\":[\"a\",\"b\"],\"t\":[\"x\",false],"
        "\"z\":\"q\\\"\\\\\\n\xC3\xA4\"}";
    const struct value *value = DECODE(json, type);
    assert_string_equal((const char *)value_encode_json(arena, value).data, json);
    assert_int_equal(REFUSE("{\"t\":[\"x\"]}", type), ERR_SHAPE);
    assert_int_equal(REFUSE("{\"d\":\"x\"}", type), ERR_SHAPE);
    assert_int_equal(REFUSE("{\"d\":{\"value\":\"x\"}}", type), ERR_SHAPE);
    assert_int_equal(REFUSE("{\"d\":{\"value\":\"x\",\"type\":\"strin\"}}", type),
                     ERR_SHAPE);
    assert_int_equal(REFUSE("{\"d\":{\"value\":[],\"type\":\"bool\"}}", type), ERR_SHAPE);
    assert_int_equal(REFUSE("[]", type), ERR_SHAPE);
    assert_string_equal(error_text, "expected an object, found a list");
    /* What JSON cannot say. */
    assert_string_equal(
        (const char *)value_encode_json(arena, value_unknown(arena, type)).data, "null");
}
