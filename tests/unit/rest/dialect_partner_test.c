/* How Partner Center speaks: its headers, its pages, its errors.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/list.h"
#include "support/fixture.h"
#include "support/rest_fake.h"

static struct rest_fake *partner_new(const struct fake_answer *answers)
{
    struct rest_fake *fake = rest_fake_new(answers);
    fake->client.dialect = &dialect_partner;
    return fake;
}

static int count_objects(void *state, const json_t *objects, struct error *err)
{
    (void)err;
    *(size_t *)state += json_array_size(objects);
    return 0;
}

#define BOM "\xEF\xBB\xBF"
#define LINK(uri, token)                                                                           \
    "\"links\":{\"next\":{\"uri\":\"" uri "\",\"method\":\"GET\",\"headers\":[{\"key\":"           \
    "\"MS-ContinuationToken\",\"value\":\"" token "\"}]}}"
#define PAGE(rest) 200, .body = BOM "{\"totalCount\":1,\"items\":[{\"id\":\"x\"}]," rest "}"
#define LAST 200, .body = "{\"totalCount\":2,\"items\":[{\"id\":\"z\"}],\"links\":{}}"
#define NEXT "https://arm.test/v1/customers?size=2&seekOperation=Next"

static const struct {
    const char *what;
    size_t sent, count;
    const char *url, *token; /* of the second request; NULL: none */
    enum error_kind kind;
    struct fake_answer answers[4];
} pages[] = {
    { "a path with the version", 2, 2, NEXT, "QA==",
      .answers = { { PAGE(LINK("/v1/customers?size=2&seekOperation=Next", "QA==")) }, { LAST } } },
    { "a path without it", 2, 2, NEXT, "QA==",
      .answers = { { PAGE(LINK("/customers?size=2&seekOperation=Next", "QA==")) }, { LAST } } },
    { "no slash", 2, 2, NEXT, "QA==",
      .answers = { { PAGE(LINK("customers?size=2&seekOperation=Next", "QA==")) }, { LAST } } },
    { "a whole address", 2, 2, NEXT,
      "QA==", .answers = { { PAGE(LINK(NEXT, "QA==")) }, { LAST } } },
    { "the same address with another token", 3, 2, NEXT, "QA==",
      .answers = { { PAGE(LINK(NEXT, "QA==")) },
                   { 200, .body = "{\"items\":[{\"id\":\"y\"}]," LINK(NEXT, "QB==") "}" },
                   { 200, .body = "{\"items\":[]}" } } },
    { "a token in the answer's header", 2, 1, "https://arm.test/v1/customers?seekOperation=Next",
      "QC==",
      .answers = { { PAGE("\"links\":{}"), .headers = "MS-ContinuationToken: QC==" },
                   { 200, .body = "{\"items\":[]}" } } },
    { "null in place of nothing", 1, 0,
      .answers = { { 200, .body = "{\"totalCount\":0,\"items\":null}" } } },
    { "the same page again is a circle", 2, 1, NEXT, "QA==", ERR_SHAPE,
      .answers = { { PAGE(LINK(NEXT, "QA==")) },
                   { 200, .body = "{\"items\":[]," LINK(NEXT, "QA==") "}" } } },
    { "another host gets no token", 1, 0, NULL, NULL, ERR_REFUSED,
      .answers = { { PAGE(LINK("https://evil.test/v1/customers", "QA==")) } } },
    { "a token that would be two header lines is none", 2, 1, "https://arm.test/v1/customers?x=1",
      .answers = { { PAGE(LINK("/v1/customers?x=1", "Q\\r\\nX-Evil: 1")) },
                   { 200, .body = "{\"items\":[]}" } } },
    { "an object without items is no list", 1, 0, NULL, NULL, ERR_SHAPE,
      .answers = { { 200, .body = "{\"id\":\"x\"}" } } },
};

TEST(a_list_goes_on_by_a_token_in_a_header)
{
    EACH (row, pages) {
        size_t count = 0;
        auto_rest_fake fake = partner_new(row->answers);
        const struct rest_list list = { .id = "/v1/customers", .query = "size=2" };
        int result =
            rest_list(&fake->call, &fake->client, &list, count_objects, &count, &fake->err);
        if ((result == 0) != (row->kind == ERR_NONE) || fake->err.kind != row->kind ||
            rest_fake_sent(fake) != row->sent || (result == 0 && count != row->count))
            fail_msg("%s: %d, %zu objects in %zu requests, %s", row->what, result, count,
                     rest_fake_sent(fake), fake->err.text);
        assert_string_equal(rest_fake_request(fake, 0)->url,
                            "https://arm.test/v1/customers?size=2");
        assert_lacks(rest_fake_request(fake, 0)->headers, "MS-ContinuationToken");
        if (row->url != NULL)
            assert_string_equal(rest_fake_request(fake, 1)->url, row->url);
        for (size_t i = 1; row->token != NULL && i < 2; i++) {
            assert_has(rest_fake_request(fake, i)->headers, "MS-ContinuationToken: ");
            assert_has(rest_fake_request(fake, i)->headers, row->token);
        }
        if (row->token == NULL && row->sent > 1)
            assert_lacks(rest_fake_request(fake, 1)->headers, "MS-ContinuationToken");
    }
}

TEST(errors_are_read_in_every_form)
{
    static const struct {
        int status;
        const char *body, *code, *words; /* a NULL code: it is no error */
    } rows[] = {
        { 404,
          "{\"code\":\"1000\",\"description\":\"Not found\",\"data\":[\"Id\"],\"source\":\"x\"}",
          "1000", "Not found\n- Id" },
        { 409,
          BOM "{\"code\":600061,\"message\":\"m\",\"description\":\"Agreed\",\"errorName\":\"N\"}",
          "600061", "Agreed" },
        { 429, "{\"statusCode\":429,\"message\":\"Try again in 57 seconds.\"}", "429",
          "57 seconds" },
        { 200, "{\"code\":\"3000\",\"description\":\"Bad\"}", "3000", "Bad" },
        { 201, "{\"orders\":[],\"orderErrors\":[{\"code\":10001,\"description\":\"No order\"}]}",
          "10001", "No order" },
        { 201,
          "{\"id\":\"c\",\"lineItems\":[{\"error\":{\"code\":\"7\",\"description\":\"Item\"}}]}",
          "7", "Item" },
        { 500, "{\"message\":\"Sorry\"}", "", "Sorry" },
        { 502, "<html>", "", "<html>" },
        { 201, "{\"orders\":[{\"id\":\"o\"}],\"orderErrors\":[]}", NULL, NULL },
        { 201, "{\"id\":\"c\",\"lineItems\":[{\"error\":null}]}", NULL, NULL },
        { 200, "{\"id\":\"x\",\"code\":\"1\",\"description\":\"of its own\"}", NULL, NULL },
    };
    EACH (row, rows) {
        auto_rest_fake fake = partner_new(ANSWERS({ row->status, .body = row->body }));
        assert_int_equal(rest_fake_put(fake), 0);
        assert_same_text(fake->reply->failure.code, row->code);
        if (row->code != NULL)
            assert_has(fake->reply->failure.message, row->words);
    }
}

#define LIMIT(words) "{\"statusCode\":429,\"message\":\"Rate limit is exceeded." words "\"}"

TEST(a_throttled_request_waits_as_long_as_the_text_says)
{
    static const struct {
        struct fake_answer answer;
        int64_t from_ms, to_ms;
    } rows[] = {
        { { 429, .body = LIMIT(" Try again in 57 seconds.") }, 57000, 58000 },
        { { 429, .body = BOM LIMIT(" Try again in 20 seconds.") }, 20000, 21000 },
        { { 429, .body = LIMIT(" TRY AGAIN IN 1 SECOND.") }, 1000, 1100 },
        { { 429, .body = "{\"code\":1,\"description\":\"Try again in 9 seconds\"}" }, 9000, 9900 },
        /* A header comes first. */
        { { 429, "Retry-After: 2", LIMIT(" Try again in 57 seconds.") }, 2000, 2200 },
        /* What is no such text: the first wait of any request that is sent again. */
        { { 429, .body = LIMIT(" Try again in 0 seconds.") }, 640, 1048 },
        { { 429, .body = LIMIT(" Try again in -5 seconds.") }, 640, 1048 },
        { { 429, .body = LIMIT(" Try again in 30 minutes.") }, 640, 1048 },
        { { 429, .body = LIMIT(" Try again in a few seconds.") }, 640, 1048 },
        { { 429, .body = LIMIT("") }, 640, 1048 },
        { { 429, .body = "Try again in 57 seconds." }, 640, 1048 },
        /* Of what is no throttling, too. */
        { { 503, .body = LIMIT(" Try again in 57 seconds.") }, 640, 1048 },
    };
    EACH (row, rows) {
        auto_rest_fake fake = partner_new(ANSWERS(row->answer, { 200, .body = "{}" }));
        assert_int_equal(rest_fake_get(fake, "/v1/customers"), 0);
        assert_int_equal(rest_fake_sent(fake), 2);
        int64_t waited_ms = rest_fake_request(fake, 1)->at_ms - rest_fake_request(fake, 0)->at_ms;
        if (waited_ms < row->from_ms || waited_ms > row->to_ms)
            fail_msg("%d %s: waited %lld ms", row->answer.status, row->answer.body,
                     (long long)waited_ms);
    }
}

TEST(a_wait_of_the_text_that_ends_after_the_timeout_is_not_begun)
{
    static const struct fake_answer answers[] = {
        { 429, .body = LIMIT(" Try again in 99999999999999999999 seconds."), .is_last_again = true }
    };
    auto_rest_fake fake = partner_new(answers);
    assert_int_equal(rest_fake_get(fake, "/v1/customers"), 0);
    assert_int_equal(rest_fake_sent(fake), 1);
    assert_has(fake->reply->failure.message, "Rate limit is exceeded");
}

static const char *request_id(struct rest_fake *fake, size_t number)
{
    const char *at = strstr(rest_fake_request(fake, number)->headers, "MS-RequestId: ");
    assert_non_null(at);
    return at;
}

TEST(a_request_id_is_new_for_each_request_but_where_the_caller_has_one)
{
    static const char *const own = "MS-RequestId: 11112222-3333-4444-8555-666677778888";
    static const struct fake_answer answers[] = { { 200, .body = "{}", .is_last_again = true } };
    auto_rest_fake fake = partner_new(answers);
    struct rest_request request = { .method = "POST", .id = "/v1/customers" };
    for (size_t i = 0; i < 4; i++) {
        request.request_id = i < 2 ? NULL : own + strlen("MS-RequestId: ");
        rest_reply_free(take(fake->reply));
        assert_int_equal(rest_write(&fake->call, &fake->client, &request, &fake->reply, &fake->err),
                         0);
    }
    assert_int_not_equal(strncmp(request_id(fake, 0), request_id(fake, 1), strlen(own)), 0);
    assert_int_equal(strncmp(request_id(fake, 2), own, strlen(own)), 0);
    assert_int_equal(strncmp(request_id(fake, 3), own, strlen(own)), 0);
    for (size_t i = 0; i < 4; i++) {
        assert_has(rest_fake_request(fake, i)->headers, "MS-CorrelationId: ");
        assert_has(rest_fake_request(fake, i)->headers, "MS-Contract-Version: v1\n");
        assert_has(rest_fake_request(fake, i)->headers, "X-Locale: en-US\n");
    }
}

TEST_WITH(a_filter_is_encoded, arena_begin, arena_end)
{
    assert_string_equal(dialect_partner.filter(arena, "Domain", "a\"b&c"),
                        "filter=%7B%22Field%22%3A%22Domain%22%2C%22Value%22%3A%22a%5C%22b%26c%22%2C"
                        "%22Operator%22%3A%22starts_with%22%7D");
}

TEST_GROUP(fake_clock, true_clock)
