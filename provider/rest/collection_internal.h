/* What the files of a collection share: its state, and its LIST.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_COLLECTION_INTERNAL_H
#define REST_COLLECTION_INTERNAL_H

#include <pthread.h>

#include "base/clock.h"
#include "rest/collection.h"
#include "rest/entries.h"
#include "rest/parent.h"

struct rest_collection {
    struct rest_collection *next;
    /* All but list_id may be NULL. */
    char *list_id, *api_version, *query, *unique, *id_place;
    const struct rest_client *client;
    struct parent_cache parent;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool has_begun; /* an object was, or is being, read by itself */
    bool
        is_set_aside; /* the LIST is not used any more, unless rest_collection_need() asks */
    bool is_incomplete;     /* because it lacked an object that exists */
    bool is_held;           /* `entries` has what a LIST showed */
    bool is_trusted;        /* and that LIST showed an object that is known to exist */
    struct clock_mark held; /* when that LIST began */
    bool is_fetching;
    bool has_shown_some;   /* that LIST showed an object */
    struct error list_why; /* how the last LIST failed; ERR_NONE: it succeeded */
    int64_t failed_ms;     /* monotonic; when it failed */
    /* How long a caller tried that can do without the LIST, or whose own time ended. -1: the last
     * caller was no such one. */
    int64_t given_up_ms;
    struct rest_failure list_failure;
    struct entries entries;
    /* Sets of keys (rest/entries.h). */
    json_t *known;   /* objects that exist, by answers other than a LIST */
    json_t *written; /* objects that changed since the last LIST began */
    json_t *pending; /* objects with a write whose outcome is open or unknown */
};

/* Called with the lock, which is released during the LIST. Afterwards a LIST is in memory that was
 * at most `age_ms` old when this function was called, or the collection is set aside, or `most_ms`
 * have passed, or the call has ended. `is_optional`: see struct rest_request. */
void collection_ensure_fresh(struct call *call, struct rest_client *client,
                             struct rest_collection *collection, int64_t age_ms,
                             int64_t most_ms, bool is_optional);
/* Permanently stops the use of the LIST: each object is then read by itself. Called with the lock;
 * `call` may be NULL. */
void collection_set_aside(struct rest_collection *collection, const struct call *call,
                          const char *why);

#endif
