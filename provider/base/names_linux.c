/* Resolves host names: if a lookup of both families takes long, looks up each by itself.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/names.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"

enum { BOTH, IPV6, IPV4, QUESTION_COUNT };

struct question {
    struct lookup *lookup;
    struct addrinfo hints;
    bool is_sent, is_answered;
    int result;
    struct addrinfo *found;
};

struct lookup {
    names_resolve_fn *ask;
    char *host, *service;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t news;
    unsigned users; /* the threads that look up, and the one that waits */
    struct question questions[QUESTION_COUNT];
};

static struct lookup *lookup_new(names_resolve_fn *ask, const char *host,
                                 const char *service, const struct addrinfo *hints)
{
    static const int families[] = {
        [BOTH] = AF_UNSPEC, [IPV6] = AF_INET6, [IPV4] = AF_INET
    };
    struct lookup *lookup = memory_new(sizeof *lookup);
    *lookup = (struct lookup){ .ask = ask, .host = memory_copy_text(host), .users = 1 };
    lookup->service = service != NULL ? memory_copy_text(service) : NULL;
    pthread_mutex_init(&lookup->lock, NULL);
    thread_cond_init(&lookup->news);
    for (int i = 0; i < QUESTION_COUNT; i++) {
        lookup->questions[i] = (struct question){ .lookup = lookup, .hints = *hints };
        lookup->questions[i].hints.ai_family = families[i];
    }
    return lookup;
}

/* Called with the lock, which it releases. The last user frees the lookup. */
static void leave(struct lookup *lookup)
{
    bool is_last = --lookup->users == 0;
    pthread_mutex_unlock(&lookup->lock);
    if (!is_last)
        return;
    for (int i = 0; i < QUESTION_COUNT; i++) {
        if (lookup->questions[i].found != NULL)
            freeaddrinfo(lookup->questions[i].found);
    }
    pthread_cond_destroy(&lookup->news);
    pthread_mutex_destroy(&lookup->lock);
    free(lookup->host);
    free(lookup->service);
    free(lookup);
}

static void *answer(void *state)
{
    struct question *question = state;
    struct lookup *lookup = question->lookup;
    struct addrinfo *found = NULL;
    int result = lookup->ask(lookup->host, lookup->service, &question->hints, &found);
    pthread_mutex_lock(&lookup->lock);
    question->result = result;
    question->found = result == 0 ? found : NULL;
    question->is_answered = true;
    pthread_cond_signal(&lookup->news);
    leave(lookup);
    return NULL;
}

/* Called with the lock. If no thread can be started, the question counts as not sent. */
static void start(struct lookup *lookup, int which)
{
    pthread_t thread;
    struct question *question = &lookup->questions[which];
    if (thread_start(&thread, answer, question) != 0)
        return;
    pthread_detach(thread);
    question->is_sent = true;
    lookup->users++;
}

static bool is_pending(const struct question *question)
{
    return question->is_sent && !question->is_answered;
}

static bool is_any_found(const struct lookup *lookup)
{
    return lookup->questions[IPV6].found != NULL || lookup->questions[IPV4].found != NULL;
}

static bool is_over(const struct lookup *lookup)
{
    const struct question *all = lookup->questions;
    return all[BOTH].is_answered ||
           (is_any_found(lookup) && !is_pending(&all[IPV6]) && !is_pending(&all[IPV4]));
}

/* Called with the lock. */
static void wait_until_over(struct lookup *lookup, int64_t most_ms)
{
    int64_t end_ms = clock_monotonic_ms() + most_ms, left_ms;
    while (!is_over(lookup) && (left_ms = end_ms - clock_monotonic_ms()) > 0)
        thread_cond_wait_ms(&lookup->news, &lookup->lock, left_ms);
}

/* Called with the lock. Lists may be joined, because freeaddrinfo() frees node by node. */
static int take_found(struct lookup *lookup, struct addrinfo **out)
{
    struct question *all = lookup->questions;
    if (all[BOTH].found == NULL && !is_any_found(lookup))
        return all[BOTH].result;
    *out = take(all[BOTH].found);
    if (*out != NULL) /* the others have found the same, if anything */
        return 0;
    *out = take(all[IPV6].found);
    while (*out != NULL)
        out = &(*out)->ai_next;
    *out = take(all[IPV4].found);
    return 0;
}

int names_resolve(names_resolve_fn *ask, const char *host, const char *service,
                  const struct addrinfo *hints, struct addrinfo **out)
{
    if (host == NULL || hints == NULL || hints->ai_family != AF_UNSPEC)
        return ask(host, service, hints, out);
    struct lookup *lookup = lookup_new(ask, host, service, hints);
    pthread_mutex_lock(&lookup->lock);
    start(lookup, BOTH);
    if (!lookup->questions[BOTH].is_sent) {
        leave(lookup);
        return ask(host, service, hints, out);
    }
    wait_until_over(lookup, NAMES_PATIENCE_MS);
    if (!is_over(lookup)) {
        start(lookup, IPV6);
        start(lookup, IPV4);
        while (!lookup->questions[BOTH].is_answered && !is_any_found(lookup))
            pthread_cond_wait(&lookup->news, &lookup->lock);
        wait_until_over(lookup, NAMES_GRACE_MS);
    }
    int result = take_found(lookup, out);
    leave(lookup);
    return result;
}
