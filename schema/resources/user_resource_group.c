/* User resource group: a resource group in a customer's subscription on an Azure Stack Hub.
 * Source: azure-rest-api-specs, Microsoft.Resources 2018-05-01, resources.json (resourceGroups);
 * azure-stack-docs, user/azure-stack-profiles-azure-resource-manager-versions.md
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/hub.h"
#include "schema/tables.h"

static const struct attribute attributes[] = {
    { "name", &type_string, REQUIRED | REPLACE, .check = check_group_name,
      .compare = COMPARE_IGNORING_CASE,
      .doc = "The name of the resource group. Changing this forces a new resource to be "
             "created." },
    { "location", &type_string, REQUIRED | REPLACE, .body = "location",
      .check = check_not_empty, .compare = COMPARE_IGNORING_CASE,
      .doc = "The location, which is the region of the hub. Changing this forces a new "
             "resource to be created." },
    HUB_USER_SUBSCRIPTION_ROW,
    HUB_USER_TENANT_ROW,
    { "tags", &type_map_of_string, OPTIONAL, .body = "tags", .check = check_tags,
      .compare = COMPARE_KEYS_IGNORING_CASE, .doc = "The tags of the resource group." },
    { "delete_with_resources", &type_bool, OPTIONAL,
      .doc =
          "Whether a destroy can delete the resource group together with its resources. "
          "Defaults to `false`, with which the delete fails and names the resources. Apply "
          "a change of this argument before you destroy." },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "The ID of the resource group." },
    { 0 },
};

static const struct attribute identity[] = {
    { "subscription_id", &type_string, REQUIRED, .check = check_id_name,
      .doc = "The ID of the subscription on the hub." },
    { "name", &type_string, REQUIRED, .check = check_group_name,
      .doc = "The name of the resource group." },
    { 0 },
};

static const struct attribute list[] = {
    { "subscription_id", &type_string, REQUIRED, .check = check_id_name,
      .doc = "The ID of the subscription on the hub whose resource groups to list." },
    HUB_USER_LIST_TENANT_ROW,
    { 0 },
};

static const struct write_rule put = { .method = "PUT" };
static const char *const gone[] = { "ResourceGroupNotFound", "ResourceNotFound", NULL };
static const char *const parent_gone[] = { "SubscriptionNotFound", NULL };

static const struct dependents_rule resources = {
    .list_id = "{id}/resources",
    .noun = "resource",
    .allow = "delete_with_resources",
    .title = "Deleting the {noun} deletes its resources",
    .loss = "{noun} \"{name}\" of subscription {subscription} has {dependents.count} "
            "{dependents.noun} in it:\n{dependents.names}",
    .action = "Delete the resources first. To keep the resource group on the "
              "hub, remove it from the state with a `removed` block with "
              "`destroy = false`. To delete it with all its resources, set "
              "delete_with_resources = true, apply, then delete it.",
};

/* Source: the same; azure-docs, common-deployment-errors.md */
static const char *const deleting[] = { "Deleting", NULL };
static const struct gone_rule gone_when = { .place = "properties.provisioningState",
                                            .deleting = deleting };
static const char *const not_yet[] = { "ResourceGroupBeingDeleted", NULL };

static const struct remedy remedies[] = {
    HUB_USER_FORBIDDEN("Owner or Contributor"),
    HUB_USER_WRONG_DIRECTORY,
    HUB_REFUSED_TOKEN("tenant_endpoint"),
    HUB_USER_NO_SUBSCRIPTION,
    HUB_USER_DISABLED,
    { "LocationNotAvailableForResourceGroup", "the hub does not have this location",
      "Set location to the region of the hub, which is REGION in "
      "management.REGION.FQDN.",
      "location" },
    { "InvalidResourceGroupLocation", "the resource group exists in another location",
      "Set location to the location of the resource group.", "location" },
    { "ResourceGroupBeingDeleted",
      "a resource group with this name is still being deleted",
      "Wait until the resource group no longer exists on the hub, then apply again. The "
      "provider repeated the request until the timeout.",
      "name" },
    { NULL, NULL, NULL, NULL },
};

const struct resource_table user_resource_group_table = {
    .name = "user_resource_group",
    .noun = "resource group",
    .doc =
        "Manages a resource group in a customer's subscription on an Azure Stack Hub. Requires "
        "the block `user` in the `hub` block of the provider.",
    .service = &hub_user_service,
    .id_type = "Microsoft.Resources/resourceGroups",
    .api_version = HUB_USER_GROUP_VERSIONS,
    .parent_noun = "subscription",
    .label = "{noun} \"{name}\" of subscription {subscription}",
    .list_label = "the list of {noun}s of subscription {subscription}",
    .id = "/subscriptions/{subscription_id}/resourceGroups/{name}",
    .parent_id = "/subscriptions/{subscription_id}",
    .parent_api_version = "2015-11-01",
    .identity = identity,
    .identity_id = "/subscriptions/{subscription_id}/resourceGroups/{name}",
    .list = list,
    .list_id = "/subscriptions/{subscription_id}/resourceGroups",
    .update = &put,
    .looks_ahead = true,
    .dependents = &resources,
    .attributes = attributes,
    .timeouts = { .create_s = 30 * 60,
                  .read_s = 5 * 60,
                  .update_s = 30 * 60,
                  .delete_s = 90 * 60 },
    .gone = gone,
    .parent_gone = parent_gone,
    .lost_with = hub_user_lost_with,
    .gone_when = &gone_when,
    .not_yet = not_yet,
    .remedies = remedies,
};
