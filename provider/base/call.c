/* The context of a unit of work.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/call.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/thread.h"

/* Longer than any wait, and far from overflowing a clock. */
#define WAIT_MS_MAX (INT64_C(100) * 365 * 24 * 60 * 60 * 1000)

struct stop {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    atomic_bool is_requested, is_aborted;
    _Atomic int64_t requested_ms;
};

struct stop *stop_new(void)
{
    struct stop *stop = memory_new(sizeof *stop);
    pthread_mutex_init(&stop->lock, NULL);
    thread_cond_init(&stop->changed);
    return stop;
}

void stop_free(struct stop *stop)
{
    if (stop == NULL)
        return;
    pthread_cond_destroy(&stop->changed);
    pthread_mutex_destroy(&stop->lock);
    free(stop);
}

void stop_wake(struct stop *stop)
{
    pthread_mutex_lock(&stop->lock);
    pthread_cond_broadcast(&stop->changed);
    pthread_mutex_unlock(&stop->lock);
}

void stop_request(struct stop *stop)
{
    if (atomic_load(&stop->is_requested))
        return;
    atomic_store(&stop->requested_ms, clock_monotonic_ms());
    atomic_store(&stop->is_requested, true);
    stop_wake(stop);
}

void stop_abort(struct stop *stop)
{
    atomic_store(&stop->is_aborted, true);
    stop_wake(stop);
}

void stop_reset(struct stop *stop)
{
    atomic_store(&stop->is_requested, false);
}

bool stop_is_requested(const struct stop *stop)
{
    return atomic_load(&stop->is_requested);
}

bool stop_is_aborted(const struct stop *stop)
{
    return atomic_load(&stop->is_aborted);
}

void call_init(struct call *call, struct stop *stop)
{
    *call =
        (struct call){ .arena = arena_new(), .stop = stop, .deadline_ms = CLOCK_NEVER };
}

void call_clear(struct call *call)
{
    arena_free(call->arena);
    call->arena = NULL;
}

/* The time at which the call has to end, for any reason. INT64_MIN: now. */
static int64_t end_ms(const struct call *call)
{
    const struct stop *stop = call->stop;
    if (stop == NULL)
        return atomic_load(&call->is_cancelled) && !call->is_shielded ? INT64_MIN
                                                                      : call->deadline_ms;
    if (stop_is_aborted(stop))
        return INT64_MIN;
    bool is_reported = stop_is_requested(stop);
    if (!is_reported && !atomic_load(&call->is_cancelled))
        return call->deadline_ms;
    if (!call->is_shielded)
        return INT64_MIN;
    /* A shielded call that was cancelled keeps its own deadline: Terraform is not waiting for the
     * process to end. */
    int64_t grace =
        is_reported ? atomic_load(&stop->requested_ms) + CALL_GRACE_MS : CLOCK_NEVER;
    return grace < call->deadline_ms ? grace : call->deadline_ms;
}

/* The error with which the call would end now; ERR_NONE: it may continue. Reads the end only once:
 * if a stop arrived between two reads, it would be reported as a timeout. */
static enum error_kind over_with(const struct call *call)
{
    bool is_reported = call->stop != NULL && stop_is_requested(call->stop);
    int64_t end = end_ms(call);
    if (end == INT64_MIN)
        return ERR_STOPPED;
    if (clock_monotonic_ms() < end)
        return ERR_NONE;
    return is_reported ? ERR_STOPPED : ERR_TIMEOUT;
}

bool call_is_stopped(const struct call *call)
{
    return over_with(call) == ERR_STOPPED;
}

int call_check(struct call *call, struct error *err)
{
    switch (over_with(call)) {
    case ERR_NONE:
        return 0;
    case ERR_STOPPED:
        return error_set(err, ERR_STOPPED, "the run was stopped");
    default:
        return error_set(err, ERR_TIMEOUT, "the operation timed out");
    }
}

int64_t call_shorten(struct call *call, int64_t ms)
{
    int64_t former_ms = call->deadline_ms, now_ms = clock_monotonic_ms();
    if (ms < CLOCK_NEVER - now_ms && now_ms + ms < former_ms)
        call->deadline_ms = now_ms + ms;
    return former_ms;
}

int64_t call_left_ms(const struct call *call)
{
    int64_t end = end_ms(call);
    if (end == CLOCK_NEVER)
        return CLOCK_NEVER;
    if (end == INT64_MIN)
        return 0;
    int64_t left = end - clock_monotonic_ms();
    return left > 0 ? left : 0;
}

int call_sleep(struct call *call, int64_t ms, struct error *err)
{
    if (call_check(call, err) < 0)
        return -1;
    int64_t left = call_left_ms(call);
    int64_t wait = ms < left ? ms : left;
    if (wait < 0)
        wait = 0;
    if (wait > WAIT_MS_MAX)
        wait = WAIT_MS_MAX;
    if (clock_is_fake()) {
        clock_fake_advance(wait);
        return call_check(call, err);
    }
    int64_t until = clock_monotonic_ms() + wait;
    assert(call->stop != NULL);
    pthread_mutex_lock(&call->stop->lock);
    while (clock_monotonic_ms() < until && call_left_ms(call) > 0) {
        left = call_left_ms(call);
        int64_t rest = until - clock_monotonic_ms();
        thread_cond_wait_ms(&call->stop->changed, &call->stop->lock,
                            left < rest ? left : rest);
    }
    pthread_mutex_unlock(&call->stop->lock);
    return call_check(call, err);
}

void call_wait_on(struct call *call, pthread_cond_t *cond, pthread_mutex_t *lock)
{
    int64_t left = call_left_ms(call);
    thread_cond_wait_ms(cond, lock, left < CALL_POLL_MS ? left : CALL_POLL_MS);
}

void call_wait_late(pthread_cond_t *cond, pthread_mutex_t *lock)
{
    thread_cond_wait_ms(cond, lock, CALL_POLL_MS);
}
