/* JSON Web Tokens: taking them apart, and putting together what is never verified.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_JWT_H
#define EMULATOR_JWT_H

#include <stdbool.h>
#include <stddef.h>
#include <jansson.h>

struct jwt {
    json_t *header, *claims;
    const char *text; /* borrowed; what the signature is over is its beginning */
    size_t signed_bytes;
    unsigned char *signature;
    size_t signature_bytes;
};

/* False: not three parts of base64url, the first two with JSON objects in them. Clear it either
 * way. */
bool jwt_parse(const char *text, struct jwt *out);
void jwt_clear(struct jwt *jwt);

/* Takes both; the signature is random, since whoever asks knows the token by its text. */
char *jwt_make(json_t *header, json_t *claims);

/* Base64url without padding; to be freed. */
char *base64url_encode(const unsigned char *bytes, size_t length);

#endif
