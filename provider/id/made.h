/* IDs that are made rather than given: one GUID for one text, the same on every machine and in
 * every run. Pure.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ID_MADE_H
#define ID_MADE_H

#include <stddef.h>

#include "base/arena.h"

/* A GUID of version 5 over a namespace of this provider's own and the text's bytes, in lower case;
 * in the arena. Version 5 and not 8: Azure's own templates make such ones (`guid()`), and no
 * service refuses them.
 * Source: RFC 9562, 5.5 */
const char *id_make_guid(struct arena *arena, const char *text, size_t length);

/* The same in another namespace: its 16 bytes. */
const char *id_make_guid_in(struct arena *arena, const unsigned char space[16],
                            const char *text, size_t length);

#endif
