/* Which credential is used when several could be, and what is said when none can.
 * SPDX-License-Identifier: MPL-2.0 */
#include <sys/stat.h>
#include <unistd.h>

#include "support/test.h"
#include "support/test_certificate.h"
#include "unit/auth/credential_run.h"

static char *folder, *az, *certificate;

static int prepare(void **state)
{
    (void)state;
    forget_variables();
    folder = memory_copy_text("/tmp/azurestack-chain-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return -1;
    az = memory_print("%s/az", folder);
    rewrite_file(az, "#!/bin/sh\nexit 1\n");
    chmod(az, 0700);
    setenv("PATH", folder, 1);
    setenv("AZURE_FEDERATED_TOKEN_FILE", "/nowhere", 1);
    struct test_certificate made;
    test_certificate_make(&made, "RSA", 10);
    struct test_bytes pem = test_certificate_pem(made.key, made.x509, NULL);
    certificate = (char *)pem.data;
    test_certificate_clear(&made);
    return 0;
}

static int clear(void **state)
{
    (void)state;
    remove_file(az);
    rmdir(folder);
    free(folder);
    free(certificate);
    return 0;
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
    config.uses_msi = false;
    expect_source(&config, "Azure CLI");
}

TEST(without_its_switch_a_method_is_not_used)
{
    struct auth_config config = all();
    config.client_certificate = config.client_secret = NULL;
    config.uses_oidc = false;
    expect_source(&config, "AKS workload identity");
    config.uses_aks_workload_identity = false;
    expect_source(&config, "managed identity");
    /* An application without a proof is nobody: whoever is signed in goes on. */
    config.uses_msi = false;
    expect_source(&config, "Azure CLI");
}

static void expect_none(const struct auth_config *config, const char *const *lines)
{
    struct credential *credential = NULL;
    struct error err = NO_ERROR;
    if (credential_choose(config, &credential, &err) == 0)
        fail_msg("there is %s", credential->source->name);
    assert_int_equal(err.kind, ERR_CREDENTIAL);
    assert_null(credential);
    for (; *lines != NULL; lines++)
        assert_has(err.text, *lines);
    assert_true(strlen(err.text) < sizeof err.text - 100);
    assert_lacks(err.text, "c4nary");
}

TEST(without_a_credential_each_reports_what_is_missing)
{
    unsetenv("AZURE_FEDERATED_TOKEN_FILE");
    struct auth_config config = { .authority = "https://login.test" };
    static const char *const off[] = {
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
        "\n  - Azure CLI: use_cli (ARM_USE_CLI) is false",
        NULL,
    };
    expect_none(&config, off);

    config.tenant_id = "t";
    config.client_id = "c";
    config.uses_oidc = config.uses_aks_workload_identity = config.uses_cli = true;
    setenv("PATH", "/nowhere::relative:.", 1);
    setenv("SYSTEM_OIDCREQUESTURI", "https://ado.test/", 1);
    config.oidc_request_url = "https://ado.test/";
    static const char *const half[] = {
        "\n  - client secret: set client_secret (ARM_CLIENT_SECRET)\n",
        "\n  - OIDC token: set oidc_token (ARM_OIDC_TOKEN)\n",
        "\n  - OIDC token file: set oidc_token_file_path (ARM_OIDC_TOKEN_FILE_PATH)\n",
        "\n  - Azure DevOps OIDC: set ado_pipeline_service_connection_id "
        "(ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID), oidc_request_token "
        "(ARM_OIDC_REQUEST_TOKEN, SYSTEM_ACCESSTOKEN)\n",
        "\n  - GitHub Actions OIDC: the address in SYSTEM_OIDCREQUESTURI is Azure DevOps's\n",
        "\n  - AKS workload identity: set AZURE_FEDERATED_TOKEN_FILE",
        "\n  - Azure CLI: there is no program `az` on PATH",
        NULL,
    };
    expect_none(&config, half);
    unsetenv("SYSTEM_OIDCREQUESTURI");
    static const char *const github[] = {
        "\n  - GitHub Actions OIDC: set oidc_request_token (ARM_OIDC_REQUEST_TOKEN, "
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN), which GitHub sets in jobs with the permission "
        "`id-token: write`\n",
        NULL,
    };
    expect_none(&config, github);
    setenv("PATH", folder, 1);
}

TEST(an_ad_fs_takes_secrets_and_certificates_only)
{
    static const char reason[] =
        "AD FS takes client secrets and client certificates only";
    struct auth_config config = all();
    config.is_adfs = true;
    expect_source(&config, "client certificate");
    config.client_certificate = NULL;
    expect_source(&config, "client secret");
    config.client_secret = NULL;
    struct credential *credential = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(credential_choose(&config, &credential, &err), -1);
    assert_int_equal(err.kind, ERR_CREDENTIAL);
    for (const char *const *name =
             (const char *const[]){ "OIDC token", "managed identity", "Azure CLI", NULL };
         *name != NULL; name++) {
        char line[200];
        snprintf(line, sizeof line, "- %s: %s", *name, reason);
        assert_has(err.text, line);
    }
}

TEST(a_program_that_cannot_be_run_is_no_program)
{
    struct auth_config config = { .authority = "https://login.test", .uses_cli = true };
    static const char *const none[] = { "there is no program `az` on PATH", NULL };
    chmod(az, 0600);
    expect_none(&config, none);
    chmod(az, 0700);
    char *path = memory_print("/nowhere:%s", folder);
    setenv("PATH", path, 1);
    expect_source(&config, "Azure CLI");
    free(path);
    setenv("PATH", folder, 1);
}

TEST(a_text_may_stand_in_a_file)
{
    char *id = write_file(" app-in-file\n", 13), *secret = write_file("s&cret\n", 7);
    struct auth_config config = { .authority = "https://login.test",
                                  .tenant_id = "t",
                                  .client_id_file_path = id,
                                  .client_secret_file_path = secret };
    struct run *run = begin(
        &config, (const struct fake_answer[]){ { 200, .body = GOOD_TOKEN }, { 0 } });
    assert_fetched(run);
    assert_has(fake_transport_request(run->fake, 0)->body,
               "client_id=app-in-file&client_secret=s%26cret&");
    end(run);

    /* Twice the same is no contradiction. */
    config.client_id = "app-in-file";
    expect_source(&config, "client secret");
    config.client_id = "c4nary";
    expect_unusable(&config, "client_id (ARM_CLIENT_ID) and the file that "
                             "client_id_file_path (ARM_CLIENT_ID_FILE_PATH) names say "
                             "different things");
    config.client_id = NULL;
    config.client_secret = "c4nary";
    expect_unusable(&config,
                    "client_secret_file_path (ARM_CLIENT_SECRET_FILE_PATH) names say "
                    "different things");
    config.client_secret = NULL;
    rewrite_file(secret, "c4nary\nsecond line\n");
    expect_unusable(&config, "more than one line");
    rewrite_file(secret, " \n");
    expect_unusable(&config, "is empty");
    config.client_secret_file_path = "/nowhere/secret";
    expect_unusable(&config, "/nowhere/secret, which cannot be read: No such file");
    remove_file(id);
    remove_file(secret);
}

TEST_GROUP(prepare, clear)
