/* Terraform's side of a life cycle.
 * SPDX-License-Identifier: MPL-2.0 */
#include "exchanges/engine_host.h"

#include "support/engine_json.h"

static const struct value *propose_rows(struct arena *arena, const struct attribute *rows,
                                        const struct value *prior,
                                        const struct value *object)
{
    for (; rows->name != NULL; rows++) {
        if ((rows->flags & COMPUTED) == 0 || value_is_null(prior) ||
            !value_is_null(value_get(arena, object, rows->name)))
            continue;
        object =
            value_with(arena, object, rows->name, value_get(arena, prior, rows->name));
    }
    return object;
}

const struct value *engine_host_propose(struct arena *arena,
                                        const struct resource *resource,
                                        const struct value *prior,
                                        const struct value *config)
{
    /* The timeouts block has no computed attribute: it is as configured. */
    return value_is_null(config)
               ? config
               : propose_rows(arena, resource->table->attributes, prior, config);
}

static const char *check_rows(struct arena *arena, const struct attribute *rows,
                              const struct value *prior, const struct value *config,
                              const struct value *planned);

/* Elements of a list or map are compared by their place, without a prior value. Elements of a set have no
 * place, so the host checks only how many there are. Source: plan_valid.go, assertPlannedObjectsValid */
static const char *check_nested(struct arena *arena, const struct attribute *row,
                                const struct value *prior, const struct value *config,
                                const struct value *planned)
{
    if (row->nesting == NESTING_SINGLE)
        return check_rows(arena, row->rows, prior, config, planned);
    if (planned->many.count != config->many.count)
        return arena_print(arena, "%s: another number than configured", row->name);
    const char *fault = NULL;
    for (size_t i = 0;
         i < planned->many.count && row->nesting != NESTING_SET && fault == NULL; i++)
        fault = check_rows(arena, row->rows, value_null(arena, prior->type->element),
                           config->many.items[i], planned->many.items[i]);
    return fault;
}

/* The table of plan_valid.go for one attribute; the first line that fits decides. */
static const char *check_attribute(struct arena *arena, const struct attribute *row,
                                   const struct value *prior, const struct value *config,
                                   const struct value *planned)
{
    /* Source: Terraform, node_resource_abstract_instance.go, plan(), write-only attributes */
    if ((row->flags & WRITE_ONLY) != 0)
        return value_is_null(planned)
                   ? NULL
                   : arena_print(arena, "%s: a write-only value is planned", row->name);
    if (value_equal(planned, config))
        return NULL;
    if (!value_is_null(prior) && !value_is_null(config) && value_equal(planned, prior))
        return NULL;
    bool is_computed = (row->flags & COMPUTED) != 0;
    if (is_computed && (row->flags & (OPTIONAL | REQUIRED)) == 0)
        return NULL;
    if (is_computed && value_is_null(config))
        return NULL;
    if (value_is_null(config))
        return arena_print(arena, "%s: planned value %s for a non-computed attribute",
                           row->name, engine_json_show(arena, planned));
    if (row->nesting != NESTING_NONE && planned->state == VALUE_KNOWN &&
        config->state == VALUE_KNOWN)
        return check_nested(arena, row, prior, config, planned);
    return arena_print(
        arena, "%s: planned value %s does not match config value %s nor prior value %s",
        row->name, engine_json_show(arena, planned), engine_json_show(arena, config),
        engine_json_show(arena, prior));
}

static const char *check_rows(struct arena *arena, const struct attribute *rows,
                              const struct value *prior, const struct value *config,
                              const struct value *planned)
{
    for (; rows->name != NULL; rows++) {
        const char *fault = check_attribute(
            arena, rows, value_get(arena, prior, rows->name),
            value_get(arena, config, rows->name), value_get(arena, planned, rows->name));
        if (fault != NULL)
            return fault;
    }
    return NULL;
}

const char *engine_host_check_plan(struct arena *arena, const struct resource *resource,
                                   const struct value *prior, const struct value *config,
                                   const struct value *planned,
                                   const char *const *requires_replace)
{
    if (!type_equal(planned->type, resource->type))
        return "the planned state is not of the schema's type";
    if (value_is_null(planned) && !value_is_null(config))
        return "planned for absence but config wants existence";
    if (!value_is_null(planned) && value_is_null(config))
        return "planned for existence but config wants absence";
    if (value_is_null(planned))
        return NULL;
    const char *fault =
        check_rows(arena, resource->table->attributes, prior, config, planned);
    if (fault != NULL)
        return fault;

    const struct value *block = value_get(arena, planned, "timeouts");
    const struct value *config_block = value_get(arena, config, "timeouts");
    if (block->state != config_block->state)
        return "timeouts: planned block is not there as configured";
    const struct value *prior_block = value_get(arena, prior, "timeouts");
    if (block->state == VALUE_KNOWN)
        fault = check_rows(arena, resource->timeouts, prior_block, config_block, block);
    if (fault != NULL)
        return arena_print(arena, "timeouts.%s", fault);

    for (; *requires_replace != NULL; requires_replace++) {
        if (type_find_field(resource->type, *requires_replace) < 0)
            return arena_print(arena,
                               "requires replacement on a non-existent attribute path %s",
                               *requires_replace);
    }
    return NULL;
}

static const char *check_members(struct arena *arena, const struct value *earlier,
                                 const struct value *later)
{
    if (earlier->many.count != later->many.count)
        return arena_print(arena, "length changed from %zu to %zu", earlier->many.count,
                           later->many.count);
    for (size_t i = 0; i < earlier->many.count; i++) {
        const char *fault = engine_host_check_compatible(arena, earlier->many.items[i],
                                                         later->many.items[i]);
        if (fault == NULL)
            continue;
        return earlier->type->kind == TYPE_OBJECT
                   ? arena_print(arena, ".%s%s", earlier->type->fields[i].name, fault)
                   : arena_print(arena, "[%zu]%s", i, fault);
    }
    return NULL;
}

const char *engine_host_check_compatible(struct arena *arena, const struct value *earlier,
                                         const struct value *later)
{
    if (earlier->state == VALUE_UNKNOWN)
        return type_equal(earlier->type, later->type)
                   ? NULL
                   : ": final value does not conform to planning placeholder";
    bool is_scalar = earlier->type->kind == TYPE_STRING ||
                     earlier->type->kind == TYPE_BOOL ||
                     earlier->type->kind == TYPE_NUMBER;
    if (earlier->state == VALUE_KNOWN && later->state == VALUE_KNOWN && !is_scalar)
        return check_members(arena, earlier, later);
    if (earlier->state != later->state || !value_equal(earlier, later))
        return arena_print(arena, ": was %s, but now %s",
                           engine_json_show(arena, earlier),
                           engine_json_show(arena, later));
    return NULL;
}

const char *engine_host_check_result(struct arena *arena, const struct value *planned,
                                     const struct value *new_state, bool has_error)
{
    if (!value_is_wholly_known(new_state))
        return "unknown values are left after apply";
    if (has_error)
        return NULL;
    if (value_is_null(planned))
        return value_is_null(new_state) ? NULL
                                        : "destroying should always produce a null value";
    if (value_is_null(new_state))
        return "returned a null object";
    return engine_host_check_compatible(arena, planned, new_state);
}

enum engine_host_action engine_host_choose(struct arena *arena, const struct value *prior,
                                           const struct value *planned,
                                           const char *const *requires_replace)
{
    if (value_is_null(planned))
        return value_is_null(prior) ? HOST_NOTHING : HOST_DELETE;
    if (value_is_null(prior))
        return HOST_CREATE;
    for (; *requires_replace != NULL; requires_replace++) {
        if (!value_equal(value_get(arena, prior, *requires_replace),
                         value_get(arena, planned, *requires_replace)))
            return HOST_REPLACE;
    }
    return value_equal(prior, planned) ? HOST_NOTHING : HOST_UPDATE;
}
