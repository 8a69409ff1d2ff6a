/* Threads on Windows.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/thread.h"

/* There are no signals that could arrive at the wrong thread. */
void thread_block_signals(void)
{
}

void thread_unblock_signals(void)
{
}

void thread_cond_init(pthread_cond_t *cond)
{
    pthread_cond_init(cond, NULL);
}

int thread_cond_wait_for(pthread_cond_t *cond, pthread_mutex_t *lock,
                         const struct timespec *time)
{
    return pthread_cond_timedwait_relative_np(cond, lock, time);
}

/* The system has no limit except its memory. */
int thread_probe(size_t count)
{
    (void)count;
    return 0;
}
