/* Equality of values, and a total order for sets.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "value/internal.h"

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_bytes(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t shared = a_length < b_length ? a_length : b_length;
    int order = shared != 0 ? memcmp(a, b, shared) : 0;
    return order != 0 ? order : compare_sizes(a_length, b_length);
}

static int compare_numbers(const char *a, const char *b)
{
    struct number left, right;
    if (strcmp(a, b) == 0)
        return 0;
    if (number_parse(a, strlen(a), &left) < 0 || number_parse(b, strlen(b), &right) < 0)
        value_bug("an invalid number");
    return number_compare(&left, &right);
}

static int compare_many(const struct value *a, const struct value *b)
{
    int order = compare_sizes(a->many.count, b->many.count);
    for (size_t i = 0; order == 0 && i < a->many.count; i++) {
        if (a->type->kind == TYPE_MAP)
            order = strcmp(a->many.keys[i], b->many.keys[i]);
        if (order == 0)
            order = value_compare(a->many.items[i], b->many.items[i]);
    }
    return order;
}

/* Any total order will do; 0 for equal types. */
static int compare_types(const struct type *a, const struct type *b)
{
    if (a == b)
        return 0;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->element != NULL)
        return compare_types(a->element, b->element);
    int order = compare_sizes(a->field_count, b->field_count);
    for (size_t i = 0; order == 0 && i < a->field_count; i++) {
        if (a->kind == TYPE_OBJECT)
            order = strcmp(a->fields[i].name, b->fields[i].name);
        if (order == 0)
            order = compare_types(a->fields[i].type, b->fields[i].type);
    }
    return order;
}

int value_compare(const struct value *a, const struct value *b)
{
    if (a == b)
        return 0;
    if (a->state != b->state)
        return a->state < b->state ? -1 : 1;
    if (a->state != VALUE_KNOWN)
        return 0;
    switch (a->type->kind) {
    case TYPE_STRING:
        return compare_bytes(a->string.data, a->string.length, b->string.data,
                             b->string.length);
    case TYPE_NUMBER:
        return compare_numbers(a->number, b->number);
    case TYPE_BOOL:
        return (int)a->boolean - (int)b->boolean;
    case TYPE_DYNAMIC: {
        int order = compare_types(a->dynamic->type, b->dynamic->type);
        return order != 0 ? order : value_compare(a->dynamic, b->dynamic);
    }
    default:
        return compare_many(a, b);
    }
}

bool value_equal(const struct value *a, const struct value *b)
{
    return type_equal(a->type, b->type) && value_compare(a, b) == 0;
}
