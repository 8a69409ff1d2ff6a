/* The identity of the machine itself: which service is asked, with which header, and never
 * through a proxy.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/test.h"
#include "unit/auth/credential_run.h"

#define IMDS "http://169.254.169.254/metadata/identity/oauth2/token"

static const struct auth_config base = { .authority = "https://login.test",
                                         .uses_msi = true };

/* One request, which is answered well: where it went, with which headers. */
static void expect_request(const struct auth_config *config, const char *url,
                           const char *header, const char *not_header)
{
    struct run *run =
        begin(config, (const struct fake_answer[]){ { 200, .body = GOOD_TOKEN }, { 0 } });
    assert_string_equal(run->credential->source->name, "managed identity");
    assert_fetched(run);
    const struct fake_request *sent = fake_transport_request(run->fake, 0);
    assert_string_equal(sent->method, "GET");
    assert_string_equal(sent->url, url);
    assert_has(sent->headers, header);
    assert_lacks(sent->headers, not_header);
    assert_true(sent->is_direct);
    assert_true(sent->is_body_secret);
    assert_null(sent->body);
    end(run);
}

TEST(a_virtual_machine_asks_its_metadata_service)
{
    struct auth_config config = base;
    expect_request(&config,
                   IMDS "?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.test",
                   "Metadata: true\n", "X-IDENTITY-HEADER");
    config.client_id = "user assigned";
    expect_request(&config,
                   IMDS "?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.test&"
                        "client_id=user%20assigned",
                   "Metadata: true\n", "X-IDENTITY-HEADER");
    char *path = write_file("from-file\n", 10);
    config.client_id = NULL;
    config.client_id_file_path = path;
    expect_request(&config,
                   IMDS "?api-version=2018-02-01&resource=https%3A%2F%2Fmanagement.test&"
                        "client_id=from-file",
                   "Metadata: true\n", "X-IDENTITY-HEADER");
    remove_file(path);
}

TEST(app_service_is_known_by_its_variables)
{
    setenv("IDENTITY_ENDPOINT", "http://localhost:4242/msi/token", 1);
    setenv("IDENTITY_HEADER", "c4nary", 1);
    struct auth_config config = base;
    static const char url[] = "http://localhost:4242/msi/token?api-version=2019-08-01&"
                              "resource=https%3A%2F%2Fmanagement.test";
    expect_request(&config, url, "X-IDENTITY-HEADER: c4nary\n", "Metadata");
    config.msi_endpoint = "http://localhost:4242/msi/token";
    expect_request(&config, url, "X-IDENTITY-HEADER: c4nary\n", "Metadata");
    /* Its secret goes to no other address. */
    config.msi_endpoint = "http://other.test/token?x=1";
    expect_request(
        &config,
        "http://other.test/token?x=1&api-version=2018-02-01&resource=https%3A%2F%"
        "2Fmanagement.test",
        "Metadata: true\n", "c4nary");
    config.msi_endpoint = NULL;
    forget_variables();
    config.msi_api_version = "2020-06-01";
    expect_request(&config,
                   IMDS "?api-version=2020-06-01&resource=https%3A%2F%2Fmanagement.test",
                   "Metadata: true\n", "X-IDENTITY-HEADER");
}

TEST(the_lifetime_of_a_token_is_read_in_each_services_form)
{
    static const struct {
        const char *members;
        int64_t life_s;
    } rows[] = {
        { "\"expires_in\":\"86399\",\"expires_on\":\"1700086399\"", 86399 }, /* IMDS */
        { "\"expires_on\":\"1700003600\"", 3600 }, /* App Service */
        { "\"expires_on\":1700003600", 3600 },
        { "\"expires_on\":\"1690000000\"", 0 },
        /* App Service's first version; 1700000000 is 11/14/2023 22:13:20. */
        { "\"expires_on\":\"06/21/2019 02:57:58 +00:00\"", 0 },
        { "\"expires_on\":\"11/14/2023 23:13:20 +00:00\"", 3600 },
        { "\"expires_on\":\"11/14/2023 11:13:20 PM +00:00\"", 3600 },
        { "\"expires_on\":\"11/14/2023 23:13:20 PM +00:00\"", 3600 },
        { "\"expires_on\":\"11/15/2023 12:13:20 AM +00:00\"", 7200 },
        { "\"expires_on\":\"11/15/2023 1:13:20 +00:00\"", 10800 },
        { "\"expires_on\":\"11/14/2023 23:13:20 +02:00\"", 300 },
        { "\"expires_on\":\"31/31/2023 23:13:20\"", 300 },
        { "\"x\":1", 300 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char body[200];
        snprintf(body, sizeof body, "{\"access_token\":\"t\",%s}", rows[i].members);
        struct run *run =
            begin(&base, (const struct fake_answer[]){ { 200, .body = body }, { 0 } });
        assert_fetched(run);
        assert_int_equal(run->token.expires_ms, INT64_C(1000) * (NOW_S + rows[i].life_s));
        end(run);
    }
}

TEST(a_service_that_is_starting_is_asked_again)
{
    static const struct fake_answer passing[] = { { .status = 404 },
                                                  { .status = 410 },
                                                  { .status = 429,
                                                    .headers = "Retry-After: 1" },
                                                  { .status = 500 },
                                                  { .status = 503 } };
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++) {
        struct run *run =
            begin(&base, (const struct fake_answer[]){
                             passing[i], { 200, .body = GOOD_TOKEN }, { 0 } });
        assert_fetched(run);
        assert_int_equal(fake_transport_count(run->fake), 2);
        assert_int_equal(run->err.kind, ERR_NONE);
        end(run);
    }
    struct run *run = begin(
        &base, (const struct fake_answer[]){ { .status = 404, .is_last_again = true } });
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_CREDENTIAL);
    assert_int_equal(fake_transport_count(run->fake), 5);
    end(run);
    /* An identity is being changed for as long as 70 s. */
    run = begin(&base,
                (const struct fake_answer[]){ { .status = 410, .is_last_again = true } });
    int64_t begun_ms = clock_monotonic_ms();
    assert_int_equal(ask(run), -1);
    assert_true(clock_monotonic_ms() - begun_ms > 40 * 1000);
    assert_int_equal(run->err.kind, ERR_CREDENTIAL);
    end(run);
}

TEST(a_refusal_says_which_identity_to_look_at)
{
    static const char body[] =
        "{\"error\":\"invalid_request\",\"error_description\":\"Identity "
        "not found\"}";
    struct auth_config config = base;
    struct run *run =
        begin(&config, (const struct fake_answer[]){ { 400, .body = body }, { 0 } });
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_CREDENTIAL);
    assert_has(run->err.text, "169.254.169.254");
    assert_has(run->err.text, "\"Identity not found\"");
    assert_has(run->err.text, "system-assigned");
    assert_int_equal(fake_transport_count(run->fake), 1);
    end(run);

    config.client_id = "my-identity";
    run = begin(&config, (const struct fake_answer[]){ { 400, .body = body }, { 0 } });
    assert_int_equal(ask(run), -1);
    assert_has(run->err.text, "my-identity");
    end(run);

    /* A service that repeats the secret of the request. */
    setenv("IDENTITY_ENDPOINT", "http://localhost:1/x", 1);
    setenv("IDENTITY_HEADER", "c4nary", 1);
    run = begin(&base, (const struct fake_answer[]){
                           { 401, .body = "{\"error\":\"bad header c4nary\"}" }, { 0 } });
    assert_int_equal(ask(run), -1);
    assert_has(run->err.text, "status 401");
    assert_lacks(run->err.text, "c4nary");
    end(run);

    /* App Service's own form of an error. */
    run = begin(&base,
                (const struct fake_answer[]){
                    { 400, .body = "{\"StatusCode\":400,\"Message\":\"No MSI found for "
                                   "specified ClientId/ResourceId.\",\"CorrelationId\":"
                                   "\"8797a7fe-6157-44e2-b24d-3e5713d2111d\"}" },
                    { 0 } });
    assert_int_equal(ask(run), -1);
    assert_has(run->err.text, "\"No MSI found for specified ClientId/ResourceId.\"");
    end(run);
    run =
        begin(&base, (const struct fake_answer[]){
                         { 401, .body = "{\"message\":\"c4nary is no header of mine\"}" },
                         { 0 } });
    assert_int_equal(ask(run), -1);
    assert_lacks(run->err.text, "c4nary");
    end(run);
    forget_variables();
}

/* The time that one call had is over: the next one may have more, and asks again. */
TEST(a_fault_that_lasts_is_no_refusal)
{
    static const int statuses[] = { 408, 429, 500, 503 };
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        struct run *run =
            begin(&base, (const struct fake_answer[]){
                             { .status = statuses[i], .is_last_again = true } });
        assert_int_equal(ask(run), -1);
        assert_int_equal(run->err.kind, ERR_TIMEOUT);
        assert_has(run->err.text, "169.254.169.254");
        char words[80];
        snprintf(words, sizeof words, "status %d for too long", statuses[i]);
        assert_has(run->err.text, words);
        end(run);
    }
}

TEST(a_machine_without_the_service_is_reported_without_retries)
{
    struct run *run =
        begin(&base, (const struct fake_answer[]){ { .fault = ERR_UNREACHABLE,
                                                     .text = "no route",
                                                     .is_last_again = true } });
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_CREDENTIAL);
    assert_has(run->err.text, "use_msi (ARM_USE_MSI)");
    assert_has(run->err.text, "169.254.169.254");
    assert_has(run->err.text, "no route");
    end(run);

    run = begin(&base, (const struct fake_answer[]){ { 200, .body = "<html>" }, { 0 } });
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_SHAPE);
    end(run);
}

static void request_stop(void *state, struct call *call, size_t number)
{
    (void)call, (void)number;
    stop_request(state);
}

TEST(a_stop_is_no_refusal)
{
    struct run *run = begin(
        &base, (const struct fake_answer[]){ { .status = 404, .is_last_again = true } });
    fake_transport_watch(run->fake, request_stop, run->stop);
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_STOPPED);
    assert_int_equal(fake_transport_count(run->fake), 1);
    end(run);
}

TEST(an_invalid_address_is_reported)
{
    struct auth_config config = base;
    static const char *const urls[] = { "localhost", "ftp://x/", "http://me:c4nary@x/",
                                        "http://x/\r\nX: y" };
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        config.msi_endpoint = urls[i];
        expect_unusable(&config, "msi_endpoint (ARM_MSI_ENDPOINT) is not");
    }
    config.msi_endpoint = NULL;
    setenv("IDENTITY_ENDPOINT", "nowhere", 1);
    setenv("IDENTITY_HEADER", "c4nary", 1);
    expect_unusable(&config, "IDENTITY_ENDPOINT is not");
    setenv("IDENTITY_ENDPOINT", "http://x/", 1);
    setenv("IDENTITY_HEADER", "c4nary\r\nX: y", 1);
    expect_unusable(&config, "IDENTITY_HEADER cannot");
    forget_variables();
}

TEST_GROUP(forget_all, NULL)
