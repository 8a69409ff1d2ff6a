/* Terraform's types.
 * Source: Terraform docs "Object Lifecycle"/type constraints; go-cty cty/json/type.go
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef VALUE_TYPE_H
#define VALUE_TYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"

enum type_kind {
    TYPE_STRING,
    TYPE_NUMBER,
    TYPE_BOOL,
    TYPE_DYNAMIC,
    TYPE_LIST,
    TYPE_SET,
    TYPE_MAP,
    TYPE_OBJECT,
    TYPE_TUPLE,
};

struct type {
    enum type_kind kind;
    const struct type *element; /* list, set, map */
    /* Sorted by name (strcmp) in an object, in their order in a tuple. */
    const struct type_field *fields;
    size_t field_count;
};

struct type_field {
    const char *name; /* NULL in a tuple */
    const struct type *type;
};

extern const struct type type_string, type_number, type_bool, type_dynamic;
extern const struct type type_list_of_string, type_set_of_string, type_map_of_string;

/* An object type. The fields may be in any order; they are copied and sorted. */
const struct type *type_object(struct arena *arena, const struct type_field *fields,
                               size_t count);
const struct type *type_collection(struct arena *arena, enum type_kind kind,
                                   const struct type *element);
bool type_equal(const struct type *a, const struct type *b);
/* The index of the field; -1: there is none. */
int type_find_field(const struct type *object, const char *name);

/* `"string"`, `["list","string"]`, `["object",{"a":"bool"}]`: compact, in the arena. */
struct bytes type_format_json(struct arena *arena, const struct type *type);
/* Errors: ERR_SHAPE, ERR_TOO_BIG (deeper than VALUE_DEPTH_MAX). */
int type_parse_json(struct arena *arena, struct bytes json, const struct type **out,
                    struct error *err);
/* For messages: "string", "list of string", "object". */
const char *type_name(struct arena *arena, const struct type *type);
/* For messages: "a string", "a list", "an object". */
const char *type_with_article(const struct type *type);

#endif
