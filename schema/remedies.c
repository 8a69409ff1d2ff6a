/* Errors that every ARM object can have, and what to do about them. A table's own rows have
 * precedence.
 * Source: azure-docs common-deployment-errors.md, lock-resources.md, troubleshooting
 * articles; azure-resource-manager-rpc v1.0
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/schema.h"

#include "base/text.h"

/* An ID contains a subscription, or the message does. */
#define REGISTER                                                                         \
    "Register the resource provider on the subscription; the message "                   \
    "above names both. With the Azure CLI signed in to {service}, run: "                 \
    "az provider register --namespace "                                                  \
    "{place.namespace}{place.subscription_option}"

#define CHECK_ENDPOINT                                                                   \
    "Check the endpoint that receives the request. For Azure, check "                    \
    "environment and endpoint in the provider block. For a resource "                    \
    "on a hub, check admin_endpoint in the block hub."

static const struct remedy common[] = {
    { "AuthorizationFailed", "the credential has no role that allows this",
      "Assign a role that has the missing action, which is in the "
      "message above, on the {parent_noun} or above it. A new role "
      "assignment can take a few minutes to take effect.",
      NULL },
    { "LinkedAuthorizationFailed", "the credential has no role on a linked object",
      "Assign a role that has the missing action on the linked object. "
      "The message above names the action and the object.",
      NULL },
    { "RequestDisallowedByPolicy", "an Azure Policy does not allow this",
      "Ask the owner of the policy, which is in the message above, for "
      "an exemption.",
      NULL },
    { "InvalidAuthenticationTokenTenant",
      "the token is from another tenant than the subscription",
      "Set tenant_id in the provider block to the tenant of the "
      "subscription. A partner's shared services subscription is often "
      "in a tenant of its own.",
      NULL },
    { "InvalidAuthenticationToken", "{service} rejected the token",
      "Check environment and endpoint in the provider block, and this "
      "machine's clock.",
      NULL },
    { "ExpiredAuthenticationToken", "the token has expired",
      "Check this machine's clock.", NULL },
    { "AuthenticationFailed", "{service} rejected the token",
      "Check the credential of the provider, and this machine's clock.", NULL },
    { "SubscriptionNotFound",
      "the subscription does not exist, or the credential has no role "
      "to read it",
      "Check the subscription in the ID. Check that tenant_id in the "
      "provider block is the tenant of the subscription, and that the "
      "credential has a role there.",
      NULL },
    { "ResourceGroupNotFound",
      "the resource group does not exist, or the credential has no role "
      "to read it",
      "Check the resource group in the ID, and the roles of the "
      "credential.",
      NULL },
    { "ParentResourceNotFound", "the parent in the ID does not exist",
      "Check each part of the ID.", NULL },
    { "MissingSubscriptionRegistration",
      "the resource provider is not registered on the subscription", REGISTER, NULL },
    { "SubscriptionNotRegistered",
      "the resource provider is not registered on the subscription", REGISTER, NULL },
    { "MissingRegistrationForResourceProvider",
      "the resource provider is not registered on the subscription", REGISTER, NULL },
    { "NoRegisteredProviderFound",
      "this cloud does not support the resource type or the API version", CHECK_ENDPOINT,
      NULL },
    { "InvalidApiVersionParameter", "this cloud does not support the API version",
      "Check the endpoint that receives the request. If it is right, and the "
      "hub has an old build, update the hub.",
      NULL },
    { "InvalidResourceType", "this cloud does not support the resource type",
      CHECK_ENDPOINT, NULL },
    { "InvalidResourceNamespace", "this cloud does not have the resource provider",
      CHECK_ENDPOINT, NULL },
    { "ScopeLocked", "a resource lock prevents this",
      "(1) Remove the lock from the scope in the message above, which "
      "requires the role Owner or User Access Administrator. (2) Apply "
      "again. (3) Put the lock back. This provider never removes a lock.",
      NULL },
    { "ReadOnlyDisabledSubscription", "the subscription is disabled",
      "Enable the subscription in the Azure portal, or ask its owner to "
      "enable it.",
      NULL },
    { "ResourceNotFound",
      "no object with this ID exists, or the credential has no role to "
      "read it",
      "Check each part of the ID. Check that tenant_id in the provider "
      "block is the tenant of the subscription.",
      NULL },
    { "Conflict", "another operation on this object is in progress",
      "See the message above for the other operation. Apply again in a "
      "few minutes.",
      NULL },
    { "AnotherOperationInProgress", "another operation on the same object is in progress",
      "Wait until the other operation has ended, then apply again.", NULL },
    { "DisallowedOperation",
      "the type or the state of the subscription does not allow this",
      "Ask the owner of the subscription to correct the cause, which is "
      "in the message above.",
      NULL },
    { "OperationNotAllowed",
      "the state of the subscription or a quota does not allow this",
      "Ask the owner of the subscription to correct the cause, which is "
      "in the message above, or to request a higher quota.",
      NULL },
    { "PreconditionFailed", "the object was changed since it was read",
      "Plan again, check what changed, and apply the new plan.", NULL },
    { "InternalServerError", "{service} had an internal error", "Run again later.",
      NULL },
    { "ServiceUnavailable", "{service} is temporarily unavailable", "Run again later.",
      NULL },
    { "BadGateway", "a service behind {service} did not respond", "Run again later.",
      NULL },
    { "GatewayTimeout", "a service behind {service} did not respond in time",
      "Run again later.", NULL },
    { "TooManyRequests", "{service} is throttling this credential or subscription",
      "Run again later. If this happens often, run with -parallelism=2, "
      "or set longer times in the timeouts block.",
      NULL },
    { NULL, NULL, NULL, NULL },
};

const struct remedy *const schema_common_remedies = common;

static const struct remedy *find(const struct remedy *rows, const char *code)
{
    for (; rows != NULL && rows->code != NULL; rows++) {
        if (text_equal_ignoring_case(rows->code, code))
            return rows;
    }
    return NULL;
}

const struct remedy *schema_find_remedy(const struct resource_table *table,
                                        const char *code)
{
    const struct remedy *own = find(table->remedies, code);
    return own != NULL ? own : find(common, code);
}
