/* Bytes that grow up to a named ceiling.
 *
 *     struct buf buf;
 *     buf_init(&buf, BODY_BYTES_MAX);      ... buf_clear(&buf);
 *
 * Every add returns 0, or -1 when the ceiling would be passed: nothing was added
 * then, and every later add fails as well, so that a series may be checked once.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/format.h"

struct buf {
    char *data; /* always followed by a NUL that `length` does not count; NULL if empty */
    size_t length, room, ceiling;
    bool is_over;
};

void buf_init(struct buf *buf, size_t ceiling_bytes);
void buf_clear(struct buf *buf);
#define auto_buf CLEANUP(buf_clear) struct buf

int buf_add(struct buf *buf, const void *data, size_t bytes);
int buf_add_text(struct buf *buf, const char *text);
int buf_add_char(struct buf *buf, char one);
int buf_print(struct buf *buf, const char *format, ...) PRINTF_FORMAT(2, 3);
/* The text, "" when nothing was added; borrowed until the next add. */
const char *buf_text(const struct buf *buf);

#endif
