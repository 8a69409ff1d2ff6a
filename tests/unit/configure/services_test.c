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

/* "ENDPOINT audience=A tenant=T client=C secret=S own", without what is missing; "own": with a
 * proof of its own. */
static const char *describe(struct arena *arena, const struct service_config *service)
{
    const struct auth_config *auth = &service->auth;
    const struct {
        const char *name, *text;
    } parts[] = {
        { "", service->endpoint },           { " audience=", service->audience },
        { " tenant=", auth->tenant_id },     { " client=", auth->client_id },
        { " secret=", auth->client_secret }, { " own", service->has_own_proof ? "" : NULL }
    };
    const char *text = "";
    EACH (part, parts)
        if (part->text != NULL)
            text = arena_print(arena, "%s%s%s", text, part->name, part->text);
    return text;
}

struct row {
    const char *variables, *block, *want, *other; /* block NULL: there is none */
};

/* The provider's own are: tenant t.example, client "own", secret "canary". `block` as a member,
 * and what describe() says of the first service and of the second, where there are two. `own`:
 * the rows of the block, whose variables may be set. */
static void check(const struct row *row, const struct attribute *rows, const struct attribute *own,
                  const struct configure_service *services)
{
    auto_arena arena = arena_new();
    struct configured made;
    clear_variables(own);
    set_variables(row->variables);
    configure_with(&made, rows, services,
                   arena_print(arena,
                               "'tenant_id':'t.example','client_id':'own',"
                               "'client_secret':'canary'%s%s",
                               row->block != NULL ? "," : "",
                               row->block != NULL ? row->block : ""));
    assert_int_equal(made.result, 0);
    const struct session_config *config = &made.session->config;
    assert_same_text(config->auth.tenant_id, "t.example");
    assert_same_text(config->auth.client_secret, "canary");
    assert_int_equal(config->service_count, row->other != NULL ? 2 : 1);
    for (size_t i = 0; i < config->service_count; i++) {
        const struct service_config *one = &config->services[i];
        assert_same_text(describe(arena, one), i == 0 ? row->want : row->other);
        assert_same_text(one->name, services[i].table->name);
        assert_same_text(one->missing, services[i].table->missing);
        assert_ptr_equal(one->dialect, &toy_dialect);
        assert_int_equal(one->is_case_sensitive, services[i].table->ids->is_case_sensitive);
        assert_null(one->auth.authority);
        assert_same_text(one->auth.refresh_token,
                         strstr(row->variables, "REFRESH") != NULL ? "r" : NULL);
        assert_int_equal(one->publishes_sign_in, row->other != NULL);
    }
    clear(&made);
    clear_variables(own);
}

TEST(a_service_inherits_the_credential_and_never_the_tenant)
{
#define TOY_VARIABLES "TOY_ENDPOINT=https://v TOY_TENANT_ID=v.example TOY_CLIENT_ID=another"
    static const struct row rows[] = {
        { "", NULL, " client=own secret=canary" },
        { "", "'toy':{}", " client=own secret=canary" },
        { "", "'toy':{'endpoint':'https://e'}", "https://e client=own secret=canary" },
        { "", "'toy':{'endpoint':'https://e','audience':'api://a','tenant_id':'o.example'}",
          "https://e audience=api://a tenant=o.example client=own secret=canary" },
        /* The same identity in capitals keeps what proves it; another one never gets it. */
        { "", "'toy':{'client_id':'OWN'}", " client=OWN secret=canary" },
        { "", "'toy':{'client_id':'another'}", " client=another" },
        { "", "'toy':{'client_id':'another','client_secret':'its'}", " client=another secret=its" },
        /* Variables fill a block that is there, and one that is not. */
        { TOY_VARIABLES, NULL, "https://v tenant=v.example client=another" },
        { TOY_VARIABLES, "'toy':{}", "https://v tenant=v.example client=another" },
    };
    static const struct configure_service services[] = { { &toy_service, &toy_dialect }, { 0 } };
    auto_arena arena = arena_new();
    size_t count = schema_count(provider_table.attributes);
    struct attribute *with_toy = arena_take_many(arena, count + 2, sizeof *with_toy);
    memcpy(with_toy, provider_table.attributes, count * sizeof *with_toy);
    with_toy[count] = (struct attribute){
        .name = "toy", .flags = OPTIONAL, .nesting = NESTING_SINGLE, .rows = toy_block
    };
    EACH (row, rows)
        check(row, with_toy, toy_block, services);
}

TEST(the_planes_of_a_hub_inherit_from_each_other_and_never_the_tenant)
{
#define ADMIN "https://adminmanagement.w.example"
#define TENANT "https://management.w.example"
#define HUB(members) "'hub':{'admin_endpoint':'" ADMIN "'" members "}"
#define INHERITED " client=own secret=canary"
    static const struct row rows[] = {
        { "", NULL, INHERITED, INHERITED },
        { "", HUB(""), ADMIN INHERITED, INHERITED },
        { "", HUB(",'user':{}"), ADMIN INHERITED, TENANT INHERITED },
        /* The tenant is not inherited. */
        { "",
          HUB(",'tenant_id':'home','client_id':'h','client_secret':'hs',"
              "'user':{'tenant_id':'guest'}"),
          ADMIN " tenant=home client=h secret=hs own",
          TENANT " tenant=guest client=h secret=hs own" },
        { "", HUB(",'tenant_id':'home','user':{'client_id':'u'}"), ADMIN " tenant=home" INHERITED,
          TENANT " client=u" },
        { "", HUB(",'user':{'client_id':'u','client_secret':'us'}"), ADMIN INHERITED,
          TENANT " client=u secret=us own" },
        /* Another way to sign in is not mixed with the provider's secret. */
        { "", HUB(",'use_msi':true,'user':{}"), ADMIN " client=own own", TENANT " client=own own" },
        { "", HUB(",'use_msi':false"), ADMIN INHERITED, INHERITED },
        /* A tenant's own pipeline knows no administrator. */
        { "", "'hub':{'tenant_endpoint':'https://m.example'}", INHERITED,
          "https://m.example" INHERITED },
        /* From an endpoint of another form no other is derived. */
        { "", "'hub':{'admin_endpoint':'https://a.example','user':{}}",
          "https://a.example" INHERITED, INHERITED },
        { "AZURESTACK_HUB_ADMIN_ENDPOINT=" ADMIN " AZURESTACK_HUB_TENANT_ID=home", NULL,
          ADMIN " tenant=home" INHERITED, INHERITED },
        { "AZURESTACK_HUB_ADMIN_ENDPOINT=" ADMIN " AZURESTACK_HUB_USER_TENANT_ID=guest "
          "AZURESTACK_HUB_CLIENT_ID=h AZURESTACK_HUB_CLIENT_SECRET=hs",
          "'hub':{}", ADMIN " client=h secret=hs own",
          TENANT " tenant=guest client=h secret=hs own" },
    };
    static const struct configure_service services[] = { { &hub_service, &toy_dialect },
                                                         { &hub_user_service, &toy_dialect },
                                                         { 0 } };
    EACH (row, rows)
        check(row, provider_table.attributes, provider_hub, services);
}

TEST(partner_center_needs_the_partners_tenant_and_has_an_address_of_its_own)
{
#define PARTNER_PUBLIC "https://api.partnercenter.microsoft.com"
    static const struct row rows[] = {
        { "", NULL, " audience=" PARTNER_PUBLIC INHERITED },
        { "", "'partner':{}", " audience=" PARTNER_PUBLIC INHERITED },
        { "", "'partner':{'tenant_id':'p.example'}",
          PARTNER_PUBLIC " audience=" PARTNER_PUBLIC " tenant=p.example" INHERITED },
        { "AZURESTACK_PARTNER_TENANT_ID=p.example AZURESTACK_PARTNER_CLIENT_ID=p "
          "AZURESTACK_PARTNER_CLIENT_SECRET=ps",
          NULL,
          PARTNER_PUBLIC " audience=" PARTNER_PUBLIC " tenant=p.example client=p secret=ps own" },
        { "AZURESTACK_PARTNER_ENDPOINT=https://e", "'partner':{'tenant_id':'p.example'}",
          "https://e audience=" PARTNER_PUBLIC " tenant=p.example" INHERITED },
        { "", "'environment':'China','partner':{'tenant_id':'p.example'}",
          "https://partner.partnercenterapi.microsoftonline.cn"
          " audience=https://partner.partnercenterapi.microsoftonline.cn"
          " tenant=p.example" INHERITED },
        { "AZURESTACK_PARTNER_REFRESH_TOKEN=r", "'partner':{'tenant_id':'p.example'}",
          PARTNER_PUBLIC " audience=" PARTNER_PUBLIC " tenant=p.example" INHERITED },
    };
    static const struct configure_service services[] = { { &partner_service, &toy_dialect },
                                                         { 0 } };
    EACH (row, rows)
        check(row, provider_table.attributes, provider_partner, services);
}
