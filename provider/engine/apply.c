/* Apply: which of the three it is.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"

int engine_apply(struct call *call, const struct resource *resource,
                 struct session *session, struct engine_apply *apply, struct diags *diags)
{
    apply->private = apply->planned_private;
    if (value_is_null(apply->prior_state))
        return engine_create(call, resource, session, apply, diags);
    if (value_is_null(apply->planned_state))
        return engine_delete(call, resource, session, apply, diags);
    /* Every attribute that the service knows makes a new object when it changes (a rule of
     * tests/unit/schema), so only what this provider alone keeps can be updated: the
     * timeouts, and spellings. */
    apply->new_state =
        resource_settle(resource, call->arena, apply->planned_state,
                        value_text(value_get(call->arena, apply->prior_state,
                                             resource_id_attribute(resource))));
    return 0;
}
