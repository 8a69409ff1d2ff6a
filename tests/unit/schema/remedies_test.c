/* Error codes are answered with words: every documented one has them.
 * SPDX-License-Identifier: MPL-2.0 */
#include "unit/schema/faults.h"

/* Source: azure-stack-docs azure-stack-registration-errors.md */
static const char *const of_registrations[] = {
    "RegistrationNotFound",          "BadCustomerSubscriptionId",
    "InvalidCustomerSubscriptionId", "CustomerSubscriptionNotFound",
    "UnauthorizedCspRegistration",   "CustomerSubscriptionsNotAllowed",
    "InvalidCSPSubscription",        "MetadataResolverBadGatewayError",
};

/* Source: azure-docs common-deployment-errors.md; azure-resource-manager-rpc
 * v1.0/common-api-details.md */
static const char *const of_arm[] = { "AuthenticationFailed",
                                      "InvalidAuthenticationToken",
                                      "ExpiredAuthenticationToken",
                                      "InvalidAuthenticationTokenTenant",
                                      "AuthorizationFailed",
                                      "LinkedAuthorizationFailed",
                                      "RequestDisallowedByPolicy",
                                      "SubscriptionNotFound",
                                      "ResourceGroupNotFound",
                                      "ResourceNotFound",
                                      "ParentResourceNotFound",
                                      "MissingSubscriptionRegistration",
                                      "SubscriptionNotRegistered",
                                      "MissingRegistrationForResourceProvider",
                                      "NoRegisteredProviderFound",
                                      "InvalidResourceType",
                                      "InvalidResourceNamespace",
                                      "ScopeLocked",
                                      "Conflict",
                                      "AnotherOperationInProgress",
                                      "ReadOnlyDisabledSubscription",
                                      "DisallowedOperation",
                                      "OperationNotAllowed",
                                      "PreconditionFailed",
                                      "TooManyRequests",
                                      "InternalServerError",
                                      "ServiceUnavailable",
                                      "GatewayTimeout",
                                      "BadGateway" };

TEST(every_documented_code_has_an_error_text)
{
    EACH (code, of_registrations) {
        const struct remedy *remedy =
            schema_find_remedy(&customer_subscription_table, *code);
        assert_same_text(remedy != NULL ? remedy->code : NULL, *code);
    }
    EACH (code, of_arm) {
        const struct remedy *remedy =
            schema_find_remedy(&customer_subscription_table, *code);
        if (remedy == NULL || fault_of_remedy(remedy) != NULL)
            fail_msg("%s: %s", *code,
                     remedy != NULL ? fault_of_remedy(remedy) : "there is no row");
    }
}

TEST(every_row_of_a_table_can_stand_in_a_diagnostic)
{
    const struct resource_table *table = &customer_subscription_table;
    for (const struct remedy *row = table->remedies; row->code != NULL; row++) {
        if (fault_of_remedy(row) != NULL)
            fail_msg("%s: %s", row->code, fault_of_remedy(row));
        if (schema_find_remedy(table, row->code) != row)
            fail_msg("%s is there twice", row->code);
        /* The attribute at fault can be configured: a path to nothing is refused by the host. */
        if (row->attribute == NULL)
            continue;
        const struct attribute *blamed = schema_find(table->attributes, row->attribute);
        if (blamed == NULL || (blamed->flags & (REQUIRED | OPTIONAL)) == 0)
            fail_msg("%s blames %s", row->code, row->attribute);
    }
}

TEST(codes_are_found_in_any_case_and_whole)
{
    const struct resource_table *table = &customer_subscription_table;
    assert_ptr_equal(schema_find_remedy(table, "SCOPELOCKED"),
                     schema_find_remedy(table, "ScopeLocked"));
    assert_null(schema_find_remedy(table, "ScopeLock"));
    assert_null(schema_find_remedy(table, "ScopeLockedX"));
    assert_null(schema_find_remedy(table, ""));
    assert_null(schema_find_remedy(table, "SomethingNobodyKnows"));
}

TEST(the_row_of_a_table_comes_before_the_common_one)
{
    static const struct remedy own[] = { { "scopelocked", "it is mine", "Do.", NULL },
                                         { NULL, NULL, NULL, NULL } };
    const struct resource_table with = { .remedies = own }, without = { .name = "x" };
    assert_ptr_equal(schema_find_remedy(&with, "ScopeLocked"), &own[0]);
    assert_string_equal(schema_find_remedy(&without, "ScopeLocked")->code, "ScopeLocked");
    assert_non_null(schema_find_remedy(&with, "TooManyRequests"));
}

TEST(the_actions_name_what_the_user_needs)
{
    static const struct {
        const char *code, *words, *blames;
    } cases[] = {
        { "RegistrationNotFound", "cloudId", "registration_id" },
        { "BadCustomerSubscriptionId", "case-sensitive", "customer_subscription_id" },
        { "InvalidCSPSubscription", "Partner Center", "customer_subscription_id" },
        { "UnauthorizedCspRegistration", "azstcsp@microsoft.com", "registration_id" },
        { "UnauthorizedCspRegistration", "one to two business days", "registration_id" },
        { "CustomerSubscriptionsNotAllowed", "pay-as-you-use", "registration_id" },
        { "ScopeLocked", "RegistrationResourceLock", "registration_id" },
        { "AuthorizationFailed",
          "Microsoft.AzureStack/registrations/"
          "customerSubscriptions/read, write and delete",
          NULL },
        { "InvalidAuthenticationTokenTenant", "tenant_id", NULL },
        { "MissingSubscriptionRegistration",
          "--namespace {place.namespace}{place.subscription_option}", NULL },
    };
    EACH (row, cases) {
        const struct remedy *remedy =
            schema_find_remedy(&customer_subscription_table, row->code);
        assert_has(remedy->action, row->words);
        assert_same_text(remedy->attribute, row->blames);
    }
}
