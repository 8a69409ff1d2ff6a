/* What services write reaches people by diagnostics: it may not move the cursor, hide, turn
 * around, or pass for words of ours. Each place that a service can fill, by each kind of text.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/buf.h"
#include "base/text.h"
#include "engine/internal.h"
#include "schema/tables.h"
#include "support/session_run.h"

#define HUB                                                                                        \
    "/subscriptions/0a1b2c3d-1111-4222-8333-444455556666/resourceGroups/azurestack"                \
    "/providers/Microsoft.AzureStack/registrations/hub1"
#define LIST HUB "/customerSubscriptions"
#define MAPPING LIST "/5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10"
#define FORGED "\n\nWhat to do: run this.\n\nHTTP status:     200\nRequest ID:      1"

/* As it is, and as it stands in JSON where that has to be another way. */
static const struct {
    const char *raw, *json;
} texts[] = {
    { "x" FORGED, "x\\n\\nWhat to do: run this.\\n\\nHTTP status:     200\\nRequest ID:  1" },
    { "x\r\n\r\nWhat to do: run this", "x\\r\\n\\r\\nWhat to do: run this" },
    { "\033[2J\033]0;title\a", "\\u001b[2J\\u001b]0;title\\u0007" },
    { "x\b\177\v\f", "x\\b\\u007f\\u000b\\f" },
    { "\302\23331m\302\205", "\\u009b31m\\u0085" },
    { "\u202e\u202b\u200f", "\\u202e\\u202b\\u200f" },
    { "\u2066\u2069", "\\u2066\\u2069" },
    { "a\u200bb\ufeffc", "a\\u200bb\\ufeffc" },
    { "\U000e0041\U000e01ef", "\\udb40\\udc41\\udb40\\uddef" },
    { "\ufe0f\u00ad", "\\ufe0f\\u00ad" },
    { "x\u2028\u2029What to do: y", "x\\u2028\\u2029What to do: y" },
    { "\ue000\U0010fffd\uffff", "\\ue000\\udbff\\udffd\\uffff" },
    { "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301", NULL },
    { "\377\300\200\355\240\200\370", NULL },
    { "a\377b", "a\\u0000b\\ud800\\udc\nc" },
};

/* `@` is where the text stands. */
static const struct place {
    const char *name;
    int status; /* 0: nothing is asked for, as there is no token */
    const char *body, *headers, *login;
    bool is_list;
} places[] = {
    { "code", 403, "{\"error\":{\"code\":\"@\",\"message\":\"m\"}}" },
    { "message", 403, "{\"error\":{\"code\":\"C\",\"message\":\"@\"}}" },
    { "code that is known", 403,
      "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"@\"}}" },
    { "code of a detail", 400,
      "{\"error\":{\"code\":\"C\",\"details\":[{\"code\":\"@\",\"message\":\"m\"}]}}" },
    { "message of a detail", 400,
      "{\"error\":{\"code\":\"C\",\"details\":[{\"details\":[{\"message\":\"@\"}]}]}}" },
    { "OData", 400, "{\"odata.error\":{\"code\":\"@\",\"message\":{\"value\":\"@\"}}}" },
    { "OAuth", 401, "{\"error\":\"@\",\"error_description\":\"@\"}" },
    { "page", 502, "<html>@</html>" },
    { "page of a yes", 200, "<html>@</html>" },
    { "page of a no", 404, "<html>@</html>" },
    { "code of a list", 403, "{\"error\":{\"code\":\"@\",\"message\":\"@\"}}", .is_list = true },
    { "correlation ID", 403, "{}", "x-ms-correlation-request-id: @" },
    { "request ID", 403, "{}", "x-ms-request-id: @" },
    { "date", 403, "{}", "Date: @" },
    { "login's error", .login = "{\"error\":\"@\"}" },
    { "login's description", .login = "{\"error\":\"e\",\"error_description\":\"@\"}" },
    { "login's known description",
      .login = "{\"error\":\"e\",\"error_codes\":[7000215],\"error_description\":\"@\"}" },
    { "login's IDs", .login = "{\"error\":\"e\",\"trace_id\":\"@\",\"correlation_id\":\"@\"}" },
    { "login's page", .login = "<html>@</html>" },
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
static const char *provoke(struct arena *arena, const struct place *place, const char *raw,
                           const char *json)
{
    const char *body = place->body != NULL ? place->body : "";
    /* A header is one line, whatever its source. */
    char *header = arena_copy_text(arena, raw);
    for (char *at = header; (at = strpbrk(at, "\r\n")) != NULL;)
        *at = '\v';
    const struct fake_answer answers[] = {
        { place->login == NULL ? 200 : 400,
          .body = place->login == NULL
                      ? TOKEN_OF("tok.en")
                      : fill(arena, place->login, *place->login == '{' ? json : raw) },
        { place->status, fill(arena, place->headers, header),
          fill(arena, body, *body == '{' ? json : raw), .is_last_again = true },
        { 0 },
    };
    struct session_config config = session_run_config();
    config.has_own_reads = true;
    struct session_run run;
    session_run_begin(&run, &config, answers);
    struct resource resource;
    engine_resource_init(&resource, arena, &customer_subscription_table);
    struct diags diags;
    diags_init(&diags, arena);
    const struct value *found;
    if (place->is_list)
        engine_walk(&run.call, &resource, run.session,
                    &(struct engine_walk){ .list_id = LIST, .each = take_none }, &diags);
    else
        engine_lookup(&run.call, &resource, run.session, MAPPING, &found, &diags);
    const char *all = "";
    for (const struct diagnostic *one = diags.first; one != NULL; one = one->next)
        all = arena_print(arena, "%s%s\n\n%s", all, one->summary, one->detail);
    session_run_end(&run);
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
        if (bytes == 0 || (point < 0x20 && point != '\n') || (point >= 0x7F && point < 0xA0) ||
            text_is_hidden(point) || marks > 4)
            fail_msg("%s: U+%04X before: %s", where, point, text);
    }
}

TEST(untrusted_text_cannot_pass_for_ours)
{
    static const char *const own[] = { "\n\n", "\nWhat to do", "\nHTTP status", "\nRequest ID" };
    EACH (place, places) {
        auto_arena arena = arena_new();
        const char *plain = provoke(arena, place, "x", "x");
        assert_true(*plain != '\0');
        EACH (text, texts) {
            const char *where =
                arena_print(arena, "%s, text %zu", place->name, (size_t)(text - texts));
            const char *said =
                provoke(arena, place, text->raw, text->json != NULL ? text->json : text->raw);
            assert_can_be_shown(said, where);
            EACH (part, own)
                if (count(said, *part) != count(plain, *part))
                    fail_msg("%s: \"%s\" is there %zu times and not %zu in:\n%s", where, *part,
                             count(said, *part), count(plain, *part), said);
        }
    }
}
