/* Targets through the whole provider: RPCs against a service, and the provider block.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/clock.h"
#include "fuzz/fuzz.h"
#include "registry.h"
#include "rpc/internal.h"
#include "schema/tables.h"
#include "value/codec.h"

#define OWN                                                                              \
    .auth = { .tenant_id = TENANT, .client_id = "c", .client_secret = FUZZ_SECRET }
#define TENANT "99999999-8888-7777-6666-555555555555"
#define ADMIN "https://adminmanagement.hub.example.com"
#define USER "https://management.hub.example.com"
#define PARTNER "https://api.partnercenter.microsoft.com"
static const char *const trusted[] = { ADMIN,
                                       USER,
                                       PARTNER,
                                       "https://management.azure.com",
                                       "https://login.microsoftonline.com",
                                       NULL };

static struct session *make_session(struct fuzz_service *service, struct bytes answers)
{
    const struct service_config services[] = {
        { hub_service.name, &dialect_hub, ADMIN, "https://adminmanagement.x/0", OWN },
        { hub_user_service.name, &dialect_hub, USER, "https://management.x/0", OWN },
        { partner_service.name, &dialect_partner, PARTNER, PARTNER, OWN },
    };
    struct session_config config = {
        .services = services,
        .service_count = sizeof services / sizeof *services,
        .environment = "public",
        .subscription_id = "0a1b2c3d-1111-4222-8333-444455556666",
        OWN,
    };
    fuzz_service_init(service, answers, trusted);
    service->gives_tokens = true;
    struct session *session = NULL;
    struct error err = NO_ERROR;
    fuzz_require(session_new_over(&config, &service->base, &session, &err) == 0,
                 "a session", err.text);
    return session;
}

static struct rpc *the_rpc(void)
{
    static struct rpc *rpc;
    static const struct rpc_options options = {
        .provider = &provider_table,
        .services = registry_services,
        .resources = registry_resources,
        .data_sources = registry_data_sources,
        .ephemeral = registry_ephemeral,
        .functions = registry_functions,
        .version = "0",
    };
    if (rpc == NULL) {
        struct rpc_options own = options;
        own.stop = stop_new();
        rpc = rpc_new(&own);
    }
    return rpc;
}

/* ---- RPCs -------------------------------------------------------------------------------------- */

static int take_message(struct plugin_sink *sink, struct call *call, struct bytes message,
                        struct error *err)
{
    (void)sink, (void)call, (void)err;
    fuzz_require(memmem(message.data, message.length, FUZZ_SECRET, strlen(FUZZ_SECRET)) ==
                     NULL,
                 "no secret in an answer", "");
    return 0;
}

/* The name of the RPC; its protobuf bytes; answers of services. */
void fuzz_requests(struct arena *arena, struct bytes in)
{
    const char *name = fuzz_line(arena, &in);
    const struct plugin_method *method = rpc_methods;
    while (method->path != NULL && strcmp(strrchr(method->path, '/') + 1, name) != 0)
        method++;
    if (method->path == NULL || in.length == 0)
        return;
    const struct bytes request = fuzz_take(&in, "\n< ");
    struct fuzz_service service;
    rpc_swap_session(the_rpc(), make_session(&service, in));
    struct call call;
    call_init(&call, NULL);
    struct bytes reply = BYTES("", 0);
    struct plugin_sink sink = { take_message };
    struct error err = NO_ERROR;
    const struct bytes own =
        BYTES(arena_copy(arena, request.data, request.length), request.length);
    int result = method->handle != NULL
                     ? method->handle(&call, the_rpc(), own, &reply, &err)
                     : method->stream(&call, the_rpc(), own, &sink, &err);
    fuzz_check_error(result, &err);
    if (reply.length > 0)
        take_message(NULL, NULL, reply, NULL);
    call_clear(&call);
    rpc_swap_session(the_rpc(), NULL);
}

/* ---- the provider block ------------------------------------------------------------------------ */

/* Variables; the block. */
void fuzz_configure(struct arena *arena, struct bytes in)
{
    static const char *const starts[] = { "ARM_",     "AZURE", "SYSTEM_",
                                          "ACTIONS_", "HTTP",  NULL };
    fuzz_set_environment(arena, &in, starts);
    const struct value *config;
    struct error err = NO_ERROR;
    struct call call;
    struct diags diags;
    call_init(&call, NULL);
    diags_init(&diags, call.arena);
    if (value_decode_json(call.arena, in, the_rpc()->provider_type, false, &config,
                          &err) == 0) {
        const struct configure_host host = { registry_services, "0", "1" };
        struct session *session = NULL;
        int result = configure_validate(&call, &provider_table, config, &diags);
        fuzz_check_diags(result, &diags);
        if (result == 0) {
            result = configure_session(&call, &provider_table, &host, config, &session,
                                       &diags);
            fuzz_check_diags(result, &diags);
        }
        session_free(session);
    }
    call_clear(&call);
    fuzz_forget_environment();
}
