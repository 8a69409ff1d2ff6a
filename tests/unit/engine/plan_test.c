/* Plans against the host's rules, over every pair of states and configurations that differ
 * in what matters.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "engine/engine.h"
#include "schema/tables.h"
#include "support/engine_host.h"
#include "support/engine_json.h"
#include "support/test.h"

#define HUB(name)                                                                        \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/azurestack/"     \
    "providers/Microsoft.AzureStack/registrations/" name
#define CUSTOMER_A "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10"
#define CUSTOMER_B "6c1daa62-8d4f-4e3a-8052-4b7e5f3c9d21"
#define TENANT_A "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
#define TENANT_B "e4b2a8d0-1357-4246-9ace-bdf013572468"
#define UNKNOWN ENGINE_JSON_UNKNOWN

/* What can stand in each place of a configuration; NULL: nothing. */
static const char *const hubs[] = { HUB("hub1"), HUB("HUB1"), HUB("hub2"), UNKNOWN };
static const char *const customers[] = { CUSTOMER_A, CUSTOMER_B, UNKNOWN };
static const char *const tenants[] = { NULL, TENANT_A, TENANT_B, UNKNOWN };
static const char *const times[] = { NULL, "{}", "{\"create\":\"1h\"}",
                                     "{\"create\":\"(unknown)\",\"read\":\"5m\"}" };
enum { HUBS = 4, CUSTOMERS = 3, TENANTS = 4, TIMES = 4 };
enum { CONFIGS = HUBS * CUSTOMERS * TENANTS * TIMES };

struct fixture {
    struct call call;
    struct arena *arena;
    struct resource resource;
};

static void begin(struct fixture *fixture)
{
    call_init(&fixture->call, NULL);
    fixture->arena = fixture->call.arena;
    engine_resource_init(&fixture->resource, fixture->arena,
                         &customer_subscription_table);
}

static void end(struct fixture *fixture)
{
    call_clear(&fixture->call);
}

static const struct value *make(struct fixture *fixture, const char *json)
{
    json_error_t error;
    json_t *parsed = json_loads(json, JSON_DECODE_ANY, &error);
    if (parsed == NULL)
        fail_msg("%s: %s", json, error.text);
    const char *fault;
    const struct value *value =
        engine_json_to_value(fixture->arena, fixture->resource.type, parsed, &fault);
    json_decref(parsed);
    if (value == NULL)
        fail_msg("%s: %s", json, fault);
    return value;
}

static const char *member(struct fixture *fixture, const char *name, const char *text)
{
    return text == NULL ? "" : arena_print(fixture->arena, ",\"%s\":\"%s\"", name, text);
}

static const struct value *make_object(struct fixture *fixture, const char *hub,
                                       const char *customer, const char *tenant,
                                       const char *time, const char *id)
{
    return make(fixture,
                arena_print(fixture->arena,
                            "{\"registration_id\":\"%s\",\"customer_subscription_id\":"
                            "\"%s\"%s%s%s%s}",
                            hub, customer, member(fixture, "tenant_id", tenant),
                            member(fixture, "id", id),
                            time != NULL ? ",\"timeouts\":" : "",
                            time != NULL ? time : ""));
}

static const struct value *config_of(struct fixture *fixture, size_t number)
{
    size_t hub = number % HUBS, customer = number / HUBS % CUSTOMERS,
           tenant = number / HUBS / CUSTOMERS % TENANTS,
           time = number / HUBS / CUSTOMERS / TENANTS;
    return make_object(fixture, hubs[hub], customers[customer], tenants[tenant],
                       times[time], NULL);
}

/* What can be in a state: as made here, as imported in other spellings, without a tenant,
 * with times, and nothing. */
enum { STATES = 5 };
static const struct value *state_of(struct fixture *fixture, size_t number)
{
    static const char *const id = HUB("hub1") "/customerSubscriptions/" CUSTOMER_A;
    static const char *const id_upper =
        HUB("hub1") "/customerSubscriptions/5B0C9A51-7C3E-4D29-9F41-3A6D4E2B8C10";
    switch (number) {
    case 0:
        return value_null(fixture->arena, fixture->resource.type);
    case 1:
        return make_object(fixture, HUB("hub1"), CUSTOMER_A, TENANT_A, NULL, id);
    case 2:
        return make_object(fixture, HUB("HUB1"), CUSTOMER_A, TENANT_A, NULL, id_upper);
    case 3:
        return make_object(fixture, HUB("hub1"), CUSTOMER_A, NULL, NULL, id);
    default:
        return make_object(fixture, HUB("hub1"), CUSTOMER_A, TENANT_B,
                           "{\"delete\":\"2h\"}", id);
    }
}

/* Plans, and fails if the host would refuse it. */
static struct engine_plan plan(struct fixture *fixture, const struct value *prior,
                               const struct value *config)
{
    struct diags diags;
    diags_init(&diags, fixture->arena);
    struct engine_plan plan = {
        .prior_state = prior,
        .config = config,
        .proposed_new_state =
            engine_host_propose(fixture->arena, &fixture->resource, prior, config),
        .prior_private = BYTES("p", 1),
    };
    assert_int_equal(engine_plan(&fixture->call, &fixture->resource, &plan, &diags), 0);
    assert_null(diags.first);
    const char *fault =
        engine_host_check_plan(fixture->arena, &fixture->resource, prior, config,
                               plan.planned_state, plan.requires_replace);
    if (fault != NULL)
        fail_msg("%s -> %s: %s", engine_json_show(fixture->arena, prior),
                 engine_json_show(fixture->arena, config), fault);
    return plan;
}

TEST(the_host_takes_every_plan_and_planning_again_says_the_same)
{
    unsigned plans = 0;
    for (size_t i = 0; i < STATES; i++) {
        struct fixture fixture;
        begin(&fixture);
        const struct value *prior = state_of(&fixture, i);
        for (size_t k = 0; k < CONFIGS; k++, plans++) {
            const struct value *config = config_of(&fixture, k);
            struct engine_plan first = plan(&fixture, prior, config);
            struct engine_plan again = plan(&fixture, prior, config);
            assert_true(value_equal(first.planned_state, again.planned_state));
            assert_int_equal(first.planned_private.length, 1);
            for (size_t n = 0; first.requires_replace[n] != NULL; n++)
                assert_string_equal(first.requires_replace[n], again.requires_replace[n]);
        }
        end(&fixture);
    }
    assert_int_equal(plans, 5 * 192);
}

/* A configuration in which everything that was unknown has turned out to be something. */
static const struct value *turn_out(struct fixture *fixture, const struct value *config)
{
    static const struct {
        const char *name, *text;
    } turns[] = { { "registration_id", HUB("hub2") },
                  { "customer_subscription_id", CUSTOMER_B },
                  { "tenant_id", TENANT_B } };
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        if (value_is_unknown(value_get(fixture->arena, config, turns[i].name)))
            config = value_with(fixture->arena, config, turns[i].name,
                                value_string(fixture->arena, turns[i].text));
    }
    const struct value *times_block = value_get(fixture->arena, config, "timeouts");
    if (!value_is_null(times_block) && !value_is_wholly_known(times_block))
        config = value_with(fixture->arena, config, "timeouts",
                            value_with(fixture->arena, times_block, "create",
                                       value_string(fixture->arena, "45m")));
    return config;
}

TEST(a_plan_from_unknowns_stays_true_when_they_are_known)
{
    unsigned compared = 0;
    for (size_t i = 0; i < STATES; i++) {
        struct fixture fixture;
        begin(&fixture);
        struct arena *arena = fixture.arena;
        const struct value *none = value_null(arena, fixture.resource.type);
        const struct value *prior = state_of(&fixture, i);
        for (size_t k = 0; k < CONFIGS; k++) {
            const struct value *config = config_of(&fixture, k);
            if (value_is_wholly_known(config))
                continue;
            struct engine_plan early = plan(&fixture, prior, config);
            /* A replacement is planned and applied as a creation. */
            bool is_replaced = engine_host_choose(arena, prior, early.planned_state,
                                                  early.requires_replace) == HOST_REPLACE;
            if (is_replaced)
                early = plan(&fixture, none, config);
            const struct value *from = is_replaced ? none : prior;
            struct engine_plan late = plan(&fixture, from, turn_out(&fixture, config));
            const char *fault = engine_host_check_compatible(arena, early.planned_state,
                                                             late.planned_state);
            if (fault != NULL)
                fail_msg("%s -> %s: %s", engine_json_show(arena, from),
                         engine_json_show(arena, config), fault);
            assert_int_equal(engine_host_choose(arena, from, early.planned_state,
                                                early.requires_replace),
                             engine_host_choose(arena, from, late.planned_state,
                                                late.requires_replace));
            compared++;
        }
        end(&fixture);
    }
    assert_true(compared > 300);
}

TEST(a_creation_knows_its_id_as_soon_as_its_parts)
{
    struct fixture fixture;
    begin(&fixture);
    const struct value *none = value_null(fixture.arena, fixture.resource.type);
    for (size_t k = 0; k < CONFIGS; k++) {
        const struct value *config = config_of(&fixture, k);
        struct engine_plan made = plan(&fixture, none, config);
        const struct value *id = value_get(fixture.arena, made.planned_state, "id");
        const char *hub = value_text(value_get(fixture.arena, config, "registration_id"));
        const char *customer =
            value_text(value_get(fixture.arena, config, "customer_subscription_id"));
        if (hub == NULL || customer == NULL)
            assert_true(value_is_unknown(id));
        else
            assert_string_equal(
                value_text(id),
                arena_print(fixture.arena, "%s/customerSubscriptions/%s", hub, customer));
        const struct value *tenant =
            value_get(fixture.arena, made.planned_state, "tenant_id");
        const struct value *wanted = value_get(fixture.arena, config, "tenant_id");
        assert_true(value_is_null(wanted) ? value_is_unknown(tenant)
                                          : value_equal(tenant, wanted));
        assert_null(made.requires_replace[0]);
    }
    end(&fixture);
}

/* What becomes of the first state under a configuration. */
static void expect(const char *hub, const char *customer, const char *tenant,
                   const char *time, size_t state_number, enum engine_host_action action,
                   const char *replaces)
{
    struct fixture fixture;
    begin(&fixture);
    const struct value *prior = state_of(&fixture, state_number);
    struct engine_plan made =
        plan(&fixture, prior, make_object(&fixture, hub, customer, tenant, time, NULL));
    const char *names = "";
    for (size_t i = 0; made.requires_replace[i] != NULL; i++)
        names = arena_print(fixture.arena, "%s%s ", names, made.requires_replace[i]);
    assert_string_equal(names, replaces);
    assert_int_equal(engine_host_choose(fixture.arena, prior, made.planned_state,
                                        made.requires_replace),
                     action);
    const struct value *id = value_get(fixture.arena, made.planned_state, "id");
    if (action != HOST_REPLACE)
        assert_true(value_equal(id, value_get(fixture.arena, prior, "id")));
    else
        assert_false(
            value_equal(id, value_get(fixture.arena, prior, "id")) &&
            (strcmp(hub, HUB("hub1")) != 0 || strcmp(customer, CUSTOMER_A) != 0));
    end(&fixture);
}

TEST(what_means_the_same_is_no_change)
{
    expect(HUB("hub1"), CUSTOMER_A, TENANT_A, NULL, 1, HOST_NOTHING, "");
    expect(HUB("hub1"), CUSTOMER_A, NULL, NULL, 1, HOST_NOTHING, "");
    expect(HUB("HUB1"), CUSTOMER_A, TENANT_A, NULL, 1, HOST_NOTHING, "");
    expect(HUB("hub1"), CUSTOMER_A, TENANT_A, NULL, 2, HOST_NOTHING, "");
    expect(HUB("hub1"), CUSTOMER_A, NULL, NULL, 3, HOST_NOTHING, "");
}

TEST(what_the_service_knows_makes_a_new_object)
{
    expect(HUB("hub2"), CUSTOMER_A, TENANT_A, NULL, 1, HOST_REPLACE, "registration_id ");
    expect(HUB("hub1"), CUSTOMER_B, NULL, NULL, 1, HOST_REPLACE,
           "customer_subscription_id ");
    expect(HUB("hub1"), CUSTOMER_A, TENANT_B, NULL, 1, HOST_REPLACE, "tenant_id ");
    expect(HUB("hub2"), CUSTOMER_B, TENANT_B, NULL, 1, HOST_REPLACE,
           "registration_id customer_subscription_id tenant_id ");
    expect(UNKNOWN, CUSTOMER_A, TENANT_A, NULL, 1, HOST_REPLACE, "registration_id ");
    expect(HUB("hub1"), CUSTOMER_A, UNKNOWN, NULL, 1, HOST_REPLACE, "tenant_id ");
    expect(HUB("hub1"), CUSTOMER_A, TENANT_A, NULL, 3, HOST_REPLACE, "tenant_id ");
}

TEST(times_are_changed_in_place)
{
    expect(HUB("hub1"), CUSTOMER_A, NULL, "{\"create\":\"1h\"}", 1, HOST_UPDATE, "");
    expect(HUB("hub1"), CUSTOMER_A, NULL, "{\"delete\":\"2h\"}", 4, HOST_NOTHING, "");
    expect(HUB("hub1"), CUSTOMER_A, NULL, NULL, 4, HOST_UPDATE, "");
    expect(HUB("hub1"), CUSTOMER_A, NULL, "{\"delete\":\"3h\"}", 4, HOST_UPDATE, "");
}

TEST(a_destruction_is_planned_as_nothing)
{
    struct fixture fixture;
    begin(&fixture);
    const struct value *none = value_null(fixture.arena, fixture.resource.type);
    for (size_t i = 0; i < STATES; i++) {
        struct engine_plan made = plan(&fixture, state_of(&fixture, i), none);
        assert_true(value_is_null(made.planned_state));
        assert_null(made.requires_replace[0]);
    }
    end(&fixture);
}

/* ---- columns that no table of today has ---------------------------------------------------- */

static const struct attribute other_rows[] = {
    { "parent_id", &type_string, REQUIRED | REPLACE, .doc = NULL },
    { "name", &type_string, REQUIRED | REPLACE, .doc = NULL },
    { "mode", &type_string, OPTIONAL | COMPUTED | REPLACE, .body = "properties.mode",
      .default_value = "Custom" },
    { "id", &type_string, COMPUTED | IS_ID, .doc = NULL },
    { 0 },
};
static const struct resource_table other_table = {
    .name = "other",
    .noun = "other",
    .service = &azure_service,
    .id_type = "N/t/other",
    .id = "{parent_id}/other/{name}",
    .attributes = other_rows,
    .timeouts = { .create_s = 60, .read_s = 60, .delete_s = 60 },
};

TEST(a_default_is_planned_where_nothing_is_configured)
{
    struct fixture fixture;
    begin(&fixture);
    engine_resource_init(&fixture.resource, fixture.arena, &other_table);
    const struct value *none = value_null(fixture.arena, fixture.resource.type);
    const struct value *config =
        make(&fixture, "{\"parent_id\":\"/subscriptions/s/resourceGroups/g/providers/N/t/"
                       "p\",\"name\":\"n\"}");
    struct engine_plan made = plan(&fixture, none, config);
    assert_string_equal(value_text(value_get(fixture.arena, made.planned_state, "mode")),
                        "Custom");
    assert_string_equal(value_text(value_get(fixture.arena, made.planned_state, "id")),
                        "/subscriptions/s/resourceGroups/g/providers/N/t/p/other/n");
    /* As the framework's defaults do: what is not configured is the default, also later. */
    const struct value *prior = value_with(fixture.arena, made.planned_state, "mode",
                                           value_string(fixture.arena, "Changed"));
    made = plan(&fixture, prior, config);
    assert_string_equal(value_text(value_get(fixture.arena, made.planned_state, "mode")),
                        "Custom");
    assert_string_equal(made.requires_replace[0], "mode");
    end(&fixture);
}
