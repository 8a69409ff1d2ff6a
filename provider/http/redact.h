/* Removes secrets from texts that will be shown.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_REDACT_H
#define HTTP_REDACT_H

#include <stddef.h>

#include "base/arena.h"

/* A copy in which secrets are `***`: the values of JSON members and query members with known names
 * (client_secret, access_token, registrationToken, activationKey, sig, …), and anything that looks
 * like a JSON Web Token. Works on JSON that is broken or quoted inside another text. When in doubt,
 * it hides the value. */
char *http_redact(struct arena *arena, const char *text, size_t length);

/* The same for the first `most` bytes at most. If the text is longer, the last word is omitted: the
 * cut may have split it, and half a token does not look like one. */
char *http_redact_start(struct arena *arena, const char *text, size_t length,
                        size_t most);

#endif
