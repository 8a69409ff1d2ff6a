/* One exchange about one id: its address, what is sent again, and where a token may go.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "support/fixture.h"
#include "support/rest_fake.h"

TEST(a_request_has_an_encoded_address_and_an_id_of_its_own)
{
    static const char own[] = "x-ms-client-request-id: ";
    char ids[2][TEXT_GUID_BYTES];
    auto_rest_fake fake = rest_fake_new(ANSWERS({ 200, .body = "{}", .is_last_again = true }));
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(rest_fake_get(fake, "/subscriptions/s/x y/a%2Fb"), 0);
        const struct fake_request *sent = rest_fake_request(fake, i);
        assert_string_equal(sent->url,
                            "https://arm.test/subscriptions/s/x%20y/a%252Fb?api-version=1");
        assert_has(sent->headers, own);
        snprintf(ids[i], sizeof ids[i], "%.36s", strstr(sent->headers, own) + strlen(own));
        assert_true(text_is_guid(ids[i]));
    }
    assert_string_not_equal(ids[0], ids[1]);
}

/* The same answer again and again: what is given back, and after how many requests. */
static const struct outcome {
    const char *method;
    struct fake_answer answer;
    size_t sent;
    bool is_malformed;
} outcomes[] = {
    /* A write is sent once, whatever becomes of it. */
    { "PUT", { 408, "Retry-After: 1" }, 1 },
    { "PUT", { 429, "Retry-After: 1" }, 1 },
    { "PUT", { 500, "Retry-After: 1" }, 1 },
    { "PUT", { 503, "Retry-After: 1" }, 1 },
    { "PUT", { 504, "Retry-After: 1" }, 1 },
    { "PUT", { 409, "Retry-After: 1" }, 1 },
    { "PUT", { .fault = ERR_LOST }, 1 },
    { "PUT", { .fault = ERR_UNREACHABLE }, 1 },
    { "PUT", { .fault = ERR_SHAPE }, 1 },
    { "PUT", { .fault = ERR_TOO_BIG }, 1 },
    { "PUT", { 200, .body = "<html>" }, 1, true },
    /* A redirect to elsewhere, and one that would change the method, is the answer. */
    { "PUT", { 307, "Location: https://evil.test/x" }, 1 },
    { "PUT", { 307, "Location: http://arm.test/x" }, 1 },
    { "PUT", { 307, "Location: https://arm.test:444/x" }, 1 },
    { "PUT", { 307, "Location: //evil.test/x" }, 1 },
    { "PUT", { 307, "Location: https://arm.test@evil.test/x" }, 1 },
    { "PUT", { 307, "Location: https://arm.test\\@evil.test/x" }, 1 },
    { "PUT", { 307, "Location: https://arm.test.evil.test/x" }, 1 },
    { "PUT", { 307, "Location: elsewhere" }, 1 },
    { "PUT", { 307, "Location:" }, 1 },
    { "PUT", { 307, "X-Other: 1" }, 1 },
    { "PUT", { 301, "Location: /y" }, 1 },
    { "PUT", { 302, "Location: /y" }, 1 },
    { "PUT", { 303, "Location: /y" }, 1 },
    /* One to itself ends, and so does a token that is always refused. */
    { "PUT", { 307, "Location: /x?api-version=1" }, 4 },
    { "GET", { 401 }, 2 },
    /* A garbled answer is asked for three times. */
    { "GET", { 200, .body = "{}" }, 1 },
    { "GET", { 200, .body = "\xef\xbb\xbf{}" }, 1 },
    { "GET", { 200, .body = "<html>" }, 3, true },
    { "GET", { 200, .body = "{\"a\":" }, 3, true },
    { "GET", { 200, .body = "[]" }, 3, true },
    { "GET", { 200, .body = "null" }, 3, true },
    { "GET", { 200, .body = "{\"a\":1,\"a\":2}" }, 3, true },
    { "GET", { 200, .body = "{} {}" }, 3, true },
    { "GET", { 200, .body = "{\"a\":\"\xff\"}" }, 1 },
    { "GET", { 404, .body = "{\"a\":\"\\u0000\"}" }, 1 },
    { "GET", { 200 }, 3 },
    { "GET", { 204 }, 1 },
    { "GET", { 404, .body = "<html>" }, 3, true },
    { "GET", { 404 }, 1 },
    { "GET", { 403, .body = "<html>" }, 1, true },
};

TEST(an_answer_is_asked_for_again_only_where_that_is_safe)
{
    EACH (row, outcomes) {
        struct fake_answer again = row->answer;
        again.is_last_again = true;
        auto_rest_fake fake = rest_fake_new(ANSWERS(again));
        bool is_read = strcmp(row->method, "GET") == 0;
        int result = is_read ? rest_fake_get(fake, "/x") : rest_fake_put(fake);
        if (result != (row->answer.fault != ERR_NONE ? -1 : 0) || rest_fake_sent(fake) != row->sent)
            fail_msg("row %zu: %d after %zu requests", (size_t)(row - outcomes), result,
                     rest_fake_sent(fake));
        assert_int_equal(fake->err.kind, row->answer.fault);
        assert_int_equal(fake->reply != NULL ? fake->reply->status : 0, row->answer.status);
        if (fake->reply != NULL)
            assert_int_equal(fake->reply->is_malformed, row->is_malformed);
        if (row->is_malformed)
            assert_null(fake->reply->body);
    }
}

TEST(no_request_is_sent_about_an_unknown_id)
{
    auto_rest_fake fake = rest_fake_new(ANSWERS({ 200 }));
    assert_int_equal(rest_fake_get(fake, NULL), -1);
    assert_int_equal(fake->err.kind, ERR_INVALID);
    assert_int_equal(rest_fake_sent(fake), 0);
}

TEST(token_failure_never_says_that_the_write_may_have_been_sent)
{
    static const struct {
        enum error_kind fault, kind;
    } rows[] = {
        { ERR_UNREACHABLE, ERR_CREDENTIAL },
        { ERR_LOST, ERR_CREDENTIAL },
        { ERR_SHAPE, ERR_CREDENTIAL },
        { ERR_TOO_BIG, ERR_CREDENTIAL },
        { ERR_CREDENTIAL, ERR_CREDENTIAL },
        { ERR_NAME, ERR_CREDENTIAL },
        { ERR_TLS, ERR_TLS },
        { ERR_TIMEOUT, ERR_TIMEOUT },
        { ERR_STOPPED, ERR_STOPPED },
    };
    EACH (row, rows) {
        auto_rest_fake fake = rest_fake_new(ANSWERS({ 401 }));
        fake->credential.good = 1;
        fake->credential.fault = row->fault;
        assert_int_equal(rest_fake_put(fake), -1);
        assert_int_equal(fake->err.kind, row->kind);
        assert_has(fake->err.text, "the login service fails");
        /* The others have it from the credential, or from code that knows the kind. */
        if (row->kind == ERR_CREDENTIAL && row->fault != ERR_CREDENTIAL)
            assert_has(fake->err.text, "\n\nWhat to do: ");
        assert_int_equal(rest_fake_sent(fake), 1);
    }
}

TEST(redirect_within_the_service_keeps_method_and_body)
{
    static const struct {
        int status;
        const char *location, *url;
    } rows[] = {
        { 307, "Location: /elsewhere?api-version=1", "https://arm.test/elsewhere?api-version=1" },
        { 308, "Location: https://ARM.test:443/y", "https://ARM.test:443/y" },
        { 307, "Location: /a b", "https://arm.test/a%20b" },
    };
    EACH (row, rows) {
        auto_rest_fake fake = rest_fake_new(ANSWERS({ row->status, row->location }, { 201 }));
        assert_int_equal(rest_fake_put(fake), 0);
        assert_int_equal(fake->reply->status, 201);
        const struct fake_request *second = rest_fake_request(fake, 1);
        assert_string_equal(second->method, "PUT");
        assert_string_equal(second->url, row->url);
        assert_string_equal(second->body, "{\"a\":\"b\"}");
        assert_string_equal(second->bearer, "t0");
    }
}

TEST_GROUP(fake_clock, true_clock)
