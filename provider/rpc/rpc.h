/* Translates between protobuf and the engine: the service tfplugin6. Does not depend on Azure, or
 * on how messages are transported.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef RPC_RPC_H
#define RPC_RPC_H

#include "configure/configure.h"
#include "engine/engine.h"
#include "plugin/server.h"

struct rpc_options {
    const struct provider_table *provider;
    const struct resource_table *const *resources; /* ends with NULL */
    const struct engine_reader *data_sources; /* ends with a NULL table; NULL: none */
    const struct engine_reader *ephemeral;    /* ephemeral resources, as data_sources */
    /* The services that have a block. Ends with a NULL table; NULL: none. */
    const struct configure_service *services;
    const struct function_table *const *functions; /* ends with NULL; NULL: none */
    const char *version;                           /* of this provider */
    /* StopProvider requests this stop. */
    struct stop *stop;
    /* For reattach: each Configure begins a run, and ends an earlier stop. */
    bool serves_many_runs;
};

struct rpc;

/* Borrows the options, which have to outlive the struct rpc. */
struct rpc *rpc_new(const struct rpc_options *options);
void rpc_free(struct rpc *rpc); /* NULL is fine; no call may be running */
DEFINE_CLEANUP(struct rpc, rpc_free)
#define auto_rpc CLEANUP(rpc_freep) struct rpc *

/* The methods of tfplugin6 that the provider serves; their state is a struct rpc. The others
 * (actions, state stores) are UNIMPLEMENTED; Terraform calls them only if the schema declares such
 * things. */
extern const struct plugin_method rpc_methods[];

#endif
