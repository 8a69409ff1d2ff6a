/* The JSON of answers: what is taken for an object, and the ceilings on the way.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/json.h"
#include "base/arena.h"
#include "base/cleanup.h"
#include "base/memory.h"
#include "support/linear.h"
#include "support/test.h"

static bool is_object(const char *text, size_t length)
{
    json_t *json = rest_json_parse_object(BYTES(text, length));
    bool is = json != NULL;
    json_decref(json);
    return is;
}

static bool is_object_text(const char *text)
{
    return is_object(text, strlen(text));
}

TEST(json_object_differs_from_everything_else)
{
    assert_true(is_object_text("{}"));
    assert_true(is_object_text(" \r\n{\"a\":\"}{][\\\"\"}\n"));
    assert_true(is_object_text("\xef\xbb\xbf{}"));
    static const char *const others[] = { "",        "\xef\xbb\xbf", "\xef\xbb\xbf\xef\xbb\xbf{}",
                                          "[]",      "null",         "\"a\"",
                                          "{",       "{}}",          "{} x",
                                          "{'a':1}", "{\"a\"}",      "{\"a\":1,}" };
    EACH (text, others)
        assert_false(is_object_text(*text));
    assert_false(is_object(NULL, 0));
    assert_false(is_object("{}\0{}", 5));
}

TEST(json_slips_do_not_lose_the_rest)
{
#define LOST "\xEF\xBF\xBD"
    /* `a` as it is read then; NULL: null. */
    static const struct {
        const char *text, *a;
    } rows[] = {
        { "\"x\\u0000y\"", "x" LOST "y" },
        { "\"x\\u00001\"", "x" LOST "1" },
        { "\"\\\\u0000\"", "\\u0000" },
        { "\"\\ud800\"", LOST },
        { "\"\\ud800\\u0041\"", LOST "A" },
        { "\"\\ud800\\udc00\\udbff\\udfff\\ud800\"", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF" LOST },
        { "\"\\ud800\\udbff\\ue000\"", LOST LOST "\xEE\x80\x80" },
        { "\"\\ud800\\ud83d\\ude00\"", LOST "\xF0\x9F\x98\x80" },
        { "\"\\ude00\\ud83d\"", LOST LOST },
        { "\"\\u12\"", "\\u12" },
        { "\"DOM\\Who\"", "DOM\\Who" },
        { "\"it\\'s\"", "it\\'s" },
        { "\"M\xE4r\"", "M" LOST "r" },
        { "\"\xC3\"", LOST },
        { "\"\xED\xA0\x80\xC0\x80\"", LOST LOST LOST LOST LOST },
        { "\"a\r\n\tb\x1B[m\"", "a\r\n\tb [m" },
        { "NaN", NULL },
        { "-Infinity", NULL },
        { "1e400", NULL },
        { "18446744073709551616", NULL },
        { "[1e999,{\"b\":-99999999999999999999}]", "" },
    };
    EACH (row, rows) {
        auto_char text = memory_print("{\"b\":\"kept\",\"a\":%s}", row->text);
        json_t *json = rest_json_parse_object(BYTES(text, strlen(text)));
        if (json == NULL)
            fail_msg("refused: %s", text);
        assert_string_equal(json_string_value(json_object_get(json, "b")), "kept");
        const json_t *a = json_object_get(json, "a");
        assert_int_equal(json_is_null(a), row->a == NULL);
        if (json_is_string(a))
            assert_string_equal(json_string_value(a), row->a);
        assert_int_equal(rest_json_is_broken_text(a),
                         row->a != NULL && strstr(row->a, LOST) != NULL);
        json_decref(json);
    }
    assert_true(is_object("{\"a\":\"x\0y\"}\0\0", 13));
    assert_true(is_object_text("{\"a\\u0000\":1}"));
    assert_false(is_object_text("{\"a\xFF\":1,\"a\xFE\":1}"));
}

static void parse(const char *text, size_t length)
{
    json_decref(rest_json_parse(BYTES(text, length)));
}

TEST(json_digits_are_kept_where_they_matter)
{
    /* `a` as a text; NULL: the document is none. */
    static const struct {
        const char *text, *a;
    } rows[] = {
        { "0.10000000000000000555", "0.10000000000000000555" },
        { "1E-7", "1E-7" },
        { "-12345678901234567890123", "-12345678901234567890123" },
        { "1e400", "1e400" },
        { "7", "7" },
        { "\"1 -2 \\\" 3\"", "1 -2 \" 3" },
        { "01", "01" }, /* for the reader of the number to refuse */
        { "", NULL },
        { "1 2", NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        auto_arena arena = arena_new();
        const char *text = arena_print(arena, "{\"a\":%s,\"b\":[1,true]}", rows[i].text);
        json_t *json = rest_json_parse_digits(BYTES(text, strlen(text)));
        assert_same_text(json_string_value(json_object_get(json, "a")), rows[i].a);
        if (json != NULL)
            assert_true(json_is_true(json_array_get(json_object_get(json, "b"), 1)));
        json_decref(json);
    }
    assert_null(rest_json_parse_digits(BYTES("[1]", 3)));
}

TEST(json_takes_time_in_proportion_to_the_text)
{
    static const char *const patterns[] = { "\\",  "\"",   "\\u", "\\ud800", "\xFF", "-",   "1",
                                            "NaN", "NaN,", "[",   "{\"a\":", "[],",  "1e,", " " };
    EACH (pattern, patterns) {
        linear_check(parse, "", *pattern);
        linear_check(parse, "[", *pattern);
        linear_check(parse, "{\"a\":\"", *pattern);
    }
}

TEST(json_duplicate_keys_are_refused)
{
    assert_false(is_object_text("{\"id\":\"a\",\"id\":\"b\"}"));
    assert_false(is_object_text("{\"o\":{\"id\":\"a\",\"id\":\"a\"}}"));
    assert_false(is_object_text("{\"id\":1,\"\\u0069d\":2}"));
    assert_true(is_object_text("{\"id\":1,\"ID\":2,\"o\":{\"id\":3}}"));
}

/* Why `head`, `count` times `one`, `count` times `other`, `tail` is no object; "": it is one. */
static const char *refusal_of(const char *head, size_t count, const char *one, const char *other,
                              const char *tail)
{
    static struct error err;
    auto_char text = memory_new(count * (strlen(one) + strlen(other)) + 100);
    char *at = stpcpy(text, head);
    for (size_t i = 0; i < count; i++)
        at = stpcpy(at, one);
    for (size_t i = 0; i < count; i++)
        at = stpcpy(at, other);
    stpcpy(at, tail);
    err = NO_ERROR;
    assert_int_equal(rest_json_check_limits(BYTES(text, strlen(text)), &err),
                     is_object_text(text) ? 0 : -1);
    return err.text;
}

TEST(json_depth_containers_and_values_have_a_ceiling)
{
#define TOO_LARGE "the response is too large: it "
    static const char deep[] = TOO_LARGE "is more than 64 levels deep",
                      containers[] = TOO_LARGE "has more than 200000 objects and lists",
                      values[] = TOO_LARGE "has more than 500000 values";
    assert_string_equal(refusal_of("{\"a\":", 63, "[", "]", "}"), "");
    assert_string_equal(refusal_of("{\"a\":", 64, "[", "]", "}"), deep);
    assert_string_equal(refusal_of("{\"a\":", 100 * 1000, "[", "]", "}"), deep);
    /* Brackets in strings do not count. */
    assert_string_equal(refusal_of("{\"a\":\"", 400, "[", "", "\"}"), "");
    /* Two around them, and one. */
    assert_string_equal(refusal_of("{\"a\":[{}", 200 * 1000 - 3, ",{}", "", "]}"), "");
    assert_string_equal(refusal_of("{\"a\":[{}", 200 * 1000 - 2, ",{}", "", "]}"), containers);
    /* Each comma is followed by a value. */
    assert_string_equal(refusal_of("{\"a\":[0", 500 * 1000, ",0", "", "]}"), "");
    assert_string_equal(refusal_of("{\"a\":[0", 500 * 1000 + 1, ",0", "", "]}"), values);
    assert_string_equal(refusal_of("{\"a\":\"", 500 * 1000 + 1, ",", "", "\"}"), "");
}

TEST(json_place_is_found_by_its_dots)
{
    json_t *object = json_pack("{s:{s:s, s:{s:i}}, s:s}", "properties", "tenantId", "t", "deep",
                               "er", 7, "name", "n");
    assert_string_equal(json_string_value(rest_json_find(object, "name")), "n");
    assert_string_equal(json_string_value(rest_json_find(object, "properties.tenantId")), "t");
    assert_int_equal(json_integer_value(rest_json_find(object, "properties.deep.er")), 7);
    assert_true(json_is_object(rest_json_find(object, "properties")));
    static const char *const none[] = {
        "",      "nam",         "properties.tenant", "name.more",
        ".name", "properties.", "tenantId",          "properties..tenantId"
    };
    EACH (place, none)
        assert_null(rest_json_find(object, *place));
    assert_null(rest_json_find(NULL, "name"));
    json_decref(object);
}
