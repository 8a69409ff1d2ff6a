/* The service tfplugin6: its state, and its methods.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/memory.h"
#include "rpc/internal.h"

enum { SCHEMA_BYTES_MAX = 4 * 1024 * 1024 }; /* Terraform accepts at least this size */

#define METHOD(name, kind_of_it, function)                                               \
    {                                                                                    \
        .path = "/tfplugin6.Provider/" name, .kind = kind_of_it, .handle = function      \
    }

const struct plugin_method rpc_methods[] = {
    { .path = "/tfplugin6.Provider/GetProviderSchema",
      .kind = PLUGIN_SHORT,
      .handle = rpc_get_provider_schema,
      .keeps_reply = true },
    METHOD("GetMetadata", PLUGIN_SHORT, rpc_get_metadata),
    METHOD("GetResourceIdentitySchemas", PLUGIN_SHORT, rpc_get_identity_schemas),
    METHOD("UpgradeResourceIdentity", PLUGIN_WORKER, rpc_upgrade_identity),
    METHOD("ValidateDataResourceConfig", PLUGIN_WORKER, rpc_validate_data_source),
    METHOD("ReadDataSource", PLUGIN_WORKER, rpc_read_data_source),
    METHOD("ValidateEphemeralResourceConfig", PLUGIN_WORKER, rpc_validate_ephemeral),
    METHOD("OpenEphemeralResource", PLUGIN_WORKER, rpc_open_ephemeral),
    METHOD("RenewEphemeralResource", PLUGIN_SHORT, rpc_renew_ephemeral),
    METHOD("CloseEphemeralResource", PLUGIN_SHORT, rpc_close_ephemeral),
    METHOD("GetFunctions", PLUGIN_SHORT, rpc_get_functions),
    METHOD("CallFunction", PLUGIN_WORKER, rpc_call_function),
    METHOD("StopProvider", PLUGIN_SHORT, rpc_stop),
    METHOD("ValidateProviderConfig", PLUGIN_WORKER, rpc_validate_provider),
    METHOD("ConfigureProvider", PLUGIN_WORKER, rpc_configure),
    METHOD("ValidateResourceConfig", PLUGIN_WORKER, rpc_validate_resource),
    METHOD("UpgradeResourceState", PLUGIN_WORKER, rpc_upgrade_resource),
    METHOD("ReadResource", PLUGIN_WORKER, rpc_read_resource),
    METHOD("PlanResourceChange", PLUGIN_WORKER, rpc_plan_resource),
    METHOD("ApplyResourceChange", PLUGIN_WORKER, rpc_apply_resource),
    METHOD("ImportResourceState", PLUGIN_WORKER, rpc_import_resource),
    METHOD("MoveResourceState", PLUGIN_WORKER, rpc_move_resource),
    METHOD("ValidateListResourceConfig", PLUGIN_WORKER, rpc_validate_list),
    { .path = "/tfplugin6.Provider/ListResource",
      .kind = PLUGIN_STREAM,
      .stream = rpc_list_resource },
    { .path = NULL },
};

static void init_data_sources(struct rpc *rpc, const struct engine_reader *readers,
                              const char *noun, struct rpc_data_sources *out)
{
    *out = (struct rpc_data_sources){ .noun = noun };
    while (readers != NULL && readers[out->count].table != NULL)
        out->count++;
    out->items = arena_take_many(rpc->arena, out->count, sizeof *out->items);
    for (size_t i = 0; i < out->count; i++) {
        struct rpc_data_source *one = &out->items[i];
        engine_data_source_init(&one->source, rpc->arena, readers[i].table);
        one->read = readers[i].read != NULL ? readers[i].read : engine_read_data;
        one->type_name = arena_print(rpc->arena, "%s_%s", rpc->options.provider->name,
                                     readers[i].table->name);
    }
}

struct rpc *rpc_new(const struct rpc_options *options)
{
    struct rpc *rpc = memory_new(sizeof *rpc);
    static const struct function_table *const no_functions[] = { NULL };
    rpc->options = *options;
    if (options->functions == NULL)
        rpc->options.functions = no_functions;
    rpc->arena = arena_new();
    buf_init(&rpc->schema, SCHEMA_BYTES_MAX);
    pthread_mutex_init(&rpc->lock, NULL);
    rpc->provider_type = schema_rows_type(rpc->arena, options->provider->attributes);
    while (options->resources[rpc->resource_count] != NULL)
        rpc->resource_count++;
    rpc->resources =
        arena_take_many(rpc->arena, rpc->resource_count, sizeof *rpc->resources);
    for (size_t i = 0; i < rpc->resource_count; i++)
        engine_resource_init(&rpc->resources[i], rpc->arena, options->resources[i]);
    rpc->type_names =
        arena_take_many(rpc->arena, rpc->resource_count, sizeof *rpc->type_names);
    for (size_t i = 0; i < rpc->resource_count; i++)
        rpc->type_names[i] = arena_print(rpc->arena, "%s_%s", options->provider->name,
                                         options->resources[i]->name);
    init_data_sources(rpc, options->data_sources, "data source", &rpc->data_sources);
    init_data_sources(rpc, options->ephemeral, "ephemeral resource", &rpc->ephemeral);
    return rpc;
}

void rpc_free(struct rpc *rpc)
{
    if (rpc == NULL)
        return;
    session_free(rpc->session);
    pthread_mutex_destroy(&rpc->lock);
    buf_clear(&rpc->schema);
    arena_free(rpc->arena);
    free(rpc);
}

const struct resource *rpc_find_resource(struct rpc *rpc, const char *type_name,
                                         struct diags *diags)
{
    for (size_t i = 0; i < rpc->resource_count; i++) {
        if (strcmp(type_name, rpc->type_names[i]) == 0)
            return &rpc->resources[i];
    }
    diags_error(diags, PATH_NONE, "Unknown resource type",
                "This provider has no resource type \"%s\".", type_name);
    return NULL;
}

struct session *rpc_session(struct rpc *rpc)
{
    pthread_mutex_lock(&rpc->lock);
    struct session *session = rpc->session != NULL ? session_ref(rpc->session) : NULL;
    pthread_mutex_unlock(&rpc->lock);
    return session;
}

void rpc_swap_session(struct rpc *rpc, struct session *session)
{
    pthread_mutex_lock(&rpc->lock);
    struct session *old = rpc->session;
    rpc->session = session;
    pthread_mutex_unlock(&rpc->lock);
    session_free(old);
}
