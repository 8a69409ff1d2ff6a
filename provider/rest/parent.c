/* The parent of a collection's objects.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/parent.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/thread.h"

void parent_cache_init(struct parent_cache *cache, const char *id,
                       const char *api_version)
{
    *cache = (struct parent_cache){
        .id = id != NULL ? memory_copy_text(id) : NULL,
        .api_version = api_version != NULL ? memory_copy_text(api_version) : NULL,
    };
    pthread_mutex_init(&cache->lock, NULL);
    thread_cond_init(&cache->changed);
}

void parent_cache_clear(struct parent_cache *cache)
{
    json_decref(cache->body);
    pthread_cond_destroy(&cache->changed);
    pthread_mutex_destroy(&cache->lock);
    free(cache->api_version);
    free(cache->id);
}

void rest_parent_clear(struct rest_parent *parent)
{
    json_decref(parent->body);
    rest_reply_free(parent->refusal);
}

/* Called with the lock, which it releases during the request. */
static void ask(struct call *call, struct rest_client *client, struct parent_cache *cache,
                int64_t most_ms, struct rest_parent *out)
{
    const struct rest_request request = { .method = "GET",
                                          .id = cache->id,
                                          .api_version = cache->api_version };
    struct error ended = NO_ERROR;
    auto_rest_reply reply = NULL;
    int64_t deadline_ms = call_shorten(call, most_ms);
    cache->is_fetching = true;
    pthread_mutex_unlock(&cache->lock);
    bool is_silent = rest_read(call, client, &request, &reply, &out->why) < 0;
    pthread_mutex_lock(&cache->lock);
    call->deadline_ms = deadline_ms;
    cache->is_fetching = false;
    bool is_shown = !is_silent && reply->status == 200 && reply->body != NULL &&
                    reply->failure.code == NULL;
    /* A GET may have shown the parent meanwhile. */
    if (!cache->is_known) {
        cache->body = is_shown ? json_incref(reply->body) : NULL;
        cache->is_silent = is_silent;
        /* Otherwise a timeout or a stop of this call says nothing about the parent. */
        cache->is_known = is_shown || call_check(call, &ended) == 0;
    }
    if (!is_shown)
        out->refusal = take(reply);
    pthread_cond_broadcast(&cache->changed);
}

void parent_cache_read(struct call *call, struct rest_client *client,
                       struct parent_cache *cache, int64_t most_ms,
                       struct rest_parent *out)
{
    *out = (struct rest_parent){ .why = NO_ERROR };
    if (cache->id == NULL) {
        out->has_answered = true;
        return;
    }
    struct error ended = NO_ERROR;
    bool has_asked = false;
    pthread_mutex_lock(&cache->lock);
    while (!cache->is_known && !has_asked && call_check(call, &ended) == 0) {
        if (cache->is_fetching) {
            call_wait_on(call, &cache->changed, &cache->lock);
            continue;
        }
        ask(call, client, cache, most_ms, out);
        has_asked = true;
    }
    out->has_answered = (cache->is_known || has_asked) && !cache->is_silent;
    out->body = json_incref(cache->body);
    pthread_mutex_unlock(&cache->lock);
}

void parent_cache_record(struct parent_cache *cache, json_t *body)
{
    pthread_mutex_lock(&cache->lock);
    json_decref(cache->body);
    cache->body = json_incref(body);
    cache->is_known = true;
    cache->is_silent = false;
    pthread_cond_broadcast(&cache->changed);
    pthread_mutex_unlock(&cache->lock);
}
