/* The lists of tables, one row each.
 * SPDX-License-Identifier: MPL-2.0 */
#include "registry.h"

#include <stddef.h>

#include "data_sources/readers.h"
#include "ephemeral/openers.h"
#include "schema/tables.h"

/* Public Azure has no row: the provider's own arguments configure it. */
const struct configure_service registry_services[] = {
    { &hub_service, &dialect_hub },
    { &hub_user_service, &dialect_hub },
    { &partner_service, &dialect_partner },
    { NULL, NULL },
};

const struct resource_table *const registry_resources[] = {
    &customer_subscription_table,
    &partner_azure_plan_table,
    &partner_azure_subscription_table,
    &partner_customer_table,
    &partner_customer_agreement_table,
    &registration_table,
    &directory_tenant_table,
    &user_resource_group_table,
    &user_role_assignment_table,
    &user_subscription_table,
    NULL,
};

const struct engine_reader registry_data_sources[] = {
    { &billing_accounts_data, NULL },
    { &billing_customer_data, NULL },
    { &billing_customers_data, NULL },
    { &billing_subscriptions_data, NULL },
    { &activation_data, NULL },
    { &customer_subscription_data, NULL },
    { &customer_subscriptions_data, data_customer_subscriptions },
    { &directory_tenant_data, NULL },
    { &directory_tenants_data, NULL },
    { &hub_applications_data, data_hub_applications },
    { &identity_health_data, data_identity_health },
    { &locations_data, NULL },
    { &offers_data, NULL },
    { &partner_azure_entitlements_data, NULL },
    { &partner_azure_plans_data, NULL },
    { &partner_customer_data, NULL },
    { &partner_customer_agreements_data, NULL },
    { &partner_customers_data, NULL },
    { &partner_relationships_data, NULL },
    { &plans_data, NULL },
    { &quotas_data, NULL },
    { &registration_data, NULL },
    { &registrations_data, NULL },
    { &unattributed_usage_data, data_unattributed_usage },
    { &usage_data, data_usage },
    { &user_subscription_data, NULL },
    { &user_subscriptions_data, NULL },
    { NULL, NULL },
};

const struct engine_reader registry_ephemeral[] = {
    { &registration_activation_key_ephemeral, ephemeral_registration_activation_key },
    { NULL, NULL },
};

const struct function_table *const registry_functions[] = {
    &build_customer_subscription_id_function,
    &build_registration_id_function,
    &multi_tenancy_request_function,
    &normalize_subscription_id_function,
    &parse_customer_subscription_id_function,
    &parse_registration_id_function,
    NULL,
};
