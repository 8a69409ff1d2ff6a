/* What a service says about a refusal. The dialect reads the body. This makes the texts safe to
 * show, and adds what support asks for.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_FAILURE_H
#define REST_FAILURE_H

#include <stdbool.h>

#include "rest/dialect.h"
#include "base/arena.h"
#include "http/transport.h"

enum { REST_MESSAGE_BYTES_MAX = 6 * 1024 };

struct rest_failure {
    int status;
    /* The code is one of the dialect's transient_codes: nothing happened, and the same request may
     * succeed a little later. */
    bool is_transient;
    char *code; /* never NULL; "" if the body has none */
    /* Never NULL. The service's own words, cleaned, followed by nested details. */
    char *message;
    char *correlation_id, *request_id; /* NULL: the answer has none */
    int64_t wait_ms; /* as http_retry_after_ms(), of a 429 or 503; else -1 */
    /* This machine's clock minus the answer's Date. 0: the answer has no Date. */
    int64_t clock_skew_ms;
    char *date; /* RFC 3339, from the answer, else from this machine's clock */
};

/* `body` is the answer's, read; NULL: it is no JSON object, so that its text is the message. */
void rest_failure_read(struct rest_failure *failure, const struct dialect *dialect,
                       const struct http_reply *reply, const json_t *body);
void rest_failure_clear(struct rest_failure *failure);

/* Texts from a service, made safe to show: shortened, without secrets and without control
 * characters for terminals. For a dialect's read_error: a code, one line of a list, or a text of
 * several lines. A code that is NULL becomes "". In the arena. */
const char *rest_failure_show_code(struct arena *arena, const char *code);
const char *rest_failure_show_line(struct arena *arena, const char *text);
const char *rest_failure_show_quote(struct arena *arena, const char *text);

#endif
