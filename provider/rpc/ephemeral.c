/* The rpcs about ephemeral resources. Opening one keeps nothing open, so there is nothing to renew
 * or to close, and no private data.
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
    struct rpc_data data = { .all = &rpc->ephemeral,
                             .type_name = in->type_name,
                             .config = in->config };
    if (rpc_data_validate(call, &data, err) < 0)
        return -1;
    Tfplugin6__ValidateEphemeralResourceConfig__Response out =
        TFPLUGIN6__VALIDATE_EPHEMERAL_RESOURCE_CONFIG__RESPONSE__INIT;
    rpc_put_diags(&data.diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

int rpc_open_ephemeral(struct call *call, void *state, struct bytes request,
                       struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__OpenEphemeralResource__Request *in = rpc_unpack(
        call, &tfplugin6__open_ephemeral_resource__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    struct rpc_data data = { .all = &rpc->ephemeral,
                             .type_name = in->type_name,
                             .config = in->config,
                             .capabilities = in->client_capabilities };
    if (rpc_data_read(call, rpc, &data, err) < 0)
        return -1;
    Tfplugin6__OpenEphemeralResource__Response out =
        TFPLUGIN6__OPEN_EPHEMERAL_RESOURCE__RESPONSE__INIT;
    out.result = data.result;
    out.deferred = data.deferred;
    rpc_put_diags(&data.diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

/* Terraform does not call this, because no response to an open asks for a renewal. */
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

/* Terraform closes everything that it opened. */
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
