/* Serving a host: handshake, mutual TLS, gRPC, and the end of the process. Knows nothing
 * of Terraform's meanings: methods come as a table.
 *
 * One polling thread does all of gRPC's I/O; short methods run on it, all others on a
 * bounded pool of workers, so that stop and shutdown are served while workers block.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef PLUGIN_SERVER_H
#define PLUGIN_SERVER_H

#include "base/bytes.h"
#include "base/call.h"
#include "base/error.h"

enum {
    PLUGIN_WORKERS_MAX = 64,                      /* calls that run at once */
    PLUGIN_REQUEST_BYTES_MAX = 256 * 1024 * 1024, /* as Go providers take */
};

enum plugin_method_kind {
    PLUGIN_SHORT,  /* never blocks: runs on the polling thread */
    PLUGIN_WORKER, /* may block */
};

/*
 * One unary method.
 *
 *   request  the message's bytes, borrowed for the call
 *   reply    the answer's bytes, in call->arena or static
 *
 * -1: the protocol broke, and the peer gets a gRPC status made of err: ERR_SHAPE
 * INVALID_ARGUMENT, ERR_TOO_BIG RESOURCE_EXHAUSTED, ERR_STOPPED CANCELLED, ERR_TIMEOUT
 * DEADLINE_EXCEEDED, ERR_NAME NOT_FOUND, else INTERNAL.
 * What goes wrong inside Terraform's meanings is a reply with diagnostics instead.
 */
typedef int plugin_handler_fn(struct call *call, void *state, struct bytes request,
                              struct bytes *reply, struct error *err);

struct plugin_method {
    const char *path; /* "/tfplugin6.Provider/ReadResource" */
    enum plugin_method_kind kind;
    plugin_handler_fn *handle;
};

struct plugin_options {
    const struct plugin_method *methods; /* ends with a NULL path; anything else that is
                                            called is UNIMPLEMENTED */
    void *state;
    struct stop *stop;            /* requested by SIGTERM, aborted when the host leaves */
    const char *provider_address; /* registry.terraform.io/azurestack-csp/azurestack */
    bool is_debug; /* no cookie, no TLS, prints the reattach line, ends on SIGINT */
};

/* Runs until the host (or, in debug mode, the user) ends it. Returns the exit status; says
 * on standard error why it could not start, and to a host on standard output too, which is
 * what it shows its user. To be called before any thread is started. In a plain host run it
 * leaves by _exit after cleaning up what outlives a process; the orderly way is taken in
 * sanitizer builds, in debug mode and when AZURESTACK_ORDERLY_EXIT is set. */
int plugin_serve(const struct plugin_options *options);

#endif
