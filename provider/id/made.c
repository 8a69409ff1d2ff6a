/* GUIDs that are derived from a text.
 * SPDX-License-Identifier: MPL-2.0 */
#include "id/made.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/memory.h"

/* 6f1d4c0e-2b7a-4d53-9c86-e1a0b7f35d29. If this changes, the provider no longer finds the objects
 * that an interrupted run may have created. */
static const unsigned char own[16] = { 0x6f, 0x1d, 0x4c, 0x0e, 0x2b, 0x7a, 0x4d, 0x53,
                                       0x9c, 0x86, 0xe1, 0xa0, 0xb7, 0xf3, 0x5d, 0x29 };

/* SHA-1 is only used to distribute the IDs. Its strength does not matter: the author of the text
 * chooses the ID anyway. */
const char *id_make_guid_in(struct arena *arena, const unsigned char space[16],
                            const char *text, size_t length)
{
    unsigned char b[EVP_MAX_MD_SIZE];
    unsigned char *all = arena_take_many(arena, length + 16, 1);
    memcpy(all, space, 16);
    memcpy(all + 16, text, length);
    if (EVP_Digest(all, length + 16, b, NULL, EVP_sha1(), NULL) != 1)
        memory_exhausted(0);
    b[6] = (unsigned char)((b[6] & 0x0F) | 0x50);
    b[8] = (unsigned char)((b[8] & 0x3F) | 0x80);
    return arena_print(
        arena, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12],
        b[13], b[14], b[15]);
}

const char *id_make_guid(struct arena *arena, const char *text, size_t length)
{
    return id_make_guid_in(arena, own, text, length);
}
