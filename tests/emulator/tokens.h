/* The tokens that were issued, and whose each one is.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_TOKENS_H
#define EMULATOR_TOKENS_H

#include <jansson.h>

/* A new token for whoever `owner` describes (tenant_id, client_id, role), which leaves an EFFECT
 * line. `proof` is how the owner got it, for that line: {"method": …}, taken. Borrowed. */
json_t *tokens_issue(const json_t *owner, const char *audience, json_t *proof);

/* {number, text, tenant_id, client_id, audience, role, expires_ms, is_revoked}; NULL: a token
 * that was never issued here. Borrowed. */
json_t *tokens_find(const char *text);

/* A copy of an answer that holds `token` as access_token, as the log shows it. */
json_t *tokens_hide(const json_t *answer, const json_t *token);
/* An Authorization header for the log: "Bearer <token #3>"; to be freed. */
char *tokens_redact_header(const char *value);

void tokens_revoke_all(void);
void tokens_forget_all(void);
json_t *tokens_dump(void);

#endif
