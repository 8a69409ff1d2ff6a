/* A value that one object of each parent can have: which object has it, and which others want it in
 * the same plan.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"
#include "session/object_flags.h"

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

/* An object that this process deleted no longer has the value, even if a LIST still shows it. */
static const char *unless_deleted(struct operation *operation, const char *id)
{
    return id != NULL && object_flags_has(service_object_flags(operation->service),
                                          OBJECT_DELETED, id)
               ? NULL
               : id;
}

/* ---- a value that only the service can say ---------------------------------------------- */

/* The account whose owner is the value; NULL: none, or not known yet. */
static const char *account_of(struct operation *operation, const struct value *planned)
{
    const struct owner_rule *rule = operation->resource->table->owner;
    return rule == NULL
               ? NULL
               : value_text(value_get(operation->call->arena, planned, rule->account));
}

/* A text of the owner rule. */
static const char *fill(struct operation *operation, const char *text,
                        const char *account, const char *owner)
{
    const struct explain_word words[] = { { "account", account },
                                          { "owner", owner != NULL ? owner : "" },
                                          { NULL, NULL } };
    operation->words = words;
    const char *filled = explain_fill(operation, text);
    operation->words = NULL;
    return filled;
}

/* A rest_counts_fn: a listed object that could be overwritten. */
static bool is_at_stake(void *state, const char *id)
{
    const struct operation *operation = state;
    struct object_flags *flags = service_object_flags(operation->service);
    return !text_equal_ignoring_case(id, operation->id) &&
           !object_flags_has(flags, OBJECT_DELETED, id) &&
           !object_flags_has(flags, OBJECT_REPLACED, id);
}

static const char *recall_owner(struct operation *operation, const struct value *planned)
{
    const char *account = account_of(operation, planned);
    return account == NULL ? NULL
                           : rest_owners_recall(service_owners(operation->service),
                                                operation->call->arena, account);
}

static const char *ask(struct operation *operation, const char *account)
{
    return rest_owners_find(operation->call, operation->client,
                            service_owners(operation->service), account);
}

void unique_warn_unknown(struct operation *operation, const struct value *planned)
{
    const struct resource_table *table = operation->resource->table;
    const struct attribute *row = unique_row(operation);
    const char *account = account_of(operation, planned);
    struct rest_collection *collection = operation->collection;
    if (account == NULL || collection == NULL ||
        unique_value(operation, planned) != NULL ||
        recall_owner(operation, planned) != NULL ||
        rest_collection_recall(operation->call, collection, operation->id) != NULL ||
        !rest_collection_has_any(collection, is_at_stake, operation) ||
        !object_flags_add(service_object_flags(operation->service),
                          OBJECT_OVERWRITE_UNCHECKED, ""))
        return;
    diags_warning(
        operation->diags, path_attribute(operation->call->arena, PATH_NONE, row->name),
        "This plan cannot check for overwrites",
        "This plan creates %s without %s. %s This warning is shown once "
        "in a run; it may also apply to other resources without "
        "%s.\n\nWhat to do: Set %s.",
        explain_object(operation), row->name,
        fill(operation, table->owner->unknown, account, NULL), row->name, row->name);
}

/* ---- who holds it ------------------------------------------------------------------------- */

const char *unique_find(struct operation *operation, const struct value *planned)
{
    struct rest_collection *collection = operation->collection;
    const char *value = unique_value(operation, planned);
    if (collection == NULL || unique_row(operation) == NULL)
        return NULL;
    /* The LIST is also read while the value is unknown: only a LIST from before the write shows
     * afterwards which object was overwritten. */
    rest_collection_ensure(operation->call, operation->client, collection);
    const char *found = value == NULL
                            ? NULL
                            : rest_collection_recall_other(operation->call, collection,
                                                           value, operation->id);
    const char *account = account_of(operation, planned);
    /* No other object can have the value of an object that is listed. */
    if (value == NULL && account != NULL &&
        rest_collection_recall(operation->call, collection, operation->id) == NULL &&
        rest_collection_has_any(collection, is_at_stake, operation)) {
        value = ask(operation, account);
        if (value != NULL)
            found = rest_collection_recall_other(operation->call, collection, value,
                                                 operation->id);
    }
    return unless_deleted(operation, found);
}

const char *unique_recall(struct operation *operation, const struct value *object)
{
    struct rest_collection *collection = operation->collection;
    const char *value = unique_value(operation, object);
    return collection == NULL || value == NULL
               ? NULL
               : unless_deleted(operation,
                                rest_collection_recall_other(operation->call, collection,
                                                             value, operation->id));
}

/* For messages: where the value comes from, if it is not configured. */
static const char *explain_owner(struct operation *operation, const struct value *planned)
{
    const char *asked = unique_value(operation, planned) == NULL
                            ? recall_owner(operation, planned)
                            : NULL;
    return asked == NULL
               ? ""
               : arena_print(operation->call->arena, "%s ",
                             fill(operation, operation->resource->table->owner->known,
                                  account_of(operation, planned), asked));
}

int unique_explain(struct operation *operation, const struct value *planned,
                   const char *overwritten, bool is_allowed)
{
    struct arena *arena = operation->call->arena;
    const struct resource_table *table = operation->resource->table;
    const struct attribute *row = unique_row(operation);
    const struct path *path = path_attribute(arena, PATH_NONE, row->name);
    const char *facts =
        arena_print(arena,
                    "%s%s allows one %s for each %s and %s. This %s already has "
                    "one:\n\n  %s\n\n",
                    explain_owner(operation, planned), explain_service(operation),
                    table->noun, row->name, table->parent_noun, table->parent_noun,
                    explain_shown(arena, overwritten));
    if (is_allowed)
        return diags_warning(
            operation->diags, path,
            arena_print(arena, "Overwrites an existing %s", table->noun),
            "%sThe apply overwrites it, %s %s is true.\n\nWhat to do: If "
            "the overwritten one is in a Terraform state, here or elsewhere, "
            "remove it from that state.",
            facts,
            value_is_unknown(value_get(arena, planned, table->overwrite)) ? "if"
                                                                          : "because",
            table->overwrite);
    if (table->overwrite == NULL)
        return diags_error(
            operation->diags, path,
            arena_print(arena, "Another %s has this %s", table->noun, row->name),
            "%sWhat to do: To keep the other one, remove this resource, or "
            "import the other one here. If the same plan destroys the other "
            "one, apply that destroy first.",
            facts);
    return diags_error(operation->diags, path,
                       arena_print(arena, "Would overwrite an existing %s", table->noun),
                       "%sCreating this resource silently overwrites it.\n\nWhat to do: "
                       "To keep the existing one, remove this resource, or import the "
                       "existing one. To overwrite the existing one, set %s = true. If "
                       "the same plan destroys the existing one, apply that destroy "
                       "first, or set %s = true.",
                       facts, table->overwrite, table->overwrite);
}

/* ---- two that want it --------------------------------------------------------------------- */

static const char *planned_key(struct arena *arena, const struct resource_table *table,
                               const char *value)
{
    return arena_print(arena, "planned %s %s", table->name, value);
}

bool unique_is_planned(struct arena *arena, struct service *service,
                       const struct resource_table *table, const char *value)
{
    return claims_has(service_claims(service), planned_key(arena, table, value));
}

static int claim(struct operation *operation, const char *value, const char *id)
{
    struct arena *arena = operation->call->arena;
    const struct attribute *row = unique_row(operation);
    claims_make(service_claims(operation->service), arena,
                planned_key(arena, operation->resource->table, value), id);
    const char *key =
        arena_print(arena, "%s %s %s", row->name, value, operation->parent_id);
    const char *other = claims_make(service_claims(operation->service), arena, key, id);
    if (other == NULL)
        return 0;
    return diags_error(operation->diags, path_attribute(arena, PATH_NONE, row->name),
                       arena_print(arena, "Two %ss for one %s",
                                   operation->resource->table->noun, row->name),
                       "%s allows one %s for each %s and %s%s. For %s \"%s\", Terraform "
                       "plans both:\n\n  %s\n  %s\n\nWhat to do: Keep one of them.",
                       explain_service(operation), operation->resource->table->noun,
                       row->name, operation->resource->table->parent_noun,
                       operation->resource->table->overwrite != NULL
                           ? ": the last one overwrites the other"
                           : "",
                       row->name, value, other, id);
}

int unique_claim(struct operation *operation, const struct engine_plan *plan)
{
    const char *value = unique_value(operation, plan->planned_state);
    return value == NULL ? 0 : claim(operation, value, operation->id);
}

int unique_claim_owner(struct operation *operation, const struct engine_plan *plan)
{
    struct arena *arena = operation->call->arena;
    const char *account = account_of(operation, plan->planned_state);
    bool is_known = unique_value(operation, plan->planned_state) != NULL;
    if (account == NULL || operation->collection == NULL ||
        !rest_collection_has_answered(operation->collection))
        return 0;
    /* The first new object of a parent cannot conflict, and needs no request until there is a
     * second one. */
    const char *first =
        claims_make(service_claims(operation->service), arena,
                    arena_print(arena, "first %s", operation->parent_id),
                    arena_print(arena, "%s %s", is_known ? "-" : account, operation->id));
    size_t length = first != NULL ? strcspn(first, " ") : 0;
    const char *value =
        length > 1 ? ask(operation, arena_copy_bytes_as_text(arena, first, length))
                   : NULL;
    if (value != NULL && claim(operation, value, first + length + 1) < 0)
        return -1;
    if (is_known)
        return 0;
    value = first != NULL ? ask(operation, account)
                          : recall_owner(operation, plan->planned_state);
    return value == NULL ? 0 : claim(operation, value, operation->id);
}
