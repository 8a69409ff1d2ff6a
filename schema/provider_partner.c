/* The rows of the provider's block `partner`: the partner's tenant, and who signs in to Partner
 * Center. What it leaves out of the credential is the provider's; the tenant never is.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/sign_in.h"
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
    SIGN_IN_ROWS("AZURESTACK_PARTNER_", "Partner Center", "", "the provider's value"),
    { 0 },
};
