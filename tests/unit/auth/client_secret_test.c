/* The client secret against a login service that is played: what is sent, and what is made
 * of each answer.
 * SPDX-License-Identifier: MPL-2.0 */
#include "unit/auth/credential_run.h"

static const struct auth_config config = {
    .authority = "https://login.test",
    .tenant_id = "contoso.example",
    .client_id = "app",
    .client_secret = "c4nary&n=a ry+%~",
};

TEST(a_token_is_asked_for_as_entra_documents_it)
{
    /* It is good for as long from the request on, however late the answer comes. */
    auto_run run =
        begin(&config, ANSWERS({ .status = 200, .body = GOOD_TOKEN, .takes_ms = 20 * 1000 }));
    assert_fetched(run);
    assert_string_equal(secret_reveal(run->token.text), "tok.en");
    assert_int_equal(run->token.expires_ms, INT64_C(1000) * (NOW_S + 3599));
    const struct fake_request *request = sent(run, 0);
    assert_string_equal(request->method, "POST");
    assert_string_equal(request->url, "https://login.test/contoso.example/oauth2/v2.0/token");
    assert_string_equal(request->body, "grant_type=client_credentials&client_id=app&"
                                       "client_secret=c4nary%26n%3Da%20ry%2B%25~&"
                                       "scope=https%3A%2F%2Fmanagement.test%2F.default");
    assert_has(request->headers, "Content-Type: application/x-www-form-urlencoded\n");
    assert_null(request->bearer);
}

TEST(the_life_of_a_token_is_read_in_each_form)
{
    static const struct life rows[] = {
        { ",'expires_in':3", 3 },
        { ",'expires_in':'3'", 3 },
        { ",'expires_in':3.0", 3 },
        { "", 300 },
        { ",'expires_in':null", 300 },
        { ",'expires_in':'soon'", 300 },
        { ",'expires_in':0", 0 },
        { ",'expires_in':-5", 0 },
        { ",'expires_in':'-5'", 0 },
        { ",'expires_in':1e300", 604800 },
        { ",'expires_in':9223372036854775807", 604800 },
        { ",'expires_in':'99999999999999999999999'", 604800 },
    };
    EACH (row, rows)
        expect_life(&config, row);
}

TEST(an_answer_that_holds_no_token_is_asked_for_three_times)
{
    EACH_TEXT (body, "<html>Sign in to the guest network</html>", "", "{}", "[]",
               "{'access_token':''}", "{'access_token':7}", "{'access_token':'a\\r\\nX-Evil: 1'}",
               "{'access_token':'a b'}", "{'access_token':'\\u00e4'}", "{'access_token':'cut")
        expect_failure(&config, ANSWERS({ .status = 200, .body = body, .is_last_again = true }),
                       ERR_SHAPE, 3, "login.test");
}

TEST(a_fault_that_passes_leaves_no_error_behind)
{
    static const struct fake_answer faults[] = {
        { 200, .body = "<html>" }, { 400, .body = REFUSAL(90033) },
        { 503, .body = "busy" },   { 429, .headers = "Retry-After: 2" },
        { .fault = ERR_LOST },
    };
    EACH (fault, faults)
        expect_token_after(&config, fault);
    expect_stopped(&config, 503);
}

TEST(a_refusal_says_what_to_do)
{
    static const struct {
        int status;
        const char *body, *parts[4];
    } rows[] = {
        { 401,
          "{'error':'invalid_client','error_description':'AADSTS7000215: Invalid "
          "client secret provided.\\r\\nTrace ID: x','error_codes':[7000215],"
          "'trace_id':'trace-1'}",
          { "AADSTS7000215", "Invalid client secret provided.", "ARM_CLIENT_SECRET", "trace-1" } },
        { 401,
          "{'error':'invalid_client','error_description':'AADSTS7000222: old'}",
          { "AADSTS7000222", "expired", "ARM_CLIENT_SECRET", "app" } },
        { 400, REFUSAL(700016), { "AADSTS700016", "ARM_TENANT_ID", "ARM_CLIENT_ID", "app" } },
        { 400, REFUSAL(90002), { "AADSTS90002", "tenant", "ARM_TENANT_ID", "app" } },
        { 400, REFUSAL(500011), { "AADSTS500011", "cloud", "endpoint", "app" } },
        { 400,
          "{'error':'new_trouble','error_description':'AADSTS123456: never seen'}",
          { "AADSTS123456", "never seen", "app", "Microsoft Entra" } },
        { 403,
          "{'error':'access_denied'}",
          { "access_denied", "app", "Microsoft Entra", "rejected" } },
        /* It repeats the secret. */
        { 400,
          "{'error':'c4nary&n=a ry+%~','trace_id':'c4nary&n=a ry+%~',"
          "'error_description':'got c4nary&n=a ry+%~ and c4nary&n=a ry+%~'}",
          { "got *** and ***", "", "", "" } },
    };
    EACH (row, rows) {
        auto_run run = begin(&config, ANSWERS({ row->status, .body = row->body }));
        assert_failed(run, ERR_CREDENTIAL, 1, row->parts[0], row->parts[1], row->parts[2],
                      row->parts[3]);
        assert_lacks(run->err.text, "\r");
        assert_lacks(run->err.text, "Trace ID: x");
    }
}

TEST(an_error_of_another_service_is_no_refusal)
{
    EACH_NUMBER (status, 404, 403, 302, 501)
        expect_failure(&config, ANSWERS({ status, .body = "<html>c4nary</html>" }),
                       status == 501 ? ERR_TIMEOUT : ERR_SHAPE, 1, "login.test");
}

TEST(throttling_that_lasts_ends_with_the_time)
{
    auto_run run = begin(&config, ANSWERS({ 400, .body = REFUSAL(90055), .is_last_again = true }));
    run->call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    assert_failed(run, ERR_TIMEOUT, ANY, "AADSTS90055");
    assert_in_range(sent_count(run), 5, 12);
}

TEST(a_tenant_cannot_lead_to_another_path)
{
    struct auth_config wrong = config;
    EACH_TEXT (tenant, "..", ".", "a/b", "a?b", "a#b", "a..b", "a%2fb", "a b", "\xc3\xa4") {
        wrong.tenant_id = tenant;
        expect_unusable(&wrong, "tenant_id");
    }
}

/* It stands in errors and in log lines. */
TEST(a_client_id_is_one_line)
{
    static const char words[] = "client_id (ARM_CLIENT_ID) begins or ends with";
    EACH_TEXT (id, " app", "app\n", "a\x1b[2Jpp", "app\x7f") {
        struct auth_config wrong = config;
        wrong.client_id = id;
        expect_unusable(&wrong, words);
        wrong = (struct auth_config){ .uses_msi = true, .client_id = id };
        expect_unusable(&wrong, words);
    }
}

TEST(white_space_in_a_secret_is_named_when_it_is_refused)
{
    EACH_TEXT (secret, "secret\n", " secret", "secret") {
        struct auth_config spaced = config;
        spaced.client_secret = secret;
        auto_run run = begin(&spaced, ANSWERS({ 401, .body = REFUSAL(7000215) }));
        assert_failed(run, ERR_CREDENTIAL, 1, "AADSTS7000215");
        assert_int_equal(strstr(run->err.text, "(which contains white space)") != NULL,
                         strcmp(secret, "secret") != 0);
    }
}
