/* The administrator plane of an Azure Stack Hub: the Azure Resource Manager of its operator.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/schema.h"
#include "schema/tables.h"

const struct service_table hub_service = {
    .name = "hub",
    .label = "Azure Stack Hub",
    .ids = &id_scheme_arm,
    .block = "hub",
    .endpoint = "admin_endpoint",
    .publishes_sign_in = true,
    .missing = "This object is on the hub itself, but the hub's administrator "
               "endpoint is not configured.\n\nWhat to do: Add this to the "
               "provider block:\n\n  hub {\n    admin_endpoint = "
               "\"https://adminmanagement.REGION.FQDN\"\n  }\n\nor set "
               "AZURESTACK_HUB_ADMIN_ENDPOINT",
};
