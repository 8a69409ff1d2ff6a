/* One token per audience, shared by all calls of a session.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/cache.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/thread.h"

enum {
    RENEW_AHEAD_MS = 5 * 60 * 1000,
    /* While the old token is valid, a renewal may take RENEW_TIME_MS and half of its call's time,
     * because the call still has to send its request. A failed one is repeated after
     * RENEW_PAUSE_MS at the earliest. A source that runs a program has its own, longer
     * timeout instead: with this one, a slow program could never renew the token in time. */
    RENEW_TIME_MS = 15 * 1000,
    RENEW_PAUSE_MS = 30 * 1000,
};

struct auth_cache {
    struct credential *credential;
    struct http_transport *transport;
    char *audience;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct secret *token; /* NULL: none */
    int64_t expires_ms, life_ms;
    int64_t kept_ms;             /* monotonic: when it was fetched */
    int64_t renew_not_before_ms; /* monotonic; set when a renewal fails */
    int64_t useless_until_ms;    /* monotonic; set when a new token is refused too */
    bool is_fetching;
    unsigned fetches;    /* how many have begun */
    struct error failed; /* how the last fetch ended; ERR_NONE: it succeeded */
    bool is_refused;     /* permanently; `failed` says why */
};

struct auth_cache *auth_cache_new(struct credential *credential,
                                  struct http_transport *transport, const char *audience)
{
    struct auth_cache *cache = memory_new(sizeof *cache);
    cache->credential = credential;
    cache->transport = transport;
    cache->audience = memory_copy_text(audience);
    pthread_mutex_init(&cache->lock, NULL);
    thread_cond_init(&cache->changed);
    return cache;
}

void auth_cache_free(struct auth_cache *cache)
{
    if (cache == NULL)
        return;
    credential_free(cache->credential);
    secret_free(cache->token);
    pthread_cond_destroy(&cache->changed);
    pthread_mutex_destroy(&cache->lock);
    free(cache->audience);
    free(cache);
}

const struct credential_source *auth_cache_source(const struct auth_cache *cache)
{
    return cache->credential->source;
}

/* The functions from here to auth_cache_get() are called with the lock. */

static int64_t left_ms(const struct auth_cache *cache)
{
    return cache->token != NULL ? cache->expires_ms - clock_wall_ms() : 0;
}

static bool is_due(const struct auth_cache *cache)
{
    int64_t half_ms = cache->life_ms / 2;
    return left_ms(cache) < (half_ms < RENEW_AHEAD_MS ? half_ms : RENEW_AHEAD_MS);
}

static void keep(struct auth_cache *cache, const struct auth_token *token, int64_t now_ms)
{
    secret_free(cache->token);
    cache->token = token->text;
    cache->expires_ms = token->expires_ms;
    cache->life_ms = token->expires_ms - now_ms;
    cache->renew_not_before_ms = 0;
    cache->kept_ms = clock_monotonic_ms();
}

static void drop(struct auth_cache *cache)
{
    secret_free(cache->token);
    cache->token = NULL;
}

/* Fetches a token; releases the lock meanwhile. `most_ms` shortens the call's time. */
static int fetch_token(struct auth_cache *cache, struct call *call, int64_t most_ms,
                       struct error *err)
{
    struct auth_token token = { 0 };
    struct error failed = NO_ERROR;
    cache->is_fetching = true;
    cache->fetches++;
    pthread_mutex_unlock(&cache->lock);

    int64_t deadline_ms = call_shorten(call, most_ms), asked_ms = clock_wall_ms();
    int result = credential_fetch(cache->credential, call, cache->transport,
                                  cache->audience, &token, &failed);
    call->deadline_ms = deadline_ms;

    pthread_mutex_lock(&cache->lock);
    cache->is_fetching = false;
    cache->failed = result == 0 ? NO_ERROR : failed;
    if (result == 0) {
        keep(cache, &token, asked_ms);
        log_write(call, LOG_DEBUG, NULL, "got a token for %s that is valid for %lld s",
                  cache->audience, (long long)cache->life_ms / 1000);
    } else {
        cache->is_refused = failed.kind == ERR_CREDENTIAL;
        *err = failed;
    }
    pthread_cond_broadcast(&cache->changed);
    return result;
}

/* Called while the old token is valid. False: there is no new token. */
static bool renew(struct auth_cache *cache, struct call *call)
{
    struct error err = NO_ERROR;
    int64_t half_ms = call_left_ms(call) / 2;
    int64_t most_ms = cache->credential->source->is_slow ? CLOCK_NEVER
                      : half_ms < RENEW_TIME_MS          ? half_ms
                                                         : RENEW_TIME_MS;
    if (fetch_token(cache, call, most_ms, &err) == 0)
        return true;
    cache->renew_not_before_ms = clock_monotonic_ms() + RENEW_PAUSE_MS;
    cache->is_refused = false; /* a call that has no token will find out */
    log_write(call, LOG_DEBUG, NULL, "the token for %s could not be renewed yet: %s",
              cache->audience, err.text);
    return false;
}

static int explain_wait(struct auth_cache *cache, unsigned fetches, struct error *err)
{
    error_context(err, "waiting for a token that another call requested");
    if (err->kind != ERR_TIMEOUT)
        return -1;
    for (unsigned i = 0; i < CALL_LATE_POLLS && cache->is_fetching; i++)
        call_wait_late(&cache->changed, &cache->lock);
    if (!cache->is_fetching && cache->fetches == fetches &&
        cache->failed.kind == ERR_TIMEOUT)
        *err = cache->failed;
    return -1;
}

/* Waits for another call's fetch. 1: there is a token, however soon it expires. 0: try again. -1
 * with `err`: the fetch failed for all calls, or this call has ended. */
static int wait_for_fetch(struct auth_cache *cache, struct call *call, struct error *err)
{
    unsigned fetches = cache->fetches;
    while (cache->is_fetching && cache->fetches == fetches) {
        call_wait_on(call, &cache->changed, &cache->lock);
        if (call_check(call, err) < 0)
            return explain_wait(cache, fetches, err);
    }
    /* The next fetch has begun already, so this one has failed. */
    if (cache->fetches != fetches)
        return 0;
    enum error_kind kind = cache->failed.kind;
    if (kind == ERR_NONE)
        return cache->token != NULL;
    /* Only the fetching call has ended. One of the other calls tries again. */
    if (kind == ERR_STOPPED || kind == ERR_TIMEOUT || kind == ERR_CREDENTIAL)
        return 0;
    *err = cache->failed;
    return -1;
}

static int get(struct auth_cache *cache, struct call *call, struct error *err)
{
    for (;;) {
        if (left_ms(cache) > 0) {
            bool is_new = is_due(cache) && !cache->is_fetching &&
                          clock_monotonic_ms() >= cache->renew_not_before_ms &&
                          renew(cache, call);
            /* Meanwhile the old token may have expired, or the service refused it. */
            if (cache->token != NULL && (is_new || left_ms(cache) > 0))
                return 0;
        }
        /* The same text as for the first call, which may not have reported it. */
        if (cache->is_refused) {
            assert(cache->failed.kind == ERR_CREDENTIAL);
            *err = cache->failed;
            return -1;
        }
        if (!cache->is_fetching)
            return fetch_token(cache, call, CLOCK_NEVER, err);
        int result = wait_for_fetch(cache, call, err);
        if (result != 0)
            return result < 0 ? -1 : 0;
    }
}

int auth_cache_get(struct auth_cache *cache, struct call *call, struct secret **out,
                   struct error *err)
{
    if (call_check(call, err) < 0)
        return -1;
    pthread_mutex_lock(&cache->lock);
    int result = get(cache, call, err);
    if (result == 0)
        *out = secret_ref(cache->token);
    pthread_mutex_unlock(&cache->lock);
    return result;
}

bool auth_cache_refuse(struct auth_cache *cache, const struct secret *token, bool is_new)
{
    pthread_mutex_lock(&cache->lock);
    /* Compares pointers, not texts: a service may issue the same token again, and that one was
     * fetched after the refusal. */
    bool is_current = cache->token == token;
    int64_t now_ms = clock_monotonic_ms();
    if (is_current && is_new && now_ms - cache->kept_ms < RENEW_PAUSE_MS)
        cache->useless_until_ms = now_ms + RENEW_PAUSE_MS;
    bool is_kept = is_current && now_ms < cache->useless_until_ms;
    if (is_current && !is_kept)
        drop(cache);
    pthread_mutex_unlock(&cache->lock);
    return !is_kept;
}

void auth_cache_refuse_older(struct auth_cache *cache, int64_t sent_ms)
{
    if (cache == NULL)
        return;
    pthread_mutex_lock(&cache->lock);
    if (cache->kept_ms <= sent_ms)
        drop(cache);
    pthread_mutex_unlock(&cache->lock);
}

bool auth_cache_is_refused(struct auth_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    bool is_refused = cache->is_refused;
    pthread_mutex_unlock(&cache->lock);
    return is_refused;
}
