/* The message of a stream that is being sent: a worker starts it, and the polling thread completes
 * it. incoming.c makes the message.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "base/thread.h"
#include "plugin/internal.h"

void plugin_sending_init(struct plugin_sending *sending)
{
    pthread_mutex_init(&sending->lock, NULL);
    thread_cond_init(&sending->changed);
}

void plugin_sending_clear(struct plugin_sending *sending)
{
    pthread_cond_destroy(&sending->changed);
    pthread_mutex_destroy(&sending->lock);
}

void plugin_sending_begin(struct plugin_sending *sending)
{
    pthread_mutex_lock(&sending->lock);
    sending->is_under_way = true;
    sending->has_failed = false;
    pthread_mutex_unlock(&sending->lock);
}

void plugin_sending_end(struct plugin_sending *sending, bool is_ok)
{
    pthread_mutex_lock(&sending->lock);
    sending->is_under_way = false;
    sending->has_failed = !is_ok;
    pthread_cond_signal(&sending->changed);
    pthread_mutex_unlock(&sending->lock);
}

/* Waits a short time only, because a stop of the call does not signal this condition. */
static void wait_a_while(struct plugin_sending *sending)
{
    struct call untold = { .deadline_ms = CLOCK_NEVER };
    call_wait_on(&untold, &sending->changed, &sending->lock);
}

int plugin_sending_wait(struct plugin_sending *sending, struct call *call,
                        struct error *err)
{
    int64_t end_ms = CLOCK_NEVER;
    struct error stopped = NO_ERROR;
    pthread_mutex_lock(&sending->lock);
    while (sending->is_under_way && clock_monotonic_ms() < end_ms) {
        wait_a_while(sending);
        if (end_ms == CLOCK_NEVER && call_check(call, &stopped) < 0)
            end_ms = clock_monotonic_ms() + PLUGIN_STREAM_GRACE_MS;
    }
    bool is_sent = !sending->is_under_way && !sending->has_failed;
    pthread_mutex_unlock(&sending->lock);
    return is_sent ? 0 : error_set(err, ERR_STOPPED, "Terraform has stopped reading");
}
