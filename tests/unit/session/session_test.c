/* What one Configure makes: which addresses, which token, and what is refused at once.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "session/session.h"
#include "support/fake_transport.h"
#include "support/test.h"

#define GOOD "{\"expires_in\":3599,\"access_token\":\"tok.en\"}"

static int find_client(struct session *session, struct call *call,
                       struct rest_client **out, struct error *err)
{
    struct service *service;
    if (session_service(session, call, "azure", &service, err) < 0)
        return -1;
    *out = service_client(service);
    return 0;
}

static struct session_config config(void)
{
    return (struct session_config){
        .environment = "public",
        .auth = { .tenant_id = "t", .client_id = "c", .client_secret = "canary" },
    };
}

static struct session *make(const struct session_config *wanted,
                            const struct fake_answer *answers,
                            struct fake_transport **fake, struct error *err)
{
    *fake = fake_transport_new(answers);
    struct session *session = NULL;
    session_new_over(wanted, fake_transport_base(*fake), &session, err);
    return session;
}

/* Sends one GET in a session, and looks where it and its token went. */
static void assert_goes(const struct session_config *wanted, const char *login,
                        const char *scope, const char *url)
{
    static const struct fake_answer answers[] = { { 200, .body = GOOD },
                                                  { .status = 404 },
                                                  { 0 } };
    struct fake_transport *fake;
    struct error err = NO_ERROR;
    struct session *session = make(wanted, answers, &fake, &err);
    if (session == NULL)
        fail_msg("no session: %s", err.text);
    assert_int_equal(fake_transport_count(fake), 0); /* contacts nobody */
    struct rest_client *client = NULL;
    auto_call call;
    call_init(&call, NULL);
    assert_int_equal(find_client(session, &call, &client, &err), 0);
    const struct rest_request request = { .method = "GET",
                                          .id = "/x",
                                          .api_version = "1" };
    auto_rest_reply reply = NULL;
    assert_int_equal(rest_read(&call, client, &request, &reply, &err), 0);
    assert_string_equal(fake_transport_request(fake, 0)->url, login);
    const char *sent_scope = strstr(fake_transport_request(fake, 0)->body, "&scope=");
    assert_string_equal(sent_scope + strlen("&scope="), scope);
    assert_string_equal(fake_transport_request(fake, 1)->url, url);
    session_free(session);
}

TEST(public_azure_is_known_by_name)
{
    struct session_config wanted = config();
    assert_goes(&wanted, "https://login.microsoftonline.com/t/oauth2/v2.0/token",
                "https%3A%2F%2Fmanagement.azure.com%2F.default",
                "https://management.azure.com/x?api-version=1");
}

TEST(each_cloud_has_its_own_addresses)
{
    struct session_config wanted = config();
    wanted.environment = "usgovernment";
    assert_goes(&wanted, "https://login.microsoftonline.us/t/oauth2/v2.0/token",
                "https%3A%2F%2Fmanagement.core.usgovcloudapi.net%2F.default",
                "https://management.usgovcloudapi.net/x?api-version=1");
    wanted.environment = "china";
    assert_goes(&wanted, "https://login.chinacloudapi.cn/t/oauth2/v2.0/token",
                "https%3A%2F%2Fmanagement.core.chinacloudapi.cn%2F.default",
                "https://management.chinacloudapi.cn/x?api-version=1");
}

TEST(configured_endpoints_override_the_environments)
{
    struct session_config wanted = config();
    wanted.environment = "custom";
    wanted.resource_manager_endpoint = "https://arm.test:8443/";
    wanted.auth.authority = "https://login.test//";
    assert_goes(&wanted, "https://login.test/t/oauth2/v2.0/token",
                "https%3A%2F%2Farm.test%3A8443%2F%2F.default",
                "https://arm.test:8443/x?api-version=1");
    wanted.resource_manager_audience = "https://audience.test";
    assert_goes(&wanted, "https://login.test/t/oauth2/v2.0/token",
                "https%3A%2F%2Faudience.test%2F.default",
                "https://arm.test:8443/x?api-version=1");
}

TEST(an_address_that_is_not_https_and_a_host_is_refused)
{
    static const char *const addresses[] = { "http://arm.test",
                                             "arm.test",
                                             "",
                                             "https://",
                                             "https://arm.test/path",
                                             "https://arm.test?x",
                                             "https://me:canary@arm.test",
                                             "https://arm.test\\@evil.test",
                                             "ftp://arm.test" };
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        for (int is_login = 0; is_login < 2; is_login++) {
            struct session_config wanted = config();
            if (is_login)
                wanted.auth.authority = addresses[i];
            else
                wanted.resource_manager_endpoint = addresses[i];
            struct fake_transport *fake;
            struct error err = NO_ERROR;
            if (make(&wanted, (const struct fake_answer[]){ { 0 } }, &fake, &err) != NULL)
                fail_msg("\"%s\" is accepted", addresses[i]);
            assert_int_equal(err.kind, ERR_INVALID);
            assert_non_null(strstr(err.text, is_login ? "login" : "resource manager"));
            assert_null(strstr(err.text, "canary"));
        }
    }
}

TEST(an_environment_without_addresses_needs_them)
{
    struct session_config wanted = config();
    wanted.environment = "custom";
    struct fake_transport *fake;
    struct error err = NO_ERROR;
    assert_null(make(&wanted, (const struct fake_answer[]){ { 0 } }, &fake, &err));
    assert_int_equal(err.kind, ERR_INVALID);
    wanted.resource_manager_endpoint = "https://arm.test";
    assert_null(make(&wanted, (const struct fake_answer[]){ { 0 } }, &fake, &err));
    assert_non_null(strstr(err.text, "login"));
    wanted.environment = "moon";
    assert_null(make(&wanted, (const struct fake_answer[]){ { 0 } }, &fake, &err));
    assert_non_null(strstr(err.text, "moon"));
}

TEST(a_missing_credential_is_an_error_at_its_first_use)
{
    struct session_config wanted = config();
    wanted.auth.client_secret = NULL;
    struct fake_transport *fake;
    struct error err = NO_ERROR;
    struct session *session =
        make(&wanted, (const struct fake_answer[]){ { 0 } }, &fake, &err);
    assert_non_null(session);
    struct rest_client *client = NULL;
    auto_call call;
    call_init(&call, NULL);
    assert_int_equal(find_client(session, &call, &client, &err), -1);
    assert_int_equal(err.kind, ERR_CREDENTIAL);
    assert_non_null(strstr(err.text, "ARM_CLIENT_SECRET"));
    assert_null(client);
    assert_int_equal(fake_transport_count(fake), 0);
    session_free(session);
}

TEST(a_session_lives_as_long_as_somebody_holds_it)
{
    struct session_config wanted = config();
    char subscription[] = "11111111-2222-3333-4444-555555555555";
    wanted.subscription_id = subscription;
    struct fake_transport *fake;
    struct error err = NO_ERROR;
    struct session *session =
        make(&wanted, (const struct fake_answer[]){ { 0 } }, &fake, &err);
    struct session *held = session_ref(session);
    subscription[0] = 'x'; /* was copied */
    session_free(session);
    assert_string_equal(session_default(held, "azure", "subscription_id"),
                        "11111111-2222-3333-4444-555555555555");
    assert_non_null(session_diag_once(held));
    session_free(held);
    session_free(NULL);
}

/* Leak checks see what is left. */
TEST(the_texts_of_a_configuration_go_with_the_session)
{
    struct arena *texts = arena_new();
    struct session_config wanted = config();
    wanted.user_agent = arena_copy_text(texts, "agent");
    struct session *session = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(session_new(&wanted, texts, &session, &err), 0);
    session_free(session);
}

TEST(a_bundle_that_cannot_be_read_is_refused)
{
    struct session_config wanted = config();
    wanted.ca_bundle = "/nowhere/at/all.pem";
    struct session *session = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(session_new(&wanted, NULL, &session, &err), -1);
    assert_int_equal(err.kind, ERR_INVALID);
    assert_non_null(strstr(err.text, "ca_bundle"));
    assert_non_null(strstr(err.text, "/nowhere/at/all.pem"));
    assert_null(session);
}
