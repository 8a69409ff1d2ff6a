/* Aborts a test whose thread unlocks a mutex that it has not locked, or destroys a locked mutex. So a
 * missing lock or unlock fails without a race. The linker calls these instead of the functions without
 * the prefix.
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

int __wrap_pthread_mutex_destroy(pthread_mutex_t *mutex);
int __real_pthread_mutex_destroy(pthread_mutex_t *mutex);

int __wrap_pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    if (__real_pthread_mutex_destroy(mutex) != 0) {
        fputs("a mutex is destroyed that is locked\n", stderr);
        abort();
    }
    return 0;
}
