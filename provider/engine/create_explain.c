/* Diagnostics about the result of a create.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "engine/internal.h"
#include "session/object_flags.h"

const char *create_taint_cost(struct operation *operation)
{
    const char *note = operation->resource->table->taint_note;
    struct arena *arena = operation->call->arena;
    return destroy_leaves(operation->resource, arena, operation->config)
               ? "the next plan fails while the object exists"
               : arena_print(arena,
                             "the next apply would delete it and create it again%s%s",
                             note != NULL ? ", " : "",
                             note != NULL ? explain_fill(operation, note) : "");
}

const char *create_tainted(struct operation *operation, const char *fact)
{
    return arena_print(
        operation->call->arena,
        "%s The object is in the state, marked as tainted: %s. The ID is %s." EXPLAIN_ACTION
        "When %s responds again: (1) Run `terraform plan`. (2) If the plan shows that the object "
        "exists, run `terraform untaint` with the address above. (3) Apply.",
        fact, create_taint_cost(operation), operation->id, explain_service(operation));
}

int create_compare(struct operation *operation, const struct value *planned,
                   const struct value *found)
{
    struct arena *arena = operation->call->arena;
    const struct attribute *row =
        compare_objects(operation->resource, arena, planned, found);
    if (row == NULL)
        return 0;
    const char *have = body_show(arena, row, value_get(arena, found, row->name));
    const char *want = body_show(arena, row, value_get(arena, planned, row->name));
    const char *or_omit = (row->flags & COMPUTED) != 0
                              ? arena_print(arena, ", or remove %s so that %s sets it",
                                            row->name, explain_service(operation))
                              : "";
    return diags_error(
        operation->diags, path_attribute(arena, PATH_NONE, row->name),
        arena_print(arena, "%s stored a different %s", explain_service(operation),
                    row->name),
        "%s was created, but %s changed %s: the configuration has %s, and %s "
        "stored %s." EXPLAIN_ACTION
        "(1) Correct the configuration%s. (2) Run `terraform untaint` with "
        "the address above.",
        explain_object_first(operation), explain_service(operation), row->name, want,
        explain_service(operation), have, or_omit);
}

void create_warn_overwritten(struct operation *operation, const char *overwritten)
{
    struct rest_collection *collection = operation->collection;
    rest_collection_record_unknown(collection, overwritten);
    object_flags_add(service_object_flags(operation->service), OBJECT_OVERWRITTEN,
                     overwritten);
    const struct resource_table *table = operation->resource->table;
    diags_warning(
        operation->diags, PATH_NONE,
        arena_print(operation->call->arena, "Another %s was overwritten", table->noun),
        "%s was created. %s allows one %s for each %s and %s, so the "
        "apply overwrote this one:\n\n  %s\n\nWhat to do: To restore the "
        "overwritten one, destroy the new one, then create the old one "
        "again. Otherwise, if the overwritten one is in a Terraform "
        "state, remove it from that state.",
        explain_object_first(operation), explain_service(operation), table->noun,
        unique_row(operation)->name, table->parent_noun,
        explain_shown(operation->call->arena, overwritten));
}

static const char *unfound(struct operation *operation, const char *fact)
{
    return arena_print(
        operation->call->arena,
        "%s The object may exist, or appear later." EXPLAIN_ACTION
        "Before you run again, look for the %s with %s. If it exists, import "
        "it. If you do not import it, the next run fails, because it must not "
        "create a second one.",
        fact, operation->resource->table->noun, natural_key_show(operation));
}

int create_explain_unfound(struct operation *operation, const struct error *err,
                           const char *fact)
{
    return explain_error(operation, err, unfound(operation, fact));
}

int create_explain_unlisted(struct operation *operation, const struct probe *probe)
{
    return explain_probe(
        operation, probe,
        unfound(operation,
                probe->presence == ABSENT
                    ? "The service accepted the request, but its list does not contain "
                      "the object yet."
                    : "The service accepted the request, but the provider could not find "
                      "the object in its list."));
}

int create_explain_refused(struct operation *operation,
                           const struct rest_failure *failure)
{
    return operation->id != NULL &&
                   text_is_one_of(failure->code, operation->resource->table->exists)
               ? existing_explain(operation, operation->id)
               : explain_failure(operation, failure, NULL);
}
