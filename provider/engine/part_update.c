/* An update of an object, or of a part of one, that has an etag: it is read, what changes is put into
 * it, and it is written back whole, so that what this provider does not know stays. An etag that is
 * old says that another client changed the part meanwhile: once more, then.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "engine/internal.h"
#include "rest/json.h"

/* It is written back: a missing ID is no reason to believe that it is this object. */
static bool names_object(struct operation *operation, const struct rest_reply *reply)
{
    struct arena *arena = operation->call->arena;
    if (probe_contradicts(operation, reply))
        return false;
    const struct value *known = resource_from_id(
        operation->resource, arena, operation->resource->table->id, operation->id);
    const char *id = resource_listed_id(operation, reply->body, known);
    return id != NULL && operation_ids(operation)->is_equal(arena, id, operation->id);
}

/* The part with the change in it. 0: as the service shows it now; -1 with the error. */
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
    /* A part has an ID of its own. */
    bool is_whole = text_equal(path, operation->id);
    if (reply->body == NULL || (is_whole && !names_object(operation, reply)) ||
        json_string_value(rest_json_find(reply->body, rule->etag)) == NULL)
        return explain_probe(operation, &probe, "Nothing was changed.");
    *out = json_incref(reply->body);
    return 0;
}

static bool is_etag_old(const struct write_rule *rule, const struct write *write)
{
    return write->end == WRITE_REFUSED && write->reply != NULL &&
           text_equal(write->reply->failure.code, rule->etag_is_old);
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
        bool is_done = effect->kind == EFFECT_SHOWS &&
                       probe_shows_text(part, effect->place, effect->values);
        json_object_update_recursive(part, (json_t *)(uintptr_t)change);
        const struct write_request request = {
            .method = rule->method,
            .path = path,
            .body = part,
            .header = { "If-Match",
                        arena_copy_text(
                            arena, json_string_value(rest_json_find(part, rule->etag))) },
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
