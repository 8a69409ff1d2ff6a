/* How long an answer asks to wait, and the dates of HTTP.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "http/date.h"
#include "http/retry.h"
#include "support/fake_transport.h"
#include "support/test.h"

/* Sun, 06 Nov 1994 08:49:37 GMT: RFC 9110, 5.6.7 has it in all three forms. */
static const int64_t rfc_example_ms = 784111777000;

static int begin(void **state)
{
    (void)state;
    clock_fake_start(rfc_example_ms);
    return 0;
}

static int end(void **state)
{
    (void)state;
    clock_fake_end();
    return 0;
}

TEST(an_answer_asks_to_wait_in_one_of_several_headers)
{
    static const struct {
        const char *headers;
        int64_t ms; /* -1: it does not say */
    } rows[] = {
        { "Retry-After: 7", 7000 },
        { "retry-after: 0", 0 },
        { "Retry-After: 17 \t", 17000 },
        { "Retry-After: 007", 7000 },
        { "Retry-After: Sun, 06 Nov 1994 08:49:49 GMT", 12000 },
        { "Retry-After: Sunday, 06-Nov-94 08:49:49 GMT", 12000 },
        { "Retry-After: Sun Nov  6 08:49:49 1994", 12000 },
        { "Retry-After: Sun, 06 Nov 1994 07:00:00 GMT", 0 },
        /* A day from here, 5 s by the clock of the answer. */
        { "Date: Mon, 07 Nov 1994 08:49:37 GMT\nRetry-After: Mon, 07 Nov 1994 08:49:42 GMT", 5000 },
        /* Milliseconds go first, unless they say nothing. */
        { "Retry-After: 9\nretry-after-ms: 1500", 1500 },
        { "Retry-After: 9\nX-MS-Retry-After-Ms: 250", 250 },
        { "x-ms-retry-after-ms: 250\nRetry-After-Ms: 300", 300 },
        { "Retry-After: 9\nretry-after-ms: soon", 9000 },
        { "Retry-After: -1", -1 },
        { "Retry-After-Ms: -1", -1 },
        { "Retry-After: -9223372036854775808", -1 },
        /* Ten minutes at most. */
        { "Retry-After: 600", 600000 },
        { "Retry-After: 601", 600000 },
        { "Retry-After: 9223372036854775807", 600000 },
        { "Retry-After: 99999999999999999999999999999999", 600000 },
        { "Retry-After-Ms: 18446744073709551617", 600000 },
        { "Retry-After: Fri, 06 Nov 2037 08:49:37 GMT", 600000 },
        { "", -1 },
        { "Retry-After:", -1 },
        { "Retry-After: soon", -1 },
        { "Retry-After: 1.5", -1 },
        { "Retry-After: 0x10", -1 },
        { "Retry-After: +5", -1 },
        { "Retry-After: 5 s", -1 },
        { "Retry-After: 5, 6", -1 },
        { "Retry-After: 1e3", -1 },
        { "Retry-After: Sun, 99 Nov 1994 08:49:37 GMT", -1 },
        { "Retry-After: \xff\xfe", -1 },
        { "Retry-After: 2026-08-22T09:41:07Z", -1 },
        { "Retry-Afterwards: 5", -1 },
    };
    EACH (row, rows) {
        auto_http_reply reply = fake_reply(429, row->headers, NULL);
        if (http_retry_after_ms(reply) != row->ms)
            fail_msg("%s: %lld ms", row->headers, (long long)http_retry_after_ms(reply));
    }
    assert_int_equal(http_retry_after_ms(NULL), -1);
}

/* curl, which reads them, takes a year of ten digits. */
TEST(a_date_is_read_in_the_three_forms_of_http_up_to_the_year_9999)
{
    const struct {
        const char *text;
        int64_t ms; /* -1: it is none */
    } rows[] = {
        { "Sun, 06 Nov 1994 08:49:37 GMT", rfc_example_ms },
        { "Sunday, 06-Nov-94 08:49:37 GMT", rfc_example_ms },
        { "Sun Nov  6 08:49:37 1994", rfc_example_ms },
        { "Tue, 19 Jan 2038 03:14:08 GMT", 2147483648000 },
        { "", -1 },
        { "19941106", -1 },
        { "Fri, 31 Dec 9999 23:59:59 GMT", 253402300799000 },
        { "Sat, 01 Jan 10000 00:00:00 GMT", -1 },
        { "Sun, 1 Nov 99999 00:00:00 GMT", -1 },
        { "Sun, 1 Nov 292278994 00:00:00 GMT", -1 },
        { "Sun, 1 Nov 292278995 00:00:00 GMT", -1 },
        { "Sun, 1 Nov 1111111111 00:00:00 GMT", -1 },
        { "Sun, 1 Nov 2147483647 00:00:00 GMT", -1 },
        { "Sun, 1 Nov 2147483648 00:00:00 GMT", -1 },
        { "Sun, 1 Nov 9999999999 00:00:00 GMT", -1 },
        { "Sun, 1 Nov 99999999999999999999 00:00:00 GMT", -1 },
        { "Sun, 1 Nov 2147483647 00:00:00 +2400", -1 },
        { "Sun, 1 Nov -1111111111 00:00:00 GMT", -1 },
        { "Sun Nov 1 00:00:00 1111111111", -1 },
        { "Sun, 99999999999 Nov 2020 00:00:00 GMT", -1 },
    };
    EACH (row, rows) {
        if (http_parse_date_ms(row->text) != row->ms)
            fail_msg("%s: %lld", row->text, (long long)http_parse_date_ms(row->text));
        /* A wait is measured by the clock of the answer, here at the same moment. */
        char headers[200];
        snprintf(headers, sizeof headers, "Retry-After: %s\nDate: %s", row->text, row->text);
        auto_http_reply reply = fake_reply(429, headers, NULL);
        if (strcmp(row->text, "19941106") != 0)
            assert_int_equal(http_retry_after_ms(reply), row->ms < 0 ? -1 : 0);
    }
    assert_int_equal(http_parse_date_ms(NULL), -1);
}

TEST_GROUP(begin, end)
