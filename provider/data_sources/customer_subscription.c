/* One customer subscription: the id is made of the arguments.
 * SPDX-License-Identifier: MPL-2.0 */
#include "data_sources/readers.h"

int data_customer_subscription(struct call *call, const struct data_source *source,
                               struct session *session, const struct value *config,
                               const struct value **out, struct diags *diags)
{
    struct arena *arena = call->arena;
    const char *id =
        arena_print(arena, "%s/customerSubscriptions/%s",
                    value_text(value_get(arena, config, "registration_id")),
                    value_text(value_get(arena, config, "customer_subscription_id")));
    const struct value *found;
    if (engine_look_up(call, &source->object, session, id, &found, diags) < 0)
        return -1;
    *out = value_with(arena, config, "id", value_get(arena, found, "id"));
    *out = value_with(arena, *out, "tenant_id", value_get(arena, found, "tenant_id"));
    return 0;
}
