/* What may be repeated, and where a text is cut. What is sent again, how often, and what ends it:
 * tests/exchanges/http.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "http/retry.h"
#include "support/fake_transport.h"
#include "support/fixture.h"

TEST_WITH(a_long_text_is_cut_between_characters, fake_clock, true_clock)
{
    static const struct http_request request = { .method = "GET", .url = "https://host/x" };
    char text[3000] = "x";
    for (size_t i = 1; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "€", 4);
    const struct fake_answer lost = { .fault = ERR_LOST, .text = text, .is_last_again = true };
    struct fake_transport *fake = fake_transport_new(ANSWERS(lost));
    auto_call call;
    call_init(&call, NULL);
    call.deadline_ms = clock_monotonic_ms() + 5000;
    auto_http_reply reply = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(http_send_retrying(fake_transport_base(fake), &call, &request, &reply, &err),
                     -1);
    assert_int_equal(err.kind, ERR_TIMEOUT);
    assert_int_equal(strlen(strstr(err.text, "€")) % 3, 0);
    http_transport_free(fake_transport_base(fake));
}

static enum http_outcome outcome_of(int status, const char *headers)
{
    auto_http_reply reply = fake_reply(status, headers, NULL);
    return http_classify(reply, &(struct error){ .kind = ERR_NONE });
}

TEST(outcomes_say_what_may_be_repeated)
{
    static const struct {
        enum http_outcome outcome;
        int statuses[4];
        enum error_kind kinds[4];
    } rows[] = {
        { HTTP_RESPONDED, { 200, 404, 307 }, { ERR_NONE } },
        { HTTP_RETRYABLE, { 429 }, { ERR_UNREACHABLE, ERR_NAME } },
        { HTTP_UNCERTAIN, { 503, 408, 504, 599 }, { ERR_LOST, ERR_SHAPE, ERR_TOO_BIG } },
        { HTTP_PERMANENT, { 0 }, { ERR_TLS, ERR_STOPPED, ERR_TIMEOUT, ERR_CREDENTIAL } },
    };
    EACH (row, rows) {
        for (size_t i = 0; i < 4 && row->statuses[i] != 0; i++)
            assert_int_equal(outcome_of(row->statuses[i], NULL), row->outcome);
        for (size_t i = 0; i < 4 && row->kinds[i] != ERR_NONE; i++)
            assert_int_equal(http_classify(NULL, &(struct error){ .kind = row->kinds[i] }),
                             row->outcome);
    }
    assert_int_equal(outcome_of(503, "Retry-After: 3"), HTTP_RETRYABLE);
    assert_int_equal(outcome_of(503, "Retry-After: soon"), HTTP_UNCERTAIN);
    assert_int_equal(outcome_of(500, "Retry-After: 3"), HTTP_UNCERTAIN);
}
