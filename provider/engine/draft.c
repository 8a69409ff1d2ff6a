/* What a POST makes before a create, such as a cart before the order. A draft has no effect that
 * anybody has to look for: where the answer is lost, another one is made.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

enum { DRAFT_ID_BYTES_MAX = 200 };

/* "{name}" -> "name"; NULL: it is another text. */
static const char *attribute_in(struct arena *arena, const char *text)
{
    size_t length = strlen(text);
    return length > 2 && text[0] == '{' && text[length - 1] == '}'
               ? arena_copy_bytes_as_text(arena, text + 1, length - 2)
               : NULL;
}

/* Puts in what the attributes say; the members of those without a value are left out. */
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

/* One plain segment of a path, as a service makes them: it goes into an address. */
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

int draft_send(struct operation *operation, const struct write_rule *rule,
               const struct value *planned, const char **path)
{
    struct arena *arena = operation->call->arena;
    json_t *body = json_loads(rule->draft->body, 0, NULL);
    fill(arena, body, planned);
    const struct write_request request = {
        .method = "POST",
        .path = resource_fill(arena, rule->draft->path, planned),
        .body = body,
        .effect = { .kind = EFFECT_NONE },
    };
    auto_write write = { 0 };
    write_send(operation, &request, &write);
    json_decref(body);
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
