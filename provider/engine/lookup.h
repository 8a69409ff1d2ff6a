/* What looked_up.c and lookup_list.c share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef ENGINE_LOOKUP_H
#define ENGINE_LOOKUP_H

#include "engine/internal.h"

/* The search for the value of one attribute. */
struct lookup {
    struct operation operation; /* about the list; its client is NULL until needed */
    const struct value *config, *object;
    const struct attribute *row; /* the attribute */
    const char *value;           /* the text at the rule's place; NULL: the only object */
    bool is_plan;
};

/* Sets the operation's client. 0 with the client NULL: the service does not answer, which has been
 * reported. -1 with a diagnostic. */
int lookup_find_client(struct lookup *lookup);
/* The path of the attribute. */
const struct path *lookup_path(const struct lookup *lookup);

/* In a plan: the service answered 404 about `what`, whose ID is `id`. 0: the value stays unknown,
 * because this run creates that object or the parent of the planned one, or with a warning. -1: as
 * in plan_unchecked.c. */
int lookup_not_there(struct lookup *lookup, const char *id,
                     const struct rest_failure *failure, const char *what);

/* By the row's look_up_rule. 0 with *out unchanged: the value stays unknown. -1 with a
 * diagnostic. */
int lookup_in_list(struct lookup *lookup, const char **out);

#endif
