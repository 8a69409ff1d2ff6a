/* The answer to GetProviderSchema: the tables, as the host wants them.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "rpc/internal.h"

static Tfplugin6__Schema__Attribute **
put_rows(struct arena *arena, const struct attribute *rows, size_t *count);

static Tfplugin6__Schema__Object *put_object(struct arena *arena,
                                             const struct attribute *row)
{
    static const Tfplugin6__Schema__Object__NestingMode modes[] = {
        [NESTING_SINGLE] = TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__SINGLE,
        [NESTING_LIST] = TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__LIST,
        [NESTING_SET] = TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__SET,
        [NESTING_MAP] = TFPLUGIN6__SCHEMA__OBJECT__NESTING_MODE__MAP,
    };
    Tfplugin6__Schema__Object *object = arena_take(arena, sizeof *object);
    tfplugin6__schema__object__init(object);
    object->nesting = modes[row->nesting];
    object->attributes = put_rows(arena, row->rows, &object->n_attributes);
    return object;
}

/* Without those that are blocks. */
static Tfplugin6__Schema__Attribute **
put_rows(struct arena *arena, const struct attribute *rows, size_t *count)
{
    Tfplugin6__Schema__Attribute **out =
        arena_take_many(arena, schema_count(rows), sizeof *out);
    *count = 0;
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        if (row->is_block)
            continue;
        Tfplugin6__Schema__Attribute *message = arena_take(arena, sizeof *message);
        tfplugin6__schema__attribute__init(message);
        message->name = rpc_put_text(row->name);
        message->description = rpc_put_text(row->doc);
        message->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
        message->required = (row->flags & REQUIRED) != 0;
        message->optional = (row->flags & OPTIONAL) != 0;
        message->computed = (row->flags & COMPUTED) != 0;
        message->sensitive = (row->flags & SENSITIVE) != 0;
        message->write_only = (row->flags & WRITE_ONLY) != 0;
        if (row->nesting != NESTING_NONE)
            message->nested_type = put_object(arena, row);
        else
            message->type = rpc_put_bytes(type_format_json(arena, row->type));
        out[(*count)++] = message;
    }
    return out;
}

static Tfplugin6__Schema__Block *put_block(struct arena *arena,
                                           const struct attribute *rows, const char *doc);

static Tfplugin6__Schema__NestedBlock *put_nested(struct arena *arena, const char *name,
                                                  const struct attribute *rows,
                                                  const char *doc)
{
    Tfplugin6__Schema__NestedBlock *nested = arena_take(arena, sizeof *nested);
    tfplugin6__schema__nested_block__init(nested);
    nested->type_name = rpc_put_text(name);
    nested->nesting = TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__SINGLE;
    nested->block = put_block(arena, rows, doc);
    return nested;
}

static Tfplugin6__Schema__NestedBlock **
put_blocks(struct arena *arena, const struct attribute *rows, size_t *count)
{
    Tfplugin6__Schema__NestedBlock **out =
        arena_take_many(arena, schema_count(rows), sizeof *out);
    *count = 0;
    for (; rows->name != NULL; rows++) {
        if (rows->is_block)
            out[(*count)++] = put_nested(arena, rows->name, rows->rows, rows->doc);
    }
    return out;
}

static Tfplugin6__Schema__Block *put_block(struct arena *arena,
                                           const struct attribute *rows, const char *doc)
{
    Tfplugin6__Schema__Block *block = arena_take(arena, sizeof *block);
    tfplugin6__schema__block__init(block);
    block->attributes = put_rows(arena, rows, &block->n_attributes);
    block->block_types = put_blocks(arena, rows, &block->n_block_types);
    block->description = rpc_put_text(doc);
    block->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    return block;
}

static Tfplugin6__Schema *put_schema(struct arena *arena, int64_t version,
                                     Tfplugin6__Schema__Block *block)
{
    Tfplugin6__Schema *schema = arena_take(arena, sizeof *schema);
    tfplugin6__schema__init(schema);
    schema->version = version;
    schema->block = block;
    return schema;
}

static Tfplugin6__Schema *put_resource(struct arena *arena,
                                       const struct resource *resource)
{
    const struct resource_table *table = resource->table;
    Tfplugin6__Schema__NestedBlock *timeouts =
        put_nested(arena, "timeouts", resource->timeouts,
                   "How long the operations may take, such as `30m` or `1h30m`.");
    Tfplugin6__Schema__Block *block = put_block(arena, table->attributes, table->doc);
    block->n_block_types = 1;
    block->block_types = arena_take(arena, sizeof *block->block_types);
    block->block_types[0] = timeouts;
    return put_schema(arena, table->schema_version, block);
}

/* plan_destroy: a destroy is planned by us as well, so that it can warn.
 * get_provider_schema_optional: a host asks one process of a run, not all of them. */
static Tfplugin6__ServerCapabilities *capabilities(struct arena *arena)
{
    Tfplugin6__ServerCapabilities *message = arena_take(arena, sizeof *message);
    tfplugin6__server_capabilities__init(message);
    message->plan_destroy = true;
    message->move_resource_state = true;
    message->get_provider_schema_optional = true;
    return message;
}

static Tfplugin6__Schema *put_data_source(struct arena *arena,
                                          const struct rpc_data_source *one)
{
    const struct data_source_table *table = one->source.table;
    return put_schema(arena, 0, put_block(arena, table->attributes, table->doc));
}

static void put_data_sources(struct rpc *rpc,
                             Tfplugin6__GetProviderSchema__Response *response)
{
    typedef Tfplugin6__GetProviderSchema__Response__DataSourceSchemasEntry entry_message;
    struct arena *arena = rpc->arena;
    response->n_data_source_schemas = rpc->data_sources.count;
    response->data_source_schemas = arena_take_many(
        arena, rpc->data_sources.count, sizeof *response->data_source_schemas);
    for (size_t i = 0; i < rpc->data_sources.count; i++) {
        const struct rpc_data_source *one = &rpc->data_sources.items[i];
        entry_message *entry = arena_take(arena, sizeof *entry);
        tfplugin6__get_provider_schema__response__data_source_schemas_entry__init(entry);
        entry->key = rpc_put_text(one->type_name);
        entry->value = put_data_source(arena, one);
        response->data_source_schemas[i] = entry;
    }
}

static void put_ephemeral(struct rpc *rpc,
                          Tfplugin6__GetProviderSchema__Response *response)
{
    typedef Tfplugin6__GetProviderSchema__Response__EphemeralResourceSchemasEntry
        entry_message;
    struct arena *arena = rpc->arena;
    response->n_ephemeral_resource_schemas = rpc->ephemeral.count;
    response->ephemeral_resource_schemas = arena_take_many(
        arena, rpc->ephemeral.count, sizeof *response->ephemeral_resource_schemas);
    for (size_t i = 0; i < rpc->ephemeral.count; i++) {
        const struct rpc_data_source *one = &rpc->ephemeral.items[i];
        entry_message *entry = arena_take(arena, sizeof *entry);
        tfplugin6__get_provider_schema__response__ephemeral_resource_schemas_entry__init(
            entry);
        entry->key = rpc_put_text(one->type_name);
        entry->value = put_data_source(arena, one);
        response->ephemeral_resource_schemas[i] = entry;
    }
}

static void put_lists(struct rpc *rpc, Tfplugin6__GetProviderSchema__Response *response)
{
    typedef Tfplugin6__GetProviderSchema__Response__ListResourceSchemasEntry
        entry_message;
    struct arena *arena = rpc->arena;
    response->list_resource_schemas = arena_take_many(
        arena, rpc->resource_count, sizeof *response->list_resource_schemas);
    for (size_t i = 0; i < rpc->resource_count; i++) {
        const struct resource_table *table = rpc->resources[i].table;
        if (table->list == NULL)
            continue;
        entry_message *entry = arena_take(arena, sizeof *entry);
        tfplugin6__get_provider_schema__response__list_resource_schemas_entry__init(
            entry);
        entry->key = rpc_put_text(rpc->type_names[i]);
        entry->value = put_schema(
            arena, 0,
            put_block(
                arena, table->list,
                arena_print(
                    arena,
                    "Lists all %ss, including those that Terraform does not manage.",
                    table->noun)));
        response->list_resource_schemas[response->n_list_resource_schemas++] = entry;
    }
}

static void put_functions(struct rpc *rpc,
                          Tfplugin6__GetProviderSchema__Response *response)
{
    typedef Tfplugin6__GetProviderSchema__Response__FunctionsEntry entry_message;
    struct arena *arena = rpc->arena;
    const struct function_table *const *tables = rpc->options.functions;
    while (tables[response->n_functions] != NULL)
        response->n_functions++;
    response->functions =
        arena_take_many(arena, response->n_functions, sizeof *response->functions);
    for (size_t i = 0; i < response->n_functions; i++) {
        entry_message *entry = arena_take(arena, sizeof *entry);
        tfplugin6__get_provider_schema__response__functions_entry__init(entry);
        entry->key = rpc_put_text(tables[i]->name);
        entry->value = rpc_put_function(arena, tables[i]);
        response->functions[i] = entry;
    }
}

struct bytes rpc_schema_answer(struct rpc *rpc)
{
    typedef Tfplugin6__GetProviderSchema__Response__ResourceSchemasEntry entry_message;
    struct arena *arena = rpc->arena;
    Tfplugin6__GetProviderSchema__Response response =
        TFPLUGIN6__GET_PROVIDER_SCHEMA__RESPONSE__INIT;
    response.provider = put_schema(
        arena, 0,
        put_block(arena, rpc->options.provider->attributes, rpc->options.provider->doc));
    response.n_resource_schemas = rpc->resource_count;
    response.resource_schemas =
        arena_take_many(arena, rpc->resource_count, sizeof *response.resource_schemas);
    for (size_t i = 0; i < rpc->resource_count; i++) {
        entry_message *entry = arena_take(arena, sizeof *entry);
        tfplugin6__get_provider_schema__response__resource_schemas_entry__init(entry);
        entry->key = rpc_put_text(rpc->type_names[i]);
        entry->value = put_resource(arena, &rpc->resources[i]);
        response.resource_schemas[i] = entry;
    }
    put_data_sources(rpc, &response);
    put_ephemeral(rpc, &response);
    put_lists(rpc, &response);
    put_functions(rpc, &response);
    response.server_capabilities = capabilities(arena);
    return rpc_pack(arena, &response.base);
}

int rpc_get_provider_schema(struct call *call, void *state, struct bytes request,
                            struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    (void)call, (void)request, (void)err;
    *reply = rpc->schema;
    return 0;
}

static void put_metadata_names(struct rpc *rpc, struct arena *arena,
                               Tfplugin6__GetMetadata__Response *out)
{
    out->resources = arena_take_many(arena, rpc->resource_count, sizeof *out->resources);
    out->list_resources =
        arena_take_many(arena, rpc->resource_count, sizeof *out->list_resources);
    for (size_t i = 0; i < rpc->resource_count; i++) {
        Tfplugin6__GetMetadata__ResourceMetadata *one = arena_take(arena, sizeof *one);
        tfplugin6__get_metadata__resource_metadata__init(one);
        one->type_name = rpc_put_text(rpc->type_names[i]);
        out->resources[out->n_resources++] = one;
        if (rpc->resources[i].table->list == NULL)
            continue;
        Tfplugin6__GetMetadata__ListResourceMetadata *list =
            arena_take(arena, sizeof *list);
        tfplugin6__get_metadata__list_resource_metadata__init(list);
        list->type_name = one->type_name;
        out->list_resources[out->n_list_resources++] = list;
    }
    out->data_sources =
        arena_take_many(arena, rpc->data_sources.count, sizeof *out->data_sources);
    for (; out->n_data_sources < rpc->data_sources.count; out->n_data_sources++) {
        Tfplugin6__GetMetadata__DataSourceMetadata *one = arena_take(arena, sizeof *one);
        tfplugin6__get_metadata__data_source_metadata__init(one);
        one->type_name =
            rpc_put_text(rpc->data_sources.items[out->n_data_sources].type_name);
        out->data_sources[out->n_data_sources] = one;
    }
}

static void put_metadata_ephemeral(const struct rpc_data_sources *all,
                                   struct arena *arena,
                                   Tfplugin6__GetMetadata__Response *out)
{
    out->ephemeral_resources =
        arena_take_many(arena, all->count, sizeof *out->ephemeral_resources);
    for (; out->n_ephemeral_resources < all->count; out->n_ephemeral_resources++) {
        Tfplugin6__GetMetadata__EphemeralMetadata *one = arena_take(arena, sizeof *one);
        tfplugin6__get_metadata__ephemeral_metadata__init(one);
        one->type_name = rpc_put_text(all->items[out->n_ephemeral_resources].type_name);
        out->ephemeral_resources[out->n_ephemeral_resources] = one;
    }
}

static void put_metadata_functions(const struct function_table *const *tables,
                                   struct arena *arena,
                                   Tfplugin6__GetMetadata__Response *out)
{
    size_t count = 0;
    while (tables[count] != NULL)
        count++;
    out->functions = arena_take_many(arena, count, sizeof *out->functions);
    for (; out->n_functions < count; out->n_functions++) {
        Tfplugin6__GetMetadata__FunctionMetadata *one = arena_take(arena, sizeof *one);
        tfplugin6__get_metadata__function_metadata__init(one);
        one->name = rpc_put_text(tables[out->n_functions]->name);
        out->functions[out->n_functions] = one;
    }
}

int rpc_get_metadata(struct call *call, void *state, struct bytes request,
                     struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    (void)request, (void)err;
    Tfplugin6__GetMetadata__Response response = TFPLUGIN6__GET_METADATA__RESPONSE__INIT;
    response.server_capabilities = capabilities(call->arena);
    put_metadata_names(rpc, call->arena, &response);
    put_metadata_ephemeral(&rpc->ephemeral, call->arena, &response);
    put_metadata_functions(rpc->options.functions, call->arena, &response);
    *reply = rpc_pack(call->arena, &response.base);
    return 0;
}
