/* JSON Web Tokens.
 * Source: RFC 7515, 2 and 3.1
 * SPDX-License-Identifier: MPL-2.0 */
#include "jwt.h"

#include <stdlib.h>
#include <string.h>
#include <openssl/evp.h>

#include "text.h"

char *base64url_encode(const unsigned char *bytes, size_t length)
{
    char *text = malloc(length / 3 * 4 + 5);
    if (text == NULL)
        abort();
    EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
    text[strcspn(text, "=")] = '\0';
    for (char *c = text; *c; c++)
        *c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c);
    return text;
}

/* NULL: it is not base64url without padding. To be freed. */
static unsigned char *base64url_decode(const char *text, size_t length, size_t *count)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned char *out = malloc(length + 1);
    unsigned bits = 0, held = 0;
    if (out == NULL)
        abort();
    *count = 0;
    for (size_t i = 0; i < length; i++) {
        const char *found = text[i] ? strchr(letters, text[i]) : NULL;
        if (found == NULL || length % 4 == 1) {
            free(out);
            return NULL;
        }
        bits = (bits << 6 | (unsigned)(found - letters)) & 0xffff;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[(*count)++] = (unsigned char)(bits >> held);
        }
    }
    return out;
}

static json_t *read_object(const char *text, size_t length)
{
    size_t count;
    unsigned char *bytes = base64url_decode(text, length, &count);
    json_t *object =
        bytes ? json_loadb((const char *)bytes, count, JSON_REJECT_DUPLICATES, NULL)
              : NULL;
    free(bytes);
    if (json_is_object(object))
        return object;
    json_decref(object);
    return NULL;
}

bool jwt_parse(const char *text, struct jwt *out)
{
    const char *first = strchr(text, '.');
    const char *second = first ? strchr(first + 1, '.') : NULL;
    *out = (struct jwt){ .text = text };
    if (second == NULL || strchr(second + 1, '.') != NULL)
        return false;
    out->signed_bytes = (size_t)(second - text);
    out->header = read_object(text, (size_t)(first - text));
    out->claims = read_object(first + 1, (size_t)(second - first - 1));
    out->signature =
        base64url_decode(second + 1, strlen(second + 1), &out->signature_bytes);
    return out->header && out->claims && out->signature;
}

void jwt_clear(struct jwt *jwt)
{
    json_decref(jwt->header);
    json_decref(jwt->claims);
    free(jwt->signature);
    *jwt = (struct jwt){ 0 };
}

/* Takes it. */
static char *write_object(json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    char *encoded = base64url_encode((const unsigned char *)text, strlen(text));
    free(text);
    json_decref(object);
    return encoded;
}

char *jwt_make(json_t *header, json_t *claims)
{
    char *first = write_object(header), *second = write_object(claims);
    char *signature = text_random(255);
    char *whole = text_format("%s.%s.%s", first, second, signature);
    free(first);
    free(second);
    free(signature);
    return whole;
}
