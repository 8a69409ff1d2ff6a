/* The plans of a hub.
 * Source: Plan.json of Microsoft.Subscriptions.Admin, 2015-11-01
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/data_sources/hub.h"

static const struct attribute one[] = {
    HUB_ID_ROW,
    HUB_GROUP_ROW,
    HUB_TEXT("name", "name", "The name."),
    HUB_TEXT("location", "location", "The region."),
    HUB_TEXT("display_name", "properties.displayName", "The display name."),
    HUB_TEXT("description", "properties.description", "The description."),
    HUB_TEXT("external_reference_id", "properties.externalReferenceId",
             "The operator's reference."),
    { "subscription_count", &type_number, COMPUTED,
      .body = "properties.subscriptionCount",
      .doc = "The number of subscriptions with this plan." },
    { "quota_ids", &type_list_of_string, COMPUTED, .body = "properties.quotaIds",
      .doc = "The IDs of the quotas, one or more for each of the hub's services." },
    { "sku_ids", &type_list_of_string, COMPUTED, .body = "properties.skuIds",
      .doc = "The IDs of the SKUs." },
    { 0 },
};

static const struct attribute attributes[] = {
    HUB_ACCOUNT_ROW,
    HUB_GROUP_FILTER("plan"),
    HUB_NAME_FILTER("plan"),
    { "id", &type_string, COMPUTED,
      .doc =
          "The ID of the resource group, or of the Default Provider Subscription, that "
          "contains the plans." },
    { "plans", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "The plans, sorted by ID." },
    HUB_IDS_BY_NAME("plans"),
    { 0 },
};

static const struct list_place lists[] = {
    { HUB_GROUP "/plans", HUB_ACCOUNT "/resourceGroups/{resource_group_name}", NULL },
    { HUB_ADMIN "/plans", HUB_ACCOUNT, NULL },
    { NULL, NULL, NULL },
};

const struct data_source_table plans_data = {
    .name = "plans",
    .doc = "Use this data source to list the plans of a hub. An offer consists of plans.",
    .service = &hub_service,
    .noun = "plan",
    .api_version = HUB_VERSION,
    .lists = lists,
    .items = "plans",
    .filters = NAMES("name"),
    .ids_by_name = "ids_by_name",
    .attributes = attributes,
};
