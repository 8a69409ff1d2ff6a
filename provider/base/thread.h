/* Threads, which leave the signals that people send to the one that waits for them.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

/* 0, or the system's error number: no thread, and the caller knows how to do without. */
int thread_start(pthread_t *thread, void *(*run)(void *state), void *state);

/* For whoever lets a library start threads: blocks every signal but those of this thread's own
 * faults, which would end the process without its report. pthread_sigmask() takes it back. */
void thread_block_signals(sigset_t *before);

/* For whoever lets a library start threads, and the library knows how to do without: from now
 * on the threads that this thread starts may fail. */
void thread_let_fail(void);

/* Whether the caller of pthread_create() copes with a failure: thread_start(), or a thread
 * that called thread_let_fail(). All others are libraries that wait forever for what the new
 * thread was to do: see provider/threads.c. */
bool thread_may_fail(void);

#endif
