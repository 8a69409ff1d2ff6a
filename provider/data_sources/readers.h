/* The functions that read data sources which need more than their tables. provider/registry.c lists
 * each beside its table.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef DATA_SOURCES_READERS_H
#define DATA_SOURCES_READERS_H

#include "engine/engine.h"

engine_data_fn data_customer_subscriptions, data_hub_applications, data_identity_health,
    data_unattributed_usage, data_usage;

#endif
