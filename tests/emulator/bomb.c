/* A small body that unpacks to a large one, written by hand so that no library is needed for
 * it: one block of deflate with the fixed codes (RFC 1951, 3.2.6), a blank and then "the last
 * byte 258 times again" over and over. The checksum at the end (RFC 1952) is wrong; nobody
 * should get that far.
 * SPDX-License-Identifier: MPL-2.0 */
#include "bomb.h"

#include <stdlib.h>
#include <string.h>

enum { REPEATS = 400000, BITS_PER_REPEAT = 13 };

struct bits {
    unsigned char *bytes;
    size_t count;
};

/* Huffman codes go in with their highest bit first. */
static void add_code(struct bits *bits, unsigned code, int length)
{
    for (int i = length - 1; i >= 0; i--, bits->count++)
        if (code >> i & 1)
            bits->bytes[bits->count / 8] |= (unsigned char)(1u << bits->count % 8);
}

unsigned char *bomb_make(size_t *length)
{
    static const unsigned char header[10] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 };
    size_t size = sizeof header + (size_t)REPEATS * BITS_PER_REPEAT / 8 + 32;
    struct bits bits = { calloc(1, size), 8 * sizeof header };
    if (bits.bytes == NULL)
        abort();
    memcpy(bits.bytes, header, sizeof header);
    add_code(&bits, 1, 1);          /* the last block */
    add_code(&bits, 2, 2);          /* type 1, whose lower bit comes first */
    add_code(&bits, 0x30 + ' ', 8); /* the literal */
    for (int i = 0; i < REPEATS; i++) {
        add_code(&bits, 0xc5, 8); /* symbol 285: length 258 */
        add_code(&bits, 0, 5);    /* distance 1 */
    }
    add_code(&bits, 0, 7); /* symbol 256: end of block */
    *length = (bits.count + 7) / 8 + 8;
    return bits.bytes;
}
