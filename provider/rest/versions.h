/* Chooses among several api-versions: a hub that was not updated has older ones only.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_VERSIONS_H
#define REST_VERSIONS_H

#include <stddef.h>

#include "base/arena.h"

/* The version that the service accepted in this session, for each list of versions. Thread-safe. */
struct rest_versions;
struct rest_versions *rest_versions_new(void);
void rest_versions_free(struct rest_versions *versions); /* NULL is fine */

/* A list is a text with the versions, the newest first, separated by spaces. Returns the version at
 * the index, in the arena; NULL: the list has no more. */
const char *rest_versions_at(struct arena *arena, const char *list, size_t index);
/* The index to begin with. Both functions accept NULL for `versions`. */
size_t rest_versions_first(struct rest_versions *versions, const char *list);
void rest_versions_set(struct rest_versions *versions, const char *list, size_t index);

#endif
