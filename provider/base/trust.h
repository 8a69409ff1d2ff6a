/* Where a system has the certificate authorities that it trusts.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_TRUST_H
#define BASE_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* PEM files, of which the first that can be read is used; ends with NULL. */
extern const char *const trust_files[];
/* Folders, which are all used, in addition to the file. Separated by file_list_separator. */
extern const char trust_folders[];

/* Calls `take` with each certificate of the system's own store, as DER, valid during the call.
 * Returns the name of the store, for messages; NULL: the system has none, or it cannot be read. */
const char *trust_each(void (*take)(void *state, const uint8_t *der, size_t length),
                       void *state);

#endif
