/* What may be repeated, and where a text is cut. What is sent again, how often, and what ends it:
 * tests/exchanges/http.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/retry.h"
#include "support/captured.h"
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

/* A wait that would end too late is not begun, and the log does not say that it was. */
TEST_WITH(only_a_wait_that_is_begun_is_logged, fake_clock, true_clock)
{
    setenv("TF_LOG_PROVIDER_AZURESTACK", "DEBUG", 1);
    log_init();
    EACH_TEXT (header, "Retry-After: 50", "Retry-After: 60") {
        bool is_in_time = strcmp(header, "Retry-After: 50") == 0;
        auto_http_reply reply = fake_reply(429, header, NULL);
        auto_call call;
        call_init(&call, NULL);
        call.deadline_ms = clock_monotonic_ms() + 60000;
        struct http_retry retry = { 0 };
        struct error none = NO_ERROR, err = NO_ERROR;
        capture_begin();
        int result = http_retry_wait(&call, &retry, reply, &none, &err);
        auto_char text = capture_end();
        assert_int_equal(result, is_in_time ? 0 : -1);
        assert_int_equal(strstr(text, "before attempt 2") != NULL, is_in_time);
    }
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

/* Each row comes `later_s` after the one before it. */
TEST_WITH(an_outage_is_of_its_host_and_goes_on_until_the_host_is_reached, fake_clock, true_clock)
{
    enum { MOST_S = HTTP_UNREACHABLE_MOST_MS / 1000, NOW = -1, REACHED = -2 };
    static const struct {
        int later_s;
        const char *url;
        enum error_kind kind;
        int since_s; /* from the first row on */
    } rows[] = {
        { 0, "https://a.test/x", ERR_UNREACHABLE, 0 },
        { 1, "https://b.test/x", ERR_NAME, 1 },
        { 1, "https://a.test/y", ERR_NAME, 0 },
        { 1, "https://b.test", ERR_UNREACHABLE, 1 },
        /* What ended before a connection, for a reason of its own, reached nothing. */
        { 1, "https://a.test", ERR_TIMEOUT, 0 },
        { 0, "https://a.test", ERR_STOPPED, 0 },
        { 0, "https://a.test", ERR_INVALID, 0 },
        { 0, "https://a.test", ERR_INTERNAL, 0 },
        { 0, "https://c.test", ERR_TIMEOUT, REACHED }, /* and nothing else is known */
        { MOST_S - 2, "https://a.test", ERR_UNREACHABLE, 0 },
        { 0, "https://b.test", ERR_NONE, REACHED },
        { 0, "https://b.test", ERR_NAME, NOW },
        { MOST_S, "https://a.test", ERR_UNREACHABLE, 0 },
        { MOST_S + 1, "https://a.test", ERR_UNREACHABLE, NOW }, /* not tried for so long */
        { 0, "https://a.test", ERR_TLS, REACHED },
        { 0, "https://a.test", ERR_UNREACHABLE, NOW },
        { 0, "https://a.test", ERR_LOST, REACHED },
        { 1, "https://a.test", ERR_NAME, NOW },
    };
    struct http_outages *outages = http_outages_new();
    int64_t begun_ms = clock_monotonic_ms();
    EACH (row, rows) {
        clock_fake_advance((int64_t)row->later_s * 1000);
        int64_t since_ms = http_outages_record(outages, row->url, row->kind);
        int64_t expected_ms = row->since_s == NOW       ? clock_monotonic_ms()
                              : row->since_s == REACHED ? 0
                                                        : begun_ms + row->since_s * 1000;
        if (since_ms != expected_ms)
            fail_msg("row %td: %lld and not %lld", row - rows, (long long)(since_ms - begun_ms),
                     (long long)(expected_ms - begun_ms));
    }
    http_outages_free(outages);
    assert_int_equal(http_outages_record(NULL, "https://a.test", ERR_NAME), clock_monotonic_ms());
    assert_int_equal(http_outages_record(NULL, "https://a.test", ERR_TIMEOUT), 0);
}

/* One host more than there is room for is not known, and no other one is forgotten for it. */
TEST_WITH(a_host_too_many_is_unreachable_since_now, fake_clock, true_clock)
{
    struct http_outages *outages = http_outages_new();
    int64_t begun_ms = clock_monotonic_ms();
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < 9; i++) {
            char url[20];
            snprintf(url, sizeof url, "https://h%d.test", i);
            assert_int_equal(http_outages_record(outages, url, ERR_NAME),
                             i < 8 ? begun_ms : clock_monotonic_ms());
        }
        clock_fake_advance(1000);
    }
    http_outages_free(outages);
}
