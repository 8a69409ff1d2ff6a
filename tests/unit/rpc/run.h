/* The provider over RPCs, without a transport.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef UNIT_RPC_RUN_H
#define UNIT_RPC_RUN_H

#include "rpc/internal.h"
#include "schema/tables.h"
#include "support/test.h"

struct run {
    struct rpc *rpc;
    struct call call;
};

static inline void begin(struct run *run, const struct rpc_options *options)
{
    run->rpc = rpc_new(options);
    call_init(&run->call, NULL);
}

static inline void end(struct run *run)
{
    call_clear(&run->call);
    rpc_free(run->rpc);
}

/* Its response, of that type. */
static inline void *ask(struct run *run, const char *method, struct bytes request,
                        const ProtobufCMessageDescriptor *type)
{
    const struct plugin_method *row = rpc_methods;
    const char *path = arena_print(run->call.arena, "/tfplugin6.Provider/%s", method);
    while (row->path != NULL && strcmp(row->path, path) != 0)
        row++;
    assert_non_null(row->path);
    struct bytes reply;
    struct error err = NO_ERROR;
    assert_int_equal(row->handle(&run->call, run->rpc, request, &reply, &err), 0);
    void *response = rpc_unpack(&run->call, type, reply, &err);
    assert_non_null(response);
    return response;
}

#endif
