/* How data sources are read of which a table cannot say it; provider/registry.c lists them beside
 * their tables.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef DATA_SOURCES_READERS_H
#define DATA_SOURCES_READERS_H

#include "engine/engine.h"

engine_data_fn data_customer_subscriptions, data_hub_applications, data_identity_health,
    data_unattributed_usage, data_usage;

#endif
