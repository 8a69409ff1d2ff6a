/* Configure: where each setting comes from, and when there is no session at all.
 * SPDX-License-Identifier: MPL-2.0 */
#include <unistd.h>

#include "unit/configure/run.h"

#define PLACE(member) offsetof(struct session, config.member)
#define GUID_A "0a1b2c3d-1111-4222-8333-444455556666"
#define GUID_B "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10"
/* Source: azurerm, internal/common/client_options.go */
#define PLAIN_AGENT                                                                                \
    "Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-azurestack/0.1.0"
#define AGENT PLAIN_AGENT " pid-222c6c49-1b0a-5959-a213-6608f9eb8820"

/* ---- texts ------------------------------------------------------------------------------- */

/* Each: its variables, the first before the second; its place in struct session; what the block
 * and a variable say; its default. */
static const struct setting {
    const char *name, *variables;
    size_t place;
    const char *block, *variable, *fallback;
} settings[] = {
    { "tenant_id", "ARM_TENANT_ID", PLACE(auth.tenant_id), "b.example", "v.example" },
    { "client_id", "ARM_CLIENT_ID AZURE_CLIENT_ID", PLACE(auth.client_id), "b", "v" },
    { "client_secret", "ARM_CLIENT_SECRET", PLACE(auth.client_secret), "b b", " v " },
    { "subscription_id", "ARM_SUBSCRIPTION_ID", PLACE(subscription_id), GUID_A, GUID_B },
    { "environment", "ARM_ENVIRONMENT", PLACE(environment), "china", "usgovernment", "public" },
    { "ca_bundle", "", PLACE(ca_bundle), "/block.pem", "" },
    { "active_directory_authority_host", "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST",
      PLACE(auth.authority), "https://block", "https://env" },
    { "resource_manager_audience", "ARM_RESOURCE_MANAGER_AUDIENCE",
      PLACE(resource_manager_audience), "https://block/", "https://env/" },
    { "resource_manager_endpoint", "ARM_RESOURCE_MANAGER_ENDPOINT",
      PLACE(resource_manager_endpoint), "https://block", "https://env" },
    { "client_id_file_path", "ARM_CLIENT_ID_FILE_PATH", PLACE(auth.client_id_file_path), "b", "v" },
    { "client_secret_file_path", "ARM_CLIENT_SECRET_FILE_PATH", PLACE(auth.client_secret_file_path),
      "b", "v" },
    { "client_certificate", "ARM_CLIENT_CERTIFICATE", PLACE(auth.client_certificate), "b", "v" },
    { "client_certificate_path", "ARM_CLIENT_CERTIFICATE_PATH", PLACE(auth.client_certificate_path),
      "b", "v" },
    { "client_certificate_password", "ARM_CLIENT_CERTIFICATE_PASSWORD",
      PLACE(auth.client_certificate_password), "b", "v" },
    { "oidc_token", "ARM_OIDC_TOKEN", PLACE(auth.oidc_token), "b", "v" },
    { "oidc_token_file_path", "ARM_OIDC_TOKEN_FILE_PATH AZURE_FEDERATED_TOKEN_FILE",
      PLACE(auth.oidc_token_file_path), "b", "v" },
    { "oidc_request_token",
      "ARM_OIDC_REQUEST_TOKEN ACTIONS_ID_TOKEN_REQUEST_TOKEN SYSTEM_ACCESSTOKEN",
      PLACE(auth.oidc_request_token), "b", "v" },
    { "oidc_request_url", "ARM_OIDC_REQUEST_URL ACTIONS_ID_TOKEN_REQUEST_URL SYSTEM_OIDCREQUESTURI",
      PLACE(auth.oidc_request_url), "b", "v" },
    { "ado_pipeline_service_connection_id",
      "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID ARM_OIDC_AZURE_SERVICE_CONNECTION_ID "
      "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
      PLACE(auth.ado_pipeline_service_connection_id), "b", "v" },
    { "msi_endpoint", "ARM_MSI_ENDPOINT", PLACE(auth.msi_endpoint), "b", "v" },
    { "msi_api_version", "ARM_MSI_API_VERSION", PLACE(auth.msi_api_version), "b", "v" },
    { "custom_correlation_request_id", "ARM_CORRELATION_REQUEST_ID", PLACE(correlation_id), "b",
      "v" },
    { "api_version", "AZURESTACK_API_VERSION", PLACE(api_version), "2020-06-01-preview",
      "2022-06-01" },
    { "metadata_host", "ARM_METADATA_HOSTNAME ARM_METADATA_HOST", PLACE(metadata_host),
      "block.example:8443", "env.example" },
};

/* The row of an argument, which may be one of `endpoint`. */
static const struct attribute *find_row(const char *name, bool *is_of_endpoint)
{
    const struct attribute *row = schema_find(provider_table.attributes, name);
    *is_of_endpoint = row == NULL;
    if (row == NULL)
        row = schema_find(schema_find(provider_table.attributes, "endpoint")->rows, name);
    return row;
}

/* What the session has in that place. */
static void expect(size_t place, const char *block, const char *want)
{
    struct configured configured;
    configure_well(&configured, block);
    const char *have = *(char *const *)((const char *)configured.session + place);
    if ((have == NULL) != (want == NULL) || (have != NULL && strcmp(have, want) != 0))
        fail_msg("{%s} gives %s and not %s", block, have, want);
    for (char **one = environ; *one != NULL; one++) /* it outlives the environment */
        assert_ptr_not_equal(have, strchr(*one, '=') + 1);
    clear(&configured);
}

TEST(the_block_comes_before_the_variables_and_they_before_the_default)
{
    EACH (setting, settings) {
        auto_arena arena = arena_new();
        bool is_of_endpoint;
        const struct attribute *row = find_row(setting->name, &is_of_endpoint);
        const char *block =
            arena_print(arena, is_of_endpoint ? "'endpoint':[{'%s':'%s'}]" : "'%s':'%s'",
                        setting->name, setting->block);
        const char *names = "";
        set_variables("");
        expect(setting->place, "", setting->fallback);
        expect(setting->place, block, setting->block);
        for (const char *const *name = row->env; name != NULL && *name != NULL; name++) {
            names = arena_print(arena, "%s%s%s", names, *names != '\0' ? " " : "", *name);
            set_variables("");
            setenv(*name, setting->variable, 1);
            expect(setting->place, "", setting->variable);
            expect(setting->place, block, setting->block);
            setenv(*name, "", 1);
            expect(setting->place, "", setting->fallback);
        }
        assert_string_equal(names, setting->variables);
    }
}

static const struct {
    const char *variables, *block;
    size_t place;
    const char *want;
} examples[] = {
    /* Of several variables the first that is not empty counts. */
    { "ARM_CLIENT_ID=1 AZURE_CLIENT_ID=2", "", PLACE(auth.client_id), "1" },
    { "ARM_CLIENT_ID= AZURE_CLIENT_ID=2", "", PLACE(auth.client_id), "2" },
/* Half an endpoint is not completed from variables. */
#define ENDPOINT_VARIABLES                                                                         \
    "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST=https://login "                                           \
    "ARM_RESOURCE_MANAGER_AUDIENCE=https://audience "                                              \
    "ARM_RESOURCE_MANAGER_ENDPOINT=https://arm"
#define HALF "'endpoint':[{'resource_manager_endpoint':'https://b'}]"
    { ENDPOINT_VARIABLES, HALF, PLACE(auth.authority), NULL },
    { ENDPOINT_VARIABLES, HALF, PLACE(resource_manager_audience), NULL },
    { ENDPOINT_VARIABLES, HALF, PLACE(resource_manager_endpoint), "https://b" },
    { ENDPOINT_VARIABLES, "'endpoint':[{}]", PLACE(auth.authority), NULL },
    { ENDPOINT_VARIABLES, "'endpoint':[]", PLACE(auth.authority), "https://login" },
    { ENDPOINT_VARIABLES, "", PLACE(resource_manager_endpoint), "https://arm" },
    /* Every cloud is known, in any case. */
    { "", "'environment':'PUBLIC'", PLACE(environment), "public" },
    { "", "'environment':'USGovernment'", PLACE(environment), "usgovernment" },
    { "ARM_ENVIRONMENT=China", "", PLACE(environment), "china" },
    /* A custom one has both of its addresses, or a host that returns them. */
    { "ARM_ENVIRONMENT=CUSTOM " ENDPOINT_VARIABLES, "", PLACE(environment), "custom" },
    { "",
      "'environment':'custom','endpoint':[{'active_directory_authority_host':'https://a',"
      "'resource_manager_endpoint':'https://b'}]",
      PLACE(environment), "custom" },
    { "", "'environment':'custom','metadata_host':'meta.example'", PLACE(environment), "custom" },
    { "ARM_METADATA_HOSTNAME=meta.example", "'environment':'custom'", PLACE(environment),
      "custom" },
    /* Not every host of such a name is a hub's. */
    { "",
      "'endpoint':[{'resource_manager_endpoint':"
      "'https://management.azurestack.external.example'}]",
      PLACE(resource_manager_endpoint), "https://management.azurestack.external.example" },
    /* A variable that is not read may hold anything. */
    { "ARM_SUBSCRIPTION_ID=x ARM_RESOURCE_MANAGER_ENDPOINT=ftp://x "
      "ARM_ENVIRONMENT=german",
      "'subscription_id':'" GUID_A "','environment':'public'," HALF, PLACE(subscription_id),
      GUID_A },
#define PROXY "'proxy':{'url':'socks5h://p:1080','username':'me','password':' p@ss '}"
    { "", PROXY, PLACE(proxy.url), "socks5h://p:1080" },
    { "", PROXY, PLACE(proxy.username), "me" },
    { "", PROXY, PLACE(proxy.password), " p@ss " },
    { "", "'proxy':{'url':'http://p.example'}", PLACE(proxy.username), NULL },
    { "", "", PLACE(proxy.url), NULL },
    /* A partner replaces Terraform's own. */
    { "", "", PLACE(user_agent), AGENT },
    { "ARM_PARTNER_ID=", "", PLACE(user_agent), AGENT },
    { "", "'disable_terraform_partner_id':true", PLACE(user_agent), PLAIN_AGENT },
    { "ARM_PARTNER_ID=" GUID_B, "'partner_id':'" GUID_A "'", PLACE(user_agent),
      PLAIN_AGENT " pid-" GUID_A },
    { "ARM_PARTNER_ID=" GUID_B, "", PLACE(user_agent), PLAIN_AGENT " pid-" GUID_B },
    { "ARM_PARTNER_ID=" GUID_B, "'disable_terraform_partner_id':true", PLACE(user_agent),
      PLAIN_AGENT " pid-" GUID_B },
    { "", "'partner_id':'pid-" GUID_A "-partnercenter'", PLACE(user_agent),
      PLAIN_AGENT " pid-" GUID_A "-partnercenter" },
    { "TF_APPEND_USER_AGENT=", "", PLACE(user_agent), AGENT },
    { "TF_APPEND_USER_AGENT=pid-1234", "", PLACE(user_agent), AGENT " pid-1234" },
/* Auxiliary tenants are a list, or stand between semicolons. */
#define AUXILIARY(number) PLACE(auxiliary_tenant_ids[number])
    { "", "", AUXILIARY(0), NULL },
    { "", "'auxiliary_tenant_ids':['a','b','c']", AUXILIARY(0), "a" },
    { "", "'auxiliary_tenant_ids':['a','b','c']", AUXILIARY(2), "c" },
    { "ARM_AUXILIARY_TENANT_IDS=a;b;c", "", AUXILIARY(0), "a" },
    { "ARM_AUXILIARY_TENANT_IDS=a;b;c", "", AUXILIARY(2), "c" },
    { "ARM_AUXILIARY_TENANT_IDS=a", "", AUXILIARY(1), NULL },
    { "ARM_AUXILIARY_TENANT_IDS=a;;b;", "", AUXILIARY(1), "b" },
    { "ARM_AUXILIARY_TENANT_IDS=a;;b;", "", AUXILIARY(2), NULL },
    { "ARM_AUXILIARY_TENANT_IDS=;", "", AUXILIARY(0), NULL },
    { "ARM_AUXILIARY_TENANT_IDS=x;y;z;v", "'auxiliary_tenant_ids':['a']", AUXILIARY(0), "a" },
    { "ARM_AUXILIARY_TENANT_IDS=x;y;z;v", "'auxiliary_tenant_ids':['a']", AUXILIARY(1), NULL },
    { "ARM_AUXILIARY_TENANT_IDS=x", "'auxiliary_tenant_ids':[]", AUXILIARY(0), NULL },
};

TEST(a_session_has_what_block_and_variables_say)
{
    EACH (row, examples) {
        set_variables(row->variables);
        expect(row->place, row->block, row->want);
    }
    set_variables("");
    setenv("ARM_AUXILIARY_TENANT_IDS", " a ;; b;", 1);
    expect(AUXILIARY(0), "", "a");
    expect(AUXILIARY(1), "", "b");
}

TEST(the_user_agent_stays_one_header_line)
{
    static const char *const appended[][2] = { { "a/1 (b; c)", " a/1 (b; c)" },
                                               { "a\r\nX-Evil: 1", " a  X-Evil: 1" },
                                               { "a\tb\x01\x7F", " a b  " } };
    EACH (row, appended) {
        auto_arena arena = arena_new();
        set_variables("");
        setenv("TF_APPEND_USER_AGENT", (*row)[0], 1);
        expect(PLACE(user_agent), "", arena_print(arena, "%s%s", AGENT, (*row)[1]));
    }
    char huge[5000];
    memset(huge, 'x', sizeof huge);
    huge[10] = '\n';
    huge[20] = (char)0xFF;
    memcpy(&huge[30], "\xC3\xA4\xE2\x80\xA8", 5);
    huge[sizeof huge - 1] = '\0';
    setenv("TF_APPEND_USER_AGENT", huge, 1);
    struct configured configured;
    const char *agent = configure_well(&configured, "")->user_agent;
    assert_true(strlen(agent) <= 1024);
    assert_memory_equal(agent, AGENT " x", strlen(AGENT " x"));
    for (const char *at = agent; *at != '\0'; at++)
        assert_true((unsigned char)*at >= 0x20 && (unsigned char)*at < 0x7F);
    clear(&configured);
}

/* ---- switches ---------------------------------------------------------------------------- */

/* Some the session keeps as their opposite; some end up nowhere (0) or in the user agent. */
static const struct a_switch {
    const char *name, *env;
    bool fallback, is_opposite;
    size_t place;
} switches[] = {
    { "shared_reads_enabled", "AZURESTACK_SHARED_READS_ENABLED", true, true, PLACE(has_own_reads) },
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
    { "disable_correlation_request_id", "ARM_DISABLE_CORRELATION_REQUEST_ID", false, false,
      PLACE(has_no_correlation_id) },
    { "disable_instance_discovery", "ARM_DISABLE_INSTANCE_DISCOVERY", false, false, 0 },
    { "disable_terraform_partner_id", "ARM_DISABLE_TERRAFORM_PARTNER_ID", false, false, 0 },
};

static void expect_switch(const struct a_switch *row, const char *block, bool is_on)
{
    struct configured configured;
    configure_well(&configured, block);
    bool kept = *(const bool *)((const char *)configured.session + row->place);
    if (row->place != 0 && (kept != row->is_opposite) != is_on)
        fail_msg("%s with %s: %s", row->env, block, is_on ? "off" : "on");
    clear(&configured);
}

TEST(a_switch_is_read_as_go_reads_it)
{
    /* Source: strconv.ParseBool */
    static const char *const words[][2] = { { "0", "1" },        { "f", "t" },
                                            { "F", "T" },        { "FALSE", "TRUE" },
                                            { "false", "true" }, { "False", "True" } };
    EACH (row, switches) {
        auto_arena arena = arena_new();
        const char *on = arena_print(arena, "'%s':true", row->name);
        const char *off = arena_print(arena, "'%s':false", row->name);
        set_variables("");
        expect_switch(row, "", row->fallback);
        expect_switch(row, off, false);
        expect_switch(row, on, true);
        EACH (word, words) {
            setenv(row->env, (*word)[0], 1);
            expect_switch(row, "", false);
            expect_switch(row, on, true);
            setenv(row->env, (*word)[1], 1);
            expect_switch(row, "", true);
            expect_switch(row, off, false);
        }
        setenv(row->env, "", 1);
        expect_switch(row, "", row->fallback);
        const struct attribute *attribute = schema_find(provider_table.attributes, row->name);
        assert_string_equal(attribute->env[0], row->env);
        assert_null(attribute->env[1]);
    }
}

TEST(the_table_has_no_argument_that_is_not_tested_here)
{
    static const char *const of_examples[] = { "partner_id", "auxiliary_tenant_ids", "proxy" };
    size_t texts = 0, bools = 0;
    for (const struct attribute *row = provider_table.attributes; row->name != NULL; row++) {
        bools += row->type == &type_bool;
        texts += row->type != &type_bool && row->rows == NULL;
        texts += strcmp(row->name, "endpoint") == 0 ? schema_count(row->rows) : 0;
    }
    EACH (name, of_examples)
        texts -= schema_find(provider_table.attributes, *name)->rows == NULL;
    assert_int_equal(bools, sizeof switches / sizeof *switches);
    assert_int_equal(texts, sizeof settings / sizeof *settings);
}

/* ---- errors ------------------------------------------------------------------------------ */

static void expect_error(const char *block, const char *summary, const char *detail,
                         const char *path)
{
    struct configured configured;
    unsigned made = session_fakes_made;
    configure(&configured, block);
    if (configured.result == 0)
        fail_msg("taken: %s", block);
    assert_ptr_equal(configured.session, untouched);
    assert_int_equal(session_fakes_made, made);
    const struct diagnostic *diag = configured.diags.first;
    assert_string_equal(diag->summary, summary);
    assert_has(diag->detail, detail);
    assert_string_equal(path_format(configured.call.arena, diag->path), path);
    clear(&configured);
}

/* The summary is "Invalid" and the last name of the path. */
static const struct {
    const char *path, *block, *detail;
} invalid[] = {
#define ARM_PATH "endpoint[0].resource_manager_endpoint"
#define ARM(url) "'endpoint':[{'resource_manager_endpoint':'" url "'}]"
    { ARM_PATH, ARM("http://a"), "https://" },
    { "environment", "'environment':'german'", "\"public\"" },
    { "subscription_id", "'subscription_id':'x'", "GUID" },
    /* What is known and wrong is reported although something else is not known yet. */
    { "subscription_id", "'tenant_id':'(unknown)','subscription_id':'x'", "GUID" },
    { "auxiliary_tenant_ids", "'auxiliary_tenant_ids':['a','']", "Element 2" },
    /* A hub's own address where public Azure's belongs. */
    { ARM_PATH, ARM("https://adminmanagement.berlin.hub.example"), "in public Azure" },
    { ARM_PATH, ARM("https://AdminManagement.a.example:443"), "in public Azure" },
    { ARM_PATH, ARM("https://management.local.azurestack.external"), "public Azure" },
    { ARM_PATH, ARM("https://management.local.AzureStack.External/"), "public Azure" },
    { "metadata_host", "'metadata_host':'adminmanagement.a.example'", "public Azure" },
    { "metadata_host", "'metadata_host':'AdminManagement.a.example:443'", "public Azure" },
    { "metadata_host", "'metadata_host':'management.local.azurestack.external'", "public Azure" },
    /* An argument for a header or a host holds nothing else. */
    { "custom_correlation_request_id", "'custom_correlation_request_id':'a b'", "must" },
    { "custom_correlation_request_id", "'custom_correlation_request_id':'a\\r\\nX: 1'", "must" },
    { "custom_correlation_request_id", "'custom_correlation_request_id':''", "must" },
    { "custom_correlation_request_id", "'custom_correlation_request_id':'\\u00e4'", "must" },
    { "partner_id", "'partner_id':'x'", "must" },
    { "partner_id", "'partner_id':'pid-x'", "must" },
    { "partner_id", "'partner_id':'" GUID_A "-other'", "must" },
    { "partner_id", "'partner_id':''", "must" },
    { "metadata_host", "'metadata_host':'https://management.azure.com'", "must" },
    { "metadata_host", "'metadata_host':'management.azure.com/x'", "must" },
    { "metadata_host", "'metadata_host':'management.azure.com/'", "must" },
    { "metadata_host", "'metadata_host':'me@management.azure.com'", "must" },
    { "metadata_host", "'metadata_host':''", "must" },
};

/* The summary names the first variable, and there is no path. */
static const struct {
    const char *variables, *detail;
} invalid_variables[] = {
    { "ARM_SUBSCRIPTION_ID=x", "is not a GUID" },
    { "ARM_ENVIRONMENT=german", "\"china\" and \"custom\"" },
    { "ARM_RESOURCE_MANAGER_ENDPOINT=http://a", "https://" },
    { "ARM_RESOURCE_MANAGER_ENDPOINT=https://adminmanagement.a.example", "public Azure" },
    { "ARM_RESOURCE_MANAGER_ENDPOINT=https://management.local.azurestack.external",
      "public Azure" },
    { "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST=login.example.com", "https://" },
    { "AZURESTACK_SHARED_READS_ENABLED=yes", "is not a valid value" },
    { "AZURESTACK_SHARED_READS_ENABLED=tRUE", "is not a valid value" },
};

static const struct {
    const char *variables, *block, *summary, *detail, *path;
} errors[] = {
    { "", "'environment':'custom'", "Missing endpoints", "no default endpoints", "endpoint" },
    { "", "'environment':'Custom','endpoint':[{'resource_manager_endpoint':'https://a'}]",
      "Missing endpoints", "active_directory_authority_host", "endpoint" },
    { "",
      "'environment':'custom','endpoint':[{'active_directory_authority_host':"
      "'https://a'}]",
      "Missing endpoints", "resource_manager_endpoint", "endpoint" },
    { "ARM_ENVIRONMENT=CUSTOM", "", "Missing endpoints", "ARM_RESOURCE_MANAGER_ENDPOINT",
      "endpoint" },
    { "", "'endpoint':[{},{}]", "Too many endpoints", "one element", "endpoint" },
    { "", "'auxiliary_tenant_ids':['a','b','c','d']", "Too many auxiliary tenants", "at most 3",
      "auxiliary_tenant_ids" },
    { "ARM_AUXILIARY_TENANT_IDS=a;b;c;d", "", "Too many auxiliary tenants",
      "ARM_AUXILIARY_TENANT_IDS", "auxiliary_tenant_ids" },
    { "", "'ca_bundle':'/missing.pem'", "Cannot configure the provider", "/missing.pem", "" },
#define WRONG_PROXY(url) "", "'proxy':{'url':'" url "'}", "Invalid proxy URL"
    { WRONG_PROXY("p.example:3128"), "such as", "proxy.url" },
    { WRONG_PROXY("ftp://p.example"), "such as", "proxy.url" },
    { WRONG_PROXY("http://"), "such as", "proxy.url" },
    { WRONG_PROXY("http://p.example/path"), "such as", "proxy.url" },
    { WRONG_PROXY("http://p.example:0"), "such as", "proxy.url" },
    { WRONG_PROXY(""), "such as", "proxy.url" },
    { WRONG_PROXY("http://me:canary@p.example"), "username and password in the same argument",
      "proxy.url" },
    { "", "'proxy':{'url':'http://p.example','password':'x'}", "Proxy without username", "username",
      "proxy.password" },
};

TEST(an_error_names_its_path_or_variable)
{
    auto_arena arena = arena_new();
    set_variables("");
    EACH (row, invalid) {
        const char *dot = strrchr(row->path, '.');
        const char *name = dot != NULL ? dot + 1 : row->path;
        expect_error(row->block, arena_print(arena, "Invalid %s", name), row->detail, row->path);
    }
    EACH (row, invalid_variables) {
        set_variables(row->variables);
        expect_error("",
                     arena_print(arena, "Invalid environment variable %.*s",
                                 (int)strcspn(row->variables, "="), row->variables),
                     row->detail, "");
    }
    EACH (row, errors) {
        set_variables(row->variables);
        expect_error(row->block, row->summary, row->detail, row->path);
    }
}

TEST(an_unknown_configuration_gives_no_session_and_no_error)
{
    static const char *const blocks[] = {
        "'tenant_id':'(unknown)'",   "'client_secret':'(unknown)'",
        "'environment':'(unknown)'", "'endpoint':'(unknown)'",
        "'endpoint':['(unknown)']",  "'endpoint':[{'resource_manager_endpoint':'(unknown)'}]",
    };
    set_variables("");
    EACH (block, blocks) {
        unsigned made = session_fakes_made;
        struct configured configured;
        configure(&configured, *block);
        assert_int_equal(configured.result, 0);
        assert_null(configured.session);
        assert_null(configured.diags.first);
        assert_int_equal(session_fakes_made, made);
        clear(&configured);
    }
}

TEST(validation_of_the_block_reads_no_variables)
{
    set_variables("ARM_SUBSCRIPTION_ID=x ARM_ENVIRONMENT=custom");
    auto_call call;
    call_init(&call, NULL);
    struct diags diags;
    diags_init(&diags, call.arena);
    const struct value *config =
        value_object_of_nulls(call.arena, schema_rows_type(call.arena, provider_table.attributes));
    assert_int_equal(configure_validate(&call, &provider_table, config, &diags), 0);
    assert_null(diags.first);
}
