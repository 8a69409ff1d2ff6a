/* The tenant plane of an Azure Stack Hub: the Azure Resource Manager of its customers.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/schema.h"
#include "schema/tables.h"

/* Source: azure-stack-docs, "DNS naming": adminmanagement.REGION.FQDN, management.REGION.FQDN */
static const struct derived_endpoint derived = { "admin_endpoint", "adminmanagement.",
                                                 "management." };

const struct service_table hub_user_service = {
    .name = "hub_user",
    .label = "Azure Stack Hub",
    .ids = &id_scheme_arm,
    .block = "hub",
    .inner_block = "user",
    .endpoint = "tenant_endpoint",
    .derived_endpoint = &derived,
    .publishes_sign_in = true,
    .missing = "This object is in a customer's subscription on the hub, but "
               "the hub's tenant endpoint is not configured.\n\nWhat to do: Add "
               "this to the provider block:\n\n  hub {\n    admin_endpoint = "
               "\"https://adminmanagement.REGION.FQDN\"\n    user {\n      "
               "tenant_id = \"TENANT_ID\"\n    }\n  }\n\nReplace TENANT_ID with "
               "the ID of the customer's directory. Or set "
               "AZURESTACK_HUB_ADMIN_ENDPOINT and AZURESTACK_HUB_USER_TENANT_ID",
};
