/* A partner's Azure subscription for a customer: bought under the customer's Azure plan by the
 * PUT of an alias, of which the subscription is the result.
 * Source: Microsoft.Subscription/stable/2021-10-01/subscriptions.json;
 * Microsoft.Billing/stable/2020-05-01/billing.json; azure-docs programmatically-create-
 * subscription-microsoft-partner-agreement.md; azurerm, internal/services/subscription/validate, and
 * azure-docs issue 79197 for the names
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "schema/checks.h"
#include "schema/schema.h"
#include "schema/tables.h"

static void check_display_name(struct arena *arena, const struct attribute *attribute,
                               const struct value *value, const struct path *path,
                               struct diags *diags)
{
    const char *text = value_text(value);
    check_not_empty(arena, attribute, value, path, diags);
    if (strpbrk(text, "<>;|") != NULL)
        diags_error(diags, path, checks_title(arena, attribute),
                    "\"%s\" is not a name: it must not have one of < > ; |.",
                    checks_shown(arena, text));
}

/* The address of such an alias is answered with a 404, which is no answer of Resource Manager. */
static void check_alias(struct arena *arena, const struct attribute *attribute,
                        const struct value *value, const struct path *path,
                        struct diags *diags)
{
    const char *text = value_text(value);
    if (strchr(text, '.') == NULL || strchr(text, '/') != NULL) {
        check_id_name(arena, attribute, value, path, diags);
        return;
    }
    char *other = arena_copy_text(arena, text);
    for (char *at = other; (at = strchr(at, '.')) != NULL;)
        *at = '-';
    diags_error(diags, path, checks_title(arena, attribute),
                "\"%s\" has a period, which Azure does not accept in an alias. Use for "
                "example \"%s\".",
                checks_shown(arena, text), checks_shown(arena, other));
}

static const char *const made_from[] = { "billing_scope_id", "display_name", NULL };

static const struct attribute attributes[] = {
    { "billing_scope_id", &type_string, REQUIRED | REPLACE | RETURNED_ONCE,
      .body = "properties.billingScope",
      .id_type = "/Microsoft.Billing/billingAccounts/customers",
      .compare = COMPARE_IGNORING_CASE, .check = check_billing_customer,
      .doc =
          "The ID of the customer in the partner's billing account. Format: "
          "`/providers/Microsoft.Billing/billingAccounts/{billing_account_name}/customers/{customer_tenant_id}`. "
          "The customer needs an Azure plan. Changing this forces a new "
          "resource to be created." },
    { "display_name", &type_string, REQUIRED | RETURNED_ONCE,
      .body = "properties.displayName", .check = check_display_name, .characters_max = 64,
      .doc =
          "The name of the subscription, of at most 64 characters. A change renames the subscription in place, "
          "which requires permission in the customer's tenant." },
    { "alias", &type_string, OPTIONAL | COMPUTED | REPLACE, .made_from = made_from,
      .check = check_alias, .compare = COMPARE_IGNORING_CASE,
      .doc =
          "The name of the alias, without a period. Azure treats two requests with the same alias as one "
          "purchase. Defaults to a GUID that is derived from `billing_scope_id` and "
          "`display_name`. Changing this forces a new resource to be created." },
    { "workload", &type_string, OPTIONAL | COMPUTED | REPLACE | RETURNED_ONCE,
      .body = "properties.workload", .default_value = "Production",
      .compare = COMPARE_IGNORING_CASE, .one_of = ONE_OF("Production", "DevTest"),
      .doc = "The workload of the subscription. Defaults to "
             "`Production`. Changing this forces a new resource to be created." },
    { "reseller_id", &type_string, OPTIONAL | REPLACE | RETURNED_ONCE,
      .body = "properties.resellerId", .compare = COMPARE_IGNORING_CASE,
      .check = check_not_empty,
      .doc =
          "The reseller's ID in the Microsoft AI Cloud Partner Program, if the partner is "
          "an indirect provider. Changing this forces a new "
          "resource to be created." },
    { "allow_duplicate_display_name", &type_bool, OPTIONAL,
      .doc = "Whether to buy a subscription even if the customer has one with the same "
             "name. Defaults to `false`, with which such a subscription is an error, "
             "because an earlier run may have bought it." },
    { "cancel_on_destroy", &type_bool, OPTIONAL,
      .doc =
          "Whether destroying this resource cancels the subscription. Defaults to "
          "`false`, with which a destroy deletes only the alias, and the subscription "
          "continues to cost money. Cancelling requires permission in the customer's "
          "tenant. Apply a change of this argument before you destroy or replace the resource." },
    { "subscription_id", &type_string, COMPUTED | MAY_BE_OMITTED,
      .body = "properties.subscriptionId", .compare = COMPARE_IGNORING_CASE,
      .doc =
          "The ID of the subscription, in lower case, for `customer_subscription_id` of "
          "`azurestack_customer_subscription`." },
    { "customer_tenant_id", &type_string, COMPUTED, .name_in = "billing_scope_id",
      .doc = "The ID of the customer's Microsoft Entra tenant, in lower case." },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "The ID of the alias." },
    { 0 },
};

static const struct attribute identity[] = {
    { "alias", &type_string, REQUIRED, .check = check_id_name,
      .doc = "The name of the alias." },
    { 0 },
};

static const struct attribute list[] = { { 0 } };

static const char *const done[] = { "Succeeded", NULL };
static const char *const failed[] = { "Failed", "Canceled", "Cancelled", NULL };

static const struct progress_rule progress = {
    .place = "properties.provisioningState",
    .done = done,
    .failed = failed,
    .failure =
        "Correct the cause in the message above. If the message names no "
        "cause, check in Partner Center that the customer has an Azure plan and "
        "has accepted the Microsoft Customer Agreement, and that the "
        "subscription does not exist. Then apply again. To delete an "
        "alias that is not in the state, run: az rest --method delete "
        "--url "
        "\"/providers/Microsoft.Subscription/aliases/{name}?api-version=2021-10-01\"",
    .pending = "Wait until Azure has created the subscription, which can take "
               "half an hour. Do not use another alias, which would buy a second "
               "subscription. Then plan again. If the resource is marked as "
               "tainted, remove the mark with `terraform untaint`.",
};

/* Source: subscriptions.json, Subscription_Rename and Subscription_Cancel; Microsoft.Resources
 * subscriptions.json, Subscriptions_Get, SubscriptionState */
static const struct remedy rename_remedies[] = {
    { "AuthorizationFailed",
      "the credential has no role to rename the subscription in the "
      "customer's tenant",
      "Assign the credential a role that has "
      "Microsoft.Subscription/rename/action on the subscription, such "
      "as Owner, in the customer's tenant. Or rename the subscription "
      "in the portal, and set display_name back to the old name.",
      "display_name" },
    { NULL, NULL, NULL, NULL },
};

static const struct remedy cancel_remedies[] = {
    { "AuthorizationFailed",
      "the credential has no role to cancel the subscription in the "
      "customer's tenant",
      "Assign the credential a role that has "
      "Microsoft.Subscription/cancel/action on the subscription, such "
      "as Owner, in the customer's tenant. Or cancel the subscription "
      "in Partner Center, apply cancel_on_destroy = false, and destroy "
      "again.",
      "cancel_on_destroy" },
    { NULL, NULL, NULL, NULL },
};

/* A cancelled subscription has the state Warned at first. So does one that is past due, which
 * returns to Enabled once it is paid.
 *
 * Source: azure-docs cost-management-billing/manage/subscription-states.md */
static const char *const cancelled[] = { "Disabled", "Deleted", NULL };
static const char *const cancelled_or_warned[] = { "Disabled", "Deleted", "Warned",
                                                   NULL };

static const struct action_rule renaming = {
    .verb = "rename",
    .path = "/subscriptions/{subscription_id}/providers/Microsoft.Subscription/rename",
    .attribute = "display_name",
    .member = "subscriptionName",
    .sign_in_to = "customer_tenant_id",
    .needs = "To rename a subscription, the provider must sign in to the "
             "customer's tenant, and the credential needs a role on the "
             "subscription there.",
    .look = "/subscriptions/{subscription_id}",
    .look_api_version = "2022-12-01",
    .place = "displayName",
    .remedies = rename_remedies,
};

static const struct action_rule cancelling = {
    .verb = "cancel",
    .path = "/subscriptions/{subscription_id}/providers/Microsoft.Subscription/cancel",
    .sign_in_to = "customer_tenant_id",
    .needs = "To cancel a subscription, the provider must sign in to the "
             "customer's tenant, and the credential needs a role on the "
             "subscription there.",
    .look = "/subscriptions/{subscription_id}",
    .look_api_version = "2022-12-01",
    .place = "state",
    .values = cancelled,
    .all_values = cancelled_or_warned,
    .refused_title = "The subscription was not cancelled again",
    .refused = "{look} is in state Warned: it was cancelled, has expired or is "
               "past due. It is offline, and costs nothing. The alias is "
               "deleted.\n\nWhat to do: If the subscription was cancelled, do "
               "nothing. If it is past due, it is enabled again when the bill is "
               "paid: to prevent this, cancel it in Partner Center or in the "
               "Azure portal.",
    .when = "cancel_on_destroy",
    .warning = "The subscription is cancelled, then the alias is deleted. All "
               "resources in the subscription stop. You can enable the "
               "subscription again for 90 days; then Azure deletes it "
               "permanently.\n\nWhat to do: First destroy the customer "
               "subscription mappings of this subscription. To turn off this "
               "warning, set destroy_warning_enabled = false in the provider "
               "block.",
    .remedies = cancel_remedies,
};

static const char *const failed_state[] = { "Failed", NULL };
static const char *const past_status[] = { "Deleted",  "Abandoned", "Cancelled",
                                           "Canceled", "Expired",   NULL };

#define FOUND_TITLE "The customer already has a subscription with this name"
#define HOW_TO_GO_ON                                                                     \
    "To buy another subscription, set a different display_name, or "                     \
    "set allow_duplicate_display_name = true."

static const struct create_blocker create_blockers[] = {
    { .list_id = "/providers/Microsoft.Subscription/aliases",
      .api_version = "2021-10-01",
      .place = "properties.displayName",
      .attribute = "display_name",
      .place_too = "properties.billingScope",
      .attribute_too = "billing_scope_id",
      .status = "properties.provisioningState",
      .past = failed_state,
      .shown = "properties.subscriptionId",
      .unless = "allow_duplicate_display_name",
      .title = FOUND_TITLE,
      .text =
          "The alias {blocker.name} has the same billing scope and display "
          "name. Its subscription is {blocker.shown}, which may be cancelled. Nothing was "
          "bought.\n\nWhat to do: Look at the subscription's state in the Azure portal. If it "
          "is active and the one that you want, set alias = \"{blocker.name}\" and import "
          "it:\n\n{blocker.import}\n" HOW_TO_GO_ON,
      .unread = "Because of this, it is not known whether another alias has "
                "already bought this subscription." },
    { .list_id = "{billing_scope_id}/billingSubscriptions",
      .api_version = "2020-05-01",
      .place = "properties.displayName",
      .attribute = "display_name",
      .status = "properties.subscriptionBillingStatus",
      .past = past_status,
      .shown = "properties.subscriptionId",
      .unless = "allow_duplicate_display_name",
      .title = FOUND_TITLE,
      .text = "Its ID is {blocker.shown}. The credential can read no alias with this "
              "name: the alias may have been deleted, or the subscription may have "
              "been renamed. Nothing was bought.\n\nWhat "
              "to do: If this is the subscription that you want, use its ID "
              "instead of this resource, for example customer_subscription_id = "
              "\"{blocker.shown}\". You need no alias. " HOW_TO_GO_ON,
      .unread = "Because of this, it is not known whether the customer already "
                "has a subscription with this name." },
    { 0 },
};

static const struct remedy remedies[] = {
    { "UserNotAuthorized", "the credential has no role on the billing scope",
      "Sign in to the partner's own tenant as a member of the Admin "
      "Agents group of Partner Center. For a service principal, assign "
      "the role Azure subscription creator on the billing scope.",
      "billing_scope_id" },
    { "InvalidAuthenticationTokenTenant", "the token is from another tenant",
      "Set tenant_id in the provider block to the partner's own tenant. "
      "Aliases and billing accounts belong to the partner's tenant, not "
      "to the customer's.",
      NULL },
    { "AuthorizationFailed", "the credential has no role that allows this",
      "Sign in to the partner's own tenant with a credential that has a role on the billing "
      "scope.",
      NULL },
    { NULL, NULL, NULL, NULL },
};

static const struct replace_warning replace_warning = {
    .title = "Replacing a partner's Azure subscription buys another one",
    .always = "The new subscription is empty and costs money in addition. The "
              "old subscription is cancelled only if the state has "
              "cancel_on_destroy = true. Otherwise only its alias is deleted, "
              "and the subscription continues to cost money.",
    .same_parent = "What to do: To keep the subscription, undo the change that "
                   "forces the replacement.",
    .other_parent =
        "To keep the subscription, undo the change that forces the replacement.",
    .same_id = "The new subscription would have the same alias and display name "
               "as the old one. While the customer has a subscription with that "
               "name, the create fails and nothing is bought, unless "
               "allow_duplicate_display_name = true.\n\nWhat to do: To keep the "
               "subscription, undo the change that forces the replacement.",
    .tainted = "",
    .refused = "The alias and its subscription exist in Azure and have no error, but the "
               "resource is marked as tainted or was renamed, or -replace or "
               "replace_triggered_by asks for it. Replacing it would buy another "
               "subscription.\n\nWhat to do: To keep the subscription, run `terraform "
               "untaint` with the address above (also before `terraform destroy`, which "
               "plans this first), or remove -replace or replace_triggered_by. If the "
               "resource was renamed, use a `moved` block. To buy another subscription, "
               "set alias to a new value and allow_duplicate_display_name = true. The "
               "plan then warns about the cost.",
};

/* Source: azure-resource-manager-rpc, the code for an object that is not there */
static const char *const gone[] = { "ResourceNotFound", NULL };

const struct resource_table partner_azure_subscription_table = {
    .name = "partner_azure_subscription",
    .noun = "partner's Azure subscription",
    .doc =
        "Manages an Azure subscription that a Cloud Solution Provider buys for a customer, "
        "under the customer's Azure plan.",
    .service = &azure_service,
    .id_type = "/Microsoft.Subscription/aliases",
    .api_version = "2021-10-01",
    .id = "/providers/Microsoft.Subscription/aliases/{alias}",
    .identity = identity,
    .identity_id = "/providers/Microsoft.Subscription/aliases/{alias}",
    .label = "{noun} with alias \"{name}\"",
    .list_label = "the list of subscription aliases",
    .list = list,
    .list_id = "/providers/Microsoft.Subscription/aliases",
    .create_blockers = create_blockers,
    .looks_ahead = true,
    .progress = &progress,
    .update_action = &renaming,
    .delete_action = &cancelling,
    .replace_warning = &replace_warning,
    .destroy_title = "Destroying a partner's Azure subscription",
    .taint_note = "which buys a second subscription or fails",
    .destroy_warning = "Only the alias is deleted. The subscription stays in the "
                       "customer's tenant and continues to cost money.\n\nWhat to do: To "
                       "cancel the subscription too, apply cancel_on_destroy = true "
                       "first. To remove the resource from the state and keep the alias, "
                       "use a `removed` block with `destroy = false`. To turn off this "
                       "warning, set destroy_warning_enabled = false in the provider "
                       "block.",
    .attributes = attributes,
    .gone = gone,
    .timeouts = { 30 * 60, 5 * 60, 30 * 60, 30 * 60 },
    .remedies = remedies,
};
