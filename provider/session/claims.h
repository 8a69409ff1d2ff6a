/* What is planned in this process, to find two plans that contradict each other.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_CLAIMS_H
#define SESSION_CLAIMS_H

#include <stdbool.h>

#include "base/arena.h"

/* Thread-safe. */
struct claims;
struct claims *claims_new(void);
void claims_free(struct claims *claims); /* may be NULL */

/* Makes `owner` the owner of `key`, unless the key has another owner. Returns that other owner, in
 * the arena, or NULL. Both are compared ignoring case. */
const char *claims_make(struct claims *claims, struct arena *arena, const char *key,
                        const char *owner);
/* The key has an owner. */
bool claims_has(struct claims *claims, const char *key);

#endif
