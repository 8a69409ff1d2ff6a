/* A value of which a parent holds one object each, such as the tenant of a registration: who
 * holds it now, and who else wants it in the same plan.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "engine/internal.h"
#include "session/notes.h"

const struct attribute *unique_row(const struct operation *operation)
{
    return schema_find_flag(operation->resource->table->attributes, UNIQUE);
}

static const char *unique_value(struct operation *operation, const struct value *object)
{
    const struct attribute *row = unique_row(operation);
    return row == NULL ? NULL
                       : value_text(value_get(operation->call->arena, object, row->name));
}

/* What this process deleted has given up its place, however long a LIST still shows it. */
static const char *unless_deleted(struct operation *operation, const char *id)
{
    return id != NULL && notes_has(service_notes(operation->service), NOTE_DELETED, id)
               ? NULL
               : id;
}

const char *unique_find(struct operation *operation, const struct value *planned)
{
    struct arm_collection *collection = operation->collection;
    const char *value = unique_value(operation, planned);
    if (collection == NULL || unique_row(operation) == NULL)
        return NULL;
    /* Asked also while the value is unknown: only a LIST from before the write can tell
     * afterwards who lost the place. */
    return unless_deleted(
        operation, arm_collection_find_other(operation->call, operation->arm, collection,
                                             value != NULL ? value : "", operation->id));
}

const char *unique_recall(struct operation *operation, const struct value *object)
{
    struct arm_collection *collection = operation->collection;
    const char *value = unique_value(operation, object);
    return collection == NULL || value == NULL
               ? NULL
               : unless_deleted(operation,
                                arm_collection_recall_other(operation->call, collection,
                                                            value, operation->id));
}

bool unique_allows_overwrite(const struct resource *resource, struct arena *arena,
                             const struct value *object)
{
    const char *name = resource->table->overwrite;
    return name != NULL && value_is_true(value_get(arena, object, name), false);
}

int unique_explain(struct operation *operation, const char *displaced, bool is_allowed)
{
    struct arena *arena = operation->call->arena;
    const struct resource_table *table = operation->resource->table;
    const struct attribute *row = unique_row(operation);
    const struct path *path = path_attribute(arena, PATH_NONE, row->name);
    const char *facts = arena_print(
        arena,
        "Azure holds one %s for each %s and %s, and this %s has one already:\n\n  %s\n\n",
        table->noun, row->name, table->parent_noun, table->parent_noun,
        explain_shown(arena, displaced));
    if (is_allowed)
        return diags_warning(
            operation->diags, path,
            arena_print(arena, "Another %s loses its place", table->noun),
            "%sThe apply takes its place, as %s allows; it is gone then. If it is in a state, "
            "here or elsewhere, take it out of there.",
            facts, table->overwrite);
    return diags_error(
        operation->diags, path,
        arena_print(arena, "Another %s would silently lose its place", table->noun),
        "%sTo write this one would take the place of that one without a word.\n\nWhat to do: "
        "if that one is right, remove this one, or import that one here. If this one is to "
        "take its place, set %s = true. If that one is destroyed by the same plan, apply its "
        "destruction first, or set %s = true as well.",
        facts, table->overwrite, table->overwrite);
}

int unique_claim(struct operation *operation, const struct engine_plan *plan)
{
    struct arena *arena = operation->call->arena;
    const struct attribute *row = unique_row(operation);
    const char *value = unique_value(operation, plan->planned_state);
    if (value == NULL)
        return 0;
    const char *key =
        arena_print(arena, "%s %s %s", row->name, value, operation->parent_id);
    const char *other =
        claims_make(service_claims(operation->service), arena, key, operation->id);
    if (other == NULL)
        return 0;
    return diags_error(
        operation->diags, path_attribute(arena, PATH_NONE, row->name),
        arena_print(arena, "Two %ss for one %s", operation->resource->table->noun,
                    row->name),
        "Azure holds one %s for each %s and %s: whichever is written last takes the place of "
        "the other. Planned for %s \"%s\" are\n\n  %s\n  %s\n\nWhat to do: keep one of them.",
        operation->resource->table->noun, row->name,
        operation->resource->table->parent_noun, row->name, value, other, operation->id);
}
