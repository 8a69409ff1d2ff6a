/* The context of a unit of work: its memory, its deadline, and how it is stopped. A function that
 * may block takes a `struct call *` first.
 *
 * There are two ways to stop a call (provider/base/stopping.md):
 *   stop   the user wants to quit (StopProvider), or this one call was cancelled: no new write
 *          starts, and waits and retries end. A shielded call (one that has sent a write, or reads
 *          its outcome) gets CALL_GRACE_MS more.
 *   abort  Terraform is gone, or wants the process to end: everything ends now.
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

/* One for the process, shared by all calls. Thread-safe. */
struct stop;
struct stop *stop_new(void);
void stop_free(struct stop *stop); /* no call may use it any more */
DEFINE_CLEANUP(struct stop, stop_free)
#define auto_stop CLEANUP(stop_freep) struct stop *
void stop_request(struct stop *stop); /* only the first has an effect */
void stop_abort(struct stop *stop);
/* Ends an earlier stop. For a new Configure in a process that continues (reattach). */
void stop_reset(struct stop *stop);
bool stop_is_requested(const struct stop *stop);
bool stop_is_aborted(const struct stop *stop);
/* Makes every call_sleep() check again whether its call is stopped. */
void stop_wake(struct stop *stop);

struct call {
    struct arena *arena; /* freed with the call */
    /* Borrowed. NULL: only is_cancelled can stop this call. It may then call call_sleep() by the fake
     * clock only. */
    struct stop *stop;
    int64_t deadline_ms;  /* monotonic; CLOCK_NEVER: none */
    bool is_shielded;     /* see above; the sender of a write sets it */
    int64_t throttled_ms; /* total of the waits that a service asked for */
    /* Monotonic: since when the host of the last request cannot be reached. 0: it can. */
    int64_t unreachable_ms;
    atomic_bool is_cancelled; /* the peer has cancelled this call */
    /* For the log; borrowed, may be NULL. */
    const char *rpc, *request_id, *resource_type;
};

void call_init(struct call *call, struct stop *stop); /* creates the arena */
void call_clear(struct call *call);
#define auto_call CLEANUP(call_clear) struct call

/* 0; -1 with ERR_STOPPED or ERR_TIMEOUT: the work must end. */
int call_check(struct call *call, struct error *err);
/* Waits, and checks as call_check() before, during and after the wait. Waits no longer than until
 * the deadline. */
int call_sleep(struct call *call, int64_t ms, struct error *err);
/* For a thread that waits for another one: waits once for a condition of thread_cond_init(), at most
 * CALL_POLL_MS, and not beyond the call's end. After it, the caller checks what it waits for, and
 * call_check(). */
enum { CALL_POLL_MS = 100 };
void call_wait_on(struct call *call, pthread_cond_t *cond, pthread_mutex_t *lock);
/* For a call that has waited for another call until its own time was over. The other call has
 * hardly more time, and its error says more. Waits once, whatever the state of the call; repeat it
 * CALL_LATE_POLLS times. */
enum { CALL_LATE_POLLS = 5 };
void call_wait_late(pthread_cond_t *cond, pthread_mutex_t *lock);
/* Ends the call's time at most `ms` from now. Returns the former deadline, to restore it. */
int64_t call_shorten(struct call *call, int64_t ms);
/* How many milliseconds are left; 0: none; CLOCK_NEVER: there is no deadline. For a shielded call
 * that was stopped: what is left of CALL_GRACE_MS. */
int64_t call_left_ms(const struct call *call);
/* The call was stopped, and its grace period, if it has one, is over. */
bool call_is_stopped(const struct call *call);

#endif
