/* A partner's billing accounts, their customers, and the customers' subscriptions as the bill has
 * them: what azurestack_partner_azure_subscription is bought for, and what was bought.
 * Source: Microsoft.Billing/stable/2020-05-01/billing.json. A customer has a name, which is the ID
 * of the customer's tenant, and a display name; no domain.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"
#include "schema/tables.h"

#define ACCOUNTS "/providers/Microsoft.Billing/billingAccounts"
#define CUSTOMERS ACCOUNTS "/{billing_account_name}/customers"

static const struct remedy remedies[] = {
    { "AuthorizationFailed", "the credential has no role on the billing account",
      "Sign in to the partner's own tenant with a credential that has a role on the billing "
      "account, such as a member of the Admin Agents group of Partner Center.",
      NULL },
    { "InvalidAuthenticationTokenTenant", "the token is from another tenant",
      "Set tenant_id in the provider block to the partner's own tenant. "
      "Billing accounts belong to the partner's tenant, not to the "
      "customer's.",
      NULL },
    { NULL, NULL, NULL, NULL },
};

/* ---- accounts ------------------------------------------------------------------------------- */

static const struct attribute account[] = {
    { "id", &type_string, COMPUTED | IS_ID, .doc = "The ID of the billing account." },
    { "name", &type_string, COMPUTED, .body = "name",
      .doc = "The name of the billing account, for `billing_account_name`: two GUIDs, "
             "separated by a colon, and a date." },
    { "display_name", &type_string, COMPUTED, .body = "properties.displayName",
      .doc = "The display name." },
    { "agreement_type", &type_string, COMPUTED, .body = "properties.agreementType",
      .doc =
          "The type of agreement. Only an account with `MicrosoftPartnerAgreement` has "
          "customers." },
    { "account_type", &type_string, COMPUTED, .body = "properties.accountType",
      .doc = "The type of account. A Cloud Solution Provider has an account of type "
             "`Partner`." },
    { "status", &type_string, COMPUTED, .body = "properties.accountStatus",
      .doc = "The state of the account, such as `Active`." },
    { 0 },
};

static const struct attribute accounts[] = {
    { "agreement_type", &type_string, OPTIONAL, .check = check_not_empty,
      .doc = "Lists only accounts with this type of agreement, such as "
             "`MicrosoftPartnerAgreement`." },
    { "billing_accounts", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = account,
      .doc = "The billing accounts, sorted by ID." },
    { "id", &type_string, COMPUTED, .doc = "The ID of the list." },
    { 0 },
};

static const struct list_place account_lists[] = {
    { ACCOUNTS, ACCOUNTS, NULL },
    { NULL, NULL, NULL },
};

const struct data_source_table billing_accounts_data = {
    .name = "billing_accounts",
    .doc = "Use this data source to list the billing accounts that the credential can "
           "read.",
    .service = &azure_service,
    .noun = "billing account",
    .list_label = "the list of billing accounts",
    .api_version = "2020-05-01",
    .lists = account_lists,
    .filters = NAMES("agreement_type"),
    .items = "billing_accounts",
    .remedies = remedies,
    .attributes = accounts,
};

/* ---- customers ------------------------------------------------------------------------------ */

static const struct attribute customer[] = {
    { "id", &type_string, COMPUTED | IS_ID,
      .doc = "The ID of the customer, for `billing_scope_id`." },
    { "customer_tenant_id", &type_string, COMPUTED, .body = "name",
      .compare = COMPARE_IGNORING_CASE,
      .doc = "The ID of the customer's Microsoft Entra tenant, in lower case." },
    { "display_name", &type_string, COMPUTED, .body = "properties.displayName",
      .doc = "The name of the customer." },
    { "billing_profile_id", &type_string, COMPUTED, .body = "properties.billingProfileId",
      .doc = "The ID of the customer's billing profile." },
    { 0 },
};

#define ACCOUNT_NAME                                                                     \
    {                                                                                    \
        "billing_account_name", &type_string, REQUIRED,                                  \
            .check = check_billing_account,                                              \
            .doc = "The name of the partner's billing account, from "                    \
                   "`azurestack_billing_accounts`: two GUIDs with a colon between "      \
                   "them, and a date."                                                   \
    }

static const struct attribute customers[] = {
    ACCOUNT_NAME,
    { "display_name", &type_string, OPTIONAL, .check = check_not_empty,
      .doc = "Lists only customers with this name, ignoring case." },
    { "customers", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = customer,
      .doc = "The customers that have an Azure plan, sorted by ID." },
    { "id", &type_string, COMPUTED, .doc = "The ID of the billing account." },
    { 0 },
};

static const struct list_place customer_lists[] = {
    { CUSTOMERS, ACCOUNTS "/{billing_account_name}",
      "the list of customers of billing account {billing_account_name}" },
    { NULL, NULL, NULL },
};

const struct data_source_table billing_customers_data = {
    .name = "billing_customers",
    .doc = "Use this data source to list the customers of a partner's billing "
           "account that have an Azure plan.",
    .service = &azure_service,
    .noun = "billing customer",
    .parent_noun = "billing account",
    .api_version = "2020-05-01",
    .lists = customer_lists,
    .filters = NAMES("display_name"),
    .items = "customers",
    .remedies = remedies,
    .attributes = customers,
};

static const struct attribute one_customer[] = {
    ACCOUNT_NAME,
    { "customer_tenant_id", &type_string, OPTIONAL | COMPUTED, .body = "name",
      .check = check_guid, .compare = COMPARE_IGNORING_CASE,
      .doc =
          "The ID of the customer's Microsoft Entra tenant. Set `customer_tenant_id` or "
          "`display_name`." },
    { "display_name", &type_string, OPTIONAL | COMPUTED, .body = "properties.displayName",
      .check = check_not_empty,
      .doc = "The name of the customer, ignoring case. Set `customer_tenant_id` or "
             "`display_name`." },
    { "billing_profile_id", &type_string, COMPUTED, .body = "properties.billingProfileId",
      .doc = "The ID of the customer's billing profile." },
    { "id", &type_string, COMPUTED | IS_ID,
      .doc = "The ID of the customer, for `billing_scope_id`." },
    { 0 },
};

const struct data_source_table billing_customer_data = {
    .name = "billing_customer",
    .doc = "Use this data source to look up a customer of a partner's billing account by "
           "tenant or name. Its ID is the billing scope of the customer's subscriptions. "
           "It reads the whole list: for many customers, use "
           "`azurestack_billing_customers` once. "
           "Azure does not return a customer's domain.",
    .service = &azure_service,
    .noun = "billing customer",
    .parent_noun = "billing account",
    .api_version = "2020-05-01",
    .lists = customer_lists,
    .keys = NAMES("customer_tenant_id", "display_name"),
    .remedies = remedies,
    .attributes = one_customer,
};

/* ---- subscriptions -------------------------------------------------------------------------- */

static const struct attribute subscription[] = {
    { "id", &type_string, COMPUTED | IS_ID,
      .doc = "The ID of the billing subscription." },
    { "subscription_id", &type_string, COMPUTED, .body = "properties.subscriptionId",
      .compare = COMPARE_IGNORING_CASE,
      .doc = "The ID of the subscription, in lower case." },
    { "display_name", &type_string, COMPUTED, .body = "properties.displayName",
      .doc = "The name of the subscription." },
    { "status", &type_string, COMPUTED, .body = "properties.subscriptionBillingStatus",
      .doc = "The billing state of the subscription: `Active`, `Inactive`, `Abandoned`, "
             "`Deleted` or `Warning`." },
    { "sku_id", &type_string, COMPUTED, .body = "properties.skuId",
      .doc = "The Azure plan: `0001` for `Production`, `0002` for `DevTest`." },
    { "sku_description", &type_string, COMPUTED, .body = "properties.skuDescription",
      .doc = "The name of the Azure plan." },
    { 0 },
};

static const struct attribute subscriptions[] = {
    { "billing_scope_id", &type_string, REQUIRED,
      .id_type = "/Microsoft.Billing/billingAccounts/customers",
      .check = check_billing_customer,
      .doc = "The ID of the customer in the partner's billing account." },
    { "display_name", &type_string, OPTIONAL, .check = check_not_empty,
      .doc = "Lists only subscriptions with this name, ignoring case." },
    { "subscriptions", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = subscription,
      .doc = "The customer's subscriptions, sorted by ID." },
    { "id", &type_string, COMPUTED, .doc = "The ID of the customer." },
    { 0 },
};

static const struct list_place subscription_lists[] = {
    { "{billing_scope_id}/billingSubscriptions", "{billing_scope_id}",
      "the list of subscriptions of {billing_scope_id}" },
    { NULL, NULL, NULL },
};

const struct data_source_table billing_subscriptions_data = {
    .name = "billing_subscriptions",
    .doc =
        "Use this data source to list the Azure subscriptions of a partner's customer, "
        "as they are in the partner's billing account.",
    .service = &azure_service,
    .noun = "billing subscription",
    .parent_noun = "billing customer",
    .api_version = "2020-05-01",
    .lists = subscription_lists,
    .filters = NAMES("display_name"),
    .items = "subscriptions",
    .remedies = remedies,
    .attributes = subscriptions,
};
