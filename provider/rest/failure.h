/* What a service says when it says no. The dialect reads the body; here it becomes safe to
 * show, and gets what support asks for.
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
    /* The service may answer otherwise a little later, and nothing happened yet: a code of
     * the dialect's list. */
    bool is_transient;
    char *code; /* never NULL; "" when the body names none */
    char
        *message; /* never NULL; the service's own words, cleaned, nested details below */
    char *correlation_id, *request_id; /* NULL when the answer has none */
    int64_t clock_skew_ms; /* our clock less the answer's Date; 0: it has none */
    char *date;            /* RFC 3339, of the answer, else of our clock */
};

void rest_failure_parse(struct rest_failure *failure, const struct dialect *dialect,
                        const struct http_reply *reply);
void rest_failure_clear(struct rest_failure *failure);

/* Foreign texts as they may be shown, for a dialect's read_error: cut, without what may stand
 * for a secret or play with a terminal. A code or a line of a list; several lines. NULL as a
 * code gives "". In the arena. */
const char *rest_failure_show_code(struct arena *arena, const char *code);
const char *rest_failure_show_line(struct arena *arena, const char *text);
const char *rest_failure_show_quote(struct arena *arena, const char *text);

#endif
