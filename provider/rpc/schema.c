/* The response to GetProviderSchema, which is made from the tables.
 * SPDX-License-Identifier: MPL-2.0 */

#include "base/memory.h"
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

/* Attributes without those that are blocks. */
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

/* plan_destroy: the provider also plans destroys, so that it can warn.
 * get_provider_schema_optional: Terraform requests the schema from one process of a run, not from
 * all. */
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

/* ---- the response, part by part -----------------------------------------------------------
 *
 * In protobuf's encoding, responses one after the other are one response with all of their entries.
 * So no more than one entry is in memory beside the bytes. */

typedef Tfplugin6__GetProviderSchema__Response schema_message;

static void add_part(struct rpc *rpc, struct arena *arena, const schema_message *part)
{
    struct bytes packed = rpc_pack(arena, &part->base);
    if (buf_add(&rpc->schema, packed.data, packed.length) < 0)
        memory_exhausted(packed.length); /* the tables are not as large */
}

static void add_provider(struct rpc *rpc)
{
    auto_arena arena = arena_new();
    schema_message part = TFPLUGIN6__GET_PROVIDER_SCHEMA__RESPONSE__INIT;
    const struct provider_table *table = rpc->options.provider;
    part.provider = put_schema(arena, 0, put_block(arena, table->attributes, table->doc));
    part.server_capabilities = capabilities(arena);
    add_part(rpc, arena, &part);
}

/* Adds a part with one entry of a map. The response has the map in the field `map`; its entries are
 * messages of the type `Entry`, in capitals ENTRY. */
#define ADD_ENTRY(rpc, arena, map, Entry, ENTRY, name, made)                             \
    do {                                                                                 \
        Tfplugin6__GetProviderSchema__Response__##Entry                                  \
            entry = TFPLUGIN6__GET_PROVIDER_SCHEMA__RESPONSE__##ENTRY##__INIT,           \
            *list = &entry;                                                              \
        schema_message part = TFPLUGIN6__GET_PROVIDER_SCHEMA__RESPONSE__INIT;            \
        entry.key = rpc_put_text(name);                                                  \
        entry.value = made;                                                              \
        part.n_##map = 1;                                                                \
        part.map = &list;                                                                \
        add_part(rpc, arena, &part);                                                     \
    } while (0)

static void add_resource(struct rpc *rpc, const char *type_name,
                         const struct resource *resource)
{
    auto_arena arena = arena_new();
    ADD_ENTRY(rpc, arena, resource_schemas, ResourceSchemasEntry, RESOURCE_SCHEMAS_ENTRY,
              type_name, put_resource(arena, resource));
}

static void add_list(struct rpc *rpc, const char *type_name,
                     const struct resource_table *table)
{
    auto_arena arena = arena_new();
    const char *doc = arena_print(
        arena, "Lists all %ss, including those that Terraform does not manage.",
        table->noun);
    ADD_ENTRY(rpc, arena, list_resource_schemas, ListResourceSchemasEntry,
              LIST_RESOURCE_SCHEMAS_ENTRY, type_name,
              put_schema(arena, 0, put_block(arena, table->list, doc)));
}

static void add_data_source(struct rpc *rpc, const struct rpc_data_source *one)
{
    auto_arena arena = arena_new();
    ADD_ENTRY(rpc, arena, data_source_schemas, DataSourceSchemasEntry,
              DATA_SOURCE_SCHEMAS_ENTRY, one->type_name, put_data_source(arena, one));
}

static void add_ephemeral(struct rpc *rpc, const struct rpc_data_source *one)
{
    auto_arena arena = arena_new();
    ADD_ENTRY(rpc, arena, ephemeral_resource_schemas, EphemeralResourceSchemasEntry,
              EPHEMERAL_RESOURCE_SCHEMAS_ENTRY, one->type_name,
              put_data_source(arena, one));
}

static void add_function(struct rpc *rpc, const struct function_table *table)
{
    auto_arena arena = arena_new();
    ADD_ENTRY(rpc, arena, functions, FunctionsEntry, FUNCTIONS_ENTRY, table->name,
              rpc_put_function(arena, table));
}

static void make_schema(struct rpc *rpc)
{
    add_provider(rpc);
    for (size_t i = 0; i < rpc->resource_count; i++) {
        add_resource(rpc, rpc->type_names[i], &rpc->resources[i]);
        if (rpc->resources[i].table->list != NULL)
            add_list(rpc, rpc->type_names[i], rpc->resources[i].table);
    }
    for (size_t i = 0; i < rpc->data_sources.count; i++)
        add_data_source(rpc, &rpc->data_sources.items[i]);
    for (size_t i = 0; i < rpc->ephemeral.count; i++)
        add_ephemeral(rpc, &rpc->ephemeral.items[i]);
    for (size_t i = 0; rpc->options.functions[i] != NULL; i++)
        add_function(rpc, rpc->options.functions[i]);
}

/* Made by the first request, because Terraform requests it from one process of a run only. */
int rpc_get_provider_schema(struct call *call, void *state, struct bytes request,
                            struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    (void)call, (void)request, (void)err;
    if (rpc->schema.length == 0)
        make_schema(rpc);
    *reply = BYTES(rpc->schema.data, rpc->schema.length);
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
