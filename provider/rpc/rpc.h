/* protobuf <-> engine: the tfplugin6 service. Knows neither Azure nor how bytes travel.
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
    const struct engine_reader *ephemeral;    /* the same of ephemeral resources */
    const struct configure_service
        *services; /* that have a block; ends with a NULL table; NULL: none */
    const struct function_table *const *functions; /* ends with NULL; NULL: none */
    const char *version;                           /* of this provider */
    struct stop *stop;                             /* StopProvider requests it */
    bool serves_many_runs; /* reattach: each Configure begins a run, and ends a stop */
};

struct rpc;

/* Options are borrowed for its life. */
struct rpc *rpc_new(const struct rpc_options *options);
void rpc_free(struct rpc *rpc); /* NULL is fine; no call may run any more */
DEFINE_CLEANUP(struct rpc, rpc_free)
#define auto_rpc CLEANUP(rpc_freep) struct rpc *

/* Every rpc of tfplugin6 that is served; their state is a struct rpc. The others (actions,
 * state stores) are UNIMPLEMENTED, and hosts call them only if the schema
 * declares such things. */
extern const struct plugin_method rpc_methods[];

#endif
