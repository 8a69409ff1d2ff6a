/* The regions of a hub.
 * Source: Location.json of Microsoft.Subscriptions.Admin, 2015-11-01
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/data_sources/hub.h"

static const struct attribute one[] = {
    HUB_ID_ROW,
    HUB_TEXT("name", "name", "The name of the region, for `location` arguments."),
    HUB_TEXT("display_name", "displayName", "The display name."),
    HUB_TEXT("latitude", "latitude",
             "The position of the region, if the operator set it."),
    HUB_TEXT("longitude", "longitude",
             "The position of the region, if the operator set it."),
    { 0 },
};

static const struct attribute attributes[] = {
    HUB_ACCOUNT_ROW,
    { "id", &type_string, COMPUTED,
      .doc = "The ID of the Default Provider Subscription." },
    { "locations", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "The regions, sorted by ID. A hub has one." },
    { 0 },
};

static const struct list_place lists[] = {
    { HUB_ADMIN "/locations", HUB_ACCOUNT, NULL },
    { NULL, NULL, NULL },
};

const struct data_source_table locations_data = {
    .name = "locations",
    .doc = "Use this data source to list the regions of a hub.",
    .service = &hub_service,
    .noun = "location",
    .api_version = HUB_VERSION,
    .lists = lists,
    .items = "locations",
    .attributes = attributes,
};
