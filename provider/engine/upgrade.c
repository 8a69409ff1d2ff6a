/* Stored states of this schema version and of older ones.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"
#include "value/codec.h"

int engine_upgrade(struct call *call, const struct resource *resource, int64_t version,
                   struct bytes raw_json, const struct value **out, struct diags *diags)
{
    if (version > resource->table->schema_version)
        return diags_error(diags, PATH_NONE, "State is newer than the provider",
                           "A newer version of this provider wrote the state of this %s "
                           "(schema version %lld; this provider supports up to "
                           "%lld).\n\nWhat to do: Use that version of the provider, or a "
                           "later one.",
                           resource->table->noun, (long long)version,
                           (long long)resource->table->schema_version);
    struct error err = NO_ERROR;
    /* Attributes of older versions are skipped: nothing was ever renamed. */
    if (value_decode_json(call->arena, raw_json, resource->type, true, out, &err) < 0)
        return diags_error(
            diags, PATH_NONE, "Cannot read the stored state",
            "The state of this %s is not in the format of this provider: %s.",
            resource->table->noun, err.text);
    /* An older version may have stored what is write-only now. */
    *out = write_only_drop(resource, call->arena, *out);
    return 0;
}
