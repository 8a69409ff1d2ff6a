/* What the data sources of a hub's operator share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_DATA_SOURCES_HUB_H
#define SCHEMA_DATA_SOURCES_HUB_H

#include "schema/checks.h"
#include "schema/hub.h"
#include "schema/tables.h"

#define HUB_VERSION "2015-11-01"
#define HUB_ACCOUNT "/subscriptions/{administrator_subscription_id}"
#define HUB_ADMIN HUB_ACCOUNT "/providers/Microsoft.Subscriptions.Admin"
#define HUB_GROUP                                                                        \
    HUB_ACCOUNT "/resourceGroups/{resource_group_name}/providers/"                       \
                "Microsoft.Subscriptions.Admin"

#define HUB_ACCOUNT_ROW                                                                  \
    {                                                                                    \
        "administrator_subscription_id", &type_string, OPTIONAL | COMPUTED,              \
            .check = check_guid, .looked_up = &hub_subscription,                         \
            .doc = HUB_SUBSCRIPTION_DOC                                                  \
    }

/* The attributes of listed rows that are in their IDs. */
#define HUB_ID_ROW                                                                       \
    {                                                                                    \
        "id", &type_string, COMPUTED | IS_ID,                                            \
            .doc = "The ID, in upper and lower case as the hub returns it."              \
    }
#define HUB_GROUP_ROW                                                                    \
    {                                                                                    \
        "resource_group_name", &type_string, COMPUTED,                                   \
            .part_of = "id", .part = "resourceGroups",                                   \
            .doc = "The resource group on the hub."                                      \
    }
#define HUB_IDS_BY_NAME(things)                                                          \
    {                                                                                    \
        "ids_by_name", &type_map_of_string, COMPUTED,                                    \
            .doc = "The IDs of the " things                                              \
                   " by their names, except names that occur in several "                \
                   "resource groups."                                                    \
    }
#define HUB_NAME_FILTER(thing)                                                           \
    {                                                                                    \
        "name", &type_string, OPTIONAL, .check = check_id_name,                          \
                                        .doc = "Lists only " thing "s with this name."   \
    }
#define HUB_GROUP_FILTER(thing)                                                          \
    {                                                                                    \
        "resource_group_name", &type_string, OPTIONAL,                                   \
            .check = check_group_name,                                                   \
            .doc = "Lists only " thing "s in this resource group."                       \
    }
#define HUB_TEXT(attribute, place, text)                                                 \
    {                                                                                    \
        attribute, &type_string, COMPUTED, .body = place, .doc = text                    \
    }

/* Hubs return some in upper case: always lower case here. */
#define HUB_GUID(attribute, place, text)                                                 \
    {                                                                                    \
        attribute, &type_string, COMPUTED, .body = place,                                \
                                           .compare = COMPARE_IGNORING_CASE, .doc = text \
    }

#endif
