/* What ARM says when it says no.
 * SPDX-License-Identifier: MPL-2.0 */
#include "arm/failure.h"

#include <stdlib.h>
#include <string.h>

#include "arm/json.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/date.h"
#include "http/redact.h"

enum {
    CODE_BYTES_MAX = 200,
    HEADER_BYTES_MAX = 100,
    MESSAGE_BYTES_MAX = 6 * 1024,
    PAGE_BYTES_MAX = 300, /* of what is no JSON: a proxy's page */
    LOOKED_AT_BYTES_MAX = 64 * 1024,
    DETAIL_DEPTH_MAX = 4, /* how far nested details are told */
};

/* A text member; NULL if there is none, or it is empty. Gateways write capitals. */
static const char *find_text(const json_t *object, const char *name, const char *capital)
{
    const char *text = json_string_value(json_object_get(object, name));
    if (text == NULL)
        text = json_string_value(json_object_get(object, capital));
    return text != NULL && *text != '\0' ? text : NULL;
}

/* OData writes {"message": {"lang": "en-us", "value": "…"}}. */
static const char *find_message(const json_t *object)
{
    const char *text = find_text(object, "message", "Message");
    return text != NULL ? text
                        : find_text(json_object_get(object, "message"), "value", "Value");
}

/* The object that has code and message: the envelope's, OData's, or the body itself. */
static const json_t *find_error(const json_t *body)
{
    static const char *const names[] = { "error", "Error", "odata.error" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const json_t *error = json_object_get(body, names[i]);
        if (json_is_object(error))
            return error;
    }
    return body;
}

typedef char *clean_fn(struct arena *arena, const char *text, size_t length, size_t most);

/* The service's words as they may be shown. What stands in the way may repeat the request, with
 * its token. No more work for an answer of megabytes than the cut needs. */
static char *clean(clean_fn *how, struct arena *arena, const char *text, size_t length,
                   size_t most)
{
    const char *shown = http_redact_start(arena, text, length, LOOKED_AT_BYTES_MAX);
    return how(arena, shown, strlen(shown), most);
}

static char *clean_code(struct arena *arena, const char *code)
{
    return code == NULL
               ? ""
               : clean(text_clean_line, arena, code, strlen(code), CODE_BYTES_MAX);
}

static void add_details(struct buf *buf, const json_t *error, unsigned depth)
{
    const json_t *details = json_object_get(error, "details");
    for (size_t i = 0; depth < DETAIL_DEPTH_MAX && i < json_array_size(details) &&
                       buf->length < MESSAGE_BYTES_MAX;
         i++) {
        auto_arena arena = arena_new();
        const json_t *detail = json_array_get(details, i);
        const char *code = find_text(detail, "code", "Code");
        const char *message = find_message(detail);
        if (code != NULL || message != NULL)
            buf_print(buf, "\n%*s- %s%s%s", (int)depth * 2, "", clean_code(arena, code),
                      code != NULL && message != NULL ? ": " : "",
                      message != NULL ? clean(text_clean_line, arena, message,
                                              strlen(message), MESSAGE_BYTES_MAX)
                                      : "");
        add_details(buf, detail, depth + 1);
    }
}

static void read_body(struct arm_failure *failure, struct bytes bytes)
{
    auto_arena arena = arena_new();
    json_t *body = arm_json_parse_object(bytes);
    if (body == NULL) {
        failure->code = memory_copy_text("");
        failure->message =
            memory_copy_text(clean(text_clean_quote, arena, (const char *)bytes.data,
                                   bytes.length, PAGE_BYTES_MAX));
        return;
    }
    const json_t *error = find_error(body);
    const char *code = find_text(error, "code", "Code");
    const char *message = find_message(error);
    /* {"error": "invalid_token", "error_description": "…"} */
    if (code == NULL && error == body)
        code = find_text(body, "error", "Error");
    if (message == NULL && error == body)
        message = find_text(body, "error_description", "ExceptionMessage");
    failure->code = memory_copy_text(clean_code(arena, code));
    auto_buf buf = { 0 };
    buf_init(&buf, LOOKED_AT_BYTES_MAX);
    if (message != NULL)
        buf_add_text(&buf, clean(text_clean_quote, arena, message, strlen(message),
                                 MESSAGE_BYTES_MAX));
    add_details(&buf, error, 0);
    const char *text = buf_text(&buf);
    text += *text == '\n'; /* details without a message of their own above them */
    failure->message =
        memory_copy_text(text_clean(arena, text, strlen(text), MESSAGE_BYTES_MAX));
    json_decref(body);
}

static char *copy_header(const struct http_reply *reply, const char *name)
{
    auto_arena arena = arena_new();
    const char *value = http_reply_header(reply, name);
    return value != NULL && *value != '\0'
               ? memory_copy_text(clean(text_clean_line, arena, value, strlen(value),
                                        HEADER_BYTES_MAX))
               : NULL;
}

void arm_failure_parse(struct arm_failure *failure, const struct http_reply *reply)
{
    *failure = (struct arm_failure){ .status = reply->status };
    read_body(failure, reply->body);
    failure->correlation_id = copy_header(reply, "x-ms-correlation-request-id");
    failure->request_id = copy_header(reply, "x-ms-request-id");
    int64_t date_ms = http_parse_date_ms(http_reply_header(reply, "Date"));
    char text[CLOCK_RFC3339_BYTES];
    clock_format_rfc3339(date_ms >= 0 ? date_ms : clock_wall_ms(), text);
    failure->date = memory_copy_text(text);
}

void arm_failure_clear(struct arm_failure *failure)
{
    free(failure->code);
    free(failure->message);
    free(failure->correlation_id);
    free(failure->request_id);
    free(failure->date);
    *failure = (struct arm_failure){ 0 };
}

bool arm_failure_is(const struct arm_failure *failure, const char *code)
{
    return text_equal_ignoring_case(failure->code, code);
}

bool arm_failure_is_transient(const struct arm_failure *failure)
{
    return arm_failure_is(failure, "MetadataResolverBadGatewayError") ||
           arm_failure_is(failure, "Conflict") ||
           arm_failure_is(failure, "AnotherOperationInProgress");
}
