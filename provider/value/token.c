/* Reads msgpack, one header at a time. Each count and length in a header is checked against the
 * remaining bytes before it is used.
 * Source: msgpack specification, "Formats"
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "value/internal.h"

static int end(struct error *err)
{
    error_set(err, ERR_SHAPE, "the msgpack ends in the middle of a value");
    return -1; /* here, so that the compiler sees which variables are set */
}

/* A big-endian number of 1, 2, 4 or 8 bytes. */
static int read_number(struct bytes *in, size_t bytes, uint64_t *out, struct error *err)
{
    if (in->length < bytes)
        return end(err);
    uint64_t number = 0;
    for (size_t i = 0; i < bytes; i++)
        number = number << 8 | in->data[i];
    in->data += bytes;
    in->length -= bytes;
    *out = number;
    return 0;
}

static int read_payload(struct bytes *in, uint64_t length, struct token *out,
                        struct error *err)
{
    if (length > in->length)
        return error_set(
            err, ERR_TOO_BIG,
            "the msgpack declares a text of %llu bytes, but only %zu are left",
            (unsigned long long)length, in->length);
    out->bytes = BYTES(in->data, (size_t)length);
    in->data += length;
    in->length -= (size_t)length;
    return 0;
}

static int read_text(struct bytes *in, size_t length_bytes, struct token *out,
                     struct error *err)
{
    uint64_t length;
    out->kind = TOKEN_TEXT;
    return read_number(in, length_bytes, &length, err) < 0
               ? -1
               : read_payload(in, length, out, err);
}

static int read_extension(struct bytes *in, uint64_t length, struct token *out,
                          struct error *err)
{
    uint64_t type;
    if (read_number(in, 1, &type, err) < 0)
        return -1;
    out->kind = TOKEN_EXTENSION;
    out->extension = (int8_t)type;
    return read_payload(in, length, out, err);
}

static int read_count(struct bytes *in, size_t bytes, enum token_kind kind,
                      struct token *out, struct error *err)
{
    uint64_t count;
    if (read_number(in, bytes, &count, err) < 0)
        return -1;
    out->kind = kind;
    out->count = (uint32_t)count;
    return 0;
}

static int read_integer(struct bytes *in, size_t bytes, bool is_signed, struct token *out,
                        struct error *err)
{
    uint64_t number;
    if (read_number(in, bytes, &number, err) < 0)
        return -1;
    unsigned shift = 64 - 8 * (unsigned)bytes;
    int64_t extended = (int64_t)(number << shift) >> shift;
    if (is_signed && extended < 0) {
        out->kind = TOKEN_SIGNED;
        out->negative = extended;
    } else {
        out->kind = TOKEN_UNSIGNED;
        out->number = number;
    }
    return 0;
}

static int read_real(struct bytes *in, size_t bytes, struct token *out, struct error *err)
{
    uint64_t bits;
    if (read_number(in, bytes, &bits, err) < 0)
        return -1;
    out->kind = TOKEN_REAL;
    if (bytes == sizeof(float)) {
        uint32_t half = (uint32_t)bits;
        float real;
        memcpy(&real, &half, sizeof real);
        out->real = (double)real;
    } else {
        memcpy(&out->real, &bits, sizeof out->real);
    }
    return 0;
}

int token_read(struct bytes *in, struct token *out, struct error *err)
{
    uint64_t head, length;
    if (read_number(in, 1, &head, err) < 0)
        return -1;
    *out = (struct token){ .kind = TOKEN_NULL };
    switch (head) {
    case 0x00 ... 0x7F:
        out->kind = TOKEN_UNSIGNED;
        out->number = head;
        return 0;
    case 0x80 ... 0x8F:
        out->kind = TOKEN_MAP;
        out->count = head & 0x0F;
        return 0;
    case 0x90 ... 0x9F:
        out->kind = TOKEN_LIST;
        out->count = head & 0x0F;
        return 0;
    case 0xA0 ... 0xBF:
        out->kind = TOKEN_TEXT;
        return read_payload(in, head & 0x1F, out, err);
    case 0xC0:
        return 0;
    case 0xC2:
    case 0xC3:
        out->kind = TOKEN_BOOL;
        out->boolean = head == 0xC3;
        return 0;
    case 0xC4 ... 0xC6: /* bin of 8, 16, 32 bits of length */
        return read_text(in, (size_t)1 << (head - 0xC4), out, err);
    case 0xC7 ... 0xC9:
        if (read_number(in, (size_t)1 << (head - 0xC7), &length, err) < 0)
            return -1;
        return read_extension(in, length, out, err);
    case 0xCA:
        return read_real(in, sizeof(float), out, err);
    case 0xCB:
        return read_real(in, sizeof(double), out, err);
    case 0xCC ... 0xCF:
        return read_integer(in, (size_t)1 << (head - 0xCC), false, out, err);
    case 0xD0 ... 0xD3:
        return read_integer(in, (size_t)1 << (head - 0xD0), true, out, err);
    case 0xD4 ... 0xD8: /* fixext of 1, 2, 4, 8, 16 bytes */
        return read_extension(in, UINT64_C(1) << (head - 0xD4), out, err);
    case 0xD9 ... 0xDB:
        return read_text(in, (size_t)1 << (head - 0xD9), out, err);
    case 0xDC:
    case 0xDD:
        return read_count(in, head == 0xDC ? 2 : 4, TOKEN_LIST, out, err);
    case 0xDE:
    case 0xDF:
        return read_count(in, head == 0xDE ? 2 : 4, TOKEN_MAP, out, err);
    case 0xE0 ... 0xFF:
        out->kind = TOKEN_SIGNED;
        out->negative = (int64_t)head - 256;
        return 0;
    default:
        return error_set(err, ERR_SHAPE,
                         "the msgpack has a byte (0x%02x) that does not start a value",
                         (unsigned)head);
    }
}

int token_check(struct bytes in, struct error *err)
{
    uint64_t left[VALUE_DEPTH_MAX]; /* values that are still to come, by level */
    uint64_t wanted = 1;            /* and in all levels together */
    size_t depth = 0;
    do {
        struct token token;
        if (token_read(&in, &token, err) < 0)
            return -1;
        bool is_container = token.kind == TOKEN_LIST || token.kind == TOKEN_MAP;
        uint64_t inside = (uint64_t)token.count * (token.kind == TOKEN_MAP ? 2 : 1);
        wanted += inside;
        wanted--;
        if (wanted > in.length)
            return error_set(
                err, ERR_TOO_BIG,
                "the msgpack declares %llu more values, but only %zu bytes are "
                "left",
                (unsigned long long)wanted, in.length);
        if (is_container && depth == VALUE_DEPTH_MAX)
            return error_set(err, ERR_TOO_BIG, "the value is more than %d levels deep",
                             VALUE_DEPTH_MAX);
        if (is_container)
            left[depth++] = inside;
        else if (depth != 0)
            left[depth - 1]--;
        while (depth != 0 && left[depth - 1] == 0) {
            depth--;
            if (depth != 0)
                left[depth - 1]--;
        }
    } while (depth != 0);
    return 0;
}

const char *token_with_article(const struct token *token)
{
    switch (token->kind) {
    case TOKEN_NULL:
        return "null";
    case TOKEN_BOOL:
        return "a bool";
    case TOKEN_UNSIGNED:
    case TOKEN_SIGNED:
    case TOKEN_REAL:
        return "a number";
    case TOKEN_TEXT:
        return "a string";
    case TOKEN_LIST:
        return "a list";
    case TOKEN_MAP:
        return "a map";
    case TOKEN_EXTENSION:
        return "an extension";
    }
    return "something else";
}
