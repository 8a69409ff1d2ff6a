/* Configure: where each setting comes from, and when there is no session at all.
 * SPDX-License-Identifier: MPL-2.0 */
#include "configure/configure.h"
#include "schema/tables.h"
#include "support/engine_json.h"
#include "support/session_fake.h"
#include "support/test.h"

static void clear_rows(const struct attribute *rows)
{
    for (; rows->name != NULL; rows++) {
        for (const char *const *name = rows->env; name != NULL && *name != NULL; name++)
            unsetenv(*name);
        if (rows->rows != NULL)
            clear_rows(rows->rows);
    }
}

/* Nothing of this machine's may come in. */
static void clear_variables(void)
{
    clear_rows(provider_table.attributes);
    unsetenv("TF_APPEND_USER_AGENT");
}

struct configured {
    struct call call;
    struct diags diags;
    struct session *session;
    int result;
};

static struct session *const untouched = (struct session *)(uintptr_t)8;

/* `json` is the block; attributes that it leaves out are null. */
static void configure(struct configured *out, const char *json)
{
    *out = (struct configured){ .session = untouched };
    call_init(&out->call, NULL);
    diags_init(&out->diags, out->call.arena);
    json_error_t error;
    json_t *block = json_loads(json, 0, &error);
    if (block == NULL)
        fail_msg("%s: %s", json, error.text);
    const char *fault;
    const struct value *config = engine_json_to_value(
        out->call.arena, schema_rows_type(out->call.arena, provider_table.attributes),
        block, &fault);
    json_decref(block);
    if (config == NULL)
        fail_msg("%s: %s", json, fault);
    const struct configure_host host = { .provider_version = "0.1.0",
                                         .terraform_version = "1.11.4" };
    out->result = configure_session(&out->call, &provider_table, &host, config,
                                    &out->session, &out->diags);
    assert_int_equal(out->result, diags_have_error(&out->diags) ? -1 : 0);
    if (out->result < 0)
        return;
    /* A session borrows nothing of the call that made it. */
    call_clear(&out->call);
    call_init(&out->call, NULL);
}

static void clear(struct configured *out)
{
    if (out->result == 0)
        session_free(out->session);
    call_clear(&out->call);
    assert_int_equal(session_fakes_alive, 0);
}

/* One setting: the block that gives it, its variables, its default, where it ends up. */
struct setting {
    const char *name, *block, *from_block;
    const char *const *env;
    const char *from_env;
    const char *default_value;
    size_t place; /* in struct session */
};

#define PLACE(member) offsetof(struct session, config.member)
#define GUID_A "0a1b2c3d-1111-4222-8333-444455556666"
#define GUID_B "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10"
#define NAMES(...) ((const char *const[]){ __VA_ARGS__, NULL })

static const struct setting settings[] = {
    { "tenant_id", "{\"tenant_id\":\"block.example\"}", "block.example",
      NAMES("ARM_TENANT_ID"), "env.example", NULL, PLACE(auth.tenant_id) },
    { "client_id", "{\"client_id\":\"block\"}", "block",
      NAMES("ARM_CLIENT_ID", "AZURE_CLIENT_ID"), "env", NULL, PLACE(auth.client_id) },
    { "client_secret", "{\"client_secret\":\"bl ock\"}", "bl ock",
      NAMES("ARM_CLIENT_SECRET"), " env ", NULL, PLACE(auth.client_secret) },
    { "subscription_id", "{\"subscription_id\":\"" GUID_A "\"}", GUID_A,
      NAMES("ARM_SUBSCRIPTION_ID"), GUID_B, NULL, PLACE(subscription_id) },
    { "environment", "{\"environment\":\"PUBLIC\"}", "public", NAMES("ARM_ENVIRONMENT"),
      "Public", "public", PLACE(environment) },
    { "ca_bundle", "{\"ca_bundle\":\"/block.pem\"}", "/block.pem",
      (const char *const[]){ NULL }, NULL, NULL, PLACE(ca_bundle) },
    { "active_directory_authority_host",
      "{\"endpoint\":[{\"active_directory_authority_host\":\"https://block\"}]}",
      "https://block", NAMES("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"), "https://env", NULL,
      PLACE(auth.authority) },
    { "resource_manager_audience",
      "{\"endpoint\":[{\"resource_manager_audience\":\"https://block/\"}]}",
      "https://block/", NAMES("ARM_RESOURCE_MANAGER_AUDIENCE"), "https://env/", NULL,
      PLACE(resource_manager_audience) },
    { "resource_manager_endpoint",
      "{\"endpoint\":[{\"resource_manager_endpoint\":\"https://block\"}]}",
      "https://block", NAMES("ARM_RESOURCE_MANAGER_ENDPOINT"), "https://env", NULL,
      PLACE(resource_manager_endpoint) },
    { "client_id_file_path", "{\"client_id_file_path\":\"block\"}", "block",
      NAMES("ARM_CLIENT_ID_FILE_PATH"), "env", NULL, PLACE(auth.client_id_file_path) },
    { "client_secret_file_path", "{\"client_secret_file_path\":\"block\"}", "block",
      NAMES("ARM_CLIENT_SECRET_FILE_PATH"), "env", NULL,
      PLACE(auth.client_secret_file_path) },
    { "client_certificate", "{\"client_certificate\":\"block\"}", "block",
      NAMES("ARM_CLIENT_CERTIFICATE"), "env", NULL, PLACE(auth.client_certificate) },
    { "client_certificate_path", "{\"client_certificate_path\":\"block\"}", "block",
      NAMES("ARM_CLIENT_CERTIFICATE_PATH"), "env", NULL,
      PLACE(auth.client_certificate_path) },
    { "client_certificate_password", "{\"client_certificate_password\":\"block\"}",
      "block", NAMES("ARM_CLIENT_CERTIFICATE_PASSWORD"), "env", NULL,
      PLACE(auth.client_certificate_password) },
    { "oidc_token", "{\"oidc_token\":\"block\"}", "block", NAMES("ARM_OIDC_TOKEN"), "env",
      NULL, PLACE(auth.oidc_token) },
    { "oidc_token_file_path", "{\"oidc_token_file_path\":\"block\"}", "block",
      NAMES("ARM_OIDC_TOKEN_FILE_PATH", "AZURE_FEDERATED_TOKEN_FILE"), "env", NULL,
      PLACE(auth.oidc_token_file_path) },
    { "oidc_request_token", "{\"oidc_request_token\":\"block\"}", "block",
      NAMES("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            "SYSTEM_ACCESSTOKEN"),
      "env", NULL, PLACE(auth.oidc_request_token) },
    { "oidc_request_url", "{\"oidc_request_url\":\"block\"}", "block",
      NAMES("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL",
            "SYSTEM_OIDCREQUESTURI"),
      "env", NULL, PLACE(auth.oidc_request_url) },
    { "ado_pipeline_service_connection_id",
      "{\"ado_pipeline_service_connection_id\":\"block\"}", "block",
      NAMES("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
            "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
            "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"),
      "env", NULL, PLACE(auth.ado_pipeline_service_connection_id) },
    { "msi_endpoint", "{\"msi_endpoint\":\"block\"}", "block", NAMES("ARM_MSI_ENDPOINT"),
      "env", NULL, PLACE(auth.msi_endpoint) },
    { "msi_api_version", "{\"msi_api_version\":\"block\"}", "block",
      NAMES("ARM_MSI_API_VERSION"), "env", NULL, PLACE(auth.msi_api_version) },
    { "custom_correlation_request_id", "{\"custom_correlation_request_id\":\"block\"}",
      "block", NAMES("ARM_CORRELATION_REQUEST_ID"), "env", NULL, PLACE(correlation_id) },
    { "api_version", "{\"api_version\":\"2020-06-01-preview\"}", "2020-06-01-preview",
      NAMES("AZURESTACK_API_VERSION"), "2022-06-01", NULL, PLACE(api_version) },
    { "metadata_host", "{\"metadata_host\":\"block.example:8443\"}", "block.example:8443",
      NAMES("ARM_METADATA_HOSTNAME", "ARM_METADATA_HOST"), "env.example", NULL,
      PLACE(metadata_host) },
};

static void expect(const struct setting *setting, const char *json, const char *want,
                   const char *when)
{
    struct configured configured;
    configure(&configured, json);
    if (configured.result < 0)
        fail_msg("%s, %s: %s: %s", setting->name, when, configured.diags.first->summary,
                 configured.diags.first->detail);
    const char *have =
        *(char *const *)((const char *)configured.session + setting->place);
    if (want == NULL ? have != NULL : have == NULL || strcmp(have, want) != 0)
        fail_msg("%s, %s: it is %s and not %s", setting->name, when,
                 have != NULL ? have : "nothing", want != NULL ? want : "nothing");
    for (const char *const *name = setting->env; *name != NULL && have != NULL; name++)
        assert_ptr_not_equal(have, getenv(*name)); /* nor of the environment */
    clear(&configured);
}

TEST(the_block_comes_before_the_variables_and_they_before_the_default)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const struct setting *setting = &settings[i];
        clear_variables();
        expect(setting, "{}", setting->default_value, "nothing given");
        expect(setting, setting->block, setting->from_block, "block alone");
        const char *env_want =
            strcmp(setting->name, "environment") == 0 ? "public" : setting->from_env;
        for (const char *const *name = setting->env; *name != NULL; name++) {
            clear_variables();
            setenv(*name, setting->from_env, 1);
            expect(setting, "{}", env_want, *name);
            expect(setting, setting->block, setting->from_block, "block and variable");
            setenv(*name, "", 1);
            expect(setting, "{}", setting->default_value, "an empty variable");
        }
    }
}

/* Some the session keeps as their opposite; some end up nowhere or in the user agent. */
static const struct {
    const char *name, *env;
    bool fallback, is_opposite;
    size_t place; /* in struct session */
} switches[] = {
    { "shared_reads_enabled", "AZURESTACK_SHARED_READS_ENABLED", true, true,
      PLACE(has_own_reads) },
    { "destroy_warning_enabled", "AZURESTACK_DESTROY_WARNING_ENABLED", true, true,
      PLACE(has_no_destroy_warning) },
    { "destroy_lock_check_enabled", "AZURESTACK_DESTROY_LOCK_CHECK_ENABLED", false, false,
      PLACE(checks_locks) },
    { "plan_checks_required", "AZURESTACK_PLAN_CHECKS_REQUIRED", false, false,
      PLACE(requires_plan_checks) },
    { "use_oidc", "ARM_USE_OIDC", false, false, PLACE(auth.uses_oidc) },
    { "use_aks_workload_identity", "ARM_USE_AKS_WORKLOAD_IDENTITY", false, false,
      PLACE(auth.uses_aks_workload_identity) },
    { "use_msi", "ARM_USE_MSI", false, false, PLACE(auth.uses_msi) },
    { "use_cli", "ARM_USE_CLI", true, false, PLACE(auth.uses_cli) },
    { "disable_correlation_request_id", "ARM_DISABLE_CORRELATION_REQUEST_ID", false,
      false, PLACE(has_no_correlation_id) },
    { "disable_instance_discovery", "ARM_DISABLE_INSTANCE_DISCOVERY", false, false, 0 },
    { "disable_terraform_partner_id", "ARM_DISABLE_TERRAFORM_PARTNER_ID", false, false,
      0 },
};
enum { SWITCHES = sizeof switches / sizeof *switches };

static void expect_switch(size_t number, const char *json, bool is_on)
{
    struct configured configured;
    configure(&configured, json);
    if (configured.result < 0)
        fail_msg("%s", configured.diags.first->detail);
    size_t place = switches[number].place;
    bool kept = *(const bool *)((const char *)configured.session + place);
    if (place != 0 && (kept != switches[number].is_opposite) != is_on)
        fail_msg("%s with %s: %s", switches[number].env, json, is_on ? "off" : "on");
    clear(&configured);
}

TEST(a_switch_is_read_as_go_reads_it)
{
    /* Source: strconv.ParseBool */
    static const char *const words[][2] = { { "0", "1" },        { "f", "t" },
                                            { "F", "T" },        { "FALSE", "TRUE" },
                                            { "false", "true" }, { "False", "True" } };
    for (size_t i = 0; i < SWITCHES; i++) {
        char on[100], off[100];
        snprintf(on, sizeof on, "{\"%s\":true}", switches[i].name);
        snprintf(off, sizeof off, "{\"%s\":false}", switches[i].name);
        clear_variables();
        expect_switch(i, "{}", switches[i].fallback);
        expect_switch(i, off, false);
        expect_switch(i, on, true);
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            setenv(switches[i].env, words[k][0], 1);
            expect_switch(i, "{}", false);
            expect_switch(i, on, true);
            setenv(switches[i].env, words[k][1], 1);
            expect_switch(i, "{}", true);
            expect_switch(i, off, false);
        }
        setenv(switches[i].env, "", 1);
        expect_switch(i, "{}", switches[i].fallback);
    }
}

/* Where the settings above could not say it, there is a test of its own below. */
static bool has_own_test(const char *name)
{
    return strcmp(name, "partner_id") == 0 || strcmp(name, "auxiliary_tenant_ids") == 0 ||
           strcmp(name, "endpoint") == 0 || strcmp(name, "proxy") == 0;
}

TEST(the_table_has_no_switch_that_is_not_tested_here)
{
    size_t count = 0;
    for (const struct attribute *row = provider_table.attributes; row->name != NULL;
         row++)
        count += row->type == &type_bool;
    assert_int_equal(count, SWITCHES);
    for (size_t i = 0; i < SWITCHES; i++) {
        const struct attribute *row =
            schema_find(provider_table.attributes, switches[i].name);
        assert_non_null(row);
        assert_string_equal(row->env[0], switches[i].env);
        assert_null(row->env[1]);
    }
}

TEST(the_table_has_no_argument_that_is_not_tested_here)
{
    const struct attribute *endpoint = schema_find(provider_table.attributes, "endpoint");
    size_t count = schema_count(endpoint->rows);
    for (const struct attribute *row = provider_table.attributes; row->name != NULL;
         row++)
        count += row->type != &type_bool && !has_own_test(row->name);
    assert_int_equal(count, sizeof settings / sizeof *settings);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const struct attribute *row =
            schema_find(provider_table.attributes, settings[i].name);
        row = row != NULL ? row : schema_find(endpoint->rows, settings[i].name);
        assert_non_null(row);
        size_t k = 0;
        for (; settings[i].env[k] != NULL; k++)
            assert_string_equal(row->env[k], settings[i].env[k]);
        assert_true(row->env == NULL ? k == 0 : row->env[k] == NULL);
    }
}

TEST(of_several_variables_the_first_that_is_not_empty_counts)
{
    const struct setting *client_id = &settings[1];
    clear_variables();
    setenv("ARM_CLIENT_ID", "first", 1);
    setenv("AZURE_CLIENT_ID", "second", 1);
    expect(client_id, "{}", "first", "both");
    setenv("ARM_CLIENT_ID", "", 1);
    expect(client_id, "{}", "second", "the first is empty");
}

TEST(half_an_endpoint_is_not_completed_from_variables)
{
    clear_variables();
    setenv("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", "https://env-login", 1);
    setenv("ARM_RESOURCE_MANAGER_AUDIENCE", "https://env-audience", 1);
    setenv("ARM_RESOURCE_MANAGER_ENDPOINT", "https://env-arm", 1);
    static const struct setting *authority = &settings[6], *audience = &settings[7],
                                *endpoint = &settings[8];
    const char *half = endpoint->block;
    expect(authority, half, NULL, "half");
    expect(audience, half, NULL, "half");
    expect(endpoint, half, "https://block", "half");
    expect(authority, "{\"endpoint\":[{}]}", NULL, "an empty element");
    expect(authority, "{\"endpoint\":[]}", "https://env-login", "an empty list");
    expect(endpoint, "{}", "https://env-arm", "left out");
}

static void expect_error(const char *json, const char *summary, const char *detail,
                         const char *path)
{
    struct configured configured;
    unsigned made = session_fakes_made;
    configure(&configured, json);
    assert_int_equal(configured.result, -1);
    assert_ptr_equal(configured.session, untouched);
    assert_int_equal(session_fakes_made, made);
    const struct diagnostic *diag = configured.diags.first;
    assert_string_equal(diag->summary, summary);
    assert_has(diag->detail, detail);
    assert_string_equal(path_format(configured.call.arena, diag->path), path);
    clear(&configured);
}

TEST(a_custom_environment_needs_both_of_its_addresses)
{
    clear_variables();
    static const char fault[] = "Endpoint is incomplete";
    expect_error("{\"environment\":\"custom\"}", fault, "no addresses of its own",
                 "endpoint");
    expect_error("{\"environment\":\"Custom\",\"endpoint\":"
                 "[{\"resource_manager_endpoint\":\"https://a\"}]}",
                 fault, "active_directory_authority_host", "endpoint");
    expect_error("{\"environment\":\"custom\",\"endpoint\":"
                 "[{\"active_directory_authority_host\":\"https://a\"}]}",
                 fault, "resource_manager_endpoint", "endpoint");
    setenv("ARM_ENVIRONMENT", "CUSTOM", 1);
    expect_error("{}", fault, "ARM_RESOURCE_MANAGER_ENDPOINT", "endpoint");
    setenv("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", "https://login", 1);
    setenv("ARM_RESOURCE_MANAGER_ENDPOINT", "https://arm", 1);
    expect(&settings[4], "{}", "custom", "both in variables");
    clear_variables();
    expect(
        &settings[4],
        "{\"environment\":\"custom\",\"endpoint\":[{\"active_directory_authority_host\":"
        "\"https://a\",\"resource_manager_endpoint\":\"https://b\"}]}",
        "custom", "both in the block");
}

TEST(a_custom_environment_may_be_told_its_addresses)
{
    clear_variables();
    expect(&settings[4],
           "{\"environment\":\"custom\",\"metadata_host\":\"meta.example\"}", "custom",
           "metadata_host alone");
    setenv("ARM_METADATA_HOSTNAME", "meta.example", 1);
    expect(&settings[4], "{\"environment\":\"custom\"}", "custom", "in a variable");
    clear_variables();
}

TEST(every_cloud_is_known_in_any_case)
{
    clear_variables();
    expect(&settings[4], "{\"environment\":\"USGovernment\"}", "usgovernment", "block");
    expect(&settings[4], "{\"environment\":\"China\"}", "china", "block");
}

#define HUB_PATH "endpoint[0].resource_manager_endpoint"

TEST(a_hubs_own_address_is_refused_where_public_azures_belongs)
{
    static const char *const hosts[] = { "adminmanagement.berlin.hub.example",
                                         "AdminManagement.berlin.hub.example:443",
                                         "management.local.azurestack.external",
                                         "management.local.AzureStack.External/" };
    static const char lives[] = "live in public Azure";
    char json[300];
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        clear_variables();
        snprintf(json, sizeof json,
                 "{\"endpoint\":[{\"resource_manager_endpoint\":\"https://%s\"}]}",
                 hosts[i]);
        expect_error(json, "Invalid resource_manager_endpoint", lives, HUB_PATH);
        if (strchr(hosts[i], '/') == NULL) {
            snprintf(json, sizeof json, "{\"metadata_host\":\"%s\"}", hosts[i]);
            expect_error(json, "Invalid metadata_host", lives, "metadata_host");
        }
        snprintf(json, sizeof json, "https://%s", hosts[i]);
        setenv("ARM_RESOURCE_MANAGER_ENDPOINT", json, 1);
        expect_error("{}", "Invalid environment variable ARM_RESOURCE_MANAGER_ENDPOINT",
                     lives, "");
    }
    clear_variables();
    static const struct setting *endpoint = &settings[8];
    expect(endpoint,
           "{\"endpoint\":[{\"resource_manager_endpoint\":"
           "\"https://management.azurestack.external.example\"}]}",
           "https://management.azurestack.external.example", "another name");
}

TEST(a_proxy_is_read_and_checked)
{
    clear_variables();
    struct configured configured;
    configure(&configured,
              "{\"proxy\":{\"url\":\"socks5h://p.example:1080\",\"username\":"
              "\"me\",\"password\":\" p@ss \"}}");
    assert_int_equal(configured.result, 0);
    const struct http_proxy_options *proxy = &configured.session->config.proxy;
    assert_string_equal(proxy->url, "socks5h://p.example:1080");
    assert_string_equal(proxy->username, "me");
    assert_string_equal(proxy->password, " p@ss ");
    clear(&configured);
    configure(&configured, "{\"proxy\":{\"url\":\"http://p.example\"}}");
    assert_int_equal(configured.result, 0);
    assert_null(configured.session->config.proxy.username);
    clear(&configured);
    configure(&configured, "{}");
    assert_null(configured.session->config.proxy.url);
    clear(&configured);
    static const char *const wrong[] = {
        "p.example:3128",        "ftp://p.example",    "http://",
        "http://p.example/path", "http://p.example:0", ""
    };
    char json[200];
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(json, sizeof json, "{\"proxy\":{\"url\":\"%s\"}}", wrong[i]);
        expect_error(json, "Invalid proxy url", "such as", "proxy.url");
    }
    expect_error("{\"proxy\":{\"url\":\"http://me:canary@p.example\"}}",
                 "Invalid proxy url", "username and password of the same argument",
                 "proxy.url");
    expect_error("{\"proxy\":{\"url\":\"http://p.example\",\"password\":\"x\"}}",
                 "Proxy without username", "username", "proxy.password");
}

TEST(what_is_wrong_in_the_block_is_told_with_its_path)
{
    clear_variables();
    expect_error("{\"endpoint\":[{},{}]}", "Too many endpoints", "one element",
                 "endpoint");
    expect_error("{\"endpoint\":[{\"resource_manager_endpoint\":\"http://a\"}]}",
                 "Invalid resource_manager_endpoint", "https://",
                 "endpoint[0].resource_manager_endpoint");
    expect_error("{\"environment\":\"german\"}", "Invalid environment", "\"public\"",
                 "environment");
    expect_error("{\"subscription_id\":\"x\"}", "Invalid subscription_id", "GUID",
                 "subscription_id");
}

TEST(what_is_wrong_in_a_variable_is_told_with_its_name)
{
    static const struct {
        const char *name, *text, *detail;
    } cases[] = {
        { "ARM_SUBSCRIPTION_ID", "x", "is not a GUID" },
        { "ARM_ENVIRONMENT", "german", "\"china\" and \"custom\"" },
        { "ARM_RESOURCE_MANAGER_ENDPOINT", "http://a", "https://" },
        { "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST", "login.example.com", "https://" },
        { "AZURESTACK_SHARED_READS_ENABLED", "yes", "neither true nor false" },
        { "AZURESTACK_SHARED_READS_ENABLED", "tRUE", "neither true nor false" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clear_variables();
        setenv(cases[i].name, cases[i].text, 1);
        char summary[100];
        snprintf(summary, sizeof summary, "Invalid environment variable %s",
                 cases[i].name);
        expect_error("{}", summary, cases[i].detail, "");
    }
}

TEST(a_variable_that_is_not_read_may_hold_anything)
{
    clear_variables();
    setenv("ARM_SUBSCRIPTION_ID", "x", 1);
    setenv("ARM_RESOURCE_MANAGER_ENDPOINT", "ftp://x", 1);
    setenv("ARM_ENVIRONMENT", "german", 1);
    expect(&settings[3],
           "{\"subscription_id\":\"" GUID_A "\",\"environment\":\"public\",\"endpoint\":"
           "[{\"resource_manager_endpoint\":\"https://a\"}]}",
           GUID_A, "all of them in the block");
}

TEST(an_unknown_configuration_gives_no_session_and_no_error)
{
    static const char *const blocks[] = {
        "{\"tenant_id\":\"(unknown)\"}",
        "{\"client_secret\":\"(unknown)\"}",
        "{\"environment\":\"(unknown)\"}",
        "{\"endpoint\":\"(unknown)\"}",
        "{\"endpoint\":[\"(unknown)\"]}",
        "{\"endpoint\":[{\"resource_manager_endpoint\":\"(unknown)\"}]}",
    };
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        clear_variables();
        unsigned made = session_fakes_made;
        struct configured configured;
        configure(&configured, blocks[i]);
        assert_int_equal(configured.result, 0);
        assert_null(configured.session);
        assert_null(configured.diags.first);
        assert_int_equal(session_fakes_made, made);
        clear(&configured);
    }
    /* What is known and wrong is told all the same. */
    expect_error("{\"tenant_id\":\"(unknown)\",\"subscription_id\":\"x\"}",
                 "Invalid subscription_id", "GUID", "subscription_id");
}

TEST(a_session_that_cannot_be_made_is_an_error)
{
    clear_variables();
    expect_error("{\"ca_bundle\":\"/missing.pem\"}", "Provider cannot be configured",
                 "/missing.pem", "");
}

static void expect_user_agent(const char *appended, const char *want)
{
    clear_variables();
    if (appended != NULL)
        setenv("TF_APPEND_USER_AGENT", appended, 1);
    struct configured configured;
    configure(&configured, "{}");
    assert_int_equal(configured.result, 0);
    assert_string_equal(configured.session->config.user_agent, want);
    clear(&configured);
}

#define PLAIN_AGENT                                                                      \
    "Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-azurestack/0.1.0"
/* Source: azurerm, internal/common/client_options.go */
#define AGENT PLAIN_AGENT " pid-222c6c49-1b0a-5959-a213-6608f9eb8820"

TEST(the_user_agent_names_host_and_provider_and_what_is_appended)
{
    expect_user_agent(NULL, AGENT);
    expect_user_agent("", AGENT);
    expect_user_agent("pid-1234", AGENT " pid-1234");
    expect_user_agent("a/1 (b; c)", AGENT " a/1 (b; c)");
}

static void expect_partner(const char *json, const char *variable, const char *want)
{
    clear_variables();
    if (variable != NULL)
        setenv("ARM_PARTNER_ID", variable, 1);
    struct configured configured;
    configure(&configured, json);
    assert_int_equal(configured.result, 0);
    assert_string_equal(configured.session->config.user_agent, want);
    clear(&configured);
}

TEST(a_partner_takes_the_place_of_terraforms_own)
{
    expect_partner("{}", NULL, AGENT);
    expect_partner("{\"disable_terraform_partner_id\":true}", NULL, PLAIN_AGENT);
    expect_partner("{\"partner_id\":\"" GUID_A "\"}", GUID_B, PLAIN_AGENT " pid-" GUID_A);
    expect_partner("{}", GUID_B, PLAIN_AGENT " pid-" GUID_B);
    expect_partner("{}", "", AGENT);
    expect_partner("{\"disable_terraform_partner_id\":true}", GUID_B,
                   PLAIN_AGENT " pid-" GUID_B);
    expect_partner("{\"partner_id\":\"pid-" GUID_A "-partnercenter\"}", NULL,
                   PLAIN_AGENT " pid-" GUID_A "-partnercenter");
}

static void expect_tenants(const char *json, const char *variable, const char *first,
                           const char *second, const char *third)
{
    clear_variables();
    if (variable != NULL)
        setenv("ARM_AUXILIARY_TENANT_IDS", variable, 1);
    struct configured configured;
    configure(&configured, json);
    assert_int_equal(configured.result, 0);
    const char *const wanted[] = { first, second, third };
    for (size_t i = 0; i < 3; i++) {
        const char *have = configured.session->config.auxiliary_tenant_ids[i];
        if (wanted[i] == NULL)
            assert_null(have);
        else
            assert_string_equal(have, wanted[i]);
    }
    clear(&configured);
}

TEST(auxiliary_tenants_are_a_list_or_stand_between_semicolons)
{
    expect_tenants("{}", NULL, NULL, NULL, NULL);
    expect_tenants("{\"auxiliary_tenant_ids\":[\"a\",\"b\",\"c\"]}", NULL, "a", "b", "c");
    expect_tenants("{}", "a;b;c", "a", "b", "c");
    expect_tenants("{}", "a", "a", NULL, NULL);
    expect_tenants("{}", " a ;; b;", "a", "b", NULL);
    expect_tenants("{}", ";", NULL, NULL, NULL);
    expect_tenants("{\"auxiliary_tenant_ids\":[\"a\"]}", "x;y;z;v", "a", NULL, NULL);
    expect_tenants("{\"auxiliary_tenant_ids\":[]}", "x", NULL, NULL, NULL);
    clear_variables();
    expect_error("{\"auxiliary_tenant_ids\":[\"a\",\"b\",\"c\",\"d\"]}",
                 "Too many auxiliary tenants", "takes 3", "auxiliary_tenant_ids");
    expect_error("{\"auxiliary_tenant_ids\":[\"a\",\"\"]}",
                 "Invalid auxiliary_tenant_ids", "Element 2", "auxiliary_tenant_ids");
    setenv("ARM_AUXILIARY_TENANT_IDS", "a;b;c;d", 1);
    expect_error("{}", "Too many auxiliary tenants", "ARM_AUXILIARY_TENANT_IDS",
                 "auxiliary_tenant_ids");
}

TEST(an_argument_for_a_header_or_a_host_holds_nothing_else)
{
    static const struct {
        const char *name, *text;
    } wrong[] = {
        { "custom_correlation_request_id", "a b" },
        { "custom_correlation_request_id", "a\\r\\nX-Evil: 1" },
        { "custom_correlation_request_id", "" },
        { "custom_correlation_request_id", "\\u00e4" },
        { "partner_id", "x" },
        { "partner_id", "pid-x" },
        { "partner_id", GUID_A "-other" },
        { "partner_id", "" },
        { "metadata_host", "https://management.azure.com" },
        { "metadata_host", "management.azure.com/x" },
        { "metadata_host", "management.azure.com/" },
        { "metadata_host", "me@management.azure.com" },
        { "metadata_host", "" },
    };
    clear_variables();
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char json[200], title[100];
        snprintf(json, sizeof json, "{\"%s\":\"%s\"}", wrong[i].name, wrong[i].text);
        snprintf(title, sizeof title, "Invalid %s", wrong[i].name);
        expect_error(json, title, "It", wrong[i].name);
    }
}

TEST(the_user_agent_stays_one_header_line)
{
    expect_user_agent("a\r\nX-Evil: 1", AGENT " a  X-Evil: 1");
    expect_user_agent("a\tb\x01\x7F", AGENT " a b  ");
    clear_variables();
    char huge[5000];
    memset(huge, 'x', sizeof huge);
    huge[10] = '\n';
    huge[20] = (char)0xFF;
    memcpy(&huge[30], "\xC3\xA4\xE2\x80\xA8", 5);
    huge[sizeof huge - 1] = '\0';
    setenv("TF_APPEND_USER_AGENT", huge, 1);
    struct configured configured;
    configure(&configured, "{}");
    const char *agent = configured.session->config.user_agent;
    assert_true(strlen(agent) <= 1024);
    assert_memory_equal(agent, AGENT " x", strlen(AGENT " x"));
    for (const char *at = agent; *at != '\0'; at++)
        assert_true((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7F);
    clear(&configured);
}

TEST(validation_of_the_block_reads_no_variables)
{
    clear_variables();
    setenv("ARM_SUBSCRIPTION_ID", "x", 1);
    setenv("ARM_ENVIRONMENT", "custom", 1);
    auto_call call;
    call_init(&call, NULL);
    struct diags diags;
    diags_init(&diags, call.arena);
    const struct value *config = value_object_of_nulls(
        call.arena, schema_rows_type(call.arena, provider_table.attributes));
    assert_int_equal(configure_validate(&call, &provider_table, config, &diags), 0);
    assert_null(diags.first);
}
