/* Whether each directory is prepared for the hub. It is the answer to a POST, which
 * provider/data_sources sends.
 * Source: Subscriptions.json of Microsoft.Subscriptions.Admin, CheckIdentityHealth
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/data_sources/hub.h"

static const struct attribute one[] = {
    { "tenant_id", &type_string, COMPUTED, .doc = "The ID of the directory." },
    { "name", &type_string, COMPUTED, .doc = "The domain of the directory." },
    { "status", &type_string, COMPUTED, .doc = "`Healthy`, `Unhealthy` or `Unknown`." },
    { "unhealthy_client_ids", &type_list_of_string, COMPUTED,
      .doc = "The client IDs of the applications that are not healthy there, sorted." },
    { 0 },
};

static const struct attribute attributes[] = {
    HUB_ACCOUNT_ROW,
    { "tenant_id", &type_string, OPTIONAL, .check = check_guid,
      .doc = "Shows only this directory, and its status in `status`." },
    { "id", &type_string, COMPUTED,
      .doc = "The ID of the Default Provider Subscription." },
    { "status", &type_string, COMPUTED,
      .doc =
          "`Healthy` if all directories are healthy, otherwise `Unhealthy` or `Unknown`." },
    { "reported_at", &type_string, COMPUTED,
      .doc =
          "The time at which the hub finished the report. Its data can be up to one hour "
          "old." },
    { "directories", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "The directories, sorted by ID." },
    { 0 },
};

const struct data_source_table identity_health_data = {
    .name = "identity_health",
    .doc =
        "Use this data source to check whether each directory has the applications and "
        "permissions that a hub needs, which an update of the hub can change. Reading "
        "it takes up to a few minutes in every plan, so put it into a separate "
        "configuration with a scheduled plan. Declare it outside of `check` blocks, as in "
        "the example: a data source inside a `check` block is read again in each apply.",
    .service = &hub_service,
    .noun = "identity health",
    .api_version = "2018-05-01",
    .one_directory_refusal = HUB_ONE_DIRECTORY,
    .attributes = attributes,
    .id = HUB_ACCOUNT,
};
