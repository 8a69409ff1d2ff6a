/* A session whose addresses metadata_host tells: asked at the first use, once, and what it
 * does not answer is told once.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>

#include "base/clock.h"
#include "session/session.h"
#include "support/fake_transport.h"
#include "support/test.h"

#define METADATA                                                                         \
    "{\"name\":\"AzureCloud\",\"resourceManager\":\"https://arm.test/\","                \
    "\"authentication\":{\"loginEndpoint\":\"https://login.test/\",\"audiences\":"       \
    "[\"https://audience.test\"],\"tenant\":\"common\",\"identityProvider\":\"AAD\"}}"
#define TOKEN "{\"expires_in\":3599,\"access_token\":\"tok.en\"}"
#define ASKS "https://meta.test/metadata/endpoints?api-version=2022-09-01"

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
        .environment = "custom",
        .metadata_host = "meta.test",
        .auth = { .tenant_id = "t", .client_id = "c", .client_secret = "canary" },
    };
}

static struct session *make(const struct session_config *wanted,
                            const struct fake_answer *answers,
                            struct fake_transport **fake)
{
    *fake = fake_transport_new(answers);
    struct session *session = NULL;
    struct error err = NO_ERROR;
    if (session_new_over(wanted, fake_transport_base(*fake), &session, &err) < 0)
        fail_msg("no session: %s", err.text);
    assert_int_equal(fake_transport_count(*fake), 0); /* contacts nobody */
    return session;
}

static int find(struct session *session, struct error *err)
{
    auto_call call;
    call_init(&call, NULL);
    call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    struct rest_client *client = NULL;
    *err = NO_ERROR;
    return find_client(session, &call, &client, err);
}

static void assert_goes(const struct session_config *wanted, const char *login,
                        const char *scope, const char *url)
{
    static const struct fake_answer answers[] = {
        { 200, .body = METADATA }, { 200, .body = TOKEN }, { .status = 404 }, { 0 }
    };
    struct fake_transport *fake;
    struct session *session = make(wanted, answers, &fake);
    auto_call call;
    call_init(&call, NULL);
    struct error err = NO_ERROR;
    struct rest_client *client = NULL;
    for (int i = 0; i < 2; i++)
        assert_int_equal(find_client(session, &call, &client, &err), 0);
    assert_int_equal(fake_transport_count(fake), 1);
    assert_string_equal(fake_transport_request(fake, 0)->url, ASKS);
    const struct rest_request request = { .method = "GET",
                                          .id = "/x",
                                          .api_version = "1" };
    auto_rest_reply reply = NULL;
    assert_int_equal(rest_read(&call, client, &request, &reply, &err), 0);
    assert_string_equal(fake_transport_request(fake, 1)->url, login);
    assert_non_null(
        strstr(fake_transport_request(fake, 1)->body, "client_secret=canary"));
    const char *sent = strstr(fake_transport_request(fake, 1)->body, "&scope=");
    assert_string_equal(sent + strlen("&scope="), scope);
    assert_string_equal(fake_transport_request(fake, 2)->url, url);
    session_free(session);
}

TEST(its_answer_is_where_everything_goes)
{
    static const char *const environments[] = { "custom", "public", "usgovernment" };
    struct session_config wanted = config();
    for (size_t i = 0; i < 3; i++) {
        wanted.environment = environments[i];
        assert_goes(&wanted, "https://login.test/t/oauth2/v2.0/token",
                    "https%3A%2F%2Faudience.test%2F.default",
                    "https://arm.test/x?api-version=1");
    }
}

TEST(what_is_given_goes_before_its_answer)
{
    struct session_config wanted = config();
    wanted.auth.authority = "https://own-login.test/";
    assert_goes(&wanted, "https://own-login.test/t/oauth2/v2.0/token",
                "https%3A%2F%2Faudience.test%2F.default",
                "https://arm.test/x?api-version=1");
    wanted = config();
    wanted.resource_manager_endpoint = "https://own.test";
    assert_goes(&wanted, "https://login.test/t/oauth2/v2.0/token",
                "https%3A%2F%2Fown.test%2F.default", "https://own.test/x?api-version=1");
    wanted = config();
    wanted.resource_manager_audience = "https://own-audience.test";
    assert_goes(&wanted, "https://login.test/t/oauth2/v2.0/token",
                "https%3A%2F%2Fown-audience.test%2F.default",
                "https://arm.test/x?api-version=1");
}

TEST(it_is_not_asked_where_both_addresses_are_given)
{
    struct session_config wanted = config();
    wanted.auth.authority = "https://own-login.test";
    wanted.resource_manager_endpoint = "https://own.test";
    struct fake_transport *fake;
    struct session *session = make(&wanted, (const struct fake_answer[]){ { 0 } }, &fake);
    struct error err;
    assert_int_equal(find(session, &err), 0);
    assert_int_equal(fake_transport_count(fake), 0);
    session_free(session);
}

TEST(the_callers_struct_may_be_gone_by_then)
{
    struct session_config wanted = config();
    static const struct fake_answer answers[] = { { 200, .body = METADATA }, { 0 } };
    struct fake_transport *fake;
    struct session *session = make(&wanted, answers, &fake);
    wanted = (struct session_config){ 0 };
    struct error err;
    assert_int_equal(find(session, &err), 0);
    assert_string_equal(fake_transport_request(fake, 0)->url, ASKS);
    session_free(session);
}

TEST(no_credential_is_reported_without_a_request)
{
    struct session_config wanted = config();
    wanted.auth.client_secret = NULL;
    struct fake_transport *fake;
    struct session *session = make(&wanted, (const struct fake_answer[]){ { 0 } }, &fake);
    struct error err;
    assert_int_equal(find(session, &err), -1);
    assert_int_equal(err.kind, ERR_CREDENTIAL);
    assert_non_null(strstr(err.text, "ARM_CLIENT_SECRET"));
    assert_int_equal(fake_transport_count(fake), 0);
    session_free(session);
}

TEST(a_failure_is_asked_for_once)
{
    static const struct fake_answer answers[] = {
        { 200, .body = "{\"galleryEndpoint\":\"https://gallery.hub.test\"}" }, { 0 }
    };
    struct session_config wanted = config();
    struct fake_transport *fake;
    struct session *session = make(&wanted, answers, &fake);
    struct error err;
    assert_int_equal(find(session, &err), -1);
    assert_int_equal(err.kind, ERR_INVALID);
    assert_non_null(strstr(err.text, "metadata_host (ARM_METADATA_HOSTNAME)"));
    assert_non_null(strstr(err.text, "live in public Azure"));
    assert_int_equal(find(session, &err), -1);
    assert_non_null(strstr(err.text, "live in public Azure"));
    assert_int_equal(fake_transport_count(fake), 1);
    session_free(session);
}

/* It becomes an argument of the Azure CLI's, where a dash begins an option. */
TEST(an_audience_that_is_none_is_refused)
{
    static const char *const audiences[] = { "--help", "a b", "a\\r\\nX: y", "\xC3\xA4" };
    for (size_t i = 0; i < sizeof audiences / sizeof *audiences; i++) {
        char body[400];
        snprintf(body, sizeof body,
                 "{\"name\":\"Own\",\"resourceManager\":\"https://arm.test/\","
                 "\"authentication\":{\"loginEndpoint\":\"https://login.test/\","
                 "\"audiences\":[\"%s\"]}}",
                 audiences[i]);
        struct session_config wanted = config();
        struct fake_transport *fake;
        const struct fake_answer answers[] = { { 200, .body = body }, { 0 } };
        struct session *session = make(&wanted, answers, &fake);
        struct error err;
        assert_int_equal(find(session, &err), -1);
        assert_int_equal(err.kind, ERR_INVALID);
        assert_non_null(strstr(err.text, "audience"));
        assert_null(strstr(err.text, "\r"));
        session_free(session);
    }
}

static void stop(void *state, struct call *call, size_t number)
{
    (void)state;
    if (number == 0)
        atomic_store(&call->is_cancelled, true);
}

TEST(a_call_that_was_stopped_while_asking_hands_over)
{
    static const struct fake_answer answers[] = {
        { .fault = ERR_STOPPED, .text = "stopped" }, { 200, .body = METADATA }, { 0 }
    };
    struct session_config wanted = config();
    struct fake_transport *fake;
    struct session *session = make(&wanted, answers, &fake);
    fake_transport_watch(fake, stop, NULL);
    struct error err;
    assert_int_equal(find(session, &err), -1);
    assert_int_equal(err.kind, ERR_STOPPED);
    assert_int_equal(find(session, &err), 0);
    assert_int_equal(fake_transport_count(fake), 2);
    session_free(session);
}

static void *find_on_a_thread(void *session)
{
    struct error err;
    return (void *)(intptr_t)find(session, &err);
}

TEST(many_at_once_ask_once)
{
    static const struct fake_answer answers[] = { { 200, .body = METADATA }, { 0 } };
    struct session_config wanted = config();
    struct fake_transport *fake;
    struct session *session = make(&wanted, answers, &fake);
    pthread_t threads[8];
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, find_on_a_thread, session), 0);
    for (size_t i = 0; i < 8; i++) {
        void *result;
        pthread_join(threads[i], &result);
        assert_null(result);
    }
    assert_int_equal(fake_transport_count(fake), 1);
    session_free(session);
}

TEST(what_is_no_host_is_refused_at_once)
{
    static const char *const hosts[] = { "me:canary@meta.test", "meta.test/x", "" };
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct session_config wanted = config();
        wanted.metadata_host = hosts[i];
        struct fake_transport *fake =
            fake_transport_new((const struct fake_answer[]){ { 0 } });
        struct session *session = NULL;
        struct error err = NO_ERROR;
        assert_int_equal(
            session_new_over(&wanted, fake_transport_base(fake), &session, &err), -1);
        assert_int_equal(err.kind, ERR_INVALID);
        assert_non_null(strstr(err.text, "ARM_METADATA_HOSTNAME"));
        assert_null(strstr(err.text, "canary"));
    }
}
