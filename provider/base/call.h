/* What a piece of work carries with it: its memory, its time, and how it is asked to
 * end. Everything that may block takes a `struct call *` first.
 *
 * Two ways to stop a call (provider/base/stopping.md):
 *   stop    the user wants to leave (StopProvider), or this one call was cancelled: no
 *           new write starts, waits and retries end. What is shielded, a write that
 *           was sent and the read that shows its outcome, gets CALL_GRACE_MS more.
 *   abort   the host is gone or wants the process to end: everything ends now.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_CALL_H
#define BASE_CALL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum { CALL_GRACE_MS = 30 * 1000 };

/* One for the process; shared by all calls. Opaque but for its size. */
struct stop;
struct stop *stop_new(void);
void stop_free(struct stop *stop); /* no call may use it any more */
DEFINE_CLEANUP(struct stop, stop_free)
#define auto_stop CLEANUP(stop_freep) struct stop *
void stop_request(struct stop *stop); /* first one counts */
void stop_abort(struct stop *stop);
/* A new Configure in a process that lives on (reattach) ends an earlier stop. */
void stop_reset(struct stop *stop);
bool stop_is_requested(const struct stop *stop);
bool stop_is_aborted(const struct stop *stop);
/* Whatever sleeps in call_sleep() looks again. */
void stop_wake(struct stop *stop);

struct call {
    struct arena *arena;  /* freed with the call */
    struct stop *stop;    /* borrowed; NULL: nothing can stop this call */
    int64_t deadline_ms;  /* monotonic; CLOCK_NEVER: none */
    bool is_shielded;     /* see above; set by the sender of a write */
    int64_t throttled_ms; /* what it waited because a service asked for it */
    int64_t
        unreachable_ms; /* monotonic: since when the host asked last cannot be reached;
                                 0: it can */
    atomic_bool is_cancelled; /* the peer left this one call */
    /* For the log; borrowed, may be NULL. */
    const char *rpc, *request_id, *resource_type;
};

void call_init(struct call *call, struct stop *stop); /* makes the arena */
void call_clear(struct call *call);
#define auto_call CLEANUP(call_clear) struct call

/* 0, or -1 with ERR_STOPPED or ERR_TIMEOUT: the work is not to go on. */
int call_check(struct call *call, struct error *err);
/* Waits, and looks as call_check() does before, during and after. A wait that would
 * end behind the deadline ends at the deadline. */
int call_sleep(struct call *call, int64_t ms, struct error *err);
/* For a thread that waits for another one: a condition for the clock that waits are made
 * of, and one wait for it of CALL_POLL_MS at most and never past the call's end. Afterwards
 * the caller looks whether there are news, and asks call_check(). */
enum { CALL_POLL_MS = 100 };
void call_cond_init(pthread_cond_t *cond);
void call_wait_on(struct call *call, pthread_cond_t *cond, pthread_mutex_t *lock);
/* For a call that waited for another one until its own time was over: that one has hardly more, and
 * its reason says more. One wait, whatever became of the call; repeat it CALL_LATE_POLLS times. */
enum { CALL_LATE_POLLS = 5 };
void call_wait_late(pthread_cond_t *cond, pthread_mutex_t *lock);
/* Milliseconds that are left, 0 when there are none, CLOCK_NEVER without a deadline. A
 * shielded call that was stopped has what is left of its grace. */
int64_t call_left_ms(const struct call *call);
/* The call was asked to end and its grace, if it has one, is over. */
bool call_is_stopped(const struct call *call);

#endif
