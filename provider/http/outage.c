/* Since when a host cannot be reached.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/outage.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "http/url.h"

enum { HOSTS_MAX = 8 }; /* ARM, the login service, an issuer of tokens, metadata */

struct outage {
    char host[HTTP_HOST_BYTES];
    int64_t since_ms, last_ms; /* monotonic; since_ms 0: it can be reached */
};

struct http_outages {
    pthread_mutex_t lock;
    struct outage hosts[HOSTS_MAX];
};

struct http_outages *http_outages_new(void)
{
    struct http_outages *outages = memory_new(sizeof *outages);
    pthread_mutex_init(&outages->lock, NULL);
    return outages;
}

void http_outages_free(struct http_outages *outages)
{
    if (outages == NULL)
        return;
    pthread_mutex_destroy(&outages->lock);
    free(outages);
}

/* The element of this host, or a free one; NULL: there is none. */
static struct outage *find(struct http_outages *outages, const char *host)
{
    struct outage *spare = NULL;
    for (size_t i = 0; i < HOSTS_MAX; i++) {
        struct outage *one = &outages->hosts[i];
        if (strcmp(one->host, host) == 0)
            return one;
        if (one->since_ms == 0)
            spare = one;
    }
    if (spare != NULL)
        memcpy(spare->host, host, HTTP_HOST_BYTES);
    return spare;
}

/* The request ended before there was a connection, and for another reason than the host. */
static bool says_nothing(enum error_kind kind)
{
    return kind == ERR_TIMEOUT || kind == ERR_STOPPED || kind == ERR_INVALID ||
           kind == ERR_INTERNAL;
}

int64_t http_outages_record(struct http_outages *outages, const char *url,
                            enum error_kind kind)
{
    bool is_out = kind == ERR_UNREACHABLE || kind == ERR_NAME;
    int64_t now_ms = clock_monotonic_ms();
    if (outages == NULL)
        return is_out ? now_ms : 0;
    char host[HTTP_HOST_BYTES] = "";
    http_host(url, host);
    pthread_mutex_lock(&outages->lock);
    struct outage *one = find(outages, host);
    int64_t since_ms = is_out ? now_ms : 0;
    if (one != NULL) {
        bool is_known =
            one->since_ms != 0 && now_ms - one->last_ms <= HTTP_UNREACHABLE_MOST_MS;
        if (is_known && (is_out || says_nothing(kind)))
            since_ms = one->since_ms;
        if (!says_nothing(kind)) {
            one->since_ms = since_ms;
            one->last_ms = now_ms;
        }
    }
    pthread_mutex_unlock(&outages->lock);
    return since_ms;
}
