/* Reads Terraform's attributes from a JSON body, as body.c writes them.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"
#include "rest/json.h"

static const struct value *rows_from_json(struct arena *arena,
                                          const struct attribute *rows,
                                          const json_t *body, enum body_extent extent,
                                          const struct value *object);

/* The shortest decimal text of the number. */
static const struct value *number_from_json(struct arena *arena, const json_t *json)
{
    char text[40];
    if (json_is_integer(json))
        return value_number_int(arena, json_integer_value(json));
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, json_real_value(json));
        if (strtod(text, NULL) == json_real_value(json))
            break;
    }
    return value_number_text(arena, text);
}

/* NULL: the text does not have the delimiters. */
static const struct value *
part_from_text(struct arena *arena, const struct between_rule *rule, const char *text)
{
    if (!text_starts_ignoring_case(text, rule->before))
        return NULL;
    text += strlen(rule->before);
    const char *end = strstr(text, rule->after);
    return end == NULL || end == text
               ? NULL
               : value_string_bytes(arena, text, (size_t)(end - text));
}

/* In the form that configurations use. */
static const struct value *time_from_text(struct arena *arena, const char *text)
{
    char form[CLOCK_RFC3339_BYTES];
    int64_t ms;
    if (!clock_parse_time(text, &ms) || ms % 1000 != 0)
        return value_string(arena, text);
    clock_format_rfc3339(ms, form);
    return value_string(arena, arena_copy_text(arena, form));
}

/* What an answer omits of these is no change: a change of a REPLACE attribute would delete the
 * object. */
enum { KEPT = MAY_BE_OMITTED | RETURNED_ONCE | REPLACE };

/* The text is "" for a value that may be omitted, or that is not set. */
static bool is_no_text(const struct attribute *row, const json_t *json,
                       const struct value *before)
{
    bool is_set_by_users = (row->flags & (OPTIONAL | COMPUTED)) == OPTIONAL;
    return row->type->kind == TYPE_STRING && json_string_length(json) == 0 &&
           ((row->flags & KEPT) != 0 || (is_set_by_users && value_is_null(before)));
}

/* The text as an ID in canonical form; NULL: it is not one of the row's type. */
static const char *id_from_text(struct arena *arena, const struct attribute *row,
                                const char *text)
{
    const struct id_scheme *ids = row->ids != NULL ? row->ids : &id_scheme_arm;
    struct error ignored = NO_ERROR;
    return ids->parse(arena, text, row->id_type, &ignored);
}

/* The service may send a text as a JSON number. */
static const struct value *text_from_json(struct arena *arena,
                                          const struct attribute *row, const json_t *json,
                                          const struct value *before)
{
    if (json_is_integer(json))
        return value_string(
            arena, arena_print(arena, "%lld", (long long)json_integer_value(json)));
    if (!json_is_string(json) || is_no_text(row, json, before))
        return NULL;
    const char *text = json_string_value(json);
    if (row->between != NULL)
        return part_from_text(arena, row->between, text);
    if (row->compare == COMPARE_TIMES)
        return time_from_text(arena, text);
    if (row->compare != COMPARE_IGNORING_CASE)
        return value_string_bytes(arena, text, json_string_length(json));
    if (text_equal_ignoring_case(value_text(before), text))
        return before;
    for (const char *const *one = row->one_of; one != NULL && *one != NULL; one++) {
        if (text_equal_ignoring_case(*one, text))
            return value_string(arena, *one);
    }
    const char *id = row->id_type != NULL ? id_from_text(arena, row, text) : NULL;
    return value_string(arena, id != NULL             ? id
                               : row->id_type != NULL ? text
                                                      : text_lower(arena, text));
}

static const struct value *from_json(struct arena *arena, const struct attribute *row,
                                     const struct type *type, const json_t *json,
                                     const struct value *before);

/* The element of `before` at the same position, for what the JSON omits. */
static const struct value *
element_before(struct arena *arena, const struct attribute *row, const struct type *type,
               const struct value *before, size_t at, const char *key)
{
    if (before == NULL || before->state != VALUE_KNOWN)
        return value_null(arena, type);
    if (key != NULL) {
        int found = compare_find_key(row, before, key);
        at = found >= 0 ? (size_t)found : before->many.count;
    }
    return at < before->many.count ? before->many.items[at] : value_null(arena, type);
}

/* The key as `before` spells it, unless that is a key of its own. `keys`: the `count` so far. */
static const char *spell_key(const struct attribute *row, const json_t *json,
                             const struct value *before, const char *const *keys,
                             size_t count, const char *key)
{
    if (before->state != VALUE_KNOWN || json_object_size(json) > COMPARE_KEYS_MAX)
        return key;
    int at = compare_find_key(row, before, key);
    const char *spelled = at >= 0 ? before->many.keys[at] : key;
    if (strcmp(spelled, key) == 0 || json_object_get(json, spelled) != NULL)
        return key;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(keys[i], spelled) == 0)
            return key;
    }
    return spelled;
}

static const struct value *many_from_json(struct arena *arena,
                                          const struct attribute *row,
                                          const struct type *type, const json_t *json,
                                          const struct value *before)
{
    bool is_map = type->kind == TYPE_MAP;
    if (is_map ? !json_is_object(json) : !json_is_array(json))
        return NULL;
    size_t count = is_map ? json_object_size(json) : json_array_size(json), at = 0;
    const struct value **items = arena_take_many(arena, count, sizeof *items);
    const char **keys = arena_take_many(arena, count, sizeof *keys);
    void *member = is_map ? json_object_iter((json_t *)(uintptr_t)json) : NULL;
    for (; at < count; at++) {
        const json_t *element =
            is_map ? json_object_iter_value(member) : json_array_get(json, at);
        keys[at] = is_map
                       ? spell_key(row, json, before, keys, at,
                                   arena_copy_text(arena, json_object_iter_key(member)))
                       : NULL;
        items[at] = from_json(arena, row, type->element, element,
                              element_before(arena, row, type->element,
                                             type->kind == TYPE_SET ? NULL : before, at,
                                             keys[at]));
        if (items[at] == NULL) {
            if (!json_is_null(element))
                return NULL;
            items[at] = value_null(arena, type->element);
        }
        if (is_map)
            member = json_object_iter_next((json_t *)(uintptr_t)json, member);
    }
    return is_map ? value_map(arena, type, keys, items, count)
                  : value_many(arena, type, items, count);
}

/* NULL if the member is missing or has another type. */
static const struct value *from_json(struct arena *arena, const struct attribute *row,
                                     const struct type *type, const json_t *json,
                                     const struct value *before)
{
    switch (type->kind) {
    case TYPE_STRING:
        return text_from_json(arena, row, json, before);
    case TYPE_NUMBER:
        return json_is_number(json) ? number_from_json(arena, json) : NULL;
    case TYPE_BOOL:
        if (row->texts != NULL)
            return json_is_string(json)
                       ? value_bool(arena,
                                    !text_equal_ignoring_case(json_string_value(json),
                                                              row->texts->when_false))
                       : NULL;
        return json_is_boolean(json) ? value_bool(arena, json_is_true(json)) : NULL;
    case TYPE_LIST:
    case TYPE_SET:
    case TYPE_MAP:
        return many_from_json(arena, row, type, json, before);
    default:
        return json_is_object(json) && row->rows != NULL
                   ? rows_from_json(arena, row->rows, json, BODY_WHOLE,
                                    before->state == VALUE_KNOWN
                                        ? before
                                        : value_object_of_nulls(arena, type))
                   : NULL;
    }
}

/* A service may shorten its IDs. */
static bool is_id_of_row(struct arena *arena, const struct attribute *row,
                         const struct value *value)
{
    return row->id_type == NULL || id_from_text(arena, row, value_text(value)) != NULL;
}

static const struct value *read_attribute(struct arena *arena,
                                          const struct attribute *row, const json_t *body,
                                          enum body_extent extent,
                                          const struct value *before)
{
    const json_t *member = rest_json_find(body, row->body);
    if ((row->flags & RETURNED_ONCE) != 0 && before->state == VALUE_KNOWN)
        return before;
    const struct value *read =
        from_json(arena, row, schema_attribute_type(arena, row), member, before);
    if (read != NULL && (row->flags & RETURNED_ONCE) != 0 &&
        !is_id_of_row(arena, row, read))
        read = NULL;
    if (read != NULL)
        return compare_attribute(row, before, read) ||
                       (compare_is_empty(before) && compare_is_empty(read))
                   ? before
                   : read;
    bool is_kept = extent == BODY_PARTIAL || (row->flags & KEPT) != 0 ||
                   (member != NULL && !json_is_null(member)) || compare_is_empty(before);
    return is_kept && before->state != VALUE_UNKNOWN ? before
                                                     : value_null(arena, before->type);
}

static const struct value *rows_from_json(struct arena *arena,
                                          const struct attribute *rows,
                                          const json_t *body, enum body_extent extent,
                                          const struct value *object)
{
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        if (row->body == NULL || (row->flags & (WRITE_ONLY | NEVER_RETURNED)) != 0)
            continue;
        const struct value *before = value_get(arena, object, row->name);
        object = value_with(arena, object, row->name,
                            read_attribute(arena, row, body, extent, before));
    }
    return object;
}

bool body_says_all(const struct resource *resource, struct arena *arena,
                   const json_t *body, const struct value *object)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        const struct value *value = value_get(arena, object, row->name);
        if (row->body != NULL && value->state == VALUE_UNKNOWN &&
            from_json(arena, row, schema_attribute_type(arena, row),
                      rest_json_find(body, row->body), value) == NULL)
            return false;
    }
    return true;
}

const struct value *body_to_value(const struct resource *resource, struct arena *arena,
                                  const json_t *body, enum body_extent extent,
                                  const struct value *object)
{
    return made_name(
        resource, arena,
        rows_from_json(arena, resource->table->attributes, body, extent, object));
}

const struct value *body_as_returned(const struct resource *resource, struct arena *arena,
                                     const json_t *body, enum body_extent extent,
                                     const struct value *object)
{
    const struct value *returned = object;
    const struct attribute *rows = resource->table->attributes;
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        if ((row->flags & RETURNED_ONCE) != 0)
            returned =
                value_with(arena, returned, row->name, value_null(arena, row->type));
    }
    returned = body_to_value(resource, arena, body, extent, returned);
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        if (value_is_null(value_get(arena, returned, row->name)))
            returned = value_with(arena, returned, row->name,
                                  value_get(arena, object, row->name));
    }
    return returned;
}
