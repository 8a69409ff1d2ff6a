/* Serves Terraform: handshake, mutual TLS, gRPC, and the end of the process. Does not depend on the
 * meaning of the methods, which are in a table.
 *
 * One polling thread does all of gRPC's I/O. Short methods run on it, all others on a limited
 * number of workers, so that stop and shutdown are served while workers block.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef PLUGIN_SERVER_H
#define PLUGIN_SERVER_H

#include "base/bytes.h"
#include "base/call.h"
#include "base/error.h"

enum {
    PLUGIN_WORKERS_MAX = 64,                      /* calls that run at the same time */
    PLUGIN_REQUEST_BYTES_MAX = 256 * 1024 * 1024, /* as in Go's providers */
};

enum plugin_method_kind {
    PLUGIN_SHORT,  /* never blocks: runs on the polling thread */
    PLUGIN_WORKER, /* may block */
    PLUGIN_STREAM, /* may block, and sends any number of messages */
};

/*
 * A method with one answer.
 *
 *   request  the bytes of the message, borrowed for the call
 *   reply    the bytes of the answer, in call->arena, or as keeps_reply says
 *
 * -1: a protocol error. The peer gets a gRPC status for err: ERR_SHAPE INVALID_ARGUMENT,
 * ERR_TOO_BIG RESOURCE_EXHAUSTED, ERR_STOPPED CANCELLED, ERR_TIMEOUT DEADLINE_EXCEEDED, ERR_NAME
 * NOT_FOUND, else INTERNAL.
 * All other errors are diagnostics in a reply, with 0.
 */
typedef int plugin_handler_fn(struct call *call, void *state, struct bytes request,
                              struct bytes *reply, struct error *err);

/* Receives the messages of a stream. The server sets `send`. */
struct plugin_sink {
    /*
     * Sends one message, which is copied. Returns when it is on its way, so that at most one is
     * waiting: a peer that reads slowly slows the handler down.
     *
     * Errors: ERR_STOPPED  the reader is gone, because the peer has left; or the call was stopped,
     *                      and the peer did not accept the message within PLUGIN_STREAM_GRACE_MS.
     *                      So a call that was stopped can still send its last messages
     */
    int (*send)(struct plugin_sink *sink, struct call *call, struct bytes message,
                struct error *err);
};

enum { PLUGIN_STREAM_GRACE_MS = 2000 };

/*
 * A method with a stream of answers. Its return ends the stream: 0 with the status OK, -1 as above.
 */
typedef int plugin_stream_fn(struct call *call, void *state, struct bytes request,
                             struct plugin_sink *sink, struct error *err);

struct plugin_method {
    const char *path; /* "/tfplugin6.Provider/ReadResource" */
    enum plugin_method_kind kind;
    plugin_handler_fn *handle; /* NULL for PLUGIN_STREAM */
    plugin_stream_fn *stream;  /* for PLUGIN_STREAM only */
    bool keeps_reply;          /* the reply lives as long as `state`, and is not copied */
};

struct plugin_options {
    /* Ends with a NULL path. Any other method is UNIMPLEMENTED. */
    const struct plugin_method *methods;
    void *state;
    struct stop *stop; /* requested by SIGTERM, aborted when Terraform is gone */
    const char *provider_address; /* for the reattach line: azurestack-csp/azurestack */
    /* No cookie and no TLS; prints the reattach line; SIGINT and SIGHUP end the process. */
    bool is_debug;
};

/* The environment variables that say where the provider listens, for the manual. Ends with a NULL
 * name. */
struct plugin_variable {
    const char *name, *doc;
};
extern const struct plugin_variable plugin_place_variables[];

/* Removes the variables that make libraries write transported data or keys to files or logs.
 * plugin_serve() does that too. Call it before threads are started. */
void plugin_forget_variables(void);

/* Runs until Terraform (in debug mode the user) ends it. Returns the exit status. If it cannot
 * start, it writes the reason to standard error, and if Terraform has started it also to standard
 * output, which Terraform shows to its user. Call it before any thread is started. If Terraform has
 * started it, it removes what would outlive the process and then calls _exit(). In sanitizer
 * builds, in debug mode, and if AZURESTACK_ORDERLY_EXIT is set, it frees everything instead and
 * returns. */
int plugin_serve(const struct plugin_options *options);

#endif
