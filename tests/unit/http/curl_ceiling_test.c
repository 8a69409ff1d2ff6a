/* Ceilings of the real transport: a service that never stops talking is cut off.
 * SPDX-License-Identifier: MPL-2.0 */
#include "unit/http/curl_client.h"

#define OK "HTTP/1.1 200 OK\r\n"
#define EIGHT(text) text text text text text text text text

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

/* So many letters, for the floods; the caller's. */
static char *letters(size_t count)
{
    return memset(memory_new(count + 1), 'a', count);
}

CURL_TEST(an_answer_without_an_end_is_too_big)
{
    auto_char kilobyte = letters(1024);
    auto_char megabyte = letters(1024 * 1024);
    auto_char chunk = memory_print("400\r\n%s\r\n", kilobyte);
    auto_char header = memory_print("X-Much: %s\r\n", kilobyte);
#define OVER "its body is over 100000", 100000
    const struct {
        struct flood plan;
        const char *words;
        size_t body_bytes_max;
    } rows[] = {
        { { OK "\r\n", kilobyte }, OVER },
        { { OK "Content-Length: 9000000000\r\n\r\n", kilobyte }, OVER },
        { { OK "Transfer-Encoding: chunked\r\n\r\n", chunk }, OVER },
        { { "HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n", chunk }, OVER },
        { { OK "\r\n", megabyte }, "16777216" },
        { { OK, header }, "headers" },
        { { OK, EIGHT(EIGHT("a:\r\n")) }, "headers" },
        { { OK "Transfer-Encoding: chunked\r\n\r\n0\r\n", header }, "headers" },
        { { OK "X-Long: ", kilobyte }, "headers" }, /* one line */
        { { "", EIGHT("HTTP/1.1 100 Continue\r\n\r\n") }, "headers" },
        { { "", EIGHT("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n") }, "headers" },
    };
    EACH (row, rows) {
        auto_outcome outcome =
            play("http", flood, &row->plan, REQUEST(.reply_bytes_max = row->body_bytes_max));
        assert_failed(outcome, ERR_TOO_BIG, row->words);
    }
}

CURL_TEST(a_body_may_be_as_big_as_its_ceiling)
{
    static const struct script says_ok = { .says = OK "Content-Length: 2\r\n\r\nok" };
    auto_outcome most = play_script(&says_ok, REQUEST(.reply_bytes_max = 2));
    assert_answered(most, 200);
    assert_string_equal((const char *)most.reply->body.data, "ok");
    auto_outcome over = play_script(&says_ok, REQUEST(.reply_bytes_max = 1));
    assert_failed(over, ERR_TOO_BIG);
}

CURL_TEST(an_answer_that_drips_ends_with_its_time)
{
    const struct flood plans[] = { { OK "\r\n", "a", 20 },
                                   { OK "X-Slow: ", "a", 20 },
                                   { OK "Transfer-Encoding: chunked\r\n\r\n3;", "a", 20 },
                                   { OK "Transfer-Encoding: chunked\r\n\r\n3;", "aaaaaaaa" },
                                   { "", "HTTP/1.1 100 Continue\r\n\r\n", 20 } };
    EACH (plan, plans) {
        auto_outcome outcome =
            play("http", flood, plan, REQUEST(.method = "PUT", .timeout_ms = 1000));
        assert_failed(outcome, ERR_LOST);
    }
}
