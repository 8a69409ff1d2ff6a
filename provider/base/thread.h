/* Threads. They block the signals that people send, so that only the thread that waits for signals
 * gets them.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* 0, or the system's error number: there is no thread, and the caller can do without it. */
int thread_start(pthread_t *thread, void *(*run)(void *state), void *state);

/* For callers that let a library start threads: blocks all signals except those of faults in this
 * thread itself. If those were blocked, they would end the process without a report. Call
 * thread_unblock_signals() afterwards, on the same thread. */
void thread_block_signals(void);
void thread_unblock_signals(void);

/* A condition whose waits do not depend on the wall clock. */
void thread_cond_init(pthread_cond_t *cond);
/* Waits until the condition is signaled or `ms` have passed; may also return spuriously. False:
 * `ms` have passed. */
bool thread_cond_wait_ms(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t ms);
/* The system's wait for it. Returns 0 or the system's error number. */
int thread_cond_wait_for(pthread_cond_t *cond, pthread_mutex_t *lock,
                         const struct timespec *time);

/* What to do if no thread can be started. Follows the system's own message. */
extern const char thread_advice[];

/* Checks whether `count` more threads can be started, in addition to those that run, because
 * libraries that start threads later may not handle an error. Returns 0 or the system's error
 * number. Also 0, without a check, if the limit is in the thousands. */
int thread_probe(size_t count);

/* Until the handshake, Terraform reads standard output and shows its text to the user. So if a
 * library cannot start a thread meanwhile, that is reported there; later it is reported on standard
 * error, as a crash. */
void thread_set_starting(bool is_starting);
bool thread_is_starting(void);

/* For callers that let a library start threads, if the library can do without them: from now on, an
 * error is returned when this thread starts a thread. */
void thread_let_fail(void);

/* The caller of pthread_create() can handle an error: it is thread_start(), or on a thread that has
 * called thread_let_fail(). Other callers are libraries, which would wait forever for the missing
 * thread: see provider/static_threads.c. */
bool thread_may_fail(void);

#endif
