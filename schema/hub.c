/* What the objects of a hub's administrator have in common.
 * Source: azure-rest-api-specs, Microsoft.Subscriptions.Admin 2015-11-01, Location.json;
 * AzureStack-Tools, AzureStack.Identity.psm1, which finds the subscription by that name;
 * Offer.json; Activation.json of Microsoft.AzureBridge.Admin, 2016-01-01
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/hub.h"

#include "schema/tables.h"

const struct look_up_rule hub_subscription = {
    .list_id = "/subscriptions",
    .api_version = "2015-11-01",
    .place = "displayName",
    .value = "Default Provider Subscription",
    .part = "subscription",
    .is_account = true,
    .noun = "the Default Provider Subscription",
    .advice = "Or set subscription_id in the block hub of the provider "
              "(AZURESTACK_HUB_SUBSCRIPTION_ID), and check that the credential "
              "has a role on that subscription.",
};

const struct look_up_rule hub_location = {
    .list_id =
        "/subscriptions/{administrator_subscription_id}/providers/Microsoft.Subscriptions.Admin/"
        "locations",
    .api_version = "2015-11-01",
    .part = "name",
    .noun = "the location of the hub",
    .advice = "The location is REGION in adminmanagement.REGION.FQDN.",
};

const struct lost_with hub_user_lost_with[] = {
    { "subscription_id", "SubscriptionNotFound", &user_subscription_table, false },
    { "tenant_id", "InvalidAuthenticationTokenTenant", &directory_tenant_table, true },
    { NULL, NULL, NULL, false },
};

static const char *const gone[] = { "ResourceNotFound", NULL };
static const char *const parent_gone[] = { "ResourceGroupNotFound",
                                           "SubscriptionNotFound", NULL };
static const struct remedy remedies[] = {
    HUB_FORBIDDEN(", or Reader for plans"),
    HUB_WRONG_DIRECTORY,
    HUB_NO_SUBSCRIPTION,
    HUB_REFUSED_TOKEN("admin_endpoint"),
    { NULL, NULL, NULL, NULL },
};

static const struct attribute no_rows[] = { { 0 } };
static const struct attribute account_row[] = {
    { "administrator_subscription_id", &type_string, OPTIONAL,
      .looked_up = &hub_subscription },
    { 0 },
};

/* Must be as hub_subscription lists them: the UNIQUE row has to agree. */
static const struct attribute own_subscription[] = {
    { "display_name", &type_string, COMPUTED | UNIQUE, .body = "displayName" },
    { 0 },
};

const struct resource_table hub_own_subscriptions = {
    .noun = "subscription",
    .service = &hub_service,
    .id_type = "subscriptions",
    .api_version = "2015-11-01",
    .list = no_rows,
    .list_id = "/subscriptions",
    .collection_read = true,
    .attributes = own_subscription,
    .timeouts = { .read_s = 5 * 60 },
    .remedies = remedies,
};

/* The parts of the ID. */
static const struct attribute offer[] = {
    { "administrator_subscription_id", &type_string, REQUIRED, .doc = NULL },
    { "resource_group_name", &type_string, REQUIRED, .doc = NULL },
    { "name", &type_string, REQUIRED, .doc = NULL },
    { "id", &type_string, COMPUTED | IS_ID, .doc = NULL },
    { 0 },
};

const struct resource_table hub_offers = {
    .noun = "offer",
    .service = &hub_service,
    .id_type = "Microsoft.Subscriptions.Admin/offers",
    .api_version = "2015-11-01",
    .parent_noun = "resource group",
    .id =
        "/subscriptions/{administrator_subscription_id}/resourceGroups/{resource_group_name}/"
        "providers/Microsoft.Subscriptions.Admin/offers/{name}",
    .list_id =
        "/subscriptions/{administrator_subscription_id}/providers/Microsoft.Subscriptions.Admin/"
        "offers",
    .collection_read = true,
    .attributes = offer,
    .timeouts = { .read_s = 5 * 60 },
    .gone = gone,
    .parent_gone = parent_gone,
    .remedies = remedies,
};

static const struct attribute activation[] = {
    { "registration_id", &type_string, COMPUTED | UNIQUE,
      .body = "properties.azureRegistrationResourceIdentifier" },
    { 0 },
};

const struct resource_table hub_activations = {
    .noun = "activation",
    .service = &hub_service,
    .api_version = "2016-01-01",
    .list = account_row,
    .list_id =
        "/subscriptions/{administrator_subscription_id}/resourceGroups/azurestack-activation/"
        "providers/Microsoft.AzureBridge.Admin/activations",
    .collection_read = true,
    .attributes = activation,
    .timeouts = { .read_s = 5 * 60 },
    .remedies = remedies,
};
