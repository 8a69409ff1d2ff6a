/* Where a system keeps the certificate authorities that it trusts.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_TRUST_H
#define BASE_TRUST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* PEM files, ends with NULL: the first that can be read counts. */
extern const char *const trust_files[];
/* All of these folders count, besides the file; file_list_separator stands between them. */
extern const char trust_folders[];

/* Hands over each certificate of the system's own store, as DER, valid during the call. Returns the
 * store's name for texts; NULL: the system has none, or it cannot be read. */
const char *trust_each(void (*take)(void *state, const uint8_t *der, size_t length),
                       void *state);

#endif
