/* Write-only attributes: in the bodies of writes, and nowhere else.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "engine/engine.h"
#include "id/scheme.h"
#include "schema/tables.h"
#include "support/engine_json.h"
#include "support/fake_transport.h"
#include "support/test.h"

#define ID                                                                               \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/g/providers/"    \
    "Microsoft.Test/hubs/one"
#define SECRET "canary-of-a-token"
#define REFUSED(message)                                                                 \
    "{\"error\":{\"code\":\"InvalidToken\",\"message\":\"" message "\"}}"
#define SHOWS(note) "{\"id\":\"" ID "\",\"properties\":{\"note\":\"" note "\"}}"

static const struct attribute rows[] = {
    { "name", &type_string, REQUIRED | REPLACE, .doc = "Doc." },
    { "token", &type_string, OPTIONAL | WRITE_ONLY, .doc = "Doc.",
      .body = "properties.token", .version = "token_version" },
    { "token_version", &type_number, OPTIONAL, .doc = "Doc." },
    { "note", &type_string, OPTIONAL, .doc = "Doc.", .body = "properties.note" },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "Doc." },
    { 0 },
};

static const char *const gone[] = { "HubNotFound", NULL };
static const char *const parent_gone[] = { "ResourceGroupNotFound", NULL };
static const struct write_rule put = { "PUT", NULL }, patch = { "PATCH", NULL };

static struct resource_table make_table(const struct write_rule *update)
{
    return (struct resource_table){
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
}

struct run {
    struct resource_table table;
    struct resource resource;
    struct call call;
    struct session *session;
    struct fake_transport *transport;
    struct fake_answer answers[8];
    struct diags diags;
    struct engine_apply apply;
    int result;
};

static void begin(struct run *run, const struct write_rule *update)
{
    *run = (struct run){ .table = make_table(update) };
    clock_fake_start(0);
    call_init(&run->call, NULL);
    engine_resource_init(&run->resource, run->call.arena, &run->table);
    diags_init(&run->diags, run->call.arena);
}

static void end(struct run *run)
{
    session_free(run->session);
    call_clear(&run->call);
    clock_fake_end();
}

static const struct value *make(struct run *run, const char *json)
{
    json_t *parsed = json_loads(json, JSON_DECODE_ANY, NULL);
    assert_non_null(parsed);
    const char *fault = "";
    const struct value *value =
        engine_json_to_value(run->call.arena, run->resource.type, parsed, &fault);
    json_decref(parsed);
    if (value == NULL)
        fail_msg("%s: %s", json, fault);
    return value;
}

/* Plans and applies it; the plan and what is left of the apply hold no token. */
static void play(struct run *run, const char *prior, const char *config,
                 const struct fake_answer *answers)
{
    const struct session_config session = {
        .environment = "public",
        .has_own_reads = true,
        .auth = { .tenant_id = "t", .client_id = "c", .client_secret = "s" },
    };
    struct error err = NO_ERROR;
    run->answers[0] = (struct fake_answer){
        200, .body = "{\"access_token\":\"tok.en\",\"expires_in\":3599}"
    };
    for (size_t i = 0; answers[i].status != 0 || answers[i].fault != ERR_NONE; i++)
        run->answers[i + 1] = answers[i];
    run->transport = fake_transport_new(run->answers);
    assert_int_equal(session_new_over(&session, fake_transport_base(run->transport),
                                      &run->session, &err),
                     0);
    struct arena *arena = run->call.arena;
    struct engine_plan plan = { .config = make(run, config),
                                .prior_state = make(run, prior) };
    /* As hosts propose it: with the value of the configuration. */
    plan.proposed_new_state = plan.config;
    assert_int_equal(engine_plan(&run->call, &run->resource, &plan, &run->diags), 0);
    assert_true(value_is_null(value_get(arena, plan.planned_state, "token")));
    assert_null(plan.requires_replace[0]);
    run->apply = (struct engine_apply){ .prior_state = plan.prior_state,
                                        .planned_state = plan.planned_state,
                                        .config = plan.config,
                                        .planned_private = plan.planned_private };
    run->result =
        engine_apply(&run->call, &run->resource, run->session, &run->apply, &run->diags);
    assert_true(value_is_null(value_get(arena, run->apply.new_state, "token")));
    for (const struct diagnostic *one = run->diags.first; one != NULL; one = one->next) {
        assert_null(strstr(one->detail, SECRET));
        assert_null(strstr(one->detail, "canary-of"));
    }
}

/* The write of that number (from 0): its method and the members of its body. */
static void expect_write(struct run *run, size_t number, const char *method,
                         const char *body, bool is_secret)
{
    for (size_t i = 1; i < fake_transport_count(run->transport); i++) {
        const struct fake_request *request = fake_transport_request(run->transport, i);
        if (strcmp(request->method, "GET") == 0 || number-- != 0)
            continue;
        assert_string_equal(request->method, method);
        assert_string_equal(request->body, body);
        assert_int_equal(request->is_body_secret, is_secret);
        return;
    }
    fail_msg("there is no such write");
}

static size_t count_writes(struct run *run)
{
    size_t count = 0;
    for (size_t i = 1; i < fake_transport_count(run->transport); i++)
        count += strcmp(fake_transport_request(run->transport, i)->method, "GET") != 0;
    return count;
}

#define STATE(note, version)                                                             \
    "{\"name\":\"one\",\"id\":\"" ID "\",\"note\":\"" note                               \
    "\",\"token_version\":" version "}"
#define CONFIG(note, version)                                                            \
    "{\"name\":\"one\",\"note\":\"" note "\",\"token_version\":" version                 \
    ",\"token\":\"" SECRET "\"}"

TEST(a_create_sends_it_and_keeps_nothing)
{
    struct run run;
    begin(&run, &put);
    /* Services that give it back, or a mask of it, are not read. */
    play(&run, "null", CONFIG("a", "1"),
         (const struct fake_answer[]){
             { 404, .body = "{\"error\":{\"code\":\"HubNotFound\"}}" },
             { 201, .body = SHOWS("a") },
             { 200, .body = "{\"id\":\"" ID "\",\"properties\":{\"note\":\"a\","
                            "\"token\":\"***\"}}" },
             { 0 } });
    assert_int_equal(run.result, 0);
    expect_write(&run, 0, "PUT",
                 "{\"properties\":{\"token\":\"" SECRET "\",\"note\":\"a\"}}", true);
    end(&run);
}

TEST(a_patch_sends_it_when_its_version_changes)
{
    static const struct {
        const char *prior, *config, *body; /* NULL: nothing is sent */
        bool is_secret;
    } cases[] = {
        { STATE("a", "1"), CONFIG("b", "1"), "{\"properties\":{\"note\":\"b\"}}", false },
        { STATE("a", "1"), CONFIG("a", "2"),
          "{\"properties\":{\"token\":\"" SECRET "\"}}", true },
        { STATE("a", "1"), CONFIG("b", "2"),
          "{\"properties\":{\"token\":\"" SECRET "\",\"note\":\"b\"}}", true },
        { STATE("a", "null"), CONFIG("a", "1"),
          "{\"properties\":{\"token\":\"" SECRET "\"}}", true },
        /* Taken away. */
        { STATE("a", "1"), "{\"name\":\"one\",\"note\":\"a\"}",
          "{\"properties\":{\"token\":null}}", true },
        { STATE("a", "1"), CONFIG("a", "1"), NULL, false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        begin(&run, &patch);
        play(
            &run, cases[i].prior, cases[i].config,
            (const struct fake_answer[]){
                { 200, .body = strstr(cases[i].config, "\"b\"") ? SHOWS("b") : SHOWS("a"),
                  .is_last_again = true },
                { 0 } });
        assert_int_equal(run.result, 0);
        assert_int_equal(count_writes(&run), cases[i].body != NULL);
        if (cases[i].body != NULL)
            expect_write(&run, 0, "PATCH", cases[i].body, cases[i].is_secret);
        end(&run);
    }
}

TEST(a_put_always_sends_it)
{
    static const char *const configs[] = { CONFIG("b", "1"), CONFIG("b", "2") };
    for (size_t i = 0; i < 2; i++) {
        struct run run;
        begin(&run, &put);
        play(&run, STATE("a", "1"), configs[i],
             (const struct fake_answer[]){
                 { 200, .body = SHOWS("b"), .is_last_again = true }, { 0 } });
        assert_int_equal(run.result, 0);
        expect_write(&run, 0, "PUT",
                     "{\"properties\":{\"token\":\"" SECRET "\",\"note\":\"b\"}}", true);
        end(&run);
    }
}

/* A look shows all else as planned, and says nothing of the token. */
TEST(a_lost_answer_is_no_success)
{
    static const struct fake_answer lost[] = {
        { .fault = ERR_LOST, .text = "cut" },
        { 500, .body = REFUSED("later") },
    };
    for (size_t i = 0; i < 2; i++) {
        struct run run;
        begin(&run, &patch);
        play(&run, STATE("a", "1"), CONFIG("a", "2"),
             i == 0 ? (const struct fake_answer[]){ lost[0],
                                                    { 200, .body = SHOWS("a") },
                                                    { 200, .body = SHOWS("a"),
                                                      .is_last_again = true },
                                                    { 0 } }
                    : (const struct fake_answer[]){
                          lost[1],
                          { 200, .body = SHOWS("a"), .is_last_again = true },
                          { 0 } });
        assert_int_equal(run.result, 0);
        assert_int_equal(count_writes(&run), 2);
        expect_write(&run, 1, "PATCH", "{\"properties\":{\"token\":\"" SECRET "\"}}",
                     true);
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
    for (size_t i = 0; i < sizeof opens / sizeof *opens; i++) {
        const struct fake_answer probe = { 200, .body = SHOWS("a") };
        struct run run;
        begin(&run, &patch);
        play(&run, STATE("a", "1"), CONFIG("a", "2"),
             (const struct fake_answer[]){
                 opens[i], probe, opens[i], probe, opens[i], probe, { 0 } });
        assert_int_equal(run.result, -1);
        assert_non_null(strstr(run.diags.first->detail, "the next apply sends it again"));
        assert_true(value_equal(run.apply.new_state, run.apply.prior_state));
        end(&run);
    }
}

/* A token that can be used once: the first attempt used it. */
TEST(a_refusal_after_a_lost_answer_does_not_say_that_nothing_happened)
{
    struct run run;
    begin(&run, &patch);
    play(&run, STATE("a", "1"), CONFIG("a", "2"),
         (const struct fake_answer[]){ { .fault = ERR_LOST, .text = "cut" },
                                       { 200, .body = SHOWS("a") },
                                       { 400, .body = REFUSED("used up") },
                                       { 0 } });
    assert_int_equal(run.result, -1);
    assert_non_null(strstr(run.diags.first->detail, "used up"));
    assert_non_null(strstr(run.diags.first->detail, "An attempt before"));
    assert_null(strstr(run.diags.first->detail, "Nothing was changed"));
    end(&run);
}

TEST(a_refusal_that_repeats_it_is_shown_without_it)
{
    static const char *const bodies[] = {
        REFUSED("The token '" SECRET "' is used up; " SECRET " again"),
        "{\"error\":{\"code\":\"" SECRET "\",\"message\":\"no\"}}",
        "<html>" SECRET "</html>",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct run run;
        begin(&run, &patch);
        play(&run, STATE("a", "1"), CONFIG("a", "2"),
             (const struct fake_answer[]){ { 400, .body = bodies[i] }, { 0 } });
        assert_int_equal(run.result, -1);
        assert_non_null(strstr(run.diags.first->detail, "***"));
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
        begin(&run, &patch);
        play(&run, STATE("a", "1"), CONFIG("a", "2"),
             (const struct fake_answer[]){ { 400, .body = page }, { 0 } });
        assert_int_equal(run.result, -1);
        end(&run);
    }
}

TEST(a_host_that_cannot_keep_it_out_is_told)
{
    static const struct {
        const char *config;
        size_t faults;
    } cases[] = {
        { CONFIG("a", "1"), 1 },
        { "{\"name\":\"one\",\"token\":\"" ENGINE_JSON_UNKNOWN "\"}", 1 },
        { "{\"name\":\"one\",\"token_version\":1}", 0 },
        { "null", 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct run run;
        begin(&run, &put);
        engine_refuse_write_only(&run.call, &run.resource, make(&run, cases[i].config),
                                 &run.diags);
        assert_int_equal(run.diags.error_count, cases[i].faults);
        if (cases[i].faults != 0) {
            assert_string_equal(run.diags.first->path->name, "token");
            assert_non_null(strstr(run.diags.first->detail, "Terraform 1.11"));
            assert_non_null(strstr(run.diags.first->detail, "OpenTofu 1.11"));
            assert_null(strstr(run.diags.first->detail, SECRET));
        }
        end(&run);
    }
}

TEST(a_state_that_held_it_loses_it)
{
    static const char stored[] =
        "{\"name\":\"one\",\"id\":\"" ID "\",\"token\":\"" SECRET "\"}";
    struct run run;
    begin(&run, &put);
    const struct value *upgraded;
    assert_int_equal(engine_upgrade(&run.call, &run.resource, 0,
                                    BYTES(stored, sizeof stored - 1), &upgraded,
                                    &run.diags),
                     0);
    assert_true(value_is_null(value_get(run.call.arena, upgraded, "token")));
    assert_string_equal(value_text(value_get(run.call.arena, upgraded, "name")), "one");
    end(&run);
}
