/* What ARM's refusals become: every shape that they come in.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/failure.h"
#include "base/text.h"
#include "support/fixture.h"
#include "support/fake_transport.h"

static struct rest_failure parse(int status, const char *headers, const char *body)
{
    auto_http_reply reply = fake_reply(status, headers, body);
    struct rest_failure failure;
    rest_failure_parse(&failure, &dialect_arm, reply);
    assert_int_equal(failure.status, status);
    return failure;
}

static const struct {
    const char *body, *code, *message; /* in the body ' stands for " */
} rows[] = {
    /* The envelope; flat; a gateway's; an operation's; OData's, two versions; OAuth's. */
    { "{'error':{'code':'C','message':'m.'}}", "C", "m." },
    { "{'code':'C','message':'m.'}", "C", "m." },
    { "{'Code':'C','Message':'m.'}", "C", "m." },
    { "{'Message':'m.'}", "", "m." },
    { "{'id':'/x','status':'Failed','error':{'code':'C','message':'m.'}}", "C", "m." },
    { "{'odata.error':{'code':'C','message':{'lang':'en','value':'m.'}}}", "C", "m." },
    { "{'error':{'code':'C','message':{'lang':'en','value':'m.'}}}", "C", "m." },
    { "{'error':'invalid_token','error_description':'m.'}", "invalid_token", "m." },
    { "{'Error':{'Code':'C','Message':'m.'}}", "C", "m." },
    { "\xef\xbb\xbf{'error':{'code':'C','message':'m.'}}", "C", "m." },
    /* Without its parts. */
    { "", "", "" },
    { "{}", "", "" },
    { "{'error':{}}", "", "" },
    { "{'error':null}", "", "" },
    { "{'error':{'code':'','message':''}}", "", "" },
    { "{'error':{'code':400,'message':['m']}}", "", "" },
    { "{'error':{'code':'C'}}", "C", "" },
    { "{'error':{'message':'m.'}}", "", "m." },
    { "{'error':{'code':'C','details':7}}", "C", "" },
    /* With details. */
    { "{'error':{'code':'C','message':'m.','details':[{'code':'D','message':'d.',"
      "'details':[{'code':'E'}]},{'message':'f.'},{},null,7,'text']}}",
      "C", "m.\n- D: d.\n  - E\n- f." },
    { "{'error':{'code':'C','details':[{'message':'d.'}]}}", "C", "- d." },
    /* Ten deep: the first levels are shown. Under the depth that JSON may have. */
    { "{'error':{'code':'C','details':[{'code':'L0','details':[{'code':'L1','details':"
      "[{'code':'L2','details':[{'code':'L3','details':[{'code':'L4','details':[{'code':'L5',"
      "'details':[{'code':'L6','details':[{'code':'L7','details':[{'code':'L8','details':"
      "[{'code':'L9'}]}]}]}]}]}]}]}]}]}]}}",
      "C", "- L0\n  - L1\n    - L2\n      - L3" },
    /* No JSON. */
    { "<html>\r\n<h1>502</h1></html>", "", "<html> \n  <h1>502</h1></html>" },
    { "{'error':{'code':'C','mess", "", "{'error':{'code':'C','mess" },
    { "[1]", "", "[1]" },
    { "{'code':'A','code':'B'}", "", "{'code':'A','code':'B'}" },
    { "bad \xff\xfe byte", "", "bad \xef\xbf\xbd\xef\xbf\xbd byte" },
    { "\x1b[31mred\x07", "", " [31mred " },
    { "{'message':'a\xff'}", "", "a\xef\xbf\xbd" },
    /* Lines are kept, and control characters dropped. */
    { "{'code':'C\\u001b[1m','message':'a\\nb\\u0007\\u009bc'}", "C [1m", "a\n  b  c" },
    { "{'code':'C\\nD\\tE','message':'\\n a\\n \\n\\n\\tb\\n','details':["
      "{'code':'F\\nG','message':'c\\n\\nd'}]}",
      "C D E", " a\n  \tb\n- F G: c  d" },
    { "{'error':{'code':'C','message':'no https://x/?sig=canary&a'}}", "C",
      "no https://x/?sig=***&a" },
};

static char *with_quotes(struct arena *texts, const char *text)
{
    char *copy = arena_copy_text(texts, text);
    for (char *at = copy; (at = strchr(at, '\'')) != NULL;)
        *at = '"';
    return copy;
}

TEST(error_text_of_each_shape)
{
    EACH (row, rows) {
        auto_arena texts = arena_new();
        struct rest_failure failure = parse(400, NULL, with_quotes(texts, row->body));
        assert_string_equal(failure.code, row->code);
        assert_string_equal(failure.message, with_quotes(texts, row->message));
        rest_failure_clear(&failure);
    }
}

TEST(error_text_that_is_too_deep_is_shown_as_text)
{
    /* A hundred thousand deep: no JSON for us, and no stack overflow. */
    enum { DEEP = 100 * 1000 };
    auto_arena texts = arena_new();
    char *deep = arena_take_many(texts, DEEP + 1, 1);
    memset(deep, '[', DEEP);
    struct rest_failure failure = parse(400, NULL, deep);
    assert_string_equal(failure.code, "");
    assert_in_range(strlen(failure.message), 250, 300);
    rest_failure_clear(&failure);
}

TEST(error_text_that_is_very_long_is_cut_and_not_lost)
{
    static const size_t lengths[] = { 7000, 30 * 1000, 100 * 1000, 1000 * 1000 };
    EACH (length, lengths) {
        auto_arena texts = arena_new();
        char *text = arena_take_many(texts, *length + 1, 1);
        for (size_t k = 0; k + 3 <= *length; k += 3)
            memcpy(text + k, "\xe2\x82\xac", 4);
        struct rest_failure failure = parse(
            400, NULL, arena_print(texts, "{\"error\":{\"code\":\"C\",\"message\":\"%s\"}}", text));
        assert_string_equal(failure.code, "C");
        assert_in_range(strlen(failure.message), 6000, 6 * 1024);
        assert_true(text_is_utf8(failure.message, strlen(failure.message)));
        assert_memory_equal(failure.message, text, 3000);
        rest_failure_clear(&failure);
        /* And as a code, and in a detail behind which there is another. */
        failure = parse(400, NULL,
                        arena_print(texts,
                                    "{\"error\":{\"code\":\"%s\",\"message\":\"m.\",\"details\":[{"
                                    "\"code\":\"D\",\"message\":\"%s\"}]}}",
                                    text, text));
        assert_in_range(strlen(failure.code), 190, 200);
        assert_memory_equal(failure.message, "m.\n- D: \xe2\x82\xac", 11);
        assert_true(text_is_utf8(failure.message, strlen(failure.message)));
        rest_failure_clear(&failure);
    }
}

TEST(error_text_has_what_support_asks_for_and_no_secret)
{
    static const struct {
        const char *headers, *body, *correlation_id, *request_id, *date, *message;
    } answers[] = {
        { "x-ms-correlation-request-id: cor\nx-ms-request-id: req\n"
          "Date: Sun, 06 Nov 1994 08:49:37 GMT",
          "{}", "cor", "req", "1994-11-06T08:49:37Z", "" },
        { "Date: yesterday\nx-ms-request-id:", "{}", NULL, NULL, "2023-11-14T22:13:20Z", "" },
        /* A request that a proxy repeats. */
        { "x-ms-request-id: Bearer eyJ0eXAiOiJKV1QifQ.canary",
          "<pre>PUT /x\nAuthorization: Bearer eyJ0eXAiOiJKV1QifQ.canary\n</pre>", NULL,
          "Bearer ***", "2023-11-14T22:13:20Z",
          "<pre>PUT /x\n  Authorization: Bearer ***\n  </pre>" },
    };
    EACH (row, answers) {
        struct rest_failure failure = parse(409, row->headers, row->body);
        assert_same_text(failure.correlation_id, row->correlation_id);
        assert_same_text(failure.request_id, row->request_id);
        assert_same_text(failure.date, row->date);
        assert_same_text(failure.message, row->message);
        rest_failure_clear(&failure);
    }
}

TEST(codes_of_faults_that_pass_are_compared_ignoring_case)
{
    static const char *const codes[] = { "MetadataResolverBadGatewayError", "conflict",
                                         "AnotherOperationInProgress", "scopelocked" };
    EACH (code, codes) {
        char body[100];
        snprintf(body, sizeof body, "{\"error\":{\"code\":\"%s\"}}", *code);
        struct rest_failure failure = parse(409, NULL, body);
        assert_int_equal(failure.is_transient, strcmp(*code, "scopelocked") != 0);
        rest_failure_clear(&failure);
    }
}

TEST_GROUP(fake_clock, true_clock)
