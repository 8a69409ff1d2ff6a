/* Memory that lives as long as one call.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/secret.h"

#if defined(__SANITIZE_ADDRESS__)
#define PIECE_IS_BLOCK 1
#else
#define PIECE_IS_BLOCK 0
#endif

enum { BLOCK_BYTES = 16 * 1024 };

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char data[];
};

struct arena {
    struct block *blocks; /* the first one is being filled */
};

struct arena *arena_new(void)
{
    return memory_new(sizeof(struct arena));
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    for (struct block *block = arena->blocks; block != NULL;) {
        struct block *next = block->next;
        secret_wipe(block->data, block->used); /* configurations, requests and answers */
        free(block);
        block = next;
    }
    free(arena);
}

static struct block *add_block(struct arena *arena, size_t size)
{
    size_t total;
    if (__builtin_add_overflow(size, sizeof(struct block), &total))
        memory_exhausted(SIZE_MAX);
    struct block *block = memory_new(total);
    block->size = size;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *arena_take(struct arena *arena, size_t bytes)
{
    const size_t align = alignof(max_align_t);
    if (bytes > SIZE_MAX - align)
        memory_exhausted(bytes);
    size_t rounded = PIECE_IS_BLOCK ? bytes : (bytes + align - 1) / align * align;

    struct block *block = arena->blocks;
    if (PIECE_IS_BLOCK || block == NULL || block->size - block->used < rounded) {
        if (PIECE_IS_BLOCK || rounded > BLOCK_BYTES / 4) {
            /* A large piece gets its own block, after the one that is being filled. */
            struct block *own = add_block(arena, rounded);
            own->used = rounded;
            if (block != NULL) {
                arena->blocks = block;
                own->next = block->next;
                block->next = own;
            }
            return own->data;
        }
        block = add_block(arena, BLOCK_BYTES);
    }
    void *piece = block->data + block->used;
    block->used += rounded;
    return piece;
}

void *arena_take_many(struct arena *arena, size_t count, size_t bytes)
{
    size_t total;
    if (__builtin_mul_overflow(count, bytes, &total))
        memory_exhausted(SIZE_MAX);
    return arena_take(arena, total);
}

void *arena_copy(struct arena *arena, const void *data, size_t bytes)
{
    void *copy = arena_take(arena, bytes);
    if (bytes != 0)
        memcpy(copy, data, bytes);
    return copy;
}

char *arena_copy_text(struct arena *arena, const char *text)
{
    return arena_copy(arena, text, strlen(text) + 1);
}

char *arena_copy_bytes_as_text(struct arena *arena, const void *data, size_t bytes)
{
    if (bytes == SIZE_MAX)
        memory_exhausted(bytes);
    char *text = arena_take(arena, bytes + 1);
    if (bytes != 0)
        memcpy(text, data, bytes);
    return text;
}

char *arena_print(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_exhausted(0);
    char *text = arena_take(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
