/* Memory that lives as long as a call: it is taken in pieces and released as a whole. In sanitizer
 * builds, each piece is a malloc of its own, so that an overrun is detected. An arena is used by
 * one thread at a time.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/cleanup.h"
#include "base/format.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* NULL is fine; the memory is wiped */
DEFINE_CLEANUP(struct arena, arena_free)
#define auto_arena CLEANUP(arena_freep) struct arena *

/* Zeroed, aligned for any type, never NULL, even for no bytes. */
void *arena_take(struct arena *arena, size_t bytes) __attribute__((returns_nonnull));
/* count * bytes, checked for overflow. */
void *arena_take_many(struct arena *arena, size_t count, size_t bytes)
    __attribute__((returns_nonnull));
void *arena_copy(struct arena *arena, const void *data, size_t bytes)
    __attribute__((returns_nonnull));
/* A copy that ends with NUL. */
char *arena_copy_text(struct arena *arena, const char *text)
    __attribute__((returns_nonnull));
char *arena_copy_bytes_as_text(struct arena *arena, const void *data, size_t bytes)
    __attribute__((returns_nonnull));
char *arena_print(struct arena *arena, const char *format, ...) PRINTF_FORMAT(2, 3)
    __attribute__((returns_nonnull));

#endif
