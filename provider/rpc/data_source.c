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

int rpc_data_validate(struct call *call, struct rpc_data *data, struct error *err)
{
    diags_init(&data->diags, call->arena);
    data->found = rpc_find_data_source(data->all, data->type_name, &data->diags);
    if (data->found == NULL)
        return 0;
    const struct data_source *source = &data->found->source;
    if (rpc_decode(call, data->config, source->type, "config", &data->value, err) < 0)
        return -1;
    engine_validate_data(call, source, data->value, &data->diags);
    return 0;
}

/* Terraform only reads with a configuration that is wholly known.
 * Source: Terraform, node_resource_abstract_instance.go, planDataSource();
 * node_resource_ephemeral.go, ephemeralResourceOpen() */
static void expect_known(struct rpc_data *data)
{
    if (!diags_have_error(&data->diags) &&
        (data->value->state != VALUE_KNOWN || !value_is_wholly_known(data->value)))
        diags_error(&data->diags, PATH_NONE, "Configuration is not known yet",
                    "Terraform can read this %s only when all of its arguments are "
                    "known.",
                    data->all->noun);
}

int rpc_data_read(struct call *call, struct rpc *rpc, struct rpc_data *data,
                  struct error *err)
{
    const struct value *read;
    call->resource_type = data->type_name;
    if (rpc_data_validate(call, data, err) < 0)
        return -1;
    if (data->found == NULL)
        return 0;
    const struct data_source *source = &data->found->source;
    auto_session session = rpc_session(rpc);
    expect_known(data);
    if (!diags_have_error(&data->diags))
        data->deferred = rpc_put_deferred(call->arena, session, data->capabilities);
    if (data->deferred != NULL)
        data->result = rpc_encode(call->arena, value_unknown(call->arena, source->type));
    else if (!diags_have_error(&data->diags) &&
             data->found->read(call, source, session, data->value, &read, &data->diags) ==
                 0)
        data->result = rpc_encode(call->arena, read);
    return 0;
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
    struct rpc_data data = { .all = &rpc->data_sources,
                             .type_name = in->type_name,
                             .config = in->config };
    if (rpc_data_validate(call, &data, err) < 0)
        return -1;
    Tfplugin6__ValidateDataResourceConfig__Response out =
        TFPLUGIN6__VALIDATE_DATA_RESOURCE_CONFIG__RESPONSE__INIT;
    rpc_put_diags(&data.diags, &out.n_diagnostics, &out.diagnostics);
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
    struct rpc_data data = { .all = &rpc->data_sources,
                             .type_name = in->type_name,
                             .config = in->config,
                             .capabilities = in->client_capabilities };
    if (rpc_data_read(call, rpc, &data, err) < 0)
        return -1;
    Tfplugin6__ReadDataSource__Response out = TFPLUGIN6__READ_DATA_SOURCE__RESPONSE__INIT;
    out.state = data.result;
    out.deferred = data.deferred;
    rpc_put_diags(&data.diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}
