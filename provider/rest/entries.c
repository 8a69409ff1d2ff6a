/* What a LIST showed. Jansson's objects serve as hash tables.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/entries.h"

#include <string.h>

#include "rest/json.h"
#include "base/text.h"

void entries_init(struct entries *entries, const char *list_id, const char *unique)
{
    *entries = (struct entries){
        .list_id = list_id,
        .unique = unique,
        .by_id = json_object(),
        .holders = json_object(),
    };
}

void entries_clear(struct entries *entries)
{
    json_decref(entries->by_id);
    json_decref(entries->holders);
    *entries = (struct entries){ .list_id = entries->list_id, .unique = entries->unique };
}

const char *entries_key(const struct entries *entries, struct arena *arena,
                        const char *id)
{
    size_t length = strlen(entries->list_id);
    id = *id == '/' ? id : arena_print(arena, "/%s", id);
    bool is_child = text_starts_ignoring_case(id, entries->list_id) &&
                    id[length] == '/' && id[length + 1] != '/';
    return text_lower(arena, is_child ? id + length + 1 : id);
}

const char *entries_id(const struct entries *entries, struct arena *arena,
                       const char *key)
{
    return *key == '/'
               ? key
               : text_lower(arena, arena_print(arena, "%s/%s", entries->list_id, key));
}

static json_t *body_of(const struct entries *entries, const char *key)
{
    const char *text = json_string_value(json_object_get(entries->by_id, key));
    return text != NULL ? json_loads(text, 0, NULL) : NULL;
}

/* The value in lower case; NULL: none. */
static const char *unique_value(const struct entries *entries, struct arena *arena,
                                const json_t *body)
{
    const char *value = rest_json_some_text(body, entries->unique);
    return value != NULL ? text_lower(arena, value) : NULL;
}

static void add_holder(struct entries *entries, struct arena *arena, const char *key,
                       const json_t *body)
{
    const char *value = unique_value(entries, arena, body);
    if (value == NULL || !json_is_string(json_object_get(body, "id")))
        return;
    if (json_object_get(entries->holders, value) == NULL)
        json_object_set_new(entries->holders, value, json_array());
    json_array_append_new(json_object_get(entries->holders, value), json_string(key));
}

static bool is_key(const json_t *item, const char *key)
{
    return strcmp(json_string_value(item), key) == 0;
}

static void remove_key(struct entries *entries, struct arena *arena, const char *key)
{
    json_t *body = entries->unique != NULL ? body_of(entries, key) : NULL;
    const char *value = unique_value(entries, arena, body);
    json_t *keys = value != NULL ? json_object_get(entries->holders, value) : NULL;
    for (size_t i = json_array_size(keys); i-- > 0;)
        if (is_key(json_array_get(keys, i), key))
            json_array_remove(keys, i);
    json_decref(body);
    json_object_del(entries->by_id, key);
}

int entries_set(struct entries *entries, const char *id, const json_t *body)
{
    auto_arena arena = arena_new();
    const char *key = entries_key(entries, arena, id);
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
    remove_key(entries, arena, entries_key(entries, arena, id));
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
    return json_object_get(entries->by_id, entries_key(entries, arena, id)) != NULL;
}

json_t *entries_body(const struct entries *entries, const char *id)
{
    auto_arena arena = arena_new();
    return body_of(entries, entries_key(entries, arena, id));
}

const char *entries_find_other(const struct entries *entries, struct arena *arena,
                               const char *value, const char *own_id)
{
    const char *own = entries_key(entries, arena, own_id), *found = NULL;
    const json_t *keys = json_object_get(entries->holders, text_lower(arena, value));
    size_t i = 0;
    while (i < json_array_size(keys) && is_key(json_array_get(keys, i), own))
        i++;
    json_t *body = i < json_array_size(keys)
                       ? body_of(entries, json_string_value(json_array_get(keys, i)))
                       : NULL;
    if (body != NULL)
        found = arena_copy_text(arena, json_string_value(json_object_get(body, "id")));
    json_decref(body);
    return found;
}
