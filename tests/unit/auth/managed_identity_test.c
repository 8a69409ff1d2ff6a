/* The identity of the machine itself: how its service's answers are read, when it is asked
 * again, and what is said when it refuses. Which service is asked how: managed_host_test.c.
 * SPDX-License-Identifier: MPL-2.0 */
#include "unit/auth/credential_run.h"

static const struct auth_config base = { .authority = "https://login.test", .uses_msi = true };

TEST(the_lifetime_of_a_token_is_read_in_each_services_form)
{
    static const struct life rows[] = {
        { ",'expires_in':'86399','expires_on':'1700086399'", 86399 }, /* IMDS */
        { ",'expires_on':'1700003600'", 3600 },                       /* App Service */
        { ",'expires_on':1700003600", 3600 },
        { ",'expires_on':'1690000000'", 0 },
        /* App Service's first version; 1700000000 is 11/14/2023 22:13:20. */
        { ",'expires_on':'06/21/2019 02:57:58 +00:00'", 0 },
        { ",'expires_on':'11/14/2023 23:13:20 +00:00'", 3600 },
        { ",'expires_on':'11/14/2023 11:13:20 PM +00:00'", 3600 },
        { ",'expires_on':'11/14/2023 23:13:20 PM +00:00'", 3600 },
        { ",'expires_on':'11/15/2023 12:13:20 AM +00:00'", 7200 },
        { ",'expires_on':'11/15/2023 1:13:20 +00:00'", 10800 },
        { ",'expires_on':'11/14/2023 23:13:20 +02:00'", 300 },
        { ",'expires_on':'31/31/2023 23:13:20'", 300 },
        { ",'x':1", 300 },
    };
    EACH (row, rows)
        expect_life(&base, row);
}

TEST(a_service_that_is_starting_is_asked_again)
{
    static const struct fake_answer passing[] = {
        { 404 }, { 410 }, { 429, .headers = "Retry-After: 1" }, { 500 }, { 503 }
    };
    EACH (answer, passing)
        expect_token_after(&base, answer);
    expect_failure(&base, ANSWERS({ .status = 404, .is_last_again = true }), ERR_CREDENTIAL, 5, "");
    expect_stopped(&base, 404);
    /* An identity is being changed for as long as 70 s. */
    auto_run run = begin(&base, ANSWERS({ .status = 410, .is_last_again = true }));
    int64_t begun_ms = clock_monotonic_ms();
    assert_failed(run, ERR_CREDENTIAL, ANY, "");
    assert_true(clock_monotonic_ms() - begun_ms > 40 * 1000);
}

TEST(a_refusal_says_which_identity_to_look_at)
{
    static const char body[] = "{'error':'x','error_description':'Identity not found'}";
    struct auth_config config = base;
    expect_refused(&config, 400, body, "169.254.169.254", "\"Identity not found\"",
                   "system-assigned");
    config.client_id = "my-identity";
    expect_refused(&config, 400, body, "my-identity");

    /* App Service has its own form of an error; both may repeat the request's secret. */
    setenv("IDENTITY_ENDPOINT", "http://localhost:1/x", 1);
    setenv("IDENTITY_HEADER", "c4nary", 1);
    expect_refused(&base, 401, "{'error':'bad header c4nary'}", "status 401");
    expect_refused(&base, 401, "{'message':'c4nary is no header of mine'}", "status 401");
    expect_refused(&base, 400,
                   "{'StatusCode':400,'CorrelationId':'8797a7fe','Message':'No MSI found for "
                   "specified ClientId/ResourceId.'}",
                   "\"No MSI found for specified ClientId/ResourceId.\"");
    forget_variables(NULL);
}

/* The time that one call had is over: the next one may have more, and asks again. */
TEST(a_fault_that_lasts_is_no_refusal)
{
    EACH_NUMBER (status, 408, 429, 500, 503) {
        auto_char words = memory_print("status %d until the timeout", status);
        expect_failure(&base, ANSWERS({ status, .is_last_again = true }), ERR_TIMEOUT, ANY, words,
                       "169.254.169.254");
    }
}

TEST(a_machine_without_the_service_is_reported_without_retries)
{
    expect_failure(&base,
                   ANSWERS({ .fault = ERR_UNREACHABLE, .text = "no route", .is_last_again = true }),
                   ERR_CREDENTIAL, ANY, "use_msi (ARM_USE_MSI)", "169.254.169.254", "no route");
    expect_failure(&base, ANSWERS({ 200, .body = "<html>" }), ERR_SHAPE, ANY, "");
}

TEST(an_invalid_address_is_reported)
{
    struct auth_config config = base;
    EACH_TEXT (url, "localhost", "ftp://x/", "http://me:c4nary@x/", "http://x/\r\nX: y") {
        config.msi_endpoint = url;
        expect_unusable(&config, "msi_endpoint (ARM_MSI_ENDPOINT) is not");
    }
}

TEST_GROUP(forget_variables, NULL)
