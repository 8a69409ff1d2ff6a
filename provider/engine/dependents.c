/* Objects that are lost with another one: a delete is refused while there are any and the user does
 * not allow it, or the plan only names them.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "engine/internal.h"
#include "rest/json.h"
#include "rest/list.h"
#include "session/object_flags.h"

enum { NAMES_SHOWN_MAX = 20, NAMES_BYTES_MAX = 32 * 1024 };

struct dependents {
    struct operation *operation;
    const char *wanted; /* at the rule's place; NULL: any */
    size_t count;
    json_t *seen;     /* their IDs */
    struct buf names; /* a line each */
};

static bool counts(const struct dependents *found, const json_t *object)
{
    const struct dependents_rule *rule = found->operation->resource->table->dependents;
    const char *text = rest_json_text(object, rule->place);
    if (rule->place == NULL)
        return true;
    /* An object that does not show its state may have any. */
    return rule->values != NULL
               ? text == NULL || probe_shows_text(object, rule->place, rule->values)
               : text_equal_ignoring_case(text, found->wanted);
}

static void add_name(struct dependents *found, const json_t *object, const char *id)
{
    auto_arena arena = arena_new();
    const char *place = found->operation->resource->table->dependents->shown;
    const char *shown = rest_json_text(object, place);
    const char *name = id != NULL ? strrchr(id, '/') : NULL;
    name = name != NULL ? name + 1 : id != NULL ? id : "no ID";
    name = explain_shown(arena, name);
    if (shown != NULL)
        buf_print(&found->names, "\n  %s (%s)", explain_shown(arena, shown), name);
    else
        buf_print(&found->names, "\n  %s", name);
}

/* Objects that this run deleted, or plans to delete, do not count: the list may still show them for
 * a while. */
static int count_page(void *state, const json_t *objects, struct error *err)
{
    struct dependents *found = state;
    struct object_flags *flags = service_object_flags(found->operation->service);
    const json_t *object;
    size_t i;
    (void)err;
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
    {
        const char *id = json_string_value(json_object_get(object, "id"));
        if (!counts(found, object) ||
            (id != NULL && (object_flags_has(flags, OBJECT_DELETED, id) ||
                            object_flags_has(flags, OBJECT_PLANNED_DELETE, id))) ||
            !list_is_new(found->seen, id))
            continue;
        if (found->count++ < NAMES_SHOWN_MAX)
            add_name(found, object, id);
    }
    return 0;
}

/* The consequence, with the attribute that allows the delete. */
static const char *say_end(const struct dependents *found, bool is_plan, bool is_allowed)
{
    const struct operation *operation = found->operation;
    const char *allow = operation->resource->table->dependents->allow;
    return arena_print(
        operation->call->arena,
        is_allowed ? "The plan still deletes it, because %s is true."
        : is_plan  ? "The apply will fail while they exist, because %s is not true."
                   : "Nothing was deleted, because %s is not true.",
        allow);
}

/* For operation->words; in the arena. */
static const struct explain_word *words_of(struct dependents *found)
{
    struct operation *operation = found->operation;
    struct arena *arena = operation->call->arena;
    const struct dependents_rule *rule = operation->resource->table->dependents;
    if (found->count > NAMES_SHOWN_MAX)
        buf_print(&found->names, "\n  and %zu more", found->count - NAMES_SHOWN_MAX);
    const struct explain_word words[] = {
        { "dependents.count", arena_print(arena, "%zu", found->count) },
        { "dependents.noun",
          arena_print(arena, "%s%s", rule->noun, found->count == 1 ? "" : "s") },
        { "dependents.names", arena_copy_text(arena, buf_text(&found->names)) },
        { NULL, NULL },
    };
    return arena_copy(arena, words, sizeof words);
}

static int explain(struct dependents *found, bool is_plan, bool is_allowed)
{
    struct operation *operation = found->operation;
    struct arena *arena = operation->call->arena;
    const struct dependents_rule *rule = operation->resource->table->dependents;
    operation->words = words_of(found);
    const char *title = explain_fill(operation, rule->title);
    const char *detail =
        arena_print(arena, "%s\n\n%s%s%s%s", explain_fill(operation, rule->loss),
                    say_end(found, is_plan, is_allowed), is_allowed ? "" : EXPLAIN_ACTION,
                    is_allowed ? "" : explain_fill(operation, rule->action),
                    is_plan ? "" : EXPLAIN_UNTAINT);
    operation->words = NULL;
    if (!is_plan)
        return diags_error(operation->diags, PATH_NONE, title, "%s", detail);
    diags_warning(operation->diags, PATH_NONE, title, "%s", detail);
    return 0;
}

/* A 404 without a code may be a page of a proxy. */
static bool says_gone(struct operation *operation, const struct rest_failure *failure)
{
    const struct rest_reply reply = { .status = failure->status,
                                      .is_malformed = *failure->code == '\0',
                                      .failure = *failure };
    return failure->status == 404 && (probe_says_gone(operation, &reply) ||
                                      probe_says_parent_gone(operation, &reply));
}

/* The list cannot be read. A plan continues. A delete does not, unless the object itself is missing,
 * which the DELETE will show. */
static int report_failure(struct operation *operation, const char *list_id, bool is_plan,
                          const struct rest_failure *failure, const struct error *err)
{
    struct arena *arena = operation->call->arena;
    const char *noun = operation->resource->table->dependents->noun;
    if (failure->code != NULL && says_gone(operation, failure))
        return 0;
    if (is_plan)
        return failure->code != NULL
                   ? plan_refused(operation, failure,
                                  arena_print(arena, "the list %s", list_id))
                   : plan_not_answered(operation->call, operation->resource,
                                       operation->session, err, operation->diags);
    const char *lead =
        arena_print(arena,
                    "Cannot read the list of the %ss that would be deleted with it. "
                    "Nothing was deleted; the object stays in the state.",
                    noun);
    return failure->code != NULL ? explain_failure(operation, failure, lead)
                                 : explain_error(operation, err, lead);
}

/* Counts them; -1 with the diagnostic of a list that could not be read. */
static int count(struct dependents *found, const struct value *object, bool is_plan)
{
    struct operation *operation = found->operation;
    const struct dependents_rule *rule = operation->resource->table->dependents;
    struct arena *arena = operation->call->arena;
    struct rest_failure failure = { 0 };
    struct error err = NO_ERROR;
    const struct rest_list list = {
        .id = resource_fill(arena, rule->list_id, object),
        .api_version = api_version_of(operation->resource, operation->session),
        .failure = &failure,
    };
    found->wanted = rule->attribute != NULL
                        ? value_text(value_get(arena, object, rule->attribute))
                        : NULL;
    found->seen = json_object();
    int result =
        rest_list(operation->call, operation->client, &list, count_page, found, &err);
    json_decref(found->seen);
    if (result < 0)
        result = report_failure(operation, list.id, is_plan, &failure, &err);
    rest_failure_clear(&failure);
    return result;
}

int dependents_check(struct operation *operation, const struct value *object,
                     bool is_plan)
{
    const struct dependents_rule *rule = operation->resource->table->dependents;
    if (rule == NULL || rule->allow == NULL ||
        destroy_only_forgets(operation->resource, operation->call->arena, object))
        return 0;
    bool is_allowed =
        value_is_true(value_get(operation->call->arena, object, rule->allow), false);
    if (is_allowed && !is_plan)
        return 0;
    struct dependents found = { .operation = operation };
    buf_init(&found.names, NAMES_BYTES_MAX);
    int result = count(&found, object, is_plan);
    if (result == 0 && found.count > 0)
        result = explain(&found, is_plan, is_allowed);
    buf_clear(&found.names);
    return result;
}

int dependents_describe(struct operation *operation, const struct value *object,
                        const char **out)
{
    const struct dependents_rule *rule = operation->resource->table->dependents;
    *out = "";
    if (rule == NULL || rule->allow != NULL)
        return 0;
    struct dependents found = { .operation = operation };
    buf_init(&found.names, NAMES_BYTES_MAX);
    int result = count(&found, object, true);
    if (result == 0 && found.count > 0) {
        operation->words = words_of(&found);
        *out = explain_fill(operation, rule->loss);
        operation->words = NULL;
    }
    buf_clear(&found.names);
    return result;
}
