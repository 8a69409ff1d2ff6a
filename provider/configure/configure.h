/* The provider block and the environment become a session.
 * All return 0, or -1 exactly when an error was added to `diags`.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef CONFIGURE_CONFIGURE_H
#define CONFIGURE_CONFIGURE_H

#include "base/call.h"
#include "schema/schema.h"
#include "session/session.h"
#include "value/diags.h"
#include "value/value.h"

/* Checks the block without the environment: it may be another one at apply. */
int configure_validate(struct call *call, const struct provider_table *table,
                       const struct value *config, struct diags *diags);

/* What this build and this host are, for the User-Agent. */
struct configure_service {
    const struct service_table *table;
    const struct dialect *dialect;
};
struct configure_host {
    const struct configure_service
        *services; /* that have a block; ends with a NULL table; NULL:
                                              none */
    const char *provider_version, *terraform_version;
};

/*
 * Block and environment become a session. Sends no request.
 *
 *   out  NULL, without an error, when something needed is unknown yet (it depends on
 *        another resource): operations that need the service say so then
 */
int configure_session(struct call *call, const struct provider_table *table,
                      const struct configure_host *host, const struct value *config,
                      struct session **out, struct diags *diags);

#endif
