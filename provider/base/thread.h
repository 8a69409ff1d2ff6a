/* Threads, which leave the signals that people send to the one that waits for them.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* 0, or the system's error number: no thread, and the caller knows how to do without. */
int thread_start(pthread_t *thread, void *(*run)(void *state), void *state);

/* For callers that let a library start threads: blocks every signal but those of this thread's own
 * faults, which would end the process without its report. Each call wants its
 * thread_unblock_signals(), on the same thread. */
void thread_block_signals(void);
void thread_unblock_signals(void);

/* A condition whose waits do not depend on the clock that people set. */
void thread_cond_init(pthread_cond_t *cond);
/* Until the condition is signaled, `ms` are over, or for no reason. False: they are over. */
bool thread_cond_wait_ms(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t ms);
/* What the system has for it: 0, or its error number. */
int thread_cond_wait_for(pthread_cond_t *cond, pthread_mutex_t *lock,
                         const struct timespec *time);

/* What to say where no thread can be started, after the system's own word. */
extern const char thread_advice[];

/* Whether `count` more threads can be started at once, beside those that run: what starts them later
 * may not know how to do without. 0, also without trying where thousands are allowed, or the
 * system's error number. */
int thread_probe(size_t count);

/* Until the handshake the host reads standard output, and shows what it finds there; a thread of a
 * library that cannot be started is reported there. Else on standard error, as a crash. */
void thread_set_starting(bool is_starting);
bool thread_is_starting(void);

/* For callers that let a library start threads, if the library knows how to do without: from now
 * on the threads that this thread starts may fail. */
void thread_let_fail(void);

/* Whether the caller of pthread_create() copes with a failure: thread_start(), or a thread
 * that called thread_let_fail(). All others are libraries that wait forever for what the new
 * thread was to do: see provider/static_threads.c. */
bool thread_may_fail(void);

#endif
