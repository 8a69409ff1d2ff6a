/* What a customer has: the agreement, Azure plans, and the Azure subscriptions under a plan.
 * Source: Partner Center REST: get all of a customer's subscriptions, get a list of Azure
 * entitlements for a subscription, get confirmation of customer acceptance of the Microsoft Customer
 * Agreement. A plan is a subscription whose offer is an item of the plan's product; an entitlement's
 * `id` is the Azure subscription, and its `subscriptionId` the plan.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/partner.h"
#include "schema/tables.h"

#define CUSTOMER_ROW                                                                     \
    {                                                                                    \
        "customer_tenant_id", &type_string, REQUIRED,                                    \
            .check = check_guid,                                                         \
            .doc = "The ID of the customer's Microsoft Entra tenant."                    \
    }

/* ---- Azure plans ---------------------------------------------------------------------------- */

static const struct attribute plan[] = {
    { "plan_id", &type_string, COMPUTED, .body = "id", .compare = COMPARE_IGNORING_CASE,
      .doc = "The ID of the plan, in lower case. It is not the ID of an Azure "
             "subscription." },
    { "friendly_name", &type_string, COMPUTED, .body = "friendlyName",
      .doc = "The display name that the partner set." },
    { "offer_id", &type_string, COMPUTED, .body = "offerId",
      .doc = "The catalogue item, such as `DZH318Z0BPS6:0001:DZH318Z0BML6`. `0001` is "
             "the plan for production, `0002` for development and test." },
    { "offer_name", &type_string, COMPUTED, .body = "offerName",
      .doc = "The name of the catalogue item." },
    { "status", &type_string, COMPUTED, .body = "status",
      .doc = "The state: `none`, `active`, `pending`, `suspended` or `deleted`." },
    { "order_id", &type_string, COMPUTED, .body = "orderId",
      .doc = "The ID of the order." },
    { "creation_date", &type_string, COMPUTED, .body = "creationDate",
      .doc = "The time of creation." },
    { 0 },
};

static const struct attribute plans[] = {
    CUSTOMER_ROW,
    { "status", &type_string, OPTIONAL,
      .one_of = ONE_OF("none", "active", "pending", "suspended", "deleted"),
      .doc = "Lists only plans in this state." },
    { "azure_plans", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = plan,
      .doc = "The Azure plans, sorted by `plan_id`." },
    { "plan_ids", &type_list_of_string, COMPUTED,
      .doc = "The IDs of the plans in state `active`, in lower case, sorted." },
    { "id", &type_string, COMPUTED, .doc = "The ID of the list." },
    { 0 },
};

static const struct list_place plan_lists[] = {
    { PARTNER_CUSTOMER "/subscriptions", PARTNER_CUSTOMER "/subscriptions",
      "the list of subscriptions of customer {customer_tenant_id}" },
    { NULL, NULL, NULL },
};

static const struct start_rule is_plan = { "offerId", PARTNER_AZURE_PLAN };
static const struct gather_rule active_plans = { "plan_ids", "plan_id", "status",
                                                 "active" };

const struct data_source_table partner_azure_plans_data = {
    .name = "partner_azure_plans",
    .doc =
        "Use this data source to list the Azure plans of a customer in Partner Center.",
    .service = &partner_service,
    .noun = "Azure plan",
    .lists = plan_lists,
    .starts = &is_plan,
    .filters = NAMES("status"),
    .gather = &active_plans,
    .items = "azure_plans",
    .remedies = partner_remedies,
    .attributes = plans,
};

/* ---- Azure subscriptions under a plan -------------------------------------------------------- */

static const struct attribute entitlement[] = {
    { "subscription_id", &type_string, COMPUTED, .body = "id",
      .compare = COMPARE_IGNORING_CASE,
      .doc = "The ID of the Azure subscription, in lower case." },
    { "friendly_name", &type_string, COMPUTED, .body = "friendlyName",
      .doc = "The name of the Azure subscription." },
    { "status", &type_string, COMPUTED, .body = "status",
      .doc = "The state, such as `active`." },
    { 0 },
};

static const struct attribute entitlements[] = {
    CUSTOMER_ROW,
    { "plan_id", &type_string, REQUIRED, .check = check_guid,
      .doc = "The ID of the Azure plan, as `azurestack_partner_azure_plans` returns "
             "it." },
    { "azure_entitlements", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = entitlement,
      .doc = "The Azure subscriptions under the plan, sorted by `subscription_id`." },
    { "subscription_ids", &type_list_of_string, COMPUTED,
      .doc =
          "The IDs of the Azure subscriptions in state `active`, in lower case, sorted, "
          "for `customer_subscription_id` of `azurestack_customer_subscription`. Do not "
          "use the list in `for_each`: if Partner Center suspends a subscription, the next "
          "plan would destroy its mapping, and the partner would pay." },
    { "id", &type_string, COMPUTED, .doc = "The ID of the list." },
    { 0 },
};

#define ENTITLEMENTS PARTNER_CUSTOMER "/subscriptions/{plan_id}/azureEntitlements"

static const struct list_place entitlement_lists[] = {
    { ENTITLEMENTS, ENTITLEMENTS,
      "the list of Azure subscriptions under Azure plan {plan_id}" },
    { NULL, NULL, NULL },
};

static const struct gather_rule active_subscriptions = { "subscription_ids",
                                                         "subscription_id", "status",
                                                         "active" };

const struct data_source_table partner_azure_entitlements_data = {
    .name = "partner_azure_entitlements",
    .doc = "Use this data source to list the Azure subscriptions that a customer has "
           "under an Azure plan in Partner Center. Use their IDs in mappings.",
    .service = &partner_service,
    .noun = "Azure entitlement",
    .lists = entitlement_lists,
    .gather = &active_subscriptions,
    .items = "azure_entitlements",
    .remedies = partner_remedies,
    .attributes = entitlements,
};

/* ---- agreements ------------------------------------------------------------------------------ */

static const struct attribute contact[] = {
    { "first_name", &type_string, COMPUTED, .body = "firstName",
      .doc = "The first name." },
    { "last_name", &type_string, COMPUTED, .body = "lastName", .doc = "The last name." },
    { "email", &type_string, COMPUTED, .body = "email", .doc = "The e-mail address." },
    { "phone_number", &type_string, COMPUTED, .body = "phoneNumber",
      .doc = "The phone number." },
    { 0 },
};

static const struct attribute agreement[] = {
    { "type", &type_string, COMPUTED, .body = "type", .doc = "The type of agreement." },
    { "template_id", &type_string, COMPUTED, .body = "templateId",
      .compare = COMPARE_IGNORING_CASE,
      .doc = "The ID of the accepted text, in lower case." },
    { "date_agreed", &type_string, COMPUTED, .body = "dateAgreed",
      .doc = "The time at which the customer accepted the agreement." },
    { "primary_contact", NULL, COMPUTED, .body = "primaryContact",
      .nesting = NESTING_SINGLE, .rows = contact,
      .doc = "The person who accepted the agreement for the customer." },
    { "agreement_link", &type_string, COMPUTED, .body = "agreementLink",
      .doc = "The URL of the agreement text." },
    { "user_id", &type_string, COMPUTED, .body = "userId",
      .compare = COMPARE_IGNORING_CASE,
      .doc = "The ID of the partner's user who confirmed the agreement, in lower case." },
    { 0 },
};

static const struct attribute agreements[] = {
    CUSTOMER_ROW,
    { "agreements", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = agreement,
      .doc =
          "The Microsoft Customer Agreements that the partner confirmed. If the list is "
          "empty, you can order only if the customer accepted the agreement directly, "
          "in the Microsoft 365 admin center, which Partner Center reports elsewhere." },
    { "id", &type_string, COMPUTED, .doc = "The ID of the list." },
    { 0 },
};

static const struct list_place agreement_lists[] = {
    { PARTNER_CUSTOMER "/agreements", PARTNER_CUSTOMER "/agreements",
      "the list of agreements of customer {customer_tenant_id}" },
    { NULL, NULL, NULL },
};

const struct data_source_table partner_customer_agreements_data = {
    .name = "partner_customer_agreements",
    .doc =
        "Use this data source to check whether the partner has confirmed that a customer "
        "accepted the Microsoft Customer Agreement. Partner Center shows it only to a user: "
        "set `refresh_token` in the provider's block `partner`.",
    .service = &partner_service,
    .noun = "customer agreement",
    .lists = agreement_lists,
    .query = NAMES("agreementType=MicrosoftCustomerAgreement"),
    .items = "agreements",
    .has_no_ids = true,
    .needs_person = true,
    .remedies = partner_remedies,
    .attributes = agreements,
};
