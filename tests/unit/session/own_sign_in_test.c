/* Who issues the tokens for a service, by its own metadata: what is trusted, and what is sent.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/session_run.h"

#define HOST "adminmanagement.west.hub.example.com"
#define HOME "aaaabbbb-0000-4000-8000-000000000001"
#define AUDIENCE "https://adminmanagement.contoso.onmicrosoft.com/f1f2f3f4"
#define METADATA(login, audience)                                                                  \
    "{\"galleryEndpoint\":\"https://g\",\"authentication\":{\"loginEndpoint\":\"" login            \
    "\",\"audiences\":[\"" audience "\"]}}"
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

static void make(struct session_run *run, const struct service_config *service,
                 const struct fake_answer *answers)
{
    struct session_config config = session_run_config();
    config.services = service;
    config.service_count = 1;
    session_run_begin(run, &config, answers);
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
#define ADFS "https://adfs.west.hub.example.com/adfs"

TEST(where_a_credential_is_sent)
{
    static const struct {
        const char *login, *tenant, *authority, *known; /* configured; NULL: not */
        const char *url, *sent;                         /* of the token's request */
    } rows[] = {
        { ENTRA("login.microsoftonline.com", HOME "/"), NULL, NULL, NULL,
          "https://login.microsoftonline.com/" HOME "/oauth2/v2.0/token",
          "&scope=https%3A%2F%2Fadminmanagement.contoso.onmicrosoft.com%2Ff1f2f3f4%2F."
          "default" },
        { ENTRA("login.windows.net", HOME), NULL, NULL, NULL,
          "https://login.windows.net/" HOME "/oauth2/v2.0/token", "&scope=" },
        { ENTRA("login.microsoftonline.com", ""), "own.example.com", NULL, NULL,
          "https://login.microsoftonline.com/own.example.com/oauth2/v2.0/token", "&scope=" },
        { ENTRA("login.microsoftonline.com", HOME), "own.example.com", NULL, NULL,
          "https://login.microsoftonline.com/own.example.com/oauth2/v2.0/token", "&scope=" },
        { ENTRA("login.cloud.test", HOME), NULL, NULL, "https://login.cloud.test/",
          "https://login.cloud.test/" HOME "/oauth2/v2.0/token", "&scope=" },
        { ENTRA("elsewhere.test", HOME), NULL, "https://login.cloud.test", NULL,
          "https://login.cloud.test/" HOME "/oauth2/v2.0/token", "&scope=" },
        { ADFS, "own.example.com", NULL, NULL,
          "https://adfs.west.hub.example.com/adfs/oauth2/token",
          "&resource=https%3A%2F%2Fadminmanagement.contoso.onmicrosoft.com%2Ff1f2f3f4" },
        { "https://ADFS.West.Hub.example.com:8443/adfs/", NULL, NULL, NULL,
          "https://ADFS.West.Hub.example.com:8443/adfs/oauth2/token", "&resource=" },
        { "https://adfs.elsewhere.test/adfs", NULL, "https://adfs.corp.test", NULL,
          "https://adfs.corp.test/adfs/oauth2/token", "&resource=" },
    };
    EACH (row, rows) {
        char body[1000];
        snprintf(body, sizeof body, METADATA("%s", AUDIENCE), row->login);
        struct service_config config = hub();
        config.auth.tenant_id = row->tenant;
        config.auth.authority = row->authority;
        config.known_authority = row->known;
        struct session_run run;
        make(&run, &config, ANSWERS({ 200, .body = body }, { 200, .body = TOKEN }, { 404 }));
        if (get(&run) != 404)
            fail_msg("%s: %s", row->login, run.err.text);
        const struct fake_request *asked = fake_transport_request(run.fake, 0);
        assert_string_equal(asked->url,
                            "https://" HOST "/metadata/endpoints?api-version=2015-01-01");
        assert_null(asked->bearer);
        const struct fake_request *token = fake_transport_request(run.fake, 1);
        assert_string_equal(token->url, row->url);
        assert_has(token->body, row->sent);
        assert_has(token->body, "client_secret=c4nary");
        const struct fake_request *sent = fake_transport_request(run.fake, 2);
        assert_memory_equal(sent->url, "https://" HOST "/", strlen("https://" HOST "/"));
        assert_string_equal(sent->bearer, "of-hub");
        session_run_end(&run);
    }
}

#define GOOD_LOGIN ENTRA("login.microsoftonline.com", HOME)

TEST(metadata_that_are_not_trusted_get_no_credential)
{
    static const struct {
        int status;
        const char *body;
        bool is_inherited; /* the credential is the provider's */
        enum error_kind kind;
        const char *words;
    } rows[] = {
        { 200, METADATA("https://login.evil.test/" HOME, AUDIENCE), false, ERR_INVALID,
          "the login service \"https://login.evil.test/" HOME "\", which is neither" },
        { 200, METADATA("https://login.microsoftonline.com.evil.test/" HOME, AUDIENCE), false,
          ERR_INVALID, "is neither" },
        { 200, METADATA("http://login.microsoftonline.com/" HOME, AUDIENCE), false, ERR_INVALID,
          "is not https://" },
        { 200, METADATA("https://login.microsoftonline.com:444/" HOME, AUDIENCE), false,
          ERR_INVALID, "is neither" },
        { 200, METADATA("https://u:p@login.microsoftonline.com/" HOME, AUDIENCE), false,
          ERR_INVALID, "is not https://" },
        /* In the domain of the hub, but not its AD FS. */
        { 200, METADATA("https://login.west.hub.example.com/" HOME, AUDIENCE), false, ERR_INVALID,
          "is neither" },
        { 200, METADATA("https://adfs.east.hub.example.com/adfs", AUDIENCE), false, ERR_INVALID,
          "is neither" },
        { 200, METADATA("https://adfs.west.hub.example.com.evil.test/adfs", AUDIENCE), false,
          ERR_INVALID, "is neither" },
        { 200, METADATA(ADFS, AUDIENCE), true, ERR_CREDENTIAL,
          "uses AD FS. The credential of the provider block" },
        /* It is given no token for another service. */
        { 200, METADATA(GOOD_LOGIN, "https://management.azure.com/"), false, ERR_INVALID,
          "the audience \"https://management.azure.com/\"" },
        { 200, METADATA(GOOD_LOGIN, "https://graph.microsoft.com/x"), false, ERR_INVALID,
          "the audience" },
        { 200, METADATA(GOOD_LOGIN, "00000003-0000-0000-c000-000000000000"), false, ERR_INVALID,
          "the audience" },
        { 200, METADATA(GOOD_LOGIN, "http://management.x.test/a"), false, ERR_INVALID,
          "the audience" },
        { 200, METADATA(GOOD_LOGIN, "https://payroll.contoso.onmicrosoft.com/a"), false,
          ERR_INVALID, "the audience" },
        { 200, METADATA(ENTRA("login.microsoftonline.com", "common"), AUDIENCE), false, ERR_INVALID,
          "not return the ID of its directory" },
        { 200, "{}", false, ERR_INVALID,
          "does not respond like the Resource Manager of an Azure Stack Hub" },
        { 200, "<html>", false, ERR_INVALID,
          "does not respond like the Resource Manager of an Azure Stack Hub" },
        { 404, "", false, ERR_INVALID, "returned status 404" },
    };
    EACH (row, rows) {
        struct service_config config = hub();
        config.has_own_proof = !row->is_inherited;
        struct session_run run;
        make(&run, &config, ANSWERS({ row->status, .body = row->body }));
        if (get(&run) != 0 || strstr(run.err.text, row->words) == NULL)
            fail_msg("row %zu: %s", (size_t)(row - rows), run.err.text);
        assert_int_equal(run.err.kind, row->kind);
        assert_has(run.err.text, "hub.admin_endpoint \"https://" HOST "\"");
        /* Once is enough, and no other service was asked. */
        get(&run);
        assert_int_equal(session_run_sent(&run), 1);
        session_run_end(&run);
    }
}

TEST(a_configured_audience_is_trusted)
{
    struct service_config config = hub();
    config.audience = "api://own";
    struct session_run run;
    make(&run, &config,
         ANSWERS({ 200, .body = METADATA(GOOD_LOGIN, "https://management.azure.com/") },
                 { 200, .body = TOKEN }, { 404 }));
    assert_int_equal(get(&run), 404);
    assert_has(fake_transport_request(run.fake, 1)->body, "&scope=api%3A%2F%2Fown%2F.def");
    session_run_end(&run);
}

TEST(an_ad_fs_has_one_directory_alone)
{
    struct service_config config = hub();
    struct session_run run;
    struct service *service;
    struct rest_client *client;
    make(&run, &config, ANSWERS({ 200, .body = METADATA(ADFS, AUDIENCE) }));
    assert_false(service_has_one_directory(session_find_service(run.session, "hub")));
    assert_int_equal(session_service(run.session, &run.call, "hub", &service, &run.err), 0);
    assert_true(service_has_one_directory(service));
    assert_int_equal(service_client_of_tenant(service, "other.example", &client, &run.err), -1);
    assert_int_equal(run.err.kind, ERR_CREDENTIAL);
    assert_has(run.err.text, "no tokens of directory other.example");
    session_run_end(&run);
}
