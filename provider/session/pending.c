/* Objects of a plan that are not decided yet.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/pending.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"

struct pending {
    pthread_mutex_t lock;
    unsigned waiters;
    bool is_reported;
    json_t *left;
};

struct pending *pending_new(void)
{
    struct pending *pending = memory_new(sizeof *pending);
    pthread_mutex_init(&pending->lock, NULL);
    pending->left = json_array();
    return pending;
}

void pending_free(struct pending *pending)
{
    if (pending == NULL)
        return;
    json_decref(pending->left);
    pthread_mutex_destroy(&pending->lock);
    free(pending);
}

bool pending_enter(struct pending *pending, const char *id)
{
    pthread_mutex_lock(&pending->lock);
    bool waits = pending->waiters < PENDING_WAITERS_MAX;
    if (waits)
        pending->waiters++;
    else
        json_array_append_new(pending->left, json_string(id));
    pthread_mutex_unlock(&pending->lock);
    return waits;
}

void pending_leave(struct pending *pending)
{
    pthread_mutex_lock(&pending->lock);
    pending->waiters--;
    pthread_mutex_unlock(&pending->lock);
}

bool pending_leave_early(struct pending *pending)
{
    pthread_mutex_lock(&pending->lock);
    bool leaves = pending->waiters > 1 || json_array_size(pending->left) == 0;
    if (leaves)
        pending->waiters--;
    pthread_mutex_unlock(&pending->lock);
    return leaves;
}

unsigned pending_waiters(struct pending *pending)
{
    pthread_mutex_lock(&pending->lock);
    unsigned waiters = pending->waiters;
    pthread_mutex_unlock(&pending->lock);
    return waiters;
}

void pending_set_reported(struct pending *pending)
{
    pthread_mutex_lock(&pending->lock);
    pending->is_reported = true;
    pthread_mutex_unlock(&pending->lock);
}

int pending_quiet_ms(struct pending *pending)
{
    pthread_mutex_lock(&pending->lock);
    int ms = pending->is_reported ? PENDING_QUIET_REPORTED_MS : PENDING_QUIET_MS;
    pthread_mutex_unlock(&pending->lock);
    return ms;
}

json_t *pending_take_left(struct pending *pending)
{
    pthread_mutex_lock(&pending->lock);
    json_t *left = pending->left;
    pending->left = json_array();
    pthread_mutex_unlock(&pending->lock);
    return left;
}
