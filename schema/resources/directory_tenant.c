/* Directory tenant: a customer's Entra directory whose users may sign in to an Azure Stack Hub.
 * Source: azure-rest-api-specs, Microsoft.Subscriptions.Admin 2015-11-01, DirectoryTenant.json;
 * AzureStack-Tools, AzureStack.Identity.psm1; azure-stack-docs enable-multitenancy.md
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/hub.h"
#include "schema/tables.h"

#define ADMIN                                                                            \
    "/subscriptions/{administrator_subscription_id}/providers/Microsoft.Subscriptions.Admin"

static const struct attribute attributes[] = {
    { "domain_name", &type_string, REQUIRED | REPLACE, .check = check_domain,
      .compare = COMPARE_IGNORING_CASE,
      .doc =
          "A domain of the directory, such as `contoso.onmicrosoft.com`. It becomes the name "
          "of the directory tenant. Changing this forces a new resource to be created." },
    { "administrator_subscription_id", &type_string, OPTIONAL | COMPUTED | REPLACE,
      .check = check_guid, .compare = COMPARE_IGNORING_CASE,
      .looked_up = &hub_subscription,
      .doc = HUB_SUBSCRIPTION_DOC " Changing this forces a new resource to be created." },
    { "location", &type_string, OPTIONAL | COMPUTED | REPLACE, .body = "location",
      .check = check_id_name, .compare = COMPARE_IGNORING_CASE,
      .looked_up = &hub_location,
      .doc =
          "The location of the hub, which is its region. Defaults to the only location "
          "of the hub. Changing this forces a new resource to be created." },
    { "resource_group_name", &type_string, OPTIONAL | COMPUTED | REPLACE,
      .check = check_group_name, .compare = COMPARE_IGNORING_CASE,
      .default_from = "system.{location}",
      .doc = "The resource group on the hub, which must exist. Defaults to "
             "`system.{location}`. Changing this forces a new resource to be created." },
    { "tenant_id", &type_string, OPTIONAL | COMPUTED | REPLACE | UNIQUE,
      .body = "properties.tenantId", .compare = COMPARE_IGNORING_CASE,
      .check = check_guid, .directory_of = "domain_name",
      .doc = "The ID of the directory. Defaults to the directory that has the domain. "
             "Another directory is an error. Changing this forces a new resource to be "
             "created." },
    { "id", &type_string, COMPUTED | IS_ID,
      .doc = "The ID of the directory tenant on the hub." },
    { 0 },
};

static const struct attribute identity[] = {
    { "administrator_subscription_id", &type_string, REQUIRED, .check = check_guid,
      .doc = "The ID of the hub's Default Provider Subscription." },
    { "resource_group_name", &type_string, REQUIRED, .check = check_group_name,
      .doc = "The resource group on the hub." },
    { "domain_name", &type_string, REQUIRED, .check = check_domain,
      .doc = "The domain of the directory, as the hub returns it." },
    { 0 },
};

static const struct attribute list[] = {
    { "administrator_subscription_id", &type_string, OPTIONAL, .check = check_guid,
      .looked_up = &hub_subscription, .doc = HUB_SUBSCRIPTION_DOC },
    { "location", &type_string, OPTIONAL, .check = check_id_name,
      .looked_up = &hub_location,
      .doc = "The location of the hub. Defaults to the only location of the hub." },
    { "resource_group_name", &type_string, OPTIONAL, .check = check_group_name,
      .default_from = "system.{location}",
      .doc = "The resource group on the hub. Defaults to `system.{location}`." },
    { 0 },
};

static const char *const gone[] = { "ResourceNotFound", "DirectoryTenantNotFound", NULL };
static const char *const parent_gone[] = { "ResourceGroupNotFound",
                                           "SubscriptionNotFound", NULL };

static const struct remedy remedies[] = {
    HUB_FORBIDDEN(", and Reader for plans and data sources"),
    HUB_WRONG_DIRECTORY,
    HUB_NO_SUBSCRIPTION,
    HUB_REFUSED_TOKEN("admin_endpoint"),
    { "ResourceGroupNotFound", "the resource group does not exist on the hub",
      "Remove resource_group_name, or create the resource group in the "
      "hub's Default Provider Subscription.",
      "resource_group_name" },
    { "Conflict", "the state of the directory tenant on the hub does not allow this",
      "To delete a directory tenant, first delete the hub's service "
      "principals in the customer's directory.",
      NULL },
    { NULL, NULL, NULL, NULL },
};

static const struct dependents_rule subscriptions = {
    .list_id = ADMIN "/subscriptions",
    .noun = "user subscription",
    .place = "tenantId",
    .attribute = "tenant_id",
    .shown = "displayName",
    .loss = " The directory has {dependents.count} {dependents.noun} on the "
            "hub:\n{dependents.names}",
};

#define CLEAN_UP                                                                         \
    "\n\nWhat to do: First delete the hub's service principals in the customer's "       \
    "directory; they are not deleted with the directory tenant."

/* Source: Subscriptions.json of the same API, CheckIdentityHealth; it takes a minute. */
static const struct leftover_rule principals = {
    .path = ADMIN,
    .action = "checkIdentityHealth",
    .api_version = HUB_HEALTH_VERSIONS,
    .wait_s = 60,
    .entries = "directoryTenants",
    .place = "tenantId",
    .attribute = "tenant_id",
    .state = "status",
    .unread = "Unknown",
    .parts = "applications",
    .part_place = "servicePrincipalObjectId",
    .some = "\n\nThe hub's identity health report shows {leftovers.count} service "
            "principals of the hub in that directory." CLEAN_UP,
    .none = "\n\nThe hub's identity health report shows no service principal of the hub "
            "in that directory, so there is nothing to delete in it.\n\nWhat to do: "
            "Continue if the customer no longer needs the hub.",
    .unknown = CLEAN_UP,
};

#define KEEP                                                                             \
    "What to do: If the directory is the same, undo the change: any of its domains "     \
    "is enough."

static const struct replace_warning replace_warning = {
    .title = "Replacing a directory tenant locks the customer out of the hub",
    .always =
        "Without create_before_destroy, Terraform deletes the old directory tenant before it "
        "creates the new one. In between, the users of the directory cannot sign in to the "
        "hub, and for longer if the create fails. Their subscriptions stay.",
    .same_parent = KEEP,
    .other_parent = KEEP,
    .same_id = KEEP,
    .tainted =
        "The directory tenant is in the state and exists on the hub, but the state marks it "
        "as tainted, so the plan replaces it.\n\nWhat to do: If the directory tenant is "
        "right, run `terraform untaint` with the address above. Then nothing is replaced. If "
        "the resource was renamed, use a `moved` block, not a `removed` block.",
};

const struct resource_table directory_tenant_table = {
    .name = "directory_tenant",
    .noun = "directory tenant",
    .doc = "Registers a customer's Microsoft Entra directory on an Azure Stack Hub, so "
           "that its users can sign in. This is the operator's part of onboarding a "
           "tenant. Requires the block `hub` in the provider block.",
    .service = &hub_service,
    .id_type = "Microsoft.Subscriptions.Admin/directoryTenants",
    .api_version = "2015-11-01",
    .parent_noun = "resource group",
    .id =
        "/subscriptions/{administrator_subscription_id}/resourceGroups/{resource_group_name}/"
        "providers/Microsoft.Subscriptions.Admin/directoryTenants/{domain_name}",
    .identity = identity,
    .identity_id =
        "/subscriptions/{administrator_subscription_id}/resourceGroups/{resource_group_name}/"
        "providers/Microsoft.Subscriptions.Admin/directoryTenants/{domain_name}",
    .parent_id =
        "/subscriptions/{administrator_subscription_id}/resourceGroups/{resource_group_name}",
    .parent_api_version = "2016-06-01",
    .list = list,
    .list_id =
        "/subscriptions/{administrator_subscription_id}/resourceGroups/{resource_group_name}/"
        "providers/Microsoft.Subscriptions.Admin/directoryTenants",
    .import_by = "domain_name",
    .collection_read = true,
    .one_directory_refusal = HUB_ONE_DIRECTORY,
    .replace_warning = &replace_warning,
    .destroy_title = "Destroying a directory tenant locks the customer out of the hub",
    .destroy_warning =
        "The users of the directory can no longer sign in to the hub. "
        "Their subscriptions stay.{dependents}{leftovers} To turn off this "
        "warning, set destroy_warning_enabled = false in the provider "
        "block.",
    .dependents = &subscriptions,
    .leftovers = &principals,
    .attributes = attributes,
    .timeouts = { .create_s = 30 * 60, .read_s = 5 * 60, .delete_s = 30 * 60 },
    .lost_as = "tenant_id",
    .gone = gone,
    .parent_gone = parent_gone,
    .remedies = remedies,
};
