/* GUIDs that are derived from a text: the same on every machine and in every run. Pure.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ID_MADE_H
#define ID_MADE_H

#include <stddef.h>

#include "base/arena.h"

/* A GUID of version 5 from the bytes of the text, in this provider's own namespace; in lower case,
 * in the arena. It has version 5 instead of 8 because Azure's templates make GUIDs of version 5
 * (`guid()`), and every service accepts those.
 * Source: RFC 9562, 5.5 */
const char *id_make_guid(struct arena *arena, const char *text, size_t length);

/* The same in the namespace with these 16 bytes. */
const char *id_make_guid_in(struct arena *arena, const unsigned char space[16],
                            const char *text, size_t length);

#endif
