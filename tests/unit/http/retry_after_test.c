/* How long an answer asks to wait.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "http/date.h"
#include "http/retry.h"
#include "support/fake_transport.h"
#include "support/test.h"

/* Sun, 06 Nov 1994 08:49:37 GMT: RFC 9110, 5.6.7 has it in all three forms. */
static const int64_t rfc_example_ms = 784111777000;

static int64_t asked(const char *headers)
{
    auto_http_reply reply = fake_reply(429, headers, NULL);
    return http_retry_after_ms(reply);
}

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

TEST(retry_after_seconds)
{
    assert_int_equal(asked("Retry-After: 7"), 7000);
    assert_int_equal(asked("retry-after: 0"), 0);
    assert_int_equal(asked("Retry-After: 17 \t"), 17000);
    assert_int_equal(asked("Retry-After: 007"), 7000);
}

TEST(retry_after_date)
{
    assert_int_equal(asked("Retry-After: Sun, 06 Nov 1994 08:49:49 GMT"), 12000);
    assert_int_equal(asked("Retry-After: Sunday, 06-Nov-94 08:49:49 GMT"), 12000);
    assert_int_equal(asked("Retry-After: Sun Nov  6 08:49:49 1994"), 12000);
    assert_int_equal(asked("Retry-After: Sun, 06 Nov 1994 07:00:00 GMT"), 0);
    /* Years away: cut. */
    assert_int_equal(asked("Retry-After: Fri, 06 Nov 2037 08:49:37 GMT"), 600000);
}

/* curl takes a year of ten digits. */
TEST(a_date_past_the_year_9999_is_none)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        { "Fri, 31 Dec 9999 23:59:59 GMT", INT64_C(253402300799000) },
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
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (http_parse_date_ms(rows[i].text) != rows[i].ms)
            fail_msg("%s: %lld", rows[i].text,
                     (long long)http_parse_date_ms(rows[i].text));
        char headers[200];
        snprintf(headers, sizeof headers, "Retry-After: %s\nDate: %s", rows[i].text,
                 rows[i].text);
        assert_int_equal(asked(headers), rows[i].ms < 0 ? -1 : 0);
    }
}

TEST(retry_after_date_uses_the_clock_of_the_response)
{
    /* A day from here, 5 s from there. */
    assert_int_equal(asked("Date: Mon, 07 Nov 1994 08:49:37 GMT\n"
                           "Retry-After: Mon, 07 Nov 1994 08:49:42 GMT"),
                     5000);
}

TEST(retry_after_ms_headers_go_first)
{
    assert_int_equal(asked("Retry-After: 9\nretry-after-ms: 1500"), 1500);
    assert_int_equal(asked("Retry-After: 9\nX-MS-Retry-After-Ms: 250"), 250);
    assert_int_equal(asked("x-ms-retry-after-ms: 250\nRetry-After-Ms: 300"), 300);
    /* One that says nothing is passed over. */
    assert_int_equal(asked("Retry-After: 9\nretry-after-ms: soon"), 9000);
}

TEST(retry_after_negative_is_none)
{
    assert_int_equal(asked("Retry-After: -1"), -1);
    assert_int_equal(asked("Retry-After-Ms: -1"), -1);
    assert_int_equal(asked("Retry-After: -9223372036854775808"), -1);
}

TEST(retry_after_huge_is_cut)
{
    assert_int_equal(asked("Retry-After: 600"), 600000);
    assert_int_equal(asked("Retry-After: 601"), 600000);
    assert_int_equal(asked("Retry-After: 9223372036854775807"), 600000);
    assert_int_equal(asked("Retry-After: 99999999999999999999999999999999"), 600000);
    assert_int_equal(asked("Retry-After-Ms: 18446744073709551617"), 600000);
}

TEST(retry_after_garbage_is_none)
{
    static const char *const texts[] = {
        "",
        "Retry-After:",
        "Retry-After: soon",
        "Retry-After: 1.5",
        "Retry-After: 0x10",
        "Retry-After: +5",
        "Retry-After: 5 s",
        "Retry-After: 5, 6",
        "Retry-After: 1e3",
        "Retry-After: Sun, 99 Nov 1994 08:49:37 GMT",
        "Retry-After: \xff\xfe",
        "Retry-After: 2026-08-22T09:41:07Z",
        "Retry-Afterwards: 5",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (asked(texts[i]) != -1)
            fail_msg("\"%s\" is taken for %lld ms", texts[i], (long long)asked(texts[i]));
    assert_int_equal(http_retry_after_ms(NULL), -1);
}

TEST(a_date_is_read_in_the_three_forms_of_http)
{
    assert_int_equal(http_parse_date_ms("Sun, 06 Nov 1994 08:49:37 GMT"), rfc_example_ms);
    assert_int_equal(http_parse_date_ms("Sunday, 06-Nov-94 08:49:37 GMT"),
                     rfc_example_ms);
    assert_int_equal(http_parse_date_ms("Sun Nov  6 08:49:37 1994"), rfc_example_ms);
    assert_int_equal(http_parse_date_ms("Tue, 19 Jan 2038 03:14:08 GMT"), 2147483648000);
    assert_int_equal(http_parse_date_ms(NULL), -1);
    assert_int_equal(http_parse_date_ms(""), -1);
    assert_int_equal(http_parse_date_ms("19941106"), -1);
}

TEST_GROUP(begin, end)
