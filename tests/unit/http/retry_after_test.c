/* How long an answer asks to wait, and the dates of HTTP.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/date.h"
#include "http/retry.h"
#include "support/fake_transport.h"
#include "support/fixture.h"

/* Sun, 06 Nov 1994 08:49:37 GMT: RFC 9110, 5.6.7 has it in all three forms. */
static const int64_t rfc_example_ms = 784111777000;

/* -1: it does not say. */
static void expect_wait(const char *headers, int64_t ms)
{
    clock_fake_start(rfc_example_ms);
    auto_http_reply reply = fake_reply(429, headers, NULL);
    if (http_retry_after_ms(reply) != ms)
        fail_msg("%s: %lld ms", headers, (long long)http_retry_after_ms(reply));
}

TEST(an_answer_asks_to_wait_in_one_of_several_headers)
{
    static const struct {
        const char *headers;
        int64_t ms;
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
        { "Date: soon\nRetry-After: Sun, 06 Nov 1994 08:49:49 GMT", 12000 },
        { "Date: Fri, 31 Dec 9999 23:59:59 GMT\nRetry-After: Sun, 06 Nov 1994 08:49:49 GMT", 0 },
        { "Date: Thu, 01 Jan 1970 00:00:00 GMT\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT",
          86400000 },
        /* Milliseconds go first, unless they say nothing. */
        { "Retry-After: 9\nretry-after-ms: 1500", 1500 },
        { "Retry-After: 9\nX-MS-Retry-After-Ms: 250", 250 },
        { "x-ms-retry-after-ms: 250\nRetry-After-Ms: 300", 300 },
        { "Retry-After: 9\nretry-after-ms: soon", 9000 },
    };
    EACH (row, rows)
        expect_wait(row->headers, row->ms);
    assert_int_equal(http_retry_after_ms(NULL), -1);
    EACH_TEXT (headers, "", "Retry-After:", "Retry-After: -1", "Retry-After-Ms: -1",
               "Retry-After: -9223372036854775808", "Retry-After: soon", "Retry-After: 1.5",
               "Retry-After: 0x10", "Retry-After: +5", "Retry-After: 5 s", "Retry-After: 5, 6",
               "Retry-After: 1e3", "Retry-After: Sun, 99 Nov 1994 08:49:37 GMT",
               "Retry-After: \xff\xfe", "Retry-After: 2026-08-22T09:41:07Z", "Retry-Afterwards: 5")
        expect_wait(headers, -1);
}

TEST(a_wait_is_a_day_at_most)
{
    expect_wait("Retry-After: 7200", 7200000);
    EACH_TEXT (headers, "Retry-After: 86400", "Retry-After: 86401",
               "Retry-After: 9223372036854775807", "Retry-After: 99999999999999999999999999999999",
               "Retry-After-Ms: 18446744073709551617", "Retry-After: Fri, 06 Nov 2037 08:49:37 GMT")
        expect_wait(headers, 86400000);
}

/* -1: it is none. A wait is measured by the clock of the answer, here at the same moment. */
static void expect_date(const char *text, int64_t ms)
{
    if (http_parse_date_ms(text) != ms)
        fail_msg("%s: %lld", text, (long long)http_parse_date_ms(text));
    char headers[200];
    snprintf(headers, sizeof headers, "Retry-After: %s\nDate: %s", text, text);
    expect_wait(headers, ms < 0 ? -1 : 0);
}

/* curl, which reads them, takes a year of ten digits. */
TEST(a_date_is_read_in_the_three_forms_of_http_up_to_the_year_9999)
{
    expect_date("Sun, 06 Nov 1994 08:49:37 GMT", rfc_example_ms);
    expect_date("Sunday, 06-Nov-94 08:49:37 GMT", rfc_example_ms);
    expect_date("Sun Nov  6 08:49:37 1994", rfc_example_ms);
    expect_date("Tue, 19 Jan 2038 03:14:08 GMT", 2147483648000);
    expect_date("Fri, 31 Dec 9999 23:59:59 GMT", 253402300799000);
    EACH_TEXT (text, "", "Sat, 01 Jan 10000 00:00:00 GMT", "Sun, 1 Nov 99999 00:00:00 GMT",
               "Sun, 1 Nov 292278994 00:00:00 GMT", "Sun, 1 Nov 292278995 00:00:00 GMT",
               "Sun, 1 Nov 1111111111 00:00:00 GMT", "Sun, 1 Nov 2147483647 00:00:00 GMT",
               "Sun, 1 Nov 2147483648 00:00:00 GMT", "Sun, 1 Nov 9999999999 00:00:00 GMT",
               "Sun, 1 Nov 99999999999999999999 00:00:00 GMT",
               "Sun, 1 Nov 2147483647 00:00:00 +2400", "Sun, 1 Nov -1111111111 00:00:00 GMT",
               "Sun Nov 1 00:00:00 1111111111", "Sun, 99999999999 Nov 2020 00:00:00 GMT")
        expect_date(text, -1);
    assert_int_equal(http_parse_date_ms("19941106"), -1);
    assert_int_equal(http_parse_date_ms(NULL), -1);
}

TEST_GROUP(NULL, true_clock)
