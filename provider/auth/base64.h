/* Base64 in both alphabets. Source: RFC 4648, 4 and 5
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_BASE64_H
#define AUTH_BASE64_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"

/* base64url without padding, as JSON Web Tokens have it. */
char *base64url_encode(struct arena *arena, struct bytes bytes);

/* Either alphabet, with or without padding, white space anywhere. `out` has room for
 * length * 3 / 4 bytes. False: something else is in it. */
bool base64_decode(const char *text, size_t length, uint8_t *out, size_t *out_length);

#endif
