/* Threads: signals and limits on Linux and macOS.
 * SPDX-License-Identifier: MPL-2.0 */
#include <signal.h>
#include <sys/resource.h>

#include "base/thread.h"

static _Thread_local unsigned blocks;
static _Thread_local sigset_t before;

void thread_block_signals(void)
{
    static const int own[] = {
        SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP
    };
    if (blocks++ != 0)
        return;
    sigset_t all;
    sigfillset(&all);
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        sigdelset(&all, own[i]);
    pthread_sigmask(SIG_BLOCK, &all, &before);
}

void thread_unblock_signals(void)
{
    if (--blocks == 0)
        pthread_sigmask(SIG_SETMASK, &before, NULL);
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
    /* Starting threads only as a test costs time and pages, so it is not done if the limit is far
     * away. */
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
