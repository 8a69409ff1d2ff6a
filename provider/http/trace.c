/* Requests and answers at TRACE in the form of the exchange tests, without secrets.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/trace.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "http/redact.h"
#include "http/url.h"

enum { TRACE_BODY_BYTES_MAX = 32 * 1024, SCANNED_BYTES_MAX = 2 * TRACE_BODY_BYTES_MAX };

/* Headers that an exchange uses, or that support asks for. */
static const char *const shown_headers[] = {
    "Content-Type",
    "Retry-After",
    "Retry-After-Ms",
    "x-ms-retry-after-ms",
    "Location",
    "Azure-AsyncOperation",
    "Date",
    "x-ms-request-id",
    "x-ms-failure-cause",
    "x-ms-correlation-request-id",
};

/* The path, for `> GET /path` and `< 200`: exchanges omit scheme and host. */
static const char *path_of(const struct http_request *request)
{
    const char *path = request->url + http_origin_length(request->url);
    return *path != '\0' ? path : "/";
}

/* A line break and the body; "" without a body. */
static const char *shown_body(struct arena *arena, const struct http_request *request,
                              struct bytes body)
{
    if (body.length == 0)
        return "";
    if (request->is_body_secret)
        return "\n" SECRET_MASK;
    const char *clean =
        http_redact_start(arena, (const char *)body.data, body.length, SCANNED_BYTES_MAX);
    return arena_print(arena, "\n%s",
                       text_clean(arena, clean, strlen(clean), TRACE_BODY_BYTES_MAX));
}

static const char *shown_text(struct arena *arena, const char *text)
{
    const char *redacted =
        http_redact_start(arena, text, strlen(text), SCANNED_BYTES_MAX);
    return text_clean_line(arena, redacted, strlen(redacted), TRACE_BODY_BYTES_MAX);
}

void http_trace_request(const struct call *call, const struct http_request *request)
{
    if (!log_is_on(LOG_TRACE))
        return;
    auto_arena arena = arena_new();
    char host[HTTP_HOST_BYTES];
    http_host(request->url, host);
    const char *text = arena_print(
        arena, "> %s %s%s", request->method, shown_text(arena, path_of(request)),
        request->has_body ? shown_body(arena, request, request->body) : "");
    log_write(call, LOG_TRACE,
              LOG_FIELDS({ "http_request", text }, { "http_host", host }),
              "sending a request");
}

void http_trace_reply(const struct call *call, const struct http_request *request,
                      const struct http_reply *reply, int64_t took_ms)
{
    if (!log_is_on(LOG_TRACE))
        return;
    auto_arena arena = arena_new();
    char host[HTTP_HOST_BYTES], took[24];
    http_host(request->url, host);
    snprintf(took, sizeof took, "%lld", (long long)took_ms);
    const char *headers = "";
    for (size_t i = 0; i < sizeof shown_headers / sizeof *shown_headers; i++) {
        const char *value = http_reply_header(reply, shown_headers[i]);
        if (value != NULL)
            headers =
                arena_print(arena, "%s%s%s: %s", headers, *headers != '\0' ? "; " : " ",
                            shown_headers[i], shown_text(arena, value));
    }
    const char *text = arena_print(arena, "< %d%s%s", reply->status, headers,
                                   shown_body(arena, request, reply->body));
    log_write(call, LOG_TRACE,
              LOG_FIELDS({ "http_reply", text }, { "http_host", host },
                         { "http_took_ms", took }),
              "received a response");
}

void http_trace_failure(const struct call *call, const struct http_request *request,
                        const struct error *err, int64_t took_ms)
{
    /* The words of an exchange for these errors. */
    static const char *const faults[] = {
        [ERR_NAME] = "name",           [ERR_TLS] = "tls",     [ERR_LOST] = "lost",
        [ERR_UNREACHABLE] = "refused", [ERR_SHAPE] = "shape", [ERR_TOO_BIG] = "big",
        [ERR_STOPPED] = "stopped",
    };
    if (!log_is_on(LOG_TRACE))
        return;
    auto_arena arena = arena_new();
    const char *fault =
        (size_t)err->kind < sizeof faults / sizeof *faults && faults[err->kind] != NULL
            ? faults[err->kind]
            : "lost";
    char host[HTTP_HOST_BYTES], took[24];
    http_host(request->url, host);
    snprintf(took, sizeof took, "%lld", (long long)took_ms);
    log_write(call, LOG_TRACE,
              LOG_FIELDS({ "http_reply", arena_print(arena, "< fault %s", fault) },
                         { "http_host", host }, { "http_took_ms", took },
                         { "error", shown_text(arena, err->text) }),
              "received no response");
}
