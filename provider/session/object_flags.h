/* What a session remembers about IDs: which ones answered, which were deleted. Thread-safe.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_OBJECT_FLAGS_H
#define SESSION_OBJECT_FLAGS_H

#include <stdbool.h>

enum object_flag {
    OBJECT_READABLE,    /* a GET of it, or of the list in it, answered 200 */
    OBJECT_CONFIRMED,   /* an object that was created in it was read back as written */
    OBJECT_OVERWRITTEN, /* this process overwrote it with another object */
    OBJECT_REPLACED,    /* a plan of this process replaces it */
    OBJECT_CREATED,     /* this process created it, and a GET showed it */
    OBJECT_DELETED,  /* this process deleted it; a GET may still return it for a while */
    OBJECT_IN_STATE, /* the state of this run has it, or an import adds it */
    OBJECT_PLANNED,  /* after the plan, a resource of this run manages it */
    OBJECT_PLANNED_CREATE, /* the same, and the plan has no prior state */
    OBJECT_PLANNED_DELETE, /* a plan of this run deletes it, or replaces it with another object */
    OBJECT_PLANNED_GONE, /* the same, and the destroy does not only remove it from the state */
    OBJECT_PLANNED_PARENT, /* a plan of this run creates an object that belongs to it */
    OBJECT_PLANNED_VALUE,  /* a plan of this run changes its read_elsewhere */
    OBJECT_PLANNED_OPEN, /* a plan of this run has values of it that are not known yet */
    /* Not of an ID: it was reported that overwrites are not checked. */
    OBJECT_OVERWRITE_UNCHECKED,
    /* A read of this run found it missing. Not of an ID, see lost_with.c. */
    OBJECT_LOST,
    OBJECT_FLAG_COUNT
};

struct object_flags;
/* is_case_sensitive: IDs that differ in case name two objects. */
struct object_flags *object_flags_new(bool is_case_sensitive);
void object_flags_free(struct object_flags *flags); /* may be NULL */

/* Returns whether the flag is new; true for only one of several threads. */
bool object_flags_add(struct object_flags *flags, enum object_flag flag, const char *id);
void object_flags_remove(struct object_flags *flags, enum object_flag flag,
                         const char *id);
bool object_flags_has(struct object_flags *flags, enum object_flag flag, const char *id);

#endif
