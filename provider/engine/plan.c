/* Planning: pure prediction. It runs again before the apply and has to say the same.
 *
 * planning.md has the host's rules in a table; in short: what the
 * configuration says is planned as it is written, or as the prior state has it where both
 * mean the same; what only the service knows is unknown in a create and kept in an update;
 * nothing is unknown that can be worked out (the id).
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

/* Both mean the same to the service. */
static bool is_same(const struct attribute *row, const struct value *a,
                    const struct value *b)
{
    if (value_equal(a, b))
        return true;
    const char *left = value_text(a), *right = value_text(b);
    return row->same == SAME_IGNORING_CASE && left != NULL && right != NULL &&
           text_equal_ignoring_case(left, right);
}

static const struct value *plan_attribute(struct arena *arena,
                                          const struct attribute *row,
                                          const struct value *prior,
                                          const struct value *config, bool is_create)
{
    if (!value_is_null(config) || (row->flags & COMPUTED) == 0)
        return !is_create && is_same(row, prior, config) ? prior : config;
    if (!is_create)
        return prior;
    if (row->fallback != NULL)
        return value_string(arena, row->fallback);
    return value_unknown(arena, schema_attribute_type(arena, row));
}

int engine_plan(struct call *call, const struct resource *resource,
                struct engine_plan *plan, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct attribute *rows = resource->table->attributes;
    plan->planned_private = plan->prior_private;
    plan->requires_replace =
        arena_take_many(arena, schema_count(rows) + 1, sizeof(char *));
    if (value_is_null(plan->config)) {
        plan->planned_state = value_null(arena, resource->type);
        return 0;
    }
    bool is_create = value_is_null(plan->prior_state);
    const struct value *planned = plan->proposed_new_state;
    size_t replaced = 0;
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        const struct value *prior = value_get(arena, plan->prior_state, row->name);
        const struct value *value = plan_attribute(
            arena, row, prior, value_get(arena, plan->config, row->name), is_create);
        planned = value_with(arena, planned, row->name, value);
        if (!is_create && (row->flags & REPLACE) != 0 && !value_equal(prior, value))
            plan->requires_replace[replaced++] = row->name;
    }
    if (is_create || replaced > 0) {
        /* A new object gets a new id, known as soon as its parts are. */
        const char *id = resource_id(resource, arena, planned);
        planned = value_with(arena, planned, resource_id_attribute(resource),
                             id != NULL ? value_string(arena, id)
                                        : value_unknown(arena, &type_string));
    }
    plan->planned_state = planned;
    (void)diags;
    return 0;
}
