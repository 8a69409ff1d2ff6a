/* The rpcs about the provider itself.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rpc/internal.h"

int rpc_validate_provider(struct call *call, void *state, struct bytes request,
                          struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__ValidateProviderConfig__Request *in = rpc_unpack(
        call, &tfplugin6__validate_provider_config__request__descriptor, request, err);
    const struct value *config;
    if (in == NULL ||
        rpc_decode(call, in->config, rpc->provider_type, "config", &config, err) < 0)
        return -1;
    struct diags diags;
    diags_init(&diags, call->arena);
    configure_validate(call, rpc->options.provider, config, &diags);

    Tfplugin6__ValidateProviderConfig__Response out =
        TFPLUGIN6__VALIDATE_PROVIDER_CONFIG__RESPONSE__INIT;
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

int rpc_configure(struct call *call, void *state, struct bytes request,
                  struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__ConfigureProvider__Request *in = rpc_unpack(
        call, &tfplugin6__configure_provider__request__descriptor, request, err);
    const struct value *config;
    if (in == NULL ||
        rpc_decode(call, in->config, rpc->provider_type, "config", &config, err) < 0)
        return -1;
    struct diags diags;
    diags_init(&diags, call->arena);
    struct configure_host host = {
        .services = rpc->options.services,
        .provider_version = rpc->options.version,
        .terraform_version = in->terraform_version,
    };
    struct session *session;
    if (configure_session(call, rpc->options.provider, &host, config, &session, &diags) ==
        0) {
        if (rpc->options.serves_many_runs)
            stop_reset(rpc->options.stop);
        rpc_swap_session(rpc, session);
    }

    Tfplugin6__ConfigureProvider__Response out =
        TFPLUGIN6__CONFIGURE_PROVIDER__RESPONSE__INIT;
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

int rpc_stop(struct call *call, void *state, struct bytes request, struct bytes *reply,
             struct error *err)
{
    struct rpc *rpc = state;
    (void)call, (void)request, (void)err;
    stop_request(rpc->options.stop);
    *reply = NO_BYTES; /* no Error: it cannot fail */
    return 0;
}
