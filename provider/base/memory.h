/* Heap memory that is always there: running out ends the process at once, with a
 * `panic:` line that the host shows. What comes from outside is limited before it
 * gets here (buf.h, and the ceilings of the decoders).
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

#include "base/format.h"

/* Zeroed bytes; free() gives them back. Never NULL, also for 0 bytes. */
void *memory_new(size_t bytes) __attribute__((malloc, returns_nonnull));
/* The second size is count * bytes, checked for overflow. */
void *memory_resize(void *old, size_t count, size_t bytes)
    __attribute__((returns_nonnull));
char *memory_copy_text(const char *text) __attribute__((malloc, returns_nonnull));
char *memory_print(const char *format, ...) PRINTF_FORMAT(1, 2)
    __attribute__((returns_nonnull));

/* How many bytes the block of malloc() has, at least those that were asked for. */
size_t memory_size(void *memory);
/* For libraries through which secrets pass: free() and realloc() that overwrite what they give back.
 * The second returns NULL if there is no memory; the block stays then. NULL is fine. */
void memory_wipe_and_free(void *memory);
void *memory_move_and_wipe(void *old, size_t bytes);

/* Writes the panic line and ends the process; safe in any state. */
void memory_exhausted(size_t bytes) __attribute__((noreturn));

#endif
