/* How Partner Center speaks: its errors and request IDs. tests/exchanges/partner_customer has its
 * pages, filters and waits.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/fixture.h"
#include "support/rest_fake.h"

static struct rest_fake *partner_new(const struct fake_answer *answers)
{
    struct rest_fake *fake = rest_fake_new(answers);
    fake->client.dialect = &dialect_partner;
    return fake;
}

#define BOM "\xEF\xBB\xBF"

TEST(errors_are_read_in_every_form)
{
    static const struct {
        int status;
        const char *body, *code, *words; /* a NULL code: it is no error */
    } rows[] = {
        { 404, "{'code':'1000','description':'Not found','data':['Id'],'source':'x'}", "1000",
          "Not found\n- Id" },
        { 409, BOM "{'code':600061,'message':'m','description':'Agreed','errorName':'N'}", "600061",
          "Agreed" },
        { 429, "{'statusCode':429,'message':'Try again in 57 seconds.'}", "429", "57 seconds" },
        { 200, "{'code':'3000','description':'Bad'}", "3000", "Bad" },
        { 201, "{'orders':[],'orderErrors':[{'code':10001,'description':'No order'}]}", "10001",
          "No order" },
        { 201, "{'id':'c','lineItems':[{'error':{'code':'7','description':'Item'}}]}", "7",
          "Item" },
        { 500, "{'message':'Sorry'}", "", "Sorry" },
        { 502, "<html>", "", "<html>" },
        { 201, "{'orders':[{'id':'o'}],'orderErrors':[]}", NULL, NULL },
        { 201, "{'id':'c','lineItems':[{'error':null}]}", NULL, NULL },
        { 200, "{'id':'x','code':'1','description':'of its own'}", NULL, NULL },
    };
    EACH (row, rows) {
        auto_rest_fake fake = partner_new(ANSWERS({ row->status, .body = row->body }));
        assert_int_equal(rest_fake_put(fake), 0);
        assert_same_text(fake->reply->failure.code, row->code);
        if (row->code != NULL)
            assert_has(fake->reply->failure.message, row->words);
    }
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

TEST_GROUP(fake_clock, true_clock)
