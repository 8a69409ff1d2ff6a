/* How each data source is read; provider/registry.c lists them beside their tables.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef DATA_SOURCES_READERS_H
#define DATA_SOURCES_READERS_H

#include "engine/engine.h"

engine_data_fn data_customer_subscription, data_customer_subscriptions, data_registration,
    data_registrations;

#endif
