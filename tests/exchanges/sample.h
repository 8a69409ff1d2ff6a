/* Tables of the player's own, which show every kind of attribute.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EXCHANGES_SAMPLE_H
#define EXCHANGES_SAMPLE_H

#include "engine/engine.h"

extern const struct resource_table *const sample_tables[]; /* ends with NULL */
extern const struct engine_reader sample_data_sources[];   /* ends with a NULL table */

#endif
