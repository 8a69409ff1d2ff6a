/* Makes a session from the provider block and the environment.
 * All functions return 0, or -1 exactly if they added an error to `diags`.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef CONFIGURE_CONFIGURE_H
#define CONFIGURE_CONFIGURE_H

#include "base/call.h"
#include "schema/schema.h"
#include "session/session.h"
#include "value/diags.h"
#include "value/value.h"

/* Checks the block without the environment, which may be different during apply. */
int configure_validate(struct call *call, const struct provider_table *table,
                       const struct value *config, struct diags *diags);

/* A service that has a block. */
struct configure_service {
    const struct service_table *table;
    const struct dialect *dialect;
};
/* What this build serves, and for the User-Agent, what it is and which Terraform runs it. */
struct configure_host {
    /* The services that have a block. Ends with a NULL table; NULL: none. */
    const struct configure_service *services;
    const char *provider_version, *terraform_version;
};

/*
 * Makes a session from the block and the environment. Sends no request.
 *
 *   out  NULL, without an error: a value that is needed is unknown because it depends on another
 *        resource. Operations that need the service then report that
 */
int configure_session(struct call *call, const struct provider_table *table,
                      const struct configure_host *host, const struct value *config,
                      struct session **out, struct diags *diags);

#endif
