/* When two values of an attribute differ.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"

bool compare_is_empty(const struct value *value)
{
    if (value->state == VALUE_NULL)
        return true;
    if (value->state != VALUE_KNOWN)
        return false;
    switch (value->type->kind) {
    case TYPE_LIST:
    case TYPE_SET:
    case TYPE_MAP:
        return value->many.count == 0;
    default:
        return false;
    }
}

static bool compare_texts(const struct attribute *row, const struct value *a,
                          const struct value *b)
{
    const char *left = value_text(a), *right = value_text(b);
    int64_t left_ms, right_ms;
    if (left == NULL || right == NULL)
        return false;
    if (row->compare == COMPARE_TIMES)
        return clock_parse_time(left, &left_ms) && clock_parse_time(right, &right_ms) &&
               left_ms == right_ms;
    return row->compare == COMPARE_IGNORING_CASE && text_equal_ignoring_case(left, right);
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

int compare_find_key(const struct attribute *row, const struct value *map,
                     const char *key)
{
    const char **keys = map->many.keys;
    size_t count = map->many.count;
    const char **found =
        count != 0 ? bsearch(key, keys, count, sizeof *keys, compare_keys) : NULL;
    if (found != NULL)
        return (int)(found - keys);
    if (row->compare != COMPARE_KEYS_IGNORING_CASE || count > COMPARE_KEYS_MAX)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (text_equal_ignoring_case(keys[i], key))
            return (int)i;
    }
    return -1;
}

static bool compare_maps(const struct attribute *row, const struct value *a,
                         const struct value *b)
{
    if (row->compare != COMPARE_KEYS_IGNORING_CASE || a->state != VALUE_KNOWN ||
        b->state != VALUE_KNOWN || a->many.count != b->many.count)
        return false;
    for (size_t i = 0; i < a->many.count; i++) {
        int at = compare_find_key(row, b, a->many.keys[i]);
        if (at < 0 || !value_equal(a->many.items[i], b->many.items[at]))
            return false;
    }
    return true;
}

/* How to compare two values of a row. */
typedef bool compare_fn(const struct attribute *row, const struct value *a,
                        const struct value *b);

/* Compares two known objects, or collections of objects, row by row. */
static bool compare_nested(const struct attribute *row, const struct value *a,
                           const struct value *b, compare_fn *compare)
{
    if (a->state != VALUE_KNOWN || b->state != VALUE_KNOWN)
        return false;
    if (row->nesting != NESTING_SINGLE) {
        struct attribute element = *row;
        element.nesting = NESTING_SINGLE;
        bool is_same = a->many.count == b->many.count;
        for (size_t i = 0; is_same && i < a->many.count; i++)
            is_same =
                (a->many.keys == NULL || text_equal(a->many.keys[i], b->many.keys[i])) &&
                compare(&element, a->many.items[i], b->many.items[i]);
        return is_same;
    }
    for (const struct attribute *inner = row->rows; inner->name != NULL; inner++) {
        int at = type_find_field(a->type, inner->name);
        if (at < 0 || !compare(inner, a->many.items[at], b->many.items[at]))
            return false;
    }
    return true;
}

bool compare_attribute(const struct attribute *row, const struct value *a,
                       const struct value *b)
{
    return value_equal(a, b) || compare_texts(row, a, b) ||
           (row->nesting != NESTING_NONE && compare_nested(row, a, b, compare_attribute));
}

static bool is_as_planned(const struct attribute *row, const struct value *planned,
                          const struct value *found)
{
    return planned->state == VALUE_UNKNOWN ||
           (planned->state == VALUE_NULL && (row->flags & COMPUTED) != 0) ||
           (compare_is_empty(planned) && compare_is_empty(found)) ||
           value_equal(planned, found) || compare_texts(row, planned, found) ||
           compare_maps(row, planned, found) ||
           (row->nesting != NESTING_NONE &&
            compare_nested(row, planned, found, is_as_planned));
}

bool compare_is_change(const struct attribute *row, struct arena *arena,
                       const struct value *prior, const struct value *planned)
{
    const struct value *after = value_get(arena, planned, row->name);
    if (row->body == NULL || after->state == VALUE_UNKNOWN ||
        ((row->flags & RETURNED_ONCE) != 0 &&
         value_is_null(value_get(arena, prior, row->name))))
        return false;
    return (row->flags & WRITE_ONLY) != 0
               ? write_only_is_due(row, arena, prior, planned)
               : !compare_attribute(row, value_get(arena, prior, row->name), after);
}

bool compare_is_of_service(const struct attribute *row)
{
    return (row->flags & (COMPUTED | OPTIONAL)) == COMPUTED && row->default_value == NULL;
}

const struct attribute *compare_objects(const struct resource *resource,
                                        struct arena *arena, const struct value *planned,
                                        const struct value *found)
{
    for (const struct attribute *row = resource->table->attributes; row->name != NULL;
         row++) {
        if (row->body != NULL && (row->flags & (VOLATILE | NEVER_RETURNED)) == 0 &&
            !compare_is_of_service(row) &&
            !is_as_planned(row, value_get(arena, planned, row->name),
                           value_get(arena, found, row->name)))
            return row;
    }
    return NULL;
}
