/* Apply: which of the three it is.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"

/* Every attribute that the service knows makes a new object when it changes (a rule of
 * tests/unit/schema), so only what this provider alone keeps can be updated: the timeouts, and
 * spellings. */
static int update(struct call *call, const struct resource *resource,
                  struct engine_apply *apply)
{
    const struct value *id =
        value_get(call->arena, apply->prior_state, resource_id_attribute(resource));
    apply->new_state =
        resource_settle(resource, call->arena, apply->planned_state, value_text(id));
    return 0;
}

int engine_apply(struct call *call, const struct resource *resource,
                 struct session *session, struct engine_apply *apply, struct diags *diags)
{
    apply->private = apply->planned_private;
    int result = value_is_null(apply->prior_state)
                     ? engine_create(call, resource, session, apply, diags)
                 : value_is_null(apply->planned_state)
                     ? engine_delete(call, resource, session, apply, diags)
                     : update(call, resource, apply);
    operation_tell_waits(session, diags);
    return result;
}
