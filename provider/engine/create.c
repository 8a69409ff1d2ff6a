/* Create: GET (must be absent), PUT, GET (must exist). If the service makes the ID, the list is
 * searched by the natural key instead of a GET, until the answer to the POST has the ID.
 *
 * The state after each exit: nothing while nothing exists; the object from the moment at which it
 * may exist, so that Terraform marks it as tainted.
 * SPDX-License-Identifier: MPL-2.0 */

#include "engine/internal.h"
#include "rest/json.h"
#include "session/object_flags.h"

/* 0: no object is in the way. */
static int expect_absent(struct operation *operation)
{
    struct rest_collection *collection = operation->collection;
    struct object_flags *flags = service_object_flags(operation->service);
    const char *id = operation->id;
    bool was_deleted = id != NULL && object_flags_has(flags, OBJECT_DELETED, id);
    /* A GET may still return an object that this process deleted. */
    if (collection != NULL && session_shares_reads(operation->session) && !was_deleted &&
        rest_collection_expect_absent(operation->call, operation->client, collection,
                                      operation->id) == REST_EVIDENCE_ABSENT)
        return 0;
    auto_probe probe = { 0 };
    do {
        probe_clear(&probe);
        probe_get(operation, &probe);
    } while (probe.presence == PARENT_ABSENT && operation_await_parent(operation));
    if (probe.presence == PRESENT &&
        (was_deleted || probe_shows_deleting(operation, probe.reply->body))) {
        /* A replacement: this process, or another client, deleted the object just now, and the
         * service still shows it. */
        probe_clear(&probe);
        probe_wait(operation, &(struct effect){ .kind = EFFECT_ABSENT }, &probe);
    }
    if (probe.presence == ABSENT)
        return natural_key_expect_none_ended(operation);
    /* It was deleted, but is shown until the time is over. */
    if (probe.presence == PRESENT && probe.err.kind == ERR_NONE)
        return existing_explain(operation,
                                probe_returned_id(operation, probe.reply->body));
    return explain_probe(operation, &probe, "Nothing was created.");
}

/* The plan in this process has read the list, or tried to. */
static bool was_list_read(struct operation *operation)
{
    struct rest_collection *collection = operation->collection;
    struct rest_list_failure ignored;
    return rest_collection_has_answered(collection) ||
           rest_collection_list_failed(collection, operation->call->arena, &ignored) ||
           findings_has_any(service_findings(operation->service));
}

/* If the plan in this process checked for an object that would be overwritten, or could not, checks
 * shortly before the write. 0: none, or it may be overwritten. */
static int expect_place(struct operation *operation, const struct engine_apply *apply)
{
    if (operation->collection == NULL || unique_row(operation) == NULL ||
        !was_list_read(operation))
        return 0;
    /* A plan gives the list up soon. */
    rest_collection_need(operation->call, operation->client, operation->collection);
    const char *overwritten = unique_find(operation, apply->planned_state);
    if (overwritten == NULL ||
        resource_may_allow(operation->call->arena, apply->planned_state,
                           operation->resource->table->overwrite))
        return 0;
    return unique_explain(operation, apply->planned_state, overwritten, false);
}

/* Records the object as the LIST will show it. */
static void record_created(struct operation *operation,
                           struct rest_collection *collection, const struct value *state)
{
    json_t *body = body_as_shown(operation->resource, operation->call->arena, state);
    json_object_set_new(body, "id", json_string(operation->id));
    rest_collection_record_present(collection, operation->id, body);
    json_decref(body);
}

/* Takes the ID that the service made from the answer. Without one, the list has it. */
static void learn_id(struct operation *operation, const struct write *write)
{
    const struct write_rule *rule = operation->resource->table->create;
    if (operation->id != NULL || write->reply == NULL)
        return;
    if (rule == NULL || rule->answer_id == NULL) {
        if (!probe_contradicts(operation, write->reply))
            natural_key_learn(operation, write->reply->body);
        return;
    }
    const char *id = rest_json_text(write->reply->body, rule->answer_id);
    json_t *named = json_pack("{s:s*}", "id", id);
    natural_key_learn(operation, named);
    json_decref(named);
}

static int settle(struct operation *operation, struct engine_apply *apply,
                  const struct rest_reply *reply, enum body_extent extent)
{
    const struct resource *resource = operation->resource;
    struct arena *arena = operation->call->arena;
    const struct value *found =
        body_to_value(resource, arena, reply->body, extent, apply->planned_state);
    apply->new_state = resource_settle(resource, arena, found, operation->id);
    if (operation->id != NULL) {
        object_flags_add(service_object_flags(operation->service), OBJECT_CREATED,
                         operation->id);
        /* No plan knew it if the service made it. */
        object_flags_add(session_names(operation->session), OBJECT_PLANNED_CREATE,
                         resource_last_part(operation->id));
    }
    struct rest_collection *collection = operation->collection;
    if (collection != NULL)
        record_created(operation, collection, apply->new_state);
    if (operation->list_id != NULL)
        object_flags_add(service_object_flags(operation->service), OBJECT_CONFIRMED,
                         operation->list_id);
    const char *overwritten = resource->table->overwrite != NULL
                                  ? unique_recall(operation, apply->new_state)
                                  : NULL;
    if (overwritten != NULL)
        create_warn_overwritten(operation, overwritten);
    return create_compare(
        operation, apply->planned_state,
        body_as_returned(resource, arena, reply->body, extent, apply->planned_state));
}

/* True if an earlier create of the same parent was confirmed by a GET, and the answer to this one
 * has every attribute: then a GET would show nothing more. */
static bool is_confirmed_by_answer(struct operation *operation,
                                   const struct engine_apply *apply,
                                   const struct write *write)
{
    const struct rest_reply *reply = write->reply;
    return !write->was_followed && operation->collection != NULL &&
           session_shares_reads(operation->session) && reply->status != 202 &&
           reply->body != NULL && !probe_contradicts(operation, reply) &&
           body_says_all(operation->resource, operation->call->arena, reply->body,
                         apply->planned_state) &&
           object_flags_has(service_object_flags(operation->service), OBJECT_CONFIRMED,
                            operation->list_id);
}

/* The service accepted the request and still works on the object, or failed. */
static int explain_unready(struct operation *operation, struct engine_apply *apply,
                           const struct probe *probe)
{
    struct arena *arena = operation->call->arena;
    const struct resource *resource = operation->resource;
    apply->new_state = resource_settle(resource, arena,
                                       body_to_value(resource, arena, probe->reply->body,
                                                     BODY_WHOLE, apply->planned_state),
                                       operation->id);
    if (progress_of(resource, arena, probe->reply->body, apply->planned_state) ==
        PROGRESS_FAILED)
        return progress_explain(
            operation, PROGRESS_FAILED, probe->reply->body,
            "The object stays in the state, marked as tainted. The next apply "
            "deletes it and creates it again.");
    return explain_error(
        operation, &probe->err,
        arena_print(
            arena,
            "%s accepted the request and is still creating the object. The object stays in the "
            "state, marked as tainted. The ID is %s." EXPLAIN_ACTION
            "Run `terraform untaint` with the address above, then `terraform plan`, which shows the "
            "progress.",
            explain_service(operation), operation->id));
}

/* Only the values in the answer are known. */
static void store_returned(struct operation *operation, struct engine_apply *apply,
                           const struct rest_reply *reply)
{
    const struct value *returned = apply->planned_state;
    if (reply != NULL && !probe_contradicts(operation, reply))
        returned = body_to_value(operation->resource, operation->call->arena, reply->body,
                                 BODY_PARTIAL, returned);
    apply->new_state = resource_settle(operation->resource, operation->call->arena,
                                       returned, operation->id);
}

/* The service failed while it worked on the request. A GET shows whether the object exists. */
static int explain_failed(struct operation *operation, struct engine_apply *apply,
                          const struct write *write)
{
    struct arena *arena = operation->call->arena;
    const struct resource *resource = operation->resource;
    const char *service = explain_service(operation);
    auto_probe probe = { 0 };
    probe_get(operation, &probe);
    const char *lead =
        arena_print(arena, "%s accepted the request, but its operation failed.", service);
    if (probe.presence == ABSENT)
        return explain_failure(operation, &write->reply->failure,
                               arena_print(arena, "%s Nothing was created.", lead));
    if (operation->id == NULL)
        return explain_failure(
            operation, &write->reply->failure,
            arena_print(arena,
                        "%s" EXPLAIN_ACTION
                        "Before you run again, look for the %s with %s.",
                        lead, resource->table->noun, natural_key_show(operation)));
    const struct value *found = apply->planned_state;
    if (probe.presence == PRESENT)
        found = body_to_value(resource, arena, probe.reply->body, BODY_WHOLE, found);
    apply->new_state = resource_settle(resource, arena, found, operation->id);
    return explain_failure(
        operation, &write->reply->failure,
        probe.presence == PRESENT
            ? arena_print(
                  arena,
                  "%s The object exists anyway. It stays in the state, marked as tainted: "
                  "%s. The ID is %s." EXPLAIN_ACTION
                  "To keep the object, run `terraform untaint` with the address above.",
                  lead, create_taint_cost(operation), operation->id)
            : create_tainted(operation,
                             arena_print(arena,
                                         "%s It is not known whether the object exists.",
                                         lead)));
}

/* The service works on it, or did so when it last answered. */
static int explain_unfinished(struct operation *operation, struct engine_apply *apply,
                              const struct write *write)
{
    const char *fact =
        arena_print(operation->call->arena,
                    "%s accepted the request, but the operation did not finish before "
                    "the timeout.",
                    explain_service(operation));
    learn_id(operation, write);
    if (operation->id == NULL)
        return create_explain_unfound(operation, &write->err, fact);
    store_returned(operation, apply, write->reply);
    return explain_error(operation, &write->err, create_tainted(operation, fact));
}

static int confirm(struct operation *operation, struct engine_apply *apply,
                   const struct write *write)
{
    const struct effect effect = {
        .kind =
            operation->resource->table->progress != NULL ? EFFECT_READY : EFFECT_EXISTS,
        .planned = apply->planned_state,
    };
    /* The probe that decided about a lost answer is also the confirmation. */
    if (write->seen.presence == PRESENT && write->seen.reply != NULL &&
        probe_effect(operation, &write->seen, &effect) == EFFECT_DONE)
        return settle(operation, apply, write->seen.reply, BODY_WHOLE);
    if (is_confirmed_by_answer(operation, apply, write))
        return settle(operation, apply, write->reply, BODY_PARTIAL);
    auto_probe probe = { 0 };
    learn_id(operation, write);
    enum effect_state state = probe_wait(operation, &effect, &probe);
    if (state == EFFECT_DONE)
        return settle(operation, apply, probe.reply, BODY_WHOLE);
    if (probe.presence == PRESENT)
        return explain_unready(operation, apply, &probe);
    if (operation->id == NULL)
        return create_explain_unlisted(operation, &probe);
    store_returned(operation, apply, write->reply);
    return explain_probe(
        operation, &probe,
        create_tainted(
            operation,
            arena_print(operation->call->arena,
                        "%s accepted the request, but does not return the object yet.",
                        explain_service(operation))));
}

/* Determines the values that the plan left unknown. */
static int prepare(struct operation *operation, struct call *call,
                   const struct resource *resource, struct session *session,
                   struct engine_apply *apply, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct looking_up what = { resource->table->attributes, apply->config, false,
                                     "create" };
    operation_begin_time(call, resource, TIMEOUT_CREATE, apply->planned_state);
    if (looked_up_fill(call, resource, session, &what, &apply->planned_state, diags) < 0)
        return -1;
    apply->planned_state =
        made_fill(resource, arena, apply->planned_state, apply->config);
    const char *id = resource_id(resource, arena, apply->planned_state);
    return operation_begin(operation, call, resource, session, TIMEOUT_CREATE,
                           apply->planned_state, id, diags);
}

/* Only the answer has the secret. It is not stored; a warning says what to do instead. */
static void drop_secret(struct operation *operation, const struct answer_secret *secret,
                        const struct write *write)
{
    if (write->reply != NULL)
        json_object_del(write->reply->body, secret->member);
    if (write->end == WRITE_DONE)
        diags_warning(operation->diags, PATH_NONE, secret->title, "%s", secret->text);
}

/* 0: `write` says how it ended. -1 with an error: a request before the create failed. */
static int send(struct operation *operation, const struct value *planned,
                struct write *write)
{
    const struct resource *resource = operation->resource;
    struct arena *arena = operation->call->arena;
    const struct write_rule *rule = resource->table->create;
    bool has_draft = rule != NULL && rule->draft != NULL;
    const char *path = rule == NULL         ? NULL
                       : rule->path == NULL ? operation->list_id
                       : !has_draft         ? resource_fill(arena, rule->path, planned)
                                            : NULL;
    if (has_draft && draft_send(operation, rule, planned, &path) < 0)
        return -1;
    const struct value *filled =
        write_only_fill(resource, arena, planned, operation->config);
    json_t *body = has_draft ? NULL : body_from_value(resource, arena, filled);
    const struct answer_secret *secret = resource->table->answer_secret;
    const struct write_request request = {
        .method = rule != NULL ? rule->method : "PUT",
        .path = path,
        .body = body,
        .effect = { .kind = EFFECT_EXISTS },
        .is_once = rule != NULL,
        .repeated = rule != NULL ? rule->repeated : NULL,
        .made_at = rule != NULL ? rule->answer_id : NULL,
        .has_secrets =
            secret != NULL || write_only_is_sent(resource, arena, NULL, filled, true),
    };
    write_send(operation, &request, write);
    json_decref(body);
    if (secret != NULL)
        drop_secret(operation, secret, write);
    return 0;
}

int engine_create(struct call *call, const struct resource *resource,
                  struct session *session, struct engine_apply *apply,
                  struct diags *diags)
{
    struct arena *arena = call->arena;
    apply->new_state = value_null(arena, resource->type);
    struct operation operation;
    if (prepare(&operation, call, resource, session, apply, diags) < 0 ||
        expect_absent(&operation) < 0 || expect_place(&operation, apply) < 0 ||
        create_blockers_check(&operation, apply->planned_state, "Nothing was created.") <
            0)
        return -1;

    operation.config = apply->config;
    auto_write write = { 0 };
    if (send(&operation, apply->planned_state, &write) < 0)
        return -1;
    switch (write.end) {
    case WRITE_DONE:
        if (operation.id != NULL)
            object_flags_remove(service_object_flags(operation.service), OBJECT_DELETED,
                                operation.id);
        return confirm(&operation, apply, &write);
    case WRITE_REFUSED:
        return create_explain_refused(&operation, &write.reply->failure);
    case WRITE_NOT_SENT:
        return explain_error(&operation, &write.err,
                             write.was_open
                                 ? "The request was sent, but a GET after it did "
                                   "not show the object, which may appear later."
                                 : "Nothing was created.");
    case WRITE_FAILED:
        return explain_failed(&operation, apply, &write);
    case WRITE_UNFINISHED:
        return explain_unfinished(&operation, apply, &write);
    case WRITE_MOOT:
        return existing_explain(&operation,
                                probe_returned_id(&operation, write.seen.reply->body));
    case WRITE_UNCERTAIN:
        break;
    }
    if (operation.id == NULL)
        return create_explain_unfound(
            &operation, &write.err,
            write.seen.presence == ABSENT
                ? "The request was sent, but its result is not known. The list does "
                  "not contain the object."
                : "The request was sent, but its result is not known, and the provider "
                  "could not find the object in the list.");
    apply->new_state =
        resource_settle(resource, arena, apply->planned_state, operation.id);
    return explain_error(
        &operation, &write.err,
        create_tainted(
            &operation,
            arena_print(
                arena,
                "The request was sent, but %s did not confirm it, and the provider "
                "could not check the result.",
                explain_service(&operation))));
}
