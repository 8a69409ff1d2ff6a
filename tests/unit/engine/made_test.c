/* IDs that the plan makes. The expected GUIDs are Python's uuid.uuid5() over what made.c says.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/engine.h"
#include "schema/tables.h"
#include "support/engine_host.h"
#include "support/session_run.h"
#include "support/value_of.h"

#define HUB                                                                                        \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/g/providers/"              \
    "Microsoft.Test/hubs/h"
#define ONE "64e23627-b089-57ef-aead-2b1b412bb327"
#define TWO "e89c2564-e774-58c5-89e7-75cc9d21cec0"
#define ONE_EMPTY "9159e5cf-b8d8-530e-9b1e-b9738eb94bfa"
#define ONE_X "210c1c8f-ed0e-583d-be34-0d3fab372abd"
#define UNKNOWN ENGINE_JSON_UNKNOWN

static const char *const from[] = { "name", "note", NULL };
static const char *const gone[] = { "GrantNotFound", NULL };
static const struct write_rule put = { "PUT", NULL };

static const struct attribute rows[] = {
    { "name", &type_string, REQUIRED, .body = "name", .doc = "Doc.",
      .compare = COMPARE_IGNORING_CASE },
    { "note", &type_string, OPTIONAL, .body = "note", .doc = "Doc." },
    { "kind", &type_string, OPTIONAL | REPLACE, .body = "kind", .doc = "Doc." },
    { "key", &type_string, OPTIONAL | COMPUTED | REPLACE, .made_from = from, .doc = "Doc." },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "Doc." },
    { 0 },
};

static const struct resource_table table = {
    .name = "grant",
    .noun = "grant",
    .service = &azure_service,
    .id_type = "Microsoft.Test/hubs/grants",
    .api_version = "2020-01-01",
    .id = HUB "/grants/{key}",
    .update = &put,
    .attributes = rows,
    .timeouts = { 60, 60, 60, 60 },
    .gone = gone,
};

struct fixture {
    struct call call;
    struct resource resource;
    struct diags diags;
};

static void begin(struct fixture *fixture)
{
    call_init(&fixture->call, NULL);
    engine_resource_init(&fixture->resource, fixture->call.arena, &table);
    diags_init(&fixture->diags, fixture->call.arena);
}

static const struct value *make(struct fixture *fixture, const char *json)
{
    return value_of(fixture->call.arena, fixture->resource.type, json);
}

static struct engine_plan plan(struct fixture *fixture, const char *prior, const char *config)
{
    struct arena *arena = fixture->call.arena;
    struct engine_plan plan = { .prior_state = make(fixture, prior),
                                .config = make(fixture, config) };
    plan.proposed_new_state =
        engine_host_propose(arena, &fixture->resource, plan.prior_state, plan.config);
    assert_int_equal(engine_plan(&fixture->call, &fixture->resource, &plan, &fixture->diags), 0);
    assert_null(engine_host_check_plan(arena, &fixture->resource, plan.prior_state, plan.config,
                                       plan.planned_state, plan.requires_replace));
    return plan;
}

#define STATE(key, name)                                                                           \
    "{\"name\":\"" name "\",\"key\":\"" key "\",\"id\":\"" HUB "/grants/" key "\"}"

TEST(an_id_that_is_left_out_is_made_in_the_plan_and_then_stays)
{
    static const struct {
        const char *prior, *config, *key; /* NULL: unknown */
    } cases[] = {
        { "null", "{\"name\":\"one\"}", ONE },
        { "null", "{\"name\":\"ONE\"}", ONE }, /* by the row's own comparison */
        { "null", "{\"name\":\"two\"}", TWO },
        { "null", "{\"name\":\"one\",\"note\":\"\"}", ONE_EMPTY },
        { "null", "{\"name\":\"one\",\"note\":\"x\"}", ONE_X },
        { "null", "{\"name\":\"one\",\"kind\":\"k\"}", ONE },
        { "null", "{\"name\":\"one\",\"key\":\"mine\"}", "mine" },
        { "null", "{\"name\":\"" UNKNOWN "\"}", NULL },
        { "null", "{\"name\":\"one\",\"note\":\"" UNKNOWN "\"}", NULL },
        { "null", "{\"name\":\"one\",\"key\":\"" UNKNOWN "\"}", NULL },
        /* An update of an input, and of nothing. */
        { STATE(ONE, "one"), "{\"name\":\"two\"}", ONE },
        { STATE(ONE, "one"), "{\"name\":\"one\"}", ONE },
        { STATE("mine", "one"), "{\"name\":\"one\"}", "mine" },
        { STATE(ONE, "one"), "{\"name\":\"" UNKNOWN "\"}", ONE },
        /* A replacement. */
        { STATE(ONE, "one"), "{\"name\":\"two\",\"kind\":\"k\"}", TWO },
        { STATE("mine", "one"), "{\"name\":\"one\",\"kind\":\"k\"}", ONE },
        { STATE(ONE, "one"), "{\"name\":\"one\",\"key\":\"mine\"}", "mine" },
    };
    EACH (row, cases) {
        struct fixture fixture;
        begin(&fixture);
        struct arena *arena = fixture.call.arena;
        const struct value *first = plan(&fixture, row->prior, row->config).planned_state;
        assert_true(value_equal(first, plan(&fixture, row->prior, row->config).planned_state));
        const struct value *key = value_get(arena, first, "key");
        const char *id = value_text(value_get(arena, first, "id"));
        const char *want = row->key;
        if (want == NULL ? !value_is_unknown(key) || id != NULL
                         : value_is_unknown(key) || strcmp(value_text(key), want) != 0 ||
                               strcmp(id, arena_print(arena, HUB "/grants/%s", want)) != 0)
            fail_msg("case %zu: %s", (size_t)(row - cases), engine_json_show(arena, first));
        call_clear(&fixture.call);
    }
}

TEST(what_was_unknown_in_the_plan_is_made_by_the_create)
{
    struct session_config config = session_run_config();
    config.has_own_reads = true;
    struct session_run run;
    struct fixture fixture;
    begin(&fixture);
    session_run_begin(
        &run, &config,
        ANSWERS(TOKEN_ANSWER,
                { 404, .body = "{\"error\":{\"code\":\"GrantNotFound\",\"message\":\"\"}}" },
                { 201, .body = "{\"name\":\"two\"}" }, { 200, .body = "{\"name\":\"two\"}" }));
    /* The host fills in what it knows by now, and leaves the rest of the plan as it was. */
    struct engine_apply apply = {
        .prior_state = make(&fixture, "null"),
        .planned_state = make(&fixture, "{'name':'two','key':'" UNKNOWN "','id':'" UNKNOWN "'}"),
        .config = make(&fixture, "{'name':'two'}"),
    };
    assert_int_equal(
        engine_apply(&run.call, &fixture.resource, run.session, &apply, &fixture.diags), 0);
    assert_true(value_equal(apply.new_state, make(&fixture, STATE(TWO, "two"))));
    assert_has(fake_transport_request(run.fake, 2)->url, "/grants/" TWO "?");
    session_run_end(&run);
    call_clear(&fixture.call);
}
