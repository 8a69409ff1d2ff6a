/* Encodes values as msgpack, as Terraform expects them.
 * Source: go-cty cty/msgpack/marshal.go
 * SPDX-License-Identifier: MPL-2.0 */
#include <msgpack.h>
#include <string.h>

#include "value/codec.h"
#include "value/internal.h"

static int add_to_buf(void *buf, const char *data, size_t bytes)
{
    return buf_add(buf, data, bytes);
}

static void pack_text(msgpack_packer *packer, const char *text, size_t length)
{
    msgpack_pack_str(packer, length);
    if (length != 0)
        msgpack_pack_str_body(packer, text, length);
}

static void pack(msgpack_packer *packer, struct arena *arena, const struct value *value);

static void pack_many(msgpack_packer *packer, struct arena *arena,
                      const struct value *value)
{
    const struct type *type = value->type;
    bool has_names = type->kind == TYPE_OBJECT || type->kind == TYPE_MAP;
    if (has_names)
        msgpack_pack_map(packer, value->many.count);
    else
        msgpack_pack_array(packer, value->many.count);
    for (size_t i = 0; i < value->many.count; i++) {
        if (has_names) {
            const char *name =
                type->kind == TYPE_MAP ? value->many.keys[i] : type->fields[i].name;
            pack_text(packer, name, strlen(name));
        }
        pack(packer, arena, value->many.items[i]);
    }
}

static void pack(msgpack_packer *packer, struct arena *arena, const struct value *value)
{
    if (value->state == VALUE_NULL) {
        msgpack_pack_nil(packer);
        return;
    }
    if (value->state == VALUE_UNKNOWN) {
        msgpack_pack_ext_with_body(packer, "", 1, 0);
        return;
    }
    switch (value->type->kind) {
    case TYPE_STRING:
        pack_text(packer, value->string.data, value->string.length);
        return;
    case TYPE_NUMBER:
        /* Terraform parses decimal text as it parses its state files. From an integer it would make
         * a number of another precision, and Terraform 1.11 would report that as a change of the
         * state (states/state_equal.go, reflect.DeepEqual). */
        pack_text(packer, value->number, strlen(value->number));
        return;
    case TYPE_BOOL:
        if (value->boolean)
            msgpack_pack_true(packer);
        else
            msgpack_pack_false(packer);
        return;
    case TYPE_DYNAMIC: {
        struct bytes json = type_format_json(arena, value->dynamic->type);
        msgpack_pack_array(packer, 2);
        msgpack_pack_bin_with_body(packer, json.data, json.length);
        pack(packer, arena, value->dynamic);
        return;
    }
    default:
        pack_many(packer, arena, value);
    }
}

struct bytes value_encode_msgpack(struct arena *arena, const struct value *value)
{
    auto_buf buf;
    buf_init(&buf, SIZE_MAX / 2);
    msgpack_packer packer;
    msgpack_packer_init(&packer, &buf, add_to_buf);
    pack(&packer, arena, value);
    return buf_to_arena(&buf, arena);
}
