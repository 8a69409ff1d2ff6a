/* The lists of all resources, data sources, ephemeral resources, functions and services, with the
 * code of those that need more than a table. Links every reader.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REGISTRY_H
#define REGISTRY_H

#include "configure/configure.h"
#include "engine/engine.h"

/* Services that a block of the provider configures; ends with a NULL table. */
extern const struct configure_service registry_services[];
extern const struct resource_table *const registry_resources[]; /* ends with NULL */
extern const struct engine_reader registry_data_sources[]; /* ends with a NULL table */
extern const struct engine_reader registry_ephemeral[];    /* ends with a NULL table */
extern const struct function_table *const registry_functions[]; /* ends with NULL */

#endif
