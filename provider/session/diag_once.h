/* Reports the reason for a missing token or service in full only once in a row: of a thousand
 * resources, the first has the full text, and the others refer to it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_DIAG_ONCE_H
#define SESSION_DIAG_ONCE_H

#include "base/arena.h"

/* Thread-safe. */
struct diag_once;
struct diag_once *diag_once_new(void);
void diag_once_free(struct diag_once *once); /* may be NULL */

/* The text to show for this reason: the reason itself, unless the last text of this session had the
 * same; then a line in the arena with the `fact` ("there is no token") that refers to it. Call it only
 * for texts that are shown. */
const char *diag_once_text(struct diag_once *once, struct arena *arena, const char *fact,
                           const char *reason);

#endif
