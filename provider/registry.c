/* The list of tables, one row each.
 * SPDX-License-Identifier: MPL-2.0 */
#include "registry.h"

#include <stddef.h>

#include "schema/tables.h"

const struct resource_table *const registry_resources[] = {
    &customer_subscription_table,
    NULL,
};
