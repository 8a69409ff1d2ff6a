/* What a LIST showed. jansson's objects are the hash tables here.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/entries.h"

#include <string.h>

#include "rest/json.h"
#include "base/memory.h"
#include "base/text.h"

void entries_init(struct entries *entries, const char *unique)
{
    *entries = (struct entries){
        .unique = unique,
        .by_id = json_object(),
        .holders = json_object(),
    };
}

void entries_clear(struct entries *entries)
{
    json_decref(entries->by_id);
    json_decref(entries->holders);
    *entries = (struct entries){ .unique = entries->unique };
}

const char *entries_key(struct arena *arena, const char *id)
{
    return text_lower(arena, *id == '/' ? id : arena_print(arena, "/%s", id));
}

/* The value in lower case; NULL: none. */
static const char *unique_value(const struct entries *entries, struct arena *arena,
                                const json_t *body)
{
    const char *value = entries->unique == NULL
                            ? NULL
                            : json_string_value(rest_json_find(body, entries->unique));
    return value != NULL && *value != '\0' ? text_lower(arena, value) : NULL;
}

static void add_holder(struct entries *entries, struct arena *arena, const char *key,
                       const json_t *body)
{
    const char *value = unique_value(entries, arena, body);
    json_t *id = json_object_get(body, "id");
    if (value == NULL || !json_is_string(id))
        return;
    if (json_object_get(entries->holders, value) == NULL)
        json_object_set_new(entries->holders, value, json_object());
    json_object_set(json_object_get(entries->holders, value), key, id);
}

static void remove_key(struct entries *entries, struct arena *arena, const char *key)
{
    json_t *body = entries->unique != NULL ? entries_body(entries, key) : NULL;
    const char *value = unique_value(entries, arena, body);
    if (value != NULL)
        json_object_del(json_object_get(entries->holders, value), key);
    json_decref(body);
    json_object_del(entries->by_id, key);
}

int entries_set(struct entries *entries, const char *id, const json_t *body)
{
    auto_arena arena = arena_new();
    const char *key = entries_key(arena, id);
    auto_char text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
    if (body != NULL && text == NULL)
        return -1;
    remove_key(entries, arena, key);
    entries->text_bytes += text != NULL ? strlen(text) : 0;
    json_object_set_new(entries->by_id, key,
                        text != NULL ? json_string(text) : json_null());
    add_holder(entries, arena, key, body);
    return 0;
}

void entries_remove(struct entries *entries, const char *id)
{
    auto_arena arena = arena_new();
    remove_key(entries, arena, entries_key(arena, id));
}

void entries_copy(struct entries *entries, const struct entries *from, const char *id)
{
    if (!entries_has(from, id)) {
        entries_remove(entries, id);
        return;
    }
    json_t *body = entries_body(from, id);
    entries_set(entries, id, body);
    json_decref(body);
}

bool entries_has(const struct entries *entries, const char *id)
{
    auto_arena arena = arena_new();
    return json_object_get(entries->by_id, entries_key(arena, id)) != NULL;
}

json_t *entries_body(const struct entries *entries, const char *id)
{
    auto_arena arena = arena_new();
    const char *text =
        json_string_value(json_object_get(entries->by_id, entries_key(arena, id)));
    return text != NULL ? json_loads(text, 0, NULL) : NULL;
}

const char *entries_find_other(const struct entries *entries, struct arena *arena,
                               const char *value, const char *own_id)
{
    const char *key, *own = entries_key(arena, own_id);
    json_t *id;
    json_t *holders = json_object_get(entries->holders, text_lower(arena, value));
    json_object_foreach(holders, key, id)
    {
        if (strcmp(key, own) != 0)
            return arena_copy_text(arena, json_string_value(id));
    }
    return NULL;
}
