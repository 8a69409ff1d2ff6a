/* Limits the rate of requests, so that the service does not answer 429.
 *
 * Answers say how many requests of a kind are left. As long as many are left, nothing waits. When
 * few are left, requests are sent at the rate at which the service renews the allowance. The total
 * time of these waits, and of those for 429s, is reported once.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef RATE_LIMIT_H
#define RATE_LIMIT_H

#include "rest/dialect.h"
#include "http/transport.h"

enum {
    RATE_LIMIT_LOW = 20, /* pacing begins when fewer requests are left */
    /* Total wait of a session that is worth a warning. */
    RATE_LIMIT_WARN_MS = 30 * 1000,
};

/* Thread-safe. All functions accept NULL, which limits nothing. */
struct rate_limit;
struct rate_limit *rate_limit_new(const struct dialect *dialect);
void rate_limit_free(struct rate_limit *rate_limit); /* logs the total wait */

enum rest_kind rest_kind_of(const char *method);

/* Waits until this request may be sent. Errors: those of call_sleep(). */
int rate_limit_wait(struct call *call, struct rate_limit *rate_limit, enum rest_kind kind,
                    struct error *err);
void rate_limit_update(struct rate_limit *rate_limit, enum rest_kind kind,
                       const struct http_reply *reply);
/* Adds a wait that another function made because the service asked for it. */
void rate_limit_add_wait(struct rate_limit *rate_limit, int64_t ms);

/* True once in a session: when the total wait reaches RATE_LIMIT_WARN_MS. */
bool rate_limit_is_worth_warning(struct rate_limit *rate_limit, int64_t *waited_ms);

#endif
