/* What may be sent again, and when.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/retry.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/date.h"
#include "http/url.h"

enum { WARN_WAIT_MS = 30 * 1000, SHAPE_ATTEMPTS_MAX = 3 };

static bool is_without_connection(const struct error *err)
{
    return err->kind == ERR_UNREACHABLE || err->kind == ERR_NAME;
}

bool http_may_pass(int status)
{
    return status == 408 || status == 429 || status >= 500;
}

enum http_outcome http_classify(const struct http_reply *reply, const struct error *err)
{
    if (reply == NULL) {
        switch (err->kind) {
        case ERR_UNREACHABLE:
        case ERR_NAME:
            return HTTP_RETRYABLE;
        case ERR_LOST:
        case ERR_SHAPE:
        case ERR_TOO_BIG:
            return HTTP_UNCERTAIN;
        default:
            return HTTP_PERMANENT;
        }
    }
    if (reply->status == 429)
        return HTTP_RETRYABLE;
    if (reply->status == 503 && http_retry_after_ms(reply) >= 0)
        return HTTP_RETRYABLE;
    return http_may_pass(reply->status) ? HTTP_UNCERTAIN : HTTP_RESPONDED;
}

static bool has_retry_after(const struct http_reply *reply)
{
    return reply != NULL && (reply->status == 429 || http_retry_after_ms(reply) >= 0);
}

bool http_is_worth_repeating(const struct http_retry *retry,
                             const struct http_reply *reply, const struct error *err)
{
    bool is_limited = retry->futile_status == 0 ||
                      (reply != NULL && reply->status == retry->futile_status);
    if (is_limited && retry->failures_max != 0 &&
        retry->failures + 1 >= retry->failures_max && !has_retry_after(reply))
        return false;
    if (reply == NULL) {
        if (err->kind == ERR_SHAPE)
            return retry->garbled + 1 < SHAPE_ATTEMPTS_MAX;
        return is_without_connection(err) || err->kind == ERR_LOST;
    }
    switch (reply->status) {
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
        return true;
    default:
        return false;
    }
}

/* Digits only, at most HTTP_RETRY_AFTER_MOST_MS; -1: the text is something else. */
static int64_t read_wait(const char *text, int64_t unit_ms)
{
    if (!isdigit((unsigned char)*text))
        return -1;
    int64_t count = 0;
    for (; isdigit((unsigned char)*text); text++) {
        count = count * 10 + (*text - '0');
        if (count > HTTP_RETRY_AFTER_MOST_MS)
            count = HTTP_RETRY_AFTER_MOST_MS;
    }
    while (*text == ' ' || *text == '\t')
        text++;
    if (*text != '\0')
        return -1;
    int64_t ms = count * unit_ms;
    return ms < HTTP_RETRY_AFTER_MOST_MS ? ms : HTTP_RETRY_AFTER_MOST_MS;
}

int64_t http_retry_after_ms(const struct http_reply *reply)
{
    static const struct {
        const char *name;
        int64_t unit_ms;
    } headers[] = { { "Retry-After-Ms", 1 },
                    { "x-ms-retry-after-ms", 1 },
                    { "Retry-After", 1000 } };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        const char *text = http_reply_header(reply, headers[i].name);
        int64_t ms = text != NULL ? read_wait(text, headers[i].unit_ms) : -1;
        if (ms >= 0)
            return ms;
    }
    int64_t until_ms = http_parse_date_ms(http_reply_header(reply, "Retry-After"));
    if (until_ms < 0 && reply != NULL && reply->body_wait_ms > 0)
        return reply->body_wait_ms < HTTP_RETRY_AFTER_MOST_MS ? reply->body_wait_ms
                                                              : HTTP_RETRY_AFTER_MOST_MS;
    if (until_ms < 0)
        return -1;
    int64_t ms = until_ms - http_reply_date_ms(reply);
    return ms < 0 ? 0 : ms > HTTP_RETRY_AFTER_MOST_MS ? HTTP_RETRY_AFTER_MOST_MS : ms;
}

/* Source of the numbers: azcore, sdk/azcore/runtime/policy_retry.go. */
static int64_t next_wait_ms(const struct http_retry *retry, int64_t asked_ms)
{
    if (asked_ms > 0) {
        /* A little more, so that clients that were throttled together do not return together. */
        int64_t spread = asked_ms / 10 < 1000 ? asked_ms / 10 : 1000;
        return asked_ms + arc4random_uniform((uint32_t)spread + 1);
    }
    int64_t ms = HTTP_RETRY_FIRST_MS;
    for (unsigned i = 1; i < retry->attempts && ms < HTTP_RETRY_MOST_MS; i++)
        ms *= 2;
    ms = ms * (80 + arc4random_uniform(51)) / 100;
    return ms < HTTP_RETRY_MOST_MS ? ms : HTTP_RETRY_MOST_MS;
}

static void describe_last(const struct http_reply *reply, const struct error *last,
                          int64_t asked_ms, struct error *out)
{
    if (reply == NULL)
        *out = *last;
    else if (asked_ms >= 0)
        error_set(out, ERR_NONE, "status %d, which asks to wait %lld s", reply->status,
                  (long long)(asked_ms + 999) / 1000);
    else
        error_set(out, ERR_NONE, "status %d", reply->status);
}

/* How long to go on without a connection. Another call may have begun to wait before this one. */
static int64_t outage_left_ms(const struct call *call, struct http_retry *retry)
{
    int64_t now_ms = clock_monotonic_ms();
    if (retry->unreachable_ms == 0)
        retry->unreachable_ms = call->unreachable_ms != 0 ? call->unreachable_ms : now_ms;
    return retry->is_patient ? HTTP_RETRY_MOST_MS
                             : retry->unreachable_ms + HTTP_UNREACHABLE_MOST_MS - now_ms;
}

static int explain_outage(const struct http_retry *retry, const struct error *last,
                          struct error *err)
{
    int64_t for_ms = clock_monotonic_ms() - retry->unreachable_ms;
    if (retry->attempts == 1) /* other calls have waited */
        return error_set(err, last->kind, "%s (unreachable for the last %lld s)",
                         last->text, (long long)for_ms / 1000);
    return error_set(err, last->kind, "%s (tried %u times in %lld s)", last->text,
                     retry->attempts, (long long)for_ms / 1000);
}

/* The last failure says more than that the time is over. */
static int explain_timeout(const struct http_retry *retry, const struct error *last,
                           struct error *err)
{
    enum error_kind cause = last->cause != ERR_NONE ? last->cause : last->kind;
    if (retry->attempts == 1)
        error_set(err, ERR_TIMEOUT, "%s", last->text);
    else
        error_set(err, ERR_TIMEOUT, "%s (tried %u times in %lld s, until the timeout)",
                  last->text, retry->attempts,
                  (long long)(clock_monotonic_ms() - retry->began_ms) / 1000);
    err->cause = cause;
    return -1;
}

static int wait_before_attempt(struct call *call, struct http_retry *retry,
                               int64_t wait_ms, int64_t asked_ms, const char *answer,
                               struct error *err)
{
    bool is_long = asked_ms > WARN_WAIT_MS && !retry->is_reported;
    retry->is_reported |= is_long;
    log_write(call, is_long ? LOG_INFO : LOG_DEBUG, NULL,
              "waiting %lld ms before attempt %u; the last response was: %s",
              (long long)wait_ms, retry->attempts + 1, answer);
    if (call_sleep(call, wait_ms, err) < 0)
        return -1;
    call->throttled_ms += asked_ms > 0 ? wait_ms : 0;
    return 0;
}

int http_retry_wait(struct call *call, struct http_retry *retry,
                    const struct http_reply *reply, const struct error *last,
                    struct error *err)
{
    int64_t asked_ms = http_retry_after_ms(reply);
    struct error answer;
    describe_last(reply, last, asked_ms, &answer);
    if (retry->attempts++ == 0)
        retry->began_ms = clock_monotonic_ms();
    retry->failures += !has_retry_after(reply);
    retry->garbled += reply == NULL && last->kind == ERR_SHAPE;
    int64_t wait_ms = next_wait_ms(retry, asked_ms), left_ms = call_left_ms(call);
    if (asked_ms > 0 && wait_ms >= left_ms)
        wait_ms = asked_ms; /* the call's time is over a little later */

    if (reply == NULL && is_without_connection(last)) {
        int64_t patience_ms = outage_left_ms(call, retry);
        if (patience_ms <= 0)
            return explain_outage(retry, last, err);
        if (wait_ms > patience_ms)
            wait_ms = patience_ms;
    } else {
        retry->unreachable_ms = 0;
    }

    struct error why = NO_ERROR;
    if (call_check(call, &why) == 0) {
        /* A wait that would end too late is not begun. */
        if (asked_ms > 0 && asked_ms >= left_ms)
            error_set(&why, ERR_TIMEOUT, "the timeout ends before then");
        else if (wait_before_attempt(call, retry, wait_ms, asked_ms, answer.text, &why) ==
                 0)
            return 0;
    }
    if (reply == NULL && why.kind == ERR_TIMEOUT)
        return explain_timeout(retry, last, err);
    return error_set(err, why.kind,
                     "%s while waiting for the next attempt; the last response was: %s",
                     why.text, answer.text);
}

int http_repeat_within(struct call *call, http_attempt_fn *attempt, void *state,
                       const struct http_retry *limits, struct http_reply **out,
                       struct error *err)
{
    struct http_retry retry = { .failures_max = limits->failures_max,
                                .futile_status = limits->futile_status,
                                .is_patient = limits->is_patient };
    for (;;) {
        auto_http_reply reply = NULL;
        struct error last = NO_ERROR;
        bool is_sent = attempt(state, call, &reply, &last) == 0;
        if (is_sent && !http_is_worth_repeating(&retry, reply, NULL)) {
            *out = take(reply);
            return 0;
        }
        if (!is_sent && !http_is_worth_repeating(&retry, NULL, &last)) {
            *err = last;
            return -1;
        }
        struct error why = NO_ERROR;
        if (http_retry_wait(call, &retry, reply, &last, &why) == 0)
            continue;
        if (is_sent && why.kind == ERR_TIMEOUT) {
            *out = take(reply);
            return 0;
        }
        *err = why;
        return -1;
    }
}

int http_repeat(struct call *call, http_attempt_fn *attempt, void *state,
                struct http_reply **out, struct error *err)
{
    const struct http_retry limits = { 0 };
    return http_repeat_within(call, attempt, state, &limits, out, err);
}

struct plain_attempt {
    struct http_transport *transport;
    const struct http_request *request;
};

static int send_plainly(void *state, struct call *call, struct http_reply **out,
                        struct error *err)
{
    const struct plain_attempt *plain = state;
    return http_send(plain->transport, call, plain->request, out, err);
}

int http_send_retrying(struct http_transport *transport, struct call *call,
                       const struct http_request *request, struct http_reply **out,
                       struct error *err)
{
    struct plain_attempt plain = { transport, request };
    return http_repeat(call, send_plainly, &plain, out, err);
}

int http_get_json(struct http_transport *transport, struct call *call, const char *url,
                  size_t bytes_max, struct http_reply **out, struct error *err)
{
    static const struct http_header headers[] = { { "Accept", "application/json" } };
    const struct http_request request = {
        .method = "GET",
        .url = url,
        .headers = headers,
        .header_count = 1,
        .reply_bytes_max = bytes_max,
    };
    return http_send_retrying(transport, call, &request, out, err);
}
