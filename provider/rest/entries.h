/* What a LIST showed, in a compact form: each object as JSON text (some hundred bytes, against
 * thousands if parsed), and which objects have which value at the unique place.
 *
 * IDs are compared ignoring case and a missing slash at the beginning, as some services write them.
 * Not thread-safe: the caller has the collection's lock, or no other thread uses the entries yet.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_ENTRIES_H
#define REST_ENTRIES_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"

struct entries {
    const char *list_id; /* borrowed */
    const char *unique;  /* the place in a body; borrowed; NULL: none */
    size_t text_bytes;   /* total of all texts that were set */
    json_t *by_id;       /* key: text; null: the object has to be read */
    json_t *holders;     /* value in lower case: [ key ] */
};

void entries_init(struct entries *entries, const char *list_id, const char *unique);
/* Call entries_init() before the next use. */
void entries_clear(struct entries *entries);

/* The key of an ID: in lower case, and without the ID of the list at the beginning, so that a
 * hundred thousand keys do not each repeat it. In the arena. */
const char *entries_key(const struct entries *entries, struct arena *arena,
                        const char *id);
/* The ID of a key, in lower case; in the arena, or the key itself. */
const char *entries_id(const struct entries *entries, struct arena *arena,
                       const char *key);

/* `body` NULL: the object exists, and has to be read. -1: the body cannot be written as text;
 * nothing changed. */
int entries_set(struct entries *entries, const char *id, const json_t *body);
void entries_remove(struct entries *entries, const char *id);
/* Copies the entry of this ID from `from`; removes it if `from` has none. */
void entries_copy(struct entries *entries, const struct entries *from, const char *id);

bool entries_has(const struct entries *entries, const char *id);
/* The body, which the caller releases with json_decref(). NULL: there is no entry, or the object
 * has to be read. */
json_t *entries_body(const struct entries *entries, const char *id);
/* The ID of an object other than `own_id` with this value at the unique place, with the case that
 * the service uses, in the arena; NULL: there is none. */
const char *entries_find_other(const struct entries *entries, struct arena *arena,
                               const char *value, const char *own_id);

#endif
