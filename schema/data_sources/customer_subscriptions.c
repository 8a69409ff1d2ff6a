/* All customer subscriptions of a registration, and how they compare with what is expected.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/tables.h"

static const struct attribute one[] = {
    { "id", &type_string, COMPUTED,
      .doc = "The ID of the mapping, with the upper and lower case letters that Azure "
             "returns." },
    { "customer_subscription_id", &type_string, COMPUTED,
      .doc = "The ID of the customer's Azure subscription, with the upper and lower case "
             "letters that Azure returns." },
    { "tenant_id", &type_string, COMPUTED,
      .doc =
          "The ID of the customer's Microsoft Entra tenant. Null if Azure does not return it." },
    { 0 },
};

static const struct attribute attributes[] = {
    { "registration_id", &type_string, REQUIRED,
      .id_type = "Microsoft.AzureStack/registrations",
      .doc = "The ID of the Azure Stack Hub's registration in Azure." },
    { "expected_ids", &type_set_of_string, OPTIONAL, .check = check_guids,
      .doc = "The IDs of the Azure subscriptions that you expect to be mapped, ignoring "
             "case. `unmanaged`, `missing` and `case_mismatched` are the differences. "
             "Without `expected_ids` the three are empty." },
    { "customer_subscriptions", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "The mappings, sorted by ID." },
    { "unmanaged", &type_list_of_string, COMPUTED,
      .doc = "The IDs of subscriptions that are mapped but not expected." },
    { "missing", &type_list_of_string, COMPUTED,
      .doc =
          "The IDs of subscriptions that are expected but not mapped. The partner pays "
          "for the usage of the customer, unless another subscription of the same "
          "tenant is mapped." },
    { "case_mismatched", &type_list_of_string, COMPUTED,
      .doc = "The IDs of subscriptions, as Azure returns them, that differ from the "
             "expected ones only in upper and lower case. Azure documents the ID as "
             "case-sensitive." },
    { "id", &type_string, COMPUTED, .doc = "The ID of the registration." },
    { 0 },
};

static const struct list_place lists[] = {
    { "{registration_id}/customerSubscriptions", "{registration_id}", NULL },
    { NULL, NULL, NULL },
};

const struct data_source_table customer_subscriptions_data = {
    .name = "customer_subscriptions",
    .doc =
        "Use this data source to list the customer subscriptions that are mapped to "
        "the registration of an Azure Stack Hub, and to compare them with the expected "
        "ones. If Azure lists an ID of another form, the provider omits it and warns.",
    .object = &customer_subscription_table,
    .lists = lists,
    .items = "customer_subscriptions",
    .attributes = attributes,
};
