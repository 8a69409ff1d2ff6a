/* Staying within what the service allows, before it says 429.
 *
 * Answers say how many calls of a kind are left. While many are, nothing waits; when few are,
 * calls go out at the rate at which the allowance fills up again. What was waited in all, here
 * and on 429s, is reported once.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef RATE_LIMIT_H
#define RATE_LIMIT_H

#include "rest/dialect.h"
#include "http/transport.h"

enum {
    RATE_LIMIT_LOW = 20,            /* calls that are left when pacing begins */
    RATE_LIMIT_WARN_MS = 30 * 1000, /* waits of a session that are worth a word */
};

/* Thread-safe. NULL is fine everywhere: then nothing is paced. */
struct rate_limit;
struct rate_limit *rate_limit_new(const struct dialect *dialect);
void rate_limit_free(struct rate_limit *rate_limit); /* logs what was waited in all */

enum rest_kind rest_kind_of(const char *method);

/* Waits for this call's turn. Errors: those of call_sleep(). */
int rate_limit_wait(struct call *call, struct rate_limit *rate_limit, enum rest_kind kind,
                    struct error *err);
void rate_limit_update(struct rate_limit *rate_limit, enum rest_kind kind,
                       const struct http_reply *reply);
/* What was waited elsewhere because the service asked for it. */
void rate_limit_add_wait(struct rate_limit *rate_limit, int64_t ms);

/* True once in a session: when more than RATE_LIMIT_WARN_MS were waited. */
bool rate_limit_is_worth_warning(struct rate_limit *rate_limit, int64_t *waited_ms);

#endif
