/* The provider block. Names, variables and defaults are azapi's and azurerm's wherever they
 * have them, so that their users can copy their block.
 * Source: azapi docs/index.md and internal/provider/provider.go
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/tables.h"

static const struct attribute endpoint[] = {
    { "active_directory_authority_host", &type_string, OPTIONAL,
      .env = ENV("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"), .check = check_https_endpoint,
      .doc = "The endpoint of Microsoft Entra, such as "
             "`https://login.microsoftonline.com`. This can also be sourced "
             "from the `ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST` Environment "
             "Variable. Defaults to the endpoint of `environment`." },
    { "resource_manager_audience", &type_string, OPTIONAL,
      .env = ENV("ARM_RESOURCE_MANAGER_AUDIENCE"), .check = check_not_empty,
      .doc =
          "The audience of access tokens, such as `https://management.azure.com`. This "
          "can also be sourced from the `ARM_RESOURCE_MANAGER_AUDIENCE` Environment "
          "Variable. Defaults to the audience of `environment`, or for `custom` to "
          "`resource_manager_endpoint`." },
    { "resource_manager_endpoint", &type_string, OPTIONAL,
      .env = ENV("ARM_RESOURCE_MANAGER_ENDPOINT"), .check = check_public_endpoint,
      .doc = "The endpoint of public Azure Resource Manager, such as "
             "`https://management.azure.com`. Must not be a hub's. This can "
             "also be sourced from the `ARM_RESOURCE_MANAGER_ENDPOINT` "
             "Environment Variable. Defaults to the endpoint of `environment`." },
    { 0 },
};

static const struct attribute proxy[] = {
    { "password", &type_string, OPTIONAL | SENSITIVE,
      .doc = "The password for the proxy." },
    { "url", &type_string, REQUIRED, .check = check_proxy_url,
      .doc = "The address of the proxy, such as "
             "`http://proxy.example.com:3128`. Possible schemes are `http`, "
             "`https`, `socks4`, `socks4a`, `socks5` and `socks5h`. Must not "
             "contain a user name or a password." },
    { "username", &type_string, OPTIONAL, .check = check_not_empty,
      .doc = "The user name for the proxy." },
    { 0 },
};

static const struct attribute attributes[] = {
    { "tenant_id", &type_string, OPTIONAL, .env = ENV("ARM_TENANT_ID"),

      .doc = "The ID of the Microsoft Entra tenant to sign in to: the tenant of the "
             "registration's subscription. This can also be sourced from the "
             "`ARM_TENANT_ID` Environment Variable." },
    { "auxiliary_tenant_ids", &type_list_of_string, OPTIONAL,
      .env = ENV("ARM_AUXILIARY_TENANT_IDS"),
      .doc =
          "Up to three more tenants. The provider adds a token of each to every request, "
          "for resources that refer to each other across tenants. This can also be "
          "sourced from the `ARM_AUXILIARY_TENANT_IDS` Environment Variable, separated "
          "by semicolons." },
    { "client_id", &type_string, OPTIONAL, .env = ENV("ARM_CLIENT_ID", "AZURE_CLIENT_ID"),
      .other_forms = NAMES("client_id_file_path"),
      .doc = "The client ID of the service principal, or of a user-assigned managed "
             "identity. This can also be sourced from the `ARM_CLIENT_ID` or "
             "`AZURE_CLIENT_ID` Environment Variable." },
    { "client_id_file_path", &type_string, OPTIONAL,
      .env = ENV("ARM_CLIENT_ID_FILE_PATH"), .other_forms = NAMES("client_id"),
      .doc =
          "The path of a file that contains the client ID. This can also be sourced from "
          "the `ARM_CLIENT_ID_FILE_PATH` Environment Variable." },
    { "client_secret", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("ARM_CLIENT_SECRET"), .sign_in = SIGN_IN_SECRET,
      .other_forms = NAMES("client_secret_file_path"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc =
          "The client secret of the service principal. This can also be sourced from the "
          "`ARM_CLIENT_SECRET` Environment Variable." },
    { "client_secret_file_path", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("ARM_CLIENT_SECRET_FILE_PATH"), .sign_in = SIGN_IN_SECRET,
      .other_forms = NAMES("client_secret"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc =
          "The path of a file that contains the client secret. This can also be sourced "
          "from the `ARM_CLIENT_SECRET_FILE_PATH` Environment Variable." },
    { "client_certificate", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("ARM_CLIENT_CERTIFICATE"), .sign_in = SIGN_IN_CERTIFICATE,
      .other_forms = NAMES("client_certificate_path"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc = "The certificate of the service principal with its private key: a "
             "PKCS#12 (`.pfx`) or PEM file, encoded in base64. This can also "
             "be sourced from the `ARM_CLIENT_CERTIFICATE` Environment "
             "Variable." },
    { "client_certificate_path", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("ARM_CLIENT_CERTIFICATE_PATH"), .sign_in = SIGN_IN_CERTIFICATE,
      .other_forms = NAMES("client_certificate"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc = "The path of the PKCS#12 (`.pfx`) or PEM file with the certificate of the "
             "service principal and its private key. This can also be sourced from the "
             "`ARM_CLIENT_CERTIFICATE_PATH` Environment Variable." },
    { "client_certificate_password", &type_string, OPTIONAL | SENSITIVE,
      .env = ENV("ARM_CLIENT_CERTIFICATE_PASSWORD"), .sign_in = SIGN_IN_CERTIFICATE,
      .given_with = NAMES("client_certificate", "client_certificate_path"),
      .doc = "The password of the certificate file. This can also be sourced "
             "from the `ARM_CLIENT_CERTIFICATE_PASSWORD` Environment Variable." },
    { "use_oidc", &type_bool, OPTIONAL | CHOOSES, .env = ENV("ARM_USE_OIDC"),
      .default_value = "false", .sign_in = SIGN_IN_OIDC,
      .doc = "Whether to sign in with OpenID Connect. This can also be sourced from the "
             "`ARM_USE_OIDC` Environment Variable. Defaults to `false`." },
    { "oidc_token", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("ARM_OIDC_TOKEN"), .sign_in = SIGN_IN_OIDC,
      .other_forms = NAMES("oidc_token_file_path", "oidc_request_url",
                           "oidc_request_token", "ado_pipeline_service_connection_id"),
      .doc =
          "The OpenID Connect token. This can also be sourced from the `ARM_OIDC_TOKEN` "
          "Environment Variable." },
    { "oidc_token_file_path", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("ARM_OIDC_TOKEN_FILE_PATH", "AZURE_FEDERATED_TOKEN_FILE"),
      .sign_in = SIGN_IN_OIDC,
      .other_forms = NAMES("oidc_token", "oidc_request_url", "oidc_request_token",
                           "ado_pipeline_service_connection_id"),
      .doc =
          "The path of a file that contains the OpenID Connect token. The provider reads "
          "the file again for each renewal. This can also be sourced from the "
          "`ARM_OIDC_TOKEN_FILE_PATH` or `AZURE_FEDERATED_TOKEN_FILE` Environment "
          "Variable." },
    { "oidc_request_token", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                 "SYSTEM_ACCESSTOKEN"),
      .sign_in = SIGN_IN_OIDC, .other_forms = NAMES("oidc_token", "oidc_token_file_path"),
      .given_with = NAMES("oidc_request_url"),
      .doc =
          "The bearer token for requests to `oidc_request_url`. This can also be sourced "
          "from the `ARM_OIDC_REQUEST_TOKEN`, `ACTIONS_ID_TOKEN_REQUEST_TOKEN` or "
          "`SYSTEM_ACCESSTOKEN` Environment Variable." },
    { "oidc_request_url", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL",
                 "SYSTEM_OIDCREQUESTURI"),
      .sign_in = SIGN_IN_OIDC, .other_forms = NAMES("oidc_token", "oidc_token_file_path"),
      .doc =
          "The URL at which GitHub Actions or Azure DevOps issues tokens to a job. This "
          "can also be sourced from the `ARM_OIDC_REQUEST_URL`, "
          "`ACTIONS_ID_TOKEN_REQUEST_URL` or `SYSTEM_OIDCREQUESTURI` Environment "
          "Variable." },
    { "ado_pipeline_service_connection_id", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
                 "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
                 "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"),
      .sign_in = SIGN_IN_OIDC, .other_forms = NAMES("oidc_token", "oidc_token_file_path"),
      .doc = "The ID of the Azure DevOps service connection to request a token for. This "
             "can also be sourced from the `ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID`, "
             "`ARM_OIDC_AZURE_SERVICE_CONNECTION_ID` or "
             "`AZURESUBSCRIPTION_SERVICE_CONNECTION_ID` Environment Variable." },
    { "use_aks_workload_identity", &type_bool, OPTIONAL | CHOOSES,
      .env = ENV("ARM_USE_AKS_WORKLOAD_IDENTITY"), .default_value = "false",
      .sign_in = SIGN_IN_AKS,
      .doc = "Whether to sign in with the workload identity of a pod in Azure "
             "Kubernetes Service (AKS). This can also be sourced from the "
             "`ARM_USE_AKS_WORKLOAD_IDENTITY` Environment Variable. Defaults "
             "to `false`." },
    { "use_msi", &type_bool, OPTIONAL | CHOOSES, .env = ENV("ARM_USE_MSI"),
      .default_value = "false", .sign_in = SIGN_IN_MSI,
      .doc =
          "Whether to sign in with the managed identity of the machine. This can also be "
          "sourced from the `ARM_USE_MSI` Environment Variable. Defaults to `false`." },
    { "msi_endpoint", &type_string, OPTIONAL, .env = ENV("ARM_MSI_ENDPOINT"),
      .sign_in = SIGN_IN_MSI,
      .doc = "The address of the managed identity service, if the provider does not find "
             "it. This can also be sourced from the `ARM_MSI_ENDPOINT` Environment "
             "Variable." },
    { "msi_api_version", &type_string, OPTIONAL, .env = ENV("ARM_MSI_API_VERSION"),
      .sign_in = SIGN_IN_MSI,
      .doc = "The api-version of the managed identity service, if it is not the default "
             "one. This can also be sourced from the `ARM_MSI_API_VERSION` Environment "
             "Variable." },
    { "use_cli", &type_bool, OPTIONAL | CHOOSES, .env = ENV("ARM_USE_CLI"),
      .default_value = "true", .sign_in = SIGN_IN_CLI,
      .doc = "Whether to sign in as the user of the Azure CLI. This can also be sourced "
             "from the `ARM_USE_CLI` Environment Variable. Defaults to `true`." },
    { "subscription_id", &type_string, OPTIONAL, .env = ENV("ARM_SUBSCRIPTION_ID"),
      .check = check_guid,
      .doc =
          "The ID of the default subscription for data sources and resources with a "
          "`subscription_id` argument. Resources whose IDs contain a subscription do not "
          "need it. This can also be sourced from the `ARM_SUBSCRIPTION_ID` Environment "
          "Variable." },
    { "environment", &type_string, OPTIONAL, .env = ENV("ARM_ENVIRONMENT"),
      .one_of = ONE_OF("public", "usgovernment", "china", "custom"),
      .compare = COMPARE_IGNORING_CASE, .default_value = "public",
      .doc = "The cloud that contains the registrations. Possible values are `public`, "
             "`usgovernment`, `china` and `custom`. `custom` takes all addresses from "
             "`endpoint` or `metadata_host`. This can also be sourced from the "
             "`ARM_ENVIRONMENT` Environment Variable. Defaults to `public`." },
    { "endpoint", NULL, OPTIONAL, .nesting = NESTING_LIST, .rows = endpoint,
      .doc = "Addresses that replace those of `environment`. At most one element is "
             "possible. If it is not set, the provider reads the variables of its "
             "arguments." },
    { "metadata_host", &type_string, OPTIONAL,
      .env = ENV("ARM_METADATA_HOSTNAME", "ARM_METADATA_HOST"), .check = check_host,
      .doc =
          "The host from which to read the addresses of the cloud, such as "
          "`management.azure.com`. They replace those of `environment`. The provider "
          "sends no request to it if `endpoint` sets all addresses. This can also be "
          "sourced from the `ARM_METADATA_HOSTNAME` or `ARM_METADATA_HOST` Environment "
          "Variable." },
    { "disable_instance_discovery", &type_bool, OPTIONAL,
      .env = ENV("ARM_DISABLE_INSTANCE_DISCOVERY"), .default_value = "false",
      .doc =
          "Has no effect: this provider never validates a login host with Microsoft. It "
          "exists for compatibility with azurerm and azapi. This can also be sourced "
          "from the `ARM_DISABLE_INSTANCE_DISCOVERY` Environment Variable. Defaults to "
          "`false`." },
    { "partner_id", &type_string, OPTIONAL, .env = ENV("ARM_PARTNER_ID"),
      .check = check_partner_id,
      .doc = "The GUID of the partner to which Azure attributes usage. This can also be "
             "sourced from the `ARM_PARTNER_ID` Environment Variable." },
    { "disable_terraform_partner_id", &type_bool, OPTIONAL,
      .env = ENV("ARM_DISABLE_TERRAFORM_PARTNER_ID"), .default_value = "false",
      .doc =
          "Whether to omit Terraform's partner ID, which the provider sends if "
          "`partner_id` is not set. This can also be sourced from the "
          "`ARM_DISABLE_TERRAFORM_PARTNER_ID` Environment Variable. Defaults to `false`." },
    { "custom_correlation_request_id", &type_string, OPTIONAL,
      .env = ENV("ARM_CORRELATION_REQUEST_ID"), .check = check_header_word,
      .doc = "The value of the header `x-ms-correlation-request-id` in each "
             "request. This can also be sourced from the "
             "`ARM_CORRELATION_REQUEST_ID` Environment Variable. Defaults to a "
             "new GUID for each run." },
    { "disable_correlation_request_id", &type_bool, OPTIONAL,
      .env = ENV("ARM_DISABLE_CORRELATION_REQUEST_ID"), .default_value = "false",
      .doc =
          "Whether to omit `x-ms-correlation-request-id` from requests. This can also be "
          "sourced from the `ARM_DISABLE_CORRELATION_REQUEST_ID` Environment Variable. "
          "Defaults to `false`." },
    { "api_version", &type_string, OPTIONAL, .env = ENV("AZURESTACK_API_VERSION"),
      .check = check_api_version,
      .doc =
          "The api-version of `Microsoft.AzureStack` in Azure Resource Manager. Set it "
          "only if Azure retires the default version. This can also be sourced from the "
          "`AZURESTACK_API_VERSION` Environment Variable. Defaults to `2017-06-01`." },
    { "ca_bundle", &type_string, OPTIONAL, .check = check_not_empty,
      .doc = "The path of a PEM file with the certificate authorities to trust, which "
             "replaces the system's file. If it is not set, the provider reads the "
             "`SSL_CERT_FILE` and `SSL_CERT_DIR` Environment Variables." },
    { "proxy", NULL, OPTIONAL, .nesting = NESTING_SINGLE, .rows = proxy,
      .doc =
          "The proxy for all requests. It overrides the `HTTPS_PROXY`, `HTTP_PROXY` and "
          "`ALL_PROXY` Environment Variables. The provider always connects directly to "
          "hosts in `NO_PROXY`, to the local machine and to the managed identity "
          "service." },
    { "hub", NULL, OPTIONAL, .nesting = NESTING_SINGLE, .is_block = true,
      .rows = provider_hub,
      .doc =
          "The Azure Stack Hub, for objects on the hub itself. A plan of a new mapping also "
          "asks it. The provider does not contact it for other objects. For several hubs, "
          "use one provider block with an `alias` for each." },
    { "partner", NULL, OPTIONAL, .nesting = NESTING_SINGLE, .is_block = true,
      .rows = provider_partner,
      .doc =
          "Partner Center, for customers, their agreements and their Azure plans. The provider "
          "does not contact it for other objects." },
    { "destroy_warning_enabled", &type_bool, OPTIONAL,
      .env = ENV("AZURESTACK_DESTROY_WARNING_ENABLED"), .default_value = "true",
      .doc =
          "Whether a plan that deletes an object warns about the consequences, such as who "
          "pays from then on. This can also be sourced from the "
          "`AZURESTACK_DESTROY_WARNING_ENABLED` Environment Variable. Defaults to `true`." },
    { "destroy_lock_check_enabled", &type_bool, OPTIONAL,
      .env = ENV("AZURESTACK_DESTROY_LOCK_CHECK_ENABLED"), .default_value = "false",
      .doc = "Whether a plan that deletes a registration or a mapping reads the locks of "
             "the registration, and fails if a lock prevents the delete. Requires the "
             "permission `Microsoft.Authorization/locks/read`. This can also be sourced "
             "from the `AZURESTACK_DESTROY_LOCK_CHECK_ENABLED` Environment Variable. "
             "Defaults to `false`." },
    { "plan_checks_required", &type_bool, OPTIONAL,
      .env = ENV("AZURESTACK_PLAN_CHECKS_REQUIRED"), .default_value = "false",
      .doc =
          "Whether a plan fails if it cannot be checked, because Azure, the hub, Partner "
          "Center, a proxy or the login service cannot be reached, or because the credential "
          "cannot read what the check needs. Otherwise the plan warns. Set it in "
          "pipelines. This can also be sourced from the "
          "`AZURESTACK_PLAN_CHECKS_REQUIRED` Environment Variable. Defaults to `false`." },
    { "shared_reads_enabled", &type_bool, OPTIONAL,
      .env = ENV("AZURESTACK_SHARED_READS_ENABLED"), .default_value = "true",
      .doc =
          "Whether the provider reads the mappings of a registration with one list. If "
          "`false`, it sends a request for each mapping. This can also be sourced from "
          "the `AZURESTACK_SHARED_READS_ENABLED` Environment Variable. Defaults to "
          "`true`." },
    { 0 },
};

const struct provider_table provider_table = {
    .name = "azurestack",
    .doc = "Manages the customers of Azure Stack Hubs for a Cloud Solution Provider: "
           "which Azure subscription pays for a customer's usage of a hub. The mappings "
           "are in public Azure Resource Manager. Objects on a hub itself require the "
           "block `hub`, objects in Partner Center the block `partner`.",
    .attributes = attributes,
};
