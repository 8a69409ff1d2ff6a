/* What the objects of a hub's administrator have in common.
 * Source: azure-rest-api-specs, Microsoft.Subscriptions.Admin 2015-11-01, Location.json;
 * AzureStack-Tools, AzureStack.Identity.psm1, which finds the subscription by that name
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/hub.h"

const struct look_up_rule hub_subscription = {
    .list_id = "/subscriptions",
    .api_version = "2015-11-01",
    .place = "displayName",
    .value = "Default Provider Subscription",
    .part = "subscription",
    .is_account = true,
    .noun = "the Default Provider Subscription",
    .advice =
        "Or set subscription_id in the block hub of the provider (AZURESTACK_HUB_SUBSCRIPTION_ID), "
        "and check that the credential has a role on that subscription.",
};

const struct look_up_rule hub_location = {
    .list_id =
        "/subscriptions/{administrator_subscription_id}/providers/Microsoft.Subscriptions.Admin/"
        "locations",
    .api_version = "2015-11-01",
    .part = "name",
    .noun = "the location of the hub",
    .advice = "It is the REGION in adminmanagement.REGION.FQDN.",
};
