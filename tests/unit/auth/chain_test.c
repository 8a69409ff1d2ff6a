/* Which credential is used when several could be, and what is said when none can.
 * SPDX-License-Identifier: MPL-2.0 */
#include <sys/stat.h>

#include "support/test_certificate.h"
#include "unit/auth/credential_run.h"

static char *certificate;

static int prepare(void **state)
{
    if (begin_in_folder(state) < 0)
        return -1;
    setenv("PATH", folder, 1);
    setenv("AZURE_FEDERATED_TOKEN_FILE", "/nowhere", 1);
    struct test_certificate made;
    test_certificate_make(&made, "RSA", 10);
    certificate = (char *)test_certificate_pem(made.key, made.x509, NULL).data;
    test_certificate_clear(&made);
    return chmod(put_text("az", "#!/bin/sh\nexit 1\n"), 0700);
}

static int clear(void **state)
{
    free(certificate);
    return folder_end(state);
}

static struct auth_config all(void)
{
    return (struct auth_config){
        .authority = "https://login.test",
        .tenant_id = "t",
        .client_id = "c",
        .client_secret = "s",
        .client_certificate = certificate,
        .uses_oidc = true,
        .oidc_token = FOREIGN,
        .oidc_token_file_path = "/nowhere",
        .oidc_request_url = "https://vsts.test/x",
        .oidc_request_token = "r",
        .ado_pipeline_service_connection_id = "a",
        .uses_aks_workload_identity = true,
        .uses_msi = true,
        .uses_cli = true,
    };
}

static void expect_source(const struct auth_config *config, const char *name)
{
    struct credential *credential = NULL;
    struct error err = NO_ERROR;
    if (credential_choose(config, &credential, &err) < 0)
        fail_msg("%s: %s", name, err.text);
    assert_string_equal(credential->source->name, name);
    credential_free(credential);
}

TEST(the_first_that_is_complete_is_used_in_azurerms_order)
{
    struct auth_config config = all();
    expect_source(&config, "client certificate");
    config.client_certificate = NULL;
    expect_source(&config, "client secret");
    config.client_secret = NULL;
    expect_source(&config, "OIDC token");
    config.oidc_token = NULL;
    expect_source(&config, "OIDC token file");
    config.oidc_token_file_path = NULL;
    expect_source(&config, "Azure DevOps OIDC");
    config.ado_pipeline_service_connection_id = NULL;
    expect_source(&config, "GitHub Actions OIDC");
    config.oidc_request_url = NULL;
    expect_source(&config, "AKS workload identity");
    config.uses_aks_workload_identity = false;
    expect_source(&config, "managed identity");
    /* An application without a credential is ignored: the user who is signed in is used. */
    config.uses_msi = false;
    expect_source(&config, "Azure CLI");
    /* Without its switch a method is not used. */
    config = all();
    config.client_certificate = config.client_secret = NULL;
    config.uses_oidc = false;
    expect_source(&config, "AKS workload identity");
}

TEST(without_a_credential_each_reports_what_is_missing)
{
    unsetenv("AZURE_FEDERATED_TOKEN_FILE");
    struct auth_config config = { .authority = "https://login.test" };
    expect_missing(
        &config,
        "\n  - client certificate: set tenant_id (ARM_TENANT_ID), client_id (ARM_CLIENT_ID), "
        "client_certificate_path (ARM_CLIENT_CERTIFICATE_PATH) or client_certificate "
        "(ARM_CLIENT_CERTIFICATE)\n",
        "\n  - client secret: set tenant_id (ARM_TENANT_ID), client_id (ARM_CLIENT_ID), "
        "client_secret (ARM_CLIENT_SECRET)\n",
        "\n  - OIDC token: use_oidc (ARM_USE_OIDC) is not true\n",
        "\n  - OIDC token file: use_oidc (ARM_USE_OIDC) is not true\n",
        "\n  - Azure DevOps OIDC: use_oidc (ARM_USE_OIDC) is not true\n",
        "\n  - GitHub Actions OIDC: use_oidc (ARM_USE_OIDC) is not true\n",
        "\n  - AKS workload identity: use_aks_workload_identity "
        "(ARM_USE_AKS_WORKLOAD_IDENTITY) is not true\n",
        "\n  - managed identity: use_msi (ARM_USE_MSI) is not true\n",
        "\n  - Azure CLI: use_cli (ARM_USE_CLI) is false");

    config.tenant_id = "t";
    config.client_id = "";
    expect_missing(&config, "\n  - client secret: set client_id (ARM_CLIENT_ID), client_secret "
                            "(ARM_CLIENT_SECRET)\n");

    config.client_id = "c";
    config.uses_oidc = config.uses_aks_workload_identity = config.uses_cli = true;
    setenv("PATH", "/nowhere::relative:.", 1);
    setenv("SYSTEM_OIDCREQUESTURI", "https://ado.test/", 1);
    config.oidc_request_url = "https://ado.test/";
    expect_missing(
        &config, "\n  - client secret: set client_secret (ARM_CLIENT_SECRET)\n",
        "\n  - OIDC token: set oidc_token (ARM_OIDC_TOKEN)\n",
        "\n  - OIDC token file: set oidc_token_file_path (ARM_OIDC_TOKEN_FILE_PATH)\n",
        "\n  - Azure DevOps OIDC: set ado_pipeline_service_connection_id "
        "(ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID), oidc_request_token "
        "(ARM_OIDC_REQUEST_TOKEN, SYSTEM_ACCESSTOKEN)\n",
        "\n  - GitHub Actions OIDC: SYSTEM_OIDCREQUESTURI is set, which means Azure DevOps\n",
        "\n  - AKS workload identity: set AZURE_FEDERATED_TOKEN_FILE",
        "\n  - Azure CLI: the program `az` is not on PATH");
    unsetenv("SYSTEM_OIDCREQUESTURI");
    expect_missing(
        &config,
        "\n  - GitHub Actions OIDC: set oidc_request_token (ARM_OIDC_REQUEST_TOKEN, "
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN). GitHub sets the variable in jobs with the permission "
        "`id-token: write`\n");
    setenv("PATH", folder, 1);
}

TEST(an_ad_fs_takes_secrets_and_certificates_only)
{
    struct auth_config config = all();
    config.is_adfs = true;
    expect_source(&config, "client certificate");
    config.client_certificate = NULL;
    expect_source(&config, "client secret");
    config.client_secret = NULL;
    EACH_TEXT (name, "OIDC token", "managed identity", "Azure CLI") {
        auto_char line = memory_print(
            "- %s: not with AD FS, which accepts only client secrets and client certificates",
            name);
        expect_missing(&config, line);
    }
}

TEST(a_program_that_cannot_be_run_is_no_program)
{
    struct auth_config config = { .authority = "https://login.test", .uses_cli = true };
    chmod(in_folder("az"), 0600);
    expect_missing(&config, "the program `az` is not on PATH");
    chmod(in_folder("az"), 0700);
    setenv("PATH", arena_print(folder_paths, "/nowhere:%s", folder), 1);
    expect_source(&config, "Azure CLI");
    setenv("PATH", folder, 1);
}

TEST(a_text_may_stand_in_a_file)
{
    struct auth_config config = { .authority = "https://login.test",
                                  .tenant_id = "t",
                                  .client_id_file_path = put_text("id", " app-in-file\n"),
                                  .client_secret_file_path = put_text("secret", "s&cret\n") };
    auto_run run = begin(&config, ANSWERS(good_token));
    assert_fetched(run);
    assert_has(sent(run, 0)->body, "client_id=app-in-file&client_secret=s%26cret&");

    /* Twice the same is no contradiction. */
    config.client_id = "app-in-file";
    expect_source(&config, "client secret");
    config.client_id = "c4nary";
    expect_unusable(
        &config,
        "client_id (ARM_CLIENT_ID) and the file in client_id_file_path (ARM_CLIENT_ID_FILE_PATH) have different values");
    config.client_id = NULL;
    config.client_secret = "c4nary";
    expect_unusable(&config,
                    "client_secret_file_path (ARM_CLIENT_SECRET_FILE_PATH) have different values");
    config.client_secret = NULL;
    put_text("secret", "c4nary\nsecond line\n");
    expect_unusable(&config, "more than one line");
    put_text("secret", " \n");
    expect_unusable(&config, "is empty");
    config.client_secret_file_path = "/nowhere/secret";
    expect_unusable(&config, "/nowhere/secret, which cannot be read: No such file");
}

TEST_GROUP(prepare, clear)
