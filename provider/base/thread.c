/* Threads.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/thread.h"

static _Thread_local bool may_fail;

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

void thread_let_fail(void)
{
    may_fail = true;
}

bool thread_may_fail(void)
{
    return may_fail;
}
