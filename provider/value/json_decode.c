/* Decodes values from JSON, as state files have it.
 * Source: go-cty cty/json/unmarshal.go
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "value/codec.h"
#include "value/internal.h"

struct decoder {
    struct arena *arena;
    bool is_lenient;
    struct error *err;
};

static int decode(const struct decoder *decoder, const json_t *json,
                  const struct type *type, const struct path *at,
                  const struct value **out);

static const char *json_with_article(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_TRUE:
    case JSON_FALSE:
        return "a bool";
    case JSON_NULL:
        return "null";
    default:
        return "a string or number"; /* a number was parsed as a string */
    }
}

static int mismatch(const struct decoder *decoder, const json_t *json,
                    const struct type *type, const struct path *at)
{
    return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                      "expected %s, found %s", type_with_article(type),
                      json_with_article(json));
}

static int decode_primitive(const struct decoder *decoder, const json_t *json,
                            const struct type *type, const struct path *at,
                            const struct value **out)
{
    const char *text = json_is_true(json)    ? "true"
                       : json_is_false(json) ? "false"
                                             : json_string_value(json);
    size_t length = json_is_string(json) ? json_string_length(json)
                    : text != NULL       ? strlen(text)
                                         : 0;
    if (text == NULL)
        return mismatch(decoder, json, type, at);
    if (type->kind == TYPE_STRING) {
        *out = value_string_bytes(decoder->arena, text, length);
    } else if (type->kind == TYPE_BOOL) {
        if (strlen(text) != length ||
            (strcmp(text, "true") != 0 && strcmp(text, "false") != 0))
            return mismatch(decoder, json, type, at);
        *out = value_bool(decoder->arena, *text == 't');
    } else {
        if (length > VALUE_NUMBER_BYTES_MAX)
            return codec_fail(decoder->arena, decoder->err, ERR_TOO_BIG, at,
                              "a number of more than %d characters",
                              VALUE_NUMBER_BYTES_MAX);
        if (!json_is_string(json) || !value_is_number_text(text, length))
            return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                              "expected a number, found %s that is not a number",
                              json_is_string(json) ? "a string" : "a bool");
        *out = value_number_text(decoder->arena, text);
    }
    return 0;
}

/* List, set and tuple. */
static int decode_list(const struct decoder *decoder, const json_t *json,
                       const struct type *type, const struct path *at,
                       const struct value **out)
{
    if (!json_is_array(json))
        return mismatch(decoder, json, type, at);
    size_t count = json_array_size(json);
    if (type->kind == TYPE_TUPLE && count != type->field_count)
        return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                          "expected a tuple of %zu elements, found %zu",
                          type->field_count, count);
    const struct value **items = arena_take_many(decoder->arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        struct path here = { .parent = at, .kind = PATH_INDEX, .index = (int64_t)i };
        const struct type *element =
            type->kind == TYPE_TUPLE ? type->fields[i].type : type->element;
        if (decode(decoder, json_array_get(json, i), element, &here, &items[i]) < 0)
            return -1;
    }
    *out = type->kind == TYPE_SET ? value_set_of_own(decoder->arena, type, items, count)
                                  : value_many(decoder->arena, type, items, count);
    return 0;
}

static int decode_map(const struct decoder *decoder, const json_t *json,
                      const struct type *type, const struct path *at,
                      const struct value **out)
{
    if (!json_is_object(json))
        return mismatch(decoder, json, type, at);
    size_t count = json_object_size(json), i = 0;
    const char **keys = arena_take_many(decoder->arena, count, sizeof *keys);
    const struct value **items = arena_take_many(decoder->arena, count, sizeof *items);
    json_t *object = (json_t *)(uintptr_t)json, *member;
    const char *key;
    json_object_foreach(object, key, member)
    {
        keys[i] = arena_copy_text(decoder->arena, key);
        struct path here = { .parent = at, .kind = PATH_KEY, .name = keys[i] };
        if (decode(decoder, member, type->element, &here, &items[i]) < 0)
            return -1;
        i++;
    }
    *out = value_map(decoder->arena, type, keys, items, count);
    return 0;
}

static int decode_object(const struct decoder *decoder, const json_t *json,
                         const struct type *type, const struct path *at,
                         const struct value **out)
{
    if (!json_is_object(json))
        return mismatch(decoder, json, type, at);
    json_t *object = (json_t *)(uintptr_t)json, *member;
    const char *name;
    if (!decoder->is_lenient) {
        json_object_foreach(object, name, member)
        {
            struct path here = { .parent = at, .kind = PATH_ATTRIBUTE, .name = name };
            if (type_find_field(type, name) < 0)
                return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, &here,
                                  "the attribute does not exist");
        }
    }
    const struct value **items =
        arena_take_many(decoder->arena, type->field_count, sizeof *items);
    for (size_t i = 0; i < type->field_count; i++) {
        const struct type_field *field = &type->fields[i];
        struct path here = { .parent = at, .kind = PATH_ATTRIBUTE, .name = field->name };
        member = json_object_get(object, field->name);
        if (member == NULL)
            items[i] = value_null(decoder->arena, field->type);
        else if (decode(decoder, member, field->type, &here, &items[i]) < 0)
            return -1;
    }
    *out = value_many(decoder->arena, type, items, type->field_count);
    return 0;
}

/* {"value": V, "type": T} */
static int decode_dynamic(const struct decoder *decoder, const json_t *json,
                          const struct path *at, const struct value **out)
{
    const json_t *inner = json_object_get(json, "value"),
                 *type_json = json_object_get(json, "type");
    if (inner == NULL || type_json == NULL || json_object_size(json) != 2)
        return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                          "expected an object of \"value\" and \"type\", found %s",
                          json_is_object(json) ? "a different one"
                                               : json_with_article(json));
    const struct type *type;
    struct error fault;
    if (type_from_json(decoder->arena, type_json, VALUE_DEPTH_MAX, &type, &fault) < 0)
        return codec_fail(decoder->arena, decoder->err, fault.kind, at, "%s", fault.text);
    const struct value *value;
    if (decode(decoder, inner, type, at, &value) < 0)
        return -1;
    *out = value_dynamic(decoder->arena, value);
    return 0;
}

static int decode(const struct decoder *decoder, const json_t *json,
                  const struct type *type, const struct path *at,
                  const struct value **out)
{
    if (json_is_null(json)) {
        *out = value_null(decoder->arena, type);
        return 0;
    }
    switch (type->kind) {
    case TYPE_STRING:
    case TYPE_NUMBER:
    case TYPE_BOOL:
        return decode_primitive(decoder, json, type, at, out);
    case TYPE_LIST:
    case TYPE_SET:
    case TYPE_TUPLE:
        return decode_list(decoder, json, type, at, out);
    case TYPE_MAP:
        return decode_map(decoder, json, type, at, out);
    case TYPE_OBJECT:
        return decode_object(decoder, json, type, at, out);
    case TYPE_DYNAMIC:
        return decode_dynamic(decoder, json, at, out);
    }
    value_bug("a type of kind %d", (int)type->kind);
}

int value_decode_json(struct arena *arena, struct bytes json, const struct type *type,
                      bool is_lenient, const struct value **out, struct error *err)
{
    json_auto_t *document = NULL;
    struct decoder decoder = { .arena = arena, .is_lenient = is_lenient, .err = err };
    if (json_parse_exactly(json, &document, err) < 0)
        return -1;
    return decode(&decoder, document, type, PATH_NONE, out);
}
