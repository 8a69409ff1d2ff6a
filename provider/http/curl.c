/* The transport that ships. Workers make an easy handle, pass it to the I/O thread and wait. Only
 * the I/O thread uses the multi handle. What an answer means is decided elsewhere.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/curl.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/thread.h"
#include "http/internal.h"
#include "http/openssl.h"
#include "http/url.h"

enum {
    HOST_CONNECTIONS_MAX = 16, /* Terraform works on ten objects at once by default */
    POLL_MS = 100,             /* how late a worker may notice that its call is over */
    /* How late the I/O thread notices new jobs if the system loses a wakeup. */
    IDLE_POLL_MS = 1000,
};

/* ---- the I/O thread ---------------------------------------------------------------------- */

/* Called with the lock. */
static void finish(struct curl_transport *transport, struct job **active, struct job *job,
                   CURLcode result)
{
    curl_multi_remove_handle(transport->multi, job->easy);
    struct job **place = active;
    while (*place != job)
        place = &(*place)->next;
    *place = job->next;
    job->result = result;
    job->is_done = true;
    pthread_cond_signal(&job->done);
}

/* Called with the lock. Starts incoming jobs, and drops jobs that their workers gave up. */
static void poll_calls(struct curl_transport *transport, struct job **active)
{
    while (transport->incoming != NULL) {
        struct job *job = transport->incoming;
        transport->incoming = job->next;
        job->next = *active;
        *active = job;
        if (curl_multi_add_handle(transport->multi, job->easy) != CURLM_OK)
            finish(transport, active, job, CURLE_FAILED_INIT);
    }
    for (struct job *job = *active, *next; job != NULL; job = next) {
        next = job->next;
        if (job->is_given_up || transport->is_ending)
            finish(transport, active, job, CURLE_ABORTED_BY_CALLBACK);
    }
}

static void collect(struct curl_transport *transport, struct job **active)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(transport->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        char *state = NULL;
        CURLcode result = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &state);
        finish(transport, active, (struct job *)(void *)state, result);
    }
}

static void *run(void *state)
{
    struct curl_transport *transport = state;
    struct job *active = NULL;
    thread_let_fail(); /* for libcurl's threads that resolve names */
    pthread_mutex_lock(&transport->lock);
    for (;;) {
        poll_calls(transport, &active);
        if (transport->is_ending)
            break;
        pthread_mutex_unlock(&transport->lock);
        int running;
        transport->round++;
        curl_multi_perform(transport->multi, &running);
        pthread_mutex_lock(&transport->lock);
        collect(transport, &active);
        if (transport->incoming != NULL)
            continue;
        pthread_mutex_unlock(&transport->lock);
        curl_multi_poll(transport->multi, NULL, 0, IDLE_POLL_MS, NULL);
        pthread_mutex_lock(&transport->lock);
    }
    pthread_mutex_unlock(&transport->lock);
    return NULL;
}

/* Called with the lock. */
static int start(struct curl_transport *transport, struct error *err)
{
    if (transport->is_started)
        return 0;
    if (transport->multi == NULL) {
        transport->multi = curl_multi_init();
        if (transport->multi == NULL)
            return error_set(err, ERR_INTERNAL, "cannot initialize libcurl");
        curl_multi_setopt(transport->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                          (long)HOST_CONNECTIONS_MAX);
        curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS,
                          (long)HOST_CONNECTIONS_MAX * 4);
    }
    int result = thread_start(&transport->thread, run, transport);
    if (result != 0)
        return error_set(err, ERR_INTERNAL, "cannot start a thread: %s. %s",
                         strerrordesc_np(result), thread_advice);
    transport->is_started = true;
    return 0;
}

/* ---- the worker's side ------------------------------------------------------------------- */

/* Called with the lock. Waits for the job; once the call is over, makes the I/O thread drop it.
 * Returns when the worker may use the whole job again. `why` says how the call ended, if it did. */
static void wait_for(struct job *job, struct error *why)
{
    struct curl_transport *transport = job->transport;
    while (!job->is_done) {
        int64_t left_ms = call_left_ms(job->call);
        if (!job->is_given_up && (left_ms == 0 || call_is_stopped(job->call))) {
            call_check(job->call, why);
            job->is_given_up = true;
            curl_multi_wakeup(transport->multi);
        }
        int64_t wait_ms = left_ms > 0 && left_ms < POLL_MS ? left_ms : POLL_MS;
        thread_cond_wait_ms(&job->done, &transport->lock, wait_ms);
    }
}

static int curl_send(struct http_transport *base, struct call *call,
                     const struct http_request *request, struct http_reply **out,
                     struct error *err)
{
    struct curl_transport *transport = (struct curl_transport *)base;
    if (call_check(call, err) < 0)
        return -1;
    struct job job = { .transport = transport, .call = call, .request = request };
    job.reply = memory_new(sizeof *job.reply);
    buf_init(&job.body, request->reply_bytes_max != 0 ? request->reply_bytes_max
                                                      : (size_t)HTTP_REPLY_BYTES_MAX);
    thread_cond_init(&job.done);

    struct error why = NO_ERROR;
    int result = job_prepare(&job, err);
    if (result == 0) {
        pthread_mutex_lock(&transport->lock);
        result = start(transport, err);
        if (result == 0) {
            job.next = transport->incoming;
            transport->incoming = &job;
            curl_multi_wakeup(transport->multi);
            wait_for(&job, &why);
        }
        pthread_mutex_unlock(&transport->lock);
    }
    if (result == 0)
        job_check(&job);
    if (result == 0 && job.result == CURLE_OK)
        *out = job_take_reply(&job);
    else if (result == 0)
        result = job_explain(&job, &why, err);
    job_clear(&job);
    return result;
}

/* ---- life ------------------------------------------------------------------------------------ */

static void curl_free_transport(struct http_transport *base)
{
    struct curl_transport *transport = (struct curl_transport *)base;
    pthread_mutex_lock(&transport->lock);
    transport->is_ending = true;
    bool is_started = transport->is_started;
    if (is_started)
        curl_multi_wakeup(transport->multi);
    pthread_mutex_unlock(&transport->lock);
    if (is_started)
        pthread_join(transport->thread, NULL);
    curl_multi_cleanup(transport->multi);
    sockets_clear(&transport->sockets);
    pthread_mutex_destroy(&transport->lock);
    proxies_clear(&transport->proxies);
    ca_bundle_clear(&transport->ca_bundle);
    free(transport->user_agent);
    free(transport);
}

static CURLcode global_result;

/* Headers and bodies pass through curl's own buffers: tokens, and passwords in answers. */
static void set_up_curl(void)
{
    struct error ignored; /* configure_session() has reported it, if it was called */
    http_openssl_configure(&ignored);
    global_result =
        curl_global_init_mem(CURL_GLOBAL_DEFAULT, memory_new, memory_wipe_and_free,
                             memory_move_and_wipe, memory_copy_text, memory_new_many);
}

int http_curl_new(const struct http_curl_options *options, struct http_transport **out,
                  struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up_curl);
    if (global_result != CURLE_OK)
        return error_set(err, ERR_INTERNAL, "cannot initialize libcurl: %s",
                         curl_easy_strerror(global_result));
    struct curl_transport *transport = memory_new(sizeof *transport);
    if (ca_bundle_init(&transport->ca_bundle, options->ca_bundle, err) < 0 ||
        proxies_find(&transport->proxies, &options->proxy, err) < 0) {
        ca_bundle_clear(&transport->ca_bundle);
        free(transport);
        return -1;
    }
    transport->base =
        (struct http_transport){ .send = curl_send, .free = curl_free_transport };
    transport->user_agent =
        options->user_agent != NULL ? memory_copy_text(options->user_agent) : NULL;
    pthread_mutex_init(&transport->lock, NULL);
    *out = &transport->base;
    return 0;
}
