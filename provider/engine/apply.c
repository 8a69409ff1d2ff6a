/* Apply: selects create, update or delete.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"

int engine_apply(struct call *call, const struct resource *resource,
                 struct session *session, struct engine_apply *apply, struct diags *diags)
{
    apply->private = private_is_replaceable(apply->planned_private)
                         ? NO_BYTES
                         : apply->planned_private;
    int result = value_is_null(apply->prior_state)
                     ? engine_create(call, resource, session, apply, diags)
                 : value_is_null(apply->planned_state)
                     ? engine_delete(call, resource, session, apply, diags)
                     : engine_update(call, resource, session, apply, diags);
    operation_warn_throttling(session, diags);
    return result;
}
