/* Validation of a configuration. Sends no request.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"

int engine_validate(struct call *call, const struct resource *resource,
                    const struct value *config, struct diags *diags)
{
    schema_check_required(resource->table->attributes, config, PATH_NONE, diags);
    return validate_known(call, resource, config, diags);
}

int validate_known(struct call *call, const struct resource *resource,
                   const struct value *config, struct diags *diags)
{
    struct arena *arena = call->arena;
    schema_validate(arena, resource->table->attributes, config, PATH_NONE, diags);
    schema_validate(arena, resource->timeouts, value_get(arena, config, "timeouts"),
                    path_attribute(arena, PATH_NONE, "timeouts"), diags);
    if (resource->table->choice != NULL)
        schema_check_choice(arena, resource->table->choice, true, config, diags);
    if (resource->table->check != NULL)
        resource->table->check(arena, config, diags);
    return diags_have_error(diags) ? -1 : 0;
}
