/* How data sources are read of which a table cannot say it; provider/registry.c lists them beside
 * their tables.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef DATA_SOURCES_READERS_H
#define DATA_SOURCES_READERS_H

#include "engine/engine.h"

engine_data_fn data_customer_subscriptions, data_hub_applications, data_identity_health,
    data_unattributed_usage, data_usage;

/* -1 with an error where the service knows a single directory, and the question is about others. */
int data_refuse_one_directory(struct call *call, const struct data_source *source,
                              struct session *session, struct diags *diags);

#endif
