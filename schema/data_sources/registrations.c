/* All registrations of a subscription or a resource group.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/tables.h"

static const struct attribute one[] = {
    { "id", &type_string, COMPUTED, .doc = "The ID of the registration." },
    { "name", &type_string, COMPUTED, .doc = "The name of the registration." },
    { "resource_group_name", &type_string, COMPUTED,
      .doc = "The resource group that contains the registration." },
    { "cloud_id", &type_string, COMPUTED, .doc = "The Cloud Deployment ID of the hub." },
    { "billing_model", &type_string, COMPUTED,
      .doc = "How the hub is billed. Only `PayAsYouUse` supports tenants. Null if Azure "
             "does not return it." },
    { 0 },
};

static const struct attribute attributes[] = {
    { "subscription_id", &type_string, OPTIONAL | COMPUTED, .check = check_guid,
      .provider_default = "in the provider block (ARM_SUBSCRIPTION_ID)",
      .doc = "The ID of the Azure subscription. Defaults to the provider's "
             "`subscription_id`." },
    { "resource_group_name", &type_string, OPTIONAL, .check = check_group_name,
      .doc = "The resource group. If it is not set, the whole subscription is listed." },
    { "registrations", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "The registrations, sorted by ID." },
    { "id", &type_string, COMPUTED,
      .doc = "The ID of the subscription or the resource group." },
    { 0 },
};

#define GROUP "/subscriptions/{subscription_id}/resourceGroups/{resource_group_name}"
#define SUBSCRIPTION "/subscriptions/{subscription_id}"
#define LIST "/providers/Microsoft.AzureStack/registrations"

const struct list_place registration_lists[] = {
    { GROUP LIST, GROUP,
      "the list of {noun}s in resource group \"{resource_group_name}\" of subscription "
      "{subscription_id}" },
    { SUBSCRIPTION LIST, SUBSCRIPTION,
      "the list of {noun}s of subscription {subscription_id}" },
    { NULL, NULL, NULL },
};

const struct data_source_table registrations_data = {
    .name = "registrations",
    .doc = "Use this data source to list the registrations of Azure Stack Hubs in a "
           "subscription or a resource group.",
    .object = &registration_table,
    .lists = registration_lists,
    .items = "registrations",
    .attributes = attributes,
};
