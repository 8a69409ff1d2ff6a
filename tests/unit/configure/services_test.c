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
        assert_true(toy->is_case_sensitive);
        assert_same_text(made.session->config.auth.tenant_id, "t.example");
        assert_same_text(made.session->config.auth.client_secret, "canary");
        clear(&made);
    }
    clear_variables(toy_block);
}

#define ADMIN "https://adminmanagement.w.example"
#define TENANT "https://management.w.example"
#define HUB_IS "'admin_endpoint':'" ADMIN "'"

/* The two planes of a hub over the same provider. NULL as an endpoint: it is not configured. */
static const struct {
    const char *variables, *hub;
    const char *admin, *admin_tenant, *admin_client, *admin_secret;
    const char *user, *user_tenant, *user_client, *user_secret;
    bool has_own_proof, user_has_own_proof;
} hubs[] = {
    { .variables = "",
      .hub = NULL,
      .admin_client = "own",
      .admin_secret = "canary",
      .user_client = "own",
      .user_secret = "canary" },
    { .variables = "",
      .hub = HUB_IS,
      .admin = ADMIN,
      .admin_client = "own",
      .admin_secret = "canary",
      .user_client = "own",
      .user_secret = "canary" },
    { .variables = "",
      .hub = HUB_IS ",'user':{}",
      .admin = ADMIN,
      .admin_client = "own",
      .admin_secret = "canary",
      .user = TENANT,
      .user_client = "own",
      .user_secret = "canary" },
    /* The tenant is inherited by nobody. */
    { .variables = "",
      .hub = HUB_IS ",'tenant_id':'home','client_id':'h','client_secret':'hs',"
                    "'user':{'tenant_id':'guest'}",
      .admin = ADMIN,
      .admin_tenant = "home",
      .admin_client = "h",
      .admin_secret = "hs",
      .user = TENANT,
      .user_tenant = "guest",
      .user_client = "h",
      .user_secret = "hs",
      .has_own_proof = true,
      .user_has_own_proof = true },
    { .variables = "",
      .hub = HUB_IS ",'tenant_id':'home','user':{'client_id':'u'}",
      .admin = ADMIN,
      .admin_tenant = "home",
      .admin_client = "own",
      .admin_secret = "canary",
      .user = TENANT,
      .user_client = "u" },
    { .variables = "",
      .hub = HUB_IS ",'user':{'client_id':'u','client_secret':'us'}",
      .admin = ADMIN,
      .admin_client = "own",
      .admin_secret = "canary",
      .user = TENANT,
      .user_client = "u",
      .user_secret = "us",
      .user_has_own_proof = true },
    /* Another way to sign in is not mixed with the provider's secret. */
    { .variables = "",
      .hub = HUB_IS ",'use_msi':true,'user':{}",
      .admin = ADMIN,
      .admin_client = "own",
      .user = TENANT,
      .user_client = "own",
      .has_own_proof = true,
      .user_has_own_proof = true },
    { .variables = "",
      .hub = HUB_IS ",'use_msi':false",
      .admin = ADMIN,
      .admin_client = "own",
      .admin_secret = "canary",
      .user_client = "own",
      .user_secret = "canary" },
    /* A tenant's own pipeline knows no administrator. */
    { .variables = "",
      .hub = "'tenant_endpoint':'https://m.example'",
      .admin_client = "own",
      .admin_secret = "canary",
      .user = "https://m.example",
      .user_client = "own",
      .user_secret = "canary" },
    /* From an endpoint of another form no other is derived. */
    { .variables = "",
      .hub = "'admin_endpoint':'https://a.example','user':{}",
      .admin = "https://a.example",
      .admin_client = "own",
      .admin_secret = "canary",
      .user_client = "own",
      .user_secret = "canary" },
    { .variables =
          "AZURESTACK_HUB_ADMIN_ENDPOINT=" ADMIN " AZURESTACK_HUB_TENANT_ID=home",
      .hub = NULL,
      .admin = ADMIN,
      .admin_tenant = "home",
      .admin_client = "own",
      .admin_secret = "canary",
      .user_client = "own",
      .user_secret = "canary" },
    { .variables = "AZURESTACK_HUB_ADMIN_ENDPOINT=" ADMIN
                   " AZURESTACK_HUB_USER_TENANT_ID=guest AZURESTACK_HUB_CLIENT_ID=h "
                   "AZURESTACK_HUB_CLIENT_SECRET=hs",
      .hub = "",
      .admin = ADMIN,
      .admin_client = "h",
      .admin_secret = "hs",
      .user = TENANT,
      .user_tenant = "guest",
      .user_client = "h",
      .user_secret = "hs",
      .has_own_proof = true,
      .user_has_own_proof = true },
};

TEST(the_planes_of_a_hub_inherit_from_each_other_and_never_the_tenant)
{
    static const struct configure_service services[] = {
        { &hub_service, &toy_dialect }, { &hub_user_service, &toy_dialect }, { 0 }
    };
    auto_arena arena = arena_new();
    EACH (row, hubs) {
        struct configured made;
        clear_variables(provider_hub);
        set_variables(row->variables);
        configure_with(&made, provider_table.attributes, services,
                       arena_print(arena,
                                   "'tenant_id':'t.example','client_id':'own',"
                                   "'client_secret':'canary'%s%s%s",
                                   row->hub != NULL ? ",'hub':{" : "",
                                   row->hub != NULL ? row->hub : "",
                                   row->hub != NULL ? "}" : ""));
        assert_int_equal(made.result, 0);
        const struct service_config *hub = made.session->config.services;
        assert_same_text(hub[0].endpoint, row->admin);
        assert_same_text(hub[0].auth.tenant_id, row->admin_tenant);
        assert_same_text(hub[0].auth.client_id, row->admin_client);
        assert_same_text(hub[0].auth.client_secret, row->admin_secret);
        assert_int_equal(hub[0].has_own_proof, row->has_own_proof);
        assert_same_text(hub[1].endpoint, row->user);
        assert_same_text(hub[1].auth.tenant_id, row->user_tenant);
        assert_same_text(hub[1].auth.client_id, row->user_client);
        assert_same_text(hub[1].auth.client_secret, row->user_secret);
        assert_int_equal(hub[1].has_own_proof, row->user_has_own_proof);
        for (size_t i = 0; i < 2; i++) {
            assert_null(hub[i].auth.authority);
            assert_true(hub[i].tells_sign_in);
        }
        clear(&made);
    }
    clear_variables(provider_hub);
}
