/* The activation of a hub: its registration, as the hub itself knows it.
 * Source: Activation.json of Microsoft.AzureBridge.Admin, 2016-01-01
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/data_sources/hub.h"

#define OF_REGISTRATION(name, word, text)                                                \
    {                                                                                    \
        name, &type_string, COMPUTED, .part_of = "registration_id", .part = word,        \
                                      .doc = text                                        \
    }

static const struct attribute attributes[] = {
    HUB_ACCOUNT_ROW,
    { "id", &type_string, COMPUTED | IS_ID, .doc = "The ID of the activation." },
    { "registration_id", &type_string, COMPUTED,
      .body = "properties.azureRegistrationResourceIdentifier",
      .id_type = "Microsoft.AzureStack/registrations", .compare = COMPARE_IGNORING_CASE,
      .doc =
          "The ID of the hub's registration in public Azure, for `registration_id` of a "
          "mapping." },
    OF_REGISTRATION("subscription_id", "subscriptions",
                    "The ID of the Azure subscription that contains the registration."),
    OF_REGISTRATION("resource_group_name", "resourceGroups",
                    "The resource group of the registration."),
    OF_REGISTRATION("registration_name", "registrations",
                    "The name of the registration."),
    HUB_TEXT("display_name", "properties.displayName", "The name of the activation."),
    HUB_TEXT(
        "environment", "properties.azureEnvironmentName",
        "The Azure environment in which the hub is registered, such as `AzureCloud`."),
    HUB_TEXT("expires_at", "properties.expiration",
             "The time at which the activation expires, in RFC 3339."),
    { "usage_reporting_enabled", &type_bool, COMPUTED,
      .body = "properties.usageReportingEnabled",
      .doc = "Whether the hub reports usage to Azure. If `false`, no usage is billed." },
    { "marketplace_syndication_enabled", &type_bool, COMPUTED,
      .body = "properties.marketplaceSyndicationEnabled",
      .doc = "Whether the hub can download marketplace items." },
    HUB_TEXT("provisioning_state", "properties.provisioningState",
             "The state of the activation, such as `Succeeded`."),
    { 0 },
};

const struct data_source_table activation_data = {
    .name = "activation",
    .doc = "Use this data source to read a hub's own registration: the ID that mappings "
           "need, and whether the hub reports usage.",
    .service = &hub_service,
    .noun = "activation",
    .api_version = "2016-01-01",
    .id = HUB_ACCOUNT "/resourceGroups/azurestack-activation/providers/"
                      "Microsoft.AzureBridge.Admin/activations/default",
    .absent = "The hub is not activated.\n\nWhat to do: Register the hub with Azure, and "
              "activate it at its privileged endpoint.",
    .attributes = attributes,
};
