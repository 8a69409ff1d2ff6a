/* Which of several api-versions a service knows: a build that was not updated knows an older one.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_VERSIONS_H
#define REST_VERSIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* What the service took in this session, for each list. Thread-safe. */
struct rest_versions;
struct rest_versions *rest_versions_new(void);
void rest_versions_free(struct rest_versions *versions); /* NULL is fine */

/* A list is a text: the newest version first, a space before each older one. The version at the
 * index, in the arena; NULL: the list has no more. */
const char *rest_versions_at(struct arena *arena, const char *list, size_t index);
/* Where to begin. `versions` may be NULL, for both. */
size_t rest_versions_first(struct rest_versions *versions, const char *list);
void rest_versions_set(struct rest_versions *versions, const char *list, size_t index);

#endif
