/* Every table there is; provider/registry.c lists those that are served.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_TABLES_H
#define SCHEMA_TABLES_H

#include "schema/schema.h"

extern const struct provider_table provider_table;
extern const struct resource_table customer_subscription_table;

#endif
