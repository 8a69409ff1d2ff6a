/* Threads for calls that may block. A thread is started when there is work and none is idle, up to
 * a limit; then calls wait in their order.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>
#include <string.h>

#include "base/memory.h"
#include "base/thread.h"
#include "plugin/internal.h"

struct plugin_workers {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct plugin_work *first, **end; /* the waiting work */
    size_t waiting, waiting_max;
    size_t idle, count, count_max;
    bool is_ending;
    pthread_t threads[];
};

struct plugin_workers *plugin_workers_new(size_t threads_max, size_t queue_max)
{
    struct plugin_workers *workers =
        memory_new(sizeof *workers + threads_max * sizeof workers->threads[0]);
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->changed, NULL);
    workers->end = &workers->first;
    workers->waiting_max = queue_max;
    workers->count_max = threads_max;
    return workers;
}

static void *work(void *argument)
{
    struct plugin_workers *workers = argument;
    pthread_mutex_lock(&workers->lock);
    for (;;) {
        while (workers->first == NULL && !workers->is_ending) {
            workers->idle++;
            pthread_cond_wait(&workers->changed, &workers->lock);
            workers->idle--;
        }
        struct plugin_work *piece = workers->first;
        if (piece == NULL)
            break;
        workers->first = piece->next;
        if (workers->first == NULL)
            workers->end = &workers->first;
        workers->waiting--;
        pthread_mutex_unlock(&workers->lock);
        piece->run(piece);
        pthread_mutex_lock(&workers->lock);
    }
    pthread_mutex_unlock(&workers->lock);
    return NULL;
}

static int start_thread(struct plugin_workers *workers, struct error *err)
{
    int failure = thread_start(&workers->threads[workers->count], work, workers);
    if (failure != 0)
        return error_set(err, ERR_INTERNAL, "cannot start a thread: %s. %s",
                         strerrordesc_np(failure), thread_advice);
    workers->count++;
    return 0;
}

int plugin_workers_start(struct plugin_workers *workers, struct error *err)
{
    pthread_mutex_lock(&workers->lock);
    int result = workers->count == 0 ? start_thread(workers, err) : 0;
    pthread_mutex_unlock(&workers->lock);
    return result;
}

static int add_locked(struct plugin_workers *workers, struct plugin_work *piece,
                      struct error *err)
{
    /* Threads that are waking up may be about to take the waiting work. */
    struct error why = NO_ERROR;
    if (workers->waiting >= workers->idle && workers->count < workers->count_max &&
        start_thread(workers, &why) < 0 && workers->count == 0) {
        *err = why;
        return -1;
    }
    if (workers->waiting >= workers->waiting_max)
        return error_set(err, ERR_TOO_BIG, "%zu calls are waiting already",
                         workers->waiting);
    piece->next = NULL;
    *workers->end = piece;
    workers->end = &piece->next;
    workers->waiting++;
    pthread_cond_signal(&workers->changed);
    return 0;
}

int plugin_workers_add(struct plugin_workers *workers, struct plugin_work *piece,
                       struct error *err)
{
    pthread_mutex_lock(&workers->lock);
    int result = add_locked(workers, piece, err);
    pthread_mutex_unlock(&workers->lock);
    return result;
}

void plugin_workers_free(struct plugin_workers *workers)
{
    if (workers == NULL)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->is_ending = true;
    pthread_cond_broadcast(&workers->changed);
    pthread_mutex_unlock(&workers->lock);
    for (size_t i = 0; i < workers->count; i++)
        pthread_join(workers->threads[i], NULL);
    pthread_cond_destroy(&workers->changed);
    pthread_mutex_destroy(&workers->lock);
    free(workers);
}
