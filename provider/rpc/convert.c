/* Converts messages and values, in both directions.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rpc/internal.h"
#include "value/codec.h"

static void *take_from_arena(void *arena, size_t bytes)
{
    return arena_take(arena, bytes);
}

static void leave_in_arena(void *arena, void *pointer)
{
    (void)arena;
    (void)pointer;
}

void *rpc_unpack(struct call *call, const ProtobufCMessageDescriptor *descriptor,
                 struct bytes bytes, struct error *err)
{
    ProtobufCAllocator allocator = { take_from_arena, leave_in_arena, call->arena };
    void *message =
        protobuf_c_message_unpack(descriptor, &allocator, bytes.length, bytes.data);
    if (message == NULL)
        error_set(err, ERR_SHAPE, "the request is not a %s", descriptor->name);
    return message;
}

struct bytes rpc_pack(struct arena *arena, const ProtobufCMessage *message)
{
    size_t length = protobuf_c_message_get_packed_size(message);
    uint8_t *data = arena_take(arena, length);
    protobuf_c_message_pack(message, data);
    return BYTES(data, length);
}

int rpc_decode(struct call *call, const Tfplugin6__DynamicValue *dynamic,
               const struct type *type, const char *what, const struct value **out,
               struct error *err)
{
    int result = 0;
    if (dynamic != NULL && dynamic->msgpack.len != 0)
        result = value_decode_msgpack(call->arena, rpc_get_bytes(dynamic->msgpack), type,
                                      out, err);
    else if (dynamic != NULL && dynamic->json.len != 0)
        result = value_decode_json(call->arena, rpc_get_bytes(dynamic->json), type, false,
                                   out, err);
    else
        *out = value_null(call->arena, type);
    return result < 0 ? error_context(err, "%s", what) : 0;
}

Tfplugin6__DynamicValue *rpc_encode(struct arena *arena, const struct value *value)
{
    Tfplugin6__DynamicValue *dynamic = arena_take(arena, sizeof *dynamic);
    tfplugin6__dynamic_value__init(dynamic);
    dynamic->msgpack = rpc_put_bytes(value_encode_msgpack(arena, value));
    return dynamic;
}

char *rpc_put_text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

ProtobufCBinaryData rpc_put_bytes(struct bytes bytes)
{
    return (ProtobufCBinaryData){ .len = bytes.length,
                                  .data = (uint8_t *)(uintptr_t)bytes.data };
}

struct bytes rpc_get_bytes(ProtobufCBinaryData data)
{
    return BYTES(data.data, data.len);
}

Tfplugin6__AttributePath *rpc_put_path(struct arena *arena, const struct path *path)
{
    size_t count = 0;
    for (const struct path *step = path; step != NULL; step = step->parent)
        count++;
    Tfplugin6__AttributePath *out = arena_take(arena, sizeof *out);
    tfplugin6__attribute_path__init(out);
    out->n_steps = count;
    out->steps = arena_take_many(arena, count, sizeof *out->steps);
    for (; path != NULL; path = path->parent) {
        Tfplugin6__AttributePath__Step *step = arena_take(arena, sizeof *step);
        tfplugin6__attribute_path__step__init(step);
        char *name = (char *)(uintptr_t)path->name;
        switch (path->kind) {
        case PATH_ATTRIBUTE:
            step->selector_case =
                TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ATTRIBUTE_NAME;
            step->attribute_name = name;
            break;
        case PATH_KEY:
            step->selector_case =
                TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_STRING;
            step->element_key_string = name;
            break;
        case PATH_INDEX:
            step->selector_case =
                TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_INT;
            step->element_key_int = path->index;
            break;
        }
        out->steps[--count] = step;
    }
    return out;
}

void rpc_put_diags(struct diags *diags, size_t *count, Tfplugin6__Diagnostic ***out)
{
    struct arena *arena = diags->arena;
    *count = 0;
    for (const struct diagnostic *diag = diags->first; diag != NULL; diag = diag->next)
        (*count)++;
    *out = arena_take_many(arena, *count, sizeof **out);
    size_t i = 0;
    for (const struct diagnostic *diag = diags->first; diag != NULL; diag = diag->next) {
        Tfplugin6__Diagnostic *message = arena_take(arena, sizeof *message);
        tfplugin6__diagnostic__init(message);
        message->severity = diag->severity == SEVERITY_ERROR
                                ? TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR
                                : TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING;
        message->summary = (char *)(uintptr_t)diag->summary;
        message->detail = (char *)(uintptr_t)diag->detail;
        if (diag->path != NULL)
            message->attribute = rpc_put_path(arena, diag->path);
        (*out)[i++] = message;
    }
}

Tfplugin6__Deferred *rpc_put_deferred(struct arena *arena, const struct session *session,
                                      const Tfplugin6__ClientCapabilities *capabilities)
{
    if (session != NULL || capabilities == NULL || !capabilities->deferral_allowed)
        return NULL;
    Tfplugin6__Deferred *deferred = arena_take(arena, sizeof *deferred);
    tfplugin6__deferred__init(deferred);
    deferred->reason = TFPLUGIN6__DEFERRED__REASON__PROVIDER_CONFIG_UNKNOWN;
    return deferred;
}
