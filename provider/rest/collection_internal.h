/* What the files of a collection share: its state, and the LIST behind it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_COLLECTION_INTERNAL_H
#define REST_COLLECTION_INTERNAL_H

#include <pthread.h>

#include "rest/collection.h"
#include "rest/entries.h"
#include "rest/parent.h"

struct rest_collection {
    struct rest_collection *next;
    /* All but the first may be NULL. */
    char *list_id, *api_version, *query, *unique, *id_place;
    struct parent_cache parent;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool has_begun;    /* an object was read, or is being read, by itself */
    bool is_set_aside; /* for good */
    bool is_held;      /* `entries` are what a LIST showed */
    bool is_trusted;   /* and it showed what was known to exist */
    int64_t held_ms;   /* monotonic; when that LIST was begun */
    bool is_fetching;
    bool has_shown_some;   /* the LIST that is held, by itself */
    struct error list_why; /* how the last LIST failed; ERR_NONE: it did not */
    struct rest_failure list_failure;
    struct entries entries;
    /* Sets of keys (rest/entries.h). */
    json_t *known;   /* objects that exist, as other answers than a LIST show */
    json_t *written; /* what changed since the latest LIST was begun */
    json_t *pending; /* a write is under way, or its outcome unknown */
};

/* Under the lock, which is given up while the LIST is asked for: afterwards it is held, and was
 * begun at `since_ms` or later, or it is set aside. It may take `most_ms`. */
void collection_ensure_fresh(struct call *call, struct rest_client *client,
                             struct rest_collection *collection, int64_t since_ms,
                             int64_t most_ms);
/* For good: from then on every object is asked for by itself. Under the lock. */
void collection_set_aside(struct rest_collection *collection, const struct call *call,
                          const char *why);

#endif
