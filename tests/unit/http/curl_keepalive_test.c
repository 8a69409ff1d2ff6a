/* Connections that are kept: used again, found dead, and never a reason to send a write
 * twice.
 * SPDX-License-Identifier: MPL-2.0 */
#include <poll.h>
#include <semaphore.h>
#include <unistd.h>

#include "http/internal.h"
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
    void *context;    /* behind the tunnel of a proxy; NULL: there is none */
    sem_t said;
};

static void speak_unasked(struct http_peer *peer, void *state)
{
    struct unasked *unasked = state;
    bool is_first = http_peer_number(peer) == 0;
    if (unasked->context != NULL &&
        (!http_peer_read(peer) || !http_peer_write(peer, "HTTP/1.1 200 OK\r\n\r\n") ||
         !http_peer_start_tls(peer, unasked->context)))
        return;
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
    enum { PLAIN, TLS, TUNNEL, WAYS };
    auto_test_authority authority = test_authority_new("Keep Root");
    const struct server_certificate certificate = { "leaf", "IP:127.0.0.1,DNS:service.test" };
    SSL_CTX *context = test_server_context(authority, &certificate);
    EACH_TEXT (says, "HTTP/1.1 201 X\r\nContent-Length: 5\r\n\r\nstale",
               "HTTP/1.1 408 X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "\r\n", "") {
        EACH_TEXT (method, "GET", "PUT", "DELETE") {
            for (int way = *says == '\0' ? TLS : PLAIN; way < WAYS; way++) {
                struct unasked unasked = { says, way == TUNNEL ? context : NULL };
                sem_init(&unasked.said, 0, 0);
                auto_http_server server =
                    http_server_new(way == TLS ? context : NULL, speak_unasked, &unasked);
                const char *url = way == TUNNEL ? "https://service.test" : http_server_url(server);
                setenv("HTTPS_PROXY", http_server_url(server), 1); /* not of 127.0.0.1 */
                auto_transport transport = new_transport(test_authority_file(authority));
                auto_outcome one = send_request(transport, url, REQUEST(.method = "GET"));
                assert_answered(one, 200);
                sem_wait(&unasked.said);
                auto_outcome two = send_request(transport, url, REQUEST(.method = method));
                assert_answered(two, 200);
                assert_string_equal((const char *)two.reply->body.data, "ok");
                assert_int_equal(http_server_requests(server), way == TUNNEL ? 4 : 2);
                assert_int_equal(http_server_connections(server), 2);
            }
        }
    }
    SSL_CTX_free(context);
}

static int listen_at(struct sockaddr *address, socklen_t *length)
{
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, address, *length), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, address, length), 0);
    return listener;
}

/* Two hosts with one port, and the same port here: only the address differs. */
CURL_TEST(what_another_host_sent_does_not_count)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct curl_sockaddr there = { .family = AF_INET, .socktype = SOCK_STREAM };
    struct sockaddr_in *at = memcpy(&there.addr, &here, sizeof here);
    socklen_t length = sizeof here;
    struct sockets sockets = { NULL };
    int listeners[2], peers[2];
    for (int i = 0; i < 2; i++) {
        at->sin_addr.s_addr = htonl(INADDR_LOOPBACK + (unsigned)i);
        listeners[i] = listen_at(&there.addr, &length);
        int one = sockets_open(&sockets, CURLSOCKTYPE_IPCXN, &there);
        assert_int_equal(setsockopt(one, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int)), 0);
        assert_int_equal(bind(one, (struct sockaddr *)&here, length), 0);
        connect(one, &there.addr, length);
        peers[i] = accept(listeners[i], NULL, NULL);
        assert_int_equal(getsockname(one, (struct sockaddr *)&here, &length), 0);
    }
    CURL *easy = curl_easy_init();
    int port_here = ntohs(here.sin_port), port_there = ntohs(at->sin_port);
    assert_int_equal(write(peers[1], "x", 1), 1);
    poll(&(struct pollfd){ .fd = sockets.list[1], .events = POLLIN }, 1, PATIENCE_MS);
    assert_false(
        sockets_end_stale(&sockets, easy, "127.0.0.1", port_here, "127.0.0.1", port_there));
    assert_true(sockets_end_stale(&sockets, easy, "127.0.0.1", port_here, "127.0.0.2", port_there));
    curl_easy_cleanup(easy);
    for (int i = 0; i < 2; i++) {
        close(peers[i]);
        close(listeners[i]);
        sockets_close(&sockets, sockets.list[0]);
    }
    assert_int_equal(sockets.count, 0);
    sockets_clear(&sockets);
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
