/* A nested block of the provider that configures a service: what it inherits, and what never.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/toy.h"
#include "unit/configure/run.h"

static const struct attribute toy_block[] = {
    { "endpoint", &type_string, OPTIONAL, .env = ENV("TOY_ENDPOINT") },
    { "audience", &type_string, OPTIONAL, .env = ENV("TOY_AUDIENCE") },
    { "tenant_id", &type_string, OPTIONAL, .env = ENV("TOY_TENANT_ID") },
    { "client_id", &type_string, OPTIONAL, .env = ENV("TOY_CLIENT_ID") },
    { "client_secret", &type_string, OPTIONAL | SENSITIVE, .env = ENV("TOY_SECRET") },
    { 0 },
};

/* In each the provider's own are: tenant t.example, client "own", secret "canary". */
static const struct {
    const char *variables, *toy; /* the members of the block; NULL: there is none */
    const char *endpoint, *audience, *tenant, *client, *secret;
} rows[] = {
    { "", NULL, NULL, NULL, NULL, "own", "canary" },
    { "", "", NULL, NULL, NULL, "own", "canary" },
    { "", "'endpoint':'https://e'", "https://e", NULL, NULL, "own", "canary" },
    { "", "'endpoint':'https://e','audience':'api://a','tenant_id':'other.example'",
      "https://e", "api://a", "other.example", "own", "canary" },
    /* The same identity in capitals keeps what proves it; another one never gets it. */
    { "", "'client_id':'OWN'", NULL, NULL, NULL, "OWN", "canary" },
    { "", "'client_id':'another'", NULL, NULL, NULL, "another", NULL },
    { "", "'client_id':'another','client_secret':'its'", NULL, NULL, NULL, "another",
      "its" },
    /* Variables fill a block that is there, and one that is not. */
    { "TOY_ENDPOINT=https://v TOY_TENANT_ID=v.example TOY_CLIENT_ID=another", NULL,
      "https://v", NULL, "v.example", "another", NULL },
    { "TOY_ENDPOINT=https://v TOY_TENANT_ID=v.example TOY_CLIENT_ID=another", "",
      "https://v", NULL, "v.example", "another", NULL },
};

TEST(a_service_inherits_the_credential_and_never_the_tenant)
{
    static const struct configure_service services[] = { { &toy_service, &toy_dialect },
                                                         { 0 } };
    auto_arena arena = arena_new();
    size_t count = schema_count(provider_table.attributes);
    struct attribute *with_toy = arena_take_many(arena, count + 2, sizeof *with_toy);
    memcpy(with_toy, provider_table.attributes, count * sizeof *with_toy);
    with_toy[count] = (struct attribute){
        .name = "toy", .flags = OPTIONAL, .nesting = NESTING_SINGLE, .rows = toy_block
    };
    EACH (row, rows) {
        struct configured made;
        clear_variables(toy_block);
        set_variables(row->variables);
        configure_with(&made, with_toy, services,
                       arena_print(arena,
                                   "'tenant_id':'t.example','client_id':'own',"
                                   "'client_secret':'canary'%s%s%s",
                                   row->toy != NULL ? ",'toy':{" : "",
                                   row->toy != NULL ? row->toy : "",
                                   row->toy != NULL ? "}" : ""));
        assert_int_equal(made.result, 0);
        assert_int_equal(made.session->config.service_count, 1);
        const struct service_config *toy = &made.session->config.services[0];
        assert_same_text(toy->name, "toy");
        assert_same_text(toy->missing, toy_service.missing);
        assert_same_text(toy->endpoint, row->endpoint);
        assert_same_text(toy->audience, row->audience);
        assert_same_text(toy->auth.tenant_id, row->tenant);
        assert_same_text(toy->auth.client_id, row->client);
        assert_same_text(toy->auth.client_secret, row->secret);
        assert_ptr_equal(toy->dialect, &toy_dialect);
        assert_true(toy->tells_case_apart);
        assert_same_text(made.session->config.auth.tenant_id, "t.example");
        assert_same_text(made.session->config.auth.client_secret, "canary");
        clear(&made);
    }
    clear_variables(toy_block);
}
