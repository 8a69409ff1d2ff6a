/* Where Terraform's attributes and ARM's members meet.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

/* The object that holds the last member of a dotted path, and that member's name. With
 * `makes` the objects on the way are made. NULL if there is none. */
static json_t *find_holder(struct arena *arena, json_t *root, const char *path,
                           bool makes, const char **member)
{
    json_t *holder = root;
    *member = "";
    for (;;) {
        size_t length = strcspn(path, ".");
        const char *name = arena_copy_bytes_as_text(arena, path, length);
        path += length;
        if (*path == '\0') {
            *member = name;
            return holder;
        }
        path++;
        json_t *next = json_object_get(holder, name);
        if (next == NULL && makes) {
            next = json_object();
            json_object_set_new(holder, name, next);
        }
        if (!json_is_object(next))
            return NULL;
        holder = next;
    }
}

static json_t *to_json(const struct value *value)
{
    switch (value->type->kind) {
    case TYPE_STRING:
        return json_stringn(value->string.data, value->string.length);
    case TYPE_BOOL:
        return json_boolean(value->boolean);
    default:
        /* A table with another type in its body is caught by tests/rules/tables. */
        return NULL;
    }
}

json_t *body_from_value(const struct resource *resource, struct arena *arena,
                        const struct value *object)
{
    json_t *body = json_object();
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        if (row->arm == NULL)
            continue;
        const struct value *value = value_get(arena, object, row->name);
        if (value->state != VALUE_KNOWN)
            continue;
        const char *member;
        json_t *holder = find_holder(arena, body, row->arm, true, &member);
        json_object_set_new(holder, member, to_json(value));
    }
    return body;
}

/* NULL if the member is not there or not of the type. */
static const struct value *from_json(struct arena *arena, const struct attribute *row,
                                     const json_t *json)
{
    switch (row->type->kind) {
    case TYPE_STRING:
        /* The published example answers a PUT with empty strings for what it leaves out. */
        if (!json_is_string(json) || json_string_length(json) == 0)
            return NULL;
        return value_string(arena, json_string_value(json));
    case TYPE_BOOL:
        return json_is_boolean(json) ? value_bool(arena, json_is_true(json)) : NULL;
    default:
        return NULL;
    }
}

static const struct value *read_attribute(struct arena *arena,
                                          const struct attribute *row, const json_t *body,
                                          const struct value *before)
{
    const char *member;
    json_t *holder =
        find_holder(arena, (json_t *)(uintptr_t)body, row->arm, false, &member);
    const struct value *read = from_json(arena, row, json_object_get(holder, member));
    if (read == NULL)
        return before->state == VALUE_UNKNOWN ? value_null(arena, before->type) : before;
    if (row->same != SAME_IGNORING_CASE)
        return read;
    const char *old = value_text(before);
    if (old != NULL && text_equal_ignoring_case(old, value_text(read)))
        return before;
    return value_string(arena, text_lower(arena, value_text(read)));
}

bool body_says_all(const struct resource *resource, struct arena *arena,
                   const json_t *body, const struct value *object)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        if (row->arm == NULL ||
            value_get(arena, object, row->name)->state != VALUE_UNKNOWN)
            continue;
        const char *member;
        json_t *holder =
            find_holder(arena, (json_t *)(uintptr_t)body, row->arm, false, &member);
        if (from_json(arena, row, json_object_get(holder, member)) == NULL)
            return false;
    }
    return true;
}

const struct value *body_to_value(const struct resource *resource, struct arena *arena,
                                  const json_t *body, const struct value *object)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        if (row->arm == NULL)
            continue;
        const struct value *before = value_get(arena, object, row->name);
        object = value_with(arena, object, row->name,
                            read_attribute(arena, row, body, before));
    }
    return object;
}
