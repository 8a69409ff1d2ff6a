/* What a LIST showed, kept small: the objects as compact JSON text, a few hundred bytes each
 * where a parsed one takes thousands, and who holds which value of the unique place.
 *
 * Ids are compared ignoring case and a missing slash in front, as some services write them.
 * Not thread-safe: the collection's lock is held, or no other thread has them yet.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_ENTRIES_H
#define REST_ENTRIES_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"

struct entries {
    const char *list_id; /* borrowed */
    const char *unique;  /* NULL, or the place in a body; borrowed */
    size_t text_bytes;   /* of all that was set */
    json_t *by_id;       /* key: text; null: the object has to be asked for */
    json_t *holders;     /* value in lower case: [ key ] */
};

void entries_init(struct entries *entries, const char *list_id, const char *unique);
void entries_clear(
    struct entries *entries); /* to be initialised again before its next use */

/* The form of an ID that is compared: in lower case, and without the list's ID in front, which a
 * hundred thousand of them would repeat. In the arena. */
const char *entries_key(const struct entries *entries, struct arena *arena,
                        const char *id);
/* The ID of a key in lower case, in the arena or the key itself. */
const char *entries_id(const struct entries *entries, struct arena *arena,
                       const char *key);

/* `body` NULL: it is somehow there, and has to be asked for. -1: it cannot be written as
 * text, and nothing changed. */
int entries_set(struct entries *entries, const char *id, const json_t *body);
void entries_remove(struct entries *entries, const char *id);
/* What `from` has of this id: nothing, where it has nothing. */
void entries_copy(struct entries *entries, const struct entries *from, const char *id);

bool entries_has(const struct entries *entries, const char *id);
/* The caller's, json_decref(); NULL: none, or it has to be asked for. */
json_t *entries_body(const struct entries *entries, const char *id);
/* Another object than `own_id` with this value at the unique place: its id as spelled, in the
 * arena; NULL if there is none. */
const char *entries_find_other(const struct entries *entries, struct arena *arena,
                               const char *value, const char *own_id);

#endif
