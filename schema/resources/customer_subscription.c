/* Customer subscription: a customer's Azure subscription, mapped onto the registration of
 * an Azure Stack Hub, so that the customer's usage of that hub is billed to it.
 * Source: Microsoft.AzureStack/stable/2017-06-01/CustomerSubscription.json; azure-stack-docs
 * azure-stack-csp-ref-operations.md, azure-stack-registration-errors.md
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "schema/checks.h"
#include "schema/hub.h"
#include "schema/tables.h"

static const struct attribute attributes[] = {
    { "registration_id", &type_string, REQUIRED | REPLACE,
      .id_type = "Microsoft.AzureStack/registrations", .compare = COMPARE_IGNORING_CASE,
      .doc =
          "The ID of the Azure Stack Hub's registration in Azure, in the form "
          "`/subscriptions/{registration_subscription_id}/resourceGroups/{resource_group_name}/providers/Microsoft.AzureStack/registrations/{registration_name}`. "
          "Changing this forces a new resource to be created." },
    { "customer_subscription_id", &type_string, REQUIRED | REPLACE,
      .check = check_guid_lower,
      .doc =
          "The ID of the customer's Azure subscription, created in Partner Center. It is "
          "not a subscription on the hub and not the customer's tenant. Must be lower "
          "case. Changing this forces a new resource to be created." },
    /* Source: CustomerSubscription.json, examples: the answer to a PUT has "". */
    { "tenant_id", &type_string, OPTIONAL | COMPUTED | REPLACE | UNIQUE | MAY_BE_OMITTED,
      .body = "properties.tenantId", .compare = COMPARE_IGNORING_CASE,
      .check = check_guid_lower,
      .doc =
          "The ID of the customer's Microsoft Entra tenant. Defaults to the tenant of "
          "the subscription. Must be lower case. Changing this forces a new resource to "
          "be created." },
    { "replace_existing_mapping", &type_bool, OPTIONAL,
      .doc =
          "Whether this mapping can overwrite the mapping of another subscription of the "
          "same tenant on the same registration. Azure does not report the overwrite: it "
          "deletes the other mapping and bills the tenant to this subscription. Defaults "
          "to `false`, with which such a plan fails." },
    { "id", &type_string, COMPUTED | IS_ID,
      .doc = "The ID of the mapping, with the upper and lower case letters that Azure "
             "returns." },
    { 0 },
};

#define SET_CUSTOMER                                                                     \
    "\n\nWhat to do: Set customer_subscription_id to the ID of the Azure subscription "  \
    "that was created in Partner Center for the customer."

/* All are GUIDs, so one is easily set to the other. Only a warning for the registration's: it is not
 * documented that Azure rejects it. */
static void check_mistaken(struct arena *arena, const struct value *config,
                           struct diags *diags)
{
    const char *customer =
        value_text(value_get(arena, config, "customer_subscription_id"));
    const char *tenant = value_text(value_get(arena, config, "tenant_id"));
    const char *registration = value_text(value_get(arena, config, "registration_id"));
    const struct path *path =
        path_attribute(arena, PATH_NONE, "customer_subscription_id");
    struct error ignored = NO_ERROR;
    struct id id;
    if (customer == NULL || !text_is_guid(customer))
        return;
    if (text_equal_ignoring_case(customer, tenant))
        diags_error(diags, path, "Invalid customer_subscription_id",
                    "customer_subscription_id and tenant_id are the same ID. No "
                    "subscription has the ID of a tenant." SET_CUSTOMER);
    else if (registration != NULL && id_parse(arena, registration, &id, &ignored) == 0 &&
             text_equal_ignoring_case(customer, id.subscription))
        diags_warning(diags, path,
                      "The customer has the subscription of the registration",
                      "customer_subscription_id is the subscription that contains the "
                      "registration. With this mapping the partner pays for the "
                      "customer's usage, as without a mapping." SET_CUSTOMER);
}

/* Described as on Microsoft's page, azure-stack-csp-ref-operations.md. */
static const struct attribute identity[] = {
    { "registration_subscription_id", &type_string, REQUIRED, .check = check_guid,
      .doc = "The ID of the Azure subscription that contains the registration." },
    { "resource_group_name", &type_string, REQUIRED, .check = check_group_name,
      .doc = "The resource group that contains the registration." },
    { "registration_name", &type_string, REQUIRED, .check = check_id_name,
      .doc = "The name of the Azure Stack Hub registration." },
    { "customer_subscription_id", &type_string, REQUIRED, .check = check_guid,
      .doc = "The ID of the customer's Azure subscription, with the upper and lower case "
             "letters that Azure returns." },
    { 0 },
};

static const struct attribute list[] = {
    { "registration_id", &type_string, REQUIRED,
      .id_type = "Microsoft.AzureStack/registrations",
      .doc = "The ID of the registration whose customer subscriptions to list." },
    { 0 },
};

/* Source: azure-stack-registration-errors.md (codes and meanings; it gives no status). */
static const struct remedy remedies[] = {
    { "RegistrationNotFound",
      "the registration does not exist, or the credential has no role "
      "to read it",
      "Check the subscription \"{parent.subscription}\", the resource "
      "group \"{parent.resource_group}\" and the name \"{parent.name}\" "
      "of the registration. To find the registration of a hub, compare "
      "the cloudId of the registrations with the hub's Cloud Deployment "
      "ID.",
      "registration_id" },
    { "BadCustomerSubscriptionId",
      "the subscription belongs to another partner than the registration",
      "Use a subscription that the CSP that owns the registration "
      "created in Partner Center. Check upper and lower case of the ID, "
      "which is case-sensitive.",
      "customer_subscription_id" },
    { "InvalidCustomerSubscriptionId", "this ID is not the ID of an Azure subscription",
      "Copy the ID of the Azure subscription from Partner Center. The "
      "IDs of subscriptions on the hub, of tenants and of Azure plans "
      "have the same format, but are not valid here.",
      "customer_subscription_id" },
    { "InvalidCSPSubscription", "the subscription is not a CSP subscription",
      "Copy the ID of the Azure subscription that was created for the "
      "customer in Partner Center. The IDs of subscriptions on the hub, "
      "of tenants and of Azure plans have the same format, but are not "
      "valid here.",
      "customer_subscription_id" },
    { "CustomerSubscriptionNotFound",
      "the subscription is not mapped to this registration, or its ID "
      "is different",
      "Check the ID. If the mapping was deleted outside of Terraform, "
      "run `terraform plan`: the plan creates it again.",
      NULL },
    { "UnauthorizedCspRegistration", "the registration is not approved for multi-tenancy",
      "Send an e-mail to azstcsp@microsoft.com and request "
      "multi-tenancy, with the registration subscription ID "
      "{parent.subscription}, the resource group name "
      "{parent.resource_group} and the registration name {parent.name}. "
      "Approval takes one to two business days. Then apply again.",
      "registration_id" },
    { "CustomerSubscriptionsNotAllowed",
      "the hub is disconnected, or its registration uses capacity billing",
      "Register the hub again with the pay-as-you-use billing model. "
      "Other models do not support tenants.",
      "registration_id" },
    { "MetadataResolverBadGatewayError", "a service behind Azure did not respond",
      "Apply again later.", NULL },
    { "ScopeLocked", "a resource lock prevents this",
      "(1) Remove the lock from the scope in the message above, which "
      "requires the role Owner or User Access Administrator. (2) Apply "
      "again. (3) Put the lock back. The registration script puts a lock "
      "named RegistrationResourceLock on every registration. This "
      "provider never removes a lock.",
      "registration_id" },
    { "AuthorizationFailed", "the credential has no role that allows this",
      "Assign a role that has Microsoft.AzureStack/registrations/read "
      "and "
      "Microsoft.AzureStack/registrations/customerSubscriptions/read, "
      "write and delete on the registration: Contributor has them, the "
      "built-in Azure Stack Registration Owner does not. A new role "
      "assignment can take a few minutes to take effect.",
      NULL },
    { NULL, NULL, NULL, NULL },
};

/* Source: azure-stack-registration-errors.md, CustomerSubscriptionsNotAllowed. */
static const struct parent_rule parent_rules[] = {
    { "properties.billingModel", "Capacity", "registration_id",
      "the registration uses capacity billing, which does not support "
      "tenants",
      "Use the registration of another hub, or register this hub again "
      "with the pay-as-you-use billing model." },
    { 0 },
};

static const struct replace_warning replace_warning = {
    .title = "Replacing a customer subscription mapping leaves a gap in billing",
    .always = "Terraform deletes the old mapping before it creates the new one, "
              "unless the resource has create_before_destroy = true. Until the "
              "new mapping exists, the customer's usage of this hub is charged "
              "to the subscription of the registration, {parent.subscription}, "
              "which is the partner's own. If the create fails, the charges "
              "continue until you apply again.",
    .same_parent = "What to do: To avoid the gap, set create_before_destroy = true "
                   "in the lifecycle block, and replace_existing_mapping = true. If "
                   "both subscriptions belong to the same tenant, Azure then "
                   "overwrites the old mapping in one step.",
    .other_parent = "What to do: To avoid the gap, set create_before_destroy = true in "
                    "the lifecycle block, because each of the two registrations can "
                    "have a mapping. If the customer continues to use the old hub, "
                    "keep the old mapping, and add another resource for the new one.",
    .same_id = "The old and the new mapping have the same ID, so the new one "
               "cannot be created before the old one is deleted. With "
               "create_before_destroy = true, the apply would fail.\n\nWhat to "
               "do: If only tenant_id is wrong, remove it from the configuration. "
               "Azure then sets the tenant, and nothing is replaced.",
    .tainted = "The mapping is in the state and exists in Azure, but the state "
               "marks it as tainted, so the plan replaces it.\n\nWhat to do: If "
               "the mapping is right, run `terraform untaint` with the address "
               "above. Then nothing is replaced. If the resource was renamed, use "
               "a `moved` block, not a `removed` block.",
};

static const struct reference_state activation_states[] = {
    { "properties.usageReportingEnabled", "false", true, "The hub does not report usage",
      "The hub is registered as\n\n  {listed}\n\nand its usage "
      "reporting is disabled. Usage of the hub is not billed.\n\nWhat "
      "to do: Register the hub again with usage reporting enabled." },
    { NULL, NULL, false, NULL, NULL },
};

#define NOT_AZURE                                                                        \
    "Customers' usage is billed to Azure subscriptions, but {value} "                    \
    "is a subscription on the hub itself, according to this list of "                    \
    "the hub:\n\n  {list}\n\nWhat to do: Copy the ID of the Azure "                      \
    "subscription that was created in Partner Center for the "                           \
    "customer."

/* About the hub in the same provider block, if there is one. */
static const struct reference_check reference_checks[] = {
    { .attribute = "customer_subscription_id",
      .objects = &hub_own_subscriptions,
      .by = REFERENCE_BY_NAME,
      .is_refused = true,
      .title = "The subscription is on the hub",
      .text = NOT_AZURE },
    { .attribute = "customer_subscription_id",
      .objects = &user_subscription_table,
      .by = REFERENCE_BY_NAME,
      .is_refused = true,
      .title = "The subscription is on the hub",
      .text = NOT_AZURE },
    { .attribute = "registration_id",
      .objects = &hub_activations,
      .by = REFERENCE_BY_UNIQUE,
      .is_skipped_if_empty = true,
      .is_warning = true,
      .title = "The hub has another registration",
      .text = "registration_id is\n\n  {value}\n\nbut the hub in the same "
              "provider block is registered as\n\n  {listed}\n\nThis mapping "
              "has no effect on the usage of that hub.\n\nWhat to do: If the "
              "mapping is for that hub, set registration_id to the hub's "
              "registration, which the data source azurestack_activation "
              "returns. If the mapping is for another hub, use a provider "
              "configuration (provider = azurestack.ALIAS) with that hub in the "
              "block hub, or without a block hub.",
      .states = activation_states },
    { 0 },
};

static const char *const gone[] = { "CustomerSubscriptionNotFound", "ResourceNotFound",
                                    NULL };

static const char *const parent_gone[] = { "RegistrationNotFound",
                                           "ResourceGroupNotFound",
                                           "ParentResourceNotFound",
                                           "SubscriptionNotFound", NULL };

/* Source: azure-docs azure-resource-manager/management/lock-resources.md; azure-sdk,
 * ManagementLocks.listForResource(): the list also has the locks of all resources below */
static const char *const lock_levels[] = { "CanNotDelete", "ReadOnly", NULL };

static const struct delete_blocker lock = {
    .list_id = "{registration_id}/providers/Microsoft.Authorization/locks",
    .api_version = "2016-09-01",
    .place = "properties.level",
    .values = lock_levels,
    .title = "A resource lock prevents deleting the {noun}",
    .text = "Azure will reject this because of the lock \"{blocker.name}\" "
            "on\n\n  {blocker.scope}\n\nWhat to do: (1) Remove the lock, which "
            "requires the role Owner or User Access Administrator. (2) Plan "
            "and apply again. (3) Put the lock back. This provider never "
            "removes a lock. To skip this check, set "
            "destroy_lock_check_enabled = false in the provider block.",
};

static const struct owner_rule owner = {
    .account = "customer_subscription_id",
    .known = "According to Azure, subscription {account} belongs to tenant "
             "{owner}.",
    .unknown = "Azure did not return the tenant of subscription {account}. A "
               "{parent_noun} can have one {noun} for each tenant. If the tenant "
               "already has one, the apply overwrites it, and the warning about "
               "it comes only after the apply.",
};

const struct resource_table customer_subscription_table = {
    .name = "customer_subscription",
    .noun = "customer subscription mapping",
    .doc =
        "Manages the mapping of a customer's Azure subscription to the registration of "
        "an Azure Stack Hub, so that the customer's usage is billed to that "
        "subscription.",
    .service = &azure_service,
    .id_type = "Microsoft.AzureStack/registrations/customerSubscriptions",
    .api_version = "2017-06-01",
    .takes_api_version = true,
    .parent_noun = "registration",
    .id = "{registration_id}/customerSubscriptions/{customer_subscription_id}",
    .identity = identity,
    .identity_id =
        "/subscriptions/{registration_subscription_id}/resourceGroups/{resource_group_name}/"
        "providers/Microsoft.AzureStack/registrations/{registration_name}/"
        "customerSubscriptions/{customer_subscription_id}",
    .parent_id = "{registration_id}",
    .label = "{noun} {name} of {parent_noun} \"{parent.name}\" (resource group "
             "\"{parent.resource_group}\")",
    .list_label =
        "the list of {noun}s of {parent_noun} \"{parent.name}\" (resource group "
        "\"{parent.resource_group}\")",
    .list = list,
    .list_id = "{registration_id}/customerSubscriptions",
    .check = check_mistaken,
    .delete_blocker = &lock,
    .collection_read = true,
    .overwrite = "replace_existing_mapping",
    .owner = &owner,
    .parent_rules = parent_rules,
    .reference_checks = reference_checks,
    .replace_warning = &replace_warning,
    .destroy_title = "Destroying a customer subscription mapping changes who pays",
    .taint_note = "which leaves a short gap in billing, and which a lock on the "
                  "{parent_noun} may prevent",
    .list_gap_note =
        "Azure may bill usage under mappings that the list does not contain.",
    .destroy_warning = "Only the mapping is deleted. The customer's Azure subscription "
                       "is not changed. From then on, the customer's usage of this hub "
                       "is charged to the subscription of the registration, "
                       "{parent.subscription}, which is the partner's own, unless "
                       "another subscription of the same tenant is mapped.\n\nWhat to "
                       "do: To keep the mapping in Azure and only remove it from the "
                       "state, use a `removed` block with `destroy = false`. To turn off "
                       "this warning, set destroy_warning_enabled = false in the "
                       "provider block.",
    .attributes = attributes,
    .timeouts = { .create_s = 30 * 60, .read_s = 5 * 60, .delete_s = 30 * 60 },
    .gone = gone,
    .parent_gone = parent_gone,
    .remedies = remedies,
};
