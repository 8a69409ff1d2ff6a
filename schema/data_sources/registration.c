/* One registration: by its ID, by its name, or by the hub's own ID.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/tables.h"

static const struct attribute attributes[] = {
    { "id", &type_string, OPTIONAL | COMPUTED,
      .id_type = "Microsoft.AzureStack/registrations",
      .doc = "The ID of the registration. Set `id`, `name` or `cloud_id`." },
    { "name", &type_string, OPTIONAL | COMPUTED, .check = check_id_name,
      .doc = "The name of the registration. Set `id`, `name` or `cloud_id`." },
    { "cloud_id", &type_string, OPTIONAL | COMPUTED, .check = check_not_empty,
      .doc =
          "The Cloud Deployment ID of the hub, which its administrator portal shows. Set "
          "`id`, `name` or `cloud_id`." },
    { "resource_group_name", &type_string, OPTIONAL | COMPUTED, .check = check_group_name,
      .doc = "The resource group that contains the registration. If it is not set, the "
             "provider searches the whole subscription for `name` or `cloud_id`." },
    { "subscription_id", &type_string, OPTIONAL | COMPUTED, .check = check_guid,
      .provider_default = "in the provider block (ARM_SUBSCRIPTION_ID)",
      .doc =
          "The ID of the Azure subscription that contains the registration. Defaults to "
          "the provider's `subscription_id`." },
    { "location", &type_string, COMPUTED,
      .doc = "The location of the registration, which is `global`." },
    { "billing_model", &type_string, COMPUTED,
      .doc = "The billing model of the hub: `PayAsYouUse`, `Capacity`, "
             "`Development`, `Custom` or `Ruggedized`. Only `PayAsYouUse` "
             "supports tenants." },
    { "object_id", &type_string, COMPUTED,
      .doc = "The object ID of the hub's connection to Azure in the directory." },
    { 0 },
};

const struct data_source_table registration_data = {
    .name = "registration",
    .doc = "Use this data source to read the registration of an Azure Stack "
           "Hub in public Azure.",
    .object = &registration_table,
    .keys = NAMES("id", "name", "cloud_id"),
    .lists = registration_lists,
    .attributes = attributes,
};
