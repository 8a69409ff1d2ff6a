/* Configure: where each setting comes from. What becomes of several, and which are refused:
 * tests/exchanges/configure.
 * SPDX-License-Identifier: MPL-2.0 */
#include <unistd.h>

#include "unit/configure/run.h"

#define PLACE(member) offsetof(struct session, config.member)
#define GUID_A "0a1b2c3d-1111-4222-8333-444455556666"
#define GUID_B "5b0c9a51-7c3e-4d29-9f41-3a6d4e2b8c10"
/* Source: azurerm, internal/common/client_options.go */
#define AGENT                                                                                      \
    "Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-azurestack/0.1.0 "            \
    "pid-222c6c49-1b0a-5959-a213-6608f9eb8820"

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

TEST(the_user_agent_stays_one_header_line)
{
    char huge[5000];
    memset(huge, 'x', sizeof huge);
    huge[10] = '\n';
    huge[20] = (char)0xFF;
    memcpy(&huge[30], "\xC3\xA4\xE2\x80\xA8", 5);
    huge[sizeof huge - 1] = '\0';
    set_variables("");
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
