/* Bytes that grow up to a limit.
 *
 *     struct buf buf;
 *     buf_init(&buf, 64 * 1024);      ... buf_clear(&buf);
 *
 * Every function that adds returns 0. If the limit would be exceeded, it returns -1 and adds
 * nothing, and all later ones fail as well: so it is enough to check the last of a series.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/format.h"

struct buf {
    /* Ends with a NUL that `length` does not count. NULL: nothing was added. */
    char *data;
    size_t length, room, ceiling;
    bool is_over;
};

void buf_init(struct buf *buf, size_t ceiling_bytes);
/* Wipes the bytes. The buffer is then as after buf_init(). */
void buf_clear(struct buf *buf);
#define auto_buf CLEANUP(buf_clear) struct buf

int buf_add(struct buf *buf, const void *data, size_t bytes);
int buf_add_text(struct buf *buf, const char *text);
int buf_add_char(struct buf *buf, char one);
int buf_print(struct buf *buf, const char *format, ...) PRINTF_FORMAT(2, 3);
/* The text; "" if nothing was added. Borrowed until the next add. */
const char *buf_text(const struct buf *buf);

#endif
