/* A small body that unpacks to a large one.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_BOMB_H
#define EMULATOR_BOMB_H

#include <stddef.h>

/* About 650 kB of gzip that become 103 MB of blanks; to be freed. */
unsigned char *bomb_make(size_t *length);

#endif
