/* Types as JSON: `"string"`, `["list","string"]`, `["object",{"a":"bool"}]`.
 * Source: go-cty cty/json/type.go, cty/json/unmarshal.go
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "value/internal.h"

/* The names in JSON, in the order of enum type_kind. */
static const char *const json_names[] = { "string", "number", "bool",   "dynamic", "list",
                                          "set",    "map",    "object", "tuple" };

void type_add_json(struct buf *buf, const struct type *type)
{
    bool is_primitive = type->kind <= TYPE_DYNAMIC;
    buf_print(buf, is_primitive ? "\"%s\"" : "[\"%s\",", json_names[type->kind]);
    if (is_primitive)
        return;
    if (type->element != NULL) {
        type_add_json(buf, type->element);
    } else {
        bool is_object = type->kind == TYPE_OBJECT;
        buf_add_char(buf, is_object ? '{' : '[');
        for (size_t i = 0; i < type->field_count; i++) {
            if (i != 0)
                buf_add_char(buf, ',');
            if (is_object) {
                json_add_text(buf, type->fields[i].name, strlen(type->fields[i].name));
                buf_add_char(buf, ':');
            }
            type_add_json(buf, type->fields[i].type);
        }
        buf_add_char(buf, is_object ? '}' : ']');
    }
    buf_add_char(buf, ']');
}

struct bytes type_format_json(struct arena *arena, const struct type *type)
{
    auto_buf buf;
    buf_init(&buf, SIZE_MAX / 2);
    type_add_json(&buf, type);
    return buf_to_arena(&buf, arena);
}

static int wrong(struct error *err, const char *what)
{
    return error_set(err, ERR_SHAPE, "not a type: %s", what);
}

/* The text of a JSON string; NULL: not a string, or it contains a NUL. */
static const char *get_name(const json_t *json)
{
    const char *text = json_string_value(json);
    return text != NULL && strlen(text) == json_string_length(json) ? text : NULL;
}

static int parse_primitive(const json_t *json, const struct type **out, struct error *err)
{
    static const struct type *const primitives[] = { &type_string, &type_number,
                                                     &type_bool, &type_dynamic };
    const char *name = get_name(json);
    for (size_t i = 0; i < sizeof primitives / sizeof primitives[0] && name != NULL;
         i++) {
        if (strcmp(name, json_names[primitives[i]->kind]) == 0) {
            *out = primitives[i];
            return 0;
        }
    }
    return wrong(err, "an unknown name");
}

static int parse_tuple(struct arena *arena, const json_t *json, int depth_left,
                       const struct type **out, struct error *err)
{
    if (!json_is_array(json))
        return wrong(err, "a tuple without a list of types");
    size_t count = json_array_size(json);
    struct type_field *fields = arena_take_many(arena, count, sizeof *fields);
    for (size_t i = 0; i < count; i++)
        if (type_from_json(arena, json_array_get(json, i), depth_left, &fields[i].type,
                           err) < 0)
            return -1;
    struct type *type = arena_take(arena, sizeof *type);
    *type = (struct type){ .kind = TYPE_TUPLE, .fields = fields, .field_count = count };
    *out = type;
    return 0;
}

static int parse_object(struct arena *arena, const json_t *json, int depth_left,
                        const struct type **out, struct error *err)
{
    if (!json_is_object(json))
        return wrong(err, "an object without its attributes");
    struct type_field *fields =
        arena_take_many(arena, json_object_size(json), sizeof *fields);
    size_t count = 0;
    json_t *object = (json_t *)(uintptr_t)json, *member;
    const char *name;
    json_object_foreach(object, name, member)
    {
        fields[count].name = arena_copy_text(arena, name);
        if (type_from_json(arena, member, depth_left, &fields[count].type, err) < 0)
            return -1;
        count++;
    }
    *out = type_object(arena, fields, count);
    return 0;
}

int type_from_json(struct arena *arena, const json_t *json, int depth_left,
                   const struct type **out, struct error *err)
{
    if (depth_left <= 0)
        return error_set(err, ERR_TOO_BIG, "the type is more than %d levels deep",
                         VALUE_DEPTH_MAX);
    if (json_is_string(json))
        return parse_primitive(json, out, err);
    const char *kind = get_name(json_array_get(json, 0));
    if (kind == NULL)
        return wrong(err, "neither a name nor a list that begins with one");
    const json_t *inner = json_array_get(json, 1);
    size_t parts = json_array_size(json);
    /* The third part of an object lists its optional attributes. They matter for conversions only,
     * not for values. */
    if (strcmp(kind, "object") == 0 && (parts == 2 || parts == 3))
        return parse_object(arena, inner, depth_left - 1, out, err);
    if (parts != 2)
        return wrong(err, "a list of the wrong length");
    if (strcmp(kind, "tuple") == 0)
        return parse_tuple(arena, inner, depth_left - 1, out, err);
    for (int collection = TYPE_LIST; collection <= TYPE_MAP; collection++) {
        const struct type *element;
        if (strcmp(kind, json_names[collection]) != 0)
            continue;
        if (type_from_json(arena, inner, depth_left - 1, &element, err) < 0)
            return -1;
        *out = type_collection(arena, (enum type_kind)collection, element);
        return 0;
    }
    return wrong(err, "an unknown kind");
}

int type_parse_json(struct arena *arena, struct bytes json, const struct type **out,
                    struct error *err)
{
    json_auto_t *document = NULL;
    if (json_parse_exactly(json, &document, err) < 0)
        return error_context(err, "the type");
    return type_from_json(arena, document, VALUE_DEPTH_MAX, out, err);
}
