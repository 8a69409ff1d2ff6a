/* Data sources: additions to a list's query, and values made from the listed rows.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "engine/internal.h"

struct query {
    struct arena *arena;
    const struct value *config;
};

static const char *find_plain(void *state, const char *name)
{
    const struct query *query = state;
    const struct value *value = value_get(query->arena, query->config, name);
    if (value->state == VALUE_KNOWN && value->type->kind == TYPE_NUMBER)
        return value->number;
    if (value->state == VALUE_KNOWN && value->type->kind == TYPE_BOOL)
        return value->boolean ? "true" : "false";
    return value_text(value);
}

/* Source: OData 4.01, URL conventions, 5.1.1.6.1: a quotation mark in a text is doubled */
static const char *find_quoted(void *state, const char *name)
{
    const struct query *query = state;
    const char *text = find_plain(state, name);
    if (text == NULL)
        return NULL;
    char *doubled = arena_take(query->arena, 2 * strlen(text) + 1), *to = doubled;
    for (; *text != '\0'; text++) {
        *to++ = *text;
        if (*text == '\'')
            *to++ = *text;
    }
    *to = '\0';
    return doubled;
}

const char *data_query(struct arena *arena, const char *const *parts,
                       const struct value *config)
{
    struct query state = { arena, config };
    const char *query = NULL;
    for (; parts != NULL && *parts != NULL; parts++) {
        size_t name = strcspn(*parts, "=");
        const char *template = *parts + name + ((*parts)[name] == '=');
        const char *text = id_template_fill(
            arena, template, strchr(template, '\'') != NULL ? find_quoted : find_plain,
            &state);
        if (text != NULL)
            query = arena_print(arena, "%s%s%.*s=%s", query != NULL ? query : "",
                                query != NULL ? "&" : "", (int)name, *parts,
                                text_encode_percent(arena, text));
    }
    return query;
}

const char *data_search(struct arena *arena, const struct dialect *dialect,
                        const struct search_rule *searches, const struct value *object,
                        const char *query)
{
    for (; searches != NULL && searches->attribute != NULL && dialect->filter != NULL;
         searches++) {
        const char *text = value_text(value_get(arena, object, searches->attribute));
        if (text != NULL)
            return arena_print(arena, "%s%s%s", query != NULL ? query : "",
                               query != NULL ? "&" : "",
                               dialect->filter(arena, searches->field, text));
    }
    return query;
}

/* The name after a word of an ID, in which words and names alternate; NULL: none. */
static const char *find_part(struct arena *arena, const char *id, const char *word)
{
    size_t length = strlen(word);
    while (id != NULL && *id != '\0') {
        const char *at = id + (*id == '/'), *name = at + strcspn(at, "/");
        bool is_it = (size_t)(name - at) == length && strncasecmp(at, word, length) == 0;
        name += *name == '/';
        size_t rest = strcspn(name, "/");
        if (is_it)
            return arena_copy_bytes_as_text(arena, name, rest);
        id = name + rest;
    }
    return NULL;
}

const struct value *data_get(struct arena *arena, const struct attribute *row,
                             const struct value *object)
{
    if (row->part_of == NULL)
        return value_get(arena, object, row->name);
    const char *id = value_text(value_get(arena, object, row->part_of));
    return value_string(arena, find_part(arena, id, row->part));
}

const struct value *data_fill_parts(struct arena *arena, const struct attribute *rows,
                                    const struct value *object)
{
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        if (row->part_of != NULL)
            object = value_with(arena, object, row->name, data_get(arena, row, object));
    }
    return object;
}

struct sorted {
    const char *id;
    const struct value *item;
};

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct sorted *)a)->id, ((const struct sorted *)b)->id);
}

const struct value **data_sort(struct arena *arena, const struct attribute *rows,
                               const struct value *const *items, size_t count)
{
    const struct value **list = arena_copy(arena, items, count * sizeof *list);
    struct sorted *sorted = arena_take_many(arena, count, sizeof *sorted);
    while (rows != NULL && rows->name != NULL && !text_equal(rows->name, "id") &&
           !text_equal(rows->body, "id"))
        rows++;
    if (rows == NULL || rows->name == NULL || count == 0)
        return list;
    for (size_t i = 0; i < count; i++)
        sorted[i] =
            (struct sorted){ OR(value_text(value_get(arena, items[i], rows->name)), ""),
                             items[i] };
    qsort(sorted, count, sizeof *sorted, by_id);
    for (size_t i = 0; i < count; i++)
        list[i] = sorted[i].item;
    return list;
}

const struct value *data_gather(struct arena *arena, const struct gather_rule *rule,
                                const struct value *const *items, size_t count)
{
    const char **found = arena_take_many(arena, count, sizeof *found);
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        const char *text = value_text(value_get(arena, items[i], rule->attribute));
        const char *status = value_text(value_get(arena, items[i], rule->status));
        if (text != NULL && text_equal_ignoring_case(status, rule->wanted))
            found[total++] = text;
    }
    return value_of_texts(arena, &type_list_of_string, found, total);
}

const struct value *data_ids_by_name(struct arena *arena,
                                     const struct value *const *items, size_t count)
{
    json_t *found = json_object(); /* null: two items have the name */
    const char **keys = arena_take_many(arena, count, sizeof *keys);
    const struct value **ids = arena_take_many(arena, count, sizeof *ids);
    for (size_t i = 0; i < count; i++) {
        const char *name = value_text(value_get(arena, items[i], "name"));
        const char *id = value_text(value_get(arena, items[i], "id"));
        if (name != NULL && id != NULL)
            json_object_set_new(found, name,
                                json_object_get(found, name) == NULL ? json_string(id)
                                                                     : json_null());
    }
    const char *name;
    json_t *id;
    count = 0;
    json_object_foreach(found, name, id)
    {
        if (!json_is_string(id))
            continue;
        keys[count] = arena_copy_text(arena, name);
        ids[count++] = value_string(arena, arena_copy_text(arena, json_string_value(id)));
    }
    json_decref(found);
    return value_map(arena, &type_map_of_string, keys, ids, count);
}
