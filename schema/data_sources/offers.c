/* The offers of a hub.
 * Source: Offer.json of Microsoft.Subscriptions.Admin, 2015-11-01
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/data_sources/hub.h"

static const struct attribute addon[] = {
    HUB_TEXT("plan_id", "planId", "The ID of the plan."),
    { "max_acquisition_count", &type_number, COMPUTED, .body = "maxAcquisitionCount",
      .doc = "How many times a subscription can acquire the plan." },
    { 0 },
};

static const struct attribute one[] = {
    HUB_ID_ROW,
    HUB_GROUP_ROW,
    HUB_TEXT("name", "name", "The name."),
    HUB_TEXT("location", "location", "The region."),
    HUB_TEXT("display_name", "properties.displayName", "The display name."),
    HUB_TEXT("description", "properties.description", "The description."),
    HUB_TEXT("external_reference_id", "properties.externalReferenceId",
             "The operator's reference."),
    HUB_TEXT("state", "properties.state",
             "Who can create a subscription from the offer. `Public`: all users. "
             "`Private`: only the operator. `Decommissioned`: no one."),
    { "subscription_count", &type_number, COMPUTED,
      .body = "properties.subscriptionCount", .doc = "The number of subscriptions." },
    { "max_subscriptions_per_account", &type_number, COMPUTED,
      .body = "properties.maxSubscriptionsPerAccount",
      .doc = "The maximum number of subscriptions for each account. 0 means no limit." },
    { "base_plan_ids", &type_list_of_string, COMPUTED, .body = "properties.basePlanIds",
      .doc = "The IDs of the plans that every subscription contains." },
    { "addon_plans", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = addon,
      .body = "properties.addonPlans", .doc = "The plans that a subscription can add." },
    { 0 },
};

static const struct attribute attributes[] = {
    HUB_ACCOUNT_ROW,
    HUB_GROUP_FILTER("offer"),
    HUB_NAME_FILTER("offer"),
    { "state", &type_string, OPTIONAL,
      .one_of = ONE_OF("Public", "Private", "Decommissioned"),
      .doc = "Lists only offers in this state." },
    { "id", &type_string, COMPUTED,
      .doc =
          "The ID of the resource group, or of the Default Provider Subscription, that "
          "contains the offers." },
    { "offers", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "The offers, sorted by ID." },
    HUB_IDS_BY_NAME("offers"),
    { 0 },
};

static const struct list_place lists[] = {
    { HUB_GROUP "/offers", HUB_ACCOUNT "/resourceGroups/{resource_group_name}", NULL },
    { HUB_ADMIN "/offers", HUB_ACCOUNT, NULL },
    { NULL, NULL, NULL },
};

const struct data_source_table offers_data = {
    .name = "offers",
    .doc = "Use this data source to list the offers of a hub, to which users subscribe.",
    .service = &hub_service,
    .noun = "offer",
    .api_version = HUB_VERSION,
    .lists = lists,
    .items = "offers",
    .filters = NAMES("name", "state"),
    .ids_by_name = "ids_by_name",
    .attributes = attributes,
};
