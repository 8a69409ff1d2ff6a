/* Plans against the host's rules, over every pair of states and configurations that differ
 * in what matters. What is planned is in tests/exchanges.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/engine.h"
#include "schema/tables.h"
#include "support/engine_host.h"
#include "support/value_of.h"

#define HUB(name)                                                                                  \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/azurestack/"               \
    "providers/Microsoft.AzureStack/registrations/" name
#define CUSTOMER_A "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10"
#define CUSTOMER_A_UPPER "5B0C9A51-7C3E-4D29-9F41-3A6D4E2B8C10"
#define CUSTOMER_B "6c1daa62-8d4f-4e3a-8052-4b7e5f3c9d21"
#define TENANT_A "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
#define TENANT_B "e4b2a8d0-1357-4246-9ace-bdf013572468"
#define UNKNOWN ENGINE_JSON_UNKNOWN

/* What can stand in each place of a configuration; NULL: nothing. */
static const char *const hubs[] = { HUB("hub1"), HUB("HUB1"), HUB("hub2"), UNKNOWN };
static const char *const customers[] = { CUSTOMER_A, CUSTOMER_B, UNKNOWN };
static const char *const tenants[] = { NULL, TENANT_A, TENANT_B, UNKNOWN };
static const char *const times[] = { NULL, "{}", "{'create':'1h'}",
                                     "{'create':'(unknown)','read':'5m'}" };
enum { HUBS = 4, CUSTOMERS = 3, TENANTS = 4, TIMES = 4 };
enum { CONFIGS = HUBS * CUSTOMERS * TENANTS * TIMES };

/* What can be in a state: nothing, as made here, as imported in another case, without a
 * tenant, with times. */
static const struct {
    const char *hub, *tenant, *time, *id;
} states[] = {
    { NULL },
    { HUB("hub1"), TENANT_A, NULL, HUB("hub1") "/customerSubscriptions/" CUSTOMER_A },
    { HUB("HUB1"), TENANT_A, NULL, HUB("hub1") "/customerSubscriptions/" CUSTOMER_A_UPPER },
    { HUB("hub1"), NULL, NULL, HUB("hub1") "/customerSubscriptions/" CUSTOMER_A },
    { HUB("hub1"), TENANT_B, "{'delete':'2h'}", HUB("hub1") "/customerSubscriptions/" CUSTOMER_A },
};
enum { STATES = sizeof states / sizeof *states };

static struct call call;
static struct arena *arena;
static struct resource resource;

static int begin(void **state)
{
    (void)state;
    call_init(&call, NULL);
    arena = call.arena;
    engine_resource_init(&resource, arena, &customer_subscription_table);
    return 0;
}

static int end(void **state)
{
    (void)state;
    call_clear(&call);
    return 0;
}

#define CASE(name) TEST_WITH(name, begin, end)

static const struct value *none(void)
{
    return value_null(arena, resource.type);
}

static const char *member(const char *name, const char *text)
{
    return text == NULL ? "" : arena_print(arena, ",'%s':'%s'", name, text);
}

static const struct value *object_of(const char *hub, const char *customer, const char *tenant,
                                     const char *time, const char *id)
{
    return value_of(arena, resource.type,
                    arena_print(arena,
                                "{'registration_id':'%s','customer_subscription_id':'%s'%s%s%s%s}",
                                hub, customer, member("tenant_id", tenant), member("id", id),
                                time != NULL ? ",'timeouts':" : "", time != NULL ? time : ""));
}

static const struct value *config_of(size_t number)
{
    size_t hub = number % HUBS, customer = number / HUBS % CUSTOMERS,
           tenant = number / HUBS / CUSTOMERS % TENANTS, time = number / HUBS / CUSTOMERS / TENANTS;
    return object_of(hubs[hub], customers[customer], tenants[tenant], times[time], NULL);
}

static const struct value *state_of(size_t number)
{
    if (states[number].hub == NULL)
        return none();
    return object_of(states[number].hub, CUSTOMER_A, states[number].tenant, states[number].time,
                     states[number].id);
}

/* Plans, and fails if the host would refuse it. */
static struct engine_plan plan(const struct value *prior, const struct value *config)
{
    struct diags diags;
    diags_init(&diags, arena);
    struct engine_plan plan = {
        .prior_state = prior,
        .config = config,
        .proposed_new_state = engine_host_propose(arena, &resource, prior, config),
        .prior_private = BYTES("p", 1),
    };
    assert_int_equal(engine_plan(&call, &resource, &plan, &diags), 0);
    assert_null(diags.first);
    const char *fault = engine_host_check_plan(arena, &resource, prior, config, plan.planned_state,
                                               plan.requires_replace);
    if (fault != NULL)
        fail_msg("%s -> %s: %s", engine_json_show(arena, prior), engine_json_show(arena, config),
                 fault);
    return plan;
}

static enum engine_host_action choose(const struct value *prior, struct engine_plan made)
{
    return engine_host_choose(arena, prior, made.planned_state, made.requires_replace);
}

CASE(the_host_takes_every_plan_and_planning_again_says_the_same)
{
    for (size_t i = 0; i < STATES * CONFIGS; i++) {
        const struct value *prior = state_of(i / CONFIGS), *config = config_of(i % CONFIGS);
        struct engine_plan first = plan(prior, config);
        struct engine_plan again = plan(prior, config);
        assert_true(value_equal(first.planned_state, again.planned_state));
        assert_int_equal(first.planned_private.length, 1);
        for (size_t n = 0; first.requires_replace[n] != NULL; n++)
            assert_string_equal(first.requires_replace[n], again.requires_replace[n]);
    }
}

/* A configuration in which everything that was unknown has turned out to be something. */
static const struct value *turn_out(const struct value *config)
{
    static const char *const turns[][2] = { { "registration_id", HUB("hub2") },
                                            { "customer_subscription_id", CUSTOMER_B },
                                            { "tenant_id", TENANT_B } };
    EACH (turn, turns) {
        if (value_is_unknown(value_get(arena, config, (*turn)[0])))
            config = value_with(arena, config, (*turn)[0], value_string(arena, (*turn)[1]));
    }
    const struct value *block = value_get(arena, config, "timeouts");
    if (value_is_null(block) || value_is_wholly_known(block))
        return config;
    return value_with(arena, config, "timeouts",
                      value_with(arena, block, "create", value_string(arena, "45m")));
}

CASE(a_plan_from_unknowns_stays_true_when_they_are_known)
{
    unsigned compared = 0;
    for (size_t i = 0; i < STATES * CONFIGS; i++) {
        const struct value *prior = state_of(i / CONFIGS), *config = config_of(i % CONFIGS);
        if (value_is_wholly_known(config))
            continue;
        struct engine_plan early = plan(prior, config);
        if (choose(prior, early) == HOST_REPLACE) {
            /* It is planned and applied as a creation. */
            prior = none();
            early = plan(prior, config);
        }
        struct engine_plan late = plan(prior, turn_out(config));
        const char *fault =
            engine_host_check_compatible(arena, early.planned_state, late.planned_state);
        if (fault != NULL)
            fail_msg("%s -> %s: %s", engine_json_show(arena, prior),
                     engine_json_show(arena, config), fault);
        assert_int_equal(choose(prior, early), choose(prior, late));
        compared++;
    }
    assert_true(compared > 300);
}

CASE(a_creation_knows_its_id_as_soon_as_its_parts)
{
    for (size_t k = 0; k < CONFIGS; k++) {
        const struct value *config = config_of(k);
        struct engine_plan made = plan(none(), config);
        const struct value *id = value_get(arena, made.planned_state, "id");
        const char *hub = value_text(value_get(arena, config, "registration_id"));
        const char *customer = value_text(value_get(arena, config, "customer_subscription_id"));
        assert_int_equal(value_is_unknown(id), hub == NULL || customer == NULL);
        if (!value_is_unknown(id))
            assert_string_equal(value_text(id),
                                arena_print(arena, "%s/customerSubscriptions/%s", hub, customer));
        const struct value *tenant = value_get(arena, made.planned_state, "tenant_id");
        const struct value *wanted = value_get(arena, config, "tenant_id");
        assert_true(value_is_null(wanted) ? value_is_unknown(tenant) : value_equal(tenant, wanted));
        assert_null(made.requires_replace[0]);
    }
}
