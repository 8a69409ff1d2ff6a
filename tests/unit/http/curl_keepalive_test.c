/* Connections that are kept: used again, found dead, and never a reason to send a write
 * twice.
 * SPDX-License-Identifier: MPL-2.0 */
#include <semaphore.h>

#include "support/fixture.h"
#include "support/http_server_tls.h"
#include "unit/http/curl_client.h"

/* How the first connection ends, which answers once. */
struct first {
    bool is_under_the_second_request, is_reset;
    sem_t ended;
};

static void end_the_first(struct http_peer *peer, void *state)
{
    struct first *first = state;
    if (http_peer_number(peer) != 0) {
        follow(peer, (void *)&answers_all);
        return;
    }
    if (http_peer_read(peer))
        http_peer_answer(peer, 200, "ok");
    if (!first->is_under_the_second_request || http_peer_read(peer))
        http_peer_close(peer, first->is_reset);
    sem_post(&first->ended);
}

CURL_TEST(a_connection_is_used_again)
{
    auto_http_server server = serve(&answers_all);
    auto_transport transport = new_transport(NULL);
    EACH_TEXT (method, "GET", "PUT", "GET", "DELETE", "GET") {
        auto_outcome outcome = send_method(transport, server, method);
        assert_answered(outcome, 200);
    }
    assert_int_equal(http_server_connections(server), 1);
    assert_int_equal(http_server_requests(server), 5);
}

CURL_TEST(a_connection_that_ends_is_a_reason_to_send_a_read_again_and_no_write)
{
    static const struct {
        const char *method;
        bool is_under_the_request, is_lost;
    } rows[] = {
        /* Closed meanwhile: not used again. */
        { "GET", false, false }, { "PUT", false, false }, { "DELETE", false, false },
        { "GET", true, false },  { "PUT", true, true },   { "DELETE", true, true },
        { "POST", true, true },  { "PATCH", true, true },
    };
    EACH (row, rows) {
        for (int is_reset = 0; is_reset < 1 + row->is_under_the_request; is_reset++) {
            struct first first = { row->is_under_the_request, is_reset != 0 };
            sem_init(&first.ended, 0, 0);
            auto_http_server server = http_server_new(NULL, end_the_first, &first);
            auto_transport transport = new_transport(NULL);
            auto_outcome one = send_method(transport, server, "GET");
            assert_answered(one, 200);
            if (!row->is_under_the_request)
                sem_wait(&first.ended);
            auto_outcome two = send_method(transport, server, row->method);
            if (row->is_lost)
                assert_failed(two, ERR_LOST);
            else
                assert_answered(two, 200);
            /* A read that was sent again is a third request. */
            size_t sent = row->is_under_the_request && !row->is_lost ? 3 : 2;
            assert_int_equal(http_server_requests(server), sent);
            /* And the transport is none the worse for it. */
            auto_outcome three = send_method(transport, server, "GET");
            assert_answered(three, 200);
            assert_int_equal(http_server_requests(server), sent + 1);
            if (!row->is_lost)
                assert_int_equal(http_server_connections(server), 2);
        }
    }
}

/* How the service goes on behind its first answer. */
struct unasked {
    const char *says; /* "": nothing, TLS ends */
    sem_t said;
};

static void speak_unasked(struct http_peer *peer, void *state)
{
    struct unasked *unasked = state;
    bool is_first = http_peer_number(peer) == 0;
    while (http_peer_read(peer) && http_peer_answer(peer, 200, "ok")) {
        if (!is_first)
            continue;
        if (*unasked->says != '\0')
            http_peer_write(peer, unasked->says);
        else
            http_peer_end_tls(peer);
        http_peer_settle(peer);
        sem_post(&unasked->said);
    }
}

CURL_TEST(what_was_not_asked_for_is_no_answer_to_the_next_request)
{
    auto_test_authority authority = test_authority_new("Keep Root");
    EACH_TEXT (says, "HTTP/1.1 201 X\r\nContent-Length: 5\r\n\r\nstale",
               "HTTP/1.1 408 X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "\r\n", "") {
        EACH_TEXT (method, "GET", "PUT", "DELETE") {
            for (int is_tls = *says == '\0'; is_tls < 2; is_tls++) {
                struct unasked unasked = { says };
                sem_init(&unasked.said, 0, 0);
                auto_http_server server =
                    is_tls ? test_server_new(authority, &(struct server_certificate){ "leaf" },
                                             speak_unasked, &unasked)
                           : http_server_new(NULL, speak_unasked, &unasked);
                auto_transport transport = new_transport(test_authority_file(authority));
                auto_outcome one = send_method(transport, server, "GET");
                assert_answered(one, 200);
                sem_wait(&unasked.said);
                auto_outcome two = send_method(transport, server, method);
                assert_answered(two, 200);
                assert_string_equal((const char *)two.reply->body.data, "ok");
                assert_int_equal(http_server_requests(server), 2);
                assert_int_equal(http_server_connections(server), 2);
            }
        }
    }
}

enum { WORKERS = 10, ROUNDS = 8 };

struct crowd {
    struct http_transport *transport;
    struct http_server *server;
    pthread_barrier_t together;
};

/* How many of its requests were answered. */
static void *work(void *state)
{
    struct crowd *crowd = state;
    pthread_barrier_wait(&crowd->together);
    size_t good = 0;
    for (size_t i = 0; i < ROUNDS; i++) {
        auto_outcome outcome =
            send_method(crowd->transport, crowd->server, i % 2 != 0 ? "PUT" : "GET");
        good +=
            outcome.result == 0 && outcome.reply->status == 200 && outcome.reply->body.length == 2;
    }
    return (void *)good;
}

CURL_TEST(ten_workers_share_kept_connections)
{
    auto_http_server server = serve(&answers_all);
    auto_transport transport = new_transport(NULL);
    struct crowd crowd = { transport, server };
    pthread_barrier_init(&crowd.together, NULL, WORKERS);
    assert_int_equal(in_threads(WORKERS, work, &crowd), WORKERS * ROUNDS);
    pthread_barrier_destroy(&crowd.together);
    assert_int_equal(http_server_requests(server), WORKERS * ROUNDS);
    assert_in_range(http_server_connections(server), 1, WORKERS);
}

CURL_TEST(a_transport_that_was_never_used_is_freed)
{
    http_transport_free(new_transport(NULL));
    http_transport_free(NULL);
}
