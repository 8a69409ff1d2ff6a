/* Updates an object, or a part of one, that has an etag: it is read, merged with the change and
 * written back whole, so that members which this provider does not know stay. A stale etag means
 * that another client changed it meanwhile: it is read and written once more.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "engine/internal.h"
#include "rest/json.h"

/* Because the object is written back, a missing ID is not enough: the answer has to name this
 * object. */
static bool names_object(struct operation *operation, const struct rest_reply *reply)
{
    struct arena *arena = operation->call->arena;
    const char *id = resource_answered_id(operation, reply->body);
    return id != NULL && operation_ids(operation)->is_equal(arena, id, operation->id);
}

/* Reads the object or the part. 0 with *out; -1 with an error. */
static int read_part(struct operation *operation, const struct write_rule *rule,
                     const char *path, json_t **out)
{
    const struct rest_request request = { .method = "GET",
                                          .id = path,
                                          .api_version = api_version_of(
                                              operation->resource, operation->session) };
    auto_probe probe = { .presence = PRESENCE_UNKNOWN };
    struct rest_reply *reply = NULL;
    if (rest_read(operation->call, operation->client, &request, &reply, &probe.err) < 0)
        return explain_error(operation, &probe.err, "Nothing was changed.");
    probe.reply = reply;
    if (reply->failure.code != NULL)
        return explain_failure(operation, &reply->failure, "Nothing was changed.");
    probe.presence = UNREADABLE;
    /* A part has another ID than the object. What was repaired is not written back: it would be
     * another text or number. */
    bool is_whole = text_equal(path, operation->id);
    if (reply->body == NULL || !rest_json_is_exact(reply->http->body) ||
        (is_whole && !names_object(operation, reply)) ||
        rest_json_text(reply->body, rule->etag) == NULL)
        return explain_probe(operation, &probe, "Nothing was changed.");
    *out = json_incref(reply->body);
    return 0;
}

static bool is_etag_old(const struct write_rule *rule, const struct write *write)
{
    return write->end == WRITE_REFUSED && write->reply != NULL &&
           (write->reply->status == 412 || /* also of a gateway, without a code */
            text_equal(write->reply->failure.code, rule->etag_is_old));
}

int part_update_send(struct operation *operation, const char *path, const json_t *change,
                     const struct effect *effect, struct write *out)
{
    struct arena *arena = operation->call->arena;
    const struct write_rule *rule = operation->resource->table->update;
    for (unsigned attempts = 0;; attempts++) {
        json_t *part = NULL;
        if (read_part(operation, rule, path, &part) < 0)
            return -1;
        bool is_done = effect->kind == EFFECT_SHOWS && post_action_shows(part, effect);
        json_object_update_recursive(part, (json_t *)(uintptr_t)change);
        const struct write_request request = {
            .method = rule->method,
            .path = path,
            .body = part,
            .header = { "If-Match",
                        arena_copy_text(arena, rest_json_text(part, rule->etag)) },
            .effect = *effect,
        };
        if (is_done)
            *out = (struct write){ .end = WRITE_DONE };
        else
            write_send(operation, &request, out);
        json_decref(part);
        if (attempts > 0 || !is_etag_old(rule, out))
            return 0;
        write_clear(out);
    }
}
