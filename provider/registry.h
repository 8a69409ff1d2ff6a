/* The list of what this provider manages, looks up and computes.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include "schema/schema.h"

extern const struct resource_table *const registry_resources[]; /* ends with NULL */
/* Ends with NULL. How each is read stands in main.c, above the layers that the manual and
 * the tests of tables need. */
extern const struct data_source_table *const registry_data_sources[];
extern const struct function_table *const registry_functions[]; /* ends with NULL */

#endif
