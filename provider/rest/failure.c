/* What a service says about a refusal.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/failure.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/date.h"
#include "http/redact.h"
#include "http/retry.h"

enum {
    CODE_BYTES_MAX = 200,
    HEADER_BYTES_MAX = 100,
    PAGE_BYTES_MAX = 300, /* of a body that is not JSON, such as a proxy's page */
    SCANNED_BYTES_MAX = 64 * 1024,
};

typedef char *clean_fn(struct arena *arena, const char *text, size_t length, size_t most);

/* The service's words, made safe to show. A proxy's page may repeat the request, with its token.
 * Only the first SCANNED_BYTES_MAX of a large answer are processed. */
static char *clean(clean_fn *how, struct arena *arena, const char *text, size_t length,
                   size_t most)
{
    const char *shown = http_redact_start(arena, text, length, SCANNED_BYTES_MAX);
    return how(arena, shown, strlen(shown), most);
}

const char *rest_failure_show_code(struct arena *arena, const char *code)
{
    return code == NULL
               ? ""
               : clean(text_clean_line, arena, code, strlen(code), CODE_BYTES_MAX);
}

const char *rest_failure_show_line(struct arena *arena, const char *text)
{
    return clean(text_clean_line, arena, text, strlen(text), REST_MESSAGE_BYTES_MAX);
}

const char *rest_failure_show_quote(struct arena *arena, const char *text)
{
    return clean(text_clean_quote, arena, text, strlen(text), REST_MESSAGE_BYTES_MAX);
}

static void read_page(struct rest_failure *failure, struct bytes page)
{
    auto_arena arena = arena_new();
    failure->code = memory_copy_text("");
    failure->message = memory_copy_text(clean(
        text_clean_quote, arena, (const char *)page.data, page.length, PAGE_BYTES_MAX));
}

static void read_body(struct rest_failure *failure, const struct dialect *dialect,
                      const json_t *body)
{
    auto_arena arena = arena_new();
    const char *code = NULL;
    auto_buf buf = { 0 };
    buf_init(&buf, SCANNED_BYTES_MAX);
    dialect->read_error(arena, body, &code, &buf);
    failure->code = memory_copy_text(rest_failure_show_code(arena, code));
    const char *text = buf_text(&buf);
    text += *text == '\n'; /* nested details without a message above them */
    failure->message =
        memory_copy_text(text_clean(arena, text, strlen(text), REST_MESSAGE_BYTES_MAX));
}

static char *copy_header(const struct http_reply *reply, const char *name)
{
    auto_arena arena = arena_new();
    const char *value = name != NULL ? http_reply_header(reply, name) : NULL;
    return value != NULL && *value != '\0'
               ? memory_copy_text(clean(text_clean_line, arena, value, strlen(value),
                                        HEADER_BYTES_MAX))
               : NULL;
}

void rest_failure_read(struct rest_failure *failure, const struct dialect *dialect,
                       const struct http_reply *reply, const json_t *body)
{
    bool is_busy = reply->status == 429 || reply->status == 503;
    *failure = (struct rest_failure){
        .status = reply->status,
        .wait_ms = is_busy ? http_retry_after_ms(reply) : -1,
    };
    if (body != NULL)
        read_body(failure, dialect, body);
    else
        read_page(failure, reply->body);
    failure->is_transient =
        reply->status >= 400 && text_is_one_of(failure->code, dialect->transient_codes);
    failure->correlation_id = copy_header(reply, dialect->answer_correlation_id_header);
    failure->request_id = copy_header(reply, dialect->answer_request_id_header);
    int64_t date_ms = http_parse_date_ms(http_reply_header(reply, "Date"));
    failure->clock_skew_ms = date_ms >= 0 ? clock_wall_ms() - date_ms : 0;
    char text[CLOCK_RFC3339_BYTES];
    clock_format_rfc3339(date_ms >= 0 ? date_ms : clock_wall_ms(), text);
    failure->date = memory_copy_text(text);
}

void rest_failure_clear(struct rest_failure *failure)
{
    free(failure->code);
    free(failure->message);
    free(failure->correlation_id);
    free(failure->request_id);
    free(failure->date);
    *failure = (struct rest_failure){ 0 };
}
