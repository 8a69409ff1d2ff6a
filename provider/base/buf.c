/* Bytes that grow up to a limit.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void buf_init(struct buf *buf, size_t ceiling_bytes)
{
    *buf = (struct buf){ .ceiling = ceiling_bytes };
}

void buf_clear(struct buf *buf)
{
    memory_wipe_and_free(buf->data); /* a state, with the keys in it */
    buf_init(buf, buf->ceiling);
}

int buf_add(struct buf *buf, const void *data, size_t bytes)
{
    if (buf->is_over || bytes > buf->ceiling - buf->length) {
        buf->is_over = true;
        return -1;
    }
    if (buf->data == NULL || bytes >= buf->room - buf->length) {
        size_t room = buf->room < 64 ? 64 : buf->room;
        while (room - buf->length <= bytes)
            room *= 2;
        buf->data = memory_move_and_wipe(buf->data, room);
        buf->room = room;
    }
    if (bytes != 0)
        memcpy(buf->data + buf->length, data, bytes);
    buf->length += bytes;
    buf->data[buf->length] = '\0';
    return 0;
}

int buf_add_text(struct buf *buf, const char *text)
{
    return buf_add(buf, text, strlen(text));
}

int buf_add_char(struct buf *buf, char one)
{
    return buf_add(buf, &one, 1);
}

int buf_print(struct buf *buf, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text;
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_exhausted(0);
    int result = buf_add(buf, text, (size_t)length);
    free(text);
    return result;
}

const char *buf_text(const struct buf *buf)
{
    return buf->data != NULL ? buf->data : "";
}
