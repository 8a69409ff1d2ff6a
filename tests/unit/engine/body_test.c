/* Values and ARM JSON, both ways.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"
#include "schema/tables.h"
#include "support/engine_json.h"
#include "support/test.h"

static const struct attribute address[] = {
    { "street", &type_string, OPTIONAL, .body = "line1" },
    { "number", &type_number, OPTIONAL, .body = "at.number" },
    { 0 },
};
static const struct attribute rows[] = {
    { "parent_id", &type_string, REQUIRED | REPLACE, .doc = NULL },
    { "tenant", &type_string, OPTIONAL | COMPUTED | REPLACE | MAY_BE_OMITTED,
      .body = "properties.tenantId", .compare = COMPARE_IGNORING_CASE },
    { "label", &type_string, OPTIONAL | COMPUTED | REPLACE,
      .body = "properties.a.label" },
    { "flag", &type_bool, OPTIONAL | COMPUTED | REPLACE, .body = "properties.a.flag" },
    { "top", &type_string, OPTIONAL | COMPUTED | REPLACE, .body = "top" },
    { "count", &type_number, OPTIONAL, .body = "count" },
    { "names", &type_list_of_string, OPTIONAL, .body = "names" },
    { "tags", &type_map_of_string, OPTIONAL, .body = "tags" },
    { "address", NULL, OPTIONAL, .body = "properties.address", .nesting = NESTING_SINGLE,
      .rows = address },
    { "ports", NULL, OPTIONAL, .body = "ports", .nesting = NESTING_LIST,
      .rows = address },
    { "places", NULL, OPTIONAL, .body = "places", .nesting = NESTING_MAP,
      .rows = address },
    { "areas", NULL, OPTIONAL, .body = "areas", .nesting = NESTING_SET, .rows = address },
    { "id", &type_string, COMPUTED | IS_ID, .doc = NULL },
    { 0 },
};
static const struct resource_table table = {
    .name = "thing",
    .noun = "thing",
    .service = &azure_service,
    .id_type = "N/t/thing",
    .id = "{parent_id}/thing/x",
    .attributes = rows,
    .timeouts = { .create_s = 60, .read_s = 60, .delete_s = 60 },
};

static const struct value *make(struct arena *arena, const struct resource *resource,
                                const char *json)
{
    json_t *parsed = json_loads(json, 0, NULL);
    assert_non_null(parsed);
    const char *fault;
    const struct value *value =
        engine_json_to_value(arena, resource->type, parsed, &fault);
    json_decref(parsed);
    if (value == NULL)
        fail_msg("%s: %s", json, fault);
    return value;
}

static void expect_body(const char *object, const char *want)
{
    auto_arena arena = arena_new();
    struct resource resource;
    engine_resource_init(&resource, arena, &table);
    json_t *body = body_from_value(&resource, arena, make(arena, &resource, object));
    json_t *wanted = json_loads(want, 0, NULL);
    assert_non_null(wanted);
    if (!json_equal(body, wanted)) {
        char *text = json_dumps(body, 0);
        fail_msg("%s: %s", object, text);
    }
    json_decref(body);
    json_decref(wanted);
}

TEST(a_body_holds_what_is_known_in_its_place)
{
    expect_body("{\"parent_id\":\"/p\",\"id\":\"/i\"}", "{}");
    expect_body("{\"tenant\":\"t\"}", "{\"properties\":{\"tenantId\":\"t\"}}");
    expect_body("{\"tenant\":\"t\",\"label\":\"l\",\"flag\":false,\"top\":\"x\"}",
                "{\"properties\":{\"tenantId\":\"t\",\"a\":{\"label\":\"l\",\"flag\":"
                "false}},\"top\":\"x\"}");
    expect_body("{\"tenant\":\"(unknown)\",\"flag\":\"(unknown)\"}", "{}");
    expect_body("{\"tenant\":null,\"label\":\"\"}",
                "{\"properties\":{\"a\":{\"label\":\"\"}}}");
    expect_body("{\"label\":\"\xC3\xA4\\\"\\n\"}",
                "{\"properties\":{\"a\":{\"label\":\"\xC3\xA4\\\"\\n\"}}}");
}

static void expect_read_of(enum body_extent extent, const char *before, const char *body,
                           const char *want)
{
    auto_arena arena = arena_new();
    struct resource resource;
    engine_resource_init(&resource, arena, &table);
    json_t *parsed = json_loads(body, JSON_DECODE_ANY, NULL);
    assert_non_null(parsed);
    const struct value *after =
        body_to_value(&resource, arena, parsed, extent, make(arena, &resource, before));
    json_decref(parsed);
    if (!value_equal(after, make(arena, &resource, want)))
        fail_msg("%s with %s: %s", before, body, engine_json_show(arena, after));
}

static void expect_read(const char *before, const char *body, const char *want)
{
    expect_read_of(BODY_PARTIAL, before, body, want);
}

TEST(what_the_service_says_becomes_the_value)
{
    expect_read("{\"parent_id\":\"/p\",\"id\":\"/i\"}",
                "{\"id\":\"/other\",\"properties\":{\"tenantId\":\"t\",\"a\":{\"label\":"
                "\"l\",\"flag\":true}},\"top\":\"x\"}",
                "{\"parent_id\":\"/p\",\"id\":\"/i\",\"tenant\":\"t\",\"label\":\"l\","
                "\"flag\":true,\"top\":\"x\"}");
    expect_read("{\"label\":\"old\",\"flag\":true}",
                "{\"properties\":{\"a\":{\"label\":\"new\",\"flag\":false}}}",
                "{\"label\":\"new\",\"flag\":false}");
    /* What was unknown in the plan is settled. */
    expect_read("{\"tenant\":\"(unknown)\"}", "{\"properties\":{\"tenantId\":\"t\"}}",
                "{\"tenant\":\"t\"}");
}

TEST(what_the_service_leaves_out_stays_as_it_is)
{
    static const char before[] = "{\"tenant\":\"t\",\"label\":\"l\",\"flag\":true}";
    static const char *const bodies[] = {
        "{}",
        "{\"properties\":null}",
        "{\"properties\":{}}",
        "{\"properties\":[]}",
        "{\"properties\":\"x\"}",
        "{\"properties\":{\"tenantId\":null,\"a\":null}}",
        "{\"properties\":{\"tenantId\":\"\",\"a\":{}}}",
        "{\"properties\":{\"tenantId\":{},\"a\":{\"label\":1.5,\"flag\":\"true\"}}}",
        "{\"properties\":{\"TenantId\":\"x\"},\"tenantId\":\"x\"}",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        expect_read(before, bodies[i], before);
        /* An unknown cannot stay: the host refuses it after an apply. */
        expect_read("{\"tenant\":\"(unknown)\",\"flag\":\"(unknown)\"}", bodies[i], "{}");
    }
}

TEST(what_a_whole_answer_leaves_out_is_null)
{
    expect_read_of(BODY_WHOLE, "{\"tenant\":\"t\",\"label\":\"l\",\"flag\":true}", "{}",
                   "{\"tenant\":\"t\"}");
    expect_read_of(BODY_WHOLE, "{\"label\":\"l\"}",
                   "{\"properties\":{\"a\":{\"label\":null}}}", "{}");
    /* Of another type: unreadable, and no proof of anything. */
    expect_read_of(BODY_WHOLE, "{\"flag\":true}",
                   "{\"properties\":{\"a\":{\"flag\":\"yes\"}}}", "{\"flag\":true}");
    /* An empty collection and none are the same to a service. */
    expect_read_of(BODY_WHOLE, "{\"tags\":{}}", "{}", "{\"tags\":{}}");
    expect_read_of(BODY_WHOLE, "{\"tags\":{\"a\":\"b\"}}", "{}", "{}");
}

TEST(every_kind_of_value_has_a_form_in_json)
{
    static const struct {
        const char *object, *body;
    } cases[] = {
        { "{\"count\":7}", "{\"count\":7}" },
        { "{\"count\":-0.1}", "{\"count\":-0.1}" },
        { "{\"names\":[\"b\",\"a\"]}", "{\"names\":[\"b\",\"a\"]}" },
        { "{\"tags\":{\"b\":\"2\",\"a\":\"1\"}}",
          "{\"tags\":{\"a\":\"1\",\"b\":\"2\"}}" },
        { "{\"address\":{\"street\":\"s\",\"number\":5}}",
          "{\"properties\":{\"address\":{\"line1\":\"s\",\"at\":{\"number\":5}}}}" },
        { "{\"ports\":[{\"street\":\"x\"},{\"number\":1}]}",
          "{\"ports\":[{\"line1\":\"x\"},{\"at\":{\"number\":1}}]}" },
        { "{\"places\":{\"home\":{\"street\":\"x\"}}}",
          "{\"places\":{\"home\":{\"line1\":\"x\"}}}" },
        { "{\"areas\":[{\"street\":\"x\"}]}", "{\"areas\":[{\"line1\":\"x\"}]}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_body(cases[i].object, cases[i].body);
        expect_read_of(BODY_WHOLE, "{}", cases[i].body, cases[i].object);
        expect_read_of(BODY_WHOLE, cases[i].object, cases[i].body, cases[i].object);
    }
    /* Nothing in it and none of it are the same to a service: what it was stays. */
    expect_body("{\"names\":[]}", "{\"names\":[]}");
    expect_read_of(BODY_WHOLE, "{\"names\":[]}", "{\"names\":[]}", "{\"names\":[]}");
    expect_read_of(BODY_WHOLE, "{\"names\":[]}", "{}", "{\"names\":[]}");
    expect_read_of(BODY_WHOLE, "{}", "{\"names\":[],\"tags\":{}}", "{}");
    /* An ID may be a number on the wire. */
    expect_read("{}", "{\"top\":42}", "{\"top\":\"42\"}");
}

TEST(a_change_holds_what_differs_and_null_for_what_is_taken_away)
{
    static const struct {
        const char *prior, *planned, *body;
    } cases[] = {
        { "{\"top\":\"a\"}", "{\"top\":\"a\"}", "{}" },
        { "{\"top\":\"a\",\"count\":1}", "{\"top\":\"b\",\"count\":1}",
          "{\"top\":\"b\"}" },
        { "{\"tags\":{\"a\":\"1\"}}", "{}", "{\"tags\":null}" },
        { "{}", "{\"flag\":false}", "{\"properties\":{\"a\":{\"flag\":false}}}" },
        { "{\"tenant\":\"A\"}", "{\"tenant\":\"a\"}", "{}" },
        { "{\"count\":1}", "{\"count\":1.0}", "{}" },
        { "{\"top\":\"a\"}", "{\"top\":\"(unknown)\"}", "{}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        auto_arena arena = arena_new();
        struct resource resource;
        engine_resource_init(&resource, arena, &table);
        json_t *body =
            body_from_change(&resource, arena, make(arena, &resource, cases[i].prior),
                             make(arena, &resource, cases[i].planned));
        json_t *wanted = json_loads(cases[i].body, 0, NULL);
        if (!json_equal(body, wanted))
            fail_msg("case %zu: %s", i, json_dumps(body, 0));
        json_decref(body);
        json_decref(wanted);
    }
}

TEST(a_difference_in_case_is_none_where_the_table_says_so)
{
    expect_read("{\"tenant\":\"aBc\"}", "{\"properties\":{\"tenantId\":\"ABC\"}}",
                "{\"tenant\":\"aBc\"}");
    expect_read("{\"tenant\":\"x\"}", "{\"properties\":{\"tenantId\":\"ABC\"}}",
                "{\"tenant\":\"abc\"}");
    expect_read("{}", "{\"properties\":{\"tenantId\":\"ABC\"}}", "{\"tenant\":\"abc\"}");
    expect_read("{\"label\":\"aBc\"}", "{\"properties\":{\"a\":{\"label\":\"ABC\"}}}",
                "{\"label\":\"ABC\"}");
}
