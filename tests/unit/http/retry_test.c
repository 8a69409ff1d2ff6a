/* What is sent again, how often, and what ends it. Hours pass on the fake clock.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "http/retry.h"
#include "support/fake_transport.h"
#include "support/test.h"

struct run {
    struct fake_transport *fake;
    struct http_reply *reply;
    struct error err;
    struct stop *stop;
    struct call call;
    int64_t began_ms;
};

static struct run *begin(const struct fake_answer *answers)
{
    static struct run run;
    run = (struct run){ .fake = fake_transport_new(answers), .stop = stop_new() };
    clock_fake_start(0);
    call_init(&run.call, run.stop);
    run.began_ms = clock_monotonic_ms();
    return &run;
}

static int ask(struct run *run)
{
    const struct http_request request = { .method = "GET", .url = "https://host/x" };
    return http_send_retrying(fake_transport_base(run->fake), &run->call, &request,
                              &run->reply, &run->err);
}

struct one {
    struct fake_transport *fake;
    const struct http_request *request;
};

static int send_one(void *state, struct call *call, struct http_reply **out,
                    struct error *err)
{
    const struct one *one = state;
    return http_send(fake_transport_base(one->fake), call, one->request, out, err);
}

static size_t sent(struct run *run)
{
    return fake_transport_count(run->fake);
}

static void end(struct run *run)
{
    http_reply_free(run->reply);
    call_clear(&run->call);
    stop_free(run->stop);
    http_transport_free(fake_transport_base(run->fake));
    clock_fake_end();
}

TEST(a_read_is_sent_again_after_each_status_that_passes)
{
    static const int statuses[] = { 408, 429, 500, 502, 503, 504 };
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        const struct fake_answer answers[] = { { .status = statuses[i] },
                                               { .status = 200 },
                                               { 0 } };
        struct run *run = begin(answers);
        assert_int_equal(ask(run), 0);
        assert_int_equal(run->reply->status, 200);
        assert_int_equal(sent(run), 2);
        end(run);
    }
}

TEST(an_answer_that_stays_what_it_is_is_not_asked_for_again)
{
    static const int statuses[] = { 200, 204, 301, 307, 400, 401,
                                    403, 404, 409, 412, 501, 505 };
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        const struct fake_answer answers[] = {
            { .status = statuses[i], .headers = "Retry-After: 1" }, { 0 }
        };
        struct run *run = begin(answers);
        assert_int_equal(ask(run), 0);
        assert_int_equal(run->reply->status, statuses[i]);
        assert_int_equal(sent(run), 1);
        end(run);
    }
}

TEST(a_broken_connection_is_tried_again)
{
    static const struct fake_answer answers[] = {
        { .fault = ERR_LOST }, { .fault = ERR_UNREACHABLE }, { .status = 200 }, { 0 }
    };
    struct run *run = begin(answers);
    assert_int_equal(ask(run), 0);
    assert_int_equal(sent(run), 3);
    end(run);
}

TEST(neither_trust_nor_ceilings_are_tried_again)
{
    static const enum error_kind kinds[] = { ERR_TLS,      ERR_TOO_BIG, ERR_CREDENTIAL,
                                             ERR_STOPPED,  ERR_TIMEOUT, ERR_INVALID,
                                             ERR_INTERNAL, ERR_REFUSED };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct fake_answer answers[] = { { .fault = kinds[i], .text = "why" },
                                               { .status = 200 },
                                               { 0 } };
        struct run *run = begin(answers);
        assert_int_equal(ask(run), -1);
        assert_int_equal(run->err.kind, kinds[i]);
        assert_string_equal(run->err.text, "why");
        assert_null(run->reply);
        assert_int_equal(sent(run), 1);
        end(run);
    }
}

TEST(what_is_not_http_is_asked_for_three_times)
{
    static const struct fake_answer answers[] = { { .fault = ERR_SHAPE,
                                                    .is_last_again = true } };
    struct run *run = begin(answers);
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_SHAPE);
    assert_int_equal(sent(run), 3);
    end(run);
    /* Whatever else there was before. */
    static const struct fake_answer mixed[] = { { .status = 503 },
                                                { .fault = ERR_LOST },
                                                { .status = 503 },
                                                { .fault = ERR_SHAPE },
                                                { .fault = ERR_SHAPE },
                                                { .status = 200 },
                                                { 0 } };
    run = begin(mixed);
    assert_int_equal(ask(run), 0);
    assert_int_equal(sent(run), 6);
    end(run);
}

TEST(no_connection_is_tried_for_a_minute)
{
    static const enum error_kind kinds[] = { ERR_UNREACHABLE, ERR_NAME };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct fake_answer answers[] = {
            { .fault = kinds[i], .text = "nobody there", .is_last_again = true }
        };
        struct run *run = begin(answers);
        assert_int_equal(ask(run), -1);
        assert_int_equal(run->err.kind, kinds[i]);
        assert_int_equal(clock_monotonic_ms() - run->began_ms, 60000);
        assert_in_range(sent(run), 6, 10); /* 0.8 s, 1.6 s, … with jitter */
        char text[64];
        snprintf(text, sizeof text, "nobody there (tried %zu times in 60 s)", sent(run));
        assert_string_equal(run->err.text, text);
        end(run);
    }
}

static int repeat(struct run *run, const struct http_retry *limits)
{
    static const struct http_request request = { .method = "GET",
                                                 .url = "https://host/x" };
    http_reply_free(run->reply);
    run->reply = NULL;
    return http_repeat_within(&run->call, send_one, &(struct one){ run->fake, &request },
                              limits, &run->reply, &run->err);
}

TEST(what_one_has_waited_for_the_next_need_not)
{
    static const struct fake_answer answers[] = {
        { .fault = ERR_UNREACHABLE, .text = "refused", .is_last_again = true }
    };
    struct run *run = begin(answers);
    fake_transport_base(run->fake)->outages = http_outages_new();
    const struct http_retry limits = { 0 };
    assert_int_equal(repeat(run, &limits), -1);
    size_t before = sent(run);
    assert_int_equal(repeat(run, &limits), -1);
    assert_int_equal(sent(run), before + 1);
    assert_string_equal(run->err.text, "refused (as for the last 60 s)");
    assert_int_equal(clock_monotonic_ms() - run->began_ms, 60000);
    /* Whoever answers ends it, and so does a time in which nobody asked. */
    http_outages_record(fake_transport_base(run->fake)->outages, "https://host/y",
                        ERR_NONE);
    assert_int_equal(repeat(run, &limits), -1);
    assert_int_equal(clock_monotonic_ms() - run->began_ms, 120000);
    clock_fake_advance(61000);
    assert_int_equal(repeat(run, &limits), -1);
    assert_int_equal(clock_monotonic_ms() - run->began_ms, 241000);
    end(run);
}

TEST(retries_go_on_until_the_deadline)
{
    static const struct fake_answer answers[] = {
        { .fault = ERR_NAME, .text = "no such name", .is_last_again = true }
    };
    struct run *run = begin(answers);
    run->call.deadline_ms = clock_monotonic_ms() + 600 * 1000;
    const struct http_retry limits = { .is_patient = true };
    assert_int_equal(repeat(run, &limits), -1);
    assert_int_equal(run->err.kind, ERR_TIMEOUT);
    assert_int_equal(run->err.cause, ERR_NAME);
    assert_int_equal(clock_monotonic_ms() - run->began_ms, 600 * 1000);
    end(run);
}

TEST(an_answer_in_between_begins_the_minute_anew)
{
    static const struct fake_answer answers[] = { { .fault = ERR_UNREACHABLE },
                                                  { .status = 429,
                                                    .headers = "Retry-After: 60" },
                                                  { .fault = ERR_UNREACHABLE },
                                                  { .status = 200 },
                                                  { 0 } };
    struct run *run = begin(answers);
    assert_int_equal(ask(run), 0);
    assert_int_equal(sent(run), 4);
    end(run);
}

TEST(retry_after_is_waited_out_and_hardly_longer)
{
    static const struct fake_answer answers[] = {
        { .status = 429, .headers = "Retry-After: 20" }, { .status = 200 }, { 0 }
    };
    struct run *run = begin(answers);
    assert_int_equal(ask(run), 0);
    int64_t waited_ms = fake_transport_request(run->fake, 1)->at_ms - run->began_ms;
    assert_in_range(waited_ms, 20000, 21000);
    end(run);
}

TEST(waits_grow_to_a_minute_and_no_further)
{
    static const struct fake_answer answers[] = { { .status = 500,
                                                    .is_last_again = true } };
    struct run *run = begin(answers);
    run->call.deadline_ms = clock_monotonic_ms() + 3600 * 1000;
    assert_int_equal(ask(run), 0);
    int64_t expected_ms = 800;
    for (size_t i = 1; i < sent(run); i++) {
        int64_t waited_ms = fake_transport_request(run->fake, i)->at_ms -
                            fake_transport_request(run->fake, i - 1)->at_ms;
        assert_in_range(waited_ms, expected_ms * 8 / 10, 60000);
        assert_true(waited_ms <= expected_ms * 13 / 10);
        expected_ms = expected_ms * 2 < 60000 ? expected_ms * 2 : 60000;
    }
    assert_in_range(sent(run), 60, 90);
    end(run);
}

TEST(the_last_answer_is_given_back_at_the_deadline)
{
    static const struct fake_answer answers[] = {
        { .status = 503, .body = "busy", .is_last_again = true }
    };
    struct run *run = begin(answers);
    run->call.deadline_ms = clock_monotonic_ms() + 10000;
    assert_int_equal(ask(run), 0);
    assert_int_equal(run->reply->status, 503);
    assert_string_equal((const char *)run->reply->body.data, "busy");
    assert_int_equal(run->err.kind, ERR_NONE);
    assert_int_equal(clock_monotonic_ms() - run->began_ms, 10000);
    end(run);
}

TEST(a_wait_that_would_end_too_late_is_not_begun)
{
    static const struct fake_answer answers[] = {
        { .status = 429, .headers = "Retry-After: 61", .is_last_again = true }
    };
    struct run *run = begin(answers);
    run->call.deadline_ms = clock_monotonic_ms() + 60000;
    assert_int_equal(ask(run), 0);
    assert_int_equal(run->reply->status, 429);
    assert_int_equal(clock_monotonic_ms(), run->began_ms);
    end(run);
}

TEST(a_deadline_without_a_response_reports_the_last_failure)
{
    static const struct fake_answer answers[] = {
        { .fault = ERR_LOST, .text = "host reset it", .is_last_again = true }
    };
    struct run *run = begin(answers);
    run->call.deadline_ms = clock_monotonic_ms() + 5000;
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_TIMEOUT);
    assert_non_null(strstr(run->err.text, "host reset it"));
    end(run);
}

static void stop_now(void *state, struct call *call, size_t number)
{
    (void)call;
    if (number == 1)
        stop_request(state);
}

TEST(a_stop_ends_the_waits)
{
    static const struct fake_answer answers[] = { { .status = 429,
                                                    .is_last_again = true } };
    struct run *run = begin(answers);
    fake_transport_watch(run->fake, stop_now, run->stop);
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_STOPPED);
    assert_int_equal(sent(run), 2);
    assert_null(run->reply);
    end(run);
}

TEST(a_long_text_is_cut_between_characters)
{
    char text[3000] = "x";
    for (size_t i = 1; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "\xe2\x82\xac", 4);
    const struct fake_answer answers[] = {
        { .fault = ERR_LOST, .text = text, .is_last_again = true }
    };
    struct run *run = begin(answers);
    run->call.deadline_ms = clock_monotonic_ms() + 5000;
    assert_int_equal(ask(run), -1);
    const char *from = strstr(run->err.text, "\xe2\x82\xac");
    assert_non_null(from);
    assert_int_equal(strlen(from) % 3, 0);
    end(run);
}

TEST(outcomes_say_what_may_be_repeated)
{
    static const struct {
        int status;
        const char *headers;
        enum http_outcome outcome;
    } rows[] = {
        { 200, NULL, HTTP_RESPONDED },
        { 404, NULL, HTTP_RESPONDED },
        { 307, NULL, HTTP_RESPONDED },
        { 429, NULL, HTTP_RETRYABLE },
        { 503, "Retry-After: 3", HTTP_RETRYABLE },
        { 503, "Retry-After: soon", HTTP_UNCERTAIN },
        { 503, NULL, HTTP_UNCERTAIN },
        { 408, NULL, HTTP_UNCERTAIN },
        { 500, "Retry-After: 3", HTTP_UNCERTAIN },
        { 504, NULL, HTTP_UNCERTAIN },
        { 599, NULL, HTTP_UNCERTAIN },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        auto_http_reply reply = fake_reply(rows[i].status, rows[i].headers, NULL);
        assert_int_equal(http_classify(reply, NULL), rows[i].outcome);
    }
    static const struct {
        enum error_kind kind;
        enum http_outcome outcome;
    } faults[] = {
        { ERR_UNREACHABLE, HTTP_RETRYABLE }, { ERR_LOST, HTTP_UNCERTAIN },
        { ERR_SHAPE, HTTP_UNCERTAIN },       { ERR_TOO_BIG, HTTP_UNCERTAIN },
        { ERR_NAME, HTTP_RETRYABLE },        { ERR_TLS, HTTP_PERMANENT },
        { ERR_STOPPED, HTTP_PERMANENT },     { ERR_TIMEOUT, HTTP_PERMANENT },
        { ERR_CREDENTIAL, HTTP_PERMANENT },
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const struct error err = { .kind = faults[i].kind };
        assert_int_equal(http_classify(NULL, &err), faults[i].outcome);
    }
}
