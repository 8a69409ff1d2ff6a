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
    PLUGIN_STREAM, /* may block, and answers with any number of messages */
};

/*
 * A method that gives one answer.
 *
 *   request  the message's bytes, borrowed for the call
 *   reply    the answer's bytes, in call->arena or as keeps_reply says
 *
 * -1: the protocol broke, and the peer gets a gRPC status made of err: ERR_SHAPE
 * INVALID_ARGUMENT, ERR_TOO_BIG RESOURCE_EXHAUSTED, ERR_STOPPED CANCELLED, ERR_TIMEOUT
 * DEADLINE_EXCEEDED, ERR_NAME NOT_FOUND, else INTERNAL.
 * What goes wrong inside Terraform's meanings is a reply with diagnostics instead.
 */
typedef int plugin_handler_fn(struct call *call, void *state, struct bytes request,
                              struct bytes *reply, struct error *err);

/* Where the messages of a stream go. The caller fills in `send`. */
struct plugin_sink {
    /*
     * One message; returns when it is on its way, so that there is never more than one of
     * them waiting: a peer that reads slowly slows the handler down. `message` is copied.
     *
     * Errors: ERR_STOPPED  the reader has gone: the peer left, or the call was stopped
     *         and the peer did not take the message within PLUGIN_STREAM_GRACE_MS. A call
     *         that was stopped can still send what it has to say about that.
     */
    int (*send)(struct plugin_sink *sink, struct call *call, struct bytes message,
                struct error *err);
};

enum { PLUGIN_STREAM_GRACE_MS = 2000 };

/*
 * A method that gives a stream of answers. Returning ends it: 0 with the status OK, -1 as
 * above.
 */
typedef int plugin_stream_fn(struct call *call, void *state, struct bytes request,
                             struct plugin_sink *sink, struct error *err);

struct plugin_method {
    const char *path; /* "/tfplugin6.Provider/ReadResource" */
    enum plugin_method_kind kind;
    plugin_handler_fn *handle; /* NULL: of the kind PLUGIN_STREAM */
    plugin_stream_fn *stream;  /* of that kind only */
    bool keeps_reply;          /* the reply lives as long as `state`, and is not copied */
};

struct plugin_options {
    const struct plugin_method *methods; /* ends with a NULL path; anything else that is
                                            called is UNIMPLEMENTED */
    void *state;
    struct stop *stop;            /* requested by SIGTERM, aborted when the host leaves */
    const char *provider_address; /* registry.terraform.io/azurestack-csp/azurestack */
    bool is_debug; /* no cookie, no TLS, prints the reattach line, ends on SIGINT */
};

/* The variables that say where the provider listens, for the manual; ends with a NULL name. */
struct plugin_variable {
    const char *name, *doc;
};
extern const struct plugin_variable plugin_place_variables[];

/* Runs until the host (or, in debug mode, the user) ends it. Returns the exit status; says
 * on standard error why it could not start, and to a host on standard output too, which is
 * what it shows its user. To be called before any thread is started. In a plain host run it
 * leaves by _exit after cleaning up what outlives a process; the orderly way is taken in
 * sanitizer builds, in debug mode and when AZURESTACK_ORDERLY_EXIT is set. */
int plugin_serve(const struct plugin_options *options);

#endif
