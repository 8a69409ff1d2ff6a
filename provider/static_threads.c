/* Wraps pthread_create() in the released binary (with the linker's --wrap) for the threads of gRPC.
 * If gRPC cannot start a thread, it writes a line and waits forever, and Terraform with it. This
 * retries while the machine is out of threads for a moment, and then ends the process, as running
 * out of memory does. Terraform shows why: it prints the output that it gets instead of the
 * handshake, or a "panic".
 * SPDX-License-Identifier: MPL-2.0 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/thread.h"

enum { ATTEMPTS_MAX = 20, PAUSE_MS = 25 };

typedef int create_fn(pthread_t *thread, const pthread_attr_t *attributes,
                      void *(*run)(void *), void *state);
create_fn __real_pthread_create, __wrap_pthread_create;

static void end_process(int failure)
{
    char line[400];
    bool is_starting = thread_is_starting();
    int length =
        snprintf(line, sizeof line, "%s: cannot start a thread: %s. %s\n",
                 is_starting ? "terraform-provider-azurestack cannot start" : "panic",
                 strerrordesc_np(failure), thread_advice);
    if (is_starting && length > 0 && write(STDOUT_FILENO, line, (size_t)length) < 0)
        _exit(2);
    if (length > 0 && write(STDERR_FILENO, line, (size_t)length) < 0)
        _exit(2);
    _exit(is_starting ? 1 : 2);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
                          void *(*run)(void *), void *state)
{
    int failure = __real_pthread_create(thread, attributes, run, state);
    for (int i = 1; failure == EAGAIN && i < ATTEMPTS_MAX; i++) {
        const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000 };
        nanosleep(&pause, NULL);
        failure = __real_pthread_create(thread, attributes, run, state);
    }
    if (failure != 0 && !thread_may_fail())
        end_process(failure);
    return failure;
}
