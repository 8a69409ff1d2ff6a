/* What the real transport says when something goes wrong: above all whether the request
 * was certainly never sent, or may have had its effect.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>

#include "unit/http/curl_client.h"

/* In order, that is after all of the client's first record, and behind `state`. */
static void close_in_handshake(struct http_peer *peer, void *state)
{
    unsigned char head[5];
    if (!http_peer_read_bytes(peer, head, sizeof head))
        return;
    size_t length = (size_t)head[3] << 8 | head[4];
    auto_char rest = memory_new(length);
    if (http_peer_read_bytes(peer, rest, length))
        http_peer_write(peer, state);
}

/* A port without a listener. */
static char *closed_url(const char *scheme)
{
    auto_http_server server = serve(&hangs_at_once);
    return url_of(scheme, server);
}

CURL_TEST(what_ends_after_the_request_is_lost)
{
    static const struct {
        struct script script;
        enum error_kind kind;
    } rows[] = {
        { { .then = RESET }, ERR_LOST },
        { { .then = CLOSE }, ERR_LOST },
        { { .says = "HTTP/1.1 20" }, ERR_LOST },
        { { .says = "HTTP/1.1 200 OK\r\nContent-Le", .then = RESET }, ERR_LOST },
        { { .says = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\"" }, ERR_LOST },
        { { .says = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\"", .then = RESET },
          ERR_LOST },
        { { .says = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab" }, ERR_LOST },
        { { .says = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab" }, ERR_LOST },
        { { .says = "HTTP/1.1 100 Continue\r\n\r\n", .then = RESET }, ERR_LOST },
        { { .says = "SSH-2.0-OpenSSH_9.2\r\n" }, ERR_SHAPE },
        { { .says = "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" }, ERR_SHAPE },
    };
    EACH (row, rows) {
        EACH_TEXT (method, "GET", "PUT", "DELETE", "POST") {
            auto_outcome outcome = play_script(&row->script, REQUEST(.method = method));
            assert_failed(outcome, row->kind, "127.0.0.1");
            assert_int_equal(outcome.requests, 1);
        }
    }
    auto_outcome silence =
        play_script(&hangs_after_request, REQUEST(.method = "PUT", .timeout_ms = 1000));
    assert_failed(silence, ERR_LOST);
    assert_int_equal(silence.requests, 1);
}

/* A newer libcurl refuses some of them itself, as lost. */
CURL_TEST(an_answer_whose_end_is_not_certain_is_none)
{
#define BODY "\r\n\r\n[1,2,3]"
#define CHUNKED "Transfer-Encoding: chunked\r\n"
#define CHUNK "\r\n7\r\n[1,2,3]\r\n"
    EACH_TEXT (rest, "Content-Length: 2\r\nContent-Length: 7" BODY,
               "Content-Length: 7\r\ncontent-length: 2" BODY, "Content-Length: 2, 7" BODY,
               "Content-Length: 2x" BODY, "Content-Length: +7" BODY, "Content-Length: 0x7" BODY,
               "Content-Length:" BODY, "Content-Length: 9999999999999999999" BODY,
               "Content-Length: 18446744073709551623" BODY,
               "Content-Length: -18446744073709551609" BODY, "Transfer-Encoding: gzip" BODY,
               "Transfer-Encoding: identity" BODY, "Transfer-Encoding: gzip, chunked\r\n" CHUNK,
               CHUNKED "Transfer-Encoding: gzip\r\n" CHUNK,
               CHUNKED "\r\n10000000000000007\r\n[1,2,3]",
               CHUNKED "\r\nFFFFFFFFFFFFFFFF\r\n[1,2,3]", CHUNKED "\r\n-7\r\n[1,2,3]",
               CHUNKED CHUNK, CHUNKED CHUNK "0\r\n", CHUNKED "\r\n7\r\n[1,2,3]xx0\r\n\r\n") {
        auto_char says = memory_print("HTTP/1.1 200 OK\r\n%s", rest);
        const struct script script = { .says = says };
        EACH_TEXT (method, "GET", "PUT") {
            auto_outcome outcome = play_script(&script, REQUEST(.method = method));
            if (outcome.result == 0 || outcome.err.kind != ERR_SHAPE)
                assert_failed(outcome, ERR_LOST);
        }
    }
}

CURL_TEST(a_status_that_ends_no_exchange_is_no_answer)
{
    EACH_TEXT (status, "000", "101", "199", "20", "-200", "2000", "0x200") {
        auto_char says = memory_print("HTTP/1.1 %s X\r\nContent-Length: 7" BODY, status);
        const struct script script = { .says = says };
        auto_outcome outcome = play_script(&script, REQUEST(.method = "PUT"));
        assert_failed(outcome, ERR_SHAPE);
    }
}

CURL_TEST(a_refused_connection_was_never_sent)
{
    EACH_TEXT (scheme, "http", "https") {
        auto_char url = closed_url(scheme);
        auto_transport transport = new_transport(NULL);
        EACH_TEXT (method, "GET", "PUT", "DELETE", "POST") {
            auto_outcome outcome = send_request(transport, url, REQUEST(.method = method));
            assert_failed(outcome, ERR_UNREACHABLE, "Connection refused", strstr(url, "127.0.0.1"));
        }
    }
}

CURL_TEST(a_machine_out_of_threads_says_nothing_about_a_name)
{
    auto_char closed = closed_url("http");
    auto_transport transport = new_transport(NULL);
    /* Which starts the I/O thread. */
    auto_outcome first = send_request(transport, closed, REQUEST(0));
    assert_failed(first, ERR_UNREACHABLE);
    pthread_attr_t before, huge;
    pthread_getattr_default_np(&before);
    pthread_attr_init(&huge);
    assert_int_equal(pthread_attr_setstacksize(&huge, (size_t)1 << 50), 0);
    assert_int_equal(pthread_setattr_default_np(&huge), 0);
    auto_outcome outcome = send_request(transport, "http://host.test", REQUEST(.method = "PUT"));
    pthread_setattr_default_np(&before);
    assert_failed(outcome, ERR_UNREACHABLE, "thread failed to start");
}

CURL_TEST(a_handshake_that_ends_was_never_sent)
{
    static const struct script resets_at_once = { .is_deaf = true, .then = RESET };
    const struct http_request put = { .method = "PUT", .timeout_ms = 1000 };
    auto_outcome hung = play("https", follow, &hangs_at_once, put);
    assert_failed(hung, ERR_UNREACHABLE);
    /* Nothing, part of a record's head, and a record that is not whole. */
    EACH_TEXT (part, "", "\x16\x03", "\x16\x03\x03\x01\x7a\x02") {
        auto_outcome closed = play("https", close_in_handshake, part, put);
        assert_failed(closed, ERR_UNREACHABLE);
    }
    /* Often, because curl finds out in sending or in receiving, and has a text for each. */
    for (size_t i = 0; i < 20; i++) {
        auto_outcome reset = play("https", follow, &resets_at_once, put);
        assert_failed(reset, ERR_UNREACHABLE);
    }
}

CURL_TEST(an_address_that_cannot_be_used_is_reported)
{
    static const struct {
        const char *url;
        enum error_kind kind;
        const char *words;
    } rows[] = {
        { "ftp://127.0.0.1/", ERR_INVALID, "" },
        { "file:///etc/passwd", ERR_INVALID, "" },
        { "127.0.0.1", ERR_UNREACHABLE, "" }, /* curl takes it for http; then no server listens */
        { "https://", ERR_INVALID, "" },
        { "http://127.0.0.1/a b", ERR_INVALID, "" },
        { "http://127.0.0.1/a\r\nb", ERR_INVALID, "" },
        { "http://me:canary@127.0.0.1/x", ERR_INVALID, "" },
        { "https://" NO_NAME, ERR_NAME, "abcdef.example does not resolve" },
    };
    auto_transport transport = new_transport(NULL);
    EACH (row, rows) {
        auto_outcome outcome = send_request(transport, row->url, REQUEST(.url = ""));
        assert_failed(outcome, row->kind, row->words);
    }
}
