/* User subscription: a customer's subscription on an Azure Stack Hub, which the hub's operator
 * creates.
 * Source: azure-rest-api-specs, Microsoft.Subscriptions.Admin 2015-11-01, Subscriptions.json;
 * azure-stack-docs azure-stack-change-subscription-owner.md
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "schema/checks.h"
#include "schema/hub.h"
#include "schema/tables.h"

/* Only a warning: it is not documented whether a service principal may be an owner. */
static void check_owner(struct arena *arena, const struct attribute *attribute,
                        const struct value *value, const struct path *path,
                        struct diags *diags)
{
    const char *at = strchr(value_text(value), '@');
    if (*value_text(value) == '\0')
        check_not_empty(arena, attribute, value, path, diags);
    else if (at == NULL || at == value_text(value) || strchr(at, '.') == NULL)
        diags_warning(diags, path, "Owner is not a user principal name",
                      "The hub expects a user of the directory in tenant_id, such as "
                      "`admin@contoso.onmicrosoft.com`, and may reject other values.");
}

static const struct bool_texts states = { "Enabled", "Disabled" };
static const char *const made_from[] = { "administrator_subscription_id", "offer_id",
                                         "owner", "display_name", NULL };

static const struct attribute attributes[] = {
    { "display_name", &type_string, REQUIRED, .body = "displayName",
      .check = check_not_empty, .doc = "The display name of the subscription." },
    { "offer_id", &type_string, REQUIRED, .body = "offerId",
      .id_type = "Microsoft.Subscriptions.Admin/offers", .compare = COMPARE_IGNORING_CASE,
      .doc =
          "The ID of the offer that the subscription is created from, in the form "
          "`/subscriptions/{administrator_subscription_id}/resourceGroups/{resource_group_name}/providers/Microsoft.Subscriptions.Admin/offers/{offer_name}`. "
          "A change moves the subscription to another offer in place, if the hub allows "
          "it. The subscription is never deleted for that." },
    { "owner", &type_string, REQUIRED | MAY_BE_OMITTED, .body = "owner",
      .compare = COMPARE_IGNORING_CASE, .check = check_owner, .user_of = "tenant_id",
      .doc =
          "The user principal name of the owner, a user of the directory in `tenant_id`. "
          "A change makes another user of that directory the owner, in place." },
    { "administrator_subscription_id", &type_string, OPTIONAL | COMPUTED | REPLACE,
      .check = check_guid, .compare = COMPARE_IGNORING_CASE,
      .looked_up = &hub_subscription,
      .doc = HUB_SUBSCRIPTION_DOC " Changing this forces a new resource to be created." },
    { "delegated_provider_subscription_id", &type_string, OPTIONAL | COMPUTED | REPLACE,
      .body = "delegatedProviderSubscriptionId", .check = check_id_name,
      .compare = COMPARE_IGNORING_CASE, .default_from = "{administrator_subscription_id}",
      .doc = "The ID of the subscription of the delegated provider. Defaults to "
             "`administrator_subscription_id`. Changing this forces a new resource to be "
             "created." },
    { "tenant_id", &type_string, OPTIONAL | COMPUTED | REPLACE, .body = "tenantId",
      .compare = COMPARE_IGNORING_CASE, .check = check_guid,
      .doc =
          "The ID of the customer's directory, which must be a directory tenant of the "
          "hub. Defaults to the hub's home directory. Changing this forces a new "
          "resource to be created." },
    { "subscription_id", &type_string, OPTIONAL | COMPUTED | REPLACE,
      .body = "subscriptionId", .check = check_id_name, .compare = COMPARE_IGNORING_CASE,
      .made_from = made_from,
      .doc =
          "The ID of the subscription on the hub. It is not an Azure subscription, so do "
          "not use it in a mapping. Defaults to a GUID that is derived from "
          "`administrator_subscription_id`, `offer_id`, `owner` and `display_name`. "
          "Changing this forces a new resource to be created." },
    { "routing_resource_manager_type", &type_string, OPTIONAL | COMPUTED | REPLACE,
      .body = "routingResourceManagerType", .one_of = ONE_OF("Default"),
      .default_value = "Default",
      .doc = "The type of the subscription. The only possible value is `Default`, for "
             "users. This resource does not manage subscriptions of administrators." },
    { "enabled", &type_bool, OPTIONAL | COMPUTED, .body = "state", .texts = &states,
      .default_value = "true",
      .doc = "Whether the subscription is enabled. Defaults to `true`." },
    /* An update writes the whole subscription, so without it the hub would lose the reference. */
    { "external_reference_id", &type_string, OPTIONAL, .body = "externalReferenceId",
      .check = check_not_empty,
      .doc = "The operator's own reference, such as the number of a contract. A plan "
             "without this argument removes the reference that the hub has." },
    { "delete_with_resources", &type_bool, OPTIONAL,
      .doc = "Whether a destroy can delete the subscription together with all of the "
             "customer's resources in it. Defaults to `false`, with which a destroy or a "
             "replacement fails. Apply a change of this argument before you destroy." },
    { "state", &type_string, COMPUTED | VOLATILE, .body = "state",
      .doc = "The state of the subscription: `Enabled`, `Disabled`, `Warned`, `PastDue`, "
             "`Deleting` or `PartiallyDeleted`." },
    { "id", &type_string, COMPUTED | IS_ID,
      .doc = "The ID of the subscription in the operator's API." },
    { 0 },
};

static const struct attribute identity[] = {
    { "administrator_subscription_id", &type_string, REQUIRED, .check = check_guid,
      .doc = "The ID of the hub's Default Provider Subscription." },
    { "subscription_id", &type_string, REQUIRED, .check = check_id_name,
      .doc = "The ID of the subscription on the hub." },
    { 0 },
};

static const struct attribute list[] = {
    { "administrator_subscription_id", &type_string, OPTIONAL, .check = check_guid,
      .looked_up = &hub_subscription, .doc = HUB_SUBSCRIPTION_DOC },
    { 0 },
};

static const struct write_rule put = { .method = "PUT" };
/* SubscriptionNotFound can also mean that the operator's own subscription is not visible. So with
 * status 404, the list is needed as a second proof. */
static const char *const gone[] = { "ResourceNotFound", NULL };
static const char *const parent_gone[] = { "ResourceGroupNotFound", NULL };
static const char *const deleted[] = { "Deleted", NULL };
static const char *const deleting[] = { "Deleting", "PartiallyDeleted", NULL };
static const struct gone_rule gone_when = { "state", deleted, deleting };

static const struct delete_guard guard = {
    .allowed_by = "delete_with_resources",
    .text = "Deleting a user subscription permanently deletes all of the "
            "customer's resources in it. To only disable the subscription, "
            "set enabled = false.",
};

static const struct reference_state offer_states[] = {
    { "properties.state", "Decommissioned", false, "The offer is decommissioned",
      "You cannot create a subscription from this offer:\n\n  "
      "{value}\n\nWhat to do: Use another offer, or set the state of "
      "this offer to Private or Public. Private is enough, because the "
      "operator creates the subscription." },
    { NULL, NULL, false, NULL, NULL },
};

/* Only a warning: directory tenants are listed by resource group, so one in another group is not
 * found. */
static const struct reference_check reference_checks[] = {
    { .attribute = "offer_id",
      .objects = &hub_offers,
      .title = "The offer does not exist",
      .text = "The hub does not have the offer:\n\n  {value}\n\nWhat to do: "
              "Check the ID. To list the offers of the hub with their IDs by "
              "name, use the data source azurestack_offers.",
      .states = offer_states },
    { .attribute = "tenant_id",
      .objects = &directory_tenant_table,
      .by = REFERENCE_BY_UNIQUE,
      .is_warning = true,
      .takes_own_directory = true,
      .title = "The directory is not a directory tenant of the hub",
      .text = "This list does not contain a directory tenant with the tenant ID "
              "{value}:\n\n  {list}\n\nThe hub rejects subscriptions for a "
              "directory that is not registered.\n\nWhat to do: Create an "
              "azurestack_directory_tenant for the directory. Set tenant_id to "
              "the tenant_id of that resource, so that Terraform creates it "
              "first. Ignore this warning if the directory tenant is in another "
              "resource group." },
    { 0 },
};

static const struct remedy remedies[] = {
    HUB_FORBIDDEN(", and Reader for plans and data sources"),
    HUB_WRONG_DIRECTORY,
    HUB_REFUSED_TOKEN("admin_endpoint"),
    HUB_NO_SUBSCRIPTION, /* of an object it means that it is gone */
    { NULL, NULL, NULL, NULL },
};

#define KEEP                                                                             \
    "What to do: To keep the subscription, undo the change that forces the replacement."

static const struct replace_warning replace_warning = {
    .title = "Replacing a user subscription deletes its resources",
    .always =
        "All of the customer's resources in the subscription are deleted with it. The new "
        "subscription is empty.",
    .same_parent = KEEP,
    .other_parent = KEEP,
    .same_id = KEEP,
    .tainted =
        "Without delete_with_resources = true in the state, the apply fails "
        "instead.\n\nThe subscription is in the state and exists on the hub, but the state "
        "marks it as tainted, so the plan replaces it.\n\nWhat to do: If the subscription "
        "is right, run `terraform untaint` with the address above. Then nothing is "
        "replaced. If the resource was renamed, use a `moved` block, not a `removed` block.",
};

const struct resource_table user_subscription_table = {
    .name = "user_subscription",
    .noun = "user subscription",
    .doc = "Manages a customer's subscription on an Azure Stack Hub, created from an "
           "offer. Requires the block `hub` in the provider block.",
    .service = &hub_service,
    .id_type = "subscriptions/Microsoft.Subscriptions.Admin/subscriptions",
    .api_version = "2015-11-01",
    .parent_noun = "Default Provider Subscription",
    .id =
        "/subscriptions/{administrator_subscription_id}/providers/Microsoft.Subscriptions.Admin/"
        "subscriptions/{subscription_id}",
    .identity = identity,
    .identity_id =
        "/subscriptions/{administrator_subscription_id}/providers/Microsoft.Subscriptions.Admin/"
        "subscriptions/{subscription_id}",
    .list = list,
    .list_id =
        "/subscriptions/{administrator_subscription_id}/providers/Microsoft.Subscriptions.Admin/"
        "subscriptions",
    .import_by = "subscription_id",
    .collection_read = true,
    .update = &put,
    .delete_guard = &guard,
    .replace_warning = &replace_warning,
    .gone_when = &gone_when,
    .reference_checks = reference_checks,
    .taint_note = "which needs delete_with_resources = true in the state",
    .destroy_title = "Destroying a user subscription deletes its resources",
    .destroy_warning = "All of the customer's resources in the subscription are deleted "
                       "with it. To turn off this warning, set destroy_warning_enabled = "
                       "false in the provider block.",
    .attributes = attributes,
    .timeouts = { .create_s = 30 * 60,
                  .read_s = 5 * 60,
                  .update_s = 30 * 60,
                  .delete_s = 60 * 60 },
    .lost_as = "subscription_id",
    .gone = gone,
    .parent_gone = parent_gone,
    .remedies = remedies,
};
