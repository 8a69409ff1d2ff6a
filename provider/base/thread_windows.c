/* What of threads differs from system to system: Windows.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/thread.h"

/* There are no signals that a thread could take from another one. */
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

bool thread_cond_wait_ms(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t ms)
{
    const struct timespec time = { .tv_sec = (time_t)(ms / 1000),
                                   .tv_nsec = (long)(ms % 1000 * 1000000) };
    return pthread_cond_timedwait_relative_np(cond, lock, &time) == 0;
}

/* The system has no limit but its memory. */
int thread_probe(size_t count)
{
    (void)count;
    return 0;
}
