/* Warnings of a plan about the cost of a destroy or a replacement.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "engine/internal.h"
#include "session/findings.h"
#include "session/object_flags.h"

/* What the service adds to the warning of a destroy; "" if it is not asked. */
static int describe_loss(struct operation *operation, const struct value *object,
                         struct explain_word words[2])
{
    bool is_asked = operation->client != NULL &&
                    !findings_is_silent(service_findings(operation->service));
    const struct leftover_rule *leftovers = operation->resource->table->leftovers;
    words[0].text = "";
    words[1].text = leftovers != NULL ? leftovers->unknown : "";
    if (!is_asked)
        return 0;
    plan_begin_checks(operation);
    return dependents_describe(operation, object, &words[0].text) < 0
               ? -1
               : leftovers_describe(operation, object, &words[1].text);
}

int plan_warn_of_destroy(struct operation *operation, const struct value *object)
{
    const struct resource_table *table = operation->resource->table;
    const struct destroy_rule *rule =
        destroy_rule_of(operation->resource, operation->call->arena, object);
    const char *warning =
        rule != NULL ? rule->text
        : post_action_is_due(operation->resource, operation->call->arena, object)
            ? table->delete_action->warning
            : table->destroy_warning;
    if (warning == NULL || !session_warns_of_destroy(operation->session))
        return 0;
    struct explain_word words[] = { { "dependents", NULL },
                                    { "leftovers", NULL },
                                    { NULL, NULL } };
    if ((table->dependents != NULL || table->leftovers != NULL) &&
        describe_loss(operation, object, words) < 0)
        return -1;
    const char *object_shown = explain_object(operation);
    operation->words = words;
    const char *text = explain_fill(operation, warning);
    operation->words = NULL;
    diags_warning(operation->diags, PATH_NONE, table->destroy_title,
                  "This plan destroys %s. %s", object_shown, text);
    return 0;
}

/* `how`: the text for this kind of replacement. */
static void warn_of_replacement(struct operation *old, const char *how)
{
    const struct replace_warning *warning = old->resource->table->replace_warning;
    if (session_warns_of_destroy(old->session))
        diags_warning(old->diags, PATH_NONE, warning->title,
                      "This plan replaces %s. %s\n\n%s To turn off this warning, set "
                      "destroy_warning_enabled = false in the provider block.",
                      explain_object(old), explain_fill(old, warning->always),
                      explain_fill(old, how));
}

void plan_warn_of_first_half(const struct operation *operation, struct operation *old)
{
    const struct replace_warning *warning = old->resource->table->replace_warning;
    if (warning != NULL)
        warn_of_replacement(
            old, text_equal_ignoring_case(old->id, operation->id) ? warning->same_id
                 : text_equal_ignoring_case(old->parent_id, operation->parent_id)
                     ? warning->same_parent
                     : warning->other_parent);
}

static bool exists(struct operation *operation)
{
    struct rest_collection *collection = operation->collection;
    auto_probe probe = { 0 };
    if (collection != NULL &&
        rest_collection_recall(operation->call, collection, operation->id) != NULL)
        return true;
    probe_get(operation, &probe);
    return probe.presence == PRESENT;
}

void plan_warn_of_tainted(struct operation *operation)
{
    const struct replace_warning *warning = operation->resource->table->replace_warning;
    struct object_flags *flags = service_object_flags(operation->service);
    if (warning != NULL && warning->refused == NULL &&
        object_flags_has(flags, OBJECT_IN_STATE, operation->id) &&
        !object_flags_has(flags, OBJECT_PLANNED_DELETE, operation->id) &&
        !object_flags_has(flags, OBJECT_DELETED, operation->id) && exists(operation))
        warn_of_replacement(operation, warning->tainted);
}

int plan_warn_of_missing_parent(struct operation *operation,
                                const struct rest_failure *failure)
{
    struct arena *arena = operation->call->arena;
    const struct resource_table *table = operation->resource->table;
    const struct remedy *remedy = schema_find_remedy(table, failure->code);
    diags_warning(
        operation->diags,
        remedy != NULL && remedy->attribute != NULL
            ? path_attribute(arena, PATH_NONE, remedy->attribute)
            : PATH_NONE,
        arena_print(arena, "The %s was not found", table->parent_noun),
        "%s returned an error for\n\n  %s\n\nThe status is %d, %s%s%s. The apply will fail unless "
        "the %s exists by then.%s%s%s%s",
        explain_service(operation), operation->parent_id, failure->status,
        *failure->code != '\0' ? failure->code : "no error code",
        remedy != NULL ? ": " : "",
        remedy != NULL ? explain_fill(operation, remedy->meaning) : "",
        table->parent_noun, *failure->message != '\0' ? "\n\n" : "", failure->message,
        remedy != NULL ? EXPLAIN_ACTION : "",
        remedy != NULL ? explain_action(operation, failure) : "");
    return 0;
}
