/* The rows of the provider's block `hub`: where an Azure Stack Hub is, and who signs in there.
 * What it leaves out of the credential is the provider's; the tenant never is. The hub's own
 * metadata have its login service, its directory and the audience of its tokens.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/sign_in.h"
#include "schema/tables.h"

#define NOT_WITH_ADFS " Not supported with AD FS."

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
    SIGN_IN_ROWS("AZURESTACK_HUB_USER_", "the customer's directory", NOT_WITH_ADFS,
                 "the value in `hub`"),
    { 0 },
};

const struct attribute provider_hub[] = {
    { "admin_endpoint", &type_string, OPTIONAL,
      .env = ENV("AZURESTACK_HUB_ADMIN_ENDPOINT"), .check = check_admin_endpoint,
      .given_with = NAMES("tenant_endpoint"),
      .doc = "The endpoint of the hub's Resource Manager for administrators, "
             "such as `https://adminmanagement.REGION.FQDN`. This can also be "
             "sourced from the `AZURESTACK_HUB_ADMIN_ENDPOINT` Environment "
             "Variable." },
    { "tenant_endpoint", &type_string, OPTIONAL,
      .env = ENV("AZURESTACK_HUB_TENANT_ENDPOINT"), .check = check_tenant_endpoint,
      .given_with = NAMES("admin_endpoint"),
      .doc = "The endpoint of the hub's Resource Manager for tenants. This can "
             "also be sourced from the `AZURESTACK_HUB_TENANT_ENDPOINT` "
             "Environment Variable. Defaults to "
             "`https://management.REGION.FQDN`, if `admin_endpoint` is "
             "`https://adminmanagement.REGION.FQDN`." },
    { "tenant_id", &type_string, OPTIONAL, .env = ENV("AZURESTACK_HUB_TENANT_ID"),
      .given_with = NAMES("admin_endpoint", "tenant_endpoint"),
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
      .given_with = NAMES("admin_endpoint", "tenant_endpoint"),
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
    SIGN_IN_ROWS("AZURESTACK_HUB_", "the hub", NOT_WITH_ADFS, "the provider's value"),
    { "user", NULL, OPTIONAL, .nesting = NESTING_SINGLE, .is_block = true, .rows = user,
      .doc =
          "The credential for the hub's user API, which contains the customers' objects. "
          "It inherits the arguments of `hub` that it does not set, except for the "
          "tenant." },
    { 0 },
};
