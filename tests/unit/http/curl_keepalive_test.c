/* Connections that are kept: used again, found dead, and never a reason to send a write
 * twice.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>
#include <semaphore.h>

#include "support/test.h"
#include "unit/http/curl_client.h"

/* ---- how a server may treat a kept connection ------------------------------------------- */

static void answer_all(struct http_peer *peer, void *state)
{
    (void)state;
    while (http_peer_read(peer))
        http_peer_answer(peer, 200, "ok");
}

/* The first connection answers once and is closed; `state` tells when. */
static void close_after_the_first(struct http_peer *peer, void *state)
{
    if (http_peer_number(peer) != 0) {
        answer_all(peer, NULL);
        return;
    }
    if (http_peer_read(peer))
        http_peer_answer(peer, 200, "ok");
    http_peer_close(peer);
    sem_post(state);
}

/* The first connection answers once, and dies under the second request. */
static void die_under_the_second(struct http_peer *peer, void *state)
{
    const bool *is_reset = state;
    if (http_peer_number(peer) != 0) {
        answer_all(peer, NULL);
        return;
    }
    if (http_peer_read(peer))
        http_peer_answer(peer, 200, "ok");
    if (http_peer_read(peer) && *is_reset)
        http_peer_reset(peer);
}

/* ---- tests --------------------------------------------------------------------------------- */

TEST(a_connection_is_used_again)
{
    auto_http_server server = http_server_new(NULL, answer_all, NULL);
    auto_transport transport = new_transport(NULL);
    static const char *const methods[] = { "GET", "PUT", "GET", "DELETE", "GET" };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        auto_outcome outcome = send_method(transport, server, methods[i]);
        assert_answered(outcome, 200);
    }
    assert_int_equal(http_server_connections(server), 1);
    assert_int_equal(http_server_requests(server), 5);
}

TEST(a_connection_that_was_closed_meanwhile_is_not_used_again)
{
    static const char *const methods[] = { "GET", "PUT", "DELETE" };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        sem_t closed;
        sem_init(&closed, 0, 0);
        auto_http_server server = http_server_new(NULL, close_after_the_first, &closed);
        auto_transport transport = new_transport(NULL);
        auto_outcome first = send_method(transport, server, "GET");
        assert_answered(first, 200);
        sem_wait(&closed);
        auto_outcome second = send_method(transport, server, methods[i]);
        assert_answered(second, 200);
        assert_int_equal(http_server_requests(server), 2);
        sem_destroy(&closed);
    }
}

TEST(a_write_on_a_connection_that_dies_is_lost_and_not_sent_twice)
{
    static const char *const methods[] = { "PUT", "DELETE", "POST", "PATCH" };
    static const bool resets[] = { false, true };
    for (size_t i = 0; i < sizeof methods / sizeof *methods * 2; i++) {
        auto_http_server server =
            http_server_new(NULL, die_under_the_second, (void *)&resets[i % 2]);
        auto_transport transport = new_transport(NULL);
        auto_outcome first = send_method(transport, server, "GET");
        assert_answered(first, 200);
        auto_outcome second = send_method(transport, server, methods[i / 2]);
        assert_failed(second, ERR_LOST);
        assert_int_equal(http_server_requests(server), 2);
        /* And the transport is none the worse for it. */
        auto_outcome third = send_method(transport, server, "GET");
        assert_answered(third, 200);
        assert_int_equal(http_server_requests(server), 3);
    }
}

TEST(a_read_on_a_connection_that_dies_is_sent_again)
{
    static const bool resets[] = { false, true };
    for (size_t i = 0; i < 2; i++) {
        auto_http_server server =
            http_server_new(NULL, die_under_the_second, (void *)&resets[i]);
        auto_transport transport = new_transport(NULL);
        auto_outcome first = send_method(transport, server, "GET");
        assert_answered(first, 200);
        auto_outcome second = send_method(transport, server, "GET");
        assert_answered(second, 200);
        assert_int_equal(http_server_connections(server), 2);
    }
}

/* ---- many at once ---------------------------------------------------------------------------- */

enum { WORKERS = 10, ROUNDS = 8 };

struct crowd {
    struct http_transport *transport;
    struct http_server *server;
    pthread_barrier_t together;
};

static void *work(void *state)
{
    struct crowd *crowd = state;
    pthread_barrier_wait(&crowd->together);
    size_t good = 0;
    for (size_t i = 0; i < ROUNDS; i++) {
        auto_outcome outcome =
            send_method(crowd->transport, crowd->server, i % 2 != 0 ? "PUT" : "GET");
        good += outcome.result == 0 && outcome.reply->status == 200 &&
                outcome.reply->body.length == 2;
    }
    return (void *)good;
}

TEST(ten_workers_share_kept_connections)
{
    auto_http_server server = http_server_new(NULL, answer_all, NULL);
    auto_transport transport = new_transport(NULL);
    struct crowd crowd = { .transport = transport, .server = server };
    pthread_barrier_init(&crowd.together, NULL, WORKERS);
    pthread_t threads[WORKERS];
    for (size_t i = 0; i < WORKERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, &crowd), 0);
    size_t good = 0;
    for (size_t i = 0; i < WORKERS; i++) {
        void *result;
        pthread_join(threads[i], &result);
        good += (size_t)result;
    }
    pthread_barrier_destroy(&crowd.together);
    assert_int_equal(good, WORKERS * ROUNDS);
    assert_int_equal(http_server_requests(server), WORKERS * ROUNDS);
    assert_in_range(http_server_connections(server), 1, WORKERS);
}

TEST(a_transport_that_was_never_used_is_freed)
{
    http_transport_free(new_transport(NULL));
    http_transport_free(NULL);
}

TEST_GROUP(forget_environment, NULL)
