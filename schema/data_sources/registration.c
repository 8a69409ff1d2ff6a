/* One registration: by its ID, by its name, or by the hub's own ID.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/tables.h"

static const struct attribute attributes[] = {
    { "id", &type_string, OPTIONAL | COMPUTED,
      .id_type = "Microsoft.AzureStack/registrations",
      .doc =
          "The id of the registration. One of `id`, `name` and `cloud_id` is needed." },
    { "name", &type_string, OPTIONAL | COMPUTED, .check = check_not_empty,
      .doc =
          "The name of the registration. One of `id`, `name` and `cloud_id` is needed." },
    { "cloud_id", &type_string, OPTIONAL | COMPUTED, .check = check_not_empty,
      .doc =
          "The Cloud Deployment ID of the hub, as its own administrator portal shows it. "
          "One of `id`, `name` and `cloud_id` is needed." },
    { "resource_group_name", &type_string, OPTIONAL | COMPUTED, .check = check_not_empty,
      .doc = "The resource group that holds the registration. Without it `name` and "
             "`cloud_id` are looked for in the whole subscription." },
    { "subscription_id", &type_string, OPTIONAL | COMPUTED, .check = check_guid,
      .provider_default = "in the provider block (ARM_SUBSCRIPTION_ID)",
      .doc =
          "The id of the Azure subscription that holds the registration. Defaults to the "
          "provider's `subscription_id`." },
    { "location", &type_string, COMPUTED,
      .doc = "Where the registration is kept: `global`." },
    { "billing_model", &type_string, COMPUTED,
      .doc =
          "How the hub is billed: `PayAsYouUse`, `Capacity`, `Development`, `Custom` or "
          "`Ruggedized`. Only `PayAsYouUse` takes tenants." },
    { "object_id", &type_string, COMPUTED,
      .doc = "The id of the directory object behind the hub's connection to Azure." },
    { 0 },
};

const struct data_source_table registration_data = {
    .name = "registration",
    .doc =
        "Use this data source to access information about the registration of an Azure "
        "Stack Hub in public Azure.",
    .object = &registration_table,
    .keys = NAMES("id", "name", "cloud_id"),
    .lists = registration_lists,
    .attributes = attributes,
};
