/* What ARM's refusals become: every shape that they come in.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/failure.h"
#include "base/clock.h"
#include "base/text.h"
#include "support/fake_transport.h"
#include "support/test.h"

static struct rest_failure parse(int status, const char *headers, const char *body)
{
    auto_http_reply reply = fake_reply(status, headers, body);
    struct rest_failure failure;
    rest_failure_parse(&failure, &dialect_arm, reply);
    assert_int_equal(failure.status, status);
    return failure;
}

static void check(const char *body, const char *code, const char *message)
{
    struct rest_failure failure = parse(400, NULL, body);
    assert_string_equal(failure.code, code);
    assert_string_equal(failure.message, message);
    rest_failure_clear(&failure);
}

TEST(error_text_of_each_shape)
{
    /* The envelope; flat; a gateway's; an operation's; OData's, two versions; OAuth's. */
    check("{\"error\":{\"code\":\"C\",\"message\":\"m.\"}}", "C", "m.");
    check("{\"code\":\"C\",\"message\":\"m.\"}", "C", "m.");
    check("{\"Code\":\"C\",\"Message\":\"m.\"}", "C", "m.");
    check("{\"Message\":\"m.\"}", "", "m.");
    check("{\"id\":\"/x\",\"status\":\"Failed\",\"error\":{\"code\":\"C\",\"message\":"
          "\"m.\"}}",
          "C", "m.");
    check("{\"odata.error\":{\"code\":\"C\",\"message\":{\"lang\":\"en\",\"value\":\"m.\""
          "}}}",
          "C", "m.");
    check("{\"error\":{\"code\":\"C\",\"message\":{\"lang\":\"en\",\"value\":\"m.\"}}}",
          "C", "m.");
    check("{\"error\":\"invalid_token\",\"error_description\":\"m.\"}", "invalid_token",
          "m.");
    check("{\"Error\":{\"Code\":\"C\",\"Message\":\"m.\"}}", "C", "m.");
    check("\xef\xbb\xbf{\"error\":{\"code\":\"C\",\"message\":\"m.\"}}", "C", "m.");
}

TEST(error_text_without_its_parts)
{
    check("", "", "");
    check("{}", "", "");
    check("{\"error\":{}}", "", "");
    check("{\"error\":null}", "", "");
    check("{\"error\":{\"code\":\"\",\"message\":\"\"}}", "", "");
    check("{\"error\":{\"code\":400,\"message\":[\"m\"]}}", "", "");
    check("{\"error\":{\"code\":\"C\"}}", "C", "");
    check("{\"error\":{\"message\":\"m.\"}}", "", "m.");
    check("{\"error\":{\"code\":\"C\",\"details\":7}}", "C", "");
}

TEST(error_text_with_details)
{
    check("{\"error\":{\"code\":\"C\",\"message\":\"m.\",\"details\":["
          "{\"code\":\"D\",\"message\":\"d.\",\"details\":[{\"code\":\"E\"}]},"
          "{\"message\":\"f.\"},{},null,7,\"text\"]}}",
          "C", "m.\n- D: d.\n  - E\n- f.");
    check("{\"error\":{\"code\":\"C\",\"details\":[{\"message\":\"d.\"}]}}", "C", "- d.");
}

TEST(error_text_of_details_without_end)
{
    /* Nested ten deep: the first levels are told. Under the depth that JSON may have. */
    struct arena *arena = arena_new();
    const char *inner = "null";
    for (int i = 9; i >= 0; i--)
        inner = arena_print(arena, "[{\"code\":\"L%d\",\"details\":%s}]", i, inner);
    const char *body =
        arena_print(arena, "{\"error\":{\"code\":\"C\",\"details\":%s}}", inner);
    check(body, "C", "- L0\n  - L1\n    - L2\n      - L3");
    /* A hundred thousand deep: no JSON for us, and no stack overflow. */
    enum { DEEP = 100 * 1000 };
    char *deep = arena_take_many(arena, DEEP + 1, 1);
    memset(deep, '[', DEEP);
    deep[DEEP] = '\0';
    struct rest_failure failure = parse(400, NULL, deep);
    assert_string_equal(failure.code, "");
    assert_in_range(strlen(failure.message), 250, 300);
    rest_failure_clear(&failure);
    arena_free(arena);
}

TEST(error_text_that_is_very_long_is_cut_and_not_lost)
{
    static const size_t lengths[] = { 7000, 30 * 1000, 100 * 1000, 1000 * 1000 };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct arena *arena = arena_new();
        char *text = arena_take_many(arena, lengths[i] + 1, 1);
        for (size_t k = 0; k + 3 <= lengths[i]; k += 3)
            memcpy(text + k, "\xe2\x82\xac", 4);
        struct rest_failure failure = parse(
            400, NULL,
            arena_print(arena, "{\"error\":{\"code\":\"C\",\"message\":\"%s\"}}", text));
        assert_string_equal(failure.code, "C");
        assert_in_range(strlen(failure.message), 6000, 6 * 1024);
        assert_true(text_is_utf8(failure.message, strlen(failure.message)));
        assert_memory_equal(failure.message, text, 3000);
        rest_failure_clear(&failure);
        /* And as a code, and in a detail behind which there is another. */
        failure = parse(
            400, NULL,
            arena_print(arena,
                        "{\"error\":{\"code\":\"%s\",\"message\":\"m.\",\"details\":[{"
                        "\"code\":\"D\",\"message\":\"%s\"}]}}",
                        text, text));
        assert_in_range(strlen(failure.code), 190, 200);
        assert_memory_equal(failure.message, "m.\n- D: \xe2\x82\xac", 11);
        assert_true(text_is_utf8(failure.message, strlen(failure.message)));
        rest_failure_clear(&failure);
        arena_free(arena);
    }
}

TEST(error_text_of_what_is_no_json)
{
    check("<html>\r\n<h1>502</h1></html>", "", "<html> \n  <h1>502</h1></html>");
    check("{\"error\":{\"code\":\"C\",\"mess", "", "{\"error\":{\"code\":\"C\",\"mess");
    check("[1]", "", "[1]");
    check("{\"code\":\"A\",\"code\":\"B\"}", "", "{\"code\":\"A\",\"code\":\"B\"}");
    check("bad \xff\xfe byte", "", "bad \xef\xbf\xbd\xef\xbf\xbd byte");
    check("\x1b[31mred\x07", "", " [31mred ");
    check("{\"message\":\"a\xff\"}", "", "a\xef\xbf\xbd");
}

TEST(error_text_keeps_lines_and_drops_control_characters)
{
    check("{\"code\":\"C\\u001b[1m\",\"message\":\"a\\nb\\u0007\\u009bc\"}", "C [1m",
          "a\n  b  c");
    check("{\"code\":\"C\\nD\\tE\",\"message\":\"\\n a\\n \\n\\n\\tb\\n\",\"details\":["
          "{\"code\":\"F\\nG\",\"message\":\"c\\n\\nd\"}]}",
          "C D E", " a\n  \tb\n- F G: c  d");
}

TEST(redaction_of_a_request_that_somebody_repeats)
{
    struct rest_failure failure =
        parse(502, "x-ms-request-id: Bearer eyJ0eXAiOiJKV1QifQ.canary",
              "<pre>PUT /x\nAuthorization: Bearer eyJ0eXAiOiJKV1QifQ.canary\n</pre>");
    assert_string_equal(failure.message,
                        "<pre>PUT /x\n  Authorization: Bearer ***\n  </pre>");
    assert_string_equal(failure.request_id, "Bearer ***");
    rest_failure_clear(&failure);
    check("{\"error\":{\"code\":\"C\",\"message\":\"no https://x/?sig=canary&a\"}}", "C",
          "no https://x/?sig=***&a");
}

TEST(error_text_has_what_support_asks_for)
{
    clock_fake_start(1764000000123);
    struct rest_failure failure =
        parse(409,
              "x-ms-correlation-request-id: cor\nx-ms-request-id: req\n"
              "Date: Sun, 06 Nov 1994 08:49:37 GMT",
              "{}");
    assert_string_equal(failure.correlation_id, "cor");
    assert_string_equal(failure.request_id, "req");
    assert_string_equal(failure.date, "1994-11-06T08:49:37Z");
    rest_failure_clear(&failure);
    failure = parse(409, "Date: yesterday\nx-ms-request-id:", "{}");
    assert_null(failure.correlation_id);
    assert_null(failure.request_id);
    assert_string_equal(failure.date, "2025-11-24T16:00:00Z");
    rest_failure_clear(&failure);
    clock_fake_end();
}

TEST(codes_are_compared_ignoring_case)
{
    struct rest_failure failure = parse(409, NULL, "{\"code\":\"scopelocked\"}");
    assert_false(failure.is_transient);
    rest_failure_clear(&failure);
    static const char *const transient[] = { "MetadataResolverBadGatewayError",
                                             "conflict", "AnotherOperationInProgress" };
    for (size_t i = 0; i < sizeof transient / sizeof *transient; i++) {
        char body[100];
        snprintf(body, sizeof body, "{\"error\":{\"code\":\"%s\"}}", transient[i]);
        failure = parse(409, NULL, body);
        assert_true(failure.is_transient);
        rest_failure_clear(&failure);
    }
}
