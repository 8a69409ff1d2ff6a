/* Planning: a pure prediction, which runs again before the apply with the same result.
 *
 * planning.md has the rules of Terraform in a table. In short: a configured value is planned as
 * written, or as in the prior state if both are equal by the row; a value that only the service
 * knows is unknown in a create and kept in an update; what can be computed, such as the ID, is
 * never unknown.
 * SPDX-License-Identifier: MPL-2.0 */

#include "base/text.h"
#include "engine/internal.h"

static const struct value *plan_attribute(struct arena *arena,
                                          const struct attribute *row,
                                          const struct value *prior,
                                          const struct value *config, bool is_create);

/* Plans the rows of one object. If `prior` is null, the object is new. */
static const struct value *plan_rows(struct arena *arena, const struct attribute *rows,
                                     const struct value *prior,
                                     const struct value *config)
{
    const struct value *planned = config;
    for (const struct attribute *row = rows; row->name != NULL; row++)
        planned = value_with(
            arena, planned, row->name,
            plan_attribute(arena, row, value_get(arena, prior, row->name),
                           value_get(arena, config, row->name), value_is_null(prior)));
    return planned;
}

/* Elements of a set have no address: the prior element is the one with the same configured
 * values. */
static const struct value *find_in_set(struct arena *arena, const struct attribute *row,
                                       const struct value *prior,
                                       const struct value *element)
{
    for (size_t i = 0; prior->state == VALUE_KNOWN && i < prior->many.count; i++) {
        const struct attribute *inner = row->rows;
        for (; inner->name != NULL; inner++) {
            const struct value *have =
                value_get(arena, prior->many.items[i], inner->name);
            const struct value *want = value_get(arena, element, inner->name);
            if (!(value_is_null(want) && (inner->flags & COMPUTED) != 0) &&
                !compare_attribute(inner, have, want))
                break;
        }
        if (inner->name == NULL)
            return prior->many.items[i];
    }
    return value_null(arena, prior->type->element);
}

static const struct value *find_prior(struct arena *arena, const struct attribute *row,
                                      const struct value *prior,
                                      const struct value *config, size_t at)
{
    if (row->nesting == NESTING_SET)
        return find_in_set(arena, row, prior, config->many.items[at]);
    for (size_t i = 0; prior->state == VALUE_KNOWN && i < prior->many.count; i++) {
        if (row->nesting == NESTING_MAP
                ? text_equal(prior->many.keys[i], config->many.keys[at])
                : i == at)
            return prior->many.items[i];
    }
    return value_null(arena, prior->type->element);
}

/* In a configured nested attribute, computed values are planned as at the top. */
static const struct value *plan_nested(struct arena *arena, const struct attribute *row,
                                       const struct value *prior,
                                       const struct value *config)
{
    if (row->nesting == NESTING_SINGLE)
        return plan_rows(arena, row->rows, prior, config);
    size_t count = config->many.count;
    const struct value **items = arena_take_many(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        const struct value *element = config->many.items[i];
        items[i] = element->state != VALUE_KNOWN
                       ? element
                       : plan_rows(arena, row->rows,
                                   find_prior(arena, row, prior, config, i), element);
    }
    return row->nesting == NESTING_MAP
               ? value_map(arena, config->type, config->many.keys, items, count)
               : value_many(arena, config->type, items, count);
}

static const struct value *plan_attribute(struct arena *arena,
                                          const struct attribute *row,
                                          const struct value *prior,
                                          const struct value *config, bool is_create)
{
    if ((row->flags & WRITE_ONLY) != 0)
        return value_null(arena, row->type);
    if (config->state == VALUE_KNOWN && row->nesting != NESTING_NONE)
        config = plan_nested(arena, row, prior, config);
    if (!value_is_null(config) || (row->flags & COMPUTED) == 0)
        return !is_create && compare_attribute(row, prior, config) ? prior : config;
    /* An answer or an older state may not have had the value, which is no change. */
    bool is_left_out = !is_create && (row->flags & REPLACE) != 0 && value_is_null(prior);
    if (row->default_value != NULL && !is_left_out)
        return schema_default(arena, row);
    return is_create ? value_unknown(arena, schema_attribute_type(arena, row)) : prior;
}

bool plan_forces_replacement(struct arena *arena, const struct attribute *row,
                             const struct value *prior, const struct value *planned)
{
    if (value_equal(prior, planned) ||
        ((row->flags & RETURNED_ONCE) != 0 && value_is_null(prior)))
        return false;
    if ((row->flags & REPLACE) != 0)
        return true;
    if (row->nesting == NESTING_NONE)
        return false;
    if (row->nesting != NESTING_SINGLE) {
        struct attribute element = *row;
        element.nesting = NESTING_SINGLE;
        if (planned->state != VALUE_KNOWN)
            return false;
        for (size_t i = 0; i < planned->many.count; i++) {
            if (plan_forces_replacement(arena, &element,
                                        find_prior(arena, row, prior, planned, i),
                                        planned->many.items[i]))
                return true;
        }
        return false;
    }
    for (const struct attribute *inner = row->rows; inner->name != NULL; inner++) {
        if (plan_forces_replacement(arena, inner, value_get(arena, prior, inner->name),
                                    value_get(arena, planned, inner->name)))
            return true;
    }
    return false;
}

/* One of the changes_with attributes changes. */
static bool is_changed_with(const struct resource *resource, struct arena *arena,
                            const struct attribute *row, const struct engine_plan *plan,
                            const struct value *planned)
{
    const char *const *name = row->changes_with;
    for (; name != NULL && *name != NULL; name++) {
        const struct attribute *other = schema_find(resource->table->attributes, *name);
        const struct value *value = value_get(arena, planned, *name);
        bool is_taken_away = value_is_null(value) && other->body == NULL;
        if (!value_equal(value_get(arena, plan->prior_state, *name), value) &&
            !is_taken_away &&
            !write_only_is_withdrawn(resource, other, arena, plan->config))
            return true;
    }
    return false;
}

/* Values that the service may change with the planned update are unknown. */
static const struct value *plan_volatile(const struct resource *resource,
                                         struct arena *arena,
                                         const struct engine_plan *plan,
                                         const struct value *planned)
{
    const struct attribute *rows = resource->table->attributes;
    const struct value *prior = plan->prior_state;
    bool is_update = false;
    for (const struct attribute *row = rows; row->name != NULL; row++)
        is_update |=
            write_only_is_due(row, arena, prior, planned) ||
            (row->body != NULL && !value_equal(value_get(arena, prior, row->name),
                                               value_get(arena, planned, row->name)));
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        if ((is_update && (row->flags & VOLATILE) != 0) ||
            is_changed_with(resource, arena, row, plan, planned))
            planned = value_with(arena, planned, row->name,
                                 value_unknown(arena, schema_attribute_type(arena, row)));
    }
    return planned;
}

/* A changed version sends its secret again, so the secret has to be set. An imported object has had
 * no version so far. */
static void check_versions(const struct resource *resource, struct arena *arena,
                           const struct engine_plan *plan, const struct value *planned,
                           struct diags *diags)
{
    const struct attribute *row = resource->table->attributes;
    for (; row->name != NULL && resource->table->choice != NULL; row++) {
        if (!write_only_is_due(row, arena, plan->prior_state, planned) ||
            write_only_is_given(resource, row, arena, plan->config) ||
            value_is_null(value_get(arena, plan->prior_state, row->version)))
            continue;
        diags_error(diags, path_attribute(arena, PATH_NONE, row->version),
                    arena_print(arena, "Missing %s", row->name),
                    "%s changes, so the provider must send %s again, but the "
                    "configuration does not set it, or has it in ignore_changes.\n\nWhat "
                    "to do: Set %s and remove it from ignore_changes, or change %s back.",
                    row->version, row->name, row->name, row->version);
    }
}

/* Values that a new object takes from the provider block. */
static const struct value *fill_from_provider(const struct resource *resource,
                                              struct arena *arena,
                                              const struct engine_plan *plan,
                                              const struct value *planned,
                                              struct diags *diags)
{
    const struct attribute *row = resource->table->attributes;
    for (; row->name != NULL && plan->session != NULL; row++) {
        if (row->provider_default == NULL ||
            value_get(arena, planned, row->name)->state != VALUE_UNKNOWN ||
            !value_is_null(value_get(arena, plan->config, row->name)))
            continue;
        const char *text =
            session_default(plan->session, resource->table->service->name, row->name);
        if (text != NULL)
            planned = value_with(arena, planned, row->name, value_string(arena, text));
        else
            diags_error(diags, path_attribute(arena, PATH_NONE, row->name),
                        arena_print(arena, "Missing %s", row->name),
                        "Set %s here, or %s.", row->name, row->provider_default);
    }
    return planned;
}

/* After a move the state has only the parts of the ID, and each other argument would look changed. */
static int refuse_unread(const struct resource *resource, struct diags *diags)
{
    const char *noun = resource->table->noun;
    return diags_error(diags, PATH_NONE, "The moved object was not read",
                       "The state of this %s comes from a resource of another provider "
                       "and has only the ID of the object. Because of -refresh=false, "
                       "Terraform did not read the object, so a plan could replace "
                       "it.\n\nWhat to do: Plan without -refresh=false.",
                       noun);
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
    if (!is_create && plan->session != NULL && private_is_imported(plan->prior_private))
        return refuse_unread(resource, diags);
    const struct value *planned = plan->proposed_new_state;
    size_t replaced = 0;
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        const struct value *prior = value_get(arena, plan->prior_state, row->name);
        const struct value *value = plan_attribute(
            arena, row, prior, value_get(arena, plan->config, row->name), is_create);
        planned = value_with(arena, planned, row->name, value);
        if (!is_create && plan_forces_replacement(arena, row, prior, value))
            plan->requires_replace[replaced++] = row->name;
    }
    /* Terraform plans a replacement once more as a create, of which this is a forecast. But here the
     * configuration has the values of the state for all of ignore_changes. */
    if (replaced > 0)
        planned = plan_rows(arena, rows, value_null(arena, resource->type), plan->config);
    planned = fill_from_provider(resource, arena, plan, planned, diags);
    if (is_create || replaced > 0) {
        if (is_create && resource->table->choice != NULL)
            schema_check_choice(arena, resource->table->choice, false, plan->config,
                                diags);
        if (is_create && resource->table->check_new != NULL)
            resource->table->check_new(arena, plan->config, diags);
        planned = made_fill(resource, arena, planned, plan->config);
        /* A new object gets a new ID, which is known as soon as its parts are. */
        const char *id = resource_id(resource, arena, planned);
        planned = value_with(arena, planned, resource_id_attribute(resource),
                             id != NULL ? value_string(arena, id)
                                        : value_unknown(arena, &type_string));
    } else {
        check_versions(resource, arena, plan, planned, diags);
        planned = plan_volatile(resource, arena, plan, planned);
    }
    plan->planned_state = made_name(resource, arena, planned);
    return diags_have_error(diags) ? -1 : 0;
}
