/* Resource identity: the parts of an ID, independent of addresses in the configuration.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"
#include "value/codec.h"

const struct value *engine_identity(struct arena *arena, const struct resource *resource,
                                    const struct value *object)
{
    const char *id =
        resource->identity_type == NULL
            ? NULL
            : value_text(value_get(arena, object, resource_id_attribute(resource)));
    struct id_template_part parts[ID_PLACEHOLDERS_MAX];
    size_t count;
    if (id == NULL ||
        !id_template_match(arena, resource->table->identity_id, id, parts, &count))
        return NULL;
    const struct value *identity = value_object_of_nulls(arena, resource->identity_type);
    for (size_t i = 0; i < count; i++)
        identity = value_with(arena, identity, parts[i].name,
                              value_string(arena, parts[i].text));
    return identity;
}

int engine_upgrade_identity(struct call *call, const struct resource *resource,
                            int64_t version, struct bytes raw_json,
                            const struct value **out, struct diags *diags)
{
    if (version != 0)
        return diags_error(
            diags, PATH_NONE, "Identity is newer than the provider",
            "A newer version of this provider wrote the identity of this %s "
            "(identity version %lld; this provider supports 0).\n\nWhat to "
            "do: Use the newer version of the provider.",
            resource->table->noun, (long long)version);
    struct error err = NO_ERROR;
    if (value_decode_json(call->arena, raw_json, resource->identity_type, true, out,
                          &err) < 0)
        return diags_error(
            diags, PATH_NONE, "Cannot read the stored identity",
            "The identity of this %s is not in the format of this provider: "
            "%s.",
            resource->table->noun, err.text);
    return 0;
}

int engine_identity_to_id(struct call *call, const struct resource *resource,
                          const struct value *identity, const char **out,
                          struct diags *diags)
{
    schema_validate(call->arena, resource->table->identity, identity, PATH_NONE, diags);
    if (diags_have_error(diags))
        return -1;
    *out = resource_fill(call->arena, resource->table->identity_id, identity);
    return *out != NULL
               ? 0
               : diags_error(diags, PATH_NONE, "Identity is incomplete",
                             "The identity of a %s must have all of its attributes.",
                             resource->table->noun);
}
