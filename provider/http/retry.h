/* What may be sent again, and when.
 *
 * Reads are retried here. Writes are not: the sender of a write knows whether it may be repeated
 * (engine/write.c), and uses http_classify() and http_retry_wait().
 * Source: azcore's policy (408, 429, 500, 502, 503, 504, transport errors; Retry-After-Ms,
 * x-ms-retry-after-ms, Retry-After); jittered exponential waits.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_RETRY_H
#define HTTP_RETRY_H

#include "http/outage.h"
#include "http/transport.h"

enum http_outcome {
    HTTP_RESPONDED, /* an answer that decides, whatever its status */
    /* Certainly without effect, may be sent again: 429, 503 with Retry-After, no connection, a name
     * that does not resolve. */
    HTTP_RETRYABLE,
    /* The service may have acted: 408, 5xx, an answer that is lost or cannot be read. */
    HTTP_UNCERTAIN,
    HTTP_PERMANENT, /* TLS, no token, stop, deadline: do not repeat */
};

/* `reply` is NULL if sending failed with `err`. */
enum http_outcome http_classify(const struct http_reply *reply, const struct error *err);

/* The same request may get another answer later: 408, 429, 5xx. */
bool http_may_pass(int status);

struct http_retry {
    /* Set by the caller; 0 and false are the defaults. */
    /* Gives up after so many failures. 0: no limit. */
    unsigned failures_max;
    /* Only if the last one is an answer with this status. 0: whatever the last one is. */
    int futile_status;
    /* Without a connection, retries until the call's time is over. */
    bool is_patient;
    /* Set by the functions below. */
    unsigned attempts; /* so far */
    unsigned garbled;  /* of these, how many ended in ERR_SHAPE */
    unsigned failures; /* of these, how many had no answer that asks to wait */
    int64_t began_ms;  /* monotonic: the end of the first attempt */
    /* Monotonic: since when there is no connection. 0: there is one. */
    int64_t unreachable_ms;
    bool is_reported; /* a long wait was logged at INFO */
};

enum {
    HTTP_RETRY_FIRST_MS = 800,
    HTTP_RETRY_MOST_MS = 60 * 1000,
    /* A longer Retry-After is shortened to this. */
    HTTP_RETRY_AFTER_MOST_MS = 24 * 60 * 60 * 1000,
};

/* For requests without effect: the same request may get another answer a little later. Narrower
 * than http_classify(): for example, a 501 or an answer that is too big is not repeated. */
bool http_is_worth_repeating(const struct http_retry *retry,
                             const struct http_reply *reply, const struct error *err);

/* Waits before the next attempt: as long as the answer asks for, else exponentially with jitter.
 * Logs the wait; the first one of more than 30 s that the service asks for at INFO. `last` is
 * borrowed.
 *
 * Errors: ERR_STOPPED
 *         ERR_TIMEOUT      with its cause; at once if the answer asks for a wait that ends after
 *                          the deadline
 *         ERR_UNREACHABLE  no connection for HTTP_UNREACHABLE_MOST_MS
 *         ERR_NAME         the same, for a name that does not resolve
 * The text has the last answer. Without an answer it has the last failure, how many times it was
 * tried, and for how long. */
int http_retry_wait(struct call *call, struct http_retry *retry,
                    const struct http_reply *reply, const struct error *last,
                    struct error *err);

/* How many milliseconds an answer asks to wait, at most HTTP_RETRY_AFTER_MOST_MS; -1: it does not
 * say, or `reply` is NULL. Reads headers with seconds, milliseconds or an HTTP date; without such a
 * header, body_wait_ms. */
int64_t http_retry_after_ms(const struct http_reply *reply);

/* One attempt at an exchange; as http_transport.send. */
typedef int http_attempt_fn(void *state, struct call *call, struct http_reply **out,
                            struct error *err);

/* Makes attempts, with waits between them. Only for requests without effect. If time runs out while
 * the service answers 4xx or 5xx, returns the last answer, so that its text can be shown. Errors:
 * those of the attempt, and of http_retry_wait(). */
int http_repeat(struct call *call, http_attempt_fn *attempt, void *state,
                struct http_reply **out, struct error *err);

/* The same, with limits: the first members of `limits`, which the caller sets. */
int http_repeat_within(struct call *call, http_attempt_fn *attempt, void *state,
                       const struct http_retry *limits, struct http_reply **out,
                       struct error *err);

/* http_repeat() with http_send() as the attempt. */
int http_send_retrying(struct http_transport *transport, struct call *call,
                       const struct http_request *request, struct http_reply **out,
                       struct error *err);
/* The same for a GET of a JSON document of at most `bytes_max`, without a token. */
int http_get_json(struct http_transport *transport, struct call *call, const char *url,
                  size_t bytes_max, struct http_reply **out, struct error *err);

#endif
