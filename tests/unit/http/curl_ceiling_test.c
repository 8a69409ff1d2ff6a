/* Ceilings of the real transport: a service that never stops talking is cut off.
 * SPDX-License-Identifier: MPL-2.0 */
#include <curl/curl.h>

#include "unit/http/curl_client.h"

struct flood {
    const char *start; /* said once */
    const char *more;  /* said for as long as the client listens */
    int64_t pause_ms;  /* between any two of them */
};

static void flood(struct http_peer *peer, void *state)
{
    const struct flood *plan = state;
    const struct timespec pause = { .tv_nsec = plan->pause_ms * 1000 * 1000 };
    if (!http_peer_read(peer) || !http_peer_write(peer, plan->start))
        return;
    while (http_peer_write(peer, plan->more))
        nanosleep(&pause, NULL);
}

static void assert_too_big(struct flood plan, size_t body_bytes_max, const char *words)
{
    auto_outcome outcome =
        play("http", flood, &plan, (struct http_request){ .reply_bytes_max = body_bytes_max });
    assert_failed(outcome, ERR_TOO_BIG, words);
}

/* A kilobyte for the floods. */
static const char *kilobyte(void)
{
    static char text[1025];
    memset(text, 'a', 1024);
    return text;
}

CURL_TEST(a_body_without_an_end_is_too_big)
{
    auto_char chunk = memory_print("400\r\n%s\r\n", kilobyte());
    const struct flood plans[] = {
        { "HTTP/1.1 200 OK\r\n\r\n", kilobyte() },
        { "HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n", kilobyte() },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk },
        { "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n", chunk },
    };
    EACH (plan, plans)
        assert_too_big(*plan, 100 * 1000, "its body is over 100000");
    auto_char more = memory_new(1024 * 1024 + 1);
    memset(more, 'a', 1024 * 1024);
    assert_too_big((struct flood){ "HTTP/1.1 200 OK\r\n\r\n", more }, 0, "16777216");
}

CURL_TEST(headers_without_an_end_are_too_big)
{
    auto_char header = memory_print("X-Much: %s\r\n", kilobyte());
    const struct flood plans[] = {
        { "HTTP/1.1 200 OK\r\n", header },
        { "HTTP/1.1 200 OK\r\n", "a:\r\n" },
        { "HTTP/1.1 200 OK\r\nX-Long: ", kilobyte() }, /* one line */
        { "", "HTTP/1.1 100 Continue\r\n\r\n" },
    };
    EACH (plan, plans)
        assert_too_big(*plan, 0, "headers");
}

static void answer_state(struct http_peer *peer, void *state)
{
    if (http_peer_read(peer))
        http_peer_answer(peer, 200, state);
}

CURL_TEST(a_body_may_be_as_big_as_its_ceiling)
{
    auto_outcome most =
        play("http", answer_state, kilobyte(), (struct http_request){ .reply_bytes_max = 1024 });
    assert_answered(most, 200);
    assert_string_equal((const char *)most.reply->body.data, kilobyte());
    auto_outcome over =
        play("http", answer_state, kilobyte(), (struct http_request){ .reply_bytes_max = 1023 });
    assert_failed(over, ERR_TOO_BIG);
}

CURL_TEST(an_answer_that_drips_ends_with_its_time)
{
    static const struct flood plans[] = { { "HTTP/1.1 200 OK\r\n\r\n", "a", 20 },
                                          { "HTTP/1.1 200 OK\r\nX-Slow: ", "a", 20 } };
    EACH (plan, plans) {
        auto_outcome outcome =
            play("http", flood, plan, (struct http_request){ .method = "PUT", .timeout_ms = 1000 });
        assert_failed(outcome, ERR_LOST);
    }
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

CURL_TEST(a_bomb_stops_at_the_ceiling)
{
    static struct bomb bomb;
    FILE *packed = popen("head -c 8000000 /dev/zero | gzip", "r");
    bomb.length = fread(bomb.bytes, 1, sizeof bomb.bytes, packed);
    assert_int_equal(pclose(packed), 0);
    assert_in_range(bomb.length, 1000, 99999); /* less than the ceiling goes over the wire */
    auto_outcome outcome =
        play("http", answer_bomb, &bomb,
             (struct http_request){ .reply_bytes_max = 100000, .timeout_ms = 10000 });
    /* A newer libcurl does not unpack what it did not ask for: one says so, one waits for the
     * rest of what it takes as it is. */
    if (curl_version_info(CURLVERSION_NOW)->version_num >= 0x080000) {
        assert_failed(outcome, ERR_LOST);
        assert_true(strstr(outcome.err.text, "Unsolicited Transfer-Encoding") != NULL ||
                    strstr(outcome.err.text, "Operation timed out") != NULL);
        return;
    }
    assert_failed(outcome, ERR_TOO_BIG);
}
