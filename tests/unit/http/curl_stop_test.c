/* Stops, deadlines and the threads they come from: what was certainly not sent, and what
 * may have been, when the run is stopped.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>

#include "unit/http/curl_client.h"

/* ---- one call on a thread of its own, which others interrupt ----------------------------- */

struct worker {
    struct http_transport *transport;
    const char *url;
    struct call call;
    struct stop *stop;
    struct outcome outcome;
    pthread_t thread;
};

static void *send_put(void *state)
{
    struct worker *worker = state;
    const struct http_request request = { .method = "PUT", .url = worker->url };
    worker->outcome.result = http_send(worker->transport, &worker->call, &request,
                                       &worker->outcome.reply, &worker->outcome.err);
    return NULL;
}

static void begin(struct worker *worker, struct http_transport *transport, const char *url)
{
    *worker = (struct worker){ .transport = transport, .url = url, .stop = stop_new() };
    call_init(&worker->call, worker->stop);
    worker->call.deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
}

static void end(struct worker *worker)
{
    outcome_clear(&worker->outcome);
    call_clear(&worker->call);
    stop_free(worker->stop);
}

static void stop(struct worker *worker)
{
    stop_request(worker->stop);
}

static void stop_and_abort(struct worker *worker)
{
    stop_request(worker->stop);
    stop_abort(worker->stop);
}

/* As if the time were over at this moment: were the deadline a real one, a loaded machine might
 * reach it earlier. */
static void let_time_run_out(struct worker *worker)
{
    (void)worker;
    clock_fake_start(clock_wall_ms());
    clock_fake_advance(INT64_MAX / 2);
}

CURL_TEST(what_was_sent_is_lost_and_what_was_not_is_stopped)
{
    static const struct {
        void (*interrupt)(struct worker *worker);
        bool is_sent, is_shielded;
        enum error_kind kind;
        const char *text;
    } cases[] = {
        { stop, false, false, ERR_STOPPED, "" },
        { let_time_run_out, false, false, ERR_TIMEOUT, "" },
        { stop, true, false, ERR_LOST, "stopped" },
        { stop_and_abort, true, true, ERR_LOST, "" },
        { let_time_run_out, true, false, ERR_LOST, "timed out" },
    };
    EACH (one, cases) {
        auto_http_server server = serve(one->is_sent ? &hangs_after_request : &hangs_at_once);
        /* Over TLS no server answers the handshake. */
        auto_char url = url_of(one->is_sent ? "http" : "https", server);
        auto_transport transport = new_transport(NULL);
        struct worker worker;
        begin(&worker, transport, url);
        worker.call.is_shielded = one->is_shielded;
        pthread_create(&worker.thread, NULL, send_put, &worker);
        if (one->is_sent)
            http_server_wait(server, 1);
        const struct timespec pause = { .tv_nsec = 1000 * 1000 };
        while (http_server_connections(server) == 0)
            nanosleep(&pause, NULL);
        one->interrupt(&worker);
        pthread_join(worker.thread, NULL);
        clock_fake_end();
        assert_failed(worker.outcome, one->kind, one->text);
        end(&worker);
    }
}

/* Answers once the stop was asked for. */
static void answer_after_stop(struct http_peer *peer, void *state)
{
    struct worker *worker = state;
    if (!http_peer_read(peer))
        return;
    stop_request(worker->stop);
    /* Several looks of the worker's. */
    const struct timespec pause = { .tv_nsec = 300 * 1000 * 1000 };
    nanosleep(&pause, NULL);
    http_peer_answer(peer, 200, "ok");
}

CURL_TEST(a_shielded_request_gets_its_answer_after_a_stop)
{
    struct worker worker;
    auto_http_server server = http_server_new(NULL, answer_after_stop, &worker);
    auto_transport transport = new_transport(NULL);
    begin(&worker, transport, http_server_url(server));
    worker.call.is_shielded = true;
    send_put(&worker);
    assert_answered(worker.outcome, 200);
    end(&worker);
}

CURL_TEST(a_stopped_call_sends_nothing)
{
    auto_http_server server = serve(&hangs_after_request);
    auto_transport transport = new_transport(NULL);
    struct worker worker;
    for (int is_stop = 0; is_stop < 2; is_stop++) {
        begin(&worker, transport, http_server_url(server));
        if (is_stop)
            stop_request(worker.stop);
        else
            worker.call.deadline_ms = clock_monotonic_ms();
        send_put(&worker);
        assert_failed(worker.outcome, is_stop ? ERR_STOPPED : ERR_TIMEOUT);
        end(&worker);
    }
    assert_int_equal(http_server_connections(server), 0);
}

CURL_TEST(a_request_that_was_given_up_spoils_no_other)
{
    auto_http_server silent = serve(&hangs_after_request);
    auto_transport transport = new_transport(NULL);
    for (size_t round = 0; round < 10; round++) {
        struct worker workers[6];
        EACH (worker, workers) {
            begin(worker, transport, http_server_url(silent));
            pthread_create(&worker->thread, NULL, send_put, worker);
        }
        /* Wherever each of them is by now. */
        EACH (worker, workers)
            stop_request(worker->stop);
        EACH (worker, workers) {
            pthread_join(worker->thread, NULL);
            enum error_kind kind = worker->outcome.err.kind;
            assert_int_equal(worker->outcome.result, -1);
            assert_true(kind == ERR_STOPPED || kind == ERR_LOST);
            end(worker);
        }
    }
}

/* ---- how late the I/O thread notices ------------------------------------------------------- */

static void send_again(struct http_transport *transport, struct http_server *server)
{
    auto_outcome outcome = send_method(transport, server, "GET");
    assert_answered(outcome, 200);
}

static void answer_once(struct http_peer *peer, void *state)
{
    (void)state;
    if (http_peer_read(peer) && http_peer_answer(peer, 200, "ok") && http_peer_read(peer))
        http_peer_hang(peer);
}

/* On a kept connection: curl looks after a new one itself, a little later. */
static void give_up(struct http_transport *transport, struct http_server *server)
{
    (void)server;
    auto_http_server silent = http_server_new(NULL, answer_once, NULL);
    send_again(transport, silent);
    struct worker worker;
    begin(&worker, transport, http_server_url(silent));
    pthread_create(&worker.thread, NULL, send_put, &worker);
    http_server_wait(silent, 2);
    stop(&worker);
    pthread_join(worker.thread, NULL);
    assert_failed(worker.outcome, ERR_LOST);
    end(&worker);
}

static void use_and_free(struct http_transport *transport, struct http_server *server)
{
    (void)transport;
    auto_transport own = new_transport(NULL);
    send_again(own, server);
}

/* The fastest of several: by itself, it looks around once a second. */
CURL_TEST(the_io_thread_is_woken_for_what_is_new)
{
    static void (*const deeds[])(struct http_transport *,
                                 struct http_server *) = { send_again, give_up, use_and_free };
    auto_http_server server = serve(&answers_all);
    auto_transport transport = new_transport(NULL);
    send_again(transport, server);
    EACH (deed, deeds) {
        int64_t fastest_ms = PATIENCE_MS;
        for (int i = 0; i < 5 && fastest_ms >= 500; i++) {
            int64_t began_ms = clock_monotonic_ms();
            (*deed)(transport, server);
            int64_t ms = clock_monotonic_ms() - began_ms;
            fastest_ms = ms < fastest_ms ? ms : fastest_ms;
        }
        assert_in_range(fastest_ms, 0, 499);
    }
}
