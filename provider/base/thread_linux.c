/* Threads: waits on Linux.
 * SPDX-License-Identifier: MPL-2.0 */
#include <time.h>

#include "base/thread.h"

void thread_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

int thread_cond_wait_for(pthread_cond_t *cond, pthread_mutex_t *lock,
                         const struct timespec *time)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += time->tv_sec;
    at.tv_nsec += time->tv_nsec;
    at.tv_sec += at.tv_nsec / 1000000000;
    at.tv_nsec %= 1000000000;
    return pthread_cond_timedwait(cond, lock, &at);
}
