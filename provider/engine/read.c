/* Read: the object as the service has it now.
 * SPDX-License-Identifier: MPL-2.0 */

#include "base/text.h"
#include "engine/internal.h"
#include "session/object_flags.h"

/* An imported ID has the case that the user wrote, and the service may be case-sensitive: other
 * common cases, which are as valid, are tried before the object counts as absent. */
static void probe_for_import(struct operation *operation, bool is_look_up,
                             struct probe *probe)
{
    const char *given = operation->id;
    const char *const *others =
        operation_ids(operation)->case_variants(operation->call->arena, given);
    /* A data source is read after what it depends on, which may have changed the object since the
     * list was read. */
    if (is_look_up)
        probe_get(operation, probe);
    else
        probe_shared(operation, probe);
    for (; probe->presence == ABSENT && *others != NULL; others++) {
        probe_clear(probe);
        operation_rename(operation, *others);
        probe_get(operation, probe);
    }
    /* An object that does not exist is reported with the ID that the user wrote. */
    if (probe->presence == ABSENT)
        operation_rename(operation, given);
}

/* What this run plans for the object is the plan of a new one, unless another resource has it. */
static void forget_state(struct operation *operation)
{
    struct object_flags *flags = service_object_flags(operation->service);
    if (!object_flags_has(flags, OBJECT_PLANNED, operation->id) &&
        !object_flags_has(flags, OBJECT_PLANNED_DELETE, operation->id))
        object_flags_remove(flags, OBJECT_IN_STATE, operation->id);
}

int read_explain_unproven(struct operation *operation, const struct probe *parent,
                          const char *end)
{
    struct arena *arena = operation->call->arena;
    const char *lead =
        parent->presence == PRESENT
            ? arena_print(
                  arena,
                  "%s reports that the object does not exist, but its list contains "
                  "the object. %s",
                  explain_service(operation), end)
            : arena_print(
                  arena,
                  "%s reports that %s does not exist, but the provider cannot read the "
                  "%s, so the cause may be a missing role or an outage. %s",
                  explain_service(operation), explain_object(operation),
                  operation->parent_id != NULL ? operation->resource->table->parent_noun
                                               : "list of these",
                  end);
    return explain_probe(operation, parent, lead);
}

static int read_absent(struct operation *operation, struct engine_read *read,
                       bool is_imported)
{
    struct arena *arena = operation->call->arena;
    const char *absent = operation->resource->table->absent;
    const char *not_found = arena_print(
        arena, "%s not found", text_capitalize(arena, operation->resource->table->noun));
    if (read->is_look_up && absent != NULL)
        return diags_error(operation->diags, PATH_NONE, not_found, "%s", absent);
    if (is_imported)
        return diags_error(
            operation->diags, PATH_NONE, not_found,
            "%s has no %s.\n\nWhat to do: Check the ID%s.", explain_service(operation),
            explain_object(operation),
            operation->parent_id != NULL
                ? arena_print(arena, ", and whether the object belongs to another %s",
                              operation->resource->table->parent_noun)
                : "");
    auto_probe parent = { 0 };
    if (probe_parent(operation, &parent) == 0) {
        lost_with_note(operation, read->current_state);
        forget_state(operation);
        read->new_state = value_null(arena, operation->resource->type);
        return 0;
    }
    return read_explain_unproven(operation, &parent, "The object stays in the state.");
}

static const char *lead_of(const struct engine_read *read)
{
    return private_is_moved(read->private) || !private_is_imported(read->private)
               ? "The object stays in the state, unchanged."
           : read->is_look_up ? NULL
                              : "Nothing was imported.";
}

/* The import of an object that an interrupted run left in progress waits until the service is done.
 * Otherwise, resources that refer to it would be planned without its computed values. */
static int await_ready(struct operation *operation, const struct engine_read *read,
                       struct probe *probe)
{
    const struct effect ready = { .kind = EFFECT_READY, .planned = read->current_state };
    if (operation->resource->table->progress == NULL ||
        probe_effect(operation, probe, &ready) == EFFECT_DONE)
        return 0;
    probe_clear(probe);
    enum effect_state end = probe_wait(operation, &ready, probe);
    if (end == EFFECT_DONE || (end == EFFECT_IMPOSSIBLE && operation->is_in_state))
        return 0;
    return end == EFFECT_IMPOSSIBLE ? progress_explain(operation, PROGRESS_FAILED,
                                                       probe->reply->body, lead_of(read))
                                    : explain_probe(operation, probe, lead_of(read));
}

static int read_object(struct call *call, const struct resource *resource,
                       struct session *session, struct engine_read *read,
                       struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct value *state = read->current_state;
    bool is_imported = private_is_imported(read->private);
    bool is_in_state = !is_imported || private_is_moved(read->private);
    read->new_state = state;
    read->new_private = is_imported ? NO_BYTES : read->private;

    const char *id_attribute = resource_id_attribute(resource);
    const char *id = resource_state_id(resource, arena, state);
    struct operation operation;
    if (operation_begin(&operation, call, resource, session, TIMEOUT_READ, state, id,
                        diags) < 0)
        return -1;
    operation.is_in_state = is_in_state;
    auto_probe probe = { 0 };
    if (is_imported)
        probe_for_import(&operation, read->is_look_up, &probe);
    else
        probe_shared(&operation, &probe);
    if (probe.presence == ABSENT)
        return read_absent(&operation, read, !is_in_state);
    int end = !is_in_state || probe.presence == PRESENT
                  ? 0
                  : lost_with_other(&operation, &probe, read);
    if (end != 0)
        return end < 0 ? -1 : 0;
    if (probe.presence != PRESENT)
        return explain_probe(&operation, &probe, lead_of(read));

    if (!is_in_state && !read->is_look_up &&
        probe_shows_deleting(&operation, probe.reply->body))
        return diags_error(diags, PATH_NONE, explain_title(&operation),
                           "%s is being deleted. Nothing was imported.\n\nWhat to do: "
                           "Wait until it is gone, then create it with Terraform.",
                           explain_object_first(&operation));
    if (is_imported && await_ready(&operation, read, &probe) < 0)
        return -1;
    state = body_to_value(resource, arena, probe.reply->body, BODY_WHOLE, state);
    if (!read->is_look_up &&
        looked_up_read_from(&operation, is_imported, read->current_state, &state) < 0)
        return -1;
    if (is_imported || value_is_null(value_get(arena, state, id_attribute)))
        /* From now on every request uses the ID as the service returns it. Later reads do not
         * change it: an ID that changes with each refresh would look like drift. */
        state = value_with(
            arena, state, id_attribute,
            value_string(arena, probe_returned_id(&operation, probe.reply->body)));
    read->new_state = state;
    return 0;
}

int engine_read(struct call *call, const struct resource *resource,
                struct session *session, struct engine_read *read, struct diags *diags)
{
    int result = read_object(call, resource, session, read, diags);
    operation_warn_throttling(session, diags);
    return result;
}
