/* Threads.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/thread.h"

#include <stdatomic.h>
#include <sys/resource.h>

static _Thread_local bool may_fail;
static atomic_bool is_starting;

const char thread_advice[] =
    "The user or the container has reached its limit of processes and "
    "threads, or is out of memory. Raise the limit (ulimit -u and -v, "
    "pids.max of the cgroup, TasksMax of the service), or run fewer "
    "processes at once";

void thread_block_signals(sigset_t *before)
{
    static const int own[] = {
        SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP
    };
    sigset_t all;
    sigfillset(&all);
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        sigdelset(&all, own[i]);
    pthread_sigmask(SIG_BLOCK, &all, before);
}

int thread_start(pthread_t *thread, void *(*run)(void *state), void *state)
{
    sigset_t before;
    thread_block_signals(&before);
    bool could_fail = may_fail;
    may_fail = true;
    int failure = pthread_create(thread, NULL, run, state);
    may_fail = could_fail;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure;
}

static void *wait_for_others(void *state)
{
    pthread_mutex_t *gate = state;
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

int thread_probe(size_t count)
{
    enum { PROBED_MAX = 64, LOW_LIMIT = 4096 };
    struct rlimit limit;
    /* Threads that only prove something cost time and pages: where the limit is far off, they are
     * not started. */
    if (getrlimit(RLIMIT_NPROC, &limit) == 0 && limit.rlim_cur > LOW_LIMIT)
        return 0;
    pthread_t threads[PROBED_MAX];
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    size_t started = 0;
    int failure = 0;
    pthread_mutex_lock(&gate);
    while (started < count && started < PROBED_MAX && failure == 0) {
        failure = thread_start(&threads[started], wait_for_others, &gate);
        started += failure == 0;
    }
    pthread_mutex_unlock(&gate);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&gate);
    return failure;
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
