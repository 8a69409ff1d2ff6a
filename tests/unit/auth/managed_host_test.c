/* Each host of managed identities: by which variables it is known, what it is asked, and what is
 * said where a variable cannot be followed.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/managed_host.h"
#include "support/test.h"
#include "unit/auth/credential_run.h"

#define RESOURCE "resource=https%3A%2F%2Fmanagement.test"
#define THUMBPRINT "00112233445566778899AABBCCDDEEFF00abcdef"
#define ENDPOINT "http://localhost:4242/msi/token"
#define SECURE "https://localhost:2377/metadata/identity/oauth2/token"
enum { VARIABLES_MAX = 4 };

static const struct auth_config base = { .authority = "https://login.test",
                                         .uses_msi = true };

/* "NAME=text" each; NULL: no more. */
static void set_variables(const char *const *variables)
{
    forget_variables();
    for (size_t i = 0; i < VARIABLES_MAX && variables[i] != NULL; i++) {
        const char *equals = strchr(variables[i], '=');
        auto_char name = memory_print("%.*s", (int)(equals - variables[i]), variables[i]);
        setenv(name, equals + 1, 1);
    }
}

struct row {
    const char *variables[VARIABLES_MAX];
    const char *client_id;
    const char *method, *url, *body, *header, *not_header;
    bool is_pinned;
};

/* Expectations: the SDKs' own sources, see managed_host.h. */
static const struct row rows[] = {
    { .method = "GET",
      .url = "http://169.254.169.254/metadata/identity/oauth2/token?"
             "api-version=2018-02-01&" RESOURCE,
      .header = "Metadata: true\n",
      .not_header = "Authorization" },
    { .client_id = "user",
      .method = "GET",
      .url = "http://169.254.169.254/metadata/identity/oauth2/token?"
             "api-version=2018-02-01&" RESOURCE "&client_id=user",
      .header = "Metadata: true\n" },
    { .variables = { "IDENTITY_ENDPOINT=" ENDPOINT, "IDENTITY_HEADER=c4nary" },
      .method = "GET",
      .url = ENDPOINT "?api-version=2019-08-01&" RESOURCE,
      .header = "X-IDENTITY-HEADER: c4nary\n",
      .not_header = "Metadata" },
    { .variables = { "IDENTITY_ENDPOINT=" ENDPOINT, "IDENTITY_HEADER=c4nary" },
      .client_id = "user",
      .method = "GET",
      .url = ENDPOINT "?api-version=2019-08-01&" RESOURCE "&client_id=user",
      .header = "X-IDENTITY-HEADER: c4nary\n" },
    /* App Service sets the old pair besides. */
    { .variables = { "IDENTITY_ENDPOINT=" ENDPOINT, "IDENTITY_HEADER=c4nary",
                     "MSI_ENDPOINT=http://old.test/", "MSI_SECRET=old" },
      .method = "GET",
      .url = ENDPOINT "?api-version=2019-08-01&" RESOURCE,
      .header = "X-IDENTITY-HEADER: c4nary\n",
      .not_header = "old" },
    /* An empty variable is none. */
    { .variables = { "IDENTITY_ENDPOINT=" ENDPOINT, "IDENTITY_HEADER=c4nary",
                     "IDENTITY_SERVER_THUMBPRINT=" },
      .method = "GET",
      .url = ENDPOINT "?api-version=2019-08-01&" RESOURCE,
      .header = "X-IDENTITY-HEADER: c4nary\n" },
    { .variables = { "MSI_ENDPOINT=" ENDPOINT, "MSI_SECRET=c4nary" },
      .method = "GET",
      .url = ENDPOINT "?api-version=2017-09-01&" RESOURCE,
      .header = "secret: c4nary\n",
      .not_header = "Metadata" },
    { .variables = { "MSI_ENDPOINT=" ENDPOINT, "MSI_SECRET=c4nary" },
      .client_id = "user",
      .method = "GET",
      .url = ENDPOINT "?api-version=2017-09-01&" RESOURCE "&clientid=user",
      .header = "secret: c4nary\n" },
    { .variables = { "MSI_ENDPOINT=" ENDPOINT, "MSI_SECRET=c4nary",
                     "DEFAULT_IDENTITY_CLIENT_ID=compute" },
      .method = "GET",
      .url = ENDPOINT "?api-version=2017-09-01&" RESOURCE "&clientid=compute",
      .header = "secret: c4nary\n" },
    { .variables = { "MSI_ENDPOINT=" ENDPOINT, "MSI_SECRET=c4nary",
                     "DEFAULT_IDENTITY_CLIENT_ID=compute" },
      .client_id = "user",
      .method = "GET",
      .url = ENDPOINT "?api-version=2017-09-01&" RESOURCE "&clientid=user",
      .header = "secret: c4nary\n" },
    { .variables = { "MSI_ENDPOINT=" ENDPOINT },
      .method = "POST",
      .url = ENDPOINT,
      .body = RESOURCE,
      .header = "Metadata: true\n",
      .not_header = "c4nary" },
    { .variables = { "IDENTITY_ENDPOINT=" SECURE, "IDENTITY_HEADER=c4nary",
                     "IDENTITY_SERVER_THUMBPRINT=" THUMBPRINT },
      .method = "GET",
      .url = SECURE "?api-version=2019-07-01-preview&" RESOURCE,
      .header = "Secret: c4nary\n",
      .not_header = "Metadata",
      .is_pinned = true },
    { .variables = { "IDENTITY_ENDPOINT=" ENDPOINT,
                     "IMDS_ENDPOINT=http://localhost:4242" },
      .method = "GET",
      .url = ENDPOINT "?api-version=2020-06-01&" RESOURCE,
      .header = "Metadata: true\n",
      .not_header = "Authorization" },
    /* The newer names come first, as in the SDKs. */
    { .variables = { "IDENTITY_ENDPOINT=" ENDPOINT, "IMDS_ENDPOINT=x",
                     "MSI_ENDPOINT=http://old.test/", "MSI_SECRET=c4nary" },
      .method = "GET",
      .url = ENDPOINT "?api-version=2020-06-01&" RESOURCE,
      .header = "Metadata: true\n",
      .not_header = "c4nary" },
    { .variables = { "AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:2579/" },
      .client_id = "user",
      .method = "GET",
      .url = "http://127.0.0.1:2579/metadata/identity/oauth2/token?"
             "api-version=2018-02-01&" RESOURCE "&client_id=user",
      .header = "Metadata: true\n" },
};

static void expect_request(const struct auth_config *config, const struct row *row)
{
    struct run *run =
        begin(config, (const struct fake_answer[]){ { 200, .body = GOOD_TOKEN }, { 0 } });
    assert_fetched(run);
    const struct fake_request *sent = fake_transport_request(run->fake, 0);
    assert_string_equal(sent->method, row->method);
    assert_string_equal(sent->url, row->url);
    assert_has(sent->headers, row->header);
    if (row->not_header != NULL)
        assert_lacks(sent->headers, row->not_header);
    if (row->body != NULL) {
        assert_string_equal(sent->body, row->body);
        assert_has(sent->headers, "Content-Type: application/x-www-form-urlencoded\n");
    } else {
        assert_null(sent->body);
    }
    assert_true(sent->is_direct);
    assert_true(sent->is_body_secret);
    assert_int_equal(sent->is_pinned, row->is_pinned);
    static const uint8_t pin[HTTP_PIN_BYTES] = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66,
                                                 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD,
                                                 0xEE, 0xFF, 0x00, 0xAB, 0xCD, 0xEF };
    if (row->is_pinned)
        assert_memory_equal(sent->pin, pin, sizeof pin);
    end(run);
}

TEST(each_host_is_known_by_its_variables_and_asked_in_its_way)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        set_variables(rows[i].variables);
        struct auth_config config = base;
        config.client_id = rows[i].client_id;
        expect_request(&config, &rows[i]);
    }
}

TEST(what_a_variable_says_is_never_left_aside)
{
    static const struct {
        const char *variables[VARIABLES_MAX];
        const char *client_id, *api_version, *words;
    } refused[] = {
        /* Some of a host's variables. */
        { { "IDENTITY_ENDPOINT=" ENDPOINT }, .words = "set: IDENTITY_ENDPOINT. Each" },
        { { "IDENTITY_HEADER=c4nary" }, .words = "set: IDENTITY_HEADER. Each" },
        { { "IMDS_ENDPOINT=http://x" },
          .words = "Arc: IDENTITY_ENDPOINT, IMDS_ENDPOINT" },
        { { "MSI_SECRET=c4nary" }, .words = "MSI_ENDPOINT, MSI_SECRET" },
        { { "IDENTITY_ENDPOINT=" SECURE, "IDENTITY_SERVER_THUMBPRINT=" THUMBPRINT },
          .words = "set: IDENTITY_ENDPOINT, IDENTITY_SERVER_THUMBPRINT. Each" },
        { { "IDENTITY_HEADER=c4nary", "MSI_SECRET=c4nary" },
          .words = "set: IDENTITY_HEADER, MSI_SECRET. Each" },
        /* No address. */
        { { "IDENTITY_ENDPOINT=localhost:40342", "IMDS_ENDPOINT=x" },
          .words = "IDENTITY_ENDPOINT is not an http" },
        { { "IDENTITY_ENDPOINT=http://a b/", "IDENTITY_HEADER=c4nary" },
          .words = "IDENTITY_ENDPOINT is not an http" },
        { { "MSI_ENDPOINT=http://me:c4nary@x/" },
          .words = "MSI_ENDPOINT is not an http" },
        { { "MSI_ENDPOINT=file:///etc", "MSI_SECRET=c4nary" },
          .words = "MSI_ENDPOINT is not an http" },
        { { "AZURE_POD_IDENTITY_AUTHORITY_HOST=localhost" },
          .words = "AZURE_POD_IDENTITY_AUTHORITY_HOST is not an http" },
        /* No secret, no thumbprint, no certificate. */
        { { "IDENTITY_ENDPOINT=" ENDPOINT, "IDENTITY_HEADER=c4nary\r\nX: y" },
          .words = "IDENTITY_HEADER cannot stand in a header" },
        { { "MSI_ENDPOINT=" ENDPOINT, "MSI_SECRET=c4n ary" },
          .words = "MSI_SECRET cannot stand in a header" },
        { { "IDENTITY_ENDPOINT=" SECURE, "IDENTITY_HEADER=c4nary",
            "IDENTITY_SERVER_THUMBPRINT=00:11" },
          .words = "IDENTITY_SERVER_THUMBPRINT is not the SHA-1 thumbprint" },
        { { "IDENTITY_ENDPOINT=" SECURE, "IDENTITY_HEADER=c4nary",
            "IDENTITY_SERVER_THUMBPRINT=" THUMBPRINT "0" },
          .words = "40 hexadecimal digits" },
        { { "IDENTITY_ENDPOINT=" ENDPOINT, "IDENTITY_HEADER=c4nary",
            "IDENTITY_SERVER_THUMBPRINT=" THUMBPRINT },
          .words = "IDENTITY_ENDPOINT is not an https:// address" },
        /* Identities that cannot be chosen. */
        { { "IDENTITY_ENDPOINT=" ENDPOINT, "IMDS_ENDPOINT=x" },
          .client_id = "user",
          .words = "the managed identity service of Azure Arc does not let" },
        { { "IDENTITY_ENDPOINT=" SECURE, "IDENTITY_HEADER=c4nary",
            "IDENTITY_SERVER_THUMBPRINT=" THUMBPRINT },
          .client_id = "user",
          .words = "the managed identity service of Service Fabric does not let" },
        { { "MSI_ENDPOINT=" ENDPOINT },
          .client_id = "user",
          .words = "the managed identity service of Cloud Shell does not let" },
        { { "MSI_ENDPOINT=" ENDPOINT },
          .api_version = "2018-02-01",
          .words = "msi_api_version (ARM_MSI_API_VERSION) is set" },
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        set_variables(refused[i].variables);
        struct auth_config config = base;
        config.client_id = refused[i].client_id;
        config.msi_api_version = refused[i].api_version;
        expect_unusable(&config, refused[i].words);
    }
}

TEST(an_endpoint_that_is_set_gets_no_secret_but_its_own)
{
    static const char *const variables[] = { "IDENTITY_ENDPOINT=" ENDPOINT,
                                             "IDENTITY_HEADER=c4nary",
                                             "MSI_SECRET=c4nary", NULL };
    set_variables(variables);
    struct auth_config config = base;
    config.msi_endpoint = "http://other.test/token?x=1";
    struct row row = { .method = "GET",
                       .url =
                           "http://other.test/token?x=1&api-version=2018-02-01&" RESOURCE,
                       .header = "Metadata: true\n",
                       .not_header = "c4nary" };
    expect_request(&config, &row);
    /* Where that fails, it is said what was not used. */
    static const struct fake_answer failures[] = {
        { 400, .body = "{\"error\":\"no\"}", .is_last_again = true },
        { .fault = ERR_NAME, .text = "no such name", .is_last_again = true },
    };
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        struct run *run = begin(&config, &failures[i]);
        assert_int_equal(ask(run), -1);
        assert_has(run->err.text, "msi_endpoint (ARM_MSI_ENDPOINT) is set, and so these "
                                  "variables are not used: IDENTITY_ENDPOINT, "
                                  "IDENTITY_HEADER, MSI_SECRET");
        end(run);
    }
    /* The same address is that host. */
    config.msi_endpoint = ENDPOINT;
    row = rows[2];
    expect_request(&config, &row);
    static const char *const arc[] = { "IDENTITY_ENDPOINT=" ENDPOINT, "IMDS_ENDPOINT=x",
                                       NULL };
    set_variables(arc);
    row = (struct row){ .method = "GET",
                        .url = ENDPOINT "?api-version=2020-06-01&" RESOURCE,
                        .header = "Metadata: true\n" };
    expect_request(&config, &row);
    config.msi_api_version = "2019-11-01";
    row.url = ENDPOINT "?api-version=2019-11-01&" RESOURCE;
    expect_request(&config, &row);
    forget_variables();
}

TEST(an_arc_machine_is_known_by_its_agent_where_no_variable_is)
{
    forget_variables();
    const char *usual = managed_host_arc_file;
    char *agent = write_file("x", 1);
    managed_host_arc_file = agent;
    struct row row = { .method = "GET",
                       .url = "http://127.0.0.1:40342/metadata/identity/oauth2/token?"
                              "api-version=2020-06-01&" RESOURCE,
                       .header = "Metadata: true\n" };
    expect_request(&base, &row);
    struct auth_config config = base;
    config.client_id = "user";
    expect_unusable(&config, "Azure Arc does not let");
    managed_host_arc_file = usual;
    remove_file(agent);
}

TEST(a_failure_says_which_service_it_was_and_what_to_look_at)
{
    static const struct {
        const char *variables[VARIABLES_MAX];
        const char *silent, *refuses;
    } texts[] = {
        { { NULL }, "virtual machine at 169.254.169.254", "system-assigned identity" },
        { { "IDENTITY_ENDPOINT=" ENDPOINT, "IMDS_ENDPOINT=x" },
          "Azure Arc at localhost:4242 does not answer; is the agent running?",
          "azcmagent show" },
        { { "IDENTITY_ENDPOINT=" ENDPOINT, "IDENTITY_HEADER=c4nary" },
          "IDENTITY_ENDPOINT names it",
          "this app has a system-assigned identity" },
        { { "MSI_ENDPOINT=" ENDPOINT, "MSI_SECRET=c4nary",
            "DEFAULT_IDENTITY_CLIENT_ID=compute" },
          "Azure Machine Learning at localhost:4242",
          "client ID, from DEFAULT_IDENTITY_CLIENT_ID, is assigned here: compute" },
        { { "MSI_ENDPOINT=" ENDPOINT }, "Cloud Shell at localhost:4242", "az account" },
        { { "IDENTITY_ENDPOINT=" SECURE, "IDENTITY_HEADER=c4nary",
            "IDENTITY_SERVER_THUMBPRINT=" THUMBPRINT },
          "IDENTITY_SERVER_THUMBPRINT name it and its certificate",
          "manifest" },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        set_variables(texts[i].variables);
        struct run *run = begin(
            &base, (const struct fake_answer[]){
                       { .fault = ERR_TLS, .text = "no trust", .is_last_again = true } });
        assert_int_equal(ask(run), -1);
        assert_int_equal(run->err.kind, ERR_CREDENTIAL);
        assert_has(run->err.text, texts[i].silent);
        assert_has(run->err.text, "no trust");
        end(run);
        run = begin(&base, (const struct fake_answer[]){
                               { 403, .body = "{\"error\":\"no, c4nary\"}" }, { 0 } });
        assert_int_equal(ask(run), -1);
        assert_int_equal(run->err.kind, ERR_CREDENTIAL);
        assert_has(run->err.text, texts[i].refuses);
        if (texts[i].variables[1] != NULL && strstr(texts[i].variables[1], "c4nary"))
            assert_lacks(run->err.text, "c4nary");
        end(run);
    }
    /* Who asks for a key is Arc's agent, and does not know it. */
    forget_variables();
    struct run *run =
        begin(&base, (const struct fake_answer[]){
                         { 401, .headers = "WWW-Authenticate: Basic realm=/etc/shadow" },
                         { 0 } });
    assert_int_equal(ask(run), -1);
    assert_has(run->err.text, "set IDENTITY_ENDPOINT and IMDS_ENDPOINT");
    assert_int_equal(fake_transport_count(run->fake), 1);
    end(run);
}

TEST_GROUP(forget_all, NULL)
