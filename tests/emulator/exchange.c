/* One request on its way to its answer: reading the one, composing the other.
 * SPDX-License-Identifier: MPL-2.0 */
#include "exchange.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "text.h"

const char *exchange_header(const struct exchange *x, const char *name)
{
    return evhttp_find_header(evhttp_request_get_input_headers(x->request), name);
}

const char *exchange_query(const struct exchange *x, const char *name)
{
    return json_string_value(json_object_get(x->query, name));
}

char *exchange_origin(const struct exchange *x)
{
    const char *host = exchange_header(x, "Host");
    return text_format("https://%s", host ? host : "localhost");
}

void answer_clear(struct answer *answer)
{
    json_decref(answer->body);
    json_decref(answer->shown);
    json_decref(answer->headers);
    free(answer->text);
    *answer = (struct answer){ 0 };
}

void answer_header(struct exchange *x, const char *name, const char *value)
{
    if (x->answer.headers == NULL)
        x->answer.headers = json_object();
    json_object_set_new(x->answer.headers, name, json_string(value));
}

void answer_json(struct exchange *x, int status, json_t *body)
{
    x->answer.status = status;
    json_decref(x->answer.body);
    x->answer.body = body;
}

static void answer_envelope(struct exchange *x, int status, const char *code,
                            const char *message)
{
    answer_json(x, status,
                json_pack("{s:{s:s, s:o}}", "error", "code", code, "message",
                          text_json(message, strlen(message))));
}

void answer_error(struct exchange *x, int status, const char *code, const char *format,
                  ...)
{
    char *message;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0)
        abort();
    va_end(arguments);
    answer_envelope(x, status, code, message);
    free(message);
}

void answer_reject(struct exchange *x, int status, const char *code, const char *format,
                   ...)
{
    char *message;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0)
        abort();
    va_end(arguments);
    answer_envelope(x, status, code, message);
    char *reason = text_format("%s: %s", code, message);
    log_rejected(x, reason);
    free(reason);
    free(message);
}

void log_rejected(const struct exchange *x, const char *reason)
{
    log_event(requests_log, "REJECTED",
              json_pack("{s:I, s:s, s:o, s:o}", "request", (json_int_t)x->number,
                        "method", x->method, "path",
                        text_json(x->target, strlen(x->target)), "reason",
                        text_json(reason, strlen(reason))));
}
