/* The messages of gRPC. A request may contain the provider's configuration and an answer a key, so
 * both are overwritten after use, also in memory that gRPC has allocated.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>

#include "base/memory.h"
#include "base/secret.h"
#include "plugin/internal.h"

static void wipe_and_free(void *data, size_t length)
{
    secret_wipe(data, length);
    free(data);
}

grpc_byte_buffer *plugin_message_make(struct bytes bytes, bool is_kept)
{
    /* A message without bytes is one empty slice. */
    grpc_slice slice = grpc_empty_slice();
    if (bytes.length != 0 && is_kept) {
        slice = grpc_slice_from_static_buffer(bytes.data, bytes.length);
    } else if (bytes.length != 0) {
        void *copy = memcpy(memory_new(bytes.length), bytes.data, bytes.length);
        slice = grpc_slice_new_with_len(copy, bytes.length, wipe_and_free);
    }
    grpc_byte_buffer *message = grpc_raw_byte_buffer_create(&slice, 1);
    grpc_slice_unref(slice);
    return message;
}

void plugin_message_destroy(grpc_byte_buffer *message)
{
    grpc_slice_buffer *parts = &message->data.raw.slice_buffer;
    for (size_t i = 0; i < parts->count; i++)
        secret_wipe(GRPC_SLICE_START_PTR(parts->slices[i]),
                    GRPC_SLICE_LENGTH(parts->slices[i]));
    grpc_byte_buffer_destroy(message);
}

int plugin_message_take(grpc_byte_buffer **message, grpc_slice *out)
{
    grpc_byte_buffer_reader reader;
    if (!grpc_byte_buffer_reader_init(&reader, *message))
        return -1;
    *out = grpc_byte_buffer_reader_readall(&reader); /* a copy */
    grpc_byte_buffer_reader_destroy(&reader);
    plugin_message_destroy(take(*message));
    return 0;
}
