/* A value of which a parent holds one object each, such as the tenant of a registration: who
 * holds it now, and who else wants it in the same plan.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

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

/* ---- a value that only the service can say ---------------------------------------------- */

/* The subscription whose tenant is the value; NULL: none, or not known yet. */
static const char *subscription_of(struct operation *operation,
                                   const struct value *planned)
{
    const char *name = operation->resource->table->unique_tenant_of;
    return name == NULL ? NULL
                        : value_text(value_get(operation->call->arena, planned, name));
}

/* Of what is listed: an object that could lose its place. As arm_counts_fn. */
static bool is_at_stake(void *state, const char *id)
{
    const struct operation *operation = state;
    struct notes *notes = service_notes(operation->service);
    return !text_equal_ignoring_case(id, operation->id) &&
           !notes_has(notes, NOTE_DELETED, id) && !notes_has(notes, NOTE_REPLACED, id);
}

static const char *recall_asked(struct operation *operation, const struct value *planned)
{
    const char *subscription = subscription_of(operation, planned);
    return subscription == NULL
               ? NULL
               : arm_tenants_recall(service_tenants(operation->service),
                                    operation->call->arena, subscription);
}

static const char *ask(struct operation *operation, const char *subscription)
{
    return arm_tenants_find(operation->call, operation->arm,
                            service_tenants(operation->service), subscription);
}

void unique_warn_unknown(struct operation *operation, const struct value *planned)
{
    const struct resource_table *table = operation->resource->table;
    const struct attribute *row = unique_row(operation);
    const char *subscription = subscription_of(operation, planned);
    struct arm_collection *collection = operation->collection;
    if (subscription == NULL || collection == NULL ||
        unique_value(operation, planned) != NULL ||
        recall_asked(operation, planned) != NULL ||
        arm_collection_recall(operation->call, collection, operation->id) != NULL ||
        !arm_collection_has_any(collection, is_at_stake, operation) ||
        !notes_add(service_notes(operation->service), NOTE_UNIQUE_UNKNOWN, ""))
        return;
    diags_warning(
        operation->diags, path_attribute(operation->call->arena, PATH_NONE, row->name),
        arena_print(operation->call->arena, "This plan cannot tell what it overwrites"),
        "%s is to be created without %s, and Azure does not say which tenant subscription %s "
        "belongs to. Azure holds one %s for each %s and %s: if the %s has another one of the "
        "same tenant, the apply overwrites it, and a warning names it only then. This "
        "warning comes once in a run; other resources without %s may be meant too.\n\nWhat to "
        "do: set %s.",
        explain_object(operation), row->name, subscription, table->noun, row->name,
        table->parent_noun, table->parent_noun, row->name, row->name);
}

/* ---- who holds it ------------------------------------------------------------------------- */

const char *unique_find(struct operation *operation, const struct value *planned)
{
    struct arm_collection *collection = operation->collection;
    const char *value = unique_value(operation, planned);
    if (collection == NULL || unique_row(operation) == NULL)
        return NULL;
    /* Asked also while the value is unknown: only a LIST from before the write can tell
     * afterwards who lost the place. */
    const char *found =
        arm_collection_find_other(operation->call, operation->arm, collection,
                                  value != NULL ? value : "", operation->id);
    const char *subscription = subscription_of(operation, planned);
    /* What is listed itself has its place: nothing else can have the same value. */
    if (value == NULL && subscription != NULL &&
        arm_collection_recall(operation->call, collection, operation->id) == NULL &&
        arm_collection_has_any(collection, is_at_stake, operation)) {
        value = ask(operation, subscription);
        if (value != NULL)
            found = arm_collection_recall_other(operation->call, collection, value,
                                                operation->id);
    }
    return unless_deleted(operation, found);
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

/* Where the value is from, if not from the configuration. */
static const char *explain_asked(struct operation *operation, const struct value *planned)
{
    const char *asked = unique_value(operation, planned) == NULL
                            ? recall_asked(operation, planned)
                            : NULL;
    return asked == NULL
               ? ""
               : arena_print(operation->call->arena,
                             "Azure says that subscription %s belongs to tenant "
                             "%s. ",
                             subscription_of(operation, planned), asked);
}

int unique_explain(struct operation *operation, const struct value *planned,
                   const char *displaced, bool is_allowed)
{
    struct arena *arena = operation->call->arena;
    const struct resource_table *table = operation->resource->table;
    const struct attribute *row = unique_row(operation);
    const struct path *path = path_attribute(arena, PATH_NONE, row->name);
    const char *facts = arena_print(
        arena,
        "%sAzure holds one %s for each %s and %s, and this %s has one already:\n\n  %s\n\n",
        explain_asked(operation, planned), table->noun, row->name, table->parent_noun,
        table->parent_noun, explain_shown(arena, displaced));
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

/* ---- two that want it --------------------------------------------------------------------- */

static int claim(struct operation *operation, const char *value, const char *id)
{
    struct arena *arena = operation->call->arena;
    const struct attribute *row = unique_row(operation);
    const char *key =
        arena_print(arena, "%s %s %s", row->name, value, operation->parent_id);
    const char *other = claims_make(service_claims(operation->service), arena, key, id);
    if (other == NULL)
        return 0;
    return diags_error(
        operation->diags, path_attribute(arena, PATH_NONE, row->name),
        arena_print(arena, "Two %ss for one %s", operation->resource->table->noun,
                    row->name),
        "Azure holds one %s for each %s and %s: whichever is written last takes the place of "
        "the other. Planned for %s \"%s\" are\n\n  %s\n  %s\n\nWhat to do: keep one of them.",
        operation->resource->table->noun, row->name,
        operation->resource->table->parent_noun, row->name, value, other, id);
}

int unique_claim(struct operation *operation, const struct engine_plan *plan)
{
    const char *value = unique_value(operation, plan->planned_state);
    return value == NULL ? 0 : claim(operation, value, operation->id);
}

int unique_claim_asked(struct operation *operation, const struct engine_plan *plan)
{
    struct arena *arena = operation->call->arena;
    const char *subscription = subscription_of(operation, plan->planned_state);
    bool is_known = unique_value(operation, plan->planned_state) != NULL;
    if (subscription == NULL || operation->collection == NULL ||
        !arm_collection_has_answered(operation->collection))
        return 0;
    /* The first new one of a parent has nobody to share a value with, and costs no question
     * until there is a second one. */
    const char *first = claims_make(
        service_claims(operation->service), arena,
        arena_print(arena, "first %s", operation->parent_id),
        arena_print(arena, "%s %s", is_known ? "-" : subscription, operation->id));
    size_t length = first != NULL ? strcspn(first, " ") : 0;
    const char *value =
        length > 1 ? ask(operation, arena_copy_bytes_as_text(arena, first, length))
                   : NULL;
    if (value != NULL && claim(operation, value, first + length + 1) < 0)
        return -1;
    if (is_known)
        return 0;
    value = first != NULL ? ask(operation, subscription)
                          : recall_asked(operation, plan->planned_state);
    return value == NULL ? 0 : claim(operation, value, operation->id);
}
