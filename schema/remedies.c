/* What any ARM object's user can do about the errors any of them can meet. A table's own
 * rows come first.
 * Source: azure-docs common-deployment-errors.md, lock-resources.md, troubleshooting
 * articles; azure-resource-manager-rpc v1.0
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/schema.h"

#include "base/text.h"

/* An ID names a subscription, or it is in none: the message has it then. */
#define REGISTER                                                                         \
    "The message names the resource provider and the subscription. With the Azure CLI "  \
    "signed in to {service}, run: az provider register --namespace "                     \
    "{place.namespace}{place.subscription_option}"

static const struct remedy common[] = {
    { "AuthorizationFailed", "the credential has no role that allows this",
      "Assign a role on the {parent_noun} or above it; the message names the missing action. "
      "An assignment takes a few minutes to count.",
      NULL },
    { "LinkedAuthorizationFailed", "the credential lacks a right on a linked object",
      "The message names the object and the missing action.", NULL },
    { "RequestDisallowedByPolicy", "an Azure Policy forbids this",
      "The message names the policy; its owner can add an exemption.", NULL },
    { "InvalidAuthenticationTokenTenant",
      "the token comes from another tenant than the subscription's",
      "Set tenant_id of the provider to the tenant in which the subscription "
      "lives. A partner's shared services subscription often has a tenant of its own.",
      NULL },
    { "InvalidAuthenticationToken", "Azure does not accept the token",
      "Check environment and endpoint of the provider, and this machine's clock.", NULL },
    { "ExpiredAuthenticationToken", "Azure says that the token is too old",
      "Check this machine's clock.", NULL },
    { "AuthenticationFailed", "Azure does not accept the token",
      "Check the provider's credential, and this machine's clock.", NULL },
    { "SubscriptionNotFound",
      "the subscription in the id does not exist, or the credential "
      "cannot see it",
      "Check the subscription in the id; check that tenant_id of the provider is the tenant "
      "it belongs to, and that the credential has a role there.",
      NULL },
    { "ResourceGroupNotFound",
      "the resource group in the id does not exist, or the "
      "credential cannot see it",
      "Check the resource group in the id.", NULL },
    { "ParentResourceNotFound", "what the id says it belongs to does not exist",
      "Check each part of the id.", NULL },
    { "MissingSubscriptionRegistration",
      "the resource provider is not registered on the subscription", REGISTER, NULL },
    { "SubscriptionNotRegistered",
      "the resource provider is not registered on the subscription", REGISTER, NULL },
    { "MissingRegistrationForResourceProvider",
      "the resource provider is not registered on the subscription", REGISTER, NULL },
    { "NoRegisteredProviderFound", "this cloud does not know the type or the api-version",
      "Check the address that the request was sent to: environment and endpoint of the provider "
      "for Azure, admin_endpoint of the block hub for an object on a hub.",
      NULL },
    { "InvalidResourceType", "this cloud does not know the type",
      "Check the address that the request was sent to: environment and endpoint of the provider "
      "for Azure, admin_endpoint of the block hub for an object on a hub.",
      NULL },
    { "InvalidResourceNamespace", "this cloud does not know the resource provider",
      "Check the address that the request was sent to: environment and endpoint of the provider "
      "for Azure, admin_endpoint of the block hub for an object on a hub.",
      NULL },
    { "ScopeLocked", "a resource lock forbids it",
      "The message names the locked scope. Remove the lock, apply again, and put the lock "
      "back; that takes the Owner or the User Access Administrator role. This provider never "
      "removes a lock.",
      NULL },
    { "ReadOnlyDisabledSubscription", "the subscription is disabled",
      "Enable the subscription again in the portal or with its owner.", NULL },
    { "ResourceNotFound", "nothing with this id exists, or the credential cannot see it",
      "Check each part of the id, and that tenant_id of the provider is the tenant in which "
      "the subscription lives.",
      NULL },
    { "Conflict", "it meets with something else that is under way",
      "The message says with what. Apply again a little later.", NULL },
    { "AnotherOperationInProgress", "another operation on the same object is under way",
      "Apply again when it has ended.", NULL },
    { "DisallowedOperation", "the subscription's kind or state does not allow this",
      "The message says why; the subscription's owner can change it.", NULL },
    { "OperationNotAllowed", "the subscription's state or a quota does not allow this",
      "The message says which; the subscription's owner can change it or ask for more.",
      NULL },
    { "PreconditionFailed", "it was changed by somebody else in the meantime",
      "Plan again, look at what changed, and apply that plan.", NULL },
    { "InternalServerError", "Azure has a fault of its own", "Run again later.", NULL },
    { "ServiceUnavailable", "Azure cannot answer for the time being", "Run again later.",
      NULL },
    { "BadGateway", "a system behind Azure Resource Manager did not answer",
      "Run again later.", NULL },
    { "GatewayTimeout", "a system behind Azure Resource Manager did not answer in time",
      "Run again later.", NULL },
    { "TooManyRequests", "Azure throttles this credential or subscription",
      "Run again a little later, with -parallelism=2 if it happens often; raise the timeouts "
      "block if the wait is expected.",
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
