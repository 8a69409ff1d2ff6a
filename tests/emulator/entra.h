/* Entra: the token endpoint, and which token is whose.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_ENTRA_H
#define EMULATOR_ENTRA_H

#include "exchange.h"

/* POST /{tenant}/oauth2/v2.0/token */
bool entra_owns(const char *path);
void entra_answer(struct exchange *x);

/* Who calls: {number, text, tenant_id, client_id, audience, role, expires_ms, is_revoked};
 * NULL: a token that was never issued here. Borrowed. */
const json_t *entra_token(const char *text);

/* An Authorization header for the log: "Bearer <token #3>". The forms of a token request for
 * the log: secrets out. Both to be freed. */
char *entra_redact_header(const char *value);
char *entra_redact_form(const char *body);

/* Spoils the token answer as the fault says; see fault.h. */
void entra_apply_fault(struct exchange *x, const json_t *fault);

void entra_revoke_all(void);
void entra_forget_all(void);
json_t *entra_dump(void);

#endif
