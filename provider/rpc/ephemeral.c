/* The rpcs about ephemeral resources. Each is opened, and nothing is held open: there is nothing
 * to renew or to close, and no private data.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rpc/internal.h"

int rpc_validate_ephemeral(struct call *call, void *state, struct bytes request,
                           struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__ValidateEphemeralResourceConfig__Request *in = rpc_unpack(
        call, &tfplugin6__validate_ephemeral_resource_config__request__descriptor,
        request, err);
    if (in == NULL)
        return -1;
    struct diags diags;
    diags_init(&diags, call->arena);
    const struct rpc_data_source *found =
        rpc_find_data_source(&rpc->ephemeral, in->type_name, &diags);
    const struct value *config;
    if (found != NULL) {
        if (rpc_decode(call, in->config, found->source.type, "config", &config, err) < 0)
            return -1;
        engine_validate_data(call, &found->source, config, &diags);
    }
    Tfplugin6__ValidateEphemeralResourceConfig__Response out =
        TFPLUGIN6__VALIDATE_EPHEMERAL_RESOURCE_CONFIG__RESPONSE__INIT;
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

/* Hosts open with a configuration that is wholly known.
 * Source: Terraform, node_resource_ephemeral.go, ephemeralResourceOpen() */
static int expect_known(const struct value *config, struct diags *diags)
{
    return value_is_wholly_known(config) && config->state == VALUE_KNOWN
               ? 0
               : diags_error(diags, PATH_NONE, "Configuration is not known yet",
                             "An ephemeral resource can be opened only when all of its "
                             "configuration is known.");
}

int rpc_open_ephemeral(struct call *call, void *state, struct bytes request,
                       struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__OpenEphemeralResource__Request *in = rpc_unpack(
        call, &tfplugin6__open_ephemeral_resource__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    call->resource_type = in->type_name;
    struct diags diags;
    diags_init(&diags, call->arena);
    Tfplugin6__OpenEphemeralResource__Response out =
        TFPLUGIN6__OPEN_EPHEMERAL_RESOURCE__RESPONSE__INIT;
    const struct rpc_data_source *found =
        rpc_find_data_source(&rpc->ephemeral, in->type_name, &diags);
    const struct value *config, *opened;
    if (found != NULL) {
        const struct data_source *source = &found->source;
        if (rpc_decode(call, in->config, source->type, "config", &config, err) < 0)
            return -1;
        auto_session session = rpc_session(rpc);
        if (engine_validate_data(call, source, config, &diags) == 0 &&
            expect_known(config, &diags) == 0)
            out.deferred =
                rpc_put_deferred(call->arena, session, in->client_capabilities);
        if (out.deferred != NULL)
            out.result =
                rpc_encode(call->arena, value_unknown(call->arena, source->type));
        else if (!diags_have_error(&diags) &&
                 found->read(call, source, session, config, &opened, &diags) == 0)
            out.result = rpc_encode(call->arena, opened);
    }
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

/* No answer to an open asks for it. */
int rpc_renew_ephemeral(struct call *call, void *state, struct bytes request,
                        struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__RenewEphemeralResource__Request *in = rpc_unpack(
        call, &tfplugin6__renew_ephemeral_resource__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    struct diags diags;
    diags_init(&diags, call->arena);
    rpc_find_data_source(&rpc->ephemeral, in->type_name, &diags);
    Tfplugin6__RenewEphemeralResource__Response out =
        TFPLUGIN6__RENEW_EPHEMERAL_RESOURCE__RESPONSE__INIT;
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

/* Hosts close whatever they opened. */
int rpc_close_ephemeral(struct call *call, void *state, struct bytes request,
                        struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__CloseEphemeralResource__Request *in = rpc_unpack(
        call, &tfplugin6__close_ephemeral_resource__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    struct diags diags;
    diags_init(&diags, call->arena);
    rpc_find_data_source(&rpc->ephemeral, in->type_name, &diags);
    Tfplugin6__CloseEphemeralResource__Response out =
        TFPLUGIN6__CLOSE_EPHEMERAL_RESOURCE__RESPONSE__INIT;
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}
