/* Values written as JSON by people.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/engine_json.h"

#include <stdlib.h>
#include <string.h>

static const struct value *wrong(struct arena *arena, const char **fault,
                                 const char *want)
{
    *fault = arena_print(arena, "%s is wanted", want);
    return NULL;
}

static const struct value *to_object(struct arena *arena, const struct type *type,
                                     const json_t *json, const char **fault)
{
    const char *key;
    json_t *member;
    if (!json_is_object(json))
        return wrong(arena, fault, "an object");
    json_object_foreach((json_t *)(uintptr_t)json, key, member)
    {
        if (type_find_field(type, key) < 0) {
            *fault = arena_print(arena, "there is no attribute \"%s\"", key);
            return NULL;
        }
    }
    const struct value **items = arena_take_many(arena, type->field_count, sizeof *items);
    for (size_t i = 0; i < type->field_count; i++) {
        member = json_object_get(json, type->fields[i].name);
        items[i] = member == NULL
                       ? value_null(arena, type->fields[i].type)
                       : engine_json_to_value(arena, type->fields[i].type, member, fault);
        if (items[i] == NULL) {
            *fault = arena_print(arena, "%s: %s", type->fields[i].name, *fault);
            return NULL;
        }
    }
    return value_many(arena, type, items, type->field_count);
}

static const struct value *to_map(struct arena *arena, const struct type *type,
                                  const json_t *json, const char **fault)
{
    if (!json_is_object(json))
        return wrong(arena, fault, "an object");
    size_t count = 0, most = json_object_size(json);
    const struct value **items = arena_take_many(arena, most + 1, sizeof *items);
    const char **keys = arena_take_many(arena, most + 1, sizeof *keys);
    const char *key;
    json_t *member;
    json_object_foreach((json_t *)(uintptr_t)json, key, member)
    {
        keys[count] = arena_copy_text(arena, key);
        items[count] = engine_json_to_value(arena, type->element, member, fault);
        if (items[count++] == NULL)
            return NULL;
    }
    return value_map(arena, type, keys, items, count);
}

static const struct value *to_many(struct arena *arena, const struct type *type,
                                   const json_t *json, const char **fault)
{
    if (!json_is_array(json))
        return wrong(arena, fault, "an array");
    size_t count = json_array_size(json);
    const struct value **items = arena_take_many(arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        items[i] =
            engine_json_to_value(arena, type->element, json_array_get(json, i), fault);
        if (items[i] == NULL)
            return NULL;
    }
    return value_many(arena, type, items, count);
}

const struct value *engine_json_to_value(struct arena *arena, const struct type *type,
                                         const json_t *json, const char **fault)
{
    if (json_is_null(json))
        return value_null(arena, type);
    if (json_is_string(json) && strcmp(json_string_value(json), ENGINE_JSON_UNKNOWN) == 0)
        return value_unknown(arena, type);
    switch (type->kind) {
    case TYPE_STRING:
        return json_is_string(json) ? value_string_bytes(arena, json_string_value(json),
                                                         json_string_length(json))
                                    : wrong(arena, fault, "a string");
    case TYPE_BOOL:
        return json_is_boolean(json) ? value_bool(arena, json_is_true(json))
                                     : wrong(arena, fault, "a bool");
    case TYPE_NUMBER:
        return json_is_integer(json) ? value_number_int(arena, json_integer_value(json))
               : json_is_real(json)
                   ? value_number_text(arena,
                                       arena_print(arena, "%g", json_real_value(json)))
                   : wrong(arena, fault, "a number");
    case TYPE_OBJECT:
        return to_object(arena, type, json, fault);
    case TYPE_MAP:
        return to_map(arena, type, json, fault);
    case TYPE_LIST:
    case TYPE_SET:
        return to_many(arena, type, json, fault);
    default:
        return wrong(arena, fault, "a type that these tests can write");
    }
}

json_t *engine_json_from_value(const struct value *value)
{
    if (value->state == VALUE_UNKNOWN)
        return json_string(ENGINE_JSON_UNKNOWN);
    if (value->state == VALUE_NULL)
        return json_null();
    enum type_kind kind = value->type->kind;
    if (kind == TYPE_STRING)
        return json_stringn(value->string.data, value->string.length);
    if (kind == TYPE_BOOL)
        return json_boolean(value->boolean);
    if (kind == TYPE_NUMBER)
        return json_loads(value->number, JSON_DECODE_ANY, NULL);
    json_t *json = kind == TYPE_OBJECT || kind == TYPE_MAP ? json_object() : json_array();
    for (size_t i = 0; i < value->many.count; i++) {
        const struct value *item = value->many.items[i];
        if (json_is_array(json))
            json_array_append_new(json, engine_json_from_value(item));
        else if (kind == TYPE_MAP || item->state != VALUE_NULL)
            json_object_set_new(json,
                                kind == TYPE_MAP ? value->many.keys[i]
                                                 : value->type->fields[i].name,
                                engine_json_from_value(item));
    }
    return json;
}

const char *engine_json_show(struct arena *arena, const struct value *value)
{
    json_t *json = engine_json_from_value(value);
    char *text = json_dumps(json, JSON_ENCODE_ANY | JSON_SORT_KEYS);
    const char *shown = arena_copy_text(arena, text);
    free(text);
    json_decref(json);
    return shown;
}
