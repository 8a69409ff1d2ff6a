/* Registration: the object in public Azure that stands for an Azure Stack Hub. Made by the
 * hub's own registration script, with a token that only the hub can make; here it is looked
 * up only.
 * Source: Microsoft.AzureStack/stable/2017-06-01/Registration.json
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/schema.h"
#include "schema/tables.h"

static const struct attribute attributes[] = {
    { "subscription_id", &type_string, REQUIRED | REPLACE, .check = check_guid,
      .doc = "The id of the Azure subscription that holds the registration." },
    { "resource_group_name", &type_string, REQUIRED | REPLACE, .check = check_not_empty,
      .doc = "The resource group that holds the registration." },
    { "name", &type_string, REQUIRED | REPLACE, .check = check_not_empty,
      .doc = "The name of the registration." },
    { "location", &type_string, COMPUTED | REPLACE, .body = "location",
      .doc = "Where the registration is kept: `global`." },
    { "cloud_id", &type_string, COMPUTED | REPLACE, .body = "properties.cloudId",
      .doc = "The Cloud Deployment ID of the hub." },
    { "billing_model", &type_string, COMPUTED | REPLACE,
      .body = "properties.billingModel",
      .doc =
          "How the hub is billed: `PayAsYouUse`, `Capacity`, `Development`, `Custom` or "
          "`Ruggedized`. Only `PayAsYouUse` takes tenants." },
    { "object_id", &type_string, COMPUTED | REPLACE, .body = "properties.objectId",
      .doc = "The id of the directory object behind the hub's connection to Azure." },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "The id of the registration." },
    { 0 },
};

static const char *const gone[] = { "RegistrationNotFound", "ResourceNotFound", NULL };

static const char *const parent_gone[] = { "ResourceGroupNotFound",
                                           "SubscriptionNotFound", NULL };

static const struct remedy remedies[] = {
    { "AuthorizationFailed", "the credential has no role that allows this",
      "Assign a role that has Microsoft.AzureStack/registrations/read on the registration or "
      "above it, such as Reader. An assignment takes a few minutes to count.",
      NULL },
    { NULL, NULL, NULL, NULL },
};

const struct resource_table registration_table = {
    .name = "registration",
    .noun = "registration",
    .doc = "The registration of an Azure Stack Hub in public Azure.",
    .service = &azure_service,
    .id_type = "Microsoft.AzureStack/registrations",
    .api_version = "2017-06-01",
    .takes_api_version = true,
    .parent_noun = "resource group",
    .id =
        "/subscriptions/{subscription_id}/resourceGroups/{resource_group_name}/providers/"
        "Microsoft.AzureStack/registrations/{name}",
    /* Source: azure-rest-api-specs, Microsoft.Resources resourceGroups, 2021-04-01 */
    .parent_id = "/subscriptions/{subscription_id}/resourceGroups/{resource_group_name}",
    .parent_api_version = "2021-04-01",
    .list_id =
        "/subscriptions/{subscription_id}/resourceGroups/{resource_group_name}/providers/"
        "Microsoft.AzureStack/registrations",
    .attributes = attributes,
    .timeouts = { .read_s = 5 * 60 },
    .gone = gone,
    .parent_gone = parent_gone,
    .remedies = remedies,
};
