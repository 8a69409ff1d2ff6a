/* A POST that precedes a create, such as the one that makes a cart before the order. A draft has no
 * effect: if the answer is lost, another draft is made. With `request_from` the service may
 * recognize the request of an interrupted create and answer with its draft, which cannot be ordered
 * twice.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"
#include "http/date.h"
#include "rest/json.h"

enum { DRAFT_ID_BYTES_MAX = 200 };

/* "{name}" -> "name"; NULL: another text. */
static const char *attribute_in(struct arena *arena, const char *text)
{
    size_t length = strlen(text);
    return length > 2 && text[0] == '{' && text[length - 1] == '}'
               ? arena_copy_bytes_as_text(arena, text + 1, length - 2)
               : NULL;
}

/* Fills in the attributes, and leaves out the members of those without a value. */
static void fill(struct arena *arena, json_t *json, const struct value *planned)
{
    const char *name;
    json_t *member;
    void *next;
    size_t i;
    json_array_foreach(json, i, member) fill(arena, member, planned);
    json_object_foreach_safe(json, next, name, member)
    {
        const char *attribute = json_is_string(member)
                                    ? attribute_in(arena, json_string_value(member))
                                    : NULL;
        const char *text =
            attribute != NULL ? value_text(value_get(arena, planned, attribute)) : NULL;
        if (attribute == NULL)
            fill(arena, member, planned);
        else if (text != NULL)
            json_object_set_new(json, name, json_string(text));
        else
            json_object_del(json, name);
    }
}

/* The ID is one plain segment of a path, because it becomes a part of a URL. */
static bool is_segment(const char *id)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    size_t length = id != NULL ? strlen(id) : 0;
    return length > 0 && length <= DRAFT_ID_BYTES_MAX && strspn(id, plain) == length;
}

struct draft {
    struct arena *arena;
    const struct value *planned;
    const char *id;
};

static const char *find_text(void *state, const char *name)
{
    const struct draft *draft = state;
    return text_equal(name, "draft")
               ? draft->id
               : value_text(value_get(draft->arena, draft->planned, name));
}

static bool has_expired(const struct draft_rule *rule, const struct rest_reply *reply)
{
    const char *text = rest_json_text(reply->body, rule->expires);
    int64_t ms;
    return text != NULL && clock_parse_time(text, &ms) &&
           ms <= http_reply_date_ms(reply->http);
}

/* The service may have repeated an earlier answer: a refusal may be out of date, and a draft may
 * have expired. */
static bool is_of_no_use(const struct draft_rule *rule, const struct write *write)
{
    return write->end == WRITE_REFUSED ||
           (write->end == WRITE_DONE && has_expired(rule, write->reply));
}

/* The same request ID for the same draft; NULL: the rule has none. It depends on the whole body, so
 * that the service never answers with an earlier draft that contains something else. */
static const char *request_id(struct operation *operation, const struct draft_rule *rule,
                              const struct value *planned, const json_t *body)
{
    struct arena *arena = operation->call->arena;
    auto_char text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
    return rule->request_from == NULL || text == NULL
               ? NULL
               : made_guid(operation->resource, arena,
                           arena_print(arena, "%s %s", rule->noun, text),
                           rule->request_from, planned, &operation->past);
}

static void send(struct operation *operation, const struct draft_rule *rule,
                 const struct value *planned, struct write *write)
{
    struct arena *arena = operation->call->arena;
    json_t *body = json_loads(rule->body, 0, NULL);
    fill(arena, body, planned);
    struct write_request request = {
        .method = "POST",
        .path = resource_fill(arena, rule->path, planned),
        .body = body,
        .request_id = request_id(operation, rule, planned, body),
        .effect = { .kind = EFFECT_NONE },
    };
    write_send(operation, &request, write);
    if (request.request_id != NULL && is_of_no_use(rule, write)) {
        struct write again = { 0 };
        request.request_id = NULL;
        write_send(operation, &request, &again);
        bool is_answered = again.end == WRITE_DONE || again.end == WRITE_REFUSED;
        write_clear(is_answered ? write : &again);
        *write = is_answered ? again : *write;
    }
    json_decref(body);
}

int draft_send(struct operation *operation, const struct write_rule *rule,
               const struct value *planned, const char **path)
{
    struct arena *arena = operation->call->arena;
    auto_write write = { 0 };
    send(operation, rule->draft, planned, &write);
    const char *noun = rule->draft->noun;
    if (write.end == WRITE_REFUSED)
        return explain_failure(
            operation, &write.reply->failure,
            arena_print(
                arena,
                "%s rejected the %s, which is required before the create. Nothing "
                "was created.",
                explain_service(operation), noun));
    struct draft draft = { arena, planned, NULL };
    if (write.end == WRITE_DONE && write.reply->body != NULL)
        draft.id = json_string_value(json_object_get(write.reply->body, "id"));
    if (write.end == WRITE_DONE && !is_segment(draft.id))
        error_set(&write.err, ERR_SHAPE,
                  "the response about the %s does not contain an ID", noun);
    if (write.end != WRITE_DONE || !is_segment(draft.id))
        return explain_error(operation, &write.err, "Nothing was created.");
    *path = id_template_fill(arena, rule->path, find_text, &draft);
    return 0;
}
