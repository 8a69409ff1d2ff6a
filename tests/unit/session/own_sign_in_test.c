/* Who issues the tokens for a service, by its own metadata: what is trusted, and what is sent.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/session_run.h"

#define HOST "adminmanagement.west.hub.example.com"
#define HOME "aaaabbbb-0000-4000-8000-000000000001"
#define AUDIENCE "https://adminmanagement.contoso.onmicrosoft.com/f1f2f3f4"
#define ENCODED "https%3A%2F%2Fadminmanagement.contoso.onmicrosoft.com%2Ff1f2f3f4"
#define METADATA(login, audience)                                                                  \
    "{'galleryEndpoint':'https://g','authentication':{'loginEndpoint':'" login                     \
    "','audiences':['" audience "']}}"
#define TOKEN TOKEN_OF("of-hub")

static struct service_config hub(void)
{
    return (struct service_config){
        .name = "hub",
        .dialect = &dialect_arm,
        .endpoint = "https://" HOST,
        .missing = "Write: hub { }",
        .block = "hub",
        .endpoint_name = "admin_endpoint",
        .publishes_sign_in = true,
        .has_own_proof = true,
        .auth = { .client_id = "c", .client_secret = "c4nary" },
    };
}

/* The status of the first request to the service; 0: there was none. */
static int get(struct session_run *run)
{
    struct service *service;
    run->err = NO_ERROR;
    if (session_service(run->session, &run->call, "hub", &service, &run->err) < 0)
        return 0;
    const struct rest_request request = { .method = "GET",
                                          .id = "/subscriptions/x",
                                          .api_version = "2015-11-01" };
    auto_rest_reply reply = NULL;
    if (rest_read(&run->call, service_client(service), &request, &reply, &run->err) < 0)
        return 0;
    return reply->status;
}

#define ENTRA(host, tenant) "https://" host "/" tenant
#define ENTRA_TOKEN(host, tenant) "https://" host "/" tenant "/oauth2/v2.0/token"
#define MICROSOFT "login.microsoftonline.com"
#define ADFS "https://adfs.west.hub.example.com/adfs"

TEST(where_a_credential_is_sent)
{
    static const struct {
        const char *login, *url;                /* in the metadata; of the token's request */
        const char *tenant, *authority, *known; /* configured; NULL: not */
    } rows[] = {
        { ENTRA(MICROSOFT, HOME "/"), ENTRA_TOKEN(MICROSOFT, HOME) },
        { ENTRA("login.windows.net", HOME), ENTRA_TOKEN("login.windows.net", HOME) },
        { ENTRA(MICROSOFT, ""), ENTRA_TOKEN(MICROSOFT, "own.example.com"), "own.example.com" },
        { ENTRA(MICROSOFT, HOME), ENTRA_TOKEN(MICROSOFT, "own.example.com"), "own.example.com" },
        { ENTRA("login.cloud.test", HOME), ENTRA_TOKEN("login.cloud.test", HOME),
          .known = "https://login.cloud.test/" },
        { ENTRA("elsewhere.test", HOME), ENTRA_TOKEN("login.cloud.test", HOME),
          .authority = "https://login.cloud.test" },
        { ADFS, ADFS "/oauth2/token", "own.example.com" },
        { "https://ADFS.West.Hub.example.com:8443/adfs/",
          "https://ADFS.West.Hub.example.com:8443/adfs/oauth2/token" },
        { "https://adfs.elsewhere.test/adfs", "https://adfs.corp.test/adfs/oauth2/token",
          .authority = "https://adfs.corp.test" },
    };
    EACH (row, rows) {
        char body[1000];
        snprintf(body, sizeof body, METADATA("%s", AUDIENCE), row->login);
        struct service_config config = hub();
        config.auth.tenant_id = row->tenant;
        config.auth.authority = row->authority;
        config.known_authority = row->known;
        auto_session_run run = session_run_with(
            &config, 1, ANSWERS({ 200, .body = body }, { 200, .body = TOKEN }, { 404 }));
        if (get(run) != 404)
            fail_msg("%s: %s", row->login, run->err.text);
        const struct fake_request *asked = fake_transport_request(run->fake, 0);
        assert_string_equal(asked->url,
                            "https://" HOST "/metadata/endpoints?api-version=2015-01-01");
        assert_null(asked->bearer);
        const struct fake_request *token = fake_transport_request(run->fake, 1);
        assert_string_equal(token->url, row->url);
        assert_has(token->body, strstr(row->url, "/adfs/") != NULL ? "&resource=" ENCODED
                                                                   : "&scope=" ENCODED
                                                                     "%2F.default");
        assert_has(token->body, "client_secret=c4nary");
        const struct fake_request *sent = fake_transport_request(run->fake, 2);
        assert_memory_equal(sent->url, "https://" HOST "/", strlen("https://" HOST "/"));
        assert_string_equal(sent->bearer, "of-hub");
    }
}

#define GOOD_LOGIN ENTRA(MICROSOFT, HOME)

static void expect_refused(const struct service_config *config, struct fake_answer answer,
                           enum error_kind kind, const char *words)
{
    auto_session_run run = session_run_with(config, 1, ANSWERS(answer));
    if (get(run) != 0)
        fail_msg("trusted: %s", answer.body);
    assert_error(&run->err, kind, words, "hub.admin_endpoint \"https://" HOST "\"");
    /* Once is enough, and no other service was asked. */
    get(run);
    assert_int_equal(session_run_sent(run), 1);
}

TEST(metadata_that_are_not_trusted_get_no_credential)
{
    static const struct {
        const char *words, *bodies[7];
    } rows[] = {
        { "the login service \"https://login.evil.test/" HOME "\", which is neither",
          { METADATA("https://login.evil.test/" HOME, AUDIENCE) } },
        /* The last three are in the domain of the hub or look like it, but are not its AD FS. */
        { "is neither",
          { METADATA("https://login.microsoftonline.com.evil.test/" HOME, AUDIENCE),
            METADATA("https://login.microsoftonline.com:444/" HOME, AUDIENCE),
            METADATA("https://login.west.hub.example.com/" HOME, AUDIENCE),
            METADATA("https://adfs.east.hub.example.com/adfs", AUDIENCE),
            METADATA("https://adfs.west.hub.example.com.evil.test/adfs", AUDIENCE) } },
        { "is not https://",
          { METADATA("http://login.microsoftonline.com/" HOME, AUDIENCE),
            METADATA("https://u:p@login.microsoftonline.com/" HOME, AUDIENCE) } },
        /* It is given no token for another service. */
        { "the audience",
          { METADATA(GOOD_LOGIN, "https://graph.microsoft.com/x"),
            METADATA(GOOD_LOGIN, "00000003-0000-0000-c000-000000000000"),
            METADATA(GOOD_LOGIN, "http://management.x.test/a"),
            METADATA(GOOD_LOGIN, "https://payroll.contoso.onmicrosoft.com/a") } },
        { "the audience \"https://management.azure.com/\"",
          { METADATA(GOOD_LOGIN, "https://management.azure.com/") } },
        { "not return the ID of its directory",
          { METADATA(ENTRA(MICROSOFT, "common"), AUDIENCE) } },
        { "does not respond like the Resource Manager of an Azure Stack Hub", { "{}", "<html>" } },
    };
    struct service_config config = hub();
    EACH (row, rows)
        for (size_t i = 0; row->bodies[i] != NULL; i++)
            expect_refused(&config, (struct fake_answer){ 200, .body = row->bodies[i] },
                           ERR_INVALID, row->words);
    expect_refused(&config, (struct fake_answer){ 404 }, ERR_INVALID, "returned status 404");
    config.has_own_proof = false;
    expect_refused(&config, (struct fake_answer){ 200, .body = METADATA(ADFS, AUDIENCE) },
                   ERR_CREDENTIAL, "uses AD FS. The credential of the provider block");
}

TEST(a_configured_audience_is_trusted)
{
    struct service_config config = hub();
    config.audience = "api://own";
    auto_session_run run = session_run_with(
        &config, 1,
        ANSWERS({ 200, .body = METADATA(GOOD_LOGIN, "https://management.azure.com/") },
                { 200, .body = TOKEN }, { 404 }));
    assert_int_equal(get(run), 404);
    assert_has(fake_transport_request(run->fake, 1)->body, "&scope=api%3A%2F%2Fown%2F.def");
}

TEST(an_ad_fs_has_one_directory_alone)
{
    struct service_config config = hub();
    struct service *service;
    struct rest_client *client;
    auto_session_run run =
        session_run_with(&config, 1, ANSWERS({ 200, .body = METADATA(ADFS, AUDIENCE) }));
    assert_false(service_has_one_directory(session_find_service(run->session, "hub")));
    assert_int_equal(session_service(run->session, &run->call, "hub", &service, &run->err), 0);
    assert_true(service_has_one_directory(service));
    assert_int_equal(service_client_of_tenant(service, "other.example", &client, &run->err), -1);
    assert_error(&run->err, ERR_CREDENTIAL, "no tokens of directory other.example");
}
