/* Reads the settings of a session from the provider block and the environment.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef CONFIGURE_PROVIDER_CONFIG_H
#define CONFIGURE_PROVIDER_CONFIG_H

#include "configure/configure.h"

/*
 * The rows of the table say where each argument's value comes from (configure/settings.h), and the
 * places in provider_config.c where it goes. Sends no request. `config` is wholly known and valid.
 * All texts of `out` are copies in `texts`, which may outlive the call. -1 with diagnostics: a
 * variable has a value that its argument may not have, or the settings are incomplete.
 */
int provider_config_read(struct call *call, struct arena *texts,
                         const struct provider_table *table,
                         const struct configure_host *host, const struct value *config,
                         struct session_config *out, struct diags *diags);

#endif
