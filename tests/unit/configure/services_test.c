/* A nested block of the provider that configures a service: what it inherits, and what never.
 * SPDX-License-Identifier: MPL-2.0 */
#include "configure/configure.h"
#include "schema/tables.h"
#include "support/engine_json.h"
#include "support/session_fake.h"
#include "support/test.h"
#include "support/toy.h"

static const struct attribute toy_block[] = {
    { "endpoint", &type_string, OPTIONAL, .env = ENV("TOY_ENDPOINT") },
    { "audience", &type_string, OPTIONAL, .env = ENV("TOY_AUDIENCE") },
    { "tenant_id", &type_string, OPTIONAL, .env = ENV("TOY_TENANT_ID") },
    { "client_id", &type_string, OPTIONAL, .env = ENV("TOY_CLIENT_ID") },
    { "client_secret", &type_string, OPTIONAL | SENSITIVE, .env = ENV("TOY_SECRET") },
    { 0 },
};

static void clear_rows(const struct attribute *rows)
{
    for (; rows->name != NULL; rows++) {
        for (const char *const *name = rows->env; name != NULL && *name != NULL; name++)
            unsetenv(*name);
        if (rows->rows != NULL)
            clear_rows(rows->rows);
    }
}

struct configured {
    struct call call;
    struct diags diags;
    struct session *session;
};

/* The provider's own arguments, and the block. */
static const struct service_config *configure(struct configured *out, const char *json)
{
    *out = (struct configured){ 0 };
    call_init(&out->call, NULL);
    struct arena *arena = out->call.arena;
    diags_init(&out->diags, arena);
    size_t count = schema_count(provider_table.attributes);
    struct attribute *rows = arena_take_many(arena, count + 2, sizeof *rows);
    memcpy(rows, provider_table.attributes, count * sizeof *rows);
    rows[count] = (struct attribute){
        .name = "toy", .flags = OPTIONAL, .nesting = NESTING_SINGLE, .rows = toy_block
    };
    struct provider_table table = provider_table;
    table.attributes = rows;
    json_t *block = json_loads(json, 0, NULL);
    const char *fault = "it is no JSON";
    const struct value *config =
        engine_json_to_value(arena, schema_rows_type(arena, rows), block, &fault);
    json_decref(block);
    if (config == NULL)
        fail_msg("%s: %s", json, fault);
    const struct configure_service services[] = { { &toy_service, &toy_dialect }, { 0 } };
    const struct configure_host host = { .services = services,
                                         .provider_version = "0",
                                         .terraform_version = "1" };
    if (configure_session(&out->call, &table, &host, config, &out->session, &out->diags) <
        0)
        fail_msg("%s: %s", json, out->diags.first->detail);
    assert_int_equal(out->session->config.service_count, 1);
    return &out->session->config.services[0];
}

static void clear(struct configured *out)
{
    session_free(out->session);
    call_clear(&out->call);
    clear_rows(provider_table.attributes);
    clear_rows(toy_block);
}

static void same(const char *have, const char *want)
{
    if (want == NULL)
        assert_null(have);
    else if (have == NULL || strcmp(have, want) != 0)
        fail_msg("\"%s\" and not \"%s\"", have != NULL ? have : "(none)", want);
}

#define OWN                                                                              \
    "\"tenant_id\":\"t.example\",\"client_id\":\"own\",\"client_secret\":\"canary\""

TEST(what_a_block_inherits_and_what_never)
{
    static const struct {
        const char *json, *endpoint, *audience, *tenant, *client, *secret;
    } cases[] = {
        /* No block: nothing but the credential, and no endpoint. */
        { "{" OWN "}", NULL, NULL, NULL, "own", "canary" },
        { "{" OWN ",\"toy\":{}}", NULL, NULL, NULL, "own", "canary" },
        { "{" OWN ",\"toy\":{\"endpoint\":\"https://e\"}}", "https://e", NULL, NULL,
          "own", "canary" },
        { "{" OWN ",\"toy\":{\"endpoint\":\"https://e\",\"audience\":\"api://a\","
          "\"tenant_id\":\"other.example\"}}",
          "https://e", "api://a", "other.example", "own", "canary" },
        /* The same identity, perhaps in capitals, with what proves it. */
        { "{" OWN ",\"toy\":{\"client_id\":\"OWN\"}}", NULL, NULL, NULL, "OWN",
          "canary" },
        /* Another identity: the provider's secret never goes with it. */
        { "{" OWN ",\"toy\":{\"client_id\":\"another\"}}", NULL, NULL, NULL, "another",
          NULL },
        { "{" OWN ",\"toy\":{\"client_id\":\"another\",\"client_secret\":\"its\"}}", NULL,
          NULL, NULL, "another", "its" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct configured made;
        clear_rows(provider_table.attributes);
        clear_rows(toy_block);
        const struct service_config *toy = configure(&made, cases[i].json);
        same(toy->name, "toy");
        same(toy->missing, toy_service.missing);
        same(toy->endpoint, cases[i].endpoint);
        same(toy->audience, cases[i].audience);
        same(toy->auth.tenant_id, cases[i].tenant);
        same(toy->auth.client_id, cases[i].client);
        same(toy->auth.client_secret, cases[i].secret);
        assert_ptr_equal(toy->dialect, &toy_dialect);
        assert_true(toy->tells_case_apart);
        same(made.session->config.auth.tenant_id, "t.example");
        same(made.session->config.auth.client_secret, "canary");
        clear(&made);
    }
}

TEST(variables_fill_a_block_that_is_there_and_one_that_is_not)
{
    static const char *const blocks[] = { "{" OWN "}", "{" OWN ",\"toy\":{}}" };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        struct configured made;
        clear_rows(provider_table.attributes);
        setenv("TOY_ENDPOINT", "https://variable", 1);
        setenv("TOY_TENANT_ID", "variable.example", 1);
        setenv("TOY_CLIENT_ID", "another", 1);
        const struct service_config *toy = configure(&made, blocks[i]);
        same(toy->endpoint, "https://variable");
        same(toy->auth.tenant_id, "variable.example");
        same(toy->auth.client_id, "another");
        same(toy->auth.client_secret, NULL);
        clear(&made);
    }
}
