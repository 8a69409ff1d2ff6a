/* The directories whose users may sign in to a hub: one, and all.
 * Source: DirectoryTenant.json of Microsoft.Subscriptions.Admin, 2015-11-01
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/data_sources/hub.h"

static const struct attribute one[] = {
    HUB_ID_ROW,
    HUB_TEXT("domain_name", "name", "The domain of the directory tenant."),
    HUB_GUID("tenant_id", "properties.tenantId", "The ID of the directory."),
    HUB_GROUP_ROW,
    HUB_TEXT("location", "location", "The region."),
    { 0 },
};

#define GROUP_DOC                                                                        \
    "The resource group of the directory tenants on the hub. Defaults to "               \
    "`system.{location}`."
#define LOCATION_DOC                                                                     \
    "The location of the hub, which is its region. Defaults to the only location of "    \
    "the hub."

static const struct attribute attributes[] = {
    HUB_ACCOUNT_ROW,
    { "location", &type_string, OPTIONAL | COMPUTED, .check = check_id_name,
      .looked_up = &hub_location, .doc = LOCATION_DOC },
    { "resource_group_name", &type_string, OPTIONAL | COMPUTED, .check = check_group_name,
      .default_from = "system.{location}", .doc = GROUP_DOC },
    { "tenant_id", &type_string, OPTIONAL, .check = check_guid,
      .doc = "Lists only directory tenants of this directory." },
    { "id", &type_string, COMPUTED, .doc = "The ID of the resource group." },
    { "directory_tenants", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "The directory tenants, sorted by ID." },
    { 0 },
};

static const struct attribute single[] = {
    HUB_ACCOUNT_ROW,
    { "location", &type_string, OPTIONAL | COMPUTED, .check = check_id_name,
      .body = "location", .looked_up = &hub_location, .doc = LOCATION_DOC },
    { "resource_group_name", &type_string, OPTIONAL | COMPUTED, .check = check_group_name,
      .part_of = "id", .part = "resourceGroups", .default_from = "system.{location}",
      .doc = GROUP_DOC },
    { "id", &type_string, COMPUTED | IS_ID, .doc = "The ID of the directory tenant." },
    { "domain_name", &type_string, OPTIONAL | COMPUTED, .body = "name",
      .check = check_not_empty,
      .doc =
          "The domain under which it is registered. Set `domain_name` or `tenant_id`." },
    { "tenant_id", &type_string, OPTIONAL | COMPUTED, .body = "properties.tenantId",
      .check = check_guid, .compare = COMPARE_IGNORING_CASE,
      .doc = "The ID of the directory." },
    { 0 },
};

static const struct list_place lists[] = {
    { HUB_GROUP "/directoryTenants", HUB_ACCOUNT "/resourceGroups/{resource_group_name}",
      NULL },
    { NULL, NULL, NULL },
};

const struct data_source_table directory_tenants_data = {
    .name = "directory_tenants",
    .doc = "Use this data source to list the directories whose users can sign in to a "
           "hub.",
    .service = &hub_service,
    .noun = "directory tenant",
    .api_version = HUB_VERSION,
    .one_directory_refusal = HUB_ONE_DIRECTORY,
    .lists = lists,
    .items = "directory_tenants",
    .filters = NAMES("tenant_id"),
    .attributes = attributes,
};

const struct data_source_table directory_tenant_data = {
    .name = "directory_tenant",
    .doc = "Use this data source to access information about a directory whose users can "
           "sign in to a hub.",
    .service = &hub_service,
    .noun = "directory tenant",
    .api_version = HUB_VERSION,
    .one_directory_refusal = HUB_ONE_DIRECTORY,
    .lists = lists,
    .keys = NAMES("domain_name", "tenant_id"),
    .attributes = single,
};
