/* The rows of the provider's block `hub`: where an Azure Stack Hub is, and who signs in there.
 * What it leaves out of the credential is the provider's; the tenant never is. The hub's own
 * metadata have its login service, its directory and the audience of its tokens.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/tables.h"

static const struct attribute user[] = {
    { "tenant_id", &type_string, OPTIONAL, .env = ENV("AZURESTACK_HUB_USER_TENANT_ID"),
      .doc = "The ID or a domain name of the customer's directory, which "
             "issues the tokens. This can also be sourced from the "
             "`AZURESTACK_HUB_USER_TENANT_ID` Environment Variable. Defaults "
             "to the hub's home directory." },
    { "audience", &type_string, OPTIONAL, .env = ENV("AZURESTACK_HUB_USER_AUDIENCE"),
      .check = check_not_empty,
      .doc =
          "The audience of tokens for the hub's user API. Set it only if the hub's "
          "metadata name an audience that this provider does not trust. This can also be "
          "sourced from the `AZURESTACK_HUB_USER_AUDIENCE` Environment Variable." },
    { "client_id", &type_string, OPTIONAL, .env = ENV("AZURESTACK_HUB_USER_CLIENT_ID"),
      .other_forms = NAMES("client_id_file_path"),
      .doc = "The client ID of the service principal that signs in to the "
             "customer's directory. This can also be sourced from the "
             "`AZURESTACK_HUB_USER_CLIENT_ID` Environment Variable. Defaults "
             "to the value in `hub`." },
    { "client_id_file_path", &type_string, OPTIONAL,
      .env = ENV("AZURESTACK_HUB_USER_CLIENT_ID_FILE_PATH"),
      .other_forms = NAMES("client_id"),
      .doc =
          "The path of a file that contains the client ID. This can also be sourced from "
          "the `AZURESTACK_HUB_USER_CLIENT_ID_FILE_PATH` Environment Variable. Defaults "
          "to that of `hub`." },
    { "client_secret", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("AZURESTACK_HUB_USER_CLIENT_SECRET"), .sign_in = SIGN_IN_SECRET,
      .other_forms = NAMES("client_secret_file_path"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc = "The client secret of the service principal. This can also be "
             "sourced from the `AZURESTACK_HUB_USER_CLIENT_SECRET` Environment "
             "Variable. Defaults to the value in `hub`." },
    { "client_secret_file_path", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_HUB_USER_CLIENT_SECRET_FILE_PATH"),
      .sign_in = SIGN_IN_SECRET, .other_forms = NAMES("client_secret"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc =
          "The path of a file that contains the client secret. This can also be sourced "
          "from the `AZURESTACK_HUB_USER_CLIENT_SECRET_FILE_PATH` Environment Variable. "
          "Defaults to that of `hub`." },
    { "client_certificate", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("AZURESTACK_HUB_USER_CLIENT_CERTIFICATE"),
      .sign_in = SIGN_IN_CERTIFICATE, .other_forms = NAMES("client_certificate_path"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc = "The certificate of the service principal with its private key, "
             "encoded in base64. This can also be sourced from the "
             "`AZURESTACK_HUB_USER_CLIENT_CERTIFICATE` Environment Variable. "
             "Defaults to the value in `hub`." },
    { "client_certificate_path", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_HUB_USER_CLIENT_CERTIFICATE_PATH"),
      .sign_in = SIGN_IN_CERTIFICATE, .other_forms = NAMES("client_certificate"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc = "The path of the PKCS#12 (`.pfx`) or PEM file with the "
             "certificate of the service principal and its private key. This "
             "can also be sourced from the "
             "`AZURESTACK_HUB_USER_CLIENT_CERTIFICATE_PATH` Environment "
             "Variable. Defaults to the value in `hub`." },
    { "client_certificate_password", &type_string, OPTIONAL | SENSITIVE,
      .env = ENV("AZURESTACK_HUB_USER_CLIENT_CERTIFICATE_PASSWORD"),
      .sign_in = SIGN_IN_CERTIFICATE,
      .given_with = NAMES("client_certificate", "client_certificate_path"),
      .doc = "The password of the certificate file. This can also be sourced "
             "from the `AZURESTACK_HUB_USER_CLIENT_CERTIFICATE_PASSWORD` "
             "Environment Variable. Defaults to the value in `hub`." },
    { "use_oidc", &type_bool, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_HUB_USER_USE_OIDC"), .sign_in = SIGN_IN_OIDC,
      .doc =
          "Whether to sign in with OpenID Connect. Not supported with AD FS. This can "
          "also be sourced from the `AZURESTACK_HUB_USER_USE_OIDC` Environment Variable. "
          "Defaults to that of `hub`." },
    { "oidc_token", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("AZURESTACK_HUB_USER_OIDC_TOKEN"), .sign_in = SIGN_IN_OIDC,
      .other_forms = NAMES("oidc_token_file_path"),
      .doc = "The OpenID Connect token. This can also be sourced from the "
             "`AZURESTACK_HUB_USER_OIDC_TOKEN` Environment Variable. Defaults to that of "
             "`hub`." },
    { "oidc_token_file_path", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_HUB_USER_OIDC_TOKEN_FILE_PATH"), .sign_in = SIGN_IN_OIDC,
      .other_forms = NAMES("oidc_token"),
      .doc =
          "The path of a file that contains the OpenID Connect token. This can also be "
          "sourced from the `AZURESTACK_HUB_USER_OIDC_TOKEN_FILE_PATH` Environment "
          "Variable. Defaults to that of `hub`." },
    { "use_msi", &type_bool, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_HUB_USER_USE_MSI"), .sign_in = SIGN_IN_MSI,
      .doc =
          "Whether to sign in with the managed identity of the machine. Not supported "
          "with AD FS. This can also be sourced from the `AZURESTACK_HUB_USER_USE_MSI` "
          "Environment Variable. Defaults to that of `hub`." },
    { "use_cli", &type_bool, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_HUB_USER_USE_CLI"), .sign_in = SIGN_IN_CLI,
      .doc =
          "Whether to sign in as the user of the Azure CLI. Not supported with AD FS. "
          "This can also be sourced from the `AZURESTACK_HUB_USER_USE_CLI` Environment "
          "Variable. Defaults to that of `hub`." },
    { 0 },
};

const struct attribute provider_hub[] = {
    { "admin_endpoint", &type_string, OPTIONAL,
      .env = ENV("AZURESTACK_HUB_ADMIN_ENDPOINT"), .check = check_https_endpoint,
      .given_with = NAMES("tenant_endpoint"),
      .doc = "The endpoint of the hub's Resource Manager for administrators, "
             "such as `https://adminmanagement.REGION.FQDN`. This can also be "
             "sourced from the `AZURESTACK_HUB_ADMIN_ENDPOINT` Environment "
             "Variable." },
    { "tenant_endpoint", &type_string, OPTIONAL,
      .env = ENV("AZURESTACK_HUB_TENANT_ENDPOINT"), .check = check_https_endpoint,
      .given_with = NAMES("admin_endpoint"),
      .doc = "The endpoint of the hub's Resource Manager for tenants. This can "
             "also be sourced from the `AZURESTACK_HUB_TENANT_ENDPOINT` "
             "Environment Variable. Defaults to "
             "`https://management.REGION.FQDN`, if `admin_endpoint` is "
             "`https://adminmanagement.REGION.FQDN`." },
    { "tenant_id", &type_string, OPTIONAL, .env = ENV("AZURESTACK_HUB_TENANT_ID"),
      .doc = "The ID or a domain name of the hub's home directory in Microsoft "
             "Entra. This can also be sourced from the "
             "`AZURESTACK_HUB_TENANT_ID` Environment Variable. Defaults to the "
             "directory in the hub's metadata." },
    { "subscription_id", &type_string, OPTIONAL,
      .env = ENV("AZURESTACK_HUB_SUBSCRIPTION_ID"), .check = check_guid,
      .given_with = NAMES("admin_endpoint"),
      .doc =
          "The ID of the Default Provider Subscription, which contains the operator's "
          "objects. This can also be sourced from the `AZURESTACK_HUB_SUBSCRIPTION_ID` "
          "Environment Variable. Defaults to the subscription with that display name." },
    { "active_directory_authority_host", &type_string, OPTIONAL,
      .env = ENV("AZURESTACK_HUB_ACTIVE_DIRECTORY_AUTHORITY_HOST"),
      .check = check_https_endpoint,
      .doc = "The address of the login service, without a path. Set it only if the hub's "
             "metadata name one that this provider does not trust. It trusts Microsoft's "
             "login services, those of `environment` and `endpoint`, and an AD FS in the "
             "hub's own domain. This can also be sourced from the "
             "`AZURESTACK_HUB_ACTIVE_DIRECTORY_AUTHORITY_HOST` Environment Variable." },
    { "audience", &type_string, OPTIONAL, .env = ENV("AZURESTACK_HUB_AUDIENCE"),
      .check = check_not_empty, .given_with = NAMES("admin_endpoint"),
      .doc =
          "The audience of tokens for the administrator endpoint. Set it only if the "
          "hub's metadata name an audience that this provider does not trust. This can "
          "also be sourced from the `AZURESTACK_HUB_AUDIENCE` Environment Variable." },
    { "ca_bundle", &type_string, OPTIONAL, .env = ENV("AZURESTACK_HUB_CA_BUNDLE"),
      .check = check_not_empty,
      .doc = "The path of a PEM file with the certificate authorities to trust "
             "for the hub and its AD FS. This can also be sourced from the "
             "`AZURESTACK_HUB_CA_BUNDLE` Environment Variable. Defaults to "
             "`ca_bundle` of the provider." },
    { "client_id", &type_string, OPTIONAL, .env = ENV("AZURESTACK_HUB_CLIENT_ID"),
      .other_forms = NAMES("client_id_file_path"),
      .doc = "The client ID of the service principal that signs in to the hub. "
             "This can also be sourced from the `AZURESTACK_HUB_CLIENT_ID` "
             "Environment Variable. Defaults to the provider's value." },
    { "client_id_file_path", &type_string, OPTIONAL,
      .env = ENV("AZURESTACK_HUB_CLIENT_ID_FILE_PATH"), .other_forms = NAMES("client_id"),
      .doc =
          "The path of a file that contains the client ID. This can also be sourced from "
          "the `AZURESTACK_HUB_CLIENT_ID_FILE_PATH` Environment Variable. Defaults to "
          "the provider's." },
    { "client_secret", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("AZURESTACK_HUB_CLIENT_SECRET"), .sign_in = SIGN_IN_SECRET,
      .other_forms = NAMES("client_secret_file_path"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc = "The client secret of the service principal. This can also be "
             "sourced from the `AZURESTACK_HUB_CLIENT_SECRET` Environment "
             "Variable. Defaults to the provider's value." },
    { "client_secret_file_path", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_HUB_CLIENT_SECRET_FILE_PATH"), .sign_in = SIGN_IN_SECRET,
      .other_forms = NAMES("client_secret"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc =
          "The path of a file that contains the client secret. This can also be sourced "
          "from the `AZURESTACK_HUB_CLIENT_SECRET_FILE_PATH` Environment Variable. "
          "Defaults to the provider's." },
    { "client_certificate", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("AZURESTACK_HUB_CLIENT_CERTIFICATE"), .sign_in = SIGN_IN_CERTIFICATE,
      .other_forms = NAMES("client_certificate_path"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc = "The certificate of the service principal with its private key, "
             "encoded in base64. This can also be sourced from the "
             "`AZURESTACK_HUB_CLIENT_CERTIFICATE` Environment Variable. "
             "Defaults to the provider's value." },
    { "client_certificate_path", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_HUB_CLIENT_CERTIFICATE_PATH"),
      .sign_in = SIGN_IN_CERTIFICATE, .other_forms = NAMES("client_certificate"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc = "The path of the PKCS#12 (`.pfx`) or PEM file with the "
             "certificate of the service principal and its private key. This "
             "can also be sourced from the "
             "`AZURESTACK_HUB_CLIENT_CERTIFICATE_PATH` Environment Variable. "
             "Defaults to the provider's value." },
    { "client_certificate_password", &type_string, OPTIONAL | SENSITIVE,
      .env = ENV("AZURESTACK_HUB_CLIENT_CERTIFICATE_PASSWORD"),
      .sign_in = SIGN_IN_CERTIFICATE,
      .given_with = NAMES("client_certificate", "client_certificate_path"),
      .doc = "The password of the certificate file. This can also be sourced "
             "from the `AZURESTACK_HUB_CLIENT_CERTIFICATE_PASSWORD` "
             "Environment Variable. Defaults to the provider's value." },
    { "use_oidc", &type_bool, OPTIONAL | CHOOSES, .env = ENV("AZURESTACK_HUB_USE_OIDC"),
      .sign_in = SIGN_IN_OIDC,
      .doc = "Whether to sign in with OpenID Connect. Not supported with AD FS. This can "
             "also be sourced from the `AZURESTACK_HUB_USE_OIDC` Environment Variable. "
             "Defaults to the provider's." },
    { "oidc_token", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("AZURESTACK_HUB_OIDC_TOKEN"), .sign_in = SIGN_IN_OIDC,
      .other_forms = NAMES("oidc_token_file_path"),
      .doc =
          "The OpenID Connect token. This can also be sourced from the "
          "`AZURESTACK_HUB_OIDC_TOKEN` Environment Variable. Defaults to the provider's." },
    { "oidc_token_file_path", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_HUB_OIDC_TOKEN_FILE_PATH"), .sign_in = SIGN_IN_OIDC,
      .other_forms = NAMES("oidc_token"),
      .doc =
          "The path of a file that contains the OpenID Connect token. This can also be "
          "sourced from the `AZURESTACK_HUB_OIDC_TOKEN_FILE_PATH` Environment Variable. "
          "Defaults to the provider's." },
    { "use_msi", &type_bool, OPTIONAL | CHOOSES, .env = ENV("AZURESTACK_HUB_USE_MSI"),
      .sign_in = SIGN_IN_MSI,
      .doc = "Whether to sign in with the managed identity of the machine. Not supported "
             "with AD FS. This can also be sourced from the `AZURESTACK_HUB_USE_MSI` "
             "Environment Variable. Defaults to the provider's." },
    { "use_cli", &type_bool, OPTIONAL | CHOOSES, .env = ENV("AZURESTACK_HUB_USE_CLI"),
      .sign_in = SIGN_IN_CLI,
      .doc = "Whether to sign in as the user of the Azure CLI. Not supported with AD FS. "
             "This can also be sourced from the `AZURESTACK_HUB_USE_CLI` Environment "
             "Variable. Defaults to the provider's." },
    { "user", NULL, OPTIONAL, .nesting = NESTING_SINGLE, .is_block = true, .rows = user,
      .doc =
          "The credential for the hub's user API, which contains the customers' objects. "
          "It inherits the arguments of `hub` that it does not set, except for the "
          "tenant." },
    { 0 },
};
