/* Each host of managed identities: by which variables it is known, what it is asked, and what is
 * said where a variable cannot be followed.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/managed_host.h"
#include "unit/auth/credential_run.h"

#define RESOURCE "resource=https%3A%2F%2Fmanagement.test"
#define THUMBPRINT "00112233445566778899AABBCCDDEEFF00abcdef"
#define IMDS "http://169.254.169.254/metadata/identity/oauth2/token"
#define ENDPOINT "http://localhost:4242/msi/token"
#define SECURE "https://localhost:2377/metadata/identity/oauth2/token"
#define METADATA "Metadata: true\n"
#define IMDS_ASKED IMDS "?api-version=2018-02-01&" RESOURCE
#define APP_SERVICE_ASKED ENDPOINT "?api-version=2019-08-01&" RESOURCE
#define LEARNING_ASKED ENDPOINT "?api-version=2017-09-01&" RESOURCE
#define ARC_ASKED ENDPOINT "?api-version=2020-06-01&" RESOURCE

/* A configuration without anything of the user's, while these variables are set: "NAME=text"
 * each, with a semicolon between them. */
static struct auth_config config_with(const char *variables)
{
    forget_variables(NULL);
    auto_char copy = memory_copy_text(variables);
    char *rest = NULL;
    for (char *name = strtok_r(copy, ";", &rest); name != NULL; name = strtok_r(NULL, ";", &rest)) {
        char *text = strchr(name, '=');
        *text = '\0';
        setenv(name, text + 1, 1);
    }
    return (struct auth_config){ .authority = "https://login.test", .uses_msi = true };
}

struct row {
    const char *variables, *client_id, *url, *header, *not_header;
    const char *body; /* NULL: it is a GET */
    bool is_pinned;
    const char *endpoint, *api_version; /* arguments of the user's */
};

static void expect_request(const struct auth_config *config, const struct row *row)
{
    auto_run run = begin(config, ANSWERS(good_token));
    assert_string_equal(run->credential->source->name, "managed identity");
    assert_fetched(run);
    const struct fake_request *request = sent(run, 0);
    assert_string_equal(request->method, row->body != NULL ? "POST" : "GET");
    assert_string_equal(request->url, row->url);
    assert_has(request->headers, row->header);
    if (row->not_header != NULL)
        assert_lacks(request->headers, row->not_header);
    assert_same_text(request->body, row->body);
    if (row->body != NULL)
        assert_has(request->headers, "Content-Type: application/x-www-form-urlencoded\n");
    assert_true(request->is_direct);
    assert_true(request->is_body_secret);
    assert_int_equal(request->is_pinned, row->is_pinned);
    static const uint8_t pin[HTTP_PIN_BYTES] = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66,
                                                 0x77, 0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD,
                                                 0xEE, 0xFF, 0x00, 0xAB, 0xCD, 0xEF };
    if (row->is_pinned)
        assert_memory_equal(request->pin, pin, sizeof pin);
}

#define APP_SERVICE "IDENTITY_ENDPOINT=" ENDPOINT ";IDENTITY_HEADER=c4nary"
#define APP_SERVICE_HEADER "X-IDENTITY-HEADER: c4nary\n"
#define MACHINE_LEARNING "MSI_ENDPOINT=" ENDPOINT ";MSI_SECRET=c4nary"
#define COMPUTE MACHINE_LEARNING ";DEFAULT_IDENTITY_CLIENT_ID=compute"
#define FABRIC_WITH(thumbprint)                                                                    \
    "IDENTITY_ENDPOINT=" SECURE ";IDENTITY_HEADER=c4nary;IDENTITY_SERVER_THUMBPRINT=" thumbprint
#define FABRIC FABRIC_WITH(THUMBPRINT)
#define ARC "IDENTITY_ENDPOINT=" ENDPOINT ";IMDS_ENDPOINT=http://localhost:4242"

/* Expectations: the SDKs' own sources, see managed_host.h. */
TEST(each_host_is_known_by_its_variables_and_asked_in_its_way)
{
    static const struct row rows[] = {
        { "", NULL, IMDS_ASKED, METADATA, "Authorization" },
        { "", NULL, IMDS "?api-version=2020-06-01&" RESOURCE, METADATA,
          .api_version = "2020-06-01" },
        { "", "user assigned", IMDS_ASKED "&client_id=user%20assigned", METADATA,
          "X-IDENTITY-HEADER" },
        { APP_SERVICE, NULL, APP_SERVICE_ASKED, APP_SERVICE_HEADER, "Metadata" },
        { APP_SERVICE, "user", APP_SERVICE_ASKED "&client_id=user", APP_SERVICE_HEADER },
        /* App Service sets the old pair besides. */
        { APP_SERVICE ";MSI_ENDPOINT=http://old.test/;MSI_SECRET=old", NULL, APP_SERVICE_ASKED,
          APP_SERVICE_HEADER, "old" },
        /* An empty variable is none. */
        { APP_SERVICE ";IDENTITY_SERVER_THUMBPRINT=", NULL, APP_SERVICE_ASKED, APP_SERVICE_HEADER },
        { MACHINE_LEARNING, NULL, LEARNING_ASKED, "secret: c4nary\n", "Metadata" },
        { MACHINE_LEARNING, "user", LEARNING_ASKED "&clientid=user", "secret: c4nary\n" },
        { COMPUTE, NULL, LEARNING_ASKED "&clientid=compute", "secret: c4nary\n" },
        { COMPUTE, "user", LEARNING_ASKED "&clientid=user", "secret: c4nary\n" },
        { "MSI_ENDPOINT=" ENDPOINT, NULL, ENDPOINT, METADATA, "c4nary", .body = RESOURCE },
        { FABRIC, NULL, SECURE "?api-version=2019-07-01-preview&" RESOURCE, "Secret: c4nary\n",
          "Metadata", .is_pinned = true },
        { ARC, NULL, ARC_ASKED, METADATA, "Authorization" },
        /* The newer names come first, as in the SDKs. */
        { ARC ";MSI_ENDPOINT=http://old.test/;MSI_SECRET=c4nary", NULL, ARC_ASKED, METADATA,
          "c4nary" },
        { "AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:2579/", "user",
          "http://127.0.0.1:2579/metadata/identity/oauth2/token?api-version=2018-02-01&" RESOURCE
          "&client_id=user",
          METADATA },
        /* An endpoint of the user's gets no secret but its own. */
        { APP_SERVICE ";MSI_SECRET=c4nary", NULL,
          "http://other.test/token?x=1&api-version=2018-02-01&" RESOURCE, METADATA, "c4nary",
          .endpoint = "http://other.test/token?x=1" },
        /* The same address is that host. */
        { APP_SERVICE ";MSI_SECRET=c4nary", NULL, APP_SERVICE_ASKED, APP_SERVICE_HEADER, "Metadata",
          .endpoint = ENDPOINT },
        { ARC, NULL, ARC_ASKED, METADATA, .endpoint = ENDPOINT },
        { ARC, NULL, ENDPOINT "?api-version=2019-11-01&" RESOURCE, METADATA, .endpoint = ENDPOINT,
          .api_version = "2019-11-01" },
    };
    EACH (row, rows) {
        struct auth_config config = config_with(row->variables);
        config.client_id = row->client_id;
        config.msi_endpoint = row->endpoint;
        config.msi_api_version = row->api_version;
        expect_request(&config, row);
    }
    struct auth_config config = config_with(rows[2].variables);
    config.client_id_file_path = put_text("id", "user assigned\n");
    expect_request(&config, &rows[2]);
}

TEST(an_arc_machine_is_known_by_its_agent_where_no_variable_is)
{
    static const struct row row = { .variables = "",
                                    .url = "http://127.0.0.1:40342/metadata/identity/oauth2/token?"
                                           "api-version=2020-06-01&" RESOURCE,
                                    .header = METADATA };
    struct auth_config config = config_with(row.variables);
    const char *usual = managed_host_arc_file;
    managed_host_arc_file = put_text("agent", "x");
    expect_request(&config, &row);
    config.client_id = "user";
    expect_unusable(&config, "Azure Arc does not let");
    managed_host_arc_file = usual;
}

TEST(what_a_variable_says_is_never_left_aside)
{
    static const struct {
        const char *variables, *words, *client_id, *api_version;
    } rows[] = {
        /* Some of a host's variables. */
        { "IDENTITY_ENDPOINT=" ENDPOINT, "set: IDENTITY_ENDPOINT. Each" },
        { "IDENTITY_HEADER=c4nary", "set: IDENTITY_HEADER. Each" },
        { "IMDS_ENDPOINT=http://x", "Arc: IDENTITY_ENDPOINT, IMDS_ENDPOINT" },
        { "MSI_SECRET=c4nary", "MSI_ENDPOINT, MSI_SECRET" },
        { "IDENTITY_ENDPOINT=" SECURE ";IDENTITY_SERVER_THUMBPRINT=" THUMBPRINT,
          "set: IDENTITY_ENDPOINT, IDENTITY_SERVER_THUMBPRINT. Each" },
        { "IDENTITY_HEADER=c4nary;MSI_SECRET=c4nary", "set: IDENTITY_HEADER, MSI_SECRET. Each" },
        /* No secret, no thumbprint, no certificate. */
        { "IDENTITY_ENDPOINT=" ENDPOINT ";IDENTITY_HEADER=c4nary\r\nX: y",
          "IDENTITY_HEADER has characters that are not allowed in an HTTP header" },
        { "MSI_ENDPOINT=" ENDPOINT ";MSI_SECRET=c4n ary",
          "MSI_SECRET has characters that are not allowed in an HTTP header" },
        { FABRIC_WITH("00:11"), "IDENTITY_SERVER_THUMBPRINT is not the SHA-1 thumbprint" },
        { FABRIC "0", "40 hexadecimal digits" },
        { APP_SERVICE ";IDENTITY_SERVER_THUMBPRINT=" THUMBPRINT,
          "IDENTITY_ENDPOINT is not an https:// address" },
        /* Identities that cannot be chosen. */
        { ARC, "the managed identity service of Azure Arc does not let", "user" },
        { FABRIC, "the managed identity service of Service Fabric does not let", "user" },
        { "MSI_ENDPOINT=" ENDPOINT, "the managed identity service of Cloud Shell does not let",
          "user" },
        { "MSI_ENDPOINT=" ENDPOINT, "msi_api_version (ARM_MSI_API_VERSION) is set",
          .api_version = "2018-02-01" },
    };
    EACH (row, rows) {
        struct auth_config config = config_with(row->variables);
        config.client_id = row->client_id;
        config.msi_api_version = row->api_version;
        expect_unusable(&config, row->words);
    }
    EACH_TEXT (variables, "IDENTITY_ENDPOINT=localhost:40342;IMDS_ENDPOINT=x",
               "IDENTITY_ENDPOINT=http://a b/;IDENTITY_HEADER=c4nary",
               "MSI_ENDPOINT=http://me:c4nary@x/", "MSI_ENDPOINT=file:///etc;MSI_SECRET=c4nary",
               "AZURE_POD_IDENTITY_AUTHORITY_HOST=localhost") {
        const struct auth_config config = config_with(variables);
        auto_char words =
            memory_print("%.*s is not an http", (int)strcspn(variables, "="), variables);
        expect_unusable(&config, words);
    }
}

TEST(a_failure_says_which_service_it_was_and_what_to_look_at)
{
    static const char unused[] =
        "msi_endpoint (ARM_MSI_ENDPOINT) is set, so these variables are not used: "
        "IDENTITY_ENDPOINT, IDENTITY_HEADER, MSI_SECRET";
    static const struct {
        const char *variables, *silent, *refuses, *endpoint;
    } rows[] = {
        { "", "virtual machine at 169.254.169.254", "system-assigned identity" },
        { ARC, "Azure Arc at localhost:4242 does not respond: ", "azcmagent show" },
        { APP_SERVICE, "Check IDENTITY_ENDPOINT", "this app has a system-assigned identity" },
        { COMPUTE, "Azure Machine Learning at localhost:4242",
          "client ID in DEFAULT_IDENTITY_CLIENT_ID is assigned to this machine or app: compute" },
        { "MSI_ENDPOINT=" ENDPOINT, "Cloud Shell at localhost:4242", "az account" },
        { FABRIC, "IDENTITY_SERVER_THUMBPRINT, which must be the thumbprint of its certificate",
          "manifest" },
        { APP_SERVICE ";MSI_SECRET=c4nary", unused, unused, "http://other.test/token?x=1" },
    };
    EACH (row, rows) {
        struct auth_config config = config_with(row->variables);
        config.msi_endpoint = row->endpoint;
        expect_failure(&config,
                       ANSWERS({ .fault = ERR_TLS, .text = "no trust", .is_last_again = true }),
                       ERR_CREDENTIAL, ANY, row->silent, "no trust");
        /* It may repeat a secret that it has. */
        bool has_secret = row->endpoint == NULL && strstr(row->variables, "c4nary");
        expect_refused(&config, 403, has_secret ? "{'error':'no, c4nary'}" : "{'error':'no'}",
                       row->refuses);
    }
    /* Service Fabric has errors of its own, and its 404 is a no. */
    const struct auth_config fabric = config_with(FABRIC);
    expect_refused(&fabric, 404,
                   "{'error':{'code':'ManagedIdentityNotFound',"
                   "'message':'not found, c4nary'}}",
                   "(status 404)");
    expect_refused(&fabric, 400, "{'error':{'message':'no secret header'}}",
                   "\"no secret header\"");
    /* Who asks for a key is Arc's agent, and does not know it. */
    const struct auth_config config = config_with("");
    expect_failure(&config,
                   ANSWERS({ 401, .headers = "WWW-Authenticate: Basic realm=/etc/shadow" }),
                   ERR_CREDENTIAL, 1, "Set IDENTITY_ENDPOINT and IMDS_ENDPOINT");
}

TEST_GROUP(begin_in_folder, folder_end)
