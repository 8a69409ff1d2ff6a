/* An object that a plan creates although it exists, or that two resources manage.
 *
 * Terraform does not pass addresses, plans resources in any order, and plans some of them twice. So
 * each plan is judged by what is recorded about the ID: whether the state of this run has it, and
 * whether a plan of this run keeps, creates or deletes it.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"
#include "session/object_flags.h"

enum { LEFT_SHOWN_MAX = 20, LEFT_BYTES_MAX = 64 * 1024, WAIT_STEP_MS = 100 };

/* ---- two resources ------------------------------------------------------------------------- */

void engine_record_state(struct call *call, const struct resource *resource,
                         struct session *session, const struct value *state)
{
    if (session == NULL || value_is_null(state))
        return;
    const char *id = resource_state_id(resource, call->arena, state);
    if (id != NULL)
        object_flags_add(resource_object_flags(resource, session), OBJECT_IN_STATE, id);
}

/* Neither resource names the object: only the values that its ID is made from are equal. */
static int explain_made_twice(const struct resource *resource, const char *id,
                              const struct attribute *made, struct diags *diags)
{
    const char *noun = resource->table->noun, *name = made->name;
    return diags_error(
        diags, path_attribute(diags->arena, PATH_NONE, name),
        arena_print(diags->arena, "Two resources for one %s", noun),
        "Two resources of this plan manage the same %s:\n\n  %s\n\nThe "
        "configuration does not set %s, so the provider generates it from "
        "%s. These values are the same in both resources, or were when the "
        "%s was created.\n\nWhat to do: If you want two objects, set %s in "
        "the new resource to a different value, such as a new GUID. In the "
        "other one, that would replace the %s. If you want one object, "
        "remove one of the resources.",
        noun, id, name, text_join(diags->arena, made->made_from, ""), noun, name, noun);
}

static int explain_two(const struct resource *resource, const char *id, bool is_created,
                       const struct attribute *made, struct diags *diags)
{
    const char *noun = resource->table->noun;
    if (made != NULL && is_created)
        return explain_made_twice(resource, id, made, diags);
    return diags_error(diags, PATH_NONE,
                       arena_print(diags->arena, "Two resources for one %s", noun),
                       "Two resources of this plan manage the same %s:\n\n  %s\n\n%s %s "
                       "has only one of them. Destroying one of the resources would "
                       "delete it for both.\n\nWhat to do: Keep one of the two "
                       "resources. To remove the other one from the state without "
                       "deleting the %s, use a `removed` block with `destroy = false`. "
                       "If the resource was renamed, use a `moved` block.",
                       noun, id,
                       is_created ? "At least one of them is not in the state yet."
                                  : "Both are in the state.",
                       resource->table->service->label, noun);
}

static void warn_of_order(const struct resource *resource, const char *id,
                          struct diags *diags)
{
    const char *noun = resource->table->noun;
    diags_warning(
        diags, PATH_NONE,
        arena_print(diags->arena, "One plan deletes and creates the same %s", noun),
        "One resource of this plan deletes this %s, and another one "
        "creates it:\n\n  %s\n\nTerraform may run the two in any order. "
        "If the create comes first, it fails, and the delete then removes "
        "the %s.\n\nWhat to do: If the resource was renamed, use a "
        "`moved` block. Then the %s is not changed. If Terraform shows the object as "
        "deposed, because an apply failed, run `terraform state rm` with the address "
        "of the resource, and import the object.",
        noun, id, noun, noun);
}

int existing_claim(const struct resource *resource, struct session *session,
                   const struct plan_kind *kind, const char *id, struct diags *diags)
{
    struct object_flags *flags = resource_object_flags(resource, session);
    if (kind->is_second_half)
        return 0;
    const struct id_scheme *ids = resource->table->service->ids;
    bool is_same = kind->prior_id != NULL && id != NULL &&
                   (text_equal(kind->prior_id, id) ||
                    ids->is_equal(diags->arena, kind->prior_id, id));
    if (kind->prior_id != NULL)
        object_flags_add(flags, OBJECT_IN_STATE, kind->prior_id);
    if (kind->prior_id != NULL && (kind->is_destroy || !is_same)) {
        object_flags_add(flags, OBJECT_PLANNED_DELETE, kind->prior_id);
        if (!kind->only_forgets)
            object_flags_add(flags, OBJECT_PLANNED_GONE, kind->prior_id);
        if (object_flags_has(flags, OBJECT_PLANNED_CREATE, kind->prior_id))
            warn_of_order(resource, kind->prior_id, diags);
        else if (!kind->only_forgets &&
                 object_flags_has(flags, OBJECT_PLANNED, kind->prior_id))
            return explain_two(resource, kind->prior_id, false, NULL, diags);
    }
    if (kind->is_destroy || id == NULL)
        return 0;
    if (!is_same) {
        object_flags_add(flags, OBJECT_PLANNED_CREATE, id);
        object_flags_add(session_names(session), OBJECT_PLANNED_CREATE,
                         resource_last_part(id));
    }
    if (!object_flags_add(flags, OBJECT_PLANNED, id) ||
        (is_same && object_flags_has(flags, OBJECT_PLANNED_GONE, id)))
        return explain_two(resource, id,
                           object_flags_has(flags, OBJECT_PLANNED_CREATE, id), kind->made,
                           diags);
    if (!is_same && object_flags_has(flags, OBJECT_PLANNED_DELETE, id))
        warn_of_order(resource, id, diags);
    return 0;
}

/* ---- a parent that the same run deletes ------------------------------------------------------ */

static int explain_parent(struct operation *operation, const char *noun,
                          const char *parent, const char *child)
{
    struct arena *arena = operation->call->arena;
    return diags_error(
        operation->diags, PATH_NONE,
        arena_print(arena, "One plan deletes the %s and creates an object of it", noun),
        "This plan deletes the %s:\n\n  %s\n\nIt also creates %s, which "
        "belongs to it. The create fails, or the new object is deleted with "
        "the %s.\n\nWhat to do: Keep the %s, or do not create the object. To "
        "keep the %s and only remove it from the state, use a `removed` block "
        "with `destroy = false`.",
        noun, parent, child, noun, noun, noun);
}

static bool is_lost(struct object_flags *flags, const char *parent)
{
    return object_flags_has(flags, OBJECT_PLANNED_PARENT, parent) &&
           object_flags_has(flags, OBJECT_PLANNED_GONE, parent);
}

/* Terraform plans the two in any order, or at the same time: each records itself first. */
int existing_expect_parent(struct operation *operation, const struct plan_kind *kind,
                           bool is_new)
{
    const struct resource_table *table = operation->resource->table;
    struct object_flags *flags = service_object_flags(operation->service);
    bool is_child = !kind->is_destroy && is_new && operation->parent_id != NULL;
    if (is_child)
        object_flags_add(flags, OBJECT_PLANNED_PARENT, operation->parent_id);
    if (is_child && is_lost(flags, operation->parent_id))
        return explain_parent(operation, table->parent_noun, operation->parent_id,
                              explain_object(operation));
    return kind->prior_id != NULL && is_lost(flags, kind->prior_id)
               ? explain_parent(operation, table->noun, kind->prior_id, "an object")
               : 0;
}

/* ---- one that exists ------------------------------------------------------------------------- */

/* For a text between quotation marks in a configuration, where "${" begins an expression. */
static const char *escape(struct arena *arena, const char *text)
{
    char *escaped = arena_take(arena, 2 * strlen(text) + 1), *to = escaped;
    for (; *text != '\0'; text++) {
        if (*text == '"')
            *to++ = '\\';
        else if ((*text == '$' || *text == '%') && text[1] == '{')
            *to++ = *text;
        *to++ = *text;
    }
    *to = '\0';
    return escaped;
}

const char *existing_import_block(struct operation *operation, const char *id)
{
    return arena_print(operation->call->arena,
                       "  # add provider = azurestack.ALIAS if -generate-config-out "
                       "needs an\n  # aliased provider\n  import {\n    to = "
                       "azurestack_%s.NAME\n    id = \"%s\"\n  }\n",
                       operation->resource->table->name,
                       escape(operation->call->arena, id));
}

int existing_explain(struct operation *operation, const char *id)
{
    const struct resource_table *table = operation->resource->table;
    return diags_error(operation->diags, PATH_NONE,
                       arena_print(operation->call->arena, "%s already exists",
                                   text_capitalize(operation->call->arena, table->noun)),
                       "%s has an object with this ID. Nothing was changed.\n\nWhat "
                       "to do: To manage it with Terraform, import it:\n\n%s\nor: "
                       "terraform import azurestack_%s.NAME '%s'\n\nReplace NAME with "
                       "the name of the resource, and its key if it has one: see the "
                       "address above. If an earlier run was interrupted while it "
                       "created this object, import it and do nothing else. If the "
                       "resource was renamed, use a `moved` block instead. If the plan "
                       "replaces the object (+/-), remove create_before_destroy, because "
                       "two objects cannot have the same ID; then run `terraform state "
                       "rm` with the address above, and import the object. If another "
                       "resource manages the object, here or in another state, remove "
                       "one of the two.",
                       explain_service(operation), existing_import_block(operation, id),
                       table->name, id);
}

/* Reports the objects of the calls that did not wait. */
static void explain_left(struct operation *operation)
{
    struct object_flags *flags = service_object_flags(operation->service);
    json_t *left = pending_take_left(session_pending(operation->session)), *one;
    auto_buf buf = { 0 };
    size_t i, count = 0;
    buf_init(&buf, LEFT_BYTES_MAX);
    json_array_foreach(left, i, one)
    {
        const char *id = json_string_value(one);
        if (object_flags_has(flags, OBJECT_IN_STATE, id))
            continue;
        if (count++ < LEFT_SHOWN_MAX)
            buf_print(&buf, "\n%s", existing_import_block(operation, id));
    }
    json_decref(left);
    if (count == 0)
        return;
    if (count > LEFT_SHOWN_MAX)
        buf_print(&buf, "\nand %zu more.\n", count - LEFT_SHOWN_MAX);
    diags_error(operation->diags, PATH_NONE, "More objects already exist",
                "%zu more of the objects that this plan would create already exist."
                "\n\nWhat to do: Import them too:\n%s",
                count, buf_text(&buf));
}

static bool is_explained(struct operation *operation)
{
    struct object_flags *flags = service_object_flags(operation->service);
    /* An object in the state is replaced (a tainted one is planned as if it were new), deleted by
     * another resource, or kept by another one, which existing_claim() reports. */
    return object_flags_has(flags, OBJECT_IN_STATE, operation->id) ||
           object_flags_has(flags, OBJECT_DELETED, operation->id);
}

/* True: it is decided, or the plan was canceled. False: the object still exists, and this session
 * has had nothing else to do for a while, or has been busy for PENDING_MOST_MS. The call no longer
 * waits, and has no deadline. */
static bool await_explanation(struct operation *operation)
{
    struct session *session = operation->session;
    struct pending *pending = session_pending(session);
    struct error ended = NO_ERROR;
    int64_t now = clock_monotonic_ms(), quiet_since = now, end_ms = now + PENDING_MOST_MS;
    unsigned long begun = session_activity(session).begun;
    operation->call->deadline_ms = CLOCK_NEVER;
    while (!is_explained(operation) || !pending_leave_early(pending)) {
        struct session_activity activity = session_activity(session);
        now = clock_monotonic_ms();
        if (activity.begun != begun || activity.calls > pending_waiters(pending)) {
            begun = activity.begun;
            quiet_since = now;
        }
        bool is_over = now - quiet_since >= pending_quiet_ms(pending) || now >= end_ms;
        bool is_stopped = call_sleep(operation->call, WAIT_STEP_MS, &ended) < 0;
        if (is_over || is_stopped) {
            pending_leave(pending);
            return is_stopped;
        }
    }
    return true;
}

int existing_check(struct operation *operation)
{
    struct rest_collection *collection = operation->collection;
    bool is_asked = operation->resource->table->looks_ahead;
    if (is_explained(operation) ||
        (!is_asked &&
         (collection == NULL ||
          rest_collection_recall(operation->call, collection, operation->id) == NULL)))
        return 0;
    /* A LIST may still show an object that is gone. */
    auto_probe probe = { 0 };
    probe_get(operation, &probe);
    /* Without a list, no other check reports that the service did not answer. */
    if (is_asked && (probe.presence == REFUSED || probe.presence == UNREADABLE ||
                     probe.presence == PRESENCE_UNKNOWN))
        return plan_probe_failed(operation, &probe);
    if (probe.presence != PRESENT || probe_shows_deleting(operation, probe.reply->body))
        return 0;
    struct pending *pending = session_pending(operation->session);
    if (!pending_enter(pending, operation->id))
        return 0;
    bool is_decided = await_explanation(operation);
    operation->call->deadline_ms = clock_monotonic_ms() + PLAN_CHECKS_TIME_MS;
    if (is_decided)
        return 0;
    if (!is_explained(operation))
        existing_explain(operation, probe_returned_id(operation, probe.reply->body));
    explain_left(operation);
    if (!diags_have_error(operation->diags))
        return 0;
    pending_set_reported(pending);
    return -1;
}

/* ---- one that looks ahead ------------------------------------------------------------------------ */

/* Terraform plans an object in the state as if it were new: it is tainted, or the user requested a
 * replacement. */
static int check_replaced_by_itself(struct operation *operation,
                                    const struct value *planned)
{
    const struct replace_warning *rule = operation->resource->table->replace_warning;
    struct arena *arena = operation->call->arena;
    bool stays = destroy_leaves(operation->resource, arena, planned);
    if (!stays && (rule == NULL || rule->refused == NULL))
        return 0;
    auto_probe probe = { 0 };
    probe_get(operation, &probe);
    if (probe.presence != PRESENT)
        return 0;
    switch (progress_of(operation->resource, arena, probe.reply->body, planned)) {
    case PROGRESS_FAILED:
        return 0;
    case PROGRESS_PENDING:
        return progress_explain(
            operation, PROGRESS_PENDING, probe.reply->body,
            "The object is in the state, but the plan creates it again.");
    default:
        if (stays)
            return destroy_explain_stays(operation);
        return diags_error(operation->diags, PATH_NONE, rule->title,
                           "The plan would replace %s with the same object. %s",
                           explain_object(operation),
                           explain_fill(operation, rule->refused));
    }
}

int existing_find(struct operation *operation, const struct plan_kind *kind,
                  const struct value *planned)
{
    struct object_flags *flags = service_object_flags(operation->service);
    auto_probe probe = { 0 };
    probe_get(operation, &probe);
    if (probe.presence == PRESENT &&
        object_flags_has(flags, OBJECT_DELETED, operation->id))
        return 0;
    if (probe.presence == PRESENT &&
        object_flags_has(flags, OBJECT_IN_STATE, operation->id)) {
        if (kind->prior_id != NULL)
            return 0;
        if (existing_claim(operation->resource, operation->session, kind, operation->id,
                           operation->diags) < 0)
            return -1;
        return destroy_leaves(operation->resource, operation->call->arena, planned)
                   ? destroy_explain_stays(operation)
                   : 0;
    }
    if (probe.presence == PRESENT)
        return existing_explain(operation, operation->id);
    if (probe.presence != ABSENT)
        return plan_probe_failed(operation, &probe);
    return natural_key_expect_none_ended(operation) < 0
               ? -1
               : create_blockers_check(operation, planned, NULL);
}

int existing_look(struct operation *operation, const struct plan_kind *kind,
                  const struct value *planned)
{
    struct object_flags *flags = service_object_flags(operation->service);
    /* The configuration changed, and the first half of the replacement has warned. */
    if (kind->prior_id != NULL)
        return 0;
    if (object_flags_has(flags, OBJECT_REPLACED, operation->id))
        return kind->is_freed ? 0 : create_blockers_check(operation, planned, NULL);
    if (object_flags_has(flags, OBJECT_IN_STATE, operation->id)) {
        if (check_replaced_by_itself(operation, planned) < 0)
            return -1;
        if (!kind->is_second_half)
            plan_warn_of_tainted(operation);
        return 0;
    }
    int result = existing_check(operation);
    return result < 0 || kind->is_freed ? result
                                        : create_blockers_check(operation, planned, NULL);
}
