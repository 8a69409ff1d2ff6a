/* Registration: the object in public Azure that represents an Azure Stack Hub. Creating it needs a
 * token that only the hub itself can issue.
 * Source: Microsoft.AzureStack/stable/2017-06-01/Registration.json; azure-stack-docs
 * azure-stack-registration.md
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/schema.h"
#include "schema/tables.h"

static const char *const regions[] = { "global", NULL };

static const struct attribute attributes[] = {
    { "name", &type_string, REQUIRED | REPLACE, .check = check_id_name,
      .compare = COMPARE_IGNORING_CASE,
      .doc = "The name of the registration. Each hub has one registration." },
    { "resource_group_name", &type_string, REQUIRED | REPLACE, .check = check_group_name,
      .compare = COMPARE_IGNORING_CASE,
      .doc = "The resource group that contains the registration." },
    { "subscription_id", &type_string, OPTIONAL | COMPUTED | REPLACE, .check = check_guid,
      .compare = COMPARE_IGNORING_CASE,
      .provider_default = "in the provider block (ARM_SUBSCRIPTION_ID)",
      .doc =
          "The ID of the Azure subscription that contains the registration. Defaults to "
          "the provider's `subscription_id`." },
    /* A write-only attribute needs no SENSITIVE. Besides, Terraform 1.11 writes the paths of
     * several sensitive attributes in any order, and then sees a changed state. */
    { "registration_token", &type_string, OPTIONAL | WRITE_ONLY,
      .body = "properties.registrationToken", .check = check_not_empty,
      .version = "registration_token_version",
      .doc = "The registration token, which `New-RegistrationToken` returns at the hub's "
             "privileged endpoint. It contains the identity and the billing model of the "
             "hub. To create a registration, set `registration_token` or "
             "`registration_token_in_state`." },
    { "registration_token_in_state", &type_string, OPTIONAL | SENSITIVE | NEVER_RETURNED,
      .body = "properties.registrationToken", .check = check_not_empty,
      .doc =
          "The registration token, for versions of Terraform and OpenTofu that have no "
          "write-only arguments. The plan and the state contain the value, so protect "
          "both. A change sends the new token." },
    { "registration_token_version", &type_number, OPTIONAL,
      .doc =
          "Any number. Change it to send `registration_token` again and register the hub "
          "with the same or another billing model. Removing it sends nothing." },
    { "tags", &type_map_of_string, OPTIONAL, .body = "tags", .check = check_tags,
      .compare = COMPARE_KEYS_IGNORING_CASE, .doc = "Tags of the registration." },
    { "delete_with_customer_subscriptions", &type_bool, OPTIONAL,
      .doc =
          "Whether a delete is allowed while customer subscriptions are mapped to the "
          "registration. The delete removes all mappings. Defaults to `false`, with "
          "which the delete fails. Apply a change of this argument before you destroy." },
    { "location", &type_string, COMPUTED, .body = "location", .default_value = "global",
      .one_of = regions, .compare = COMPARE_IGNORING_CASE,
      .doc = "The location of the registration, which is `global`." },
    { "cloud_id", &type_string, COMPUTED, .body = "properties.cloudId",
      .doc = "The Cloud Deployment ID of the hub." },
    { "billing_model", &type_string, COMPUTED, .body = "properties.billingModel",
      .changes_with = NAMES("registration_token_version", "registration_token_in_state"),
      .doc = "The billing model of the hub: `PayAsYouUse`, `Capacity`, "
             "`Development`, `Custom` or `Ruggedized`. Only `PayAsYouUse` "
             "supports tenants." },
    { "object_id", &type_string, COMPUTED, .body = "properties.objectId",
      .changes_with = NAMES("registration_token_version", "registration_token_in_state"),
      .doc = "The object ID of the hub's connection to Azure in the directory." },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "The ID of the registration." },
    { 0 },
};

static const struct attribute identity[] = {
    { "subscription_id", &type_string, REQUIRED, .check = check_guid,
      .doc = "The ID of the Azure subscription that contains the registration." },
    { "resource_group_name", &type_string, REQUIRED, .check = check_group_name,
      .doc = "The resource group that contains the registration." },
    { "name", &type_string, REQUIRED, .check = check_id_name,
      .doc = "The name of the registration." },
    { 0 },
};

static const struct attribute list[] = {
    { "subscription_id", &type_string, REQUIRED, .check = check_guid,
      .doc = "The ID of the Azure subscription whose registrations to list." },
    { "resource_group_name", &type_string, REQUIRED, .check = check_group_name,
      .doc = "The resource group whose registrations to list." },
    { 0 },
};

static const char *const tokens[] = { "registration_token", "registration_token_in_state",
                                      NULL };

static const struct choice token = {
    .names = tokens,
    .advice = "Set registration_token, which is never stored in a plan or a "
              "state and requires Terraform 1.11 or OpenTofu 1.11. For older "
              "versions, set registration_token_in_state. The hub issues the "
              "token at its privileged endpoint: New-RegistrationToken "
              "-BillingModel PayAsYouUse.",
};

static const char *const gone[] = { "RegistrationNotFound", "ResourceNotFound", NULL };

static const char *const parent_gone[] = { "ResourceGroupNotFound",
                                           "SubscriptionNotFound", NULL };

/* Source: azure-docs azure-resource-manager/management/lock-resources.md */
static const char *const lock_levels[] = { "CanNotDelete", "ReadOnly", NULL };

static const struct delete_blocker lock = {
    .list_id = "{id}/providers/Microsoft.Authorization/locks",
    .api_version = "2016-09-01",
    .place = "properties.level",
    .values = lock_levels,
    .title = "A resource lock prevents deleting the {noun}",
    .text = "Azure will reject this because of the lock \"{blocker.name}\" "
            "on\n\n  {blocker.scope}\n\nThe registration script puts a lock "
            "named RegistrationResourceLock on every registration.\n\nWhat to "
            "do: To unregister the hub: (1) Remove the lock, which requires "
            "the role Owner or User Access Administrator. (2) Plan and apply "
            "again. This provider never removes a lock. To skip this check, "
            "set destroy_lock_check_enabled = false in the provider block.",
};

static const struct dependents_rule customers = {
    .list_id = "{id}/customerSubscriptions",
    .noun = "customer subscription",
    .allow = "delete_with_customer_subscriptions",
    .title = "Deleting the {noun} deletes the mappings of its customers",
    .loss = "{dependents.count} {dependents.noun} mapped onto {noun} "
            "\"{name}\" of subscription {subscription} would be deleted with "
            "it:\n{dependents.names}\n\nFrom then on, the partner pays for "
            "these customers' usage.",
    .action = "Delete the mappings first. To keep the registration in Azure, "
              "remove it from the state with a `removed` block with `destroy = "
              "false`. To delete the registration with all mappings, set "
              "delete_with_customer_subscriptions = true, apply, then delete "
              "it.",
};

/* Source: azure-stack-docs azure-stack-registration.md, "Renew or change registration"; Azure
 * AzureStack-Tools issue 442 (CloudIdUpdateNotAllowed). InvalidRegistrationToken: AzureStack-Tools
 * issue 597 ("is malformed") and azure-stack-docs registration-tzl.md ("BillingModel 'Custom' is not
 * supported by subscription"). Its module RegisterWithAzure.psm1 shows how a token is issued:
 * Get-AzsRegistrationToken knows no PayAsYouUse, which customers need. */
static const struct remedy remedies[] = {
    { "CloudIdUpdateNotAllowed", "the registration belongs to another hub than the token",
      "A registration cannot change to another hub. Use another name "
      "for the registration of this hub, or use a token of the hub "
      "whose Cloud Deployment ID is the cloud_id of the registration.",
      "name" },
    { "InvalidRegistrationToken",
      "Azure rejected the registration token, or its billing model for "
      "this subscription",
      "If the token is malformed, issue a new one at the hub's "
      "privileged endpoint: New-RegistrationToken -BillingModel "
      "PayAsYouUse, with -TokenVersion 4.0 for public Azure and 3.0 for "
      "other clouds. Set it on one line, as it is printed, and change "
      "registration_token_version. If the subscription does not support "
      "the billing model, issue a token with another model, or ask "
      "Microsoft to approve the subscription.",
      "registration_token" },
    { "ScopeLocked", "a resource lock prevents this",
      "(1) Remove the lock from the scope in the message above, which requires "
      "the role Owner or User Access Administrator. (2) Apply again. (3) "
      "Put the lock back, unless the registration was deleted. The "
      "registration script puts a lock named RegistrationResourceLock on "
      "every registration. This provider never removes a lock.",
      NULL },
    { "ResourceGroupNotFound",
      "the resource group does not exist, or the credential has no role "
      "to read it",
      "Create resource group \"{parent.name}\" in subscription "
      "{parent.subscription} first (azurerm_resource_group), or correct "
      "the name.",
      "resource_group_name" },
    { "AuthorizationFailed", "the credential has no role that allows this",
      "Assign a role that has Microsoft.AzureStack/registrations/read, "
      "and also write and delete if Terraform manages the registration: "
      "Contributor has all three, Reader has only the first. After a "
      "hub was registered, only the identity that registered it can "
      "register it again; roles do not change this. A new role assignment "
      "can take a few minutes to take effect.",
      NULL },
    { NULL, NULL, NULL, NULL },
};

static const struct replace_warning replace_warning = {
    .title = "Replacing a registration unregisters the hub",
    .always = "The old registration is deleted, with all customer mappings and "
              "the hub's connection to Azure. The hub reports no usage until "
              "you activate it with the activation key of the new registration. "
              "The delete fails while customers are mapped, unless the state "
              "has delete_with_customer_subscriptions = true.",
    .same_parent = "The new registration needs a new token from the hub, and you "
                   "must create every mapping again.",
    .other_parent = "What to do: To move the registration to another resource group "
                    "or subscription and keep its mappings, move it in Azure. Then "
                    "remove it and its mappings from the state (terraform state rm), and "
                    "import them.",
    .same_id = "What to do: If only the token changes, change "
               "registration_token_version. This registers the hub again without "
               "a replacement.",
    .tainted = "The registration is in the state and exists in Azure, but the "
               "state marks it as tainted, so the plan replaces it.\n\nWhat to "
               "do: If the registration is right, run `terraform untaint` with "
               "the address above. Then nothing is replaced. If the resource "
               "was renamed, use a `moved` block, not a `removed` block.",
};

static const struct write_rule update = { .method = "PATCH",
                                          .always = NAMES("location") };

const struct resource_table registration_table = {
    .name = "registration",
    .noun = "registration",
    .doc = "Manages the registration of an Azure Stack Hub in public Azure, under which "
           "the hub reports its usage and to which customers are mapped.",
    .service = &azure_service,
    .id_type = "Microsoft.AzureStack/registrations",
    .api_version = "2017-06-01",
    .takes_api_version = true,
    .parent_noun = "resource group",
    .label = "{noun} \"{name}\" (resource group \"{parent.name}\")",
    .list_label =
        "the list of {noun}s in resource group \"{parent.name}\" of subscription {parent.subscription}",
    .id =
        "/subscriptions/{subscription_id}/resourceGroups/{resource_group_name}/providers/"
        "Microsoft.AzureStack/registrations/{name}",
    .identity = identity,
    .identity_id =
        "/subscriptions/{subscription_id}/resourceGroups/{resource_group_name}/providers/"
        "Microsoft.AzureStack/registrations/{name}",
    /* Source: azure-rest-api-specs, Microsoft.Resources resourceGroups, 2021-04-01 */
    .parent_id = "/subscriptions/{subscription_id}/resourceGroups/{resource_group_name}",
    .parent_api_version = "2021-04-01",
    .list = list,
    .list_id =
        "/subscriptions/{subscription_id}/resourceGroups/{resource_group_name}/providers/"
        "Microsoft.AzureStack/registrations",
    .update = &update,
    .choice = &token,
    .looks_ahead = true,
    .delete_blocker = &lock,
    .dependents = &customers,
    .replace_warning = &replace_warning,
    .destroy_title = "Destroying a registration unregisters the hub",
    .taint_note = "which unregisters the hub and deletes the mappings of its customers",
    .destroy_warning = "All customer mappings are deleted with it, and the hub's "
                       "connection to Azure ends. The hub reports no usage until it is "
                       "registered and activated again.\n\nWhat to do: To keep the "
                       "registration in Azure and only remove it from the state, use a "
                       "`removed` block with `destroy = false`. To turn off this "
                       "warning, set destroy_warning_enabled = false in the provider "
                       "block.",
    .attributes = attributes,
    .timeouts = { .create_s = 30 * 60,
                  .read_s = 5 * 60,
                  .update_s = 30 * 60,
                  .delete_s = 30 * 60 },
    .gone = gone,
    .parent_gone = parent_gone,
    .remedies = remedies,
};
