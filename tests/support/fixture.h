/* What is made before a test and ended after it, for TEST_WITH and TEST_GROUP.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_FIXTURE_H
#define SUPPORT_FIXTURE_H

#include <pthread.h>

#include "base/arena.h"
#include "base/clock.h"
#include "support/test.h"

/* Time stands still unless the test advances it. */
static inline int fake_clock(void **state)
{
    (void)state;
    clock_fake_start(1700000000000);
    return 0;
}

static inline int true_clock(void **state)
{
    (void)state;
    clock_fake_end();
    return 0;
}

static __attribute__((unused)) struct arena *arena;

static inline int arena_begin(void **state)
{
    (void)state;
    arena = arena_new();
    return 0;
}

static inline int arena_end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* Runs it on so many threads at once; the sum of what they return. */
static inline size_t in_threads(size_t count, void *(*work)(void *), void *state)
{
    pthread_t threads[16];
    size_t sum = 0;
    for (size_t i = 0; i < count; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, state), 0);
    for (size_t i = 0; i < count; i++) {
        void *result;
        pthread_join(threads[i], &result);
        sum += (size_t)result;
    }
    return sum;
}

#endif
