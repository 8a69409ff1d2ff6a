/* The parent of a collection's objects, which is read once in a session. One call reads it; the
 * others wait for the result, until they are stopped or their own time is over.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_PARENT_H
#define REST_PARENT_H

#include <pthread.h>

#include "rest/collection.h"

struct parent_cache {
    char *id, *api_version; /* NULL: the objects have no parent */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_fetching, is_known, is_silent;
    json_t *body; /* NULL: it cannot be read */
};

/* Copies the texts, which may be NULL. */
void parent_cache_init(struct parent_cache *cache, const char *id,
                       const char *api_version);
void parent_cache_clear(struct parent_cache *cache);
/* As rest_collection_read_parent(). */
void parent_cache_read(struct call *call, struct rest_client *client,
                       struct parent_cache *cache, int64_t most_ms,
                       struct rest_parent *out);
/* A GET showed the parent. */
void parent_cache_record(struct parent_cache *cache, json_t *body);

#endif
