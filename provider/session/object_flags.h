/* What a session remembers of IDs: which answered, which were deleted. Thread-safe.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_OBJECT_FLAGS_H
#define SESSION_OBJECT_FLAGS_H

#include <stdbool.h>

#include "base/cleanup.h"

enum object_flag {
    OBJECT_READABLE,    /* this id, or the list of what is in it, answered 200 */
    OBJECT_CONFIRMED,   /* an object that was created in it showed, as it was written */
    OBJECT_OVERWRITTEN, /* this process wrote another one that took its place */
    OBJECT_REPLACED, /* a plan of this process deletes it and makes another in its place */
    OBJECT_DELETED,  /* this process deleted it: a GET may show it for a while yet */
    OBJECT_IN_STATE,       /* the state of this run holds it, or an import brings it in */
    OBJECT_PLANNED,        /* a resource of this run stands for it after the plan */
    OBJECT_PLANNED_CREATE, /* and a plan without a prior state makes it */
    OBJECT_PLANNED_DELETE, /* a plan of this run deletes it, or replaces it by another */
    OBJECT_OVERWRITE_UNCHECKED, /* of no ID: it is reported that overwrites are not checked */
    OBJECT_LOST, /* a read of this run found that it is missing; not an ID, see lost_with.c */
    OBJECT_FLAG_COUNT
};

struct object_flags;
/* is_case_sensitive: IDs that differ in case are two objects. */
struct object_flags *object_flags_new(bool is_case_sensitive);
void object_flags_free(struct object_flags *flags); /* NULL is fine */

/* True: it was not noted before. Of several threads, one gets that. */
bool object_flags_add(struct object_flags *flags, enum object_flag flag, const char *id);
void object_flags_remove(struct object_flags *flags, enum object_flag flag,
                         const char *id);
bool object_flags_has(struct object_flags *flags, enum object_flag flag, const char *id);

#endif
