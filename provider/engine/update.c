/* Update in place: PUT or PATCH by the table's rule, until the object has the planned values.
 *
 * The state after each exit: the object as planned if that is certain; the object of the last GET
 * if it differs; else the prior state, which the next refresh corrects.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "engine/internal.h"

/* Only values that the service does not know change: a switch of this provider, the timeouts, the
 * form of a value. */
static bool is_local(const struct resource *resource, struct arena *arena,
                     const struct engine_apply *apply)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        if (compare_is_change(row, arena, apply->prior_state, apply->planned_state) &&
            !write_only_is_withdrawn(resource, row, arena, apply->config))
            return false;
    }
    return true;
}

/* A change that needs another object: Terraform has to delete this one and create the other. */
static bool makes_new_object(const struct resource *resource, struct arena *arena,
                             const struct engine_apply *apply)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        if (plan_forces_replacement(arena, row,
                                    value_get(arena, apply->prior_state, row->name),
                                    value_get(arena, apply->planned_state, row->name)))
            return true;
    }
    return resource->table->timeouts.update_s == 0 && !is_local(resource, arena, apply);
}

/* What the service changed by itself since the plan, which knew the old value: Terraform accepts
 * nothing else. The next refresh shows the new one. */
static const struct value *as_planned(const struct resource *resource,
                                      struct arena *arena, const struct value *found,
                                      const struct value *planned)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        const struct value *value = value_get(arena, planned, row->name);
        bool is_known = compare_is_of_service(row)
                            ? value->state != VALUE_UNKNOWN
                            : (row->flags & COMPUTED) != 0 && value_is_null(value);
        if (is_known)
            found = value_with(arena, found, row->name, value);
    }
    return found;
}

static int settle(struct operation *operation, struct engine_apply *apply,
                  const json_t *body, enum body_extent extent)
{
    const struct resource *resource = operation->resource;
    struct arena *arena = operation->call->arena;
    const struct value *planned = apply->planned_state;
    const struct value *found = body_to_value(resource, arena, body, extent, planned);
    apply->new_state = resource_settle(
        resource, arena, as_planned(resource, arena, found, planned), operation->id);
    struct rest_collection *collection = operation->collection;
    if (collection != NULL)
        rest_collection_record_unknown(collection, operation->id);
    return 0;
}

/* The object differs from the plan. */
static void store_found(struct operation *operation, struct engine_apply *apply,
                        const struct probe *probe)
{
    if (probe->presence == PRESENT && probe->reply != NULL)
        apply->new_state =
            body_to_value(operation->resource, operation->call->arena, probe->reply->body,
                          BODY_WHOLE, apply->prior_state);
}

static int explain_gone(struct operation *operation)
{
    return diags_error(operation->diags, PATH_NONE, explain_title(operation),
                       "%s no longer exists. Nothing was changed.\n\nWhat to do: Run "
                       "`terraform plan`. The plan creates the object again.",
                       explain_object_first(operation));
}

/* The answer says that the object does not exist. A bare 404 may also mean a missing role, or another
 * service. */
static int explain_absent(struct operation *operation, const struct rest_reply *reply)
{
    auto_probe parent = { 0 };
    return probe_is_surely_gone(operation, reply) || probe_parent(operation, &parent) == 0
               ? explain_gone(operation)
               : read_explain_unproven(operation, &parent, "Nothing was changed.");
}

/* It was changed, or made again, and a GET did not show it. */
static int explain_vanished(struct operation *operation)
{
    return diags_error(
        operation->diags, PATH_NONE, explain_title(operation),
        "%s: %s accepted the change, but then returned no such object. It "
        "stays in the state as it was.\n\nWhat to do: Run `terraform plan`, "
        "which shows whether the object exists.",
        explain_object_first(operation), explain_service(operation));
}

static int explain_deleting(struct operation *operation)
{
    return diags_error(operation->diags, PATH_NONE, explain_title(operation),
                       "%s is being deleted. Nothing was changed.\n\nWhat to do: Run "
                       "`terraform plan` when it is gone. The plan creates the object "
                       "again.",
                       explain_object_first(operation));
}

/* Until the timeout, a GET shows other values than planned. */
static int explain_difference(struct operation *operation, struct engine_apply *apply,
                              const struct probe *probe)
{
    struct arena *arena = operation->call->arena;
    store_found(operation, apply, probe);
    const struct attribute *row = compare_objects(operation->resource, arena,
                                                  apply->planned_state, apply->new_state);
    if (row == NULL)
        return explain_probe(operation, probe, NULL);
    return diags_error(
        operation->diags, path_attribute(arena, PATH_NONE, row->name),
        explain_title(operation),
        "%s: the service accepted the change, but %s is still %s, and not %s as "
        "planned. The state has the value of the service.\n\nWhat to do: Run `terraform plan`. If the difference "
        "stays, correct the configuration.",
        explain_object_first(operation), row->name,
        body_show(arena, row, value_get(arena, apply->new_state, row->name)),
        body_show(arena, row, value_get(arena, apply->planned_state, row->name)));
}

/* The answer to the write has all planned values, so a GET would show nothing more. */
static bool is_confirmed(struct operation *operation, const struct engine_apply *apply,
                         const struct write *write)
{
    const struct rest_reply *reply = write->reply;
    if (reply == NULL || reply->status == 202 || write->was_followed ||
        probe_contradicts(operation, reply))
        return false;
    const struct probe probe = { .presence = PRESENT,
                                 .reply = (struct rest_reply *)(uintptr_t)reply };
    const struct effect effect = { .kind = EFFECT_MATCHES,
                                   .planned = apply->planned_state };
    return probe_effect(operation, &probe, &effect) == EFFECT_DONE &&
           body_says_all(operation->resource, operation->call->arena, reply->body,
                         apply->planned_state);
}

static int confirm(struct operation *operation, struct engine_apply *apply,
                   const struct write *write)
{
    if (write->seen.presence == PRESENT && write->seen.reply != NULL)
        return settle(operation, apply, write->seen.reply->body, BODY_WHOLE);
    if (is_confirmed(operation, apply, write))
        return settle(operation, apply, write->reply->body, BODY_PARTIAL);
    auto_probe probe = { 0 };
    const struct effect effect = { .kind = EFFECT_MATCHES,
                                   .planned = apply->planned_state };
    switch (probe_wait(operation, &effect, &probe)) {
    case EFFECT_DONE:
        return settle(operation, apply, probe.reply->body, BODY_WHOLE);
    case EFFECT_IMPOSSIBLE:
        return explain_vanished(operation);
    case EFFECT_NOT_DONE:
        return explain_difference(operation, apply, &probe);
    case EFFECT_UNKNOWN:
        break;
    }
    return explain_probe(operation, &probe,
                         "The service accepted the change, but the provider could not "
                         "check whether it took effect. The state is unchanged. The next "
                         "refresh corrects it.");
}

/* The service failed while it worked on the request, and may have done a part of it. */
static int explain_failed(struct operation *operation, struct engine_apply *apply,
                          const struct write *write)
{
    auto_probe probe = { 0 };
    probe_get(operation, &probe);
    store_found(operation, apply, &probe);
    return explain_failure(
        operation, &write->reply->failure,
        arena_print(operation->call->arena,
                    "%s accepted the change, but its operation failed. %s",
                    explain_service(operation),
                    probe.presence == PRESENT
                        ? "The state has the value of the service."
                        : "The state is unchanged. The next refresh corrects it."));
}

/* A PUT would create the object that no longer exists, or after its deletion. */
static int expect_present(struct operation *operation)
{
    const struct write_rule *rule = operation->resource->table->update;
    if (rule == NULL || !text_equal(rule->method, "PUT"))
        return 0;
    auto_probe probe = { 0 };
    probe_get(operation, &probe);
    if (probe.presence == PRESENT)
        return probe_shows_deleting(operation, probe.reply->body)
                   ? explain_deleting(operation)
                   : 0;
    return probe.presence == ABSENT
               ? explain_absent(operation, probe.reply)
               : explain_probe(operation, &probe, "Nothing was changed.");
}

static int refused(struct operation *operation, const struct write *write)
{
    return probe_says_gone(operation, write->reply)
               ? explain_absent(operation, write->reply)
               : explain_failure(
                     operation, &write->reply->failure,
                     write->was_open
                         ? "An earlier attempt, whose response did not arrive, may have "
                           "changed the object."
                         : "Nothing was changed.");
}

static int send_part(struct operation *operation, const struct write_rule *rule,
                     const struct value *prior, const struct value *planned,
                     struct write *out)
{
    struct arena *arena = operation->call->arena;
    const struct effect effect = { .kind = EFFECT_MATCHES, .planned = planned };
    json_t *change = body_from_change(operation->resource, arena, prior, planned);
    int sent = part_update_send(
        operation,
        rule->path != NULL ? resource_fill(arena, rule->path, planned) : operation->id,
        rule->part != NULL ? json_object_get(change, rule->part) : change, &effect, out);
    json_decref(change);
    return sent;
}

static int report(struct operation *operation, struct engine_apply *apply,
                  struct write *write, bool has_secrets)
{
    switch (write->end) {
    case WRITE_DONE:
        return confirm(operation, apply, write);
    case WRITE_REFUSED:
        return refused(operation, write);
    case WRITE_NOT_SENT:
        return explain_error(operation, &write->err,
                             write->was_open
                                 ? "The change was sent, but a GET after it did not show "
                                   "it. The next refresh corrects the state."
                                 : "Nothing was changed.");
    case WRITE_MOOT:
        return write->seen.presence == PRESENT
                   ? explain_deleting(operation)
                   : explain_absent(operation, write->seen.reply);
    case WRITE_FAILED:
        return explain_failed(operation, apply, write);
    case WRITE_UNFINISHED:
        return explain_error(
            operation, &write->err,
            "The service accepted the change, but the operation did not "
            "finish before the timeout. The state is unchanged. The next "
            "refresh corrects it.");
    case WRITE_UNCERTAIN:
        break;
    }
    return explain_error(
        operation, &write->err,
        has_secrets ? "The change was sent, but the service did not confirm it, and the "
                      "object does not show whether the change took effect. The state is "
                      "unchanged, so the next apply sends the change again."
                    : "The change was sent, but the service did not confirm it, and the "
                      "provider could not check whether it took effect. The state is "
                      "unchanged. The next refresh corrects it.");
}

static int send(struct operation *operation, struct engine_apply *apply)
{
    const struct resource *resource = operation->resource;
    struct arena *arena = operation->call->arena;
    const char *method = resource->table->update->method;
    const struct effect effect = { .kind = EFFECT_MATCHES,
                                   .planned = apply->planned_state };
    bool is_whole = !text_equal(method, "PATCH");
    const struct value *filled =
        write_only_fill(resource, arena, apply->planned_state, apply->config);
    json_t *body = is_whole
                       ? body_from_value(resource, arena, filled)
                       : body_from_change(resource, arena, apply->prior_state, filled);
    const struct write_request request = {
        .method = method,
        .body = body,
        .effect = effect,
        .has_secrets =
            write_only_is_sent(resource, arena, apply->prior_state, filled, is_whole),
    };
    const struct write_rule *rule = resource->table->update;
    auto_write write = { 0 };
    int sent = 0;
    if (rule->etag != NULL)
        sent = send_part(operation, rule, apply->prior_state, filled, &write);
    else
        write_send(operation, &request, &write);
    json_decref(body);
    return sent < 0 ? -1 : report(operation, apply, &write, request.has_secrets);
}

int engine_update(struct call *call, const struct resource *resource,
                  struct session *session, struct engine_apply *apply,
                  struct diags *diags)
{
    struct arena *arena = call->arena;
    const char *id = resource_state_id(resource, arena, apply->prior_state);
    apply->new_state = apply->prior_state;
    if (makes_new_object(resource, arena, apply))
        return diags_error(
            diags, PATH_NONE,
            arena_print(arena, "Cannot update %s", resource->table->noun),
            "Terraform asked for an update in place, but this change requires "
            "replacement. Nothing was changed.\n\nWhat to do: Run `terraform plan` again.");
    if (is_local(resource, arena, apply)) {
        apply->new_state = resource_settle(resource, arena, apply->planned_state, id);
        return 0;
    }
    struct operation operation;
    if (operation_begin(&operation, call, resource, session, TIMEOUT_UPDATE,
                        apply->planned_state, id, diags) < 0 ||
        expect_present(&operation) < 0)
        return -1;
    operation.config = apply->config;
    const struct action_rule *action = resource->table->update_action;
    if (action == NULL)
        return send(&operation, apply);
    if (post_action_run(&operation, action, apply->planned_state,
                        "Nothing was changed.") < 0)
        return -1;
    apply->new_state = resource_settle(resource, arena, apply->planned_state, id);
    return 0;
}
