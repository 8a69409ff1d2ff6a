/* The rpcs about the identities of objects.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rpc/internal.h"

Tfplugin6__ResourceIdentityData *rpc_put_identity(struct arena *arena,
                                                  const struct resource *resource,
                                                  const struct value *object)
{
    const struct value *identity =
        value_is_null(object) ? NULL : engine_identity(arena, resource, object);
    if (identity == NULL)
        return NULL;
    Tfplugin6__ResourceIdentityData *data = arena_take(arena, sizeof *data);
    tfplugin6__resource_identity_data__init(data);
    data->identity_data = rpc_encode(arena, identity);
    return data;
}

static Tfplugin6__ResourceIdentitySchema *put_schema(struct arena *arena,
                                                     const struct attribute *rows)
{
    typedef Tfplugin6__ResourceIdentitySchema__IdentityAttribute attribute_message;
    Tfplugin6__ResourceIdentitySchema *schema = arena_take(arena, sizeof *schema);
    tfplugin6__resource_identity_schema__init(schema);
    schema->n_identity_attributes = schema_count(rows);
    schema->identity_attributes = arena_take_many(arena, schema->n_identity_attributes,
                                                  sizeof *schema->identity_attributes);
    for (size_t i = 0; i < schema->n_identity_attributes; i++) {
        attribute_message *message = arena_take(arena, sizeof *message);
        tfplugin6__resource_identity_schema__identity_attribute__init(message);
        message->name = rpc_put_text(rows[i].name);
        message->type = rpc_put_bytes(type_format_json(arena, rows[i].type));
        message->required_for_import = (rows[i].flags & REQUIRED) != 0;
        message->optional_for_import = (rows[i].flags & OPTIONAL) != 0;
        message->description = rpc_put_text(rows[i].doc);
        schema->identity_attributes[i] = message;
    }
    return schema;
}

int rpc_get_identity_schemas(struct call *call, void *state, struct bytes request,
                             struct bytes *reply, struct error *err)
{
    typedef Tfplugin6__GetResourceIdentitySchemas__Response__IdentitySchemasEntry
        entry_message;
    struct rpc *rpc = state;
    struct arena *arena = call->arena;
    (void)request, (void)err;
    Tfplugin6__GetResourceIdentitySchemas__Response response =
        TFPLUGIN6__GET_RESOURCE_IDENTITY_SCHEMAS__RESPONSE__INIT;
    response.identity_schemas =
        arena_take_many(arena, rpc->resource_count, sizeof *response.identity_schemas);
    for (size_t i = 0; i < rpc->resource_count; i++) {
        const struct attribute *rows = rpc->resources[i].table->identity;
        if (rows == NULL)
            continue;
        entry_message *entry = arena_take(arena, sizeof *entry);
        tfplugin6__get_resource_identity_schemas__response__identity_schemas_entry__init(
            entry);
        entry->key = rpc_put_text(rpc->type_names[i]);
        entry->value = put_schema(arena, rows);
        response.identity_schemas[response.n_identity_schemas++] = entry;
    }
    *reply = rpc_pack(arena, &response.base);
    return 0;
}

int rpc_upgrade_identity(struct call *call, void *state, struct bytes request,
                         struct bytes *reply, struct error *err)
{
    struct rpc *rpc = state;
    Tfplugin6__UpgradeResourceIdentity__Request *in = rpc_unpack(
        call, &tfplugin6__upgrade_resource_identity__request__descriptor, request, err);
    if (in == NULL)
        return -1;
    struct diags diags;
    diags_init(&diags, call->arena);
    Tfplugin6__UpgradeResourceIdentity__Response out =
        TFPLUGIN6__UPGRADE_RESOURCE_IDENTITY__RESPONSE__INIT;
    const struct resource *resource = rpc_find_resource(rpc, in->type_name, &diags);
    struct bytes raw =
        in->raw_identity != NULL ? rpc_get_bytes(in->raw_identity->json) : NO_BYTES;
    const struct value *upgraded;
    if (resource != NULL && resource->identity_type != NULL &&
        engine_upgrade_identity(call, resource, in->version, raw, &upgraded, &diags) ==
            0) {
        out.upgraded_identity = arena_take(call->arena, sizeof *out.upgraded_identity);
        tfplugin6__resource_identity_data__init(out.upgraded_identity);
        out.upgraded_identity->identity_data = rpc_encode(call->arena, upgraded);
    }
    rpc_put_diags(&diags, &out.n_diagnostics, &out.diagnostics);
    *reply = rpc_pack(call->arena, &out.base);
    return 0;
}
