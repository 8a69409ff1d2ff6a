/* The JSON in which Entra, managed identities and OIDC services hand out a token.
 * Source: RFC 6749, 5.1; entra-docs v2-oauth2-client-creds-grant-flow.md and
 * managed-identities how-to-use-vm-token.md; azure-sdk-for-python app_service.py (dates)
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_TOKEN_RESPONSE_H
#define AUTH_TOKEN_RESPONSE_H

#include <stdbool.h>

#include <jansson.h>

#include "auth/credential.h"
#include "base/bytes.h"

enum { TOKEN_RESPONSE_BYTES_MAX = 256 * 1024 };

/* The JSON of an answer, the caller's to json_decref(); NULL: it is none. Slips that do not change
 * what else it says are repaired (base/json_repair.h); no string of it has a NUL. */
json_t *token_response_parse(struct bytes body);

/* `access_token`, and how long it lives: `expires_in`, else `expires_on` (seconds since
 * 1970, or the date that App Service's 2017-09-01 has), each a number or a text; else some
 * minutes. The life counts from `asked_ms`
 * (clock_wall_ms()). False: the body holds no token, and *out is untouched. */
bool token_response_read(struct bytes body, int64_t asked_ms, struct auth_token *out);

/* Another name's text out of a body, if it can stand in a header line; NULL if there is none. */
struct secret *token_response_take(struct bytes body, const char *name);

/* Text that can stand in a header line, and is not too long for one. */
bool token_is_header_text(const char *text, size_t length);

/* Zeroes an answer's body. */
void token_response_wipe(struct http_reply *reply); /* NULL is fine */

#endif
