/* Text that must never be shown. It is zeroed when it is freed, compared in constant time, and
 * printed as `***`. Reference-counted, so that a token that is in use outlives its renewal.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

#define SECRET_MASK "***"

struct secret;

struct secret *secret_new(const char *text, size_t length);
struct secret *secret_ref(struct secret *secret); /* NULL is fine, and returned */
void secret_free(struct secret *secret); /* releases one reference; NULL is fine */
DEFINE_CLEANUP(struct secret, secret_free)
#define auto_secret CLEANUP(secret_freep) struct secret *

/* Borrowed, ends with NUL. The only access to the text: search for it to find all uses. */
const char *secret_reveal(const struct secret *secret);
size_t secret_length(const struct secret *secret);
/* Takes the same time for any two texts of the same length. NULL equals only NULL. */
bool secret_equal(const struct secret *a, const struct secret *b);
/* Overwrites memory, in a way that the compiler does not remove. */
void secret_wipe(void *memory, size_t bytes);

#endif
