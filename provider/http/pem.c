/* Finds and decodes PEM blocks as Terraform does: a block is found in spite of other text, damaged
 * blocks, lines of any length, and a missing line break at the end. OpenSSL's own reader stops at
 * some of these.
 * Source: RFC 7468; Go, encoding/pem, Decode
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include <openssl/evp.h>

#include "base/memory.h"
#include "http/internal.h"

static const char begin[] = "-----BEGIN ", end[] = "\n-----END ", dashes[] = "-----";

static size_t line_length(struct bytes text)
{
    const uint8_t *feed = text.length > 0 ? memchr(text.data, '\n', text.length) : NULL;
    return feed != NULL ? (size_t)(feed - text.data) : text.length;
}

static struct bytes skip(struct bytes text, size_t bytes)
{
    return bytes < text.length ? BYTES(text.data + bytes, text.length - bytes)
                               : BYTES(text.data + text.length, 0);
}

/* The first line without the blanks at its end. */
static struct bytes first_line(struct bytes text)
{
    size_t length = line_length(text);
    while (length > 0 && strchr(" \t\r", text.data[length - 1]) != NULL &&
           text.data[length - 1] != '\0')
        length--;
    return BYTES(text.data, length);
}

static bool is_label(struct bytes line, const char *label)
{
    size_t length = strlen(label), all = length + strlen(dashes);
    return line.length == all && memcmp(line.data, label, length) == 0 &&
           memcmp(line.data + length, dashes, strlen(dashes)) == 0;
}

/* The last line that begins a block, up to `until`; NULL: there is none. */
static const uint8_t *last_begin(const uint8_t *from, const uint8_t *until)
{
    size_t length = strlen(begin), room = (size_t)(until - from);
    for (size_t at = room < length ? 0 : room - length + 1; at-- > 0;) {
        if (memcmp(from + at, begin, length) == 0)
            return at == 0 || from[at - 1] == '\n' ? from + at : NULL;
    }
    return NULL;
}

/* NULL: the text is not base64. */
static uint8_t *decode(struct bytes text, size_t *length)
{
    char *packed = memory_new(text.length + 1);
    size_t used = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '\0' || strchr(" \t\r\n", text.data[i]) == NULL)
            packed[used++] = (char)text.data[i];
    }
    size_t padding = 0;
    while (padding < 2 && padding < used && packed[used - 1 - padding] == '=')
        padding++;
    uint8_t *data = memory_new(used / 4 * 3 + 1);
    /* EVP_DecodeBlock() skips blanks, and stops at the first padding: both are excluded before. */
    bool is_base64 =
        used % 4 == 0 && used < INT32_MAX &&
        memchr(packed, '=', used - padding) == NULL &&
        EVP_DecodeBlock(data, (uint8_t *)packed, (int)used) == (int)(used / 4 * 3);
    free(packed);
    *length = used / 4 * 3 - padding;
    if (is_base64)
        return data;
    free(data);
    return NULL;
}

uint8_t *pem_next(struct bytes *rest, const char *label, const uint8_t **begins,
                  size_t *length)
{
    while (rest->length > 0) {
        const uint8_t *stop = memmem(rest->data, rest->length, end, strlen(end));
        if (stop == NULL)
            break;
        const uint8_t *start = last_begin(rest->data, stop);
        size_t after = (size_t)(stop - rest->data) + strlen(end);
        struct bytes trailer = first_line(skip(*rest, after));
        const uint8_t *block_start = rest->data;
        *rest = skip(*rest, after);
        if (start == NULL || !is_label(trailer, label))
            continue;
        struct bytes block = skip(BYTES(block_start, (size_t)(stop - block_start)),
                                  (size_t)(start - block_start) + strlen(begin));
        /* A block with headers, such as "Proc-Type: 4,ENCRYPTED", is skipped: they are not
         * base64. */
        if (!is_label(first_line(block), label))
            continue;
        uint8_t *data = decode(skip(block, line_length(block) + 1), length);
        if (data != NULL) {
            *begins = start;
            return data;
        }
    }
    *rest = skip(*rest, rest->length);
    return NULL;
}

size_t pem_unread_line(struct bytes text, const char *label, const uint8_t *from,
                       const uint8_t *until)
{
    struct bytes at = BYTES(from, (size_t)(text.data + text.length - from));
    for (; at.length > 0 && at.data < until; at = skip(at, line_length(at) + 1)) {
        struct bytes line = first_line(at);
        if (line.length <= strlen(begin) ||
            memcmp(line.data, begin, strlen(begin)) != 0 ||
            !is_label(skip(line, strlen(begin)), label))
            continue;
        size_t number = 1;
        for (const uint8_t *one = text.data; one < at.data; one++)
            number += *one == '\n';
        return number;
    }
    return 0;
}
