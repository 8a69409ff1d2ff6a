/* All customer subscriptions of a registration, and how they compare with what is expected.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/tables.h"

static const struct attribute one[] = {
    { "id", &type_string, COMPUTED,
      .doc = "The id of the customer subscription, in the spelling Azure holds." },
    { "customer_subscription_id", &type_string, COMPUTED,
      .doc =
          "The id of the customer's Azure subscription, in the spelling Azure holds." },
    { "tenant_id", &type_string, COMPUTED,
      .doc = "The id of the customer's Microsoft Entra tenant." },
    { 0 },
};

static const struct attribute attributes[] = {
    { "registration_id", &type_string, REQUIRED,
      .id_type = "Microsoft.AzureStack/registrations",
      .doc = "The id of the Azure Stack Hub's registration in Azure." },
    { "expected_ids", &type_set_of_string, OPTIONAL, .check = check_guids,
      .doc = "The ids of the Azure subscriptions that ought to be mapped, in any case. "
             "`unmanaged`, `missing` and `case_mismatched` are compared with them." },
    { "customer_subscriptions", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "What is mapped, in the order of the ids." },
    { "unmanaged", &type_list_of_string, COMPUTED,
      .doc = "The ids of subscriptions that are mapped and not expected." },
    { "missing", &type_list_of_string, COMPUTED,
      .doc =
          "The ids of subscriptions that are expected and not mapped: the partner pays "
          "for their usage." },
    { "case_mismatched", &type_list_of_string, COMPUTED,
      .doc =
          "The ids of subscriptions, as Azure holds them, that differ from the expected "
          "ones in capital letters only. Azure documents the id as case sensitive." },
    { "id", &type_string, COMPUTED, .doc = "The id of the registration." },
    { 0 },
};

static const struct list_place lists[] = {
    { "{registration_id}/customerSubscriptions", "{registration_id}", NULL },
    { NULL, NULL, NULL },
};

const struct data_source_table customer_subscriptions_data = {
    .name = "customer_subscriptions",
    .doc =
        "Use this data source to list the customer subscriptions of an Azure Stack Hub's "
        "registration, and to compare them with those that ought to be there. What Azure "
        "lists under an ID of another form is in none of the lists: a warning shows it.",
    .object = &customer_subscription_table,
    .lists = lists,
    .items = "customer_subscriptions",
    .attributes = attributes,
};
