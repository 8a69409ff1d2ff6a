/* What goes over the wire, byte for byte, and what comes back from it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "unit/http/curl_client.h"

/* Sends it, and gives back what arrived, without the port, which is another each time. */
static char *arrived(struct http_request request)
{
    auto_outcome outcome = play_script(&answers_all, request);
    assert_answered(outcome, 200);
    assert_int_equal(outcome.requests, 1);
    char *port = strstr(outcome.arrived, "Host: 127.0.0.1:") + strlen("Host: 127.0.0.1");
    size_t length = strcspn(port, "\r");
    memmove(port, port + length, strlen(port + length) + 1);
    return take(outcome.arrived);
}

CURL_TEST(a_request_is_sent_as_written)
{
    auto_secret token = secret_new("eyJ.token", 9);
    const struct http_header of_get[] = { { "Accept", "application/json" }, { "X-Empty", "" } };
    const struct http_header of_put[] = { { "Accept", "*/*" },
                                          { "Content-Type", "application/json" } };
#define HOST " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: unit/1\r\n"
    const struct {
        struct http_request request;
        const char *want;
    } rows[] = {
        { { .url = "/a/../b%2Fc?api-version=2017-06-01",
            .headers = of_get,
            .header_count = 2,
            .bearer = token },
          "GET /a/../b%2Fc?api-version=2017-06-01" HOST "Accept: application/json\r\nX-Empty:\r\n"
          "Authorization: Bearer eyJ.token\r\n\r\n" },
        { { .method = "PUT",
            .headers = of_put,
            .header_count = 2,
            .has_body = true,
            .body = BYTES("{\"a\":1}", 7) },
          "PUT /x" HOST "Accept: */*\r\nContent-Type: application/json\r\n"
          "Content-Length: 7\r\n\r\n{\"a\":1}" },
        { { .method = "PUT" }, "PUT /x" HOST "Accept: */*\r\nContent-Length: 0\r\n\r\n" },
        { { .method = "POST" }, "POST /x" HOST "Accept: */*\r\nContent-Length: 0\r\n\r\n" },
        { { .method = "DELETE" }, "DELETE /x" HOST "Accept: */*\r\n\r\n" },
    };
    EACH (row, rows) {
        auto_char text = arrived(row->request);
        assert_string_equal(text, row->want);
    }
}

CURL_TEST(a_large_body_is_sent_without_expect_100)
{
    /* From a megabyte on curl would ask first. */
    enum { LARGE = 1500 * 1000 };
    auto_char body = memset(memory_new(LARGE + 1), 'a', LARGE);
    auto_char text =
        arrived(REQUEST(.method = "PUT", .has_body = true, .body = BYTES(body, LARGE)));
    assert_lacks(text, "Expect");
    assert_has(text, "\r\nContent-Length: 1500000\r\n");
    assert_has(text, body);
}

static void assert_not_sent(struct http_request request)
{
    auto_outcome outcome = play_script(&answers_all, request);
    assert_failed(outcome, ERR_INTERNAL);
    assert_int_equal(outcome.connections, 0);
    if (request.bearer != NULL)
        assert_lacks(outcome.err.text, "X-Evil");
}

CURL_TEST(a_header_cannot_bring_another_one_along)
{
    static const struct http_header headers[] = { { "X-Id", "1\r\nX-Evil: 2" },
                                                  { "X-Id", "1\nX-Evil: 2" },
                                                  { "X-Id", "1\r" },
                                                  { "X-Evil: 2\r\nX-Id", "1" },
                                                  { "X-Evil:", "1" } };
    EACH (header, headers)
        assert_not_sent(REQUEST(.headers = header, .header_count = 1));
    auto_secret token = secret_new("a\r\nX-Evil: 2", 12);
    assert_not_sent(REQUEST(.bearer = token));
}

CURL_TEST(an_answer_is_taken_apart)
{
    enum { HEADERS = 3 };
    static const struct {
        const char *answer;
        int status;
        const char *body;
        const char *headers[HEADERS][2]; /* NULL: there is none of that name */
    } rows[] = {
        { "HTTP/1.1 404 Not Found\r\nX-Twice: 1\r\nx-twice: 2\r\nX-Blank: \t a b \t \r\n"
          "Content-Length: 2\r\n\r\n{}",
          404,
          "{}",
          { { "X-TWICE", "1" }, { "x-blank", "a b" }, { "X-Other", NULL } } },
        { "HTTP/1.1 204 No Content\r\n\r\n", 204, "" },
        /* What precedes the answer is not the answer. */
        { "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
          "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n"
          "HTTP/1.1 201 Created\r\nX-Late: 1\r\nContent-Length: 0\r\n\r\n",
          201,
          "",
          { { "X-Early", NULL }, { "Link", NULL }, { "X-Late", "1" } } },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          "3\r\n{\"a\r\n1;x=y\r\n\"\r\n3\r\n:1}\r\n0\r\nX-Trailer: 1\r\n\r\n",
          200, "{\"a\":1}" },
        /* Chunks go before a length. */
        { "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n"
          "Content-Length: 2\r\n\r\n3\r\n[1]\r\n0\r\n\r\n",
          200, "[1]" },
        { "HTTP/1.1 600 X\r\nContent-Length: 000000000000000002\r\n\r\n[]", 600, "[]" },
        /* Content that is packed unasked stays packed. */
        { "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n"
          "\x1f\x8b\x08",
          200, "\x1f\x8b\x08" },
        { "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\n\x8b", 200, "\x8b" },
    };
    EACH (row, rows) {
        const struct script script = { .says = row->answer, .then = REPEAT };
        auto_outcome outcome = play_script(&script, REQUEST(0));
        assert_answered(outcome, row->status);
        assert_int_equal(outcome.reply->body.length, strlen(row->body));
        assert_string_equal((const char *)outcome.reply->body.data, row->body);
        for (size_t i = 0; i < HEADERS && row->headers[i][0] != NULL; i++)
            assert_same_text(http_reply_header(outcome.reply, row->headers[i][0]),
                             row->headers[i][1]);
    }
}

CURL_TEST(a_redirect_is_an_answer_like_any_other)
{
    auto_http_server other = serve(&answers_all);
    EACH_NUMBER (status, 301, 302, 303, 307, 308) {
        auto_char answer =
            memory_print("HTTP/1.1 %d X\r\nLocation: %s/stolen\r\nContent-Length: 0\r\n\r\n",
                         status, http_server_url(other));
        const struct script script = { .says = answer, .then = REPEAT };
        auto_outcome outcome = play_script(&script, REQUEST(0));
        assert_answered(outcome, status);
    }
    assert_int_equal(http_server_connections(other), 0);
}
