/* What the objects of Partner Center have in common.
 * Source: Partner Center REST error codes
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_PARTNER_H
#define SCHEMA_PARTNER_H

#include "schema/schema.h"

#define PARTNER_CUSTOMERS "/v1/customers"
#define PARTNER_CUSTOMER PARTNER_CUSTOMERS "/{customer_tenant_id}"

/* Every Azure plan is an item of this product of the catalogue. */
#define PARTNER_AZURE_PLAN "DZH318Z0BPS6:"

extern const struct remedy partner_remedies[];
extern const char *const partner_customer_gone[];

#endif
