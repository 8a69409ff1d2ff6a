/* Error codes are answered with words: every documented one has them.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/tables.h"
#include "support/test.h"

/* Source: azure-stack-docs azure-stack-registration-errors.md */
static const char *const of_registrations[] = {
    "RegistrationNotFound",          "BadCustomerSubscriptionId",
    "InvalidCustomerSubscriptionId", "CustomerSubscriptionNotFound",
    "UnauthorizedCspRegistration",   "CustomerSubscriptionsNotAllowed",
    "InvalidCSPSubscription",        "MetadataResolverBadGatewayError",
};

/* Source: azure-docs common-deployment-errors.md; azure-resource-manager-rpc
 * v1.0/common-api-details.md */
static const char *const of_arm[] = {
    "AuthenticationFailed",
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
    "BadGateway",
};

/* What a remedy's texts must be to stand in a diagnostic. NULL: nothing is wrong. */
static const char *fault_of(const struct remedy *remedy)
{
    static const char *const words[] = { "{noun}", "{parent_noun}",
                                         "{parent.subscription}",
                                         "{parent.resource_group}", "{parent.name}" };
    if (remedy->meaning == NULL || remedy->action == NULL || *remedy->action == '\0')
        return "a text is missing";
    size_t length = strlen(remedy->meaning);
    /* It stands in the middle of a sentence. */
    if (length == 0 || remedy->meaning[length - 1] == '.')
        return "the meaning is a clause, without a full stop";
    if (strncmp(remedy->meaning, "Azure", 5) != 0 &&
        !(remedy->meaning[0] >= 'a' && remedy->meaning[0] <= 'z'))
        return "the meaning does not go on with its sentence";
    if (remedy->action[0] < 'A' || remedy->action[0] > 'Z')
        return "the cure does not begin a sentence";
    for (const char *at = remedy->action; (at = strchr(at, '{')) != NULL; at++) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            is_known = is_known || strncmp(at, words[i], strlen(words[i])) == 0;
        if (!is_known)
            return "it has a placeholder that nobody fills";
    }
    return NULL;
}

TEST(error_text_is_there_for_every_documented_code)
{
    const struct resource_table *table = &customer_subscription_table;
    for (size_t i = 0; i < sizeof of_registrations / sizeof *of_registrations; i++) {
        const struct remedy *remedy = schema_find_remedy(table, of_registrations[i]);
        if (remedy == NULL)
            fail_msg("%s has no row", of_registrations[i]);
        assert_string_equal(remedy->code, of_registrations[i]);
    }
    for (size_t i = 0; i < sizeof of_arm / sizeof *of_arm; i++) {
        const struct remedy *remedy = schema_find_remedy(table, of_arm[i]);
        if (remedy == NULL)
            fail_msg("%s has no row", of_arm[i]);
        if (fault_of(remedy) != NULL)
            fail_msg("%s: %s", of_arm[i], fault_of(remedy));
    }
}

TEST(every_row_of_a_table_can_stand_in_a_diagnostic)
{
    const struct resource_table *table = &customer_subscription_table;
    for (const struct remedy *row = table->remedies; row->code != NULL; row++) {
        if (fault_of(row) != NULL)
            fail_msg("%s: %s", row->code, fault_of(row));
        if (schema_find_remedy(table, row->code) != row)
            fail_msg("%s is there twice", row->code);
        /* The one to blame can be configured: a path to nothing is refused by the host. */
        if (row->attribute == NULL)
            continue;
        const struct attribute *blamed = schema_find(table->attributes, row->attribute);
        if (blamed == NULL || (blamed->flags & (REQUIRED | OPTIONAL)) == 0)
            fail_msg("%s blames %s", row->code, row->attribute);
    }
}

TEST(a_text_with_forbidden_characters_is_found)
{
    static const struct remedy wrong[] = {
        { "A", NULL, "Do.", NULL },     { "A", "it is", NULL, NULL },
        { "A", "it is.", "Do.", NULL }, { "A", "It is", "Do.", NULL },
        { "A", "it is", "do.", NULL },  { "A", "it is", "Do {that}.", NULL },
        { "A", "", "Do.", NULL },       { "A", "it is", "", NULL },
    };
    static const struct remedy good = { "A", "it is", "Do {noun} \"{parent.name}\".",
                                        NULL };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_non_null(fault_of(&wrong[i]));
    assert_null(fault_of(&good));
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
        { "BadCustomerSubscriptionId", "case sensitive", "customer_subscription_id" },
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
        { "MissingSubscriptionRegistration", "--namespace Microsoft.AzureStack", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct remedy *remedy =
            schema_find_remedy(&customer_subscription_table, cases[i].code);
        assert_has(remedy->action, cases[i].words);
        if (cases[i].blames == NULL)
            assert_null(remedy->attribute);
        else
            assert_string_equal(remedy->attribute, cases[i].blames);
    }
}
