/* A service: one host, or one kind of host, with the objects on it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SCHEMA_SERVICE_H
#define SCHEMA_SERVICE_H

#include <stdbool.h>

#include "id/scheme.h"

/* The address of a service by the provider's `environment`. */
struct cloud_endpoint {
    const char *environment, *endpoint; /* "public", "https://host" */
};

/* An omitted address, made from the address in the row `from`: the beginning `label` of its host
 * is replaced with `instead`. */
struct derived_endpoint {
    const char *from;            /* "admin_endpoint" */
    const char *label, *instead; /* "adminmanagement.", "management." */
};

/* Resources of another provider that a `moved` block may move to this service. */
struct move_rule {
    const char *address;     /* how the other provider's address ends: "/azure/azapi" */
    const char *type_name;   /* "azapi_resource" */
    const char *id_member;   /* where its state has the ID of the object */
    const char *type_member; /* and the ARM type, which may end in @API-VERSION */
};

struct service_table {
    const char *name;            /* "azure"; identifies the service in the session */
    const char *label;           /* in messages: "Azure" */
    const struct id_scheme *ids; /* the form of its IDs */

    /* The nested block of the provider that configures the service. Its rows may be the address
     * (`endpoint`), audience, tenant_id, and any of the provider's arguments that select or feed a
     * way to sign in. What the block omits of the latter is inherited from the provider, except for
     * the tenant. NULL: the provider's own arguments configure the service. */
    const char *block;
    /* Error text if an object needs the service and it is not configured: sentences, with lines
     * that can be copied into the provider block. */
    const char *missing;
    /* A block within `block`, if both configure the service: what the inner one omits is inherited
     * from the outer one, except for the tenant. The service is then configured if the inner block
     * is there, or an environment variable of one of its rows, or the service's own address. NULL:
     * none. */
    const char *inner_block;
    /* Rows of the block that have to be set for the service to be configured. Ends with NULL.
     * NULL: only the address. */
    const char *const *needed;

    /* Error text if an object requires a user to sign in, and the provider signs in as an
     * application. */
    const char *person_missing;
    /* What to do if the service rejects a user's token: sentences. NULL: nothing. */
    const char *person_refused;

    const char *endpoint; /* the row of the block with the address; NULL: "endpoint" */
    /* Where an omitted address comes from. `endpoints` ends with a NULL environment. Both NULL: the
     * address is required. */
    const struct cloud_endpoint *endpoints;
    const struct derived_endpoint *derived_endpoint;
    /* The service's own metadata document names its login service, tenant and audience. */
    bool publishes_sign_in;

    const struct move_rule *moves; /* NULL: none */
};

#endif
