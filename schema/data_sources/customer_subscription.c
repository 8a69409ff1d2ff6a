/* One customer subscription, looked up.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/tables.h"

static const struct attribute attributes[] = {
    { "registration_id", &type_string, REQUIRED,
      .id_type = "Microsoft.AzureStack/registrations",
      .doc = "The ID of the Azure Stack Hub's registration in Azure." },
    { "customer_subscription_id", &type_string, REQUIRED, .check = check_guid,
      .doc = "The ID of the customer's Azure subscription, ignoring case." },
    { "id", &type_string, COMPUTED,
      .doc = "The ID of the mapping, with the upper and lower case letters that Azure "
             "returns." },
    { "tenant_id", &type_string, COMPUTED,
      .doc =
          "The ID of the customer's Microsoft Entra tenant. Null if Azure does not return it." },
    { 0 },
};

const struct data_source_table customer_subscription_data = {
    .name = "customer_subscription",
    .doc = "Use this data source to access information about the mapping of a customer's "
           "Azure subscription to the registration of an Azure Stack Hub.",
    .object = &customer_subscription_table,
    .attributes = attributes,
};
