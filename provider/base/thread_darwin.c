/* Threads: waits on macOS.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/thread.h"

void thread_cond_init(pthread_cond_t *cond)
{
    pthread_cond_init(cond, NULL);
}

/* Counts only time in which the machine is awake, as clock_monotonic_ms(). */
int thread_cond_wait_for(pthread_cond_t *cond, pthread_mutex_t *lock,
                         const struct timespec *time)
{
    return pthread_cond_timedwait_relative_np(cond, lock, time);
}
