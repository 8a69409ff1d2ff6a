/* Entra: the token endpoint.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_ENTRA_H
#define EMULATOR_ENTRA_H

#include "exchange.h"

/* POST /{tenant}/oauth2/v2.0/token */
bool entra_owns(const char *path);
void entra_answer(struct exchange *x);

/* The form of a token request for the log: secrets out; to be freed. */
char *entra_redact_form(const char *body);
/* Is the bare audience (without "/.default" and slash) one that Entra knows? */
bool entra_knows_audience(const char *audience);

/* Spoils the token answer as the fault says; see fault.h. */
void entra_apply_fault(struct exchange *x, const json_t *fault);

#endif
