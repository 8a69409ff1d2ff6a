/* What the plans of a session found wrong with a service, so that it is reported once, and waited
 * for once.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_FINDINGS_H
#define SESSION_FINDINGS_H

#include <stdbool.h>

/* No service answered: how long the plans that follow do not ask. */
enum { FINDINGS_SILENT_MS = 60 * 1000 };

/* Thread-safe. */
struct findings;
struct findings *findings_new(void);
void findings_free(struct findings *findings); /* NULL is fine */

/* True the first time that this cause comes. */
bool findings_add(struct findings *findings, const char *cause);
bool findings_has(struct findings *findings, const char *cause);
/* There was one, whatever it was. */
bool findings_has_any(struct findings *findings);

/* There was no answer just now. */
void findings_set_silent(struct findings *findings);
bool findings_is_silent(struct findings *findings);

#endif
