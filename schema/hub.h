/* What the objects of a hub's administrator have in common.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_HUB_H
#define SCHEMA_HUB_H

#include "schema/schema.h"

/* The Default Provider Subscription, and the hub's only location. */
extern const struct look_up_rule hub_subscription, hub_location;

/* Objects that attributes name and that are not resources: the subscriptions that the operator
 * sees, offers, and the activations of the hub. */
extern const struct resource_table hub_own_subscriptions, hub_offers, hub_activations;

#define HUB_SUBSCRIPTION_DOC                                                               \
    "The ID of the Default Provider Subscription, which contains the operator's objects. " \
    "Defaults to `subscription_id` of the provider's block `hub`, otherwise to the "       \
    "subscription with that display name."

/* The refusal for an object of another directory, and for its preparation, on a hub with AD FS. */
#define HUB_ONE_DIRECTORY                                                                \
    "This hub uses AD FS, which has only one directory. You cannot register another "    \
    "directory on it, and the users of its own directory need no preparation.\n\nWhat "  \
    "to do: Remove this block from the configuration of this hub. The customers of "     \
    "this hub are users of its own directory."

#define HUB_FORBIDDEN(role)                                                              \
    {                                                                                    \
        "AuthorizationFailed", "the credential has no role that allows this",            \
            "Assign a role that allows it on the hub's Default Provider "                \
            "Subscription: Owner or Contributor" role                                    \
            ". A new role assignment can take a few minutes to take effect.",            \
            NULL                                                                         \
    }
#define HUB_WRONG_DIRECTORY                                                              \
    {                                                                                    \
        "InvalidAuthenticationTokenTenant",                                              \
            "the token is from another directory than the hub's home "                   \
            "directory",                                                                 \
            "Remove tenant_id from the block `hub` of the provider, or set it "          \
            "to the hub's home directory. The administrator endpoint accepts "           \
            "only tokens of that directory.",                                            \
            NULL                                                                         \
    }
/* `endpoint`: the argument with the address of the plane. */
#define HUB_REFUSED_TOKEN(endpoint)                                                      \
    {                                                                                    \
        "InvalidAuthenticationToken", "the hub rejected the token",                      \
            "Check " endpoint                                                            \
            " in the block `hub` of the provider, and this machine's clock.",            \
            NULL                                                                         \
    }
#define HUB_NO_SUBSCRIPTION                                                              \
    {                                                                                    \
        "SubscriptionNotFound",                                                          \
            "the subscription is not on the hub, or the credential has no role in it",   \
            "Check administrator_subscription_id. It must be the ID of the hub's "       \
            "Default Provider Subscription, not of an Azure subscription. If the ID "    \
            "is right, assign a role in it to the credential.",                          \
            "administrator_subscription_id"                                              \
    }

/* Of the report on the health of identities. The second one is that of older builds.
 * Source: Subscriptions.json of Microsoft.Subscriptions.Admin, 2018-05-01 and 2015-11-01 */
#define HUB_HEALTH_VERSIONS "2018-05-01 2015-11-01"

/* ---- what is in the customers' subscriptions ------------------------------------------------- */

/* The second one is that of older builds.
 * Source: azure-stack-docs, user/azure-stack-profiles-azure-resource-manager-versions.md */
#define HUB_USER_GROUP_VERSIONS "2018-05-01 2016-06-01"

#define HUB_USER_SUBSCRIPTION_ROW                                                        \
    {                                                                                    \
        "subscription_id", &type_string, REQUIRED | REPLACE,                             \
            .check = check_id_name, .compare = COMPARE_IGNORING_CASE,                    \
            .doc =                                                                       \
                "The ID of the subscription on the hub, such as `subscription_id` of "   \
                "`azurestack_user_subscription`. Changing this forces a new resource "   \
                "to be created."                                                         \
    }
#define HUB_USER_TENANT_ROW HUB_USER_TENANT("")
/* `more`: sentences after the first ones. */
#define HUB_USER_TENANT(more)                                                                \
    {                                                                                        \
        "tenant_id", &type_string, OPTIONAL | SIGN_IN_TO,                                    \
            .check = check_guid, .compare = COMPARE_IGNORING_CASE,                           \
            .doc =                                                                           \
                "The ID of the customer's directory to sign in to, which must be a "         \
                "directory tenant of the hub. Defaults to `tenant_id` of the block `user`. " \
                "Do not set it for a hub with AD FS." more                                   \
    }

#define HUB_USER_LIST_TENANT_ROW                                                         \
    HUB_USER_TENANT(                                                                     \
        " An import signs in to `tenant_id` of the block `user`. To import objects of "  \
        "another directory, list them with an aliased provider whose block `user` has "  \
        "the `tenant_id` of that directory.")

#define HUB_USER_FORBIDDEN(roles)                                                        \
    {                                                                                    \
        "AuthorizationFailed", "the credential has no role that allows this",            \
            "Assign " roles                                                              \
            " on the subscription to the principal of the provider. The owner "          \
            "of the subscription can do this. A new role assignment can take "           \
            "a few minutes to take effect.",                                             \
            NULL                                                                         \
    }
#define HUB_USER_WRONG_DIRECTORY                                                         \
    {                                                                                    \
        "InvalidAuthenticationTokenTenant",                                              \
            "the subscription belongs to another directory than the token, or "          \
            "the directory is not registered on the hub",                                \
            "Set tenant_id, in the resource or in the block `user` of the "              \
            "provider, to the directory of the subscription. Check that this "           \
            "directory is a directory tenant of the hub "                                \
            "(azurestack_directory_tenant). To import an object of "                     \
            "another directory, use an aliased provider whose block `user` has the "     \
            "tenant_id of the object's directory. A refresh signs in to the tenant_id "  \
            "in the state: after a change of tenant_id in the configuration, apply "     \
            "once with -refresh=false.",                                                 \
            "tenant_id"                                                                  \
    }
#define HUB_USER_NO_SUBSCRIPTION                                                         \
    {                                                                                    \
        "SubscriptionNotFound",                                                          \
            "the subscription is not on the hub, or the credential has no role in it",   \
            "Check subscription_id. It must be the ID of the subscription on "           \
            "the hub, not of an Azure subscription. If the ID is right, ask "            \
            "the owner of the subscription to assign a role to the principal "           \
            "of the provider. A new role assignment can take a few minutes to "          \
            "take effect.",                                                              \
            "subscription_id"                                                            \
    }
/* Source: azure-stack-docs, as above */
#define HUB_USER_ROLE_VERSION "2015-07-01"

#define HUB_USER_DISABLED                                                                \
    {                                                                                    \
        "ReadOnlyDisabledSubscription", "the subscription on the hub is disabled",       \
            "Set enabled = true in azurestack_user_subscription.", "subscription_id"     \
    }

/* A user's objects are deleted with the subscription, and are not visible without the directory
 * tenant. */
extern const struct lost_with hub_user_lost_with[];

#endif
