/* What may be sent again, and when.
 *
 * A read is retried here. A write is not: whether it may be sent again is for the caller that
 * knows what it does (engine/write.c), who asks http_classify() and http_retry_wait().
 * Source: azcore's policy (408, 429, 500, 502, 503, 504, transport errors; Retry-After-Ms,
 * x-ms-retry-after-ms, Retry-After); jittered exponential waits.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_RETRY_H
#define HTTP_RETRY_H

#include "http/outage.h"
#include "http/transport.h"

enum http_outcome {
    HTTP_RESPONDED, /* an answer to act on, whatever it says */
    HTTP_RETRYABLE, /* certainly without effect; may be sent again (429, 503 with
                          Retry-After, no connection, a name that does not resolve) */
    HTTP_UNCERTAIN, /* the service may have acted: 408, 5xx, a lost answer */
    HTTP_PERMANENT, /* TLS, stop, deadline: not again */
};

/* `reply` is NULL when sending failed with `err`. */
enum http_outcome http_classify(const struct http_reply *reply, const struct error *err);

struct http_retry {
    /* Set by the caller, zero if there is nothing to say. */
    unsigned failures_max; /* after so many failures not again; 0: no limit */
    bool is_patient; /* without a connection it goes on until the call's time is over */
    /* Kept by the functions below. */
    unsigned attempts;      /* so far */
    unsigned garbled;       /* of these ended in ERR_SHAPE */
    unsigned failures;      /* of these had no answer that asks to wait */
    int64_t began_ms;       /* monotonic: the end of the first attempt */
    int64_t unreachable_ms; /* monotonic: 0, or since when there is no connection */
    bool is_reported;       /* a long wait was logged at INFO */
};

enum {
    HTTP_RETRY_FIRST_MS = 800,
    HTTP_RETRY_MOST_MS = 60 * 1000,
    HTTP_RETRY_AFTER_MOST_MS =
        10 * 60 * 1000, /* a Retry-After beyond this is cut to it */
};

/* For requests without effect: the same request may get another answer a little later.
 * Narrower than http_classify(): a 501, or an answer over the ceiling, stays what it is. */
bool http_is_worth_repeating(const struct http_retry *retry,
                             const struct http_reply *reply, const struct error *err);

/* Waits before the next attempt: what the answer asks for, else an exponential wait with
 * jitter. Logs the wait; a throttle of more than 30 s at INFO, once.
 * Errors: ERR_STOPPED; ERR_TIMEOUT, with its cause; ERR_UNREACHABLE and ERR_NAME (there was no
 * connection for HTTP_UNREACHABLE_MOST_MS): the text has the last answer, and how often and
 * how long it was tried. `last` is borrowed. */
int http_retry_wait(struct call *call, struct http_retry *retry,
                    const struct http_reply *reply, const struct error *last,
                    struct error *err);

/* Milliseconds an answer asks to wait, at most HTTP_RETRY_AFTER_MOST_MS; -1 if it does not
 * say. Seconds, HTTP date, ms; without such a header, body_wait_ms. */
int64_t http_retry_after_ms(const struct http_reply *reply);

/* One attempt at an exchange; as http_transport.send. */
typedef int http_attempt_fn(void *state, struct call *call, struct http_reply **out,
                            struct error *err);

/* Attempts with waits between them, for requests without effect. The last answer is given
 * back when time runs out on a 4xx/5xx, so that its text can be shown. A wait that an answer
 * asks for and that would end behind the deadline is not begun. Errors: those of the
 * attempt, and of http_retry_wait(). */
int http_repeat(struct call *call, http_attempt_fn *attempt, void *state,
                struct http_reply **out, struct error *err);

/* The same with a say in how long: the first members of `limits`. */
int http_repeat_within(struct call *call, http_attempt_fn *attempt, void *state,
                       const struct http_retry *limits, struct http_reply **out,
                       struct error *err);

/* http_repeat() of http_send(). */
int http_send_retrying(struct http_transport *transport, struct call *call,
                       const struct http_request *request, struct http_reply **out,
                       struct error *err);

#endif
