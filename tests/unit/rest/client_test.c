/* One exchange about one id: address, headers, the token and where it may go.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/client.h"
#include "auth/credential.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "support/fake_transport.h"
#include "support/test.h"

/* Tokens t0, t1, …; each costs nothing but a number. */
struct mint {
    struct credential base; /* first */
    unsigned made;
    enum error_kind fault; /* from the second on */
};

static int fetch(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    (void)call, (void)transport, (void)audience;
    struct mint *mint = (struct mint *)credential;
    unsigned number = mint->made++;
    if (mint->fault != ERR_NONE && number > 0)
        return error_set(err, mint->fault, "the login service fails");
    char text[20];
    int length = snprintf(text, sizeof text, "t%u", number);
    out->text = secret_new(text, (size_t)length);
    out->expires_ms = clock_wall_ms() + 3600 * 1000;
    return 0;
}

static void keep(struct credential *credential)
{
    (void)credential;
}

struct run {
    struct mint mint;
    struct fake_transport *fake;
    struct rest_client client;
    struct call call;
    struct rest_reply *reply;
    struct error err;
};

static struct run *begin(const struct fake_answer *answers)
{
    static struct run run;
    run = (struct run){ .fake = fake_transport_new(answers) };
    run.mint.base = (struct credential){ .fetch = fetch, .free = keep };
    clock_fake_start(1700000000000);
    call_init(&run.call, NULL);
    run.call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    run.client = (struct rest_client){
        .dialect = &dialect_arm,
        .transport = fake_transport_base(run.fake),
        .base = "https://arm.test",
        .tokens =
            auth_cache_new(&run.mint.base, run.client.transport, "https://arm.test"),
        .correlation_id = "11111111-2222-3333-4444-555555555555",
    };
    return &run;
}

static int get(struct run *run)
{
    const struct rest_request request = { .method = "GET",
                                          .id = "/subscriptions/s/x y/a%2Fb",
                                          .api_version = "2017-06-01" };
    return rest_read(&run->call, &run->client, &request, &run->reply, &run->err);
}

static int put(struct run *run)
{
    json_t *body = json_pack("{s:s}", "a", "b");
    const struct rest_request request = {
        .method = "PUT", .id = "/x", .api_version = "1", .body = body
    };
    int result = rest_write(&run->call, &run->client, &request, &run->reply, &run->err);
    json_decref(body);
    return result;
}

static size_t sent(struct run *run)
{
    return fake_transport_count(run->fake);
}

static const struct fake_request *request(struct run *run, size_t number)
{
    return fake_transport_request(run->fake, number);
}

static void end(struct run *run)
{
    rest_reply_free(run->reply);
    auth_cache_free(run->client.tokens);
    call_clear(&run->call);
    http_transport_free(fake_transport_base(run->fake));
    clock_fake_end();
}

TEST(a_request_has_what_arm_and_support_ask_for)
{
    struct run *run = begin((const struct fake_answer[]){
        { 200, .body = "{\"id\":\"x\"}" }, { 201, .body = "{}" }, { 0 } });
    assert_int_equal(get(run), 0);
    assert_int_equal(run->reply->status, 200);
    assert_string_equal(json_string_value(json_object_get(run->reply->body, "id")), "x");
    assert_false(run->reply->is_garbled);
    rest_reply_free(run->reply);
    assert_int_equal(put(run), 0);

    assert_string_equal(
        request(run, 0)->url,
        "https://arm.test/subscriptions/s/x%20y/a%252Fb?api-version=2017-06-01");
    assert_string_equal(request(run, 0)->bearer, "t0");
    assert_null(request(run, 0)->body);
    assert_null(strstr(request(run, 0)->headers, "Content-Type"));
    assert_string_equal(request(run, 1)->body, "{\"a\":\"b\"}");
    assert_non_null(strstr(request(run, 1)->headers, "Content-Type: application/json\n"));
    char ids[2][TEXT_GUID_BYTES];
    for (size_t i = 0; i < 2; i++) {
        const char *headers = request(run, i)->headers;
        assert_non_null(strstr(headers, "Accept: application/json\n"));
        assert_non_null(strstr(headers, "Accept-Language: en-US\n"));
        assert_non_null(strstr(headers, "x-ms-correlation-request-id: "
                                        "11111111-2222-3333-4444-555555555555\n"));
        assert_non_null(strstr(headers, "x-ms-return-client-request-id: true\n"));
        const char *id = strstr(headers, "x-ms-client-request-id: ");
        assert_non_null(id);
        snprintf(ids[i], sizeof ids[i], "%.36s", id + strlen("x-ms-client-request-id: "));
        assert_true(text_is_guid(ids[i]));
    }
    assert_string_not_equal(ids[0], ids[1]);
    end(run);
}

TEST(token_refused_with_401_is_renewed_once)
{
    struct run *run = begin(
        (const struct fake_answer[]){ { .status = 401 }, { .status = 201 }, { 0 } });
    assert_int_equal(put(run), 0);
    assert_int_equal(run->reply->status, 201);
    assert_string_equal(request(run, 0)->bearer, "t0");
    assert_string_equal(request(run, 1)->bearer, "t1");
    assert_string_equal(request(run, 1)->body, "{\"a\":\"b\"}");
    end(run);

    run = begin((const struct fake_answer[]){
        { .status = 401,
          .body = "{\"error\":{\"code\":\"InvalidAuthenticationToken\"}}",
          .is_last_again = true } });
    assert_int_equal(get(run), 0);
    assert_int_equal(run->reply->status, 401);
    assert_string_equal(run->reply->failure.code, "InvalidAuthenticationToken");
    assert_int_equal(sent(run), 2);
    end(run);
}

TEST(a_write_is_sent_once_whatever_becomes_of_it)
{
    static const int statuses[] = { 408, 429, 500, 503, 504, 409 };
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct run *run = begin((const struct fake_answer[]){
            { .status = statuses[i], .headers = "Retry-After: 1" }, { 0 } });
        assert_int_equal(put(run), 0);
        assert_int_equal(run->reply->status, statuses[i]);
        assert_int_equal(sent(run), 1);
        end(run);
    }
    static const enum error_kind kinds[] = { ERR_LOST, ERR_UNREACHABLE, ERR_SHAPE,
                                             ERR_TOO_BIG };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct run *run =
            begin((const struct fake_answer[]){ { .fault = kinds[i] }, { 0 } });
        assert_int_equal(put(run), -1);
        assert_int_equal(run->err.kind, kinds[i]);
        assert_null(run->reply);
        assert_int_equal(sent(run), 1);
        end(run);
    }
}

TEST(a_read_is_sent_again)
{
    struct run *run = begin((const struct fake_answer[]){
        { .fault = ERR_LOST }, { .status = 503 }, { .status = 404 }, { 0 } });
    assert_int_equal(get(run), 0);
    assert_int_equal(run->reply->status, 404);
    assert_int_equal(sent(run), 3);
    assert_int_equal(run->mint.made, 1);
    end(run);
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
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run *run = begin((const struct fake_answer[]){ { .status = 401 }, { 0 } });
        run->mint.fault = rows[i].fault;
        assert_int_equal(put(run), -1);
        assert_int_equal(run->err.kind, rows[i].kind);
        assert_non_null(strstr(run->err.text, "the login service fails"));
        /* The others have it from the credential, or from whoever knows the kind. */
        if (rows[i].kind == ERR_CREDENTIAL && rows[i].fault != ERR_CREDENTIAL)
            assert_non_null(strstr(run->err.text, "\n\nWhat to do: "));
        assert_int_equal(sent(run), 1);
        end(run);
    }
}

TEST(redirect_within_the_service_keeps_method_and_body)
{
    static const struct {
        const char *location, *url;
    } rows[] = {
        { "Location: /elsewhere?api-version=1",
          "https://arm.test/elsewhere?api-version=1" },
        { "Location: https://ARM.test:443/y", "https://ARM.test:443/y" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run *run = begin((const struct fake_answer[]){
            { .status = i == 0 ? 307 : 308, .headers = rows[i].location },
            { .status = 201 },
            { 0 } });
        assert_int_equal(put(run), 0);
        assert_int_equal(run->reply->status, 201);
        assert_string_equal(request(run, 1)->method, "PUT");
        assert_string_equal(request(run, 1)->url, rows[i].url);
        assert_string_equal(request(run, 1)->body, "{\"a\":\"b\"}");
        assert_string_equal(request(run, 1)->bearer, "t0");
        end(run);
    }
}

TEST(redirect_to_elsewhere_is_the_answer)
{
    static const char *const locations[] = {
        "Location: https://evil.test/x",
        "Location: http://arm.test/x",
        "Location: https://arm.test:444/x",
        "Location: //evil.test/x",
        "Location: https://arm.test@evil.test/x",
        "Location: https://arm.test\\@evil.test/x",
        "Location: https://arm.test.evil.test/x",
        "Location: elsewhere",
        "Location:",
        "X-Other: 1",
    };
    for (size_t i = 0; i < sizeof locations / sizeof *locations; i++) {
        struct run *run = begin((const struct fake_answer[]){
            { .status = 307, .headers = locations[i] }, { .status = 200 }, { 0 } });
        assert_int_equal(put(run), 0);
        if (run->reply->status != 307)
            fail_msg("\"%s\" is followed", locations[i]);
        assert_int_equal(sent(run), 1);
        end(run);
    }
    /* Others than 307 and 308 would change the method. */
    static const int statuses[] = { 301, 302, 303 };
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct run *run = begin((const struct fake_answer[]){
            { .status = statuses[i], .headers = "Location: /y" }, { 0 } });
        assert_int_equal(put(run), 0);
        assert_int_equal(run->reply->status, statuses[i]);
        assert_int_equal(sent(run), 1);
        end(run);
    }
}

TEST(redirect_to_itself_ends)
{
    struct run *run =
        begin((const struct fake_answer[]){ { .status = 307,
                                              .headers = "Location: /x?api-version=1",
                                              .is_last_again = true } });
    assert_int_equal(put(run), 0);
    assert_int_equal(run->reply->status, 307);
    assert_int_equal(sent(run), 4);
    end(run);
}

TEST(a_garbled_answer_is_asked_for_three_times)
{
    static const struct {
        int status;
        const char *body;
        bool is_garbled;
        size_t sent;
    } rows[] = {
        { 200, "{}", false, 1 },
        { 200, "\xef\xbb\xbf{}", false, 1 },
        { 200, "<html>", true, 3 },
        { 200, "{\"a\":", true, 3 },
        { 200, "[]", true, 3 },
        { 200, "null", true, 3 },
        { 200, "{\"a\":1,\"a\":2}", true, 3 },
        { 200, "{} {}", true, 3 },
        { 200, "{\"a\":\"\xff\"}", false, 1 },
        { 404, "{\"a\":\"\\u0000\"}", false, 1 },
        { 200, NULL, false, 3 },
        { 204, NULL, false, 1 },
        { 404, "<html>", true, 3 },
        { 404, NULL, false, 1 },
        { 403, "<html>", true, 1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run *run = begin((const struct fake_answer[]){
            { .status = rows[i].status, .body = rows[i].body, .is_last_again = true } });
        if (get(run) < 0)
            fail_msg("row %zu: %s", i, run->err.text);
        assert_int_equal(run->reply->status, rows[i].status);
        assert_int_equal(run->reply->is_garbled, rows[i].is_garbled);
        assert_int_equal(sent(run), rows[i].sent);
        end(run);
    }
    /* The next one may be better, whatever there was before. */
    struct run *run =
        begin((const struct fake_answer[]){ { .status = 503 },
                                            { .status = 503 },
                                            { .status = 200, .body = "<html>" },
                                            { .status = 200, .body = "{\"a\":1}" },
                                            { 0 } });
    assert_int_equal(get(run), 0);
    assert_int_equal(json_integer_value(json_object_get(run->reply->body, "a")), 1);
    end(run);
}

TEST(a_garbled_answer_to_a_write_is_not_asked_for_again)
{
    struct run *run =
        begin((const struct fake_answer[]){ { .status = 200, .body = "<html>" }, { 0 } });
    assert_int_equal(put(run), 0);
    assert_true(run->reply->is_garbled);
    assert_null(run->reply->body);
    assert_int_equal(sent(run), 1);
    end(run);
}

TEST(a_failure_without_a_correlation_id_has_ours)
{
    struct run *run = begin((const struct fake_answer[]){
        { .status = 403 },
        { .status = 403, .headers = "x-ms-correlation-request-id: theirs" },
        { 0 } });
    assert_int_equal(get(run), 0);
    assert_string_equal(run->reply->failure.correlation_id,
                        "11111111-2222-3333-4444-555555555555");
    rest_reply_free(run->reply);
    assert_int_equal(get(run), 0);
    assert_string_equal(run->reply->failure.correlation_id, "theirs");
    end(run);
}
