/* Heap memory without errors.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"

void memory_exhausted(size_t bytes)
{
    /* Nothing here may allocate: stdio is out, and so is an orderly exit. */
    char line[96];
    int length =
        snprintf(line, sizeof line, "panic: out of memory (%zu bytes wanted)\n", bytes);
    if (length > 0 && write(STDERR_FILENO, line, (size_t)length) < 0)
        _exit(2);
    _exit(2);
}

void *memory_new(size_t bytes)
{
    void *memory = calloc(1, bytes != 0 ? bytes : 1);
    if (memory == NULL)
        memory_exhausted(bytes);
    return memory;
}

/* The number of bytes. */
static size_t multiply(size_t count, size_t bytes)
{
    size_t total;
    if (__builtin_mul_overflow(count, bytes, &total))
        memory_exhausted(SIZE_MAX);
    return total;
}

void *memory_new_many(size_t count, size_t bytes)
{
    return memory_new(multiply(count, bytes));
}

void *memory_resize(void *old, size_t count, size_t bytes)
{
    size_t total = multiply(count, bytes);
    void *memory = realloc(old, total != 0 ? total : 1);
    if (memory == NULL)
        memory_exhausted(total);
    return memory;
}

void memory_wipe_and_free(void *memory)
{
    if (memory != NULL)
        secret_wipe(memory, memory_size(memory));
    free(memory);
}

void *memory_move_and_wipe(void *old, size_t bytes)
{
    size_t held = old != NULL ? memory_size(old) : 0;
    if (bytes != 0 && bytes <= held)
        return old;
    void *grown = malloc(bytes != 0 ? bytes : 1);
    if (grown == NULL)
        memory_exhausted(bytes);
    if (old != NULL)
        memcpy(grown, old, held < bytes ? held : bytes);
    memory_wipe_and_free(old);
    return grown;
}

char *memory_copy_text(const char *text)
{
    size_t bytes = strlen(text) + 1;
    return memcpy(memory_new(bytes), text, bytes);
}

/* Not vasprintf(), which leaves copies of the text in memory that it releases. */
char *memory_print(const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_exhausted(0);
    char *text = memory_new((size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
