/* The session of a run: the services that every script has, or what a script configures.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "exchanges/player.h"
#include "schema/tables.h"
#include "support/toy.h"

#define TENANT "99999999-8888-7777-6666-555555555555"
#define APPLICATION                                                                      \
    .client_id = "44444444-3333-2222-1111-000000000000",                                 \
    .client_secret = "canary-of-a-client"

enum { SERVICES = 4 };

static void fill_services(const struct run *run, struct service_config *services)
{
    const struct resource_table *table = run->resource.table;
    services[0] = (struct service_config){
        .name = toy_service.name,
        .dialect = &toy_dialect,
        .endpoint = TOY_ENDPOINT,
        .audience = TOY_AUDIENCE,
        .missing = toy_service.missing,
        .is_case_sensitive = toy_service.ids->is_case_sensitive,
        .auth = { .tenant_id = TOY_TENANT, APPLICATION },
    };
    services[1] = (struct service_config){
        .name = hub_service.name,
        .dialect = &dialect_hub,
        /* Only for its own objects: what names nothing of a hub never asks one. */
        .endpoint = table->service == &hub_service || run->script->has_hub
                        ? "https://adminmanagement.hub.example.com"
                        : NULL,
        .audience = "https://adminmanagement.example.onmicrosoft.com/0",
        .missing = hub_service.missing,
        .auth = { .tenant_id = TENANT, APPLICATION },
    };
    services[2] = (struct service_config){
        .name = hub_user_service.name,
        .dialect = &dialect_hub,
        .endpoint = "https://management.hub.example.com",
        .address = "https://management.hub.example.com",
        .audience = "https://management.example.onmicrosoft.com/0",
        .missing = hub_user_service.missing,
        .auth = { .tenant_id = TENANT, APPLICATION },
    };
    services[3] = (struct service_config){
        .name = partner_service.name,
        .dialect = &dialect_partner,
        /* Its audience as well. */
        .endpoint = "https://api.partnercenter.microsoft.com",
        .missing = partner_service.missing,
        .auth = { .tenant_id = TENANT,
                  APPLICATION,
                  .refresh_token = table->needs_person ? "not-a-refresh-token" : NULL },
    };
}

/* Where a member of the script's `session` goes, and of its `service`, which is the table's. */
static const struct place {
    const char *name;
    size_t at;
} common_places[] = {
#define COMMON(name, field)                                                              \
    {                                                                                    \
        name, offsetof(struct session_config, field)                                     \
    }
    COMMON("environment", environment),
    COMMON("metadata_host", metadata_host),
    COMMON("ca_bundle", ca_bundle),
    COMMON("endpoint", resource_manager_endpoint),
    COMMON("audience", resource_manager_audience),
    COMMON("authority", auth.authority),
    COMMON("subscription_id", subscription_id),
    COMMON("api_version", api_version),
    COMMON("tenant_id", auth.tenant_id),
    COMMON("client_secret", auth.client_secret),
    { NULL, 0 },
}, service_places[] = {
#define OWN(name, field)                                                                 \
    {                                                                                    \
        name, offsetof(struct service_config, field)                                     \
    }
    OWN("endpoint", endpoint),
    OWN("audience", audience),
    OWN("known_authority", known_authority),
    OWN("authority", auth.authority),
    OWN("tenant_id", auth.tenant_id),
    OWN("client_secret", auth.client_secret),
    { NULL, 0 },
};

static void put(struct run *run, const struct place *places, void *config,
                const char *name, const json_t *text)
{
    while (places->name != NULL && strcmp(places->name, name) != 0)
        places++;
    if (places->name == NULL)
        run_fail(run, "a session has no %s", name);
    else
        *(const char **)((char *)config + places->at) = json_string_value(text);
}

static void configure(struct run *run, struct session_config *config,
                      struct service_config *services, const json_t *wanted)
{
    const char *name;
    json_t *text;
    json_t *service = json_object_get(wanted, "service");
    json_object_foreach((json_t *)(uintptr_t)wanted, name, text)
    {
        if (text != service)
            put(run, common_places, config, name, text);
    }
    config->service_count = service != NULL;
    if (service == NULL)
        return;
    struct service_config *own = services;
    while (strcmp(own->name, run->resource.table->service->name) != 0)
        own++;
    config->services = own;
    if (own->dialect == &dialect_hub) {
        own->audience = own->auth.tenant_id = NULL;
        own->publishes_sign_in = own->has_own_proof = true;
        own->block = own->name;
        own->endpoint_name = "admin_endpoint";
    }
    json_object_foreach(service, name, text)
    {
        if (strcmp(name, "proof") == 0)
            own->has_own_proof = json_is_true(text);
        else if (strcmp(name, "uses_msi") == 0)
            own->auth = (struct auth_config){ .uses_msi = true };
        else
            put(run, service_places, own, name, text);
    }
}

void run_new_session(struct run *run, const json_t *wanted)
{
    struct service_config services[SERVICES];
    fill_services(run, services);
    struct session_config config = {
        .services = services,
        .service_count = SERVICES,
        .environment = "public",
        .auth = { .tenant_id = TENANT, APPLICATION },
        .user_agent = "exchanges/1",
        .correlation_id = "c0c0c0c0-0000-0000-0000-000000000001",
        .has_no_correlation_id = run->script->has_no_correlation_id,
        .requires_plan_checks = run->script->requires_plan_checks,
        .checks_locks = run->script->checks_locks,
        .auxiliary_tenant_ids = { run->script->auxiliary[0], run->script->auxiliary[1],
                                  run->script->auxiliary[2] },
    };
    run->has_own_session = wanted != NULL;
    if (wanted != NULL)
        configure(run, &config, services, wanted);
    session_free(run->session);
    run->session = NULL;
    if (session_new_over(&config, &run->transport, &run->session, &run->session_fault) <
            0 &&
        wanted == NULL)
        run_fail(run, "no session: %s", run->session_fault.text);
}
