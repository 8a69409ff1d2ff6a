/* Base64.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                             "0123456789-_";

char *base64url_encode(struct arena *arena, struct bytes bytes)
{
    char *text = arena_take_many(arena, bytes.length / 3 + 1, 4 + 1), *at = text;
    unsigned held = 0, bits = 0;
    for (size_t i = 0; i < bytes.length; i++) {
        held = held << 8 | bytes.data[i];
        for (bits += 8; bits >= 6; bits -= 6)
            *at++ = digits[held >> (bits - 6) & 0x3F];
        held &= 0xFF;
    }
    if (bits > 0)
        *at++ = digits[held << (6 - bits) & 0x3F];
    return text;
}

bool base64_decode(const char *text, size_t length, uint8_t *out, size_t *out_length)
{
    unsigned held = 0, bits = 0;
    bool is_padded = false;
    *out_length = 0;
    for (size_t i = 0; i < length; i++) {
        char one = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
        if (one == '\0')
            return false;
        if (strchr(" \t\r\n", one) != NULL)
            continue;
        const char *digit = strchr(digits, one);
        is_padded |= one == '=';
        if (is_padded != (one == '=') || (digit == NULL && !is_padded))
            return false;
        if (is_padded)
            continue;
        held = (held << 6 | (unsigned)(digit - digits)) & 0xFFF;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[(*out_length)++] = (uint8_t)(held >> bits);
        }
    }
    return bits < 6;
}
