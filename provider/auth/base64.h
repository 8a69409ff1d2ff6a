/* Base64 in both alphabets. Source: RFC 4648, 4 and 5
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_BASE64_H
#define AUTH_BASE64_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"

/* base64url without padding, as in JSON Web Tokens; in the arena. */
char *base64url_encode(struct arena *arena, struct bytes bytes);

/* Decodes either alphabet, with or without padding, with white space anywhere. `out` must have room
 * for length * 3 / 4 bytes. False: the text has another character. */
bool base64_decode(const char *text, size_t length, uint8_t *out, size_t *out_length);

#endif
