/* What one Configure makes: which addresses, which token, and what is refused at once; also where
 * metadata_host returns the addresses: asked at the first use, once.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/fixture.h"
#include "support/session_run.h"

#define METADATA_OF(audience)                                                                      \
    "{'name':'AzureCloud','resourceManager':'https://arm.test/',"                                  \
    "'authentication':{'loginEndpoint':'https://login.test/','audiences':"                         \
    "['" audience "'],'tenant':'common','identityProvider':'AAD'}}"
#define METADATA METADATA_OF("https://audience.test")
#define ASKS "https://meta.test/metadata/endpoints?api-version=2022-09-01"

static int find_client(struct session_run *run, struct rest_client **out)
{
    struct service *service;
    run->err = NO_ERROR;
    if (session_service(run->session, &run->call, "azure", &service, &run->err) < 0)
        return -1;
    *out = service_client(service);
    return 0;
}

static int find(struct session_run *run)
{
    struct rest_client *client = NULL;
    int result = find_client(run, &client);
    assert_int_equal(client != NULL, result == 0);
    return result;
}

struct given {
    const char *environment, *metadata_host, *authority, *endpoint, *audience;
};

static struct session_config config_of(const struct given *given)
{
    struct session_config config = session_run_config();
    config.environment = given->environment;
    config.metadata_host = given->metadata_host;
    config.auth.authority = given->authority;
    config.resource_manager_endpoint = given->endpoint;
    config.resource_manager_audience = given->audience;
    return config;
}

/* Where one GET of a session and its token go: hosts, and the audience without https://. */
static const struct {
    struct given given;
    const char *login, *scope, *arm;
} addresses[] = {
    { { "public" }, "login.microsoftonline.com", "management.azure.com", "management.azure.com" },
    { { "usgovernment" },
      "login.microsoftonline.us",
      "management.core.usgovcloudapi.net",
      "management.usgovcloudapi.net" },
    { { "china" },
      "login.chinacloudapi.cn",
      "management.core.chinacloudapi.cn",
      "management.chinacloudapi.cn" },
    /* The configured endpoints replace the environment's. */
    { { "custom", NULL, "https://login.test//", "https://arm.test:8443/" },
      "login.test",
      "arm.test%3A8443%2F",
      "arm.test:8443" },
    { { "custom", NULL, "https://login.test//", "https://arm.test:8443/", "https://audience.test" },
      "login.test",
      "audience.test",
      "arm.test:8443" },
    /* The metadata replace any environment's, and configured values come first. */
    { { "custom", "meta.test" }, "login.test", "audience.test", "arm.test" },
    { { "public", "meta.test" }, "login.test", "audience.test", "arm.test" },
    { { "usgovernment", "meta.test" }, "login.test", "audience.test", "arm.test" },
    { { "custom", "meta.test", "https://own-login.test/" },
      "own-login.test",
      "audience.test",
      "arm.test" },
    { { "custom", "meta.test", .endpoint = "https://own.test" },
      "login.test",
      "own.test",
      "own.test" },
    { { "custom", "meta.test", .audience = "https://own-audience.test" },
      "login.test",
      "own-audience.test",
      "arm.test" },
};

TEST(each_session_goes_to_the_addresses_of_its_cloud)
{
    EACH (row, addresses) {
        size_t at = row->given.metadata_host != NULL;
        const struct fake_answer metadata = { 200, .body = METADATA };
        const struct fake_answer token = TOKEN_ANSWER, gone = { 404 };
        struct session_config config = config_of(&row->given);
        auto_session_run run = session_run_new(&config, at != 0 ? ANSWERS(metadata, token, gone)
                                                                : ANSWERS(token, gone));
        config = (struct session_config){ 0 }; /* the caller's struct may be gone by then */
        struct rest_client *client;
        for (int i = 0; i < 2; i++)
            assert_int_equal(find_client(run, &client), 0);
        assert_int_equal(session_run_sent(run), at);
        if (at != 0)
            assert_string_equal(fake_transport_request(run->fake, 0)->url, ASKS);
        const struct rest_request request = { .method = "GET", .id = "/x", .api_version = "1" };
        auto_rest_reply reply = NULL;
        assert_int_equal(rest_read(&run->call, client, &request, &reply, &run->err), 0);
        const struct fake_request *login = fake_transport_request(run->fake, at);
        struct arena *texts = run->call.arena;
        assert_string_equal(login->url,
                            arena_print(texts, "https://%s/t/oauth2/v2.0/token", row->login));
        assert_has(login->body, "client_secret=canary");
        assert_string_equal(
            strstr(login->body, "&scope="),
            arena_print(texts, "&scope=https%%3A%%2F%%2F%s%%2F.default", row->scope));
        assert_string_equal(fake_transport_request(run->fake, at + 1)->url,
                            arena_print(texts, "https://%s/x?api-version=1", row->arm));
    }
}

static void expect_refused(struct given given, const char *part)
{
    struct session_config config = config_of(&given);
    struct session_run run;
    if (session_run_try(&run, &config, ANSWERS({ 0 })) == 0)
        fail_msg("accepted instead of: %s", part);
    assert_error(&run.err, ERR_INVALID, part);
    session_run_end(&run);
}

#define GIVEN(...) ((struct given){ __VA_ARGS__ })

TEST(an_address_that_is_none_is_refused_at_once)
{
    /* An environment without addresses needs them. */
    expect_refused(GIVEN("custom"), "no default resource manager endpoint");
    expect_refused(GIVEN("custom", .endpoint = "https://arm.test"), "login");
    expect_refused(GIVEN("moon", .endpoint = "https://arm.test"), "moon");
    EACH_TEXT (address, "http://arm.test", "arm.test", "", "https://", "https://arm.test/path",
               "https://arm.test?x", "https://me:canary@arm.test", "https://arm.test\\@evil.test",
               "ftp://arm.test") {
        expect_refused(GIVEN("public", .authority = address), "login");
        expect_refused(GIVEN("public", .endpoint = address), "resource manager");
    }
    EACH_TEXT (host, "me:canary@meta.test", "meta.test/x", "")
        expect_refused(GIVEN("custom", host), "ARM_METADATA_HOSTNAME");
}

TEST(metadata_host_is_not_asked_where_both_addresses_are_given)
{
    const struct session_config config =
        config_of(&GIVEN("custom", "meta.test", "https://own-login.test", "https://own.test"));
    auto_session_run run = session_run_new(&config, ANSWERS({ 0 }));
    assert_int_equal(find(run), 0);
    assert_int_equal(session_run_sent(run), 0);
}

static const struct given by_metadata = { "custom", "meta.test" };

TEST(a_missing_credential_is_an_error_at_its_first_use_without_a_request)
{
    const struct given givens[] = { { "public" }, by_metadata };
    EACH (given, givens) {
        struct session_config config = config_of(given);
        config.auth.client_secret = NULL;
        auto_session_run run = session_run_new(&config, ANSWERS({ 0 }));
        assert_int_equal(find(run), -1);
        assert_error(&run->err, ERR_CREDENTIAL, "ARM_CLIENT_SECRET");
        assert_int_equal(session_run_sent(run), 0);
    }
}

static void expect_refused_once(const char *metadata, const char *words)
{
    const struct session_config config = config_of(&by_metadata);
    auto_session_run run = session_run_new(&config, ANSWERS({ 200, .body = metadata }));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(find(run), -1);
        assert_error(&run->err, ERR_INVALID, words);
        assert_lacks(run->err.text, "\r");
    }
    assert_int_equal(session_run_sent(run), 1);
}

/* An audience becomes an argument of the Azure CLI's, where a dash begins an option. */
TEST(metadata_that_are_refused_are_requested_once)
{
    expect_refused_once("{'galleryEndpoint':'https://gallery.hub.test'}", "are in public Azure");
    EACH_TEXT (metadata, METADATA_OF("--help"), METADATA_OF("a b"), METADATA_OF("a\\r\\nX: y"),
               METADATA_OF("\xC3\xA4"))
        expect_refused_once(metadata, "audience");
}

static void stop(void *state, struct call *call, size_t number)
{
    (void)state;
    if (number == 0)
        atomic_store(&call->is_cancelled, true);
}

TEST(a_call_that_was_stopped_while_asking_hands_over)
{
    const struct session_config config = config_of(&by_metadata);
    auto_session_run run = session_run_new(
        &config, ANSWERS({ .fault = ERR_STOPPED, .text = "stopped" }, { 200, .body = METADATA }));
    fake_transport_watch(run->fake, stop, NULL);
    assert_int_equal(find(run), -1);
    assert_int_equal(run->err.kind, ERR_STOPPED);
    atomic_store(&run->call.is_cancelled, false); /* another call */
    assert_int_equal(find(run), 0);
    assert_int_equal(session_run_sent(run), 2);
}

static void *find_on_a_thread(void *session)
{
    struct session_run own = { .session = session };
    call_init(&own.call, NULL);
    own.call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    int result = find(&own);
    call_clear(&own.call);
    return (void *)(intptr_t)result;
}

TEST(many_at_once_send_one_request)
{
    const struct session_config config = config_of(&by_metadata);
    auto_session_run run = session_run_new(&config, ANSWERS({ 200, .body = METADATA }));
    assert_int_equal(in_threads(8, find_on_a_thread, run->session), 0);
    assert_int_equal(session_run_sent(run), 1);
}

TEST(a_session_lives_as_long_as_it_is_referenced)
{
    struct session_config config = session_run_config();
    char subscription[] = "11111111-2222-3333-4444-555555555555";
    config.subscription_id = subscription;
    struct session_run run;
    session_run_begin(&run, &config, ANSWERS({ 0 }));
    struct session *held = session_ref(run.session);
    subscription[0] = 'x'; /* was copied */
    session_run_end(&run);
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
    struct session_config config = session_run_config();
    config.user_agent = arena_copy_text(texts, "agent");
    struct session *session = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(session_new(&config, texts, &session, &err), 0);
    session_free(session);
}

TEST(a_bundle_that_cannot_be_read_is_refused)
{
    struct session_config config = session_run_config();
    config.ca_bundle = "/nowhere/at/all.pem";
    struct session *session = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(session_new(&config, NULL, &session, &err), -1);
    assert_error(&err, ERR_INVALID, "ca_bundle", "/nowhere/at/all.pem");
    assert_null(session);
}
