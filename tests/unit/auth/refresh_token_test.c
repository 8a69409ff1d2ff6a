/* A person's refresh token against a login service that is played: what is sent, that the newest
 * one is used and none is shown, and what a refusal says.
 * SPDX-License-Identifier: MPL-2.0 */
#include "unit/auth/credential_run.h"

#define PERSON                                                                                     \
    .authority = "https://login.test", .tenant_id = "partner.example", .client_id = "app",         \
    .refresh_token = "1.c4nary-token"

static const struct auth_config config = { PERSON, .client_secret = "c4nary&secret" };

#define ROTATED(name) "{'expires_in':'3599','access_token':'tok.en','refresh_token':'" name "'}"

TEST(a_token_is_asked_for_as_partner_center_documents_it)
{
    auto_run run = begin(&config, ANSWERS({ 200, .body = ROTATED("1.c4nary-new") }, good_token,
                                          { 200, .body = ROTATED("1.c4nary-last") }));
    assert_fetched(run);
    assert_true(run->credential->source->is_of_person);
    assert_string_equal(secret_reveal(run->token.text), "tok.en");
    assert_int_equal(run->token.expires_ms, INT64_C(1000) * (NOW_S + 3599));
    const struct fake_request *request = sent(run, 0);
    assert_string_equal(request->url, "https://login.test/partner.example/oauth2/token");
    assert_string_equal(request->body, "grant_type=refresh_token&client_id=app&"
                                       "client_secret=c4nary%26secret&"
                                       "refresh_token=1.c4nary-token&"
                                       "resource=https%3A%2F%2Fmanagement.test");
    /* The newest one that there is. */
    assert_fetched(run);
    assert_has(sent(run, 1)->body, "&refresh_token=1.c4nary-new&");
    assert_fetched(run);
    assert_has(sent(run, 2)->body, "&refresh_token=1.c4nary-new&");
}

TEST(a_refusal_says_what_the_person_has_to_do_and_shows_no_secret)
{
    static const struct {
        const char *number, *words;
    } rows[] = {
        { "700082", "not used for too long" },
        { "70008", "expired" },
        { "50173", "revoked" },
        { "50076", "multi-factor authentication (MFA)" },
        { "50079", "multi-factor authentication (MFA)" },
        { "65001", "has not consented" },
    };
    EACH (row, rows) {
        auto_char body = memory_print("{'error':'invalid_grant','error_description':"
                                      "'AADSTS%s: 1.c4nary-token and c4nary&secret'}",
                                      row->number);
        expect_refused(&config, 400, body, row->words, "consent to the application again",
                       "AZURESTACK_PARTNER_REFRESH_TOKEN");
    }
    /* The application's own faults are reported as before. */
    expect_refused(&config, 401,
                   "{'error':'invalid_client','error_description':"
                   "'AADSTS7000215: c4nary&secret'}",
                   "the client secret is wrong");
}

TEST(half_of_it_is_no_other_way_to_sign_in)
{
    static const struct auth_config without_proof = { PERSON, .uses_cli = true };
    static const struct auth_config cut = { .authority = "https://login.test",
                                            .tenant_id = "t",
                                            .client_id = "app",
                                            .client_secret = "s",
                                            .refresh_token = "1.c4nary two" };
    static const struct auth_config without_tenant = { .authority = "https://login.test",
                                                       .client_secret = "s",
                                                       .refresh_token = "1.c4nary" };
    expect_missing(&without_proof, "client_secret or client_certificate");
    expect_missing(&cut, "white space");
    expect_missing(&without_tenant, "tenant_id", "client_id");
}

TEST(without_a_refresh_token_the_error_does_not_mention_it)
{
    static const struct auth_config none = { .authority = "https://login.test" };
    struct credential *credential = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(credential_choose(&none, &credential, &err), -1);
    assert_lacks(err.text, "refresh");
}
