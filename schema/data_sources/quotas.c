/* The quotas of a hub's subscription service; those of its other services have APIs of their own.
 * Source: Quota.json of Microsoft.Subscriptions.Admin, 2015-11-01
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/data_sources/hub.h"

static const struct attribute one[] = {
    HUB_ID_ROW,
    /* The hub puts the region before the name of the service. */
    { "name", &type_string, COMPUTED, .part_of = "id", .part = "quotas",
      .doc = "The name." },
    HUB_TEXT("location", "location", "The region."),
    { "allow_custom_portal_branding", &type_bool, COMPUTED,
      .body = "properties.allowCustomPortalBranding",
      .doc = "Whether a delegated provider can customize the portal." },
    { 0 },
};

static const struct attribute attributes[] = {
    HUB_ACCOUNT_ROW,
    { "location", &type_string, REQUIRED, .check = check_id_name,
      .doc = "The region of the hub. See `azurestack_locations`." },
    HUB_NAME_FILTER("quota"),
    { "id", &type_string, COMPUTED, .doc = "The ID of the region." },
    { "quotas", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "The quotas, sorted by ID." },
    HUB_IDS_BY_NAME("quotas"),
    { 0 },
};

static const struct list_place lists[] = {
    { HUB_ADMIN "/locations/{location}/quotas", HUB_ADMIN "/locations/{location}", NULL },
    { NULL, NULL, NULL },
};

const struct data_source_table quotas_data = {
    .name = "quotas",
    .doc = "Use this data source to list the quotas of a hub's subscription service. For "
           "quotas of compute, network, storage and other services, see `quota_ids` of a "
           "plan.",
    .service = &hub_service,
    .noun = "quota",
    .api_version = HUB_VERSION,
    .lists = lists,
    .items = "quotas",
    .filters = NAMES("name"),
    .ids_by_name = "ids_by_name",
    .attributes = attributes,
};
