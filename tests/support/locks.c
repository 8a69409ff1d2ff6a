/* Ends a test that unlocks what its thread has not locked: a missing lock is noticed without a race.
 * The linker puts it in place of the function without the prefix.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);

int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    if (mutex->__data.__owner != gettid()) {
        fputs("a mutex is unlocked that this thread has not locked\n", stderr);
        abort();
    }
    return __real_pthread_mutex_unlock(mutex);
}
