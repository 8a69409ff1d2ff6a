/* Heap memory without errors: if there is none left, the process ends at once, with a `panic:` line
 * that Terraform shows. Data from outside is limited before it is stored here (buf.h, and the
 * limits of the decoders).
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

#include "base/format.h"

/* Zeroed bytes; release them with free(). Never NULL, also for 0 bytes. */
void *memory_new(size_t bytes) __attribute__((malloc, returns_nonnull));
/* The same for count * bytes, checked for overflow. */
void *memory_new_many(size_t count, size_t bytes)
    __attribute__((malloc, returns_nonnull));
/* Resizes to count * bytes, checked for overflow. */
void *memory_resize(void *old, size_t count, size_t bytes)
    __attribute__((returns_nonnull));
char *memory_copy_text(const char *text) __attribute__((malloc, returns_nonnull));
char *memory_print(const char *format, ...) PRINTF_FORMAT(1, 2)
    __attribute__((returns_nonnull));

/* The size of a block of malloc(): at least as many bytes as were requested. */
size_t memory_size(void *memory);
/* free() and realloc() for libraries that handle secrets: both overwrite the memory that they
 * release. Both accept NULL. Such libraries get the functions above as well: after an allocation
 * that failed, jansson would leave a member out of a body, and curl an option out of a request. */
void memory_wipe_and_free(void *memory);
void *memory_move_and_wipe(void *old, size_t bytes) __attribute__((returns_nonnull));

/* Writes the panic line and ends the process. Safe in any state. */
void memory_exhausted(size_t bytes) __attribute__((noreturn));

#endif
