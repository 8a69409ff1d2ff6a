/* The client secret against a login service that is played: what is sent, and what is made
 * of each answer.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/credential.h"
#include "base/clock.h"
#include "support/fake_transport.h"
#include "support/test.h"

static const struct auth_config config = {
    .authority = "https://login.test",
    .tenant_id = "contoso.example",
    .client_id = "app",
    .client_secret = "c&n=a ry+%~",
};

enum { NOW_S = 1700000000 };

struct run {
    struct fake_transport *fake;
    struct credential *credential;
    struct stop *stop;
    struct call call;
    struct auth_token token;
    struct error err;
};

static struct run *begin(const struct fake_answer *answers)
{
    static struct run run;
    run = (struct run){ .fake = fake_transport_new(answers), .stop = stop_new() };
    clock_fake_start(INT64_C(1000) * NOW_S);
    call_init(&run.call, run.stop);
    run.call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    struct error none = NO_ERROR;
    assert_int_equal(credential_choose(&config, &run.credential, &none), 0);
    return &run;
}

static int ask(struct run *run)
{
    return run->credential->fetch(run->credential, &run->call,
                                  fake_transport_base(run->fake),
                                  "https://management.test", &run->token, &run->err);
}

static void end(struct run *run)
{
    secret_free(run->token.text);
    credential_free(run->credential);
    http_transport_free(fake_transport_base(run->fake));
    call_clear(&run->call);
    stop_free(run->stop);
    clock_fake_end();
}

#define GOOD "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"tok.en\"}"

TEST(token_is_asked_for_as_entra_documents_it)
{
    struct run *run = begin((const struct fake_answer[]){ { 200, .body = GOOD }, { 0 } });
    assert_int_equal(ask(run), 0);
    assert_int_equal(run->err.kind, ERR_NONE);
    assert_string_equal(secret_reveal(run->token.text), "tok.en");
    assert_int_equal(run->token.expires_ms, INT64_C(1000) * (NOW_S + 3599));
    const struct fake_request *request = fake_transport_request(run->fake, 0);
    assert_string_equal(request->method, "POST");
    assert_string_equal(request->url,
                        "https://login.test/contoso.example/oauth2/v2.0/token");
    assert_string_equal(request->body, "grant_type=client_credentials&client_id=app&"
                                       "client_secret=c%26n%3Da%20ry%2B%25~&"
                                       "scope=https%3A%2F%2Fmanagement.test%2F.default");
    assert_non_null(
        strstr(request->headers, "Content-Type: application/x-www-form-urlencoded\n"));
    assert_null(request->bearer);
    end(run);
}

TEST(token_life_is_read_in_each_form)
{
    static const struct {
        const char *member;
        int64_t life_s;
    } rows[] = {
        { ",\"expires_in\":3", 3 },
        { ",\"expires_in\":\"3\"", 3 },
        { ",\"expires_in\":3.0", 3 },
        { "", 300 },
        { ",\"expires_in\":null", 300 },
        { ",\"expires_in\":\"soon\"", 300 },
        { ",\"expires_in\":0", 0 },
        { ",\"expires_in\":-5", 0 },
        { ",\"expires_in\":\"-5\"", 0 },
        { ",\"expires_in\":1e300", 604800 },
        { ",\"expires_in\":9223372036854775807", 604800 },
        { ",\"expires_in\":\"99999999999999999999999\"", 604800 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char body[200];
        snprintf(body, sizeof body, "{\"access_token\":\"t\"%s}", rows[i].member);
        struct run *run =
            begin((const struct fake_answer[]){ { 200, .body = body }, { 0 } });
        assert_int_equal(ask(run), 0);
        assert_int_equal(run->token.expires_ms - INT64_C(1000) * NOW_S,
                         rows[i].life_s * 1000);
        end(run);
    }
}

TEST(token_life_counts_from_the_question_and_not_from_the_answer)
{
    struct run *run = begin((const struct fake_answer[]){
        { .status = 200, .body = GOOD, .takes_ms = 20 * 1000 }, { 0 } });
    assert_int_equal(ask(run), 0);
    assert_int_equal(run->token.expires_ms, INT64_C(1000) * (NOW_S + 3599));
    end(run);
}

TEST(token_answer_that_holds_none_is_asked_for_three_times)
{
    static const char *const bodies[] = {
        "<html>Sign in to the guest network</html>",
        "",
        "{}",
        "[]",
        "{\"access_token\":\"\"}",
        "{\"access_token\":7}",
        "{\"access_token\":\"a\\r\\nX-Evil: 1\"}",
        "{\"access_token\":\"a b\"}",
        "{\"access_token\":\"\\u00e4\"}",
        "{\"access_token\":\"cut",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct run *run = begin((const struct fake_answer[]){
            { .status = 200, .body = bodies[i], .is_last_again = true } });
        assert_int_equal(ask(run), -1);
        assert_int_equal(run->err.kind, ERR_SHAPE);
        assert_non_null(strstr(run->err.text, "login.test"));
        assert_int_equal(fake_transport_count(run->fake), 3);
        end(run);
    }
}

TEST(token_after_a_passing_fault_leaves_no_error_behind)
{
    static const struct fake_answer faults[] = {
        { .status = 200, .body = "<html>" },
        { .status = 400,
          .body = "{\"error\":\"temporarily_unavailable\",\"error_codes\":[90033]}" },
        { .status = 503, .body = "busy" },
        { .status = 429, .headers = "Retry-After: 2" },
        { .fault = ERR_LOST },
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct run *run = begin(
            (const struct fake_answer[]){ faults[i], { 200, .body = GOOD }, { 0 } });
        assert_int_equal(ask(run), 0);
        assert_int_equal(run->err.kind, ERR_NONE);
        assert_int_equal(fake_transport_count(run->fake), 2);
        end(run);
    }
}

TEST(error_text_of_a_refusal_says_what_to_do)
{
    static const struct {
        int status;
        const char *body;
        const char *parts[4];
    } rows[] = {
        { 401,
          "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid "
          "client secret provided.\\r\\nTrace ID: x\",\"error_codes\":[7000215],"
          "\"trace_id\":\"trace-1\"}",
          { "AADSTS7000215", "Invalid client secret provided.", "ARM_CLIENT_SECRET",
            "trace-1" } },
        { 401,
          "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000222: old\"}",
          { "AADSTS7000222", "expired", "ARM_CLIENT_SECRET", "app" } },
        { 400,
          "{\"error\":\"unauthorized_client\",\"error_codes\":[700016]}",
          { "AADSTS700016", "ARM_TENANT_ID", "ARM_CLIENT_ID", "app" } },
        { 400,
          "{\"error\":\"invalid_request\",\"error_codes\":[90002]}",
          { "AADSTS90002", "tenant", "ARM_TENANT_ID", "app" } },
        { 400,
          "{\"error\":\"invalid_resource\",\"error_codes\":[500011]}",
          { "AADSTS500011", "cloud", "endpoint", "app" } },
        { 400,
          "{\"error\":\"new_trouble\",\"error_description\":\"AADSTS123456: never seen\"}",
          { "AADSTS123456", "never seen", "app", "Microsoft Entra" } },
        { 403,
          "{\"error\":\"access_denied\"}",
          { "access_denied", "app", "Microsoft Entra", "refused" } },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run *run = begin((const struct fake_answer[]){
            { rows[i].status, .body = rows[i].body }, { 0 } });
        assert_int_equal(ask(run), -1);
        assert_int_equal(run->err.kind, ERR_CREDENTIAL);
        for (size_t k = 0; k < 4; k++)
            assert_has(run->err.text, rows[i].parts[k]);
        assert_null(strchr(run->err.text, '\n'));
        assert_null(strchr(run->err.text, '\r'));
        end(run);
    }
}

TEST(error_text_of_another_service_is_no_refusal)
{
    static const struct {
        int status;
        enum error_kind kind;
    } rows[] = {
        { 404, ERR_SHAPE }, { 403, ERR_SHAPE }, { 302, ERR_SHAPE }, { 501, ERR_TIMEOUT }
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run *run = begin((const struct fake_answer[]){
            { rows[i].status, .body = "<html>canary</html>" }, { 0 } });
        assert_int_equal(ask(run), -1);
        assert_int_equal(run->err.kind, rows[i].kind);
        assert_non_null(strstr(run->err.text, "login.test"));
        assert_null(strstr(run->err.text, "canary"));
        end(run);
    }
}

TEST(token_throttle_that_lasts_ends_with_the_time)
{
    struct run *run = begin((const struct fake_answer[]){
        { .status = 400,
          .body = "{\"error\":\"throttled\",\"error_codes\":[90055]}",
          .is_last_again = true } });
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_TIMEOUT);
    assert_non_null(strstr(run->err.text, "AADSTS90055"));
    assert_in_range(fake_transport_count(run->fake), 5, 12);
    end(run);
}

static void request_stop(void *state, struct call *call, size_t number)
{
    (void)call, (void)number;
    stop_request(state);
}

TEST(token_wait_ends_with_a_stop)
{
    struct run *run =
        begin((const struct fake_answer[]){ { .status = 503, .is_last_again = true } });
    fake_transport_watch(run->fake, request_stop, run->stop);
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_STOPPED);
    assert_int_equal(fake_transport_count(run->fake), 1);
    end(run);
}

TEST(a_secret_that_the_service_repeats_is_not_shown)
{
    struct run *run = begin((const struct fake_answer[]){
        { .status = 400,
          .body = "{\"error\":\"c&n=a ry+%~\",\"trace_id\":\"c&n=a ry+%~\","
                  "\"error_description\":\"got c&n=a ry+%~ and c&n=a ry+%~\"}" },
        { 0 } });
    assert_int_equal(ask(run), -1);
    assert_null(strstr(run->err.text, "c&n"));
    assert_non_null(strstr(run->err.text, "got *** and ***"));
    end(run);
}

TEST(what_is_missing_is_named)
{
    static const struct {
        struct auth_config config;
        const char *has, *lacks;
    } rows[] = {
        { { .authority = "https://l" }, "ARM_TENANT_ID", NULL },
        { { .authority = "https://l", .tenant_id = "t", .client_id = "" },
          "client_id (ARM_CLIENT_ID), client_secret (ARM_CLIENT_SECRET)",
          "ARM_TENANT_ID" },
        { { .authority = "https://l", .tenant_id = "t", .client_id = "c" },
          "ARM_CLIENT_SECRET",
          "ARM_CLIENT_ID" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct credential *credential = NULL;
        struct error err = NO_ERROR;
        assert_int_equal(credential_choose(&rows[i].config, &credential, &err), -1);
        assert_int_equal(err.kind, ERR_CREDENTIAL);
        assert_non_null(strstr(err.text, rows[i].has));
        assert_non_null(strstr(err.text, "client secret"));
        if (rows[i].lacks != NULL)
            assert_null(strstr(err.text, rows[i].lacks));
        assert_null(credential);
    }
}

TEST(a_tenant_cannot_lead_to_another_path)
{
    static const char *const tenants[] = { "..",   ".",     "a/b", "a?b",     "a#b",
                                           "a..b", "a%2fb", "a b", "\xc3\xa4" };
    for (size_t i = 0; i < sizeof tenants / sizeof *tenants; i++) {
        struct auth_config wrong = config;
        wrong.tenant_id = tenants[i];
        struct credential *credential = NULL;
        struct error err = NO_ERROR;
        assert_int_equal(credential_choose(&wrong, &credential, &err), -1);
        assert_int_equal(err.kind, ERR_INVALID);
        assert_non_null(strstr(err.text, "tenant_id"));
        assert_null(strstr(err.text, "c&n"));
    }
}

/* It stands in errors and in log lines. */
TEST(a_client_id_is_one_line)
{
    static const char *const ids[] = { " app", "app\n", "a\x1b[2Jpp", "app\x7f" };
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        for (int is_machine = 0; is_machine < 2; is_machine++) {
            struct auth_config wrong =
                is_machine ? (struct auth_config){ .uses_msi = true } : config;
            wrong.client_id = ids[i];
            struct credential *credential = NULL;
            struct error err = NO_ERROR;
            assert_int_equal(credential_choose(&wrong, &credential, &err), -1);
            assert_int_equal(err.kind, ERR_INVALID);
            assert_non_null(
                strstr(err.text, "client_id (ARM_CLIENT_ID) begins or ends with"));
        }
    }
}

TEST(white_space_in_a_secret_is_named_when_it_is_refused)
{
    static const char *const secrets[] = { "secret", "secret\n", " secret" };
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        struct run *run = begin((const struct fake_answer[]){
            { .status = 401,
              .body = "{\"error\":\"invalid_client\",\"error_codes\":[7000215]}" },
            { 0 } });
        struct auth_config spaced = config;
        spaced.client_secret = secrets[i];
        credential_free(take(run->credential));
        assert_int_equal(credential_choose(&spaced, &run->credential, &run->err), 0);
        assert_int_equal(ask(run), -1);
        assert_int_equal(strstr(run->err.text, "(which has white space in it)") != NULL,
                         i != 0);
        end(run);
    }
}
