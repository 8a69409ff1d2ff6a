/* Encodes values as compact JSON. Jansson is not used, because it would convert numbers to doubles.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "value/codec.h"
#include "value/internal.h"

void json_add_text(struct buf *buf, const char *text, size_t length)
{
    buf_add_char(buf, '"');
    while (length != 0) {
        char out[TEXT_JSON_CHAR_BYTES];
        size_t taken, bytes = text_json_char(text, length, out, &taken);
        buf_add(buf, out, bytes);
        text += taken;
        length -= taken;
    }
    buf_add_char(buf, '"');
}

struct bytes buf_to_arena(struct buf *buf, struct arena *arena)
{
    struct bytes bytes =
        BYTES(arena_copy_bytes_as_text(arena, buf->data, buf->length), buf->length);
    buf_clear(buf);
    return bytes;
}

static void encode(struct buf *buf, const struct value *value);

static void encode_many(struct buf *buf, const struct value *value)
{
    const struct type *type = value->type;
    bool has_names = type->kind == TYPE_OBJECT || type->kind == TYPE_MAP;
    buf_add_char(buf, has_names ? '{' : '[');
    for (size_t i = 0; i < value->many.count; i++) {
        if (i != 0)
            buf_add_char(buf, ',');
        if (has_names) {
            const char *name =
                type->kind == TYPE_MAP ? value->many.keys[i] : type->fields[i].name;
            json_add_text(buf, name, strlen(name));
            buf_add_char(buf, ':');
        }
        encode(buf, value->many.items[i]);
    }
    buf_add_char(buf, has_names ? '}' : ']');
}

static void encode(struct buf *buf, const struct value *value)
{
    if (value->state != VALUE_KNOWN) {
        buf_add_text(buf, "null");
        return;
    }
    switch (value->type->kind) {
    case TYPE_STRING:
        json_add_text(buf, value->string.data, value->string.length);
        return;
    case TYPE_NUMBER:
        buf_add_text(buf, value->number);
        return;
    case TYPE_BOOL:
        buf_add_text(buf, value->boolean ? "true" : "false");
        return;
    case TYPE_DYNAMIC:
        buf_add_text(buf, "{\"value\":");
        encode(buf, value->dynamic);
        buf_add_text(buf, ",\"type\":");
        type_add_json(buf, value->dynamic->type);
        buf_add_char(buf, '}');
        return;
    default:
        encode_many(buf, value);
    }
}

struct bytes value_encode_json(struct arena *arena, const struct value *value)
{
    auto_buf buf;
    buf_init(&buf, SIZE_MAX / 2);
    encode(&buf, value);
    return buf_to_arena(&buf, arena);
}
