/* Terraform's types.
 * SPDX-License-Identifier: MPL-2.0 */
#include "value/type.h"

#include <stdlib.h>
#include <string.h>

const struct type type_string = { .kind = TYPE_STRING };
const struct type type_number = { .kind = TYPE_NUMBER };
const struct type type_bool = { .kind = TYPE_BOOL };
const struct type type_dynamic = { .kind = TYPE_DYNAMIC };
const struct type type_list_of_string = { .kind = TYPE_LIST, .element = &type_string };
const struct type type_set_of_string = { .kind = TYPE_SET, .element = &type_string };
const struct type type_map_of_string = { .kind = TYPE_MAP, .element = &type_string };

static int compare_fields(const void *a, const void *b)
{
    return strcmp(((const struct type_field *)a)->name,
                  ((const struct type_field *)b)->name);
}

const struct type *type_object(struct arena *arena, const struct type_field *fields,
                               size_t count)
{
    struct type_field *sorted = arena_copy(arena, fields, count * sizeof *fields);
    if (count != 0)
        qsort(sorted, count, sizeof *sorted, compare_fields);
    struct type *type = arena_take(arena, sizeof *type);
    *type = (struct type){ .kind = TYPE_OBJECT, .fields = sorted, .field_count = count };
    return type;
}

const struct type *type_collection(struct arena *arena, enum type_kind kind,
                                   const struct type *element)
{
    struct type *type = arena_take(arena, sizeof *type);
    *type = (struct type){ .kind = kind, .element = element };
    return type;
}

bool type_equal(const struct type *a, const struct type *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->field_count != b->field_count)
        return false;
    if (a->element != NULL)
        return type_equal(a->element, b->element);
    for (size_t i = 0; i < a->field_count; i++) {
        if (a->kind == TYPE_OBJECT && strcmp(a->fields[i].name, b->fields[i].name) != 0)
            return false;
        if (!type_equal(a->fields[i].type, b->fields[i].type))
            return false;
    }
    return true;
}

int type_find_field(const struct type *object, const char *name)
{
    if (object->kind != TYPE_OBJECT || object->field_count == 0)
        return -1;
    struct type_field wanted = { .name = name };
    const struct type_field *found = bsearch(&wanted, object->fields, object->field_count,
                                             sizeof wanted, compare_fields);
    return found != NULL ? (int)(found - object->fields) : -1;
}

static const char *const names[] = {
    [TYPE_STRING] = "string", [TYPE_NUMBER] = "number",
    [TYPE_BOOL] = "bool",     [TYPE_DYNAMIC] = "value of any type",
    [TYPE_LIST] = "list",     [TYPE_SET] = "set",
    [TYPE_MAP] = "map",       [TYPE_OBJECT] = "object",
    [TYPE_TUPLE] = "tuple",
};

const char *type_name(struct arena *arena, const struct type *type)
{
    if (type->element == NULL)
        return names[type->kind];
    return arena_print(arena, "%s of %s", names[type->kind],
                       type_name(arena, type->element));
}

const char *type_with_article(const struct type *type)
{
    static const char *const with_article[] = {
        [TYPE_STRING] = "a string", [TYPE_NUMBER] = "a number",
        [TYPE_BOOL] = "a bool",     [TYPE_DYNAMIC] = "a value with its type",
        [TYPE_LIST] = "a list",     [TYPE_SET] = "a set",
        [TYPE_MAP] = "a map",       [TYPE_OBJECT] = "an object",
        [TYPE_TUPLE] = "a tuple",
    };
    return with_article[type->kind];
}
