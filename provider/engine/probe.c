/* Whether an object exists. All answers to a GET are interpreted here, as yes, no or neither.
 *
 * writes.md has the rule: only its own GET proves that an object is gone, and it is removed from
 * the state only if its parent answered 200 in this process as well.
 * SPDX-License-Identifier: MPL-2.0 */

#include "rest/json.h"
#include "base/memory.h"
#include "base/text.h"
#include "engine/internal.h"
#include "rest/list.h"
#include "session/object_flags.h"

enum { PROBE_AGAIN_FIRST_MS = 500, PROBE_AGAIN_MOST_MS = 10 * 1000 };

void probe_clear(struct probe *probe)
{
    rest_reply_free(take(probe->reply));
}

/* A text that would be stored in the state, or compared with it, is not valid. */
static bool is_broken(const struct resource *resource, const json_t *body)
{
    bool is_broken = rest_json_is_broken_text(json_object_get(body, "id"));
    for (const struct attribute *row = resource->table->attributes;
         row->name != NULL && !is_broken; row++)
        is_broken = row->body != NULL &&
                    (row->flags & (WRITE_ONLY | NEVER_RETURNED)) == 0 &&
                    rest_json_is_broken_text(rest_json_find(body, row->body));
    return is_broken;
}

/* The body is about something else: a proxy's page, an error, another object. A missing member is
 * no contradiction. */
bool probe_contradicts(struct operation *operation, const struct rest_reply *reply)
{
    if (reply->is_malformed || reply->body == NULL ||
        is_broken(operation->resource, reply->body))
        return true;
    if (operation->client->dialect->is_error(reply->body))
        return true;
    struct arena *arena = operation->call->arena;
    const struct id_scheme *ids = operation_ids(operation);
    struct error ignored = NO_ERROR;
    if (operation->id == NULL)
        return false;
    const char *id = resource_answered_id(operation, reply->body);
    /* For objects whose IDs the service makes: the body has the natural key. */
    if (id == NULL || ids->parse(arena, id, NULL, &ignored) == NULL)
        return operation->resource->table->natural_key != NULL;
    return !ids->is_equal(arena, id, operation->id);
}

bool probe_shows_gone(const struct operation *operation, const json_t *body)
{
    const struct gone_rule *rule = operation->resource->table->gone_when;
    return rule != NULL && probe_shows_text(body, rule->place, rule->values);
}

bool probe_shows_deleting(const struct operation *operation, const json_t *body)
{
    const struct gone_rule *rule = operation->resource->table->gone_when;
    return rule != NULL && probe_shows_text(body, rule->place, rule->deleting);
}

static enum presence classify(struct operation *operation, const struct rest_reply *reply)
{
    if (reply->status == 200 && probe_contradicts(operation, reply))
        return UNREADABLE;
    if (reply->status == 200)
        return probe_shows_gone(operation, reply->body) ? ABSENT : PRESENT;
    if (reply->status < 400)
        return UNREADABLE;
    const struct resource_table *table = operation->resource->table;
    const char *code = reply->failure.code;
    if (text_is_one_of(code, table->gone))
        return ABSENT;
    if (text_is_one_of(code, table->parent_gone))
        return PARENT_ABSENT;
    if (reply->status != 404)
        return REFUSED;
    /* A page of a proxy, or of another host. */
    if (reply->is_malformed)
        return UNREADABLE;
    /* A 404 with another code is about the path itself: the type or the api-version. */
    return *code == '\0' || text_ends_ignoring_case(code, "NotFound") ? ABSENT : REFUSED;
}

bool probe_says_gone(struct operation *operation, const struct rest_reply *reply)
{
    return reply->status >= 400 && classify(operation, reply) == ABSENT;
}

bool probe_is_surely_gone(const struct operation *operation,
                          const struct rest_reply *reply)
{
    return text_is_one_of(reply->failure.code, operation->resource->table->gone);
}

bool probe_says_parent_gone(const struct operation *operation,
                            const struct rest_reply *reply)
{
    return text_is_one_of(reply->failure.code, operation->resource->table->parent_gone);
}

/* The ID in the body, as the dialect reads it. */
static void spell_id(struct operation *operation, const struct rest_reply *reply)
{
    const struct dialect *dialect = operation->client->dialect;
    const char *list_id = operation->list_id != NULL ? operation->list_id : "";
    const char *id =
        reply->body != NULL && dialect->object_id != NULL
            ? dialect->object_id(operation->call->arena, list_id, reply->body)
            : NULL;
    if (id != NULL && reply->status == 200 &&
        !text_equal(id, json_string_value(json_object_get(reply->body, "id"))))
        json_object_set_new(reply->body, "id", json_string(id));
}

void probe_get(struct operation *operation, struct probe *out)
{
    if (operation->id == NULL || operation->resource->table->read_by_list) {
        natural_key_probe(operation, out);
        return;
    }
    *out = (struct probe){ .presence = PRESENCE_UNKNOWN };
    struct rest_request request = {
        .method = "GET",
        .id = operation->id,
        .api_version = operation->api_version != NULL
                           ? operation->api_version
                           : api_version_of(operation->resource, operation->session),
        .is_patient = operation->is_sent,
    };
    if (rest_read(operation->call, operation->client, &request, &out->reply, &out->err) <
        0)
        return;
    spell_id(operation, out->reply);
    out->presence = classify(operation, out->reply);
}

struct rest_reply *probe_listed(json_t *body)
{
    struct rest_reply *reply = memory_new(sizeof *reply);
    reply->status = 200;
    reply->body = body;
    return reply;
}

struct rest_reply *probe_unlisted(int status, struct rest_failure *failure)
{
    struct rest_reply *reply = memory_new(sizeof *reply);
    reply->status = status;
    reply->failure = *failure;
    *failure = (struct rest_failure){ 0 };
    if (reply->failure.code == NULL) {
        reply->failure.code = memory_copy_text("");
        reply->failure.message = memory_copy_text("");
    }
    return reply;
}

void probe_shared(struct operation *operation, struct probe *out)
{
    struct rest_collection *collection = operation->collection;
    json_t *body = NULL;
    if (collection != NULL && session_shares_reads(operation->session) &&
        rest_collection_read(operation->call, operation->client, collection,
                             operation->id, &body) == REST_EVIDENCE_PRESENT) {
        *out = (struct probe){ .presence = PRESENT, .reply = probe_listed(body) };
        if (!probe_contradicts(operation, out->reply) &&
            !probe_shows_gone(operation, body))
            return;
        probe_clear(out);
    }
    probe_get(operation, out);
    if (collection != NULL && out->presence == PRESENT)
        rest_collection_record_present(collection, operation->id, out->reply->body);
    else if (collection != NULL && out->presence == ABSENT)
        rest_collection_record_absent(collection, operation->id);
}

/* Sends a GET for something else, only for its status. */
static bool answers(struct operation *operation, const char *id, const char *api_version,
                    struct probe *out)
{
    *out = (struct probe){ .presence = PRESENCE_UNKNOWN };
    struct rest_request request = {
        .method = "GET",
        .id = id,
        .api_version = api_version != NULL
                           ? api_version
                           : api_version_of(operation->resource, operation->session),
    };
    if (rest_read(operation->call, operation->client, &request, &out->reply, &out->err) <
        0)
        return false;
    out->presence = out->reply->status < 400 ? UNREADABLE : REFUSED;
    return out->reply->status == 200 && out->reply->body != NULL &&
           !out->reply->is_malformed &&
           !operation->client->dialect->is_error(out->reply->body);
}

struct listed {
    struct operation *operation;
    bool is_there;
};

static int find_in_page(void *state, const json_t *objects, struct error *err)
{
    struct listed *listed = state;
    struct operation *operation = listed->operation;
    struct arena *arena = operation->call->arena;
    const struct id_scheme *ids = operation_ids(operation);
    const struct value *known = resource_from_id(
        operation->resource, arena, operation->resource->table->id, operation->id);
    struct error ignored = NO_ERROR;
    size_t i;
    json_t *object;
    (void)err;
    json_array_foreach(objects, i, object)
    {
        const char *id = resource_listed_id(operation, object, known);
        if (id == NULL || ids->parse(arena, id, NULL, &ignored) == NULL ||
            !ids->is_equal(arena, id, operation->id))
            continue;
        listed->is_there = !probe_shows_gone(operation, object);
        return 1;
    }
    return 0;
}

/* The list answers and does not have the object. */
static bool list_agrees(struct operation *operation, struct probe *out)
{
    struct rest_failure failure = { 0 };
    const struct rest_list list = {
        .id = operation->list_id,
        .api_version = api_version_of(operation->resource, operation->session),
        .query = operation->resource->table->list_query,
        .failure = &failure,
    };
    struct listed listed = { .operation = operation };
    *out = (struct probe){ .presence = PRESENCE_UNKNOWN };
    int result = rest_list(operation->call, operation->client, &list, find_in_page,
                           &listed, &out->err);
    if (failure.code != NULL) {
        *out = (struct probe){ .presence = REFUSED,
                               .reply = probe_unlisted(failure.status, &failure) };
        return false;
    }
    if (listed.is_there) {
        out->presence = PRESENT;
        error_set(&out->err, ERR_REFUSED,
                  "the list %s contains it\n\nWhat to do: Run again later",
                  operation->list_id);
    }
    return result == 0 && !listed.is_there;
}

int probe_parent(struct operation *operation, struct probe *out)
{
    struct object_flags *flags = service_object_flags(operation->service);
    const char *parent_id = operation->parent_id;
    *out = (struct probe){ .presence = PRESENT };
    struct rest_collection *collection = operation->collection;
    if (collection != NULL && rest_collection_has_answered(collection))
        return 0;
    /* Without a parent and a list, the only proof is the GET of the object. */
    if (parent_id == NULL)
        return operation->list_id == NULL || list_agrees(operation, out) ? 0 : -1;
    if (object_flags_has(flags, OBJECT_READABLE, parent_id))
        return 0;
    if (answers(operation, parent_id, operation->resource->table->parent_api_version,
                out)) {
        if (collection != NULL)
            rest_collection_record_parent(collection, out->reply->body);
    } else {
        /* A role may allow access to the objects and not to their parent. */
        if (out->reply == NULL || out->reply->status != 403 || operation->list_id == NULL)
            return -1;
        probe_clear(out);
        if (!list_agrees(operation, out))
            return -1;
    }
    object_flags_add(flags, OBJECT_READABLE, parent_id);
    return 0;
}

/* The object has the planned values. */
static bool shows_planned(struct operation *operation, const json_t *body,
                          const struct value *planned)
{
    struct arena *arena = operation->call->arena;
    const struct resource *resource = operation->resource;
    const struct value *found = body_to_value(
        resource, arena, body, BODY_WHOLE, value_object_of_nulls(arena, resource->type));
    return compare_objects(resource, arena, planned, found) == NULL;
}

bool probe_shows_text(const json_t *body, const char *place, const char *const *values)
{
    return text_is_one_of(rest_json_text(body, place), values);
}

/* The service may still work on it. */
static enum effect_state is_ready(struct operation *operation, const json_t *body,
                                  const struct value *planned)
{
    switch (progress_of(operation->resource, operation->call->arena, body, planned)) {
    case PROGRESS_DONE:
        return EFFECT_DONE;
    case PROGRESS_PENDING:
        return EFFECT_NOT_DONE;
    default:
        return EFFECT_IMPOSSIBLE;
    }
}

enum effect_state probe_effect(struct operation *operation, const struct probe *probe,
                               const struct effect *effect)
{
    if (probe->presence != PRESENT && probe->presence != ABSENT)
        return EFFECT_UNKNOWN;
    bool is_there = probe->presence == PRESENT;
    switch (effect->kind) {
    case EFFECT_EXISTS:
        return is_there ? EFFECT_DONE : EFFECT_NOT_DONE;
    case EFFECT_ABSENT:
        return is_there ? EFFECT_NOT_DONE : EFFECT_DONE;
    case EFFECT_READY:
        return is_there ? is_ready(operation, probe->reply->body, effect->planned)
                        : EFFECT_NOT_DONE;
    case EFFECT_SHOWS:
        return !is_there                                       ? EFFECT_IMPOSSIBLE
               : post_action_shows(probe->reply->body, effect) ? EFFECT_DONE
                                                               : EFFECT_NOT_DONE;
    case EFFECT_NONE:
        return EFFECT_NOT_DONE;
    case EFFECT_MATCHES:
        break;
    }
    if (!is_there)
        return EFFECT_IMPOSSIBLE;
    return shows_planned(operation, probe->reply->body, effect->planned)
               ? EFFECT_DONE
               : EFFECT_NOT_DONE;
}

enum effect_state probe_wait(struct operation *operation, const struct effect *effect,
                             struct probe *out)
{
    static const char *const states[] = {
        [EFFECT_EXISTS] = "there", [EFFECT_MATCHES] = "changed", [EFFECT_ABSENT] = "gone",
        [EFFECT_READY] = "ready",  [EFFECT_SHOWS] = "changed",
    };
    for (int64_t wait_ms = PROBE_AGAIN_FIRST_MS;; wait_ms *= 2) {
        probe_get(operation, out);
        enum effect_state state = probe_effect(operation, out, effect);
        /* The service accepted an object in it, so another of its front ends is late. */
        if (out->presence == PARENT_ABSENT &&
            (effect->kind == EFFECT_EXISTS || effect->kind == EFFECT_READY))
            state = EFFECT_NOT_DONE;
        if (state != EFFECT_NOT_DONE)
            return state;
        if (wait_ms > PROBE_AGAIN_MOST_MS)
            wait_ms = PROBE_AGAIN_MOST_MS;
        if (call_sleep(operation->call, wait_ms, &out->err) == 0) {
            probe_clear(out);
            continue;
        }
        error_context(&out->err, "waiting until %s reports that it is %s",
                      explain_service(operation), states[effect->kind]);
        return state;
    }
}

const char *probe_returned_id(struct operation *operation, const json_t *body)
{
    struct arena *arena = operation->call->arena;
    const char *id = resource_answered_id(operation, body);
    const struct id_scheme *ids = operation_ids(operation);
    struct error ignored = NO_ERROR;
    if (id == NULL || !ids->is_equal(arena, id, operation->id))
        return operation->id;
    const char *found =
        ids->parse(arena, id, operation->resource->table->id_type, &ignored);
    return found != NULL ? found : operation->id;
}
