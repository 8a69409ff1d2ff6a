/* What the plans of a session found wrong with a service, so that each cause is reported once and a
 * silent service is waited for once.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_FINDINGS_H
#define SESSION_FINDINGS_H

#include <stdbool.h>

/* After a service did not answer, plans send it no requests for this long. */
enum { FINDINGS_SILENT_MS = 60 * 1000 };

/* Thread-safe. */
struct findings;
struct findings *findings_new(void);
void findings_free(struct findings *findings); /* may be NULL */

/* Returns whether the cause is new. */
bool findings_add(struct findings *findings, const char *cause);
bool findings_has(struct findings *findings, const char *cause);
/* There was any cause. */
bool findings_has_any(struct findings *findings);

/* The service did not answer just now. */
void findings_set_silent(struct findings *findings);
bool findings_is_silent(struct findings *findings);

#endif
