/* Why there is no token, or no service, told whole once: with a thousand resources the first
 * diagnostic has the full text, and the others point at it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_TOLD_H
#define SESSION_TOLD_H

#include "base/arena.h"

/* Thread-safe. */
struct told;
struct told *told_new(void);
void told_free(struct told *told); /* NULL is fine */

/* What to show for this reason: the first time the reason itself, from then on a line, in the
 * arena, that has the `fact` ("there is no token") and says where the reason was shown. Call it
 * only for what is shown. */
const char *told_choose(struct told *told, struct arena *arena, const char *fact,
                        const char *reason);

#endif
