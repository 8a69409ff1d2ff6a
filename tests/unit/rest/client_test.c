/* One exchange about one id, as far as tests/exchanges/rest does not show it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "base/text.h"
#include "rest/list.h"
#include "support/errors.h"
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

/* What was cut would be the address of another object. */
TEST(the_address_of_a_long_id_is_whole)
{
    enum { LENGTH = 100 * 1000 };
    auto_rest_fake fake = rest_fake_new(ANSWERS({ 200 }));
    char id[LENGTH + 1] = "/";
    memset(id + 1, ' ', LENGTH - 2);
    id[LENGTH - 1] = 'x';
    const char *address = rest_address(fake->call.arena, &fake->client, id);
    assert_int_equal(strlen(address), strlen("https://arm.test/x") + 3 * (LENGTH - 2));
    assert_string_equal(address + strlen(address) - 4, "%20x");
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

TEST(only_a_slow_source_is_awaited_and_then_for_all_tokens_of_a_request)
{
    static const struct credential_source sources[] = { { .name = "usual" },
                                                        { .name = "slow", .is_slow = true } };
    EACH (source, sources) {
        auto_rest_fake fake = rest_fake_new(ANSWERS({ 200 }));
        struct fake_credential other = fake_credential_of("other");
        struct auth_cache *auxiliary[] = { NULL, auth_cache_new(&other.base, NULL, "audience") };
        fake->credential.base.source = other.base.source = source;
        fake->client.auxiliary_tokens = auxiliary;
        fake->client.auxiliary_count = 2;
        rest_await_slow_token(&fake->call, &fake->client);
        assert_int_equal(fake->credential.made, source->is_slow);
        assert_int_equal(other.made, source->is_slow);
        assert_int_equal(rest_fake_sent(fake), 0);
        auth_cache_free(auxiliary[1]);
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
    auto_rest_fake fake = rest_fake_new(answers);
    fake->client.dialect = &dialect_partner;
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

static int take_none(void *state, const json_t *objects, struct error *err)
{
    (void)state, (void)objects, (void)err;
    return 0;
}

TEST(pages_without_an_end_are_too_many)
{
    static struct fake_answer answers[REST_PAGES_MAX + 1];
    static char bodies[REST_PAGES_MAX + 1][80];
    for (size_t i = 0; i <= REST_PAGES_MAX; i++) {
        snprintf(bodies[i], sizeof bodies[i],
                 "{\"value\":[],\"nextLink\":\"https://arm.test/%zu\"}", i);
        answers[i] = (struct fake_answer){ 200, .body = bodies[i] };
    }
    auto_rest_fake fake = rest_fake_new(answers);
    const struct rest_list list = { .id = "/things", .api_version = "1" };
    assert_int_equal(rest_list(&fake->call, &fake->client, &list, take_none, NULL, &fake->err), -1);
    assert_int_equal(fake->err.kind, ERR_TOO_BIG);
    assert_int_equal(rest_fake_sent(fake), REST_PAGES_MAX);
}

/* Gives each page the address of another one. */
static void number_page(void *state, struct call *call, size_t number)
{
    (void)call;
    memcpy(state, (const char[]){ (char)('a' + number) }, 1);
}

TEST(pages_that_are_large_are_too_much_together)
{
    enum { PAGE_BYTES = HTTP_REPLY_BYTES_MAX };
    static const char start[] = "{\"value\":[],\"nextLink\":\"https://arm.test/?\"";
    auto_char body = memset(memory_new(PAGE_BYTES + 1), ' ', PAGE_BYTES);
    memcpy(body, start, strlen(start));
    body[PAGE_BYTES - 1] = '}';
    auto_rest_fake fake = rest_fake_new(ANSWERS({ 200, .body = body, .is_last_again = true }));
    fake_transport_watch(fake->transport, number_page, strchr(body, '?'));
    const struct rest_list list = { .id = "/things", .api_version = "1" };
    assert_int_equal(rest_list(&fake->call, &fake->client, &list, take_none, NULL, &fake->err), -1);
    assert_error(&fake->err, ERR_TOO_BIG, "the list is over 256 MB");
    assert_int_equal(rest_fake_sent(fake), REST_LIST_BYTES_MAX / PAGE_BYTES + 1);
}

TEST(objects_that_are_short_are_too_many_together)
{
    enum { PAGE_OBJECTS = 199 * 1000 };
    static const char start[] = "{\"nextLink\":\"https://arm.test/?\",\"value\":[{}";
    auto_char body = memory_new(sizeof start + 3 * PAGE_OBJECTS + 2);
    char *at = stpcpy(body, start);
    for (size_t i = 1; i < PAGE_OBJECTS; i++)
        at = stpcpy(at, ",{}");
    stpcpy(at, "]}");
    auto_rest_fake fake = rest_fake_new(ANSWERS({ 200, .body = body, .is_last_again = true }));
    fake_transport_watch(fake->transport, number_page, strchr(body, '?'));
    const struct rest_list list = { .id = "/things", .api_version = "1", .has_no_ids = true };
    assert_int_equal(rest_list(&fake->call, &fake->client, &list, take_none, NULL, &fake->err), -1);
    assert_error(&fake->err, ERR_TOO_BIG, "the list has more than 1000000 objects");
    assert_int_equal(rest_fake_sent(fake), REST_LIST_OBJECTS_MAX / PAGE_OBJECTS + 1);
}

TEST_GROUP(fake_clock, true_clock)
