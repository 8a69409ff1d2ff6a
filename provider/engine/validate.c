/* Validation: configuration alone, no session, no network.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"

int engine_validate_provider(struct call *call, const struct provider_table *table,
                             const struct value *config, struct diags *diags)
{
    schema_validate(call->arena, table->attributes, config, PATH_NONE, diags);
    const struct value *endpoint = value_get(call->arena, config, "endpoint");
    if (endpoint->state == VALUE_KNOWN && endpoint->many.count > 1)
        diags_error(diags, path_attribute(call->arena, PATH_NONE, "endpoint"),
                    "Too many endpoints",
                    "The provider talks to one cloud: give endpoint one element.");
    const struct value *proxy = value_get(call->arena, config, "proxy");
    if (proxy->state == VALUE_KNOWN &&
        value_is_null(value_get(call->arena, proxy, "username")) &&
        !value_is_null(value_get(call->arena, proxy, "password")))
        diags_error(diags,
                    path_attribute(call->arena,
                                   path_attribute(call->arena, PATH_NONE, "proxy"),
                                   "password"),
                    "Proxy without username",
                    "A password is of no use without the user whose it is: give username "
                    "too.");
    return diags_have_error(diags) ? -1 : 0;
}

int engine_validate(struct call *call, const struct resource *resource,
                    const struct value *config, struct diags *diags)
{
    struct arena *arena = call->arena;
    schema_validate(arena, resource->table->attributes, config, PATH_NONE, diags);
    schema_validate(arena, resource->timeouts, value_get(arena, config, "timeouts"),
                    path_attribute(arena, PATH_NONE, "timeouts"), diags);
    return diags_have_error(diags) ? -1 : 0;
}
