/* All tables. provider/registry.c lists those that the provider serves.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_TABLES_H
#define SCHEMA_TABLES_H

#include "schema/schema.h"

extern const struct provider_table provider_table;
extern const struct service_table azure_service, hub_service, hub_user_service,
    partner_service;
extern const struct attribute provider_hub[], provider_partner[]; /* rows of its blocks */
extern const struct resource_table customer_subscription_table;
extern const struct resource_table partner_azure_plan_table;
extern const struct resource_table partner_azure_subscription_table;
extern const struct resource_table partner_customer_table;
extern const struct resource_table partner_customer_agreement_table;
extern const struct resource_table registration_table;
extern const struct resource_table directory_tenant_table;
extern const struct resource_table user_resource_group_table;
extern const struct resource_table user_role_assignment_table;
extern const struct resource_table user_subscription_table;

extern const struct data_source_table billing_accounts_data, billing_customer_data,
    billing_customers_data, billing_subscriptions_data, customer_subscription_data,
    customer_subscriptions_data, registration_data, registrations_data, activation_data,
    directory_tenant_data, directory_tenants_data, hub_applications_data,
    identity_health_data, locations_data, offers_data, plans_data, quotas_data,
    unattributed_usage_data, usage_data, user_subscription_data, user_subscriptions_data,
    partner_customer_data, partner_customers_data, partner_relationships_data,
    partner_azure_plans_data, partner_azure_entitlements_data,
    partner_customer_agreements_data;
/* Lists of registrations: of a resource group, else of a subscription. */
extern const struct list_place registration_lists[];

extern const struct data_source_table registration_activation_key_ephemeral;

extern const struct function_table normalize_subscription_id_function,
    parse_registration_id_function, parse_customer_subscription_id_function,
    build_registration_id_function, build_customer_subscription_id_function,
    multi_tenancy_request_function;

#endif
