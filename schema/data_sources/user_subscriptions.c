/* The subscriptions of a hub's tenants, as its operator sees them: one, and all.
 * Source: Subscriptions.json of Microsoft.Subscriptions.Admin, 2015-11-01
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/data_sources/hub.h"

#define REFERENCE                                                                        \
    HUB_TEXT("external_reference_id", "externalReferenceId", "The operator's reference.")
#define DELEGATED                                                                        \
    HUB_TEXT("delegated_provider_subscription_id", "delegatedProviderSubscriptionId",    \
             "The ID of the subscription of the delegated provider.")
#define STATE_DOC                                                                        \
    "The state: `Enabled`, `Disabled`, `Warned`, `PastDue`, `Deleting`, "                \
    "`PartiallyDeleted` or `Deleted`."

static const struct attribute one[] = {
    HUB_ID_ROW,
    HUB_GUID("subscription_id", "subscriptionId",
             "The ID of the subscription on the hub, which is not the Azure "
             "subscription of a mapping. It is not always a GUID."),
    HUB_TEXT("display_name", "displayName", "The display name."),
    HUB_TEXT("offer_id", "offerId", "The ID of the offer."),
    HUB_TEXT("owner", "owner", "The user who owns the subscription."),
    HUB_GUID("tenant_id", "tenantId", "The ID of the users' directory."),
    HUB_TEXT("state", "state", STATE_DOC),
    HUB_TEXT("routing_resource_manager_type", "routingResourceManagerType",
             "`Default` for users, `Admin` for operators."),
    REFERENCE,
    DELEGATED,
    { 0 },
};

/* Those of a delegated provider have another form than the operator's. */
static void check_offer(struct arena *arena, const struct attribute *attribute,
                        const struct value *value, const struct path *path,
                        struct diags *diags)
{
    const char *text = value_text(value);
    check_not_empty(arena, attribute, value, path, diags);
    if (*text != '\0' && *text != '/')
        diags_error(
            diags, path, checks_title(arena, attribute),
            "\"%s\" is not the ID of an offer.\n\nWhat to do: Use ids_by_name of the "
            "data source azurestack_offers.",
            checks_shown(arena, text));
}

static const struct attribute attributes[] = {
    HUB_ACCOUNT_ROW,
    { "tenant_id", &type_string, OPTIONAL, .check = check_guid,
      .doc = "Lists only subscriptions of this directory." },
    { "offer_id", &type_string, OPTIONAL, .check = check_offer,
      .doc = "The ID of an offer. Lists only subscriptions from this offer." },
    { "owner", &type_string, OPTIONAL, .check = check_not_empty,
      .doc = "Lists only subscriptions of this owner." },
    { "display_name", &type_string, OPTIONAL, .check = check_not_empty,
      .doc = "Lists only subscriptions with this name." },
    { "state", &type_string, OPTIONAL, .check = check_not_empty,
      .doc = "Lists only subscriptions in this state." },
    { "routing_resource_manager_type", &type_string, OPTIONAL | COMPUTED,
      .one_of = ONE_OF("Default", "Admin"), .default_value = "Default",
      .doc = "Lists the subscriptions of users (`Default`) or of operators (`Admin`). "
             "Defaults to `Default`." },
    { "id", &type_string, COMPUTED,
      .doc = "The ID of the Default Provider Subscription." },
    { "user_subscriptions", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = one,
      .doc = "The subscriptions, sorted by ID." },
    { 0 },
};

static const struct attribute single[] = {
    HUB_ACCOUNT_ROW,
    HUB_ID_ROW,
    { "subscription_id", &type_string, OPTIONAL | COMPUTED, .body = "subscriptionId",
      .check = check_id_name, .compare = COMPARE_IGNORING_CASE,
      .doc =
          "The ID of the subscription on the hub, which is not the Azure subscription of "
          "a mapping. Set `subscription_id` or `display_name`." },
    { "display_name", &type_string, OPTIONAL | COMPUTED, .body = "displayName",
      .check = check_not_empty, .doc = "The display name." },
    HUB_TEXT("offer_id", "offerId", "The ID of the offer."),
    HUB_TEXT("owner", "owner", "The user who owns the subscription."),
    HUB_GUID("tenant_id", "tenantId", "The ID of the users' directory."),
    HUB_TEXT("state", "state", STATE_DOC),
    HUB_TEXT("routing_resource_manager_type", "routingResourceManagerType",
             "`Default` for users, `Admin` for operators."),
    REFERENCE,
    DELEGATED,
    { 0 },
};

static const struct list_place lists[] = {
    { HUB_ADMIN "/subscriptions", HUB_ACCOUNT, NULL },
    { NULL, NULL, NULL },
};

const struct data_source_table user_subscriptions_data = {
    .name = "user_subscriptions",
    .doc = "Use this data source to list the subscriptions of a hub's users.",
    .service = &hub_service,
    .noun = "user subscription",
    .api_version = HUB_VERSION,
    .lists = lists,
    .items = "user_subscriptions",
    .filters = NAMES("tenant_id", "offer_id", "owner", "display_name", "state",
                     "routing_resource_manager_type"),
    .attributes = attributes,
};

const struct data_source_table user_subscription_data = {
    .name = "user_subscription",
    .doc = "Use this data source to access information about a user's subscription on a "
           "hub. It reads the whole list: for many subscriptions, use "
           "`azurestack_user_subscriptions` once.",
    .service = &hub_service,
    .noun = "user subscription",
    .api_version = HUB_VERSION,
    .lists = lists,
    .keys = NAMES("subscription_id", "display_name"),
    .attributes = single,
};
