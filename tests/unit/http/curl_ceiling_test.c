/* Ceilings of the real transport: a service that never stops talking is cut off.
 * SPDX-License-Identifier: MPL-2.0 */
#include <curl/curl.h>

#include "support/test.h"
#include "unit/http/curl_client.h"

struct flood {
    const char *start; /* said once */
    const char *more;  /* said for as long as the client listens */
};

static void flood(struct http_peer *peer, void *state)
{
    const struct flood *plan = state;
    if (!http_peer_read(peer) || !http_peer_write(peer, plan->start))
        return;
    while (http_peer_write(peer, plan->more))
        continue;
}

static struct outcome listen_to(const struct flood *plan, size_t body_bytes_max)
{
    auto_http_server server = http_server_new(NULL, flood, (void *)plan);
    auto_transport transport = new_transport(NULL);
    return send_request(transport, http_server_url(server),
                        (struct http_request){ .method = "GET",
                                               .url = "/x",
                                               .reply_bytes_max = body_bytes_max });
}

/* A kilobyte for the floods. */
static const char *kilobyte(void)
{
    static char text[1025];
    memset(text, 'a', 1024);
    return text;
}

TEST(a_body_without_an_end_is_too_big)
{
    auto_char chunk = memory_print("400\r\n%s\r\n", kilobyte());
    const struct flood plans[] = {
        { "HTTP/1.1 200 OK\r\n\r\n", kilobyte() },
        { "HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n", kilobyte() },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk },
        { "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n", chunk },
    };
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        auto_outcome outcome = listen_to(&plans[i], 100 * 1000);
        assert_failed(outcome, ERR_TOO_BIG);
        assert_has(outcome.err.text, "its body is over");
        assert_has(outcome.err.text, "100000");
    }
}

TEST(a_body_has_a_ceiling_by_default)
{
    auto_char more = memory_new(1024 * 1024 + 1);
    memset(more, 'a', 1024 * 1024);
    const struct flood plan = { "HTTP/1.1 200 OK\r\n\r\n", more };
    auto_outcome outcome = listen_to(&plan, 0);
    assert_failed(outcome, ERR_TOO_BIG);
    assert_has(outcome.err.text, "16777216");
}

TEST(headers_without_an_end_are_too_big)
{
    auto_char header = memory_print("X-Much: %s\r\n", kilobyte());
    const struct flood plans[] = {
        { "HTTP/1.1 200 OK\r\n", header },
        { "HTTP/1.1 200 OK\r\n", "a:\r\n" },
        { "HTTP/1.1 200 OK\r\nX-Long: ", kilobyte() }, /* one line */
        { "", "HTTP/1.1 100 Continue\r\n\r\n" },
    };
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        auto_outcome outcome = listen_to(&plans[i], 0);
        if (outcome.result == 0 || outcome.err.kind != ERR_TOO_BIG)
            fail_msg("flood %zu: kind %d, %s", i, outcome.err.kind, outcome.err.text);
        assert_has(outcome.err.text, "headers");
        assert_null(outcome.reply);
    }
}

static void answer_bytes(struct http_peer *peer, void *state)
{
    if (http_peer_read(peer))
        http_peer_answer(peer, 200, state);
}

TEST(a_body_may_be_as_big_as_its_ceiling)
{
    auto_http_server server = http_server_new(NULL, answer_bytes, (void *)kilobyte());
    auto_transport transport = new_transport(NULL);
    static const size_t ceilings[] = { 1024, 1023 };
    for (size_t i = 0; i < 2; i++) {
        auto_outcome outcome = send_request(
            transport, http_server_url(server),
            (struct http_request){
                .method = "GET", .url = "/x", .reply_bytes_max = ceilings[i] });
        if (i == 1) {
            assert_failed(outcome, ERR_TOO_BIG);
        } else {
            assert_answered(outcome, 200);
            assert_string_equal((const char *)outcome.reply->body.data, kilobyte());
        }
    }
}

static void drip(struct http_peer *peer, void *state)
{
    struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
    if (!http_peer_read(peer) || !http_peer_write(peer, state))
        return;
    while (http_peer_write(peer, "a"))
        nanosleep(&pause, NULL);
}

TEST(an_answer_that_drips_ends_with_its_time)
{
    static const char *const starts[] = { "HTTP/1.1 200 OK\r\n\r\n",
                                          "HTTP/1.1 200 OK\r\nX-Slow: " };
    for (size_t i = 0; i < 2; i++) {
        auto_http_server server = http_server_new(NULL, drip, (void *)starts[i]);
        auto_transport transport = new_transport(NULL);
        auto_outcome outcome = send_request(
            transport, http_server_url(server),
            (struct http_request){ .method = "PUT", .url = "/x", .timeout_ms = 1000 });
        assert_failed(outcome, ERR_LOST);
    }
}

/* Zeros, packed into fixed codes of deflate: one match of 258 after another. */
static size_t make_bomb(uint8_t *out, size_t zeros)
{
    static const uint8_t header[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255 };
    memcpy(out, header, sizeof header);
    size_t at = sizeof header, bits = 0;
    uint64_t pending = 0;
    /* Last block, fixed codes; the literal 0 is 00110000 (most significant bit first). */
    pending = 1 | 1 << 1 | 0x0C << 3;
    bits = 11;
    for (size_t made = 1; made < zeros; made += 258) {
        /* Length 258 is code 285, 11000101; distance 1 is 00000. */
        pending |= (uint64_t)0xA3 << bits;
        bits += 13;
        for (; bits >= 8; bits -= 8, pending >>= 8)
            out[at++] = (uint8_t)pending;
    }
    out[at++] = (uint8_t)pending;
    return at;
}

struct bomb {
    uint8_t bytes[64 * 1024];
    size_t length;
};

static void answer_bomb(struct http_peer *peer, void *state)
{
    const struct bomb *bomb = state;
    auto_char head = memory_print("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked"
                                  "\r\n\r\n%zx\r\n",
                                  bomb->length);
    if (http_peer_read(peer) && http_peer_write(peer, head) &&
        http_peer_write_bytes(peer, bomb->bytes, bomb->length))
        http_peer_hang(peer);
}

TEST(a_bomb_stops_at_the_ceiling)
{
    static struct bomb bomb;
    bomb.length = make_bomb(bomb.bytes, 8 * 1000 * 1000);
    assert_in_range(bomb.length, 1000, 99999);
    auto_http_server server = http_server_new(NULL, answer_bomb, &bomb);
    auto_transport transport = new_transport(NULL);
    auto_outcome outcome = send_request(transport, http_server_url(server),
                                        (struct http_request){ .method = "GET",
                                                               .url = "/x",
                                                               .reply_bytes_max = 100000,
                                                               .timeout_ms = 10000 });
    /* A newer libcurl does not unpack what it did not ask for: one says so, one waits for the
     * rest of what it takes as it is. */
    if (curl_version_info(CURLVERSION_NOW)->version_num >= 0x080000) {
        assert_failed(outcome, ERR_LOST);
        assert_true(strstr(outcome.err.text, "Unsolicited Transfer-Encoding") != NULL ||
                    strstr(outcome.err.text, "Operation timed out") != NULL);
        return;
    }
    /* Less than the ceiling came over the wire. */
    assert_failed(outcome, ERR_TOO_BIG);
}

TEST_GROUP(forget_environment, NULL)
