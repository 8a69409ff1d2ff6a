/* Tokens of other issuers: where each is asked for, how often, and what becomes of it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/test.h"
#include "unit/auth/credential_run.h"

#define FORM(token)                                                                         \
    "grant_type=client_credentials&client_id=app&client_assertion_type=urn%3Aietf%3Aparams" \
    "%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=" token                 \
    "&scope=https%3A%2F%2Fmanagement.test%2F.default"

static const struct auth_config base = {
    .authority = "https://login.test",
    .tenant_id = "contoso.example",
    .client_id = "app",
    .uses_oidc = true,
};

static struct auth_config github(void)
{
    struct auth_config config = base;
    config.oidc_request_url = "https://vsts.test/idtoken?api-version=2.0";
    config.oidc_request_token = "c4nary-request";
    return config;
}

static struct auth_config azure_devops(void)
{
    struct auth_config config = github();
    config.ado_pipeline_service_connection_id = "connection/1";
    return config;
}

static void assert_sent(struct run *run, size_t number, const char *form)
{
    const struct fake_request *sent = fake_transport_request(run->fake, number);
    assert_string_equal(sent->method, "POST");
    assert_string_equal(sent->url,
                        "https://login.test/contoso.example/oauth2/v2.0/token");
    assert_string_equal(sent->body, form);
    assert_true(sent->is_body_secret);
    assert_null(sent->bearer);
}

TEST(a_token_that_is_given_is_sent_as_it_is)
{
    struct auth_config config = base;
    config.oidc_token = "\n" FOREIGN "\r\n";
    struct run *run = begin(
        &config, (const struct fake_answer[]){ { 200, .body = GOOD_TOKEN }, { 0 } });
    assert_string_equal(run->credential->source->name, "OIDC token");
    assert_fetched(run);
    assert_string_equal(secret_reveal(run->token.text), "tok.en");
    assert_sent(run, 0, FORM(FOREIGN));
    end(run);
}

TEST(a_token_in_a_file_is_read_again_at_each_renewal)
{
    char *path = write_file(FOREIGN "\n", strlen(FOREIGN "\n"));
    struct auth_config config = base;
    config.oidc_token_file_path = path;
    struct run *run = begin(
        &config, (const struct fake_answer[]){
                     { 200, .body = GOOD_TOKEN }, { 200, .body = GOOD_TOKEN }, { 0 } });
    assert_string_equal(run->credential->source->name, "OIDC token file");
    assert_fetched(run);
    rewrite_file(path, "  a.b.new ");
    assert_fetched(run);
    assert_sent(run, 0, FORM(FOREIGN));
    assert_sent(run, 1, FORM("a.b.new"));
    /* Gone: nothing is sent, and it is told which file. */
    char *name = memory_copy_text(path);
    remove_file(path);
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_CREDENTIAL);
    assert_has(run->err.text, name);
    assert_has(run->err.text, "ARM_OIDC_TOKEN_FILE_PATH");
    assert_int_equal(fake_transport_count(run->fake), 2);
    free(name);
    end(run);
}

TEST(what_is_no_token_is_not_sent)
{
    static const char *const texts[] = { "c4nary", "a.b", "a.b.c.d", "a.b c.d",
                                         "a.b.\xC3\xA4" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *path = write_file(texts[i], strlen(texts[i]));
        struct auth_config config = base;
        config.oidc_token_file_path = path;
        struct run *run = begin(&config, (const struct fake_answer[]){ { 0 } });
        assert_int_equal(ask(run), -1);
        assert_int_equal(run->err.kind, ERR_CREDENTIAL);
        assert_has(run->err.text, "JSON Web Token");
        assert_has(run->err.text, path);
        assert_lacks(run->err.text, "c4nary");
        assert_int_equal(fake_transport_count(run->fake), 0);
        end(run);
        remove_file(path);
    }
}

TEST(a_pod_in_aks_signs_in_by_what_the_webhook_has_set)
{
    char *path = write_file(FOREIGN, strlen(FOREIGN));
    setenv("AZURE_TENANT_ID", "contoso.example", 1);
    setenv("AZURE_CLIENT_ID", "app", 1);
    setenv("AZURE_FEDERATED_TOKEN_FILE", path, 1);
    const struct auth_config config = { .authority = "https://login.test",
                                        .uses_aks_workload_identity = true };
    struct run *run = begin(
        &config, (const struct fake_answer[]){
                     { 200, .body = GOOD_TOKEN }, { 200, .body = GOOD_TOKEN }, { 0 } });
    assert_string_equal(run->credential->source->name, "AKS workload identity");
    assert_fetched(run);
    rewrite_file(path, "x.y.z");
    assert_fetched(run);
    assert_sent(run, 0, FORM(FOREIGN));
    assert_sent(run, 1, FORM("x.y.z"));
    end(run);

    /* What the block says comes first. */
    struct auth_config own = config;
    own.client_id = "mine";
    own.tenant_id = "other.example";
    run = begin(&own, (const struct fake_answer[]){ { 200, .body = GOOD_TOKEN }, { 0 } });
    assert_fetched(run);
    assert_has(fake_transport_request(run->fake, 0)->url, "/other.example/");
    assert_has(fake_transport_request(run->fake, 0)->body, "client_id=mine&");
    end(run);
    remove_file(path);
    forget_variables();
}

TEST(github_is_asked_for_a_new_token_at_each_renewal)
{
    const struct auth_config config = github();
    struct run *run =
        begin(&config, (const struct fake_answer[]){
                           { 200, .body = "{\"count\":1,\"value\":\"" FOREIGN "\"}" },
                           { 200, .body = GOOD_TOKEN },
                           { 200, .body = "{\"count\":1,\"value\":\"a.b.second\"}" },
                           { 200, .body = GOOD_TOKEN },
                           { 0 } });
    assert_string_equal(run->credential->source->name, "GitHub Actions OIDC");
    assert_fetched(run);
    assert_fetched(run);
    const struct fake_request *sent = fake_transport_request(run->fake, 0);
    assert_string_equal(sent->method, "GET");
    assert_string_equal(sent->url,
                        "https://vsts.test/idtoken?api-version=2.0&audience=api%3A"
                        "%2F%2FAzureADTokenExchange");
    assert_string_equal(sent->bearer, "c4nary-request");
    assert_string_equal(sent->headers, "Accept: application/json\n");
    assert_true(sent->is_body_secret);
    assert_sent(run, 1, FORM(FOREIGN));
    assert_sent(run, 3, FORM("a.b.second"));
    end(run);
}

TEST(azure_devops_is_asked_for_a_service_connection)
{
    const struct auth_config config = azure_devops();
    struct run *run = begin(
        &config,
        (const struct fake_answer[]){ { 200, .body = "{\"oidcToken\":\"" FOREIGN "\"}" },
                                      { 200, .body = GOOD_TOKEN },
                                      { 0 } });
    assert_string_equal(run->credential->source->name, "Azure DevOps OIDC");
    assert_fetched(run);
    const struct fake_request *sent = fake_transport_request(run->fake, 0);
    assert_string_equal(sent->method, "POST");
    assert_string_equal(sent->url,
                        "https://vsts.test/idtoken?api-version=2.0&api-version=7.1&"
                        "serviceConnectionId=connection%2F1");
    assert_string_equal(sent->body, "");
    assert_string_equal(sent->bearer, "c4nary-request");
    assert_has(sent->headers, "X-TFS-FedAuthRedirect: Suppress\n");
    assert_has(sent->headers, "Content-Type: application/json\n");
    assert_true(sent->is_body_secret);
    assert_sent(run, 1, FORM(FOREIGN));
    end(run);
}

TEST(an_issuer_that_refuses_is_reported_with_what_to_check)
{
    static const struct {
        int status;
        const char *body;
        enum error_kind kind;
        const char *github, *azure_devops;
    } rows[] = {
        { 401, "c4nary", ERR_CREDENTIAL, "id-token: write", "SYSTEM_ACCESSTOKEN" },
        { 403, "", ERR_CREDENTIAL, "status 403", "ado_pipeline_service_connection_id" },
        { 302, "", ERR_CREDENTIAL, "status 302", "status 302" },
        { 203, "<html>sign in", ERR_CREDENTIAL, "status 203", "status 203" },
        { 200, "{}", ERR_SHAPE, "holds no token", "holds no token" },
        { 200, "<html>c4nary", ERR_SHAPE, "holds no token", "holds no token" },
        { 200, "{\"value\":\"c4nary\",\"oidcToken\":\"c4nary\"}", ERR_CREDENTIAL,
          "JSON Web Token", "JSON Web Token" },
        { 501, "", ERR_TIMEOUT, "status 501", "status 501" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int is_github = 0; is_github < 2; is_github++) {
            const struct auth_config config = is_github ? github() : azure_devops();
            struct run *run =
                begin(&config, (const struct fake_answer[]){
                                   { rows[i].status, .body = rows[i].body }, { 0 } });
            assert_int_equal(ask(run), -1);
            if (run->err.kind != rows[i].kind)
                fail_msg("row %zu: kind %d: %s", i, run->err.kind, run->err.text);
            assert_has(run->err.text, is_github ? rows[i].github : rows[i].azure_devops);
            assert_has(run->err.text, is_github ? "GitHub Actions" : "Azure DevOps");
            assert_lacks(run->err.text, "c4nary");
            assert_int_equal(fake_transport_count(run->fake), 1);
            end(run);
        }
    }
}

TEST(a_refusal_by_entra_names_the_origin_and_hides_the_token)
{
    const struct auth_config config = github();
    struct run *run = begin(
        &config,
        (const struct fake_answer[]){
            { 200, .body = "{\"value\":\"" FOREIGN "\"}" },
            { 401, .body =
                       "{\"error\":\"invalid_client\",\"error_codes\":[700213],\"error_"
                       "description\":\"AADSTS700213: no match for " FOREIGN "\"}" },
            { 0 } });
    assert_int_equal(ask(run), -1);
    assert_int_equal(run->err.kind, ERR_CREDENTIAL);
    assert_has(run->err.text, "AADSTS700213");
    assert_has(run->err.text, "the OIDC token of GitHub Actions for application app");
    assert_lacks(run->err.text, "eyJ");
    assert_lacks(run->err.text, "c2ln");
    end(run);
}

TEST(a_request_token_goes_nowhere_but_to_https)
{
    static const char *const urls[] = {
        "http://vsts.test/x",    "https://me@vsts.test/x",     "vsts.test",
        "https://vsts.test/a b", "https://vsts.test/\r\nX: y", "ftp://vsts.test"
    };
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        struct auth_config config = github();
        config.oidc_request_url = urls[i];
        expect_unusable(&config, "oidc_request_url (ARM_OIDC_REQUEST_URL");
        config.ado_pipeline_service_connection_id = "c";
        expect_unusable(&config, "is not an https:// address");
    }
}

TEST(a_request_token_is_one_word)
{
    static const char *const wrong[] = { "c4nary\r\nX: y", "c4nary request",
                                         "c4n\xC3\xA4ry", " \n" };
    for (int is_github = 0; is_github < 2; is_github++) {
        struct auth_config config = is_github ? github() : azure_devops();
        config.oidc_request_token = " c4nary-request\r\n";
        struct run *run =
            begin(&config, (const struct fake_answer[]){
                               { 200, .body = is_github ? "{\"value\":\"a.b.c\"}"
                                                        : "{\"oidcToken\":\"a.b.c\"}" },
                               { 200, .body = GOOD_TOKEN },
                               { 0 } });
        assert_fetched(run);
        assert_string_equal(fake_transport_request(run->fake, 0)->bearer,
                            "c4nary-request");
        end(run);
        for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
            config.oidc_request_token = wrong[i];
            expect_unusable(&config, "oidc_request_token (ARM_OIDC_REQUEST_TOKEN");
        }
    }
}

TEST_GROUP(forget_all, NULL)
