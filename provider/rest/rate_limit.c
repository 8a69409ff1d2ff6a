/* Limits the rate of requests.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/rate_limit.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

struct kind {
    int64_t left;    /* requests, by the last answer; -1: unknown */
    int64_t next_ms; /* monotonic: when the next request may be sent if few are left */
};

struct rate_limit {
    const struct dialect *dialect;
    pthread_mutex_t lock;
    struct kind kinds[REST_KIND_COUNT];
    int64_t waited_ms;
    bool is_logged, is_reported;
};

struct rate_limit *rate_limit_new(const struct dialect *dialect)
{
    struct rate_limit *rate_limit = memory_new(sizeof *rate_limit);
    rate_limit->dialect = dialect;
    pthread_mutex_init(&rate_limit->lock, NULL);
    for (size_t i = 0; i < REST_KIND_COUNT; i++)
        rate_limit->kinds[i].left = -1;
    return rate_limit;
}

void rate_limit_free(struct rate_limit *rate_limit)
{
    if (rate_limit == NULL)
        return;
    if (rate_limit->waited_ms > 0)
        log_write(NULL, LOG_INFO, NULL,
                  "waited %lld ms in total to stay within the rate limits of %s",
                  (long long)rate_limit->waited_ms, rate_limit->dialect->name);
    pthread_mutex_destroy(&rate_limit->lock);
    free(rate_limit);
}

enum rest_kind rest_kind_of(const char *method)
{
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
        return REST_KIND_READ;
    return strcmp(method, "DELETE") == 0 ? REST_KIND_DELETE : REST_KIND_WRITE;
}

int rate_limit_wait(struct call *call, struct rate_limit *rate_limit, enum rest_kind kind,
                    struct error *err)
{
    if (rate_limit == NULL)
        return 0;
    pthread_mutex_lock(&rate_limit->lock);
    struct kind *own = &rate_limit->kinds[kind];
    int64_t now_ms = clock_monotonic_ms(), wait_ms = 0;
    if (own->left >= 0 && own->left < RATE_LIMIT_LOW) {
        int64_t turn_ms = own->next_ms > now_ms ? own->next_ms : now_ms;
        own->next_ms = turn_ms + rate_limit->dialect->rates[kind].gap_ms;
        wait_ms = turn_ms - now_ms;
    }
    rate_limit->waited_ms += wait_ms;
    bool is_first = wait_ms > 0 && !rate_limit->is_logged;
    rate_limit->is_logged |= is_first;
    pthread_mutex_unlock(&rate_limit->lock);
    if (is_first)
        log_write(
            call, LOG_INFO, NULL,
            "%s allows only a few more %s in this period, so the provider slows down",
            rate_limit->dialect->name, rate_limit->dialect->rates[kind].header_end);
    return wait_ms > 0 ? call_sleep(call, wait_ms, err) : 0;
}

static bool is_about(const struct dialect *dialect, enum rest_kind kind, const char *name)
{
    const char *word = dialect->rates[kind].header_end;
    size_t length = strlen(name), word_length = strlen(word);
    return text_starts_ignoring_case(name, dialect->rate_header_start) &&
           length > word_length && name[length - word_length - 1] == '-' &&
           text_equal_ignoring_case(name + length - word_length, word);
}

void rate_limit_update(struct rate_limit *rate_limit, enum rest_kind kind,
                       const struct http_reply *reply)
{
    if (rate_limit == NULL || rate_limit->dialect->rate_header_start == NULL)
        return;
    int64_t least = -1;
    for (size_t i = 0; i < reply->header_count; i++) {
        const char *value = reply->headers[i].value;
        if (!is_about(rate_limit->dialect, kind, reply->headers[i].name) ||
            !isdigit((unsigned char)*value))
            continue;
        long long left = strtoll(value, NULL, 10);
        if (least < 0 || left < least)
            least = left;
    }
    if (least < 0)
        return;
    pthread_mutex_lock(&rate_limit->lock);
    rate_limit->kinds[kind].left = least;
    pthread_mutex_unlock(&rate_limit->lock);
}

void rate_limit_add_wait(struct rate_limit *rate_limit, int64_t ms)
{
    if (rate_limit == NULL || ms <= 0)
        return;
    pthread_mutex_lock(&rate_limit->lock);
    rate_limit->waited_ms += ms;
    pthread_mutex_unlock(&rate_limit->lock);
}

bool rate_limit_is_worth_warning(struct rate_limit *rate_limit, int64_t *waited_ms)
{
    if (rate_limit == NULL)
        return false;
    pthread_mutex_lock(&rate_limit->lock);
    bool is_worth =
        rate_limit->waited_ms >= RATE_LIMIT_WARN_MS && !rate_limit->is_reported;
    rate_limit->is_reported |= is_worth;
    *waited_ms = rate_limit->waited_ms;
    pthread_mutex_unlock(&rate_limit->lock);
    return is_worth;
}
