/* The configuration that Terraform generates for an object that was imported or listed: it has to be
 * valid, and to change nothing.
 * Source: Terraform internal/genconfig/generate_config.go
 * SPDX-License-Identifier: MPL-2.0 */
#include "exchanges/engine_host.h"
#include "exchanges/player.h"
#include "support/engine_json.h"

static bool is_left_out(const struct attribute *row, const struct value *value)
{
    const char *text = row->nesting == NESTING_NONE ? value_text(value) : NULL;
    return (row->flags & (COMPUTED | OPTIONAL)) == COMPUTED ||
           (row->flags & (WRITE_ONLY | SENSITIVE)) != 0 ||
           ((row->flags & OPTIONAL) != 0 && text != NULL && *text == '\0');
}

/* NULL: the user has to complete it. */
static const struct value *generate(struct arena *arena, const struct attribute *rows,
                                    const struct value *object)
{
    for (; rows->name != NULL && object != NULL; rows++) {
        const struct value *value = value_get(arena, object, rows->name);
        if (is_left_out(rows, value))
            value = value_null(arena, value->type);
        else if (rows->nesting == NESTING_SINGLE && value->state == VALUE_KNOWN)
            value = generate(arena, rows->rows, value);
        bool is_missing =
            value == NULL || ((rows->flags & REQUIRED) != 0 && value_is_null(value));
        object = is_missing ? NULL : value_with(arena, object, rows->name, value);
    }
    return object;
}

void run_check_generated(struct run *run, const struct value *state)
{
    const struct resource *resource = &run->resource;
    const struct value *config = generate(run->arena, resource->table->attributes, state);
    struct diags diags;
    diags_init(&diags, run->arena);
    if (config == NULL)
        return;
    struct engine_plan plan = {
        .prior_state = state,
        .proposed_new_state = engine_host_propose(run->arena, resource, state, config),
        .config = config,
        .session = run->session,
    };
    struct call *call = run->calls[run->call_count - 1];
    if (engine_validate(call, resource, config, &diags) < 0 ||
        engine_plan(call, resource, &plan, &diags) < 0)
        run_fail(run, "the configuration made of an object is refused: %s\n%s",
                 diags.first->summary, diags.first->detail);
    else if (engine_host_choose(run->arena, state, plan.planned_state,
                                plan.requires_replace) != HOST_NOTHING)
        run_fail(run, "the configuration made of an object changes it to %s",
                 engine_json_show(run->arena, plan.planned_state));
}
