/* Threads.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/thread.h"

#include <stdatomic.h>

static _Thread_local bool may_fail;
static atomic_bool is_starting;

const char thread_advice[] =
    "The user or the container has reached its limit of processes and "
    "threads, or is out of memory. Raise the limit (ulimit -u and -v, "
    "pids.max of the cgroup, TasksMax of the service), or run fewer "
    "processes at once";

int thread_start(pthread_t *thread, void *(*run)(void *state), void *state)
{
    thread_block_signals();
    bool could_fail = may_fail;
    may_fail = true;
    int failure = pthread_create(thread, NULL, run, state);
    may_fail = could_fail;
    thread_unblock_signals();
    return failure;
}

bool thread_cond_wait_ms(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t ms)
{
    const struct timespec time = { .tv_sec = (time_t)(ms / 1000),
                                   .tv_nsec = (long)(ms % 1000 * 1000000) };
    return thread_cond_wait_for(cond, lock, &time) == 0;
}

void thread_set_starting(bool is_so)
{
    atomic_store(&is_starting, is_so);
}

bool thread_is_starting(void)
{
    return atomic_load(&is_starting);
}

void thread_let_fail(void)
{
    may_fail = true;
}

bool thread_may_fail(void)
{
    return may_fail;
}
