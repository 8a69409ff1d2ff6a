/* What a session remembers of IDs: which answered, which were deleted. Thread-safe.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_NOTES_H
#define SESSION_NOTES_H

#include <stdbool.h>

#include "base/cleanup.h"

enum note {
    NOTE_ANSWERS,   /* this id, or the list of what is in it, answered 200 */
    NOTE_CONFIRMED, /* an object that was created in it showed, as it was written */
    NOTE_DISPLACED, /* this process wrote another one that took its place */
    NOTE_REPLACED,  /* a plan of this process deletes it and makes another in its place */
    NOTE_DELETED,   /* this process deleted it: a GET may show it for a while yet */
    NOTE_IN_STATE,  /* the state of this run holds it, or an import brings it in */
    NOTE_PLANNED,   /* a resource of this run stands for it after the plan */
    NOTE_PLANNED_CREATE, /* and a plan without a prior state makes it */
    NOTE_PLANNED_DELETE, /* a plan of this run deletes it, or replaces it by another */
    NOTE_UNIQUE_UNKNOWN, /* of no ID: the user was told that overwrites are not checked */
    NOTE_COUNT
};

struct notes;
/* tells_case_apart: IDs that differ in case are two objects. */
struct notes *notes_new(bool tells_case_apart);
void notes_free(struct notes *notes); /* NULL is fine */

/* True: it was not noted before. Of several threads, one gets that. */
bool notes_add(struct notes *notes, enum note note, const char *id);
void notes_drop(struct notes *notes, enum note note, const char *id);
bool notes_has(struct notes *notes, enum note note, const char *id);

#endif
