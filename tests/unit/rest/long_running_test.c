/* Long-running operations: which address is asked, how often, and what its answers mean.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "rest/long_running.h"
#include "support/fixture.h"
#include "support/rest_fake.h"

#define HOST "https://arm.test"
#define STATUS "Azure-AsyncOperation: "
#define RESULT "Location: "
#define DONE                                                                                       \
    {                                                                                              \
        200, .body = "{'status':'Succeeded'}"                                                      \
    }

static enum rest_operation_end follow(struct rest_fake *fake, struct rest_reply **out)
{
    const struct rest_request request = { .method = "PUT", .id = "/x" };
    assert_int_equal(rest_fake_put(fake), 0);
    return rest_operation_wait(&fake->call, &fake->client, &request, fake->reply, out, &fake->err);
}

/* The answer to the write, and the address that is asked behind it. */
static const struct {
    int status;
    const char *headers, *asked;
} addresses[] = {
    { 202, STATUS HOST "/s?a=1\n" RESULT HOST "/r", HOST "/s?a=1" },
    { 201, STATUS HOST "/s\n" RESULT HOST "/r", HOST "/s" },
    { 200, STATUS HOST "/s", HOST "/s" },
    { 202, "azure-asyncoperation: HTTPS://ARM.TEST:443/s", "HTTPS://ARM.TEST:443/s" },
    { 202, RESULT HOST "/r", HOST "/r" },
    { 201, RESULT HOST "/r", HOST "/r" },
    { 202, RESULT "/r?a=1", HOST "/r?a=1" },
    { 202, STATUS "https://evil.test/s\n" RESULT HOST "/r", HOST "/r" },
    { 202, STATUS HOST "/s?a=b c\xC3\xA4\"|%20", HOST "/s?a=b%20c%C3%A4%22%7C%20" },
    { 202, STATUS "\n" RESULT HOST "/r", HOST "/r" },
    /* No operation. */
    { 200, NULL, NULL },
    { 202, NULL, NULL },
    { 200, RESULT HOST "/r", NULL },
    { 204, RESULT HOST "/r", NULL },
    { 201, RESULT HOST "/x", NULL },
    { 201, RESULT HOST "/X?api-version=1", NULL },
    { 201, RESULT "/x", NULL },
    /* Of another origin: no token goes there. */
    { 202, STATUS "http://arm.test/s", NULL },
    { 202, STATUS "https://arm.test:444/s", NULL },
    { 202, STATUS "https://arm.test.evil.test/s", NULL },
    { 202, STATUS "https://arm.test@evil.test/s", NULL },
    { 202, STATUS "https://arm.test\\@evil.test/s", NULL },
    { 202, STATUS "https://evil.test/https://arm.test/s", NULL },
    { 202, RESULT "//evil.test/r", NULL },
    { 202, RESULT "/\\evil.test/r", HOST "/%5Cevil.test/r" },
    { 202, RESULT "r", NULL },
    { 202, RESULT "ftp://arm.test/r", NULL },
};

TEST(only_an_address_of_the_service_itself_is_asked)
{
    EACH (row, addresses) {
        struct rest_reply *out = NULL;
        auto_rest_fake fake =
            rest_fake_new(ANSWERS({ row->status, row->headers, .body = "{}" }, DONE));
        enum rest_operation_end end = follow(fake, &out);
        if ((rest_fake_sent(fake) == 2) != (row->asked != NULL))
            fail_msg("row %zu", (size_t)(row - addresses));
        assert_int_equal(end, row->asked != NULL ? REST_OPERATION_SUCCEEDED : REST_OPERATION_NONE);
        if (row->asked != NULL)
            assert_string_equal(rest_fake_request(fake, 1)->url, row->asked);
    }
}

#define ERROR "'error':{'code':'C','message':'M'}"

static const struct {
    const char *header;
    enum rest_operation_end end;
    const char *code;
    struct fake_answer answer;
} ends[] = {
#define SUCCEEDED REST_OPERATION_SUCCEEDED, NULL
#define FAILED(code) REST_OPERATION_FAILED, code
#define NONE REST_OPERATION_NONE, NULL
#define UNFINISHED REST_OPERATION_UNFINISHED, NULL
    { STATUS, SUCCEEDED, DONE },
    { STATUS, SUCCEEDED, { 200, .body = "{'status':'succeeded'}" } },
    { STATUS, SUCCEEDED, { 202, .body = "{'status':'Succeeded'}" } },
    { STATUS, FAILED("C"), { 200, .body = "{'status':'Failed'," ERROR "}" } },
    { STATUS, FAILED("C"), { 200, .body = "{'status':'Failed','properties':{}," ERROR "}" } },
    { STATUS, FAILED("Canceled"), { 200, .body = "{'status':'Canceled'}" } },
    { STATUS, FAILED("Cancelled"), { 200, .body = "{'status':'Cancelled'}" } },
    { STATUS, NONE, { 200, .body = "{}" } },
    { STATUS, NONE, { 200, .body = "{'status':5}" } },
    { STATUS, NONE, { 200, .body = "<html>", .is_last_again = true } },
    { STATUS, NONE, { 204 } },
    { STATUS, NONE, { 302, "Location: https://evil.test" } },
    { STATUS, NONE, { 403, .body = "{" ERROR "}" } },
    { STATUS, NONE, { 404, .body = "{" ERROR "}" } },
    { STATUS, NONE, { 401, .is_last_again = true } },
    { STATUS, NONE, { .fault = ERR_TLS } },
    { STATUS, UNFINISHED, { 500, .is_last_again = true } },
    { STATUS, UNFINISHED, { .fault = ERR_UNREACHABLE, .is_last_again = true } },
    { STATUS, UNFINISHED, { 200, .body = "{'status':'Running'}", .is_last_again = true } },
    { STATUS, UNFINISHED, { 202, .is_last_again = true } },
    { RESULT, SUCCEEDED, { 200 } },
    { RESULT, SUCCEEDED, { 201, .body = "{'id':'/x'}" } },
    { RESULT, SUCCEEDED, { 204 } },
    { RESULT, UNFINISHED, { 202, .is_last_again = true } },
    { RESULT, FAILED("C"), { 200, .body = "{" ERROR "}" } },
    { RESULT, FAILED("C"), { 409, .body = "{" ERROR "}" } },
    { RESULT, FAILED("C"), { 400, .body = "{" ERROR "}" } },
    { RESULT, NONE, { 409, .body = "<html>" } },
    { RESULT, NONE, { 200, .body = "<html>", .is_last_again = true } },
    { RESULT, NONE, { 403, .body = "{" ERROR "}" } },
    { RESULT, NONE, { 404, .body = "{" ERROR "}" } },
};

TEST(an_answer_says_how_far_the_operation_is_or_nothing)
{
    EACH (row, ends) {
        struct rest_reply *out = NULL;
        const char *headers =
            strcmp(row->header, STATUS) == 0 ? STATUS HOST "/s" : RESULT HOST "/s";
        auto_rest_fake fake = rest_fake_new(ANSWERS({ 202, headers }, row->answer));
        enum rest_operation_end end = follow(fake, &out);
        if (end != row->end)
            fail_msg("row %zu: %d", (size_t)(row - ends), end);
        assert_int_equal(out != NULL, end == REST_OPERATION_FAILED);
        if (out != NULL)
            assert_string_equal(out->failure.code, row->code);
        assert_int_equal(fake->err.kind, end == REST_OPERATION_UNFINISHED ? ERR_TIMEOUT
                                         : row->answer.fault == ERR_TLS   ? ERR_TLS
                                                                          : ERR_NONE);
        rest_reply_free(out);
    }
}

TEST(it_waits_as_long_as_the_service_asks_and_goes_where_it_says)
{
    static const char running[] = "{'status':'Running'}";
    struct rest_reply *out = NULL;
    auto_rest_fake fake = rest_fake_new(
        ANSWERS({ 202, STATUS HOST "/1\nRetry-After: 7" }, { 200, "Retry-After: 3", running },
                { 200, STATUS HOST "/2\nRetry-After: 0", running },
                { 200, RESULT HOST "/r\n" STATUS "https://evil.test", running }, DONE));
    assert_int_equal(follow(fake, &out), REST_OPERATION_SUCCEEDED);
    static const struct {
        const char *url;
        int64_t waited_ms;
    } asked[] = {
        { HOST "/1", 7000 }, { HOST "/1", 3000 }, { HOST "/2", 500 }, { HOST "/2", 500 }
    };
    for (size_t i = 0; i < 4; i++) {
        const struct fake_request *now = rest_fake_request(fake, i + 1);
        assert_string_equal(now->url, asked[i].url);
        assert_string_equal(now->bearer, "t0");
        assert_int_equal(now->at_ms - rest_fake_request(fake, i)->at_ms, asked[i].waited_ms);
    }
}

TEST_GROUP(fake_clock, true_clock)
