/* The JSON in which Entra, managed identities and OIDC services return a token.
 * Source: RFC 6749, 5.1; entra-docs v2-oauth2-client-creds-grant-flow.md and managed-identities
 * how-to-use-vm-token.md; azure-sdk-for-python app_service.py (dates)
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_TOKEN_RESPONSE_H
#define AUTH_TOKEN_RESPONSE_H

#include <stdbool.h>

#include <jansson.h>

#include "auth/credential.h"
#include "base/bytes.h"

enum { TOKEN_RESPONSE_BYTES_MAX = 256 * 1024 };

/* The JSON of an answer; the caller releases it with json_decref(). NULL: it is not JSON. Small
 * errors that do not change the rest are repaired (base/json_repair.h). No string in it contains a
 * NUL. */
json_t *token_response_parse(struct bytes body);

/* Reads `access_token` and its lifetime: `expires_in`, else `expires_on` (seconds since 1970, or
 * the date of App Service's 2017-09-01), each a number or a text; else a default of some minutes.
 * The lifetime starts at `asked_ms` (clock_wall_ms()). False: the body has no token, and *out is
 * unchanged. */
bool token_response_read(struct bytes body, int64_t asked_ms, struct auth_token *out);

/* The text of another member of the body. NULL: there is none, or it is not allowed in a header
 * line. */
struct secret *token_response_take(struct bytes body, const char *name);

/* The text is allowed in a header line, and is not too long for one. */
bool token_is_header_text(const char *text, size_t length);

#endif
