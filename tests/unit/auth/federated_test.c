/* Tokens of other issuers: where each is asked for, how often, and what becomes of it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "unit/auth/credential_run.h"

#define FORM(token)                                                                                \
    "grant_type=client_credentials&client_id=app&client_assertion_type=urn%3Aietf%3Aparams"        \
    "%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=" token                        \
    "&scope=https%3A%2F%2Fmanagement.test%2F.default"

static const struct auth_config base = {
    .authority = "https://login.test",
    .tenant_id = "contoso.example",
    .client_id = "app",
    .uses_oidc = true,
};

enum { GITHUB, AZURE_DEVOPS, ISSUERS };

static struct auth_config config_of(int issuer)
{
    struct auth_config config = base;
    config.oidc_request_url = "https://vsts.test/idtoken?api-version=2.0";
    config.oidc_request_token = " c4nary-request\r\n";
    if (issuer == AZURE_DEVOPS)
        config.ado_pipeline_service_connection_id = "connection/1";
    return config;
}

static void assert_sent(struct run *run, size_t number, const char *form)
{
    const struct fake_request *request = sent(run, number);
    assert_string_equal(request->method, "POST");
    assert_string_equal(request->url, "https://login.test/contoso.example/oauth2/v2.0/token");
    assert_string_equal(request->body, form);
    assert_true(request->is_body_secret);
    assert_null(request->bearer);
}

TEST(a_token_that_is_given_is_sent_as_it_is)
{
    struct auth_config config = base;
    config.oidc_token = "\n" FOREIGN "\r\n";
    auto_run run = begin(&config, ANSWERS(good_token));
    assert_string_equal(run->credential->source->name, "OIDC token");
    assert_fetched(run);
    assert_string_equal(secret_reveal(run->token.text), "tok.en");
    assert_sent(run, 0, FORM(FOREIGN));
}

TEST(a_token_in_a_file_is_read_again_at_each_renewal)
{
    const char *path = in_folder("token");
    setenv("AZURE_TENANT_ID", "contoso.example", 1);
    setenv("AZURE_CLIENT_ID", "app", 1);
    setenv("AZURE_FEDERATED_TOKEN_FILE", path, 1);
    struct auth_config file = base, pod = { .authority = "https://login.test",
                                            .uses_aks_workload_identity = true };
    file.oidc_token_file_path = path;
    const struct {
        const struct auth_config *config;
        const char *source;
    } rows[] = { { &pod, "AKS workload identity" }, { &file, "OIDC token file" } };
    EACH (row, rows) {
        put_text("token", FOREIGN "\n");
        auto_run run = begin(row->config, ANSWERS(good_token, good_token));
        assert_string_equal(run->credential->source->name, row->source);
        assert_fetched(run);
        put_text("token", "  a.b.new ");
        assert_fetched(run);
        assert_sent(run, 0, FORM(FOREIGN));
        assert_sent(run, 1, FORM("a.b.new"));
    }

    /* What the block says overrides the pod's variables. */
    pod.client_id = "mine";
    pod.tenant_id = "other.example";
    {
        auto_run run = begin(&pod, ANSWERS(good_token));
        assert_fetched(run);
        assert_has(sent(run, 0)->url, "/other.example/");
        assert_has(sent(run, 0)->body, "client_id=mine&");
    }
    /* Nothing is sent where the file is gone, and the error names it. */
    auto_run run = begin(&file, ANSWERS(good_token));
    unlink(path);
    assert_failed(run, ERR_CREDENTIAL, 0, path, "ARM_OIDC_TOKEN_FILE_PATH");
    forget_variables(NULL);
}

TEST(what_is_no_token_is_not_sent)
{
    EACH_TEXT (text, "c4nary", "a.b", "a.b.c.d", "a.b c.d", "a.b.\xC3\xA4") {
        struct auth_config config = base;
        config.oidc_token_file_path = put_text("token", text);
        auto_run run = begin(&config, ANSWERS({ 0 }));
        assert_failed(run, ERR_CREDENTIAL, 0, "JSON Web Token", config.oidc_token_file_path);
    }
}

TEST(an_issuer_is_asked_for_a_new_token_at_each_renewal)
{
    static const struct {
        const char *source, *member, *method, *url, *body, *headers;
    } rows[ISSUERS] = {
        [GITHUB] = { "GitHub Actions OIDC", "value", "GET",
                     "https://vsts.test/idtoken?api-version=2.0&audience=api%3A"
                     "%2F%2FAzureADTokenExchange",
                     NULL, "Accept: application/json\n" },
        [AZURE_DEVOPS] = { "Azure DevOps OIDC", "oidcToken", "POST",
                           "https://vsts.test/idtoken?api-version=2.0&api-version=7.1&"
                           "serviceConnectionId=connection%2F1",
                           "",
                           "Accept: application/json\nContent-Type: application/json\n"
                           "X-TFS-FedAuthRedirect: Suppress\n" },
    };
    for (int issuer = 0; issuer < ISSUERS; issuer++) {
        const struct auth_config config = config_of(issuer);
        auto_char first = memory_print("{'count':1,'%s':'" FOREIGN "'}", rows[issuer].member);
        auto_char second = memory_print("{'%s':'a.b.second'}", rows[issuer].member);
        auto_run run = begin(&config, ANSWERS({ 200, .body = first }, good_token,
                                              { 200, .body = second }, good_token));
        assert_string_equal(run->credential->source->name, rows[issuer].source);
        assert_fetched(run);
        assert_fetched(run);
        const struct fake_request *request = sent(run, 0);
        assert_string_equal(request->method, rows[issuer].method);
        assert_string_equal(request->url, rows[issuer].url);
        assert_same_text(request->body, rows[issuer].body);
        assert_string_equal(request->headers, rows[issuer].headers);
        assert_string_equal(request->bearer, "c4nary-request");
        assert_true(request->is_body_secret);
        assert_sent(run, 1, FORM(FOREIGN));
        assert_sent(run, 3, FORM("a.b.second"));
    }
}

TEST(an_issuer_that_refuses_is_reported_with_what_to_check)
{
    static const struct {
        int status;
        const char *body;
        enum error_kind kind;
        const char *words, *ado_words; /* the latter of Azure DevOps; NULL: the same */
    } rows[] = {
        { 401, "c4nary", ERR_CREDENTIAL, "id-token: write", "SYSTEM_ACCESSTOKEN" },
        { 403, "", ERR_CREDENTIAL, "status 403", "ado_pipeline_service_connection_id" },
        { 302, "", ERR_CREDENTIAL, "status 302" },
        { 203, "<html>sign in", ERR_CREDENTIAL, "status 203" },
        { 200, "{}", ERR_SHAPE, "not contain a token" },
        { 200, "<html>c4nary", ERR_SHAPE, "not contain a token" },
        { 200, "{'value':'c4nary','oidcToken':'c4nary'}", ERR_CREDENTIAL, "JSON Web Token" },
        { 501, "", ERR_TIMEOUT, "status 501" },
    };
    EACH (row, rows) {
        const struct fake_answer answer = { row->status, .body = row->body };
        const struct auth_config github = config_of(GITHUB), ado = config_of(AZURE_DEVOPS);
        expect_failure(&github, ANSWERS(answer), row->kind, 1, row->words, "GitHub Actions");
        expect_failure(&ado, ANSWERS(answer), row->kind, 1, "Azure DevOps",
                       row->ado_words != NULL ? row->ado_words : row->words);
    }
}

TEST(a_refusal_by_entra_names_the_origin_and_hides_the_token)
{
    const struct auth_config config = config_of(GITHUB);
    auto_run run =
        begin(&config, ANSWERS({ 200, .body = "{'value':'" FOREIGN "'}" },
                               { 401, .body = "{'error':'x','error_codes':[700213],"
                                              "'error_description':'no match for " FOREIGN "'}" }));
    assert_failed(run, ERR_CREDENTIAL, 2, "AADSTS700213",
                  "the OIDC token of GitHub Actions for application app");
    assert_lacks(run->err.text, "c2ln");
}

TEST(a_request_token_goes_nowhere_but_to_https_and_is_one_word)
{
    for (int issuer = 0; issuer < ISSUERS; issuer++) {
        struct auth_config config = config_of(issuer);
        EACH_TEXT (url, "http://vsts.test/x", "https://me@vsts.test/x", "vsts.test",
                   "https://vsts.test/a b", "https://vsts.test/\r\nX: y", "ftp://vsts.test") {
            config.oidc_request_url = url;
            expect_unusable(&config, "oidc_request_url (ARM_OIDC_REQUEST_URL",
                            "is not an https:// address");
        }
        config = config_of(issuer);
        EACH_TEXT (token, "c4nary\r\nX: y", "c4nary request", "c4n\xC3\xA4ry", " \n") {
            config.oidc_request_token = token;
            expect_unusable(&config, "oidc_request_token (ARM_OIDC_REQUEST_TOKEN");
        }
    }
}

TEST_GROUP(begin_in_folder, folder_end)
