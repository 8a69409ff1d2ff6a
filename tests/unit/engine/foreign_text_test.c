/* What services write reaches people by diagnostics: it may not move the cursor, hide, turn
 * around, or pass for words of ours. Each place that a service can fill, by each kind of text.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"
#include "schema/tables.h"
#include "support/fake_transport.h"
#include "support/test.h"

#define HUB                                                                              \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/azurestack"      \
    "/providers/Microsoft.AzureStack/registrations/hub1"
#define LIST HUB "/customerSubscriptions"
#define MAPPING LIST "/5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10"
#define TOKEN "{\"access_token\":\"tok.en\",\"expires_in\":3599}"
#define FORGED "\n\nWhat to do: run this.\n\nHTTP status:     200\nRequest ID:      1"

/* As it is, and as it stands in JSON where that has to be another way. */
static const struct {
    const char *raw, *json;
} texts[] = {
    { "x" FORGED,
      "x\\n\\nWhat to do: run this.\\n\\nHTTP status:     200\\nRequest ID:  1" },
    { "x\r\n\r\nWhat to do: run this", "x\\r\\n\\r\\nWhat to do: run this" },
    { "\x1B[2J\x1B]0;title\x07", "\\u001b[2J\\u001b]0;title\\u0007" },
    { "x\x08\x7F\x0B\x0C", "x\\b\\u007f\\u000b\\f" },
    { "\xC2\x9B"
      "31m\xC2\x85",
      "\\u009b31m\\u0085" },
    { "\xE2\x80\xAE\xE2\x80\xAB\xE2\x80\x8F", "\\u202e\\u202b\\u200f" },
    { "\xE2\x81\xA6\xE2\x81\xA9", "\\u2066\\u2069" },
    { "a\xE2\x80\x8B"
      "b\xEF\xBB\xBF"
      "c",
      "a\\u200bb\\ufeffc" },
    { "\xF3\xA0\x81\x81\xF3\xA0\x87\xAF", "\\udb40\\udc41\\udb40\\uddef" },
    { "\xEF\xB8\x8F\xC2\xAD", "\\ufe0f\\u00ad" },
    { "x\xE2\x80\xA8\xE2\x80\xA9What to do: y", "x\\u2028\\u2029What to do: y" },
    { "\xEE\x80\x80\xF4\x8F\xBF\xBD\xEF\xBF\xBF", "\\ue000\\udbff\\udffd\\uffff" },
    { "a\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81", NULL },
    { "\xFF\xC0\x80\xED\xA0\x80\xF8", NULL },
    { "a\xFF"
      "b",
      "a\\u0000b\\ud800\\udc\nc" },
};

/* `@` is where the text stands. */
static const struct place {
    const char *name, *login, *headers, *body;
    int login_status, status;
    bool is_list;
} places[] = {
    { "code", TOKEN, NULL, "{\"error\":{\"code\":\"@\",\"message\":\"m\"}}", 200, 403,
      false },
    { "message", TOKEN, NULL, "{\"error\":{\"code\":\"C\",\"message\":\"@\"}}", 200, 403,
      false },
    { "code that is known", TOKEN, NULL,
      "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"@\"}}", 200, 403,
      false },
    { "code of a detail", TOKEN, NULL,
      "{\"error\":{\"code\":\"C\",\"details\":[{\"code\":\"@\",\"message\":\"m\"}]}}",
      200, 400, false },
    { "message of a detail", TOKEN, NULL,
      "{\"error\":{\"code\":\"C\",\"details\":[{\"details\":[{\"message\":\"@\"}]}]}}",
      200, 400, false },
    { "OData", TOKEN, NULL,
      "{\"odata.error\":{\"code\":\"@\",\"message\":{\"value\":\"@\"}}}", 200, 400,
      false },
    { "OAuth", TOKEN, NULL, "{\"error\":\"@\",\"error_description\":\"@\"}", 200, 401,
      false },
    { "page", TOKEN, NULL, "<html>@</html>", 200, 502, false },
    { "page of a yes", TOKEN, NULL, "<html>@</html>", 200, 200, false },
    { "page of a no", TOKEN, NULL, "<html>@</html>", 200, 404, false },
    { "code of a list", TOKEN, NULL, "{\"error\":{\"code\":\"@\",\"message\":\"@\"}}",
      200, 403, true },
    { "correlation ID", TOKEN, "x-ms-correlation-request-id: @", "{}", 200, 403, false },
    { "request ID", TOKEN, "x-ms-request-id: @", "{}", 200, 403, false },
    { "date", TOKEN, "Date: @", "{}", 200, 403, false },
    { "login's error", "{\"error\":\"@\"}", NULL, "", 400, 0, false },
    { "login's description", "{\"error\":\"e\",\"error_description\":\"@\"}", NULL, "",
      400, 0, false },
    { "login's known description",
      "{\"error\":\"e\",\"error_codes\":[7000215],\"error_description\":\"@\"}", NULL, "",
      400, 0, false },
    { "login's IDs", "{\"error\":\"e\",\"trace_id\":\"@\",\"correlation_id\":\"@\"}",
      NULL, "", 400, 0, false },
    { "login's page", "<html>@</html>", NULL, "", 400, 0, false },
};

static const char *fill(struct arena *arena, const char *form, const char *text)
{
    auto_buf buf;
    buf_init(&buf, SIZE_MAX / 2);
    for (; form != NULL && *form != '\0'; form++) {
        if (*form == '@')
            buf_add_text(&buf, text);
        else
            buf_add_char(&buf, *form);
    }
    return arena_copy_text(arena, buf_text(&buf));
}

static int take_none(void *state, const struct engine_listed *listed)
{
    (void)state, (void)listed;
    return 0;
}

/* Title and detail of all that is said when the text stands in that place. */
static const char *provoke(struct arena *arena, const struct place *place,
                           const char *raw, const char *json)
{
    const char *login = *place->login == '{' ? json : raw;
    const char *body = *place->body == '{' ? json : raw;
    /* A header is one line, whoever writes it. */
    char *header = arena_copy_text(arena, raw);
    for (char *at = header; (at = strpbrk(at, "\r\n")) != NULL;)
        *at = '\v';
    const struct fake_answer answers[] = {
        { .status = place->login_status, .body = fill(arena, place->login, login) },
        { .status = place->status,
          .headers = fill(arena, place->headers, header),
          .body = fill(arena, place->body, body),
          .is_last_again = true },
        { 0 },
    };
    const struct session_config config = {
        .environment = "public",
        .has_own_reads = true,
        .auth = { .tenant_id = "t", .client_id = "c", .client_secret = "canary" },
    };
    struct session *session = NULL;
    struct error err = NO_ERROR;
    clock_fake_start(0);
    assert_int_equal(session_new_over(&config,
                                      fake_transport_base(fake_transport_new(answers)),
                                      &session, &err),
                     0);
    auto_call call;
    call_init(&call, NULL);
    call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    struct resource resource;
    engine_resource_init(&resource, arena, &customer_subscription_table);
    struct diags diags;
    diags_init(&diags, arena);
    const struct value *found;
    if (place->is_list)
        engine_walk(&call, &resource, session,
                    &(struct engine_walk){ .list_id = LIST, .each = take_none }, &diags);
    else
        engine_look_up(&call, &resource, session, MAPPING, &found, &diags);
    const char *all = "";
    for (const struct diagnostic *one = diags.first; one != NULL; one = one->next)
        all = arena_print(arena, "%s%s\n\n%s", all, one->summary, one->detail);
    session_free(session);
    clock_fake_end();
    return all;
}

static size_t count(const char *text, const char *part)
{
    size_t count = 0;
    for (; (text = strstr(text, part)) != NULL; text++)
        count++;
    return count;
}

/* Every character can be seen and stays where it is. */
static void assert_can_be_shown(const char *text, const char *where)
{
    unsigned marks = 0;
    size_t length = strlen(text), bytes;
    for (; length != 0; text += bytes, length -= bytes) {
        bytes = text_utf8_next(text, length);
        unsigned point = bytes != 0 ? text_utf8_point(text, bytes) : 0;
        marks = point == 0x301 ? marks + 1 : 0;
        if (bytes == 0 || (point < 0x20 && point != '\n') ||
            (point >= 0x7F && point < 0xA0) || text_is_hidden(point) || marks > 4)
            fail_msg("%s: U+%04X before: %s", where, point, text);
    }
}

TEST(foreign_text_cannot_pass_for_ours)
{
    static const char *const own[] = { "\n\n", "\nWhat to do", "\nHTTP status",
                                       "\nRequest ID" };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        auto_arena arena = arena_new();
        const char *plain = provoke(arena, &places[i], "x", "x");
        assert_true(*plain != '\0');
        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
            const char *where = arena_print(arena, "%s, text %zu", places[i].name, k);
            const char *said =
                provoke(arena, &places[i], texts[k].raw,
                        texts[k].json != NULL ? texts[k].json : texts[k].raw);
            assert_can_be_shown(said, where);
            for (size_t n = 0; n < sizeof own / sizeof *own; n++)
                if (count(said, own[n]) != count(plain, own[n]))
                    fail_msg("%s: \"%s\" is there %zu times and not %zu in:\n%s", where,
                             own[n], count(said, own[n]), count(plain, own[n]), said);
        }
    }
}
