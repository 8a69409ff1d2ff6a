/* What goes over the wire, byte for byte, and what comes back from it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/test.h"
#include "unit/http/curl_client.h"

static void answer_plainly(struct http_peer *peer, void *state)
{
    while (http_peer_read(peer))
        http_peer_write(peer, state);
}

#define EMPTY_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

/* Sends it, and gives back what arrived. */
static char *arrived(const struct http_request *request)
{
    auto_http_server server = http_server_new(NULL, answer_plainly, EMPTY_ANSWER);
    auto_transport transport = new_transport(NULL);
    auto_outcome outcome = send_request(transport, http_server_url(server), *request);
    assert_answered(outcome, 200);
    assert_int_equal(http_server_requests(server), 1);
    char *text = http_server_request(server, 0);
    /* The one part that is another each time. */
    char *port = strstr(text, "Host: 127.0.0.1:") + strlen("Host: 127.0.0.1");
    size_t length = strcspn(port, "\r");
    memmove(port, port + length, strlen(port + length) + 1);
    return text;
}

TEST(a_read_is_sent_as_written)
{
    const struct http_header headers[] = { { "Accept", "application/json" },
                                           { "X-Empty", "" } };
    struct secret *token = secret_new("eyJ.token", 9);
    auto_char text = arrived(&(struct http_request){
        .method = "GET",
        .url = "/a/../b%2Fc?api-version=2017-06-01",
        .headers = headers,
        .header_count = 2,
        .bearer = token,
    });
    secret_free(token);
    assert_string_equal(text, "GET /a/../b%2Fc?api-version=2017-06-01 HTTP/1.1\r\n"
                              "Host: 127.0.0.1\r\n"
                              "User-Agent: unit/1\r\n"
                              "Accept: application/json\r\n"
                              "X-Empty:\r\n"
                              "Authorization: Bearer eyJ.token\r\n\r\n");
}

TEST(a_write_is_sent_as_written)
{
    const struct http_header headers[] = { { "Accept", "*/*" },
                                           { "Content-Type", "application/json" } };
    auto_char put = arrived(&(struct http_request){
        .method = "PUT",
        .url = "/x",
        .headers = headers,
        .header_count = 2,
        .has_body = true,
        .body = BYTES("{\"a\":1}", 7),
    });
    assert_string_equal(put, "PUT /x HTTP/1.1\r\n"
                             "Host: 127.0.0.1\r\n"
                             "User-Agent: unit/1\r\n"
                             "Accept: */*\r\n"
                             "Content-Type: application/json\r\n"
                             "Content-Length: 7\r\n\r\n"
                             "{\"a\":1}");
    auto_char empty = arrived(&(struct http_request){ .method = "PUT", .url = "/x" });
    assert_has(empty, "\r\nContent-Length: 0\r\n");
    assert_lacks(empty, "Content-Type");
    auto_char post = arrived(&(struct http_request){ .method = "POST", .url = "/x" });
    assert_has(post, "POST /x HTTP/1.1\r\n");
    assert_has(post, "\r\nContent-Length: 0\r\n");
    auto_char delete = arrived(&(struct http_request){ .method = "DELETE", .url = "/x" });
    assert_has(delete, "DELETE /x HTTP/1.1\r\n");
    assert_lacks(delete, "Content-Length");
}

TEST(a_large_body_is_sent_without_expect_100)
{
    /* From a megabyte on curl would ask first. */
    enum { LARGE = 1500 * 1000 };
    auto_char body = memory_new(LARGE + 1);
    memset(body, 'a', LARGE);
    auto_char text = arrived(&(struct http_request){
        .method = "PUT", .url = "/x", .has_body = true, .body = BYTES(body, LARGE) });
    assert_lacks(text, "Expect");
    assert_has(text, "\r\nContent-Length: 1500000\r\n");
    assert_has(text, body);
}

TEST(a_header_cannot_bring_another_one_along)
{
    static const struct http_header headers[] = { { "X-Id", "1\r\nX-Evil: 2" },
                                                  { "X-Id", "1\nX-Evil: 2" },
                                                  { "X-Id", "1\r" },
                                                  { "X-Evil: 2\r\nX-Id", "1" },
                                                  { "X-Evil:", "1" } };
    auto_http_server server = http_server_new(NULL, answer_plainly, EMPTY_ANSWER);
    auto_transport transport = new_transport(NULL);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        auto_outcome outcome = send_request(transport, http_server_url(server),
                                            (struct http_request){ .method = "GET",
                                                                   .url = "/x",
                                                                   .headers = &headers[i],
                                                                   .header_count = 1 });
        assert_failed(outcome, ERR_INTERNAL);
    }
    struct secret *token = secret_new("a\r\nX-Evil: 2", 12);
    auto_outcome outcome = send_request(
        transport, http_server_url(server),
        (struct http_request){ .method = "GET", .url = "/x", .bearer = token });
    secret_free(token);
    assert_failed(outcome, ERR_INTERNAL);
    assert_lacks(outcome.err.text, "X-Evil");
    assert_int_equal(http_server_connections(server), 0);
}

static struct outcome answered_with(const char *answer)
{
    auto_http_server server = http_server_new(NULL, answer_plainly, (void *)answer);
    auto_transport transport = new_transport(NULL);
    return send_method(transport, server, "GET");
}

TEST(an_answer_is_taken_apart)
{
    auto_outcome outcome = answered_with("HTTP/1.1 404 Not Found\r\n"
                                         "Content-Type: application/json\r\n"
                                         "X-Twice: 1\r\nx-twice: 2\r\n"
                                         "X-Blank: \t a b \t \r\n"
                                         "Content-Length: 2\r\n\r\n{}");
    assert_answered(outcome, 404);
    assert_string_equal(http_reply_header(outcome.reply, "content-type"),
                        "application/json");
    assert_string_equal(http_reply_header(outcome.reply, "X-TWICE"), "1");
    assert_string_equal(http_reply_header(outcome.reply, "X-Blank"), "a b");
    assert_null(http_reply_header(outcome.reply, "X-Other"));
    assert_int_equal(outcome.reply->body.length, 2);
    assert_string_equal((const char *)outcome.reply->body.data, "{}");
}

TEST(an_answer_without_a_body_is_one)
{
    auto_outcome outcome = answered_with("HTTP/1.1 204 No Content\r\n\r\n");
    assert_answered(outcome, 204);
    assert_int_equal(outcome.reply->body.length, 0);
    assert_string_equal((const char *)outcome.reply->body.data, "");
}

TEST(what_goes_before_the_answer_is_not_the_answer)
{
    auto_outcome outcome = answered_with("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
                                         "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
                                         "HTTP/1.1 201 Created\r\nX-Late: 1\r\n"
                                         "Content-Length: 0\r\n\r\n");
    assert_answered(outcome, 201);
    assert_null(http_reply_header(outcome.reply, "X-Early"));
    assert_null(http_reply_header(outcome.reply, "Link"));
    assert_string_equal(http_reply_header(outcome.reply, "X-Late"), "1");
}

TEST(chunks_are_put_together)
{
    auto_outcome outcome = answered_with(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\n{\"a\r\n1;x=y\r\n\"\r\n3\r\n:1}\r\n0\r\nX-Trailer: 1\r\n\r\n");
    assert_answered(outcome, 200);
    assert_string_equal((const char *)outcome.reply->body.data, "{\"a\":1}");
}

TEST(content_that_is_packed_unasked_stays_packed)
{
    auto_outcome outcome = answered_with("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                                         "Content-Length: 3\r\n\r\n\x1f\x8b\x08");
    assert_answered(outcome, 200);
    assert_int_equal(outcome.reply->body.length, 3);
    assert_memory_equal(outcome.reply->body.data, "\x1f\x8b\x08", 3);
}

TEST(a_redirect_is_an_answer_like_any_other)
{
    auto_http_server other = http_server_new(NULL, answer_plainly, EMPTY_ANSWER);
    static const int statuses[] = { 301, 302, 303, 307, 308 };
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        auto_char answer = memory_print(
            "HTTP/1.1 %d X\r\nLocation: %s/stolen\r\nContent-Length: 0\r\n\r\n",
            statuses[i], http_server_url(other));
        auto_outcome outcome = answered_with(answer);
        assert_answered(outcome, statuses[i]);
    }
    assert_int_equal(http_server_connections(other), 0);
}

TEST_GROUP(forget_environment, NULL)
