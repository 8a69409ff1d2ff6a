/* The rows of the provider's block `partner`: the partner's tenant, and who signs in to Partner
 * Center. What it leaves out of the credential is the provider's; the tenant never is.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/tables.h"

const struct attribute provider_partner[] = {
    { "tenant_id", &type_string, OPTIONAL, .env = ENV("AZURESTACK_PARTNER_TENANT_ID"),
      .check = check_not_empty,
      .doc = "The ID or a domain name of the partner's own tenant, in which you use "
             "Partner Center, not a customer's tenant. Required in this block. This "
             "can also be sourced from the `AZURESTACK_PARTNER_TENANT_ID` Environment "
             "Variable." },
    { "endpoint", &type_string, OPTIONAL, .env = ENV("AZURESTACK_PARTNER_ENDPOINT"),
      .check = check_https_endpoint,
      .doc = "The address of Partner Center's API. This can also be sourced from the "
             "`AZURESTACK_PARTNER_ENDPOINT` Environment Variable. Defaults to that of "
             "`environment`, such as `https://api.partnercenter.microsoft.com`. The "
             "integration sandbox has the same address, but a separate tenant and "
             "separate applications." },
    { "audience", &type_string, OPTIONAL, .env = ENV("AZURESTACK_PARTNER_AUDIENCE"),
      .check = check_not_empty,
      .doc =
          "The audience of the tokens. This can also be sourced from the "
          "`AZURESTACK_PARTNER_AUDIENCE` Environment Variable. Defaults to the address of "
          "`environment`." },
    { "refresh_token", &type_string, OPTIONAL | SENSITIVE,
      .env = ENV("AZURESTACK_PARTNER_REFRESH_TOKEN"), .check = check_not_empty,
      .doc =
          "The refresh token of a user who consented to the application with "
          "multi-factor authentication (MFA). Partner Center requires a user for "
          "customer agreements and relationships. Also set the secret or the certificate "
          "of the application. The token is valid for 90 days. The provider neither "
          "stores nor logs it. This can also be sourced from the "
          "`AZURESTACK_PARTNER_REFRESH_TOKEN` Environment Variable." },
    { "client_id", &type_string, OPTIONAL, .env = ENV("AZURESTACK_PARTNER_CLIENT_ID"),
      .other_forms = NAMES("client_id_file_path"),
      .doc =
          "The client ID of the service principal that signs in to Partner Center. This can "
          "also be sourced from the `AZURESTACK_PARTNER_CLIENT_ID` Environment Variable. "
          "Defaults to the provider's." },
    { "client_id_file_path", &type_string, OPTIONAL,
      .env = ENV("AZURESTACK_PARTNER_CLIENT_ID_FILE_PATH"),
      .other_forms = NAMES("client_id"),
      .doc =
          "The path of a file that contains the client ID. This can also be sourced from "
          "the `AZURESTACK_PARTNER_CLIENT_ID_FILE_PATH` Environment Variable. Defaults "
          "to the provider's." },
    { "client_secret", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("AZURESTACK_PARTNER_CLIENT_SECRET"), .sign_in = SIGN_IN_SECRET,
      .other_forms = NAMES("client_secret_file_path"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc =
          "The client secret of the service principal. This can also be sourced from "
          "the `AZURESTACK_PARTNER_CLIENT_SECRET` Environment Variable. Defaults to the "
          "provider's." },
    { "client_secret_file_path", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_PARTNER_CLIENT_SECRET_FILE_PATH"), .sign_in = SIGN_IN_SECRET,
      .other_forms = NAMES("client_secret"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc =
          "The path of a file that contains the client secret. This can also be sourced "
          "from the `AZURESTACK_PARTNER_CLIENT_SECRET_FILE_PATH` Environment Variable. "
          "Defaults to the provider's." },
    { "client_certificate", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("AZURESTACK_PARTNER_CLIENT_CERTIFICATE"), .sign_in = SIGN_IN_CERTIFICATE,
      .other_forms = NAMES("client_certificate_path"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc = "The certificate of the service principal with its private key, in base64. "
             "This can also be sourced from the `AZURESTACK_PARTNER_CLIENT_CERTIFICATE` "
             "Environment Variable. Defaults to the provider's." },
    { "client_certificate_path", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_PARTNER_CLIENT_CERTIFICATE_PATH"),
      .sign_in = SIGN_IN_CERTIFICATE, .other_forms = NAMES("client_certificate"),
      .given_with = NAMES("client_id", "client_id_file_path"),
      .doc =
          "The path of the PKCS#12 (`.pfx`) or PEM file with the certificate of the "
          "service principal and its private key. This can also be sourced from the "
          "`AZURESTACK_PARTNER_CLIENT_CERTIFICATE_PATH` Environment Variable. Defaults to "
          "the provider's." },
    { "client_certificate_password", &type_string, OPTIONAL | SENSITIVE,
      .env = ENV("AZURESTACK_PARTNER_CLIENT_CERTIFICATE_PASSWORD"),
      .sign_in = SIGN_IN_CERTIFICATE,
      .given_with = NAMES("client_certificate", "client_certificate_path"),
      .doc =
          "The password of the certificate's file. This can also be sourced from the "
          "`AZURESTACK_PARTNER_CLIENT_CERTIFICATE_PASSWORD` Environment Variable. Defaults "
          "to the provider's." },
    { "use_oidc", &type_bool, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_PARTNER_USE_OIDC"), .sign_in = SIGN_IN_OIDC,
      .doc = "Whether to sign in with OpenID Connect. This can also be sourced from the "
             "`AZURESTACK_PARTNER_USE_OIDC` Environment Variable. Defaults to the "
             "provider's." },
    { "oidc_token", &type_string, OPTIONAL | SENSITIVE | CHOOSES,
      .env = ENV("AZURESTACK_PARTNER_OIDC_TOKEN"), .sign_in = SIGN_IN_OIDC,
      .other_forms = NAMES("oidc_token_file_path"),
      .doc = "The OpenID Connect token. This can also be sourced from the "
             "`AZURESTACK_PARTNER_OIDC_TOKEN` Environment Variable. Defaults to the "
             "provider's." },
    { "oidc_token_file_path", &type_string, OPTIONAL | CHOOSES,
      .env = ENV("AZURESTACK_PARTNER_OIDC_TOKEN_FILE_PATH"), .sign_in = SIGN_IN_OIDC,
      .other_forms = NAMES("oidc_token"),
      .doc =
          "The path of a file that contains the OpenID Connect token. This can also be "
          "sourced from the `AZURESTACK_PARTNER_OIDC_TOKEN_FILE_PATH` Environment "
          "Variable. Defaults to the provider's." },
    { "use_msi", &type_bool, OPTIONAL | CHOOSES, .env = ENV("AZURESTACK_PARTNER_USE_MSI"),
      .sign_in = SIGN_IN_MSI,
      .doc =
          "Whether to sign in with the managed identity of the machine. This can also be "
          "sourced from the `AZURESTACK_PARTNER_USE_MSI` Environment Variable. Defaults to the "
          "provider's." },
    { "use_cli", &type_bool, OPTIONAL | CHOOSES, .env = ENV("AZURESTACK_PARTNER_USE_CLI"),
      .sign_in = SIGN_IN_CLI,
      .doc =
          "Whether to sign in as the user of the Azure CLI. This can also be sourced "
          "from the `AZURESTACK_PARTNER_USE_CLI` Environment Variable. Defaults to the "
          "provider's." },
    { 0 },
};
