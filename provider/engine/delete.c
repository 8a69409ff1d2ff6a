/* Delete. An object that is gone already is a success; an object that may still exist stays in the
 * state.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"
#include "session/object_flags.h"

#define PLAN_LATER                                                                       \
    EXPLAIN_ACTION "Run `terraform plan` later. It shows whether the object was deleted."

static int succeed(struct operation *operation, struct engine_apply *apply)
{
    object_flags_add(service_object_flags(operation->service), OBJECT_DELETED,
                     operation->id);
    struct rest_collection *collection = operation->collection;
    if (collection != NULL)
        rest_collection_record_absent(collection, operation->id);
    apply->new_state = value_null(operation->call->arena, operation->resource->type);
    apply->private = NO_BYTES;
    return 0;
}

/* The answer says that the object does not exist. A code of the table proves it; a bare 404 needs
 * the second proof. */
static int confirm_deleted(struct operation *operation, struct engine_apply *apply,
                           const struct rest_reply *reply)
{
    auto_probe parent = { 0 };
    if (probe_is_surely_gone(operation, reply) || probe_parent(operation, &parent) == 0)
        return succeed(operation, apply);
    return read_explain_unproven(operation, &parent, "The object stays in the state.");
}

/* The service refused the request, unless the refusal means that the object is gone. */
static int refused(struct operation *operation, struct engine_apply *apply,
                   const struct write *write)
{
    if (probe_says_gone(operation, write->reply))
        return confirm_deleted(operation, apply, write->reply);
    return explain_failure(operation, &write->reply->failure,
                           "Nothing was deleted; the object stays in the state.");
}

static bool goes_slowly(const struct gone_rule *rule)
{
    return rule != NULL && rule->values != NULL;
}

/* The service confirmed it, or a probe showed it. */
static int done(struct operation *operation, struct engine_apply *apply,
                const struct write *write)
{
    bool is_seen = write->seen.reply != NULL;
    if (is_seen && write->seen.presence == ABSENT)
        return confirm_deleted(operation, apply, write->seen.reply);
    if (!is_seen && write->reply->status != 202 && !write->was_followed &&
        !goes_slowly(operation->resource->table->gone_when))
        return succeed(operation, apply);
    /* The request was only accepted, or takes time: the object is gone when a GET says so. */
    auto_probe probe = { 0 };
    probe_wait(operation, &(struct effect){ .kind = EFFECT_ABSENT }, &probe);
    if (probe.presence == ABSENT)
        return confirm_deleted(operation, apply, probe.reply);
    return explain_probe(
        operation, &probe,
        arena_print(operation->call->arena,
                    "%s accepted the request, but %s. The object stays in the "
                    "state." PLAN_LATER,
                    explain_service(operation),
                    probe.presence == PRESENT
                        ? "the object still exists"
                        : "the provider could not check whether the object is gone"));
}

/* The service failed while it worked on the request, unless the object is gone anyway. */
static int failed(struct operation *operation, struct engine_apply *apply,
                  const struct write *write)
{
    auto_probe probe = { 0 };
    probe_get(operation, &probe);
    if (probe.presence == ABSENT)
        return confirm_deleted(operation, apply, probe.reply);
    return explain_failure(
        operation, &write->reply->failure,
        arena_print(
            operation->call->arena,
            "%s accepted the request, but its operation failed. The object stays in "
            "the state.",
            explain_service(operation)));
}

/* What precedes the delete: the service has to finish its work on the object, and the delete_action
 * may have to run while the object still has the values it needs. 0: the object can be deleted; 1:
 * it is gone, and `apply` says so; -1 with an error. */
static int prepare(struct operation *operation, struct engine_apply *apply)
{
    static const char lead[] = "Nothing was deleted; the object stays in the state.";
    const struct resource *resource = operation->resource;
    struct arena *arena = operation->call->arena;
    bool is_due = post_action_is_due(resource, arena, apply->prior_state);
    if (resource->table->progress == NULL && !is_due)
        return 0;
    const struct value *object = apply->prior_state;
    auto_probe probe = { 0 };
    probe_get(operation, &probe);
    if (probe.presence != PRESENT && probe.presence != ABSENT)
        return explain_probe(operation, &probe, lead);
    if (probe.presence == PRESENT) {
        object = body_to_value(resource, arena, probe.reply->body, BODY_WHOLE, object);
        enum progress progress = progress_of(resource, arena, probe.reply->body, object);
        if (progress == PROGRESS_PENDING)
            return progress_explain(operation, progress, probe.reply->body, lead);
        /* If the create of the object failed, the action has nothing to change. */
        is_due = is_due && progress == PROGRESS_DONE;
    }
    /* The object is missing and never had an ID: it was not created. */
    is_due = is_due &&
             (probe.presence == PRESENT ||
              resource_fill(arena, resource->table->delete_action->path, object) != NULL);
    if (is_due &&
        post_action_run(operation, resource->table->delete_action, object, lead) < 0)
        return -1;
    if (probe.presence != ABSENT)
        return 0;
    return confirm_deleted(operation, apply, probe.reply) < 0 ? -1 : 1;
}

int delete_expect_allowed(struct call *call, const struct resource *resource,
                          const struct value *state, struct diags *diags)
{
    const struct delete_guard *guard = resource->table->delete_guard;
    struct arena *arena = call->arena;
    if (destroy_expect_allowed(call, resource, state, diags) < 0)
        return -1;
    if (guard == NULL || value_is_true(value_get(arena, state, guard->allowed_by), false))
        return 0;
    return diags_error(
        diags, path_attribute(arena, PATH_NONE, guard->allowed_by),
        arena_print(arena, "Deleting this %s is not allowed", resource->table->noun),
        "%s\n\nWhat to do: To delete it, set %s = true, apply, then "
        "delete. The delete uses the value in the state." EXPLAIN_UNTAINT " To "
        "remove the object from the state and keep it in the service, use "
        "a `removed` block with `destroy = false`.",
        guard->text, guard->allowed_by);
}

/* A DELETE of an object that was overwritten might delete the object that replaced it. 1: there is
 * something to delete; else the result. */
static int check_overwritten(struct operation *operation, struct engine_apply *apply)
{
    auto_probe probe = { 0 };
    if (!object_flags_has(service_object_flags(operation->service), OBJECT_OVERWRITTEN,
                          operation->id))
        return 1;
    probe_get(operation, &probe);
    if (probe.presence == ABSENT)
        return confirm_deleted(operation, apply, probe.reply);
    return probe.presence == PRESENT
               ? 1
               : explain_probe(operation, &probe, "Nothing was deleted.");
}

/* The end of the DELETE, or of the requests in its place. */
static int report(struct operation *operation, struct engine_apply *apply,
                  struct write *write)
{
    switch (write->end) {
    case WRITE_REFUSED:
        return refused(operation, apply, write);
    case WRITE_NOT_SENT:
        return explain_error(
            operation, &write->err,
            write->was_open ? "The request was sent, but a GET after it still showed the "
                              "object, which stays in the state."
                            : "Nothing was deleted; the object stays in the state.");
    case WRITE_UNCERTAIN:
        /* Without PLAN_LATER: what to do depends on why the answer was lost. */
        return explain_error(
            operation, &write->err,
            arena_print(
                operation->call->arena,
                "The request was sent, but %s did not confirm it, and the provider "
                "could not check the result. The "
                "object stays in the state. Run `terraform plan` later to see "
                "whether it was deleted.",
                explain_service(operation)));
    case WRITE_FAILED:
        return failed(operation, apply, write);
    case WRITE_UNFINISHED:
        return explain_error(
            operation, &write->err,
            arena_print(
                operation->call->arena,
                "%s accepted the request, but the operation did not finish before "
                "the timeout. The object stays in the state." PLAN_LATER,
                explain_service(operation)));
    case WRITE_DONE:
    case WRITE_MOOT: /* only if the destroy is another request than DELETE */
        break;
    }
    return done(operation, apply, write);
}

int engine_delete(struct call *call, const struct resource *resource,
                  struct session *session, struct engine_apply *apply,
                  struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct value *state = apply->prior_state;
    apply->new_state = state;
    const char *id = resource_state_id(resource, arena, state);
    const struct destroy_rule *rule = destroy_rule_of(resource, arena, state);
    struct operation operation;
    if (delete_expect_allowed(call, resource, state, diags) < 0)
        return -1;
    if (rule != NULL && rule->act == DESTROY_FORGET) {
        apply->new_state = value_null(arena, resource->type);
        apply->private = NO_BYTES;
        return 0;
    }
    if (operation_begin(&operation, call, resource, session, TIMEOUT_DELETE, state, id,
                        diags) < 0 ||
        destroy_expect_person(&operation, state) < 0)
        return -1;
    operation.is_in_state = true;

    int overwritten = check_overwritten(&operation, apply);
    if (overwritten <= 0)
        return overwritten;
    if (dependents_check(&operation, state, false) < 0)
        return -1;
    int prepared = prepare(&operation, apply);
    if (prepared != 0)
        return prepared < 0 ? -1 : 0;
    auto_write write = { 0 };
    const struct write_request request = { .method = "DELETE",
                                           .effect = { .kind = EFFECT_ABSENT } };
    if (rule == NULL || rule->act != DESTROY_WRITE) {
        write_send(&operation, &request, &write);
    } else {
        int destroyed = destroy_write(&operation, rule, &write);
        if (destroyed <= 0)
            return destroyed < 0 ? -1 : succeed(&operation, apply);
    }
    return report(&operation, apply, &write);
}
