/* Whether each directory has what a hub needs there. The answer to a POST, which no row says:
 * provider/data_sources.
 * Source: Subscriptions.json of Microsoft.Subscriptions.Admin, CheckIdentityHealth
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/data_sources/hub.h"

static const struct attribute one[] = {
    { "tenant_id", &type_string, COMPUTED, .doc = "The ID of the directory." },
    { "name", &type_string, COMPUTED, .doc = "Its domain." },
    { "status", &type_string, COMPUTED, .doc = "`Healthy`, `Unhealthy` or `Unknown`." },
    { "unhealthy_client_ids", &type_list_of_string, COMPUTED,
      .doc = "The client IDs of the applications that are not healthy there, in order." },
    { 0 },
};

static const struct attribute attributes[] = {
    HUB_ACCOUNT_ROW,
    { "tenant_id", &type_string, OPTIONAL, .check = check_guid,
      .doc = "Shows only this directory; `status` is its own then." },
    { "id", &type_string, COMPUTED,
      .doc = "The ID of the Default Provider Subscription." },
    { "status", &type_string, COMPUTED,
      .doc = "`Healthy` if all directories are, else `Unhealthy` or `Unknown`." },
    { "reported_at", &type_string, COMPUTED,
      .doc =
          "When the hub finished the report. The check may look at data that is up to an "
          "hour old." },
    { "directories", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "The directories, in the order of their IDs." },
    { 0 },
};

const struct data_source_table identity_health_data = {
    .name = "identity_health",
    .doc =
        "Use this data source to check whether each directory has the applications and "
        "permissions that a hub needs, which an update of the hub may change. It takes up "
        "to a few minutes, and every plan reads it: keep it in a configuration of its own "
        "that is planned on a schedule. Inside a `check` block every plan would show it, because "
        "`reported_at` changes.",
    .service = &hub_service,
    .noun = "identity health",
    .api_version = "2018-05-01",
    .attributes = attributes,
    .id = HUB_ACCOUNT,
};
