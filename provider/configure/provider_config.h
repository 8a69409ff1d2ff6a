/* The provider block and the environment, as what a session is made of.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef CONFIGURE_PROVIDER_CONFIG_H
#define CONFIGURE_PROVIDER_CONFIG_H

#include "configure/configure.h"

/*
 * Reads by the rows of the table where each argument's value is from (configure/settings.h), and by
 * the places of provider_config.c where it goes. Sends no request. `config` is wholly known and
 * valid. All texts of `out` are copies in `texts`, which may outlive the call. -1 with
 * diagnostics: a variable holds what its argument may not, or what is given is not complete.
 */
int provider_config_read(struct call *call, struct arena *texts,
                         const struct provider_table *table,
                         const struct configure_host *host, const struct value *config,
                         struct session_config *out, struct diags *diags);

#endif
