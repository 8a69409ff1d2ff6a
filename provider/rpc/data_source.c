/* The rpcs about data sources.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "rpc/internal.h"

const struct rpc_data_source *rpc_find_data_source(const struct rpc_data_sources *all,
                                                   const char *type_name,
                                                   struct diags *diags)
{
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(type_name, all->items[i].type_name) == 0)
            return &all->items[i];
    }
    diags_error(diags, PATH_NONE, arena_print(diags->arena, "Unknown %s type", all->noun),
                "This provider has no %s type \"%s\".", all->noun, type_name);
    return NULL;
}

int rpc_validate_data_source(struct call *call, void *state, struct bytes request,
                             struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__ValidateDataResourceConfig__Request *in =
        rpc_unpack(call, &tfplugin6__validate_data_resource_config__request__descriptor,
                   request, err);
    if (in == NULL)
        return -1;
    struct diags diags;
    diags_init(&diags, call->arena);
    const struct rpc_data_source *found =
        rpc_find_data_source(&rpc->data_sources, in->type_name, &diags);
    const struct value *config;
    if (found != NULL) {
        if (rpc_decode(call, in->config, found->source.type, "config", &config, err) < 0)
            return -1;
        engine_validate_data(call, &found->source, config, &diags);
    }
    Tfplugin6__ValidateDataResourceConfig__Response out =
        TFPLUGIN6__VALIDATE_DATA_RESOURCE_CONFIG__RESPONSE__INIT;
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}

int rpc_read_data_source(struct call *call, void *state, struct bytes request,
                         struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__ReadDataSource__Request *in =
        rpc_unpack(call, &tfplugin6__read_data_source__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    call->resource_type = in->type_name;
    struct diags diags;
    diags_init(&diags, call->arena);
    Tfplugin6__ReadDataSource__Response out = TFPLUGIN6__READ_DATA_SOURCE__RESPONSE__INIT;
    const struct rpc_data_source *found =
        rpc_find_data_source(&rpc->data_sources, in->type_name, &diags);
    const struct value *config, *read;
    if (found != NULL) {
        if (rpc_decode(call, in->config, found->source.type, "config", &config, err) < 0)
            return -1;
        auto_session session = rpc_session(rpc);
        if (engine_validate_data(call, &found->source, config, &diags) == 0)
            out.deferred =
                rpc_put_deferred(call->arena, session, in->client_capabilities);
        if (out.deferred != NULL)
            out.state =
                rpc_encode(call->arena, value_unknown(call->arena, found->source.type));
        else if (!diags_have_error(&diags) &&
                 found->read(call, &found->source, session, config, &read, &diags) == 0)
            out.state = rpc_encode(call->arena, read);
    }
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}
