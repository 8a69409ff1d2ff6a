/* What the objects of a hub's administrator have in common.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_HUB_H
#define SCHEMA_HUB_H

#include "schema/schema.h"

/* The Default Provider Subscription, and the hub's only location. */
extern const struct look_up_rule hub_subscription, hub_location;

#define HUB_SUBSCRIPTION_DOC                                                               \
    "The ID of the Default Provider Subscription, which contains the operator's objects. " \
    "Defaults to `subscription_id` of the provider's block `hub`, otherwise to the "       \
    "subscription with that display name."

#define HUB_FORBIDDEN(role)                                                              \
    {                                                                                    \
        "AuthorizationFailed", "the credential has no role that allows this",            \
            "Assign a role that allows it on the hub's Default Provider Subscription: "  \
            "Owner or Contributor" role ". An assignment takes a few minutes to count.", \
            NULL                                                                         \
    }
#define HUB_WRONG_DIRECTORY                                                              \
    {                                                                                    \
        "InvalidAuthenticationTokenTenant",                                              \
            "the token is from another directory than the hub's home directory",         \
            "Leave tenant_id out of the provider's block `hub`, or set it to the hub's " \
            "home directory: the administrator endpoint takes tokens of no other one.",  \
            NULL                                                                         \
    }

#endif
