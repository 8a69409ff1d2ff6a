/* What is planned in this process, so that two plans that cannot both be true are seen.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_CLAIMS_H
#define SESSION_CLAIMS_H

#include <stdbool.h>

#include "base/arena.h"

/* Thread-safe. */
struct claims;
struct claims *claims_new(void);
void claims_free(struct claims *claims); /* NULL is fine */

/* `key` belongs to `owner` from now on, unless it has another owner already: then whose, in
 * the arena. NULL: it is ours. Both are compared ignoring case. */
const char *claims_make(struct claims *claims, struct arena *arena, const char *key,
                        const char *owner);
/* It has an owner. */
bool claims_has(struct claims *claims, const char *key);

#endif
