/* What is sent again, how often, and what ends it. Hours pass on the fake clock.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "base/memory.h"
#include "http/retry.h"
#include "support/fake_transport.h"
#include "support/test.h"

static struct run {
    struct fake_transport *fake;
    struct http_reply *reply;
    struct error err;
    struct stop *stop;
    struct call call;
    int64_t began_ms;
} run;

static int end(void **state)
{
    (void)state;
    http_reply_free(run.reply);
    call_clear(&run.call);
    stop_free(run.stop);
    http_transport_free(fake_transport_base(run.fake));
    clock_fake_end();
    run.fake = NULL;
    return 0;
}

/* Ends the one before. */
static void begin(const struct fake_answer *answers, int64_t time_ms)
{
    if (run.fake != NULL)
        end(NULL);
    run = (struct run){ .fake = fake_transport_new(answers), .stop = stop_new() };
    clock_fake_start(0);
    call_init(&run.call, run.stop);
    run.began_ms = clock_monotonic_ms();
    if (time_ms != 0)
        run.call.deadline_ms = run.began_ms + time_ms;
}

static const struct http_request request = { .method = "GET", .url = "https://host/x" };

static int ask(void)
{
    return http_send_retrying(fake_transport_base(run.fake), &run.call, &request, &run.reply,
                              &run.err);
}

static int send_one(void *state, struct call *call, struct http_reply **out, struct error *err)
{
    (void)state;
    return http_send(fake_transport_base(run.fake), call, &request, out, err);
}

static int repeat(const struct http_retry *limits)
{
    http_reply_free(run.reply);
    run.reply = NULL;
    return http_repeat_within(&run.call, send_one, NULL, limits, &run.reply, &run.err);
}

static size_t sent(void)
{
    return fake_transport_count(run.fake);
}

static int64_t took_ms(void)
{
    return clock_monotonic_ms() - run.began_ms;
}

struct want {
    int status;           /* 0: there is no answer, but */
    enum error_kind kind; /* … an error, with */
    const char *text;     /* … this in it */
    size_t sent;          /* 0: any number */
    int64_t time_ms;      /* of the call; 0: as much as it wants */
    int64_t took_ms;      /* so long it takes, or a second more; 0: not looked at */
};

static void expect(const struct fake_answer *answers, struct want want)
{
    begin(answers, want.time_ms);
    int result = ask();
    if (result != (want.status != 0 ? 0 : -1) || run.err.kind != want.kind)
        fail_msg("%d, kind %d: %s", result, run.err.kind, run.err.text);
    assert_true((run.reply != NULL) == (want.status != 0));
    if (want.status != 0)
        assert_int_equal(run.reply->status, want.status);
    if (want.text != NULL)
        assert_has(run.err.text, want.text);
    if (want.sent != 0)
        assert_int_equal(sent(), want.sent);
    if (want.took_ms != 0)
        assert_in_range(took_ms(), want.took_ms, want.took_ms + 1000);
}

#define WANT(...) ((struct want){ __VA_ARGS__ })
#define AGAIN .is_last_again = true

TEST(a_read_is_sent_again_after_what_passes)
{
    const struct want success = { .status = 200, .sent = 3 };
    EACH_NUMBER (status, 408, 429, 500, 502, 503, 504)
        expect(ANSWERS({ status }, { status }, { 200 }), success);
    EACH_NUMBER (kind, ERR_LOST, ERR_UNREACHABLE, ERR_NAME)
        expect(ANSWERS({ .fault = kind }, { .fault = kind }, { 200 }), success);
    /* What an answer asks for is waited out, and hardly longer. */
    expect(ANSWERS({ 429, .headers = "Retry-After: 20" }, { 200 }),
           WANT(.status = 200, .sent = 2, .took_ms = 20000));
}

TEST(an_answer_that_stays_what_it_is_is_not_asked_for_again)
{
    EACH_NUMBER (status, 200, 204, 301, 307, 400, 401, 403, 404, 409, 412, 501, 505)
        expect(ANSWERS({ status, .headers = "Retry-After: 1" }), WANT(.status = status, .sent = 1));
    EACH_NUMBER (kind, ERR_TLS, ERR_TOO_BIG, ERR_CREDENTIAL, ERR_STOPPED, ERR_TIMEOUT, ERR_INVALID,
                 ERR_INTERNAL, ERR_REFUSED)
        expect(ANSWERS({ .fault = kind, .text = "why" }, { 200 }),
               WANT(.kind = kind, .text = "why", .sent = 1));
}

TEST(what_is_not_http_is_asked_for_three_times)
{
    expect(ANSWERS({ .fault = ERR_SHAPE, AGAIN }), WANT(.kind = ERR_SHAPE, .sent = 3));
    /* Whatever else there was before. */
    expect(ANSWERS({ 503 }, { .fault = ERR_LOST }, { 503 }, { .fault = ERR_SHAPE },
                   { .fault = ERR_SHAPE }, { 200 }),
           WANT(.status = 200, .sent = 6));
}

TEST(no_connection_is_tried_for_a_minute)
{
    EACH_NUMBER (kind, ERR_UNREACHABLE, ERR_NAME) {
        expect(ANSWERS({ .fault = kind, .text = "no listener", AGAIN }), WANT(.kind = kind));
        assert_int_equal(took_ms(), 60000);
        assert_in_range(sent(), 6, 10); /* 0.8 s, 1.6 s, … with jitter */
        auto_char text = memory_print("no listener (tried %zu times in 60 s)", sent());
        assert_string_equal(run.err.text, text);
    }
    /* An answer in between starts it again. */
    expect(ANSWERS({ .fault = ERR_UNREACHABLE }, { 429, .headers = "Retry-After: 60" },
                   { .fault = ERR_UNREACHABLE }, { 200 }),
           WANT(.status = 200, .sent = 4));
}

TEST(what_one_has_waited_for_the_next_need_not)
{
    begin(ANSWERS({ .fault = ERR_UNREACHABLE, .text = "refused", .is_last_again = true }), 0);
    fake_transport_base(run.fake)->outages = http_outages_new();
    const struct http_retry limits = { 0 };
    assert_int_equal(repeat(&limits), -1);
    size_t before = sent();
    assert_int_equal(repeat(&limits), -1);
    assert_int_equal(sent(), before + 1);
    assert_string_equal(run.err.text, "refused (unreachable for the last 60 s)");
    assert_int_equal(took_ms(), 60000);
    /* Any answer ends it, and so does a time without requests. */
    http_outages_record(fake_transport_base(run.fake)->outages, "https://host/y", ERR_NONE);
    assert_int_equal(repeat(&limits), -1);
    assert_int_equal(took_ms(), 120000);
    clock_fake_advance(61000);
    assert_int_equal(repeat(&limits), -1);
    assert_int_equal(took_ms(), 241000);
}

TEST(retries_go_on_until_the_deadline)
{
    begin(ANSWERS({ .fault = ERR_NAME, .text = "no such name", AGAIN }), 600 * 1000);
    const struct http_retry limits = { .is_patient = true };
    assert_int_equal(repeat(&limits), -1);
    assert_int_equal(run.err.kind, ERR_TIMEOUT);
    assert_int_equal(run.err.cause, ERR_NAME);
    assert_int_equal(took_ms(), 600 * 1000);
}

TEST(waits_grow_to_a_minute_and_no_further)
{
    expect(ANSWERS({ 500, AGAIN }), WANT(.status = 500, .time_ms = 3600 * 1000));
    int64_t expected_ms = 800;
    for (size_t i = 1; i < sent(); i++) {
        int64_t waited_ms = fake_transport_request(run.fake, i)->at_ms -
                            fake_transport_request(run.fake, i - 1)->at_ms;
        assert_in_range(waited_ms, expected_ms * 8 / 10, 60000);
        assert_true(waited_ms <= expected_ms * 13 / 10);
        expected_ms = expected_ms * 2 < 60000 ? expected_ms * 2 : 60000;
    }
    assert_in_range(sent(), 60, 90);
}

TEST(at_the_deadline_the_last_answer_is_given_back_or_the_last_failure_named)
{
    expect(ANSWERS({ 503, .body = "busy", AGAIN }), WANT(.status = 503, .time_ms = 10000));
    assert_string_equal((const char *)run.reply->body.data, "busy");
    assert_int_equal(took_ms(), 10000);
    /* A wait that would end too late is not begun. */
    expect(ANSWERS({ 429, .headers = "Retry-After: 61", AGAIN }),
           WANT(.status = 429, .time_ms = 60000));
    assert_int_equal(took_ms(), 0);
    expect(ANSWERS({ .fault = ERR_LOST, .text = "host reset it", AGAIN }),
           WANT(.kind = ERR_TIMEOUT, .text = "host reset it", .time_ms = 5000));
}

static void stop_at_the_second(void *stop, struct call *call, size_t number)
{
    (void)call;
    if (number == 1)
        stop_request(stop);
}

TEST(a_stop_ends_the_waits)
{
    begin(ANSWERS({ 429, AGAIN }), 0);
    fake_transport_watch(run.fake, stop_at_the_second, run.stop);
    assert_int_equal(ask(), -1);
    assert_int_equal(run.err.kind, ERR_STOPPED);
    assert_int_equal(sent(), 2);
    assert_null(run.reply);
}

TEST(a_long_text_is_cut_between_characters)
{
    char text[3000] = "x";
    for (size_t i = 1; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "€", 4);
    expect(ANSWERS({ .fault = ERR_LOST, .text = text, AGAIN }),
           WANT(.kind = ERR_TIMEOUT, .text = "€", .time_ms = 5000));
    assert_int_equal(strlen(strstr(run.err.text, "€")) % 3, 0);
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

TEST_GROUP(NULL, end)
