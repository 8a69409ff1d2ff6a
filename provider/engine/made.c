/* IDs that the plan makes if the configuration omits them, and names taken from other IDs.
 *
 * Terraform plans twice and compares, and a killed run leaves only the configuration behind. So
 * such an ID is computed and never random. Do not change what it is computed from: interrupted runs
 * could no longer find the objects that they created.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "engine/internal.h"
#include "id/made.h"

/* "5:bolt-3:abc": different lists of texts never give the same result, and NULL differs from every
 * text. */
static void add(struct buf *list, const char *text)
{
    if (text == NULL)
        buf_add_text(list, "-");
    else
        buf_print(list, "%zu:%s", strlen(text), text);
}

const char *made_guid(const struct resource *resource, struct arena *arena,
                      const char *what, const char *const *from,
                      const struct value *object, const struct past *past)
{
    const struct resource_table *table = resource->table;
    auto_buf list = { 0 };
    buf_init(&list, SIZE_MAX / 2);
    add(&list, table->service->name);
    add(&list, table->name);
    add(&list, what);
    for (const char *const *name = from; *name != NULL; name++) {
        const struct value *value = value_get(arena, object, *name);
        const struct attribute *row = schema_find(table->attributes, *name);
        const char *text = value_text(value);
        if (value->state == VALUE_UNKNOWN)
            return NULL;
        if (text != NULL && row->compare == COMPARE_IGNORING_CASE)
            text = text_lower(arena, text);
        add(&list, text);
    }
    size_t past_count = past != NULL ? text_sort(past->ids, past->count) : 0;
    for (size_t i = 0; i < past_count; i++)
        add(&list, past->ids[i]);
    return id_make_guid(arena, buf_text(&list), list.length);
}

static bool is_made(const struct attribute *row, struct arena *arena,
                    const struct value *config)
{
    return row->made_from != NULL && value_is_null(value_get(arena, config, row->name));
}

const struct value *made_fill(const struct resource *resource, struct arena *arena,
                              const struct value *object, const struct value *config)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        if (!is_made(row, arena, config) ||
            value_get(arena, object, row->name)->state != VALUE_UNKNOWN)
            continue;
        const char *guid =
            made_guid(resource, arena, row->name, row->made_from, object, NULL);
        if (guid != NULL)
            object = value_with(arena, object, row->name, value_string(arena, guid));
    }
    return object;
}

const struct value *made_name(const struct resource *resource, struct arena *arena,
                              const struct value *object)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        if (row->name_in == NULL)
            continue;
        const char *name = value_text(value_get(arena, object, row->name_in));
        name = name != NULL ? strrchr(name, '/') : NULL;
        if (name != NULL)
            object = value_with(arena, object, row->name,
                                value_string(arena, text_lower(arena, name + 1)));
    }
    return object;
}

const struct attribute *made_row(const struct resource *resource, struct arena *arena,
                                 const struct value *config)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        if (is_made(row, arena, config))
            return row;
    }
    return NULL;
}
