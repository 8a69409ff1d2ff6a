/* The path of an attribute or element in a configuration. Immutable: to append a step, make a
 * longer path.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef VALUE_PATH_H
#define VALUE_PATH_H

#include <stdint.h>

#include "base/arena.h"

enum path_step_kind { PATH_ATTRIBUTE, PATH_KEY, PATH_INDEX };

struct path {
    const struct path *parent; /* NULL: this is the first step */
    enum path_step_kind kind;
    const char *name; /* attribute or key */
    int64_t index;
};

/* The object as a whole, no attribute of it. */
#define PATH_NONE ((const struct path *)NULL)

const struct path *path_attribute(struct arena *arena, const struct path *parent,
                                  const char *name);
const struct path *path_key(struct arena *arena, const struct path *parent,
                            const char *key);
const struct path *path_index(struct arena *arena, const struct path *parent,
                              int64_t index);
/* `timeouts.create`, `endpoint[0].audience`; "" for PATH_NONE. */
const char *path_format(struct arena *arena, const struct path *path);

#endif
