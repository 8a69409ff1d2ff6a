/* Write-only attributes: in the bodies of writes, and nowhere else.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/engine.h"
#include "schema/tables.h"
#include "support/session_run.h"
#include "support/value_of.h"

#define ID                                                                                         \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/g/providers/"              \
    "Microsoft.Test/hubs/one"
#define SECRET "canary-of-a-token"
#define REFUSED(message) "{\"error\":{\"code\":\"InvalidToken\",\"message\":\"" message "\"}}"
#define SHOWS(note) 200, .body = "{\"id\":\"" ID "\",\"properties\":{\"note\":\"" note "\"}}"

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
static const char *const parent_gone[] = { "ResourceGroupNotFound", NULL };
static const struct write_rule put = { "PUT", NULL }, patch = { "PATCH", NULL };

struct run {
    struct session_run base;
    struct resource_table table;
    struct resource resource;
    struct diags diags;
    struct engine_apply apply;
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
        .parent_noun = "group",
        .id = "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/g/"
              "providers/Microsoft.Test/hubs/{name}",
        .update = update,
        .attributes = rows,
        .timeouts = { 60, 60, 60, 60 },
        .gone = gone,
        .parent_gone = parent_gone,
    };
    session_run_begin(&run->base, &config, answers);
    engine_resource_init(&run->resource, run->base.call.arena, &run->table);
    diags_init(&run->diags, run->base.call.arena);
}

/* Plans and applies it; the plan and what is left of the apply hold no token. */
static void play(struct run *run, const struct write_rule *update, const char *prior,
                 const char *config, const struct fake_answer *answers)
{
    begin(run, update, answers);
    struct arena *arena = run->base.call.arena;
    struct engine_plan plan = {
        .config = value_of(arena, run->resource.type, config),
        .prior_state = value_of(arena, run->resource.type, prior),
    };
    /* As hosts propose it: with the value of the configuration. */
    plan.proposed_new_state = plan.config;
    assert_int_equal(engine_plan(&run->base.call, &run->resource, &plan, &run->diags), 0);
    assert_true(value_is_null(value_get(arena, plan.planned_state, "token")));
    assert_null(plan.requires_replace[0]);
    run->apply = (struct engine_apply){ .prior_state = plan.prior_state,
                                        .planned_state = plan.planned_state,
                                        .config = plan.config,
                                        .planned_private = plan.planned_private };
    run->result =
        engine_apply(&run->base.call, &run->resource, run->base.session, &run->apply, &run->diags);
    assert_true(value_is_null(value_get(arena, run->apply.new_state, "token")));
    for (const struct diagnostic *one = run->diags.first; one != NULL; one = one->next)
        assert_lacks(one->detail, "canary-of");
}

/* The number of writes, and the last one. `body` NULL: there is none. */
static void expect_writes(struct run *run, size_t count, const char *method, const char *body,
                          bool is_secret)
{
    const struct fake_request *last = NULL;
    for (size_t i = 1; i < session_run_sent(&run->base); i++) {
        const struct fake_request *one = fake_transport_request(run->base.fake, i);
        if (strcmp(one->method, "GET") == 0)
            continue;
        last = one;
        count--;
    }
    assert_int_equal(count, 0);
    assert_int_equal(last != NULL, body != NULL);
    if (last == NULL)
        return;
    assert_string_equal(last->method, method);
    assert_string_equal(last->body, body);
    assert_int_equal(last->is_body_secret, is_secret);
}

static void end(struct run *run)
{
    session_run_end(&run->base);
}

#define STATE(note, version)                                                                       \
    "{'name':'one','id':'" ID "','note':'" note "','token_version':" version "}"
#define CONFIG(note, version)                                                                      \
    "{'name':'one','note':'" note "','token_version':" version ",'token':'" SECRET "'}"
#define SENDS_TOKEN "{\"properties\":{\"token\":\"" SECRET "\"}}"
#define SENDS_BOTH(note) "{\"properties\":{\"token\":\"" SECRET "\",\"note\":\"" note "\"}}"

TEST(a_create_sends_it_and_keeps_nothing)
{
    struct run run;
    /* Services that give it back, or a mask of it, are not read. */
    play(&run, &put, "null", CONFIG("a", "1"),
         ANSWERS(TOKEN_ANSWER, { 404, .body = "{\"error\":{\"code\":\"HubNotFound\"}}" },
                 { 201, .body = "{\"id\":\"" ID "\",\"properties\":{\"note\":\"a\"}}" },
                 { 200, .body = "{\"id\":\"" ID "\",\"properties\":{\"note\":\"a\","
                                "\"token\":\"***\"}}" }));
    assert_int_equal(run.result, 0);
    expect_writes(&run, 1, "PUT", SENDS_BOTH("a"), true);
    end(&run);
}

/* A PATCH sends it when its version changes, a PUT always. */
TEST(an_update_sends_it_when_it_has_to)
{
    static const struct {
        const struct write_rule *update;
        const char *prior, *config, *body; /* NULL: nothing is sent */
        bool is_secret;
    } cases[] = {
        { &patch, STATE("a", "1"), CONFIG("b", "1"), "{\"properties\":{\"note\":\"b\"}}" },
        { &patch, STATE("a", "1"), CONFIG("a", "2"), SENDS_TOKEN, true },
        { &patch, STATE("a", "1"), CONFIG("b", "2"), SENDS_BOTH("b"), true },
        { &patch, STATE("a", "null"), CONFIG("a", "1"), SENDS_TOKEN, true },
        /* Taken away. */
        { &patch, STATE("a", "1"), "{'name':'one','note':'a'}", "{\"properties\":{\"token\":null}}",
          true },
        { &patch, STATE("a", "1"), CONFIG("a", "1"), NULL },
        { &put, STATE("a", "1"), CONFIG("b", "1"), SENDS_BOTH("b"), true },
        { &put, STATE("a", "1"), CONFIG("b", "2"), SENDS_BOTH("b"), true },
    };
    static const struct fake_answer shows[] = { { SHOWS("a"), .is_last_again = true },
                                                { SHOWS("b"), .is_last_again = true } };
    EACH (row, cases) {
        struct run run;
        play(&run, row->update, row->prior, row->config,
             ANSWERS(TOKEN_ANSWER, shows[strstr(row->config, "'b'") != NULL]));
        assert_int_equal(run.result, 0);
        expect_writes(&run, row->body != NULL, row->update->method, row->body, row->is_secret);
        end(&run);
    }
}

/* A look shows all else as planned, and says nothing of the token: it is sent again. */
TEST(a_lost_answer_is_no_success)
{
    static const struct fake_answer lost[] = {
        { .fault = ERR_LOST, .text = "cut" },
        { 500, .body = REFUSED("later") },
    };
    EACH (answer, lost) {
        struct run run;
        play(&run, &patch, STATE("a", "1"), CONFIG("a", "2"),
             ANSWERS(TOKEN_ANSWER, *answer, { SHOWS("a"), .is_last_again = true }));
        assert_int_equal(run.result, 0);
        expect_writes(&run, 2, "PATCH", SENDS_TOKEN, true);
        end(&run);
    }
}

/* Neither a yes nor a no, again and again: the state keeps the old version. */
TEST(what_never_becomes_certain_is_an_error)
{
    static const struct fake_answer opens[] = {
        { 200, .body = "<html>", .takes_ms = 29500 },
        { 500, .body = REFUSED("later"), .takes_ms = 29500 },
        { .fault = ERR_LOST, .text = "cut", .takes_ms = 29500 },
    };
    EACH (open, opens) {
        struct run run;
        play(&run, &patch, STATE("a", "1"), CONFIG("a", "2"),
             ANSWERS(TOKEN_ANSWER, *open, { SHOWS("a") }, *open, { SHOWS("a") }, *open,
                     { SHOWS("a") }));
        assert_int_equal(run.result, -1);
        assert_has(run.diags.first->detail, "the next apply sends the change again");
        assert_true(value_equal(run.apply.new_state, run.apply.prior_state));
        end(&run);
    }
}

/* A token that can be used once: the first attempt used it. */
TEST(a_refusal_after_a_lost_response_leaves_the_outcome_open)
{
    struct run run;
    play(&run, &patch, STATE("a", "1"), CONFIG("a", "2"),
         ANSWERS(TOKEN_ANSWER, { .fault = ERR_LOST, .text = "cut" }, { SHOWS("a") },
                 { 400, .body = REFUSED("used up") }));
    assert_int_equal(run.result, -1);
    assert_has(run.diags.first->detail, "used up");
    assert_has(run.diags.first->detail, "An earlier attempt");
    assert_lacks(run.diags.first->detail, "Nothing was changed");
    end(&run);
}

TEST(a_refusal_that_repeats_it_is_shown_without_it)
{
    static const char *const bodies[] = {
        REFUSED("The token '" SECRET "' is used up; " SECRET " again"),
        "{\"error\":{\"code\":\"" SECRET "\",\"message\":\"no\"}}",
        "<html>" SECRET "</html>",
    };
    EACH (body, bodies) {
        struct run run;
        play(&run, &patch, STATE("a", "1"), CONFIG("a", "2"),
             ANSWERS(TOKEN_ANSWER, { 400, .body = *body }));
        assert_int_equal(run.result, -1);
        assert_has(run.diags.first->detail, "***");
        /* The version stays the old one: the next plan sends it again. */
        assert_true(value_equal(run.apply.new_state, run.apply.prior_state));
        end(&run);
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
        play(&run, &patch, STATE("a", "1"), CONFIG("a", "2"),
             ANSWERS(TOKEN_ANSWER, { 400, .body = page }));
        assert_int_equal(run.result, -1);
        end(&run);
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
        end(&run);
    }
}

TEST(a_state_that_held_it_loses_it)
{
    static const char stored[] = "{\"name\":\"one\",\"id\":\"" ID "\",\"token\":\"" SECRET "\"}";
    struct run run;
    begin(&run, &put, ANSWERS({ 0 }));
    const struct value *upgraded;
    assert_int_equal(engine_upgrade(&run.base.call, &run.resource, 0,
                                    BYTES(stored, sizeof stored - 1), &upgraded, &run.diags),
                     0);
    struct arena *arena = run.base.call.arena;
    assert_true(value_is_null(value_get(arena, upgraded, "token")));
    assert_string_equal(value_text(value_get(arena, upgraded, "name")), "one");
    end(&run);
}
