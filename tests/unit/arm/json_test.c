/* The JSON of answers: what is taken for an object, and the ceilings on the way.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "arm/json.h"
#include "base/cleanup.h"
#include "base/memory.h"

static bool is_object(const char *text, size_t length)
{
    json_t *json = arm_json_parse_object(BYTES(text, length));
    bool is = json != NULL;
    json_decref(json);
    return is;
}

static bool is_object_text(const char *text)
{
    return is_object(text, strlen(text));
}

static void json_object_is_told_from_everything_else(void **state)
{
    (void)state;
    assert_true(is_object_text("{}"));
    assert_true(is_object_text(" \r\n{\"a\":\"}{][\\\"\"}\n"));
    assert_true(is_object_text("\xef\xbb\xbf{}"));
    static const char *const others[] = { "",
                                          "\xef\xbb\xbf",
                                          "\xef\xbb\xbf\xef\xbb\xbf{}",
                                          "[]",
                                          "null",
                                          "\"a\"",
                                          "{",
                                          "{}}",
                                          "{} x",
                                          "{'a':1}",
                                          "{\"a\"}",
                                          "{\"a\":NaN}",
                                          "{\"a\":\"\xc3\"}",
                                          "{\"a\":1,}" };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(is_object_text(others[i]));
    assert_false(is_object(NULL, 0));
    assert_false(is_object("{}\0", 3));
}

static void json_duplicate_keys_are_refused(void **state)
{
    (void)state;
    assert_false(is_object_text("{\"id\":\"a\",\"id\":\"b\"}"));
    assert_false(is_object_text("{\"o\":{\"id\":\"a\",\"id\":\"a\"}}"));
    assert_false(is_object_text("{\"id\":1,\"\\u0069d\":2}"));
    assert_true(is_object_text("{\"id\":1,\"ID\":2,\"o\":{\"id\":3}}"));
}

/* {"a":[[[…]]]}, `depth` containers in all. */
static char *nested(size_t depth)
{
    char *text = memory_new(depth * 2 + 10);
    char *at = stpcpy(text, "{\"a\":");
    memset(at, '[', depth - 1);
    memset(at + depth - 1, ']', depth - 1);
    at[2 * (depth - 1)] = '}';
    return text;
}

static void json_depth_has_a_ceiling(void **state)
{
    (void)state;
    static const struct {
        size_t depth;
        bool is_good;
    } rows[] = { { 64, true }, { 65, false }, { 100 * 1000, false } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        auto_char text = nested(rows[i].depth);
        assert_int_equal(is_object_text(text), rows[i].is_good);
    }
    /* Brackets in strings do not count. */
    auto_char text = memory_new(500);
    char *at = stpcpy(text, "{\"a\":\"");
    memset(at, '[', 400);
    stpcpy(at + 400, "\"}");
    assert_true(is_object_text(text));
}

static void json_containers_have_a_ceiling(void **state)
{
    (void)state;
    /* {"a":[{},{},…]}: two, and as many as are in the array. */
    for (size_t more = 0; more < 2; more++) {
        size_t count = 200 * 1000 - 2 + more;
        auto_char text = memory_new(count * 3 + 20);
        char *at = stpcpy(text, "{\"a\":[");
        for (size_t i = 0; i < count; i++)
            at = stpcpy(at, i == 0 ? "{}" : ",{}");
        stpcpy(at, "]}");
        assert_int_equal(is_object_text(text), more == 0);
    }
}

static void json_place_is_found_by_its_dots(void **state)
{
    (void)state;
    json_t *object = json_pack("{s:{s:s, s:{s:i}}, s:s}", "properties", "tenantId", "t",
                               "deep", "er", 7, "name", "n");
    assert_string_equal(json_string_value(arm_json_find(object, "name")), "n");
    assert_string_equal(json_string_value(arm_json_find(object, "properties.tenantId")),
                        "t");
    assert_int_equal(json_integer_value(arm_json_find(object, "properties.deep.er")), 7);
    assert_true(json_is_object(arm_json_find(object, "properties")));
    static const char *const none[] = {
        "",      "nam",         "properties.tenant", "name.more",
        ".name", "properties.", "tenantId",          "properties..tenantId"
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_null(arm_json_find(object, none[i]));
    assert_null(arm_json_find(NULL, "name"));
    json_decref(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_object_is_told_from_everything_else),
        cmocka_unit_test(json_duplicate_keys_are_refused),
        cmocka_unit_test(json_depth_has_a_ceiling),
        cmocka_unit_test(json_containers_have_a_ceiling),
        cmocka_unit_test(json_place_is_found_by_its_dots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
