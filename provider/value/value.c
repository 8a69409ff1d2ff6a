/* Terraform's values: constructors and accessors.
 * SPDX-License-Identifier: MPL-2.0 */
#include "value/value.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "value/internal.h"

void value_bug(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("panic: bug in the handling of values: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    abort();
}

static struct value *new_value(struct arena *arena, const struct type *type,
                               enum value_state state)
{
    struct value *value = arena_take(arena, sizeof *value);
    value->type = type;
    value->state = state;
    return value;
}

struct value *value_with_room(struct arena *arena, const struct type *type, size_t bytes,
                              char **room)
{
    size_t total;
    if (__builtin_add_overflow(sizeof(struct value), bytes, &total))
        value_bug("a text of %zu bytes", bytes);
    struct value *value = arena_take(arena, total);
    value->type = type;
    value->state = VALUE_KNOWN;
    *room = (char *)(value + 1);
    return value;
}

const struct value *value_null(struct arena *arena, const struct type *type)
{
    return new_value(arena, type, VALUE_NULL);
}

const struct value *value_unknown(struct arena *arena, const struct type *type)
{
    return new_value(arena, type, VALUE_UNKNOWN);
}

const struct value *value_string_bytes(struct arena *arena, const char *data,
                                       size_t length)
{
    char *room;
    if (length == SIZE_MAX)
        value_bug("a text of %zu bytes", length);
    struct value *value = value_with_room(arena, &type_string, length + 1, &room);
    if (length != 0)
        memcpy(room, data, length);
    value->string.data = room;
    value->string.length = length;
    return value;
}

const struct value *value_string(struct arena *arena, const char *text)
{
    return text != NULL ? value_string_bytes(arena, text, strlen(text))
                        : value_null(arena, &type_string);
}

const struct value *value_bool(struct arena *arena, bool boolean)
{
    struct value *value = new_value(arena, &type_bool, VALUE_KNOWN);
    value->boolean = boolean;
    return value;
}

const struct value *value_number_text(struct arena *arena, const char *decimal)
{
    char *room;
    size_t length = strlen(decimal);
    if (!value_is_number_text(decimal, length))
        value_bug("an invalid number");
    struct value *value = value_with_room(arena, &type_number, length + 1, &room);
    memcpy(room, decimal, length);
    value->number = room;
    return value;
}

const struct value *value_number_int(struct arena *arena, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)number);
    return value_number_text(arena, text);
}

const struct value *value_dynamic(struct arena *arena, const struct value *inner)
{
    if (inner->type->kind == TYPE_DYNAMIC)
        return inner;
    struct value *value = new_value(arena, &type_dynamic, VALUE_KNOWN);
    value->dynamic = inner;
    return value;
}

static int compare_items(const void *a, const void *b)
{
    return value_compare(*(const struct value *const *)a,
                         *(const struct value *const *)b);
}

const struct value *value_set_of_own(struct arena *arena, const struct type *type,
                                     const struct value **items, size_t count)
{
    size_t kept = 0;
    if (count != 0)
        qsort(items, count, sizeof *items, compare_items);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || value_compare(items[kept - 1], items[i]) != 0 ||
            !value_is_wholly_known(items[i]))
            items[kept++] = items[i];
    struct value *value = new_value(arena, type, VALUE_KNOWN);
    value->many.items = items;
    value->many.count = kept;
    return value;
}

const struct value *value_many(struct arena *arena, const struct type *type,
                               const struct value *const *items, size_t count)
{
    bool has_fields = type->kind == TYPE_OBJECT || type->kind == TYPE_TUPLE;
    if (has_fields && count != type->field_count)
        value_bug("%zu items where there are %zu", count, type->field_count);
    if (!has_fields && type->kind != TYPE_LIST && type->kind != TYPE_SET)
        value_bug("items of a %s", type_name(arena, type));
    if (type->kind == TYPE_SET)
        return value_set_of_own(arena, type,
                                arena_copy(arena, items, count * sizeof *items), count);
    struct value *value = new_value(arena, type, VALUE_KNOWN);
    value->many.items = (const struct value **)(uintptr_t)items;
    value->many.count = count;
    return value;
}

struct pair {
    const char *key;
    const struct value *item;
};

static int compare_pairs(const void *a, const void *b)
{
    return strcmp(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

const struct value *value_of_texts(struct arena *arena, const struct type *type,
                                   const char **texts, size_t count)
{
    size_t kept = text_sort(texts, count);
    const struct value **items = arena_take_many(arena, kept, sizeof *items);
    for (size_t i = 0; i < kept; i++)
        items[i] = value_string(arena, texts[i]);
    return value_many(arena, type, items, kept);
}

const struct value *value_map(struct arena *arena, const struct type *type,
                              const char *const *keys, const struct value *const *items,
                              size_t count)
{
    struct value *value = new_value(arena, type, VALUE_KNOWN);
    value->many.keys = (const char **)(uintptr_t)keys;
    value->many.items = (const struct value **)(uintptr_t)items;
    value->many.count = count;
    bool is_sorted = true;
    for (size_t i = 1; i < count && is_sorted; i++)
        is_sorted = strcmp(keys[i - 1], keys[i]) <= 0;
    if (is_sorted)
        return value;

    struct pair *pairs = arena_take_many(arena, count, sizeof *pairs);
    for (size_t i = 0; i < count; i++)
        pairs[i] = (struct pair){ keys[i], items[i] };
    qsort(pairs, count, sizeof *pairs, compare_pairs);
    value->many.keys = arena_take_many(arena, count, sizeof *keys);
    value->many.items = arena_take_many(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        value->many.keys[i] = pairs[i].key;
        value->many.items[i] = pairs[i].item;
    }
    return value;
}

/* An object whose attributes are all null, or all unknown. */
static const struct value *uniform_object(struct arena *arena, const struct type *type,
                                          enum value_state state)
{
    const struct value **items = arena_take_many(arena, type->field_count, sizeof *items);
    for (size_t i = 0; i < type->field_count; i++)
        items[i] = new_value(arena, type->fields[i].type, state);
    return value_many(arena, type, items, type->field_count);
}

const struct value *value_object_of_nulls(struct arena *arena, const struct type *type)
{
    return uniform_object(arena, type, VALUE_NULL);
}

bool value_is_null(const struct value *value)
{
    while (value != NULL && value->state == VALUE_KNOWN &&
           value->type->kind == TYPE_DYNAMIC)
        value = value->dynamic;
    return value == NULL || value->state == VALUE_NULL;
}

bool value_is_unknown(const struct value *value)
{
    while (value != NULL && value->state == VALUE_KNOWN &&
           value->type->kind == TYPE_DYNAMIC)
        value = value->dynamic;
    return value != NULL && value->state == VALUE_UNKNOWN;
}

bool value_is_wholly_known(const struct value *value)
{
    if (value == NULL || value->state != VALUE_KNOWN)
        return value == NULL || value->state == VALUE_NULL;
    if (value->type->kind == TYPE_DYNAMIC)
        return value_is_wholly_known(value->dynamic);
    if (value->type->kind < TYPE_DYNAMIC)
        return true;
    for (size_t i = 0; i < value->many.count; i++)
        if (!value_is_wholly_known(value->many.items[i]))
            return false;
    return true;
}

const char *value_text(const struct value *value)
{
    while (value != NULL && value->state == VALUE_KNOWN &&
           value->type->kind == TYPE_DYNAMIC)
        value = value->dynamic;
    return value != NULL && value->state == VALUE_KNOWN &&
                   value->type->kind == TYPE_STRING
               ? value->string.data
               : NULL;
}

bool value_is_true(const struct value *value, bool otherwise)
{
    while (value != NULL && value->state == VALUE_KNOWN &&
           value->type->kind == TYPE_DYNAMIC)
        value = value->dynamic;
    return value != NULL && value->state == VALUE_KNOWN && value->type->kind == TYPE_BOOL
               ? value->boolean
               : otherwise;
}

static size_t find_attribute(const struct value *object, const char *name)
{
    int field = type_find_field(object->type, name);
    if (field < 0)
        value_bug("attribute %s does not exist", name);
    return (size_t)field;
}

const struct value *value_get(struct arena *arena, const struct value *object,
                              const char *name)
{
    size_t field = find_attribute(object, name);
    return object->state == VALUE_KNOWN
               ? object->many.items[field]
               : new_value(arena, object->type->fields[field].type, object->state);
}

const struct value *value_with(struct arena *arena, const struct value *object,
                               const char *name, const struct value *attribute)
{
    size_t field = find_attribute(object, name), count = object->type->field_count;
    if (object->state != VALUE_KNOWN)
        object = uniform_object(arena, object->type, object->state);
    const struct value **items =
        arena_copy(arena, object->many.items, count * sizeof *items);
    items[field] = attribute;
    return value_many(arena, object->type, items, count);
}

const struct value *value_copy(struct arena *arena, const struct type *type,
                               const struct value *value)
{
    if (value->state != VALUE_KNOWN)
        return new_value(arena, type, value->state);
    switch (type->kind) {
    case TYPE_STRING:
        return value_string_bytes(arena, value->string.data, value->string.length);
    case TYPE_NUMBER:
        return value_number_text(arena, value->number);
    case TYPE_BOOL:
        return value_bool(arena, value->boolean);
    case TYPE_DYNAMIC:
        return value_dynamic(arena,
                             value_copy(arena, value->dynamic->type, value->dynamic));
    default:
        break;
    }
    size_t count = value->many.count;
    struct value *copy = new_value(arena, type, VALUE_KNOWN);
    copy->many.count = count;
    copy->many.items = arena_take_many(arena, count + 1, sizeof *copy->many.items);
    if (type->kind == TYPE_MAP)
        copy->many.keys = arena_take_many(arena, count + 1, sizeof *copy->many.keys);
    for (size_t i = 0; i < count; i++) {
        const struct type *inner =
            type->element != NULL ? type->element : type->fields[i].type;
        copy->many.items[i] = value_copy(arena, inner, value->many.items[i]);
        if (type->kind == TYPE_MAP)
            copy->many.keys[i] = arena_copy_text(arena, value->many.keys[i]);
    }
    return copy;
}
