/* Write-only attributes, as far as registrations do not show them (tests/exchanges/registration):
 * by PUT, taken away, cut by a message, and with an older host.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/engine.h"
#include "schema/tables.h"
#include "support/session_run.h"
#include "support/value_of.h"

#define ID                                                                                         \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/g/providers/"              \
    "Microsoft.Test/hubs/one"
#define SECRET "canary-of-a-token"

static const struct attribute rows[] = {
    { "name", &type_string, REQUIRED | REPLACE, .doc = "Doc." },
    { "token", &type_string, OPTIONAL | WRITE_ONLY, .doc = "Doc.", .body = "properties.token",
      .version = "token_version" },
    { "token_version", &type_number, OPTIONAL, .doc = "Doc." },
    { "note", &type_string, OPTIONAL, .doc = "Doc.", .body = "properties.note" },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "Doc." },
    { 0 },
};

static const char *const gone[] = { "HubNotFound", NULL };
static const struct write_rule put = { "PUT", NULL }, patch = { "PATCH", NULL };

struct run {
    struct session_run base;
    struct resource_table table;
    struct resource resource;
    struct diags diags;
    int result;
};

static void begin(struct run *run, const struct write_rule *update,
                  const struct fake_answer *answers)
{
    struct session_config config = session_run_config();
    config.has_own_reads = true;
    run->table = (struct resource_table){
        .name = "hub",
        .noun = "hub",
        .service = &azure_service,
        .id_type = "Microsoft.Test/hubs",
        .api_version = "2020-01-01",
        .id = "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/g/"
              "providers/Microsoft.Test/hubs/{name}",
        .update = update,
        .attributes = rows,
        .timeouts = { 60, 60, 60, 60 },
        .gone = gone,
    };
    session_run_begin(&run->base, &config, answers);
    engine_resource_init(&run->resource, run->base.call.arena, &run->table);
    diags_init(&run->diags, run->base.call.arena);
}

#define STATE "{'name':'one','id':'" ID "','note':'a','token_version':1}"
#define CONFIG(note, version)                                                                      \
    "{'name':'one','note':'" note "','token_version':" version ",'token':'" SECRET "'}"

/* Plans a change of STATE and applies it; what is left holds no token. */
static void update(struct run *run, const struct write_rule *update, const char *config,
                   const struct fake_answer *answers)
{
    begin(run, update, answers);
    struct arena *arena = run->base.call.arena;
    const struct value *wanted = value_of(arena, run->resource.type, config);
    /* As hosts propose it: with the value of the configuration. */
    struct engine_plan plan = { .config = wanted,
                                .proposed_new_state = wanted,
                                .prior_state = value_of(arena, run->resource.type, STATE) };
    assert_int_equal(engine_plan(&run->base.call, &run->resource, &plan, &run->diags), 0);
    assert_true(value_is_null(value_get(arena, plan.planned_state, "token")));
    struct engine_apply apply = { .prior_state = plan.prior_state,
                                  .planned_state = plan.planned_state,
                                  .config = plan.config,
                                  .planned_private = plan.planned_private };
    run->result =
        engine_apply(&run->base.call, &run->resource, run->base.session, &apply, &run->diags);
    assert_true(value_is_null(value_get(arena, apply.new_state, "token")));
    for (const struct diagnostic *one = run->diags.first; one != NULL; one = one->next)
        assert_lacks(one->detail, "canary-of");
}

TEST(a_put_always_sends_it_and_a_patch_that_it_was_taken_away)
{
#define SENDS(note) "{\"properties\":{\"token\":\"" SECRET "\",\"note\":\"" note "\"}}"
#define SHOWS(note)                                                                                \
    ANSWERS(TOKEN_ANSWER,                                                                          \
            { 200, .body = "{\"id\":\"" ID "\",\"properties\":{\"note\":\"" note "\"}}",           \
              .is_last_again = true })
    const struct {
        const struct write_rule *update;
        const char *config, *body;
        const struct fake_answer *answers;
    } cases[] = {
        { &patch, "{'name':'one','note':'a'}", "{\"properties\":{\"token\":null}}", SHOWS("a") },
        { &put, CONFIG("b", "1"), SENDS("b"), SHOWS("b") },
        { &put, CONFIG("b", "2"), SENDS("b"), SHOWS("b") },
    };
    EACH (row, cases) {
        struct run run;
        update(&run, row->update, row->config, row->answers);
        assert_int_equal(run.result, 0);
        const struct fake_request *write = NULL; /* the only one */
        for (size_t i = 1; i < session_run_sent(&run.base); i++) {
            const struct fake_request *one = fake_transport_request(run.base.fake, i);
            if (strcmp(one->method, "GET") == 0)
                continue;
            assert_null(write);
            write = one;
        }
        assert_non_null(write);
        assert_string_equal(write->method, row->update->method);
        assert_string_equal(write->body, row->body);
        assert_true(write->is_body_secret);
        session_run_end(&run.base);
    }
}

TEST(a_message_that_is_cut_within_it_shows_no_part)
{
    /* A page is shown up to its 300th byte. */
    for (size_t before = 270; before < 305; before++) {
        char page[600];
        memset(page, 'x', sizeof page);
        memcpy(page + before, SECRET, strlen(SECRET));
        page[sizeof page - 1] = '\0';
        struct run run;
        update(&run, &patch, CONFIG("a", "2"), ANSWERS(TOKEN_ANSWER, { 400, .body = page }));
        assert_int_equal(run.result, -1);
        session_run_end(&run.base);
    }
}

TEST(a_host_without_write_only_support_gets_an_error)
{
    static const struct {
        const char *config;
        size_t faults;
    } cases[] = {
        { CONFIG("a", "1"), 1 },
        { "{'name':'one','token':'" ENGINE_JSON_UNKNOWN "'}", 1 },
        { "{'name':'one','token_version':1}", 0 },
        { "null", 0 },
    };
    EACH (row, cases) {
        struct run run;
        begin(&run, &put, ANSWERS({ 0 }));
        engine_refuse_write_only(&run.base.call, &run.resource,
                                 value_of(run.base.call.arena, run.resource.type, row->config),
                                 &run.diags);
        assert_int_equal(run.diags.error_count, row->faults);
        if (row->faults != 0) {
            assert_string_equal(run.diags.first->path->name, "token");
            assert_has(run.diags.first->detail, "Terraform 1.11");
            assert_has(run.diags.first->detail, "OpenTofu 1.11");
            assert_lacks(run.diags.first->detail, SECRET);
        }
        session_run_end(&run.base);
    }
}
