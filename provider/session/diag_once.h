/* Why there is no token, or no service, reported in full once: with a thousand resources the first
 * diagnostic has the full text, and the others point at it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_DIAG_ONCE_H
#define SESSION_DIAG_ONCE_H

#include "base/arena.h"

/* Thread-safe. */
struct diag_once;
struct diag_once *diag_once_new(void);
void diag_once_free(struct diag_once *once); /* NULL is fine */

/* What to show for this reason: the first time the reason itself, from then on a line, in the
 * arena, that has the `fact` ("there is no token") and says where the reason was shown. Call it
 * only for what is shown. */
const char *diag_once_text(struct diag_once *once, struct arena *arena, const char *fact,
                           const char *reason);

#endif
