/* Decodes values from msgpack, as Terraform sends them.
 * Source: go-cty cty/msgpack/unmarshal.go, unknown.go
 * SPDX-License-Identifier: MPL-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "value/codec.h"
#include "value/internal.h"

enum { EXTENSION_REFINED_UNKNOWN = 12 };

struct decoder {
    struct arena *arena;
    struct bytes in; /* token_check() has checked it */
    struct error *err;
};

static int decode(struct decoder *decoder, const struct type *type, const struct path *at,
                  const struct value **out);

static int mismatch(const struct decoder *decoder, const struct token *token,
                    const struct type *type, const struct path *at)
{
    return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                      "expected %s, found %s", type_with_article(type),
                      token_with_article(token));
}

static int decode_string(const struct decoder *decoder, const struct token *token,
                         const struct path *at, const struct value **out)
{
    const char *text = (const char *)token->bytes.data;
    if (token->kind != TOKEN_TEXT)
        return mismatch(decoder, token, &type_string, at);
    if (!text_is_utf8(text, token->bytes.length))
        return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                          "the string is not valid UTF-8");
    *out = value_string_bytes(decoder->arena, text, token->bytes.length);
    return 0;
}

static int decode_number(const struct decoder *decoder, const struct token *token,
                         const struct path *at, const struct value **out)
{
    char text[VALUE_NUMBER_BYTES_MAX + 1];
    switch (token->kind) {
    case TOKEN_UNSIGNED:
        snprintf(text, sizeof text, "%llu", (unsigned long long)token->number);
        break;
    case TOKEN_SIGNED:
        snprintf(text, sizeof text, "%lld", (long long)token->negative);
        break;
    case TOKEN_REAL:
        if (!isfinite(token->real))
            return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                              "expected a number, found %s",
                              isnan(token->real) ? "NaN" : "infinity");
        number_format_double(token->real, text);
        break;
    case TOKEN_TEXT: {
        const char *digits = (const char *)token->bytes.data;
        size_t length = token->bytes.length;
        if (length == 0 || number_span(digits, length) != length)
            return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                              "expected a number, found a string that is not a number");
        if (!value_is_number_text(digits, length))
            return codec_fail(
                decoder->arena, decoder->err, ERR_TOO_BIG, at,
                "a number of more than %d characters, or with an exponent of "
                "more than %d digits",
                VALUE_NUMBER_BYTES_MAX, NUMBER_EXPONENT_DIGITS_MAX);
        memcpy(text, digits, length);
        text[length] = '\0';
        break;
    }
    default:
        return mismatch(decoder, token, &type_number, at);
    }
    *out = value_number_text(decoder->arena, text);
    return 0;
}

/* List, set and tuple. */
static int decode_list(struct decoder *decoder, const struct token *token,
                       const struct type *type, const struct path *at,
                       const struct value **out)
{
    if (token->kind != TOKEN_LIST)
        return mismatch(decoder, token, type, at);
    if (type->kind == TYPE_TUPLE && token->count != type->field_count)
        return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                          "expected a tuple of %zu elements, found %u", type->field_count,
                          token->count);
    const struct value **items =
        arena_take_many(decoder->arena, token->count, sizeof *items);
    for (uint32_t i = 0; i < token->count; i++) {
        struct path here = { .parent = at, .kind = PATH_INDEX, .index = i };
        const struct type *element =
            type->kind == TYPE_TUPLE ? type->fields[i].type : type->element;
        if (decode(decoder, element, &here, &items[i]) < 0)
            return -1;
    }
    *out = type->kind == TYPE_SET
               ? value_set_of_own(decoder->arena, type, items, token->count)
               : value_many(decoder->arena, type, items, token->count);
    return 0;
}

/* A key of a map or object, in the arena. */
static int decode_key(struct decoder *decoder, const struct path *at, const char **out)
{
    struct token key;
    if (token_read(&decoder->in, &key, decoder->err) < 0)
        return -1;
    const char *text = (const char *)key.bytes.data;
    size_t length = key.bytes.length;
    if (key.kind != TOKEN_TEXT)
        return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                          "expected a string as key, found %s", token_with_article(&key));
    if (!text_is_utf8(text, length))
        return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                          "a key is not valid UTF-8");
    if (length != 0 && memchr(text, '\0', length) != NULL)
        return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                          "a key contains a NUL character");
    *out = arena_copy_bytes_as_text(decoder->arena, text, length);
    return 0;
}

static int twice(const struct decoder *decoder, const struct path *at)
{
    return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                      "the key occurs twice");
}

static int decode_map(struct decoder *decoder, const struct token *token,
                      const struct type *type, const struct path *at,
                      const struct value **out)
{
    if (token->kind != TOKEN_MAP)
        return mismatch(decoder, token, type, at);
    uint32_t count = token->count;
    const char **keys = arena_take_many(decoder->arena, count, sizeof *keys);
    const struct value **items = arena_take_many(decoder->arena, count, sizeof *items);
    for (uint32_t i = 0; i < count; i++) {
        if (decode_key(decoder, at, &keys[i]) < 0)
            return -1;
        struct path here = { .parent = at, .kind = PATH_KEY, .name = keys[i] };
        if (decode(decoder, type->element, &here, &items[i]) < 0)
            return -1;
    }
    const struct value *map = value_map(decoder->arena, type, keys, items, count);
    for (uint32_t i = 1; i < count; i++) {
        struct path here = { .parent = at, .kind = PATH_KEY, .name = map->many.keys[i] };
        if (strcmp(map->many.keys[i - 1], map->many.keys[i]) == 0)
            return twice(decoder, &here);
    }
    *out = map;
    return 0;
}

static int decode_object(struct decoder *decoder, const struct token *token,
                         const struct type *type, const struct path *at,
                         const struct value **out)
{
    if (token->kind != TOKEN_MAP)
        return mismatch(decoder, token, type, at);
    if (token->count != type->field_count)
        return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                          "expected an object of %zu attributes, found %u",
                          type->field_count, token->count);
    const struct value **items =
        arena_take_many(decoder->arena, type->field_count, sizeof *items);
    for (uint32_t i = 0; i < token->count; i++) {
        const char *name;
        if (decode_key(decoder, at, &name) < 0)
            return -1;
        struct path here = { .parent = at, .kind = PATH_ATTRIBUTE, .name = name };
        int field = type_find_field(type, name);
        if (field < 0)
            return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, &here,
                              "the attribute does not exist");
        if (items[field] != NULL)
            return twice(decoder, &here);
        if (decode(decoder, type->fields[field].type, &here, &items[field]) < 0)
            return -1;
    }
    *out = value_many(decoder->arena, type, items, type->field_count);
    return 0;
}

/* [type as JSON, value] */
static int decode_dynamic(struct decoder *decoder, const struct token *token,
                          const struct path *at, const struct value **out)
{
    if (token->kind != TOKEN_LIST || token->count != 2)
        return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                          "expected a type and a value, found %s",
                          token->kind == TOKEN_LIST ? "a list with a different length"
                                                    : token_with_article(token));
    struct token json;
    if (token_read(&decoder->in, &json, decoder->err) < 0)
        return -1;
    if (json.kind != TOKEN_TEXT)
        return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                          "expected a type, found %s", token_with_article(&json));
    const struct type *type;
    struct error fault;
    if (type_parse_json(decoder->arena, json.bytes, &type, &fault) < 0)
        return codec_fail(decoder->arena, decoder->err, fault.kind, at, "%s", fault.text);
    const struct value *value;
    if (decode(decoder, type, at, &value) < 0)
        return -1;
    *out = value_dynamic(decoder->arena, value);
    return 0;
}

static int decode(struct decoder *decoder, const struct type *type, const struct path *at,
                  const struct value **out)
{
    struct token token;
    if (token_read(&decoder->in, &token, decoder->err) < 0)
        return -1;
    if (token.kind == TOKEN_NULL) {
        *out = value_null(decoder->arena, type);
        return 0;
    }
    if (token.kind == TOKEN_EXTENSION) {
        if (token.bytes.length > 1 && token.extension != EXTENSION_REFINED_UNKNOWN)
            return codec_fail(decoder->arena, decoder->err, ERR_SHAPE, at,
                              "an extension of unknown type %d", token.extension);
        *out = value_unknown(decoder->arena, type);
        return 0;
    }
    switch (type->kind) {
    case TYPE_STRING:
        return decode_string(decoder, &token, at, out);
    case TYPE_NUMBER:
        return decode_number(decoder, &token, at, out);
    case TYPE_BOOL:
        if (token.kind != TOKEN_BOOL)
            return mismatch(decoder, &token, type, at);
        *out = value_bool(decoder->arena, token.boolean);
        return 0;
    case TYPE_LIST:
    case TYPE_SET:
    case TYPE_TUPLE:
        return decode_list(decoder, &token, type, at, out);
    case TYPE_MAP:
        return decode_map(decoder, &token, type, at, out);
    case TYPE_OBJECT:
        return decode_object(decoder, &token, type, at, out);
    case TYPE_DYNAMIC:
        return decode_dynamic(decoder, &token, at, out);
    }
    value_bug("a type of kind %d", (int)type->kind);
}

int value_decode_msgpack(struct arena *arena, struct bytes bytes, const struct type *type,
                         const struct value **out, struct error *err)
{
    struct decoder decoder = { .arena = arena, .in = bytes, .err = err };
    if (token_check(bytes, err) < 0)
        return -1;
    return decode(&decoder, type, PATH_NONE, out);
}
