/* Values and ARM JSON, both ways.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"
#include "schema/tables.h"
#include "support/value_of.h"

static const struct attribute address[] = {
    { "street", &type_string, OPTIONAL, .body = "line1" },
    { "number", &type_number, OPTIONAL, .body = "at.number" },
    { 0 },
};
static const struct attribute rows[] = {
    { "parent_id", &type_string, REQUIRED | REPLACE, .doc = NULL },
    { "tenant", &type_string, OPTIONAL | COMPUTED | REPLACE | MAY_BE_OMITTED,
      .body = "properties.tenantId", .compare = COMPARE_IGNORING_CASE },
    { "label", &type_string, OPTIONAL | COMPUTED | REPLACE, .body = "properties.a.label" },
    { "flag", &type_bool, OPTIONAL | COMPUTED | REPLACE, .body = "properties.a.flag" },
    { "top", &type_string, OPTIONAL | COMPUTED | REPLACE, .body = "top" },
    { "count", &type_number, OPTIONAL, .body = "count" },
    { "names", &type_list_of_string, OPTIONAL, .body = "names" },
    { "tags", &type_map_of_string, OPTIONAL, .body = "tags" },
    { "address", NULL, OPTIONAL, .body = "properties.address", .nesting = NESTING_SINGLE,
      .rows = address },
    { "ports", NULL, OPTIONAL, .body = "ports", .nesting = NESTING_LIST, .rows = address },
    { "places", NULL, OPTIONAL, .body = "places", .nesting = NESTING_MAP, .rows = address },
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

/* `prior` NULL: the body of the whole object; else that of a change. */
static void expect_body(const char *prior, const char *object, const char *want)
{
    auto_arena arena = arena_new();
    struct resource resource;
    engine_resource_init(&resource, arena, &table);
    const struct value *value = value_of(arena, resource.type, object);
    json_t *body = prior == NULL ? body_from_value(&resource, arena, value)
                                 : body_from_change(&resource, arena,
                                                    value_of(arena, resource.type, prior), value);
    json_t *wanted = json_of(arena, want);
    if (!json_equal(body, wanted))
        fail_msg("%s: %s", object, json_dumps(body, 0));
    json_decref(body);
    json_decref(wanted);
}

static void expect_read(enum body_extent extent, const char *before, const char *body,
                        const char *want)
{
    auto_arena arena = arena_new();
    struct resource resource;
    engine_resource_init(&resource, arena, &table);
    json_t *parsed = json_of(arena, body);
    const struct value *after =
        body_to_value(&resource, arena, parsed, extent, value_of(arena, resource.type, before));
    json_decref(parsed);
    if (!value_equal(after, value_of(arena, resource.type, want)))
        fail_msg("%s with %s: %s", before, body, engine_json_show(arena, after));
}

TEST(a_body_holds_what_is_known_in_its_place)
{
    static const char *const cases[][2] = {
        { "{'parent_id':'/p','id':'/i'}", "{}" },
        { "{'tenant':'t'}", "{'properties':{'tenantId':'t'}}" },
        { "{'tenant':'t','label':'l','flag':false,'top':'x'}",
          "{'properties':{'tenantId':'t','a':{'label':'l','flag':false}},'top':'x'}" },
        { "{'tenant':'(unknown)','flag':'(unknown)'}", "{}" },
        { "{'tenant':null,'label':''}", "{'properties':{'a':{'label':''}}}" },
        { "{'label':'\xC3\xA4\\u0022\\n'}", "{'properties':{'a':{'label':'\xC3\xA4\\u0022\\n'}}}" },
        { "{'names':[]}", "{'names':[]}" },
    };
    EACH (row, cases)
        expect_body(NULL, (*row)[0], (*row)[1]);
}

TEST(what_the_service_says_becomes_the_value)
{
    static const struct {
        enum body_extent extent;
        const char *before, *body, *want;
    } cases[] = {
        { BODY_PARTIAL, "{'parent_id':'/p','id':'/i'}",
          "{'id':'/other','properties':{'tenantId':'t','a':{'label':'l','flag':true}},"
          "'top':'x'}",
          "{'parent_id':'/p','id':'/i','tenant':'t','label':'l','flag':true,'top':'x'}" },
        { BODY_PARTIAL, "{'label':'old','flag':true}",
          "{'properties':{'a':{'label':'new','flag':false}}}", "{'label':'new','flag':false}" },
        /* What was unknown in the plan is settled. */
        { BODY_PARTIAL, "{'tenant':'(unknown)'}", "{'properties':{'tenantId':'t'}}",
          "{'tenant':'t'}" },
        /* An ID may be a number on the wire. */
        { BODY_PARTIAL, "{}", "{'top':42}", "{'top':'42'}" },
        /* A difference in case is none where the table says so. */
        { BODY_PARTIAL, "{'tenant':'aBc'}", "{'properties':{'tenantId':'ABC'}}",
          "{'tenant':'aBc'}" },
        { BODY_PARTIAL, "{'tenant':'x'}", "{'properties':{'tenantId':'ABC'}}", "{'tenant':'abc'}" },
        { BODY_PARTIAL, "{}", "{'properties':{'tenantId':'ABC'}}", "{'tenant':'abc'}" },
        { BODY_PARTIAL, "{'label':'aBc'}", "{'properties':{'a':{'label':'ABC'}}}",
          "{'label':'ABC'}" },
        /* What a whole answer leaves out is null. */
        { BODY_WHOLE, "{'tenant':'t','label':'l','flag':true}", "{}", "{'tenant':'t'}" },
        { BODY_WHOLE, "{'label':'l'}", "{'properties':{'a':{'label':null}}}", "{}" },
        /* Of another type: unreadable, and no proof of anything. */
        { BODY_WHOLE, "{'flag':true}", "{'properties':{'a':{'flag':'yes'}}}", "{'flag':true}" },
        /* An empty collection and none are the same to a service: what it was stays. */
        { BODY_WHOLE, "{'tags':{}}", "{}", "{'tags':{}}" },
        { BODY_WHOLE, "{'tags':{'a':'b'}}", "{}", "{}" },
        { BODY_WHOLE, "{'names':[]}", "{'names':[]}", "{'names':[]}" },
        { BODY_WHOLE, "{'names':[]}", "{}", "{'names':[]}" },
        { BODY_WHOLE, "{}", "{'names':[],'tags':{}}", "{}" },
    };
    EACH (row, cases)
        expect_read(row->extent, row->before, row->body, row->want);
}

TEST(what_the_service_leaves_out_stays_as_it_is)
{
    static const char before[] = "{'tenant':'t','label':'l','flag':true}";
    static const char *const bodies[] = {
        "{}",
        "{'properties':null}",
        "{'properties':{}}",
        "{'properties':[]}",
        "{'properties':'x'}",
        "{'properties':{'tenantId':null,'a':null}}",
        "{'properties':{'tenantId':'','a':{}}}",
        "{'properties':{'tenantId':{},'a':{'label':1.5,'flag':'true'}}}",
        "{'properties':{'TenantId':'x'},'tenantId':'x'}",
    };
    EACH (body, bodies) {
        expect_read(BODY_PARTIAL, before, *body, before);
        /* An unknown cannot stay: the host refuses it after an apply. */
        expect_read(BODY_PARTIAL, "{'tenant':'(unknown)','flag':'(unknown)'}", *body, "{}");
    }
}

TEST(every_kind_of_value_has_a_form_in_json)
{
    static const char *const cases[][2] = {
        { "{'count':7}", "{'count':7}" },
        { "{'count':-0.1}", "{'count':-0.1}" },
        { "{'names':['b','a']}", "{'names':['b','a']}" },
        { "{'tags':{'b':'2','a':'1'}}", "{'tags':{'a':'1','b':'2'}}" },
        { "{'address':{'street':'s','number':5}}",
          "{'properties':{'address':{'line1':'s','at':{'number':5}}}}" },
        { "{'ports':[{'street':'x'},{'number':1}]}",
          "{'ports':[{'line1':'x'},{'at':{'number':1}}]}" },
        { "{'places':{'home':{'street':'x'}}}", "{'places':{'home':{'line1':'x'}}}" },
        { "{'areas':[{'street':'x'}]}", "{'areas':[{'line1':'x'}]}" },
    };
    EACH (row, cases) {
        const char *object = (*row)[0], *body = (*row)[1];
        expect_body(NULL, object, body);
        expect_read(BODY_WHOLE, "{}", body, object);
        expect_read(BODY_WHOLE, object, body, object);
    }
}

TEST(a_patch_holds_changes_and_null_for_removed_values)
{
    static const char *const cases[][3] = {
        { "{'top':'a'}", "{'top':'a'}", "{}" },
        { "{'top':'a','count':1}", "{'top':'b','count':1}", "{'top':'b'}" },
        { "{'tags':{'a':'1'}}", "{}", "{'tags':null}" },
        { "{'tags':{'a':'1','b':'2'}}", "{'tags':{'a':'1'}}", "{'tags':{'a':'1','b':null}}" },
        { "{}", "{'flag':false}", "{'properties':{'a':{'flag':false}}}" },
        { "{'tenant':'A'}", "{'tenant':'a'}", "{}" },
        { "{'count':1}", "{'count':1.0}", "{}" },
        { "{'top':'a'}", "{'top':'(unknown)'}", "{}" },
    };
    EACH (row, cases)
        expect_body((*row)[0], (*row)[1], (*row)[2]);
}
