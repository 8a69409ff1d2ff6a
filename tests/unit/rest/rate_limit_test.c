/* Staying within what the service allows.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/rate_limit.h"
#include "base/log.h"
#include "support/captured.h"
#include "support/rest_fake.h"
#include "support/fixture.h"

static void learn(struct rate_limit *rate_limit, enum rest_kind kind, const char *name,
                  const char *value)
{
    struct http_header header = { name, value };
    struct http_reply reply = { .status = 200, .headers = &header, .header_count = 1 };
    rate_limit_update(rate_limit, kind, &reply);
}

/* How long `count` calls of a kind wait in all. */
static int64_t waits(struct rate_limit *rate_limit, enum rest_kind kind, unsigned count)
{
    auto_call call = { 0 };
    call_init(&call, NULL);
    struct error err = NO_ERROR;
    int64_t begun_ms = clock_monotonic_ms();
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(rate_limit_wait(&call, rate_limit, kind, &err), 0);
    return clock_monotonic_ms() - begun_ms;
}

/* What an answer to a call of that kind says is left, and how long calls then wait. */
static const struct {
    enum rest_kind kind;
    const char *header, *left;
    enum rest_kind called;
    unsigned calls;
    int64_t waited_ms;
} rows[] = {
#define LEFT "x-ms-ratelimit-remaining-subscription-"
    /* Few left of a kind spread out calls of that kind alone: 10 a second, the first at once. */
    { REST_KIND_WRITE, LEFT "writes", "19", REST_KIND_READ, 100, 0 },
    { REST_KIND_WRITE, LEFT "writes", "19", REST_KIND_DELETE, 100, 0 },
    { REST_KIND_WRITE, LEFT "writes", "19", REST_KIND_WRITE, 11, 1000 },
    /* Reads go out 25 a second. */
    { REST_KIND_READ, "X-Ms-RateLimit-Remaining-Tenant-Reads", "0", REST_KIND_READ, 26, 1000 },
    { REST_KIND_READ, LEFT "reads", "20", REST_KIND_READ, 1000, 0 },
    /* Headers of other kinds, and what is no number, are passed over. */
    { REST_KIND_READ, "x-other", "1", REST_KIND_READ, 1000, 0 },
    { REST_KIND_READ, LEFT "writes", "1", REST_KIND_READ, 100, 0 },
    { REST_KIND_READ, LEFT "reads", "soon", REST_KIND_READ, 100, 0 },
    { REST_KIND_READ, LEFT "reads", "-5", REST_KIND_READ, 100, 0 },
    { REST_KIND_READ, LEFT "threads", "1", REST_KIND_READ, 100, 0 },
    { REST_KIND_READ, "remaining-reads", "1", REST_KIND_READ, 100, 0 },
};

TEST(calls_wait_where_an_answer_says_that_few_are_left)
{
    EACH (row, rows) {
        struct rate_limit *rate_limit = rate_limit_new(&dialect_arm);
        assert_int_equal(waits(rate_limit, row->called, 1), 0);
        learn(rate_limit, row->kind, row->header, row->left);
        if (waits(rate_limit, row->called, row->calls) != row->waited_ms)
            fail_msg("%s: %s", row->header, row->left);
        rate_limit_free(rate_limit);
    }
}

TEST(waiting_ends_when_enough_is_left_again)
{
    struct rate_limit *rate_limit = rate_limit_new(&dialect_arm);
    learn(rate_limit, REST_KIND_READ, LEFT "reads", "3");
    assert_true(waits(rate_limit, REST_KIND_READ, 3) > 0);
    learn(rate_limit, REST_KIND_READ, LEFT "reads", "20");
    assert_int_equal(waits(rate_limit, REST_KIND_READ, 100), 0);
    rate_limit_free(rate_limit);
}

TEST(a_stop_ends_the_wait)
{
    auto_stop stop = stop_new();
    auto_call call = { 0 };
    call_init(&call, stop);
    struct error err = NO_ERROR;
    struct rate_limit *rate_limit = rate_limit_new(&dialect_arm);
    learn(rate_limit, REST_KIND_READ, LEFT "reads", "0");
    assert_int_equal(rate_limit_wait(&call, rate_limit, REST_KIND_READ, &err), 0);
    stop_request(stop);
    assert_int_equal(rate_limit_wait(&call, rate_limit, REST_KIND_READ, &err), -1);
    assert_int_equal(err.kind, ERR_STOPPED);
    rate_limit_free(rate_limit);
}

TEST(a_long_wait_is_logged_once)
{
    struct rate_limit *rate_limit = rate_limit_new(&dialect_arm);
    int64_t waited_ms = 0;
    rate_limit_add_wait(rate_limit, 29 * 1000);
    assert_false(rate_limit_is_worth_warning(rate_limit, &waited_ms));
    rate_limit_add_wait(rate_limit, 1000);
    assert_true(rate_limit_is_worth_warning(rate_limit, &waited_ms));
    assert_int_equal(waited_ms, 30 * 1000);
    assert_false(rate_limit_is_worth_warning(rate_limit, &waited_ms));
    rate_limit_free(rate_limit);
}

TEST(a_client_slows_down_before_it_is_throttled)
{
    enum { CALLS = 27 };
    auto_rest_fake fake = rest_fake_new(
        ANSWERS({ 200, .body = "{}" }, { 200, LEFT "reads: 5", "{}", .is_last_again = true }));
    fake->client.rate_limit = rate_limit_new(&dialect_arm);
    int64_t begun_ms = clock_monotonic_ms();
    for (unsigned i = 0; i < CALLS; i++)
        assert_int_equal(rest_fake_get(fake, "/x"), 0);
    /* The first two knew of nothing, the third goes at once. */
    assert_int_equal(clock_monotonic_ms() - begun_ms, (CALLS - 3) * 1000 / 25);
    rate_limit_free(fake->client.rate_limit);
}

TEST(the_sum_of_waits_is_logged_once)
{
    setenv("TF_LOG", "INFO", 1);
    log_init();
    capture_begin();
    struct rate_limit *rate_limit = rate_limit_new(&dialect_arm);
    learn(rate_limit, REST_KIND_WRITE, LEFT "writes", "0");
    waits(rate_limit, REST_KIND_WRITE, 21);
    rate_limit_add_wait(rate_limit, 500);
    rate_limit_free(rate_limit);
    auto_char text = capture_end();
    static const char sum[] = "waited 2500 ms in total to stay within the rate limits of Azure";
    static const char first[] = "Azure Resource Manager allows only a few more writes";
    const char *at = strstr(text, sum), *begun = strstr(text, first);
    assert_non_null(at);
    assert_null(strstr(at + 1, "waited"));
    assert_non_null(begun);
    assert_null(strstr(begun + 1, first));

    capture_begin();
    struct rate_limit *plenty = rate_limit_new(&dialect_arm);
    waits(plenty, REST_KIND_WRITE, 1);
    rate_limit_free(plenty);
    auto_char none = capture_end();
    assert_string_equal(none, "");
}

TEST_GROUP(fake_clock, true_clock)
