/* What is made before a test and ended after it, for TEST_WITH and TEST_GROUP.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_FIXTURE_H
#define SUPPORT_FIXTURE_H

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

#endif
