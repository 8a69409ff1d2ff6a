/* Takes secrets out of what is about to be shown.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_REDACT_H
#define HTTP_REDACT_H

#include <stddef.h>

#include "base/arena.h"

/* A copy in which the values of JSON members and query members that are known to hold
 * secrets (client_secret, access_token, registrationToken, activationKey, sig, …) are
 * `***`, and so is what looks like a JSON Web Token. Works on broken and on quoted JSON as
 * well: it is wrong towards showing less. */
char *http_redact(struct arena *arena, const char *text, size_t length);

/* The same of the first `most` bytes at most. A longer text loses the word that the cut may
 * have split: half a token does not look like one. */
char *http_redact_start(struct arena *arena, const char *text, size_t length,
                        size_t most);

#endif
