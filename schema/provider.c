/* The provider block. Names, variables and defaults are azapi's and azurerm's wherever they
 * have them, so that their users can copy their block.
 * Source: azapi docs/index.md and internal/provider/provider.go
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/tables.h"

static const struct attribute endpoint[] = {
    { "active_directory_authority_host", &type_string, OPTIONAL,
      .env = ENV("ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST"), .check = check_https_endpoint,
      .doc =
          "The address of Microsoft Entra, such as `https://login.microsoftonline.com`. "
          "This can also be sourced from the `ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST` "
          "Environment Variable. Defaults to the environment's." },
    { "resource_manager_audience", &type_string, OPTIONAL,
      .env = ENV("ARM_RESOURCE_MANAGER_AUDIENCE"), .check = check_not_empty,
      .doc =
          "What tokens are asked for, such as `https://management.azure.com`. This can "
          "also be sourced from the `ARM_RESOURCE_MANAGER_AUDIENCE` Environment Variable. "
          "Defaults to the environment's; in `custom` to the endpoint itself." },
    { "resource_manager_endpoint", &type_string, OPTIONAL,
      .env = ENV("ARM_RESOURCE_MANAGER_ENDPOINT"), .check = check_https_endpoint,
      .doc =
          "The address of public Azure Resource Manager, such as "
          "`https://management.azure.com`; never a hub's. This can also be sourced from "
          "the `ARM_RESOURCE_MANAGER_ENDPOINT` Environment Variable. Defaults to the "
          "environment's." },
    { 0 },
};

static const struct attribute attributes[] = {
    { "tenant_id", &type_string, OPTIONAL, .env = ENV("ARM_TENANT_ID"),
      .check = check_not_empty,
      .doc =
          "The id of the Microsoft Entra tenant in which the credential is asked for: the "
          "tenant of the registration's subscription. This can also be sourced from the "
          "`ARM_TENANT_ID` Environment Variable." },
    { "client_id", &type_string, OPTIONAL, .env = ENV("ARM_CLIENT_ID", "AZURE_CLIENT_ID"),
      .check = check_not_empty,
      .doc = "The client id of the service principal. This can also be sourced from the "
             "`ARM_CLIENT_ID` or `AZURE_CLIENT_ID` Environment Variable." },
    { "client_secret", &type_string, OPTIONAL | SENSITIVE,
      .env = ENV("ARM_CLIENT_SECRET"), .check = check_not_empty,
      .doc =
          "The client secret of the service principal. This can also be sourced from the "
          "`ARM_CLIENT_SECRET` Environment Variable." },
    { "subscription_id", &type_string, OPTIONAL, .env = ENV("ARM_SUBSCRIPTION_ID"),
      .check = check_guid,
      .doc =
          "The id of the subscription that short forms stand for. Resources name theirs "
          "in their ids and do not need it. This can also be sourced from the "
          "`ARM_SUBSCRIPTION_ID` Environment Variable." },
    { "environment", &type_string, OPTIONAL, .env = ENV("ARM_ENVIRONMENT"),
      .one_of = ONE_OF("public", "custom"), .same = SAME_IGNORING_CASE,
      .fallback = "public",
      .doc =
          "The cloud in which the registrations live. Possible values are `public` and "
          "`custom`; `custom` takes its addresses from `endpoint`. This can also be "
          "sourced from the `ARM_ENVIRONMENT` Environment Variable. Defaults to "
          "`public`." },
    { "endpoint", NULL, OPTIONAL, .nesting = NESTING_LIST, .rows = endpoint,
      .doc =
          "Addresses that take the place of the environment's; at most one element. Its "
          "variables are read when the argument is left out." },
    { "ca_bundle", &type_string, OPTIONAL, .check = check_not_empty,
      .doc =
          "The path of a PEM file with the certificate authorities to trust, in place of "
          "the system's. The `SSL_CERT_FILE` and `SSL_CERT_DIR` Environment Variables are "
          "read when it is left out." },
    { "destroy_warning_enabled", &type_bool, OPTIONAL,
      .env = ENV("AZURESTACK_DESTROY_WARNING_ENABLED"), .fallback = "true",
      .doc =
          "Whether a plan that takes a tenant off a registration warns of who is charged "
          "from then on. This can also be sourced from the "
          "`AZURESTACK_DESTROY_WARNING_ENABLED` Environment Variable. Defaults to `true`." },
    { "shared_reads_enabled", &type_bool, OPTIONAL,
      .env = ENV("AZURESTACK_SHARED_READS_ENABLED"), .fallback = "true",
      .doc =
          "Whether a registration with several tenants is read by one list instead of one "
          "call for each. Every tenant is asked for by itself when this is `false`. This "
          "can also be sourced from the `AZURESTACK_SHARED_READS_ENABLED` Environment "
          "Variable. Defaults to `true`." },
    { 0 },
};

const struct provider_table provider_table = {
    .name = "azurestack",
    .doc =
        "Declares the tenants of Azure Stack Hubs: which customer subscription pays for a "
        "customer's usage of a hub. It talks to public Azure Resource Manager, not to "
        "a hub.",
    .attributes = attributes,
};
