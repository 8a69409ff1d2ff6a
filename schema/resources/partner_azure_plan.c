/* An Azure plan: a subscription in Partner Center under which a customer has its Azure
 * subscriptions. It is ordered with a cart; it costs nothing by itself, and cannot be deleted.
 * Source: Partner Center REST: create an Azure plan, get a list of availabilities for a SKU, create a
 * cart, cart resources, checkout a cart (idempotent for one cart), get all of a customer's orders (an
 * order may take 15 minutes to be listed), order resources, get a customer's subscriptions,
 * suspend a subscription, update the nickname of a subscription, headers, error codes
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "schema/checks.h"
#include "schema/partner.h"
#include "schema/tables.h"

#define SUBSCRIPTIONS PARTNER_CUSTOMER "/subscriptions"
#define ID SUBSCRIPTIONS "/{plan_id}"

static void check_country(struct arena *arena, const struct attribute *attribute,
                          const struct value *value, const struct path *path,
                          struct diags *diags)
{
    const char *text = value_text(value);
    (void)arena, (void)attribute;
    if (text[0] < 'A' || text[0] > 'Z' || text[1] < 'A' || text[1] > 'Z' ||
        text[2] != '\0')
        diags_error(diags, path, "Invalid country",
                    "The value must be a two-letter code in upper case, such as `DE`.");
}

/* An item of another product, or of the other kind of plan, would be bought, and the plan would not be
 * found by its sku_id. */
static void check_item(struct arena *arena, const struct value *config,
                       struct diags *diags)
{
    const struct value *sku = value_get(arena, config, "sku_id");
    const char *item = value_text(value_get(arena, config, "catalog_item_id"));
    const char *start = PARTNER_AZURE_PLAN;
    if (item == NULL || *item == '\0' || diags_have_error(diags))
        return;
    if (!value_is_unknown(sku))
        start = arena_print(arena, "%s%s:", start,
                            value_is_null(sku) ? "0001" : value_text(sku));
    if (!text_starts_ignoring_case(item, start) || item[strlen(start)] == '\0')
        diags_error(
            diags, path_attribute(arena, PATH_NONE, "catalog_item_id"),
            "Invalid catalog_item_id",
            "\"%s\" is not an item of this kind of Azure plan. The items begin with "
            "\"%s\".\n\nWhat to do: Correct sku_id, or correct or remove "
            "catalog_item_id.",
            checks_shown(arena, item), start);
}

#define AVAILABILITIES                                                                   \
    .list_id = "/v1/products/DZH318Z0BPS6/skus/{sku_id}/availabilities",                 \
    .query = "country={country}"

static const struct look_up_rule item = {
    AVAILABILITIES,
    .take = "catalogItemId",
    .noun = "the catalogue item of the Azure plan",
    .advice = "Check sku_id and country first.",
};

static const struct look_up_rule cycle = {
    AVAILABILITIES,
    .take = "sku.supportedBillingCycles.0",
    .noun = "the billing cycle of the Azure plan",
    .advice = "Partner Center documents `one_time`.",
};

static const struct read_from_rule country = {
    .attribute = "customer_tenant_id",
    .path = PARTNER_CUSTOMER,
    .place = "billingProfile.defaultAddress.country",
};

static const struct between_rule sku = { PARTNER_AZURE_PLAN, ":" };

static const struct attribute attributes[] = {
    { "customer_tenant_id", &type_string, REQUIRED | REPLACE,
      .compare = COMPARE_IGNORING_CASE, .check = check_guid,
      .doc =
          "The ID of the customer's Microsoft Entra tenant. Changing this forces a new "
          "resource to be created." },
    { "country", &type_string, OPTIONAL | COMPUTED | FOR_CREATE, .check = check_country,
      .read_from = &country,
      .doc = "The country for which the catalogue item is searched, by its code of two "
             "capital letters, such as `DE`. Defaults to the country of the customer's "
             "billing profile. A later change has no effect." },
    { "sku_id", &type_string, OPTIONAL | COMPUTED | REPLACE, .body = "offerId",
      .between = &sku, .default_value = "0001", .one_of = ONE_OF("0001", "0002"),
      .doc = "The kind of Azure plan: `0001` for production, `0002` for development and "
             "test. Defaults to `0001`. Changing this forces a new resource to be "
             "created." },
    { "catalog_item_id", &type_string, OPTIONAL | COMPUTED | FOR_CREATE,
      .looked_up = &item, .check = check_not_empty,
      .doc =
          "The catalogue item to order, such as `DZH318Z0BPS6:0001:DZH318Z0BML6`. "
          "Defaults to the one that Partner Center offers in `country`. A later change "
          "has no effect." },
    { "billing_cycle", &type_string, OPTIONAL | COMPUTED | FOR_CREATE,
      .looked_up = &cycle, .check = check_not_empty,
      .doc = "The billing cycle to order. Defaults to the first one that Partner Center "
             "offers, which is `one_time`. A later change has no effect." },
    { "friendly_name", &type_string, OPTIONAL | COMPUTED, .body = "friendlyName",
      .check = check_not_empty,
      .doc = "The display name of the plan. Defaults to a name that Partner Center "
             "sets." },
    { "destroy_behavior", &type_string, OPTIONAL,
      .one_of = ONE_OF("refuse", "forget", "suspend"),
      .doc =
          "What destroying this resource does. `refuse`: the destroy fails. `forget`: "
          "the plan is removed from the state only. `suspend`: the plan is suspended. "
          "Partner Center has no other way to end a plan, and does not document how to "
          "activate it again. Defaults to `refuse`. Apply a change of this argument "
          "before you destroy." },
    { "suspend_with_azure_subscriptions", &type_bool, OPTIONAL,
      .doc = "Whether a destroy may suspend the plan while it has active Azure "
             "subscriptions. Partner Center may still refuse it. Defaults to `false`. "
             "Apply a change of this argument before you destroy." },
    { "order_beside_suspended_plan", &type_bool, OPTIONAL,
      .doc = "Whether to order a plan although the customer has a suspended or deleted "
             "one of the same `sku_id`. Defaults to `false`." },
    { "plan_id", &type_string, COMPUTED, .body = "id", .compare = COMPARE_IGNORING_CASE,
      .doc =
          "The ID of the plan, in lower case. It is not the ID of an Azure "
          "subscription: see the data source `azurestack_partner_azure_entitlements`." },
    { "offer_id", &type_string, COMPUTED, .body = "offerId",
      .doc = "The catalogue item that was ordered." },
    { "order_id", &type_string, COMPUTED | MAY_BE_OMITTED, .body = "orderId",
      .doc = "The ID of the order." },
    { "status", &type_string, COMPUTED, .body = "status",
      .doc = "The state: `active`, `pending` or `suspended`." },
    { "id", &type_string, COMPUTED | IS_ID,
      .doc = "The ID in Partner Center: `/v1/customers/`, the tenant ID, "
             "`/subscriptions/` and the ID of the plan." },
    { 0 },
};

#define TENANT_ROW                                                                       \
    {                                                                                    \
        "customer_tenant_id", &type_string, REQUIRED,                                    \
            .check = check_guid,                                                         \
            .doc = "The ID of the customer's Microsoft Entra tenant."                    \
    }

static const struct attribute identity[] = {
    TENANT_ROW,
    { "plan_id", &type_string, REQUIRED, .check = check_guid,
      .doc = "The ID of the plan." },
    { 0 },
};

static const struct attribute list[] = { TENANT_ROW, { 0 } };

static const char *const made_from[] = { "customer_tenant_id", "sku_id", NULL };

static const struct draft_rule cart = {
    .noun = "cart",
    .path = PARTNER_CUSTOMER "/carts",
    .body = "{\"lineItems\":[{\"id\":0,\"catalogItemId\":\"{catalog_item_id}\","
            "\"quantity\":1,\"billingCycle\":\"{billing_cycle}\","
            "\"friendlyName\":\"{friendly_name}\"}]}",
    .request_from = made_from,
    .expires = "expirationTimestamp",
};

/* Source: cart-resources: the order is in progress; the cart is processed by another request; the
 * cart was checked out */
static const char *const repeated[] = { "800060", "800064", "800065", NULL };

static const struct write_rule create = {
    .method = "POST",
    .path = PARTNER_CUSTOMER "/carts/{draft}/checkout",
    .draft = &cart,
    .answer_id = "orders.0.lineItems.0.subscriptionId",
    .repeated = repeated,
    .shows_within_s = 15 * 60,
};

static const char *const cancelled[] = { "cancelled", NULL };

static const struct order_rule orders = {
    .items = "lineItems",
    .object_id = "subscriptionId",
    .order_id = "orderId",
    .open = "pending",
    .ordered_at = "creationDate",
    .recent_s = 60 * 60,
};

static const struct create_blocker ordered[] = {
    { .orders = &orders,
      .list_id = PARTNER_CUSTOMER "/orders",
      .status = "status",
      .past = cancelled,
      .shown = "status",
      .title = "The Azure plan is already ordered",
      .text =
          "The customer has an order of an Azure plan with this sku_id. The customer's list "
          "of subscriptions does not contain the plan yet:\n\n  order {blocker.id}, status "
          "{blocker.shown}\n\nNothing was ordered.\n\nWhat to do: If an earlier run was "
          "interrupted, it may have placed this order. Partner Center can take 15 minutes to "
          "list a new plan. Run again later. The plan then prints the import block. If the "
          "order stays in this state, look at it in Partner Center.{blocker.import}",
      .unread =
          "If an earlier run was interrupted while it ordered the plan, wait 15 minutes "
          "before you apply." },
    { 0 },
};

static const struct write_rule update = {
    .method = "PATCH",
    .etag = "attributes.etag",
    .etag_is_old = "2055",
};

static const char *const active[] = { "active", NULL };
static const char *const ended[] = { "suspended", "deleted", NULL };
static const char *const deleted[] = { "deleted", NULL };
static const char *const ready[] = { "active", "suspended", NULL };
static const char *const no_state[] = { NULL };

static const struct gone_rule gone_when = { .place = "status", .values = deleted };
static const struct start_rule starts = { "offerId", PARTNER_AZURE_PLAN };

static const struct ended_rule ended_plan = {
    .place = "status",
    .values = ended,
    .allow = "order_beside_suspended_plan",
    .title = "The customer has a suspended Azure plan",
    .text = "The customer has an Azure plan of this sku_id that is suspended or "
            "deleted:\n\n  {ended.id}\n\nNothing was ordered.\n\nWhat to do: To order "
            "another plan, set order_beside_suspended_plan = true. To use the suspended "
            "plan, activate it in Partner Center, then import it.",
};

static const struct progress_rule progress = {
    .place = "status",
    .done = ready,
    .failed = no_state,
    .failure = "Look at the order in Partner Center.",
    .pending = "Wait until Partner Center has finished the order, then run again.",
};

static const struct dependents_rule dependents = {
    .list_id = ID "/azureEntitlements",
    .noun = "active Azure subscription",
    .place = "status",
    .values = active,
    .shown = "friendlyName",
    .allow = "suspend_with_azure_subscriptions",
    .title = "The Azure plan has {dependents.count} {dependents.noun}",
    .loss = "Azure subscriptions under this Azure plan are active:\n{dependents.names}",
    .action =
        "Cancel these Azure subscriptions in Partner Center or in Azure first. Partner "
        "Center does not suspend a plan that has active ones. To try it anyway, apply "
        "suspend_with_azure_subscriptions = true first.",
};

static const struct destroy_rule destroys[] = {
    { "refuse", DESTROY_REFUSE,
      .text =
          "An Azure plan cannot be deleted, and destroy_behavior is "
          "\"refuse\".\n\nWhat to do: To keep the plan and remove it from the state, use "
          "a `removed` block with `destroy = false`, or apply destroy_behavior = "
          "\"forget\" first. To suspend the plan, apply destroy_behavior = \"suspend\" "
          "first." },
    { "forget", DESTROY_FORGET,
      .text =
          "The Azure plan stays in Partner Center, and the Azure subscriptions under it "
          "continue to cost money." },
    { "suspend", DESTROY_WRITE, "PATCH", "{\"status\":\"suspended\"}", .is_merged = true,
      .place = "status", .values = ended,
      .text =
          "Partner Center suspends the Azure plan. It does not document how to activate "
          "the plan again." },
    { 0 },
};

static const char *const natural_key[] = { "sku_id", NULL };

/* Source: error-codes: 20003 no such subscription of this customer */
static const char *const gone[] = { "20003", NULL };

const struct resource_table partner_azure_plan_table = {
    .name = "partner_azure_plan",
    .noun = "Azure plan",
    .doc = "Orders an Azure plan for a customer of a Cloud Solution Provider in Partner "
           "Center.",
    .service = &partner_service,
    .id_type = PARTNER_CUSTOMERS "/{}/subscriptions/{}",
    .id = ID,
    .identity = identity,
    .identity_id = ID,
    .list_label = "the customer's list of subscriptions",
    .list = list,
    .list_id = SUBSCRIPTIONS,
    .starts = &starts,
    .create = &create,
    .natural_key = natural_key,
    .ended = &ended_plan,
    .create_blockers = ordered,
    .looks_ahead = true,
    .check = check_item,
    .update = &update,
    .progress = &progress,
    .gone_when = &gone_when,
    .dependents = &dependents,
    .destroy_attribute = "destroy_behavior",
    .destroys = destroys,
    .destroy_title = "Destroying an Azure plan",
    .attributes = attributes,
    .timeouts = { 30 * 60, 5 * 60, 30 * 60, 30 * 60 },
    .gone = gone,
    .parent_noun = "customer",
    .parent_gone = partner_customer_gone,
    .remedies = partner_remedies,
};
