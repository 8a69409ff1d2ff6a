/* Text that must never be shown.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/secret.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct secret {
    atomic_size_t references;
    size_t length;
    char text[]; /* ends with NUL */
};

struct secret *secret_new(const char *text, size_t length)
{
    struct secret *secret;
    size_t bytes;
    if (__builtin_add_overflow(sizeof *secret + 1, length, &bytes))
        memory_exhausted(length);
    secret = memory_new(bytes);
    atomic_init(&secret->references, 1);
    secret->length = length;
    if (length != 0)
        memcpy(secret->text, text, length);
    return secret;
}

struct secret *secret_ref(struct secret *secret)
{
    if (secret != NULL)
        atomic_fetch_add_explicit(&secret->references, 1, memory_order_relaxed);
    return secret;
}

void secret_free(struct secret *secret)
{
    if (secret == NULL ||
        atomic_fetch_sub_explicit(&secret->references, 1, memory_order_acq_rel) != 1)
        return;
    secret_wipe(secret, sizeof *secret + secret->length + 1);
    free(secret);
}

const char *secret_reveal(const struct secret *secret)
{
    return secret->text;
}

size_t secret_length(const struct secret *secret)
{
    return secret->length;
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    if (a->length != b->length)
        return false;
    /* Compares every byte, however early the first difference is. */
    volatile unsigned char difference = 0;
    for (size_t i = 0; i < a->length; i++)
        difference |= (unsigned char)(a->text[i] ^ b->text[i]);
    return difference == 0;
}

void secret_wipe(void *memory, size_t bytes)
{
    if (bytes != 0)
        explicit_bzero(memory, bytes);
}
