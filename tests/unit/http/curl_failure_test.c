/* What the real transport says when something goes wrong: above all whether the request
 * was certainly never sent, or may have had its effect.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>

#include "support/http_server_tls.h"
#include "support/test.h"
#include "unit/http/curl_client.h"

static const char *const methods[] = { "GET", "PUT", "DELETE", "POST" };
enum { METHOD_COUNT = sizeof methods / sizeof *methods };

/* ---- how a server may behave ----------------------------------------------------------- */

struct ending {
    const char *said; /* what the server writes after the request; NULL: nothing */
    bool is_reset;
    enum error_kind kind;
};

static void end_after_request(struct http_peer *peer, void *state)
{
    const struct ending *ending = state;
    while (http_peer_read(peer)) {
        if (ending->said != NULL)
            http_peer_write(peer, ending->said);
        if (ending->is_reset)
            http_peer_reset(peer);
        return;
    }
}

static void end_before_request(struct http_peer *peer, void *state)
{
    (void)state;
    http_peer_reset(peer);
}

static void say_nothing(struct http_peer *peer, void *state)
{
    (void)state;
    if (http_peer_read(peer))
        http_peer_hang(peer);
}

static void hang_at_once(struct http_peer *peer, void *state)
{
    (void)state;
    http_peer_hang(peer);
}

/* A port that nobody listens on. */
static char *closed_url(const char *scheme)
{
    struct http_server *server = http_server_new(NULL, say_nothing, NULL);
    char *url = memory_print("%s://127.0.0.1:%d", scheme, http_server_port(server));
    http_server_free(server);
    return url;
}

/* ---- tests --------------------------------------------------------------------------------- */

TEST(what_ends_after_the_request_is_lost)
{
    static const struct ending endings[] = {
        { NULL, true, ERR_LOST },
        { NULL, false, ERR_LOST },
        { "HTTP/1.1 20", false, ERR_LOST },
        { "HTTP/1.1 200 OK\r\nContent-Le", true, ERR_LOST },
        { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\"", false, ERR_LOST },
        { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\"", true, ERR_LOST },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", false,
          ERR_LOST },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab", false,
          ERR_LOST },
        { "HTTP/1.1 100 Continue\r\n\r\n", true, ERR_LOST },
        { "SSH-2.0-OpenSSH_9.2\r\n", false, ERR_SHAPE },
        { "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", false, ERR_SHAPE },
    };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        for (size_t m = 0; m < METHOD_COUNT; m++) {
            auto_http_server server =
                http_server_new(NULL, end_after_request, (void *)&endings[i]);
            auto_transport transport = new_transport(NULL);
            auto_outcome outcome = send_method(transport, server, methods[m]);
            if (outcome.result == 0 || outcome.err.kind != endings[i].kind)
                fail_msg("%s, ending %zu: kind %d, %s", methods[m], i, outcome.err.kind,
                         outcome.err.text);
            assert_has(outcome.err.text, "127.0.0.1");
            assert_int_equal(http_server_requests(server), 1);
        }
    }
}

TEST(a_refused_connection_was_never_sent)
{
    static const char *const schemes[] = { "http", "https" };
    for (size_t i = 0; i < 2; i++) {
        auto_char url = closed_url(schemes[i]);
        auto_transport transport = new_transport(NULL);
        for (size_t m = 0; m < METHOD_COUNT; m++) {
            auto_outcome outcome =
                send_request(transport, url,
                             (struct http_request){ .method = methods[m], .url = "/x" });
            assert_failed(outcome, ERR_UNREACHABLE);
            assert_has(outcome.err.text, "Connection refused");
            assert_has(outcome.err.text, strstr(url, "127.0.0.1"));
        }
    }
}

TEST(a_name_that_does_not_resolve_is_reported_as_such)
{
    /* No label is longer than 63 characters, so nobody has to be asked. */
    auto_transport transport = new_transport(NULL);
    auto_outcome outcome =
        send_request(transport,
                     "https://0123456789abcdef0123456789abcdef0123456789abcdef0123456789"
                     "abcdef.example",
                     (struct http_request){ .method = "PUT", .url = "/x" });
    assert_failed(outcome, ERR_NAME);
    assert_has(outcome.err.text, "abcdef.example does not resolve");
}

TEST(a_machine_out_of_threads_says_nothing_about_a_name)
{
    auto_char closed = closed_url("http");
    auto_transport transport = new_transport(NULL);
    auto_outcome first =
        send_request(/* which starts the I/O thread */
                     transport, closed,
                     (struct http_request){ .method = "GET", .url = "/x" });
    assert_failed(first, ERR_UNREACHABLE);
    pthread_attr_t before, huge;
    pthread_getattr_default_np(&before);
    pthread_attr_init(&huge);
    assert_int_equal(pthread_attr_setstacksize(&huge, (size_t)1 << 50), 0);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    auto_outcome outcome =
        send_request(transport, "http://host.test",
                     (struct http_request){ .method = "PUT", .url = "/x" });
    pthread_setattr_default_np(&before);
    assert_failed(outcome, ERR_UNREACHABLE);
    assert_has(outcome.err.text, "thread failed to start");
}

TEST(a_handshake_that_the_network_ends_was_never_sent)
{
    /* Often, because curl finds out in sending or in receiving, and has a text for each. */
    for (size_t i = 0; i < 20; i++) {
        auto_http_server server =
            http_server_new(NULL, i == 0 ? hang_at_once : end_before_request, NULL);
        auto_char url = memory_print("https://127.0.0.1:%d", http_server_port(server));
        auto_transport transport = new_transport(NULL);
        auto_outcome outcome = send_request(
            transport, url,
            (struct http_request){ .method = "PUT", .url = "/x", .timeout_ms = 1000 });
        assert_failed(outcome, ERR_UNREACHABLE);
    }
}

static void close_in_handshake(struct http_peer *peer, void *state)
{
    (void)state;
    /* All of the client's first record, so that closing sends no reset. */
    char head[5];
    for (size_t i = 0; i < sizeof head; i++)
        if (!http_peer_read_bytes(peer, head + i, 1))
            return;
    size_t length = (size_t)(unsigned char)head[3] << 8 | (unsigned char)head[4];
    auto_char rest = memory_new(length);
    http_peer_read_bytes(peer, rest, length);
    http_peer_close(peer);
}

TEST(a_handshake_that_is_closed_in_order_was_never_sent_either)
{
    auto_http_server server = http_server_new(NULL, close_in_handshake, NULL);
    auto_char url = memory_print("https://127.0.0.1:%d", http_server_port(server));
    auto_transport transport = new_transport(NULL);
    auto_outcome outcome = send_request(
        transport, url, (struct http_request){ .method = "PUT", .url = "/x" });
    assert_failed(outcome, ERR_UNREACHABLE);
}

TEST(silence_after_the_request_is_lost)
{
    auto_http_server server = http_server_new(NULL, say_nothing, NULL);
    auto_transport transport = new_transport(NULL);
    auto_outcome outcome = send_request(
        transport, http_server_url(server),
        (struct http_request){ .method = "PUT", .url = "/x", .timeout_ms = 1000 });
    assert_failed(outcome, ERR_LOST);
    assert_int_equal(http_server_requests(server), 1);
}

TEST(an_address_that_is_none_is_refused)
{
    static const char *const urls[] = { "ftp://127.0.0.1/",
                                        "file:///etc/passwd",
                                        "127.0.0.1",
                                        "https://",
                                        "http://127.0.0.1/a b",
                                        "http://127.0.0.1/a\r\nb",
                                        "http://me:canary@127.0.0.1/x" };
    auto_transport transport = new_transport(NULL);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        auto_outcome outcome = send_request(
            transport, urls[i], (struct http_request){ .method = "GET", .url = "" });
        if (i == 2) /* curl takes it for http; then nobody listens */
            assert_failed(outcome, ERR_UNREACHABLE);
        else
            assert_failed(outcome, ERR_INVALID);
        assert_lacks(outcome.err.text, "canary");
    }
}

TEST_GROUP(forget_environment, NULL)
