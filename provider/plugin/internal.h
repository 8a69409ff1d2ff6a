/* What the files of this folder share. The pictures are in handshake.md and
 * completion-queue.md.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef PLUGIN_INTERNAL_H
#define PLUGIN_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <grpc/grpc.h>

#include "plugin/server.h"

/* ---- place_*.c: where the server listens --------------------------------------------------- */

/* A socket's path has up to 107 bytes and a NUL on Linux, 103 on other systems. */
enum { PLUGIN_ADDRESS_MAX = 103 };

struct plugin_place {
    char directory[PLUGIN_ADDRESS_MAX +
                   1]; /* of the socket, ours alone; "": there is none */
    char address[PLUGIN_ADDRESS_MAX + 1]; /* as the handshake line names it */
};

/* "unix" or "tcp", as the handshake line has it. */
extern const char plugin_place_network[];

/* For a socket: makes a directory (0700) and chooses the path in it. What the host says, what the
 * user says, and the usual places are tried in this order; the first that works is taken: short
 * enough, absolute, writable. */
int plugin_place_find(struct plugin_place *out, struct error *err);
/* Has the server listen there; where the address has a port, it is known afterwards. */
int plugin_place_listen(struct plugin_place *place, grpc_server *grpc,
                        grpc_server_credentials *credentials, struct error *err);
/* The server listens: a socket is made the owner's, or with PLUGIN_UNIX_SOCKET_GROUP the
 * group's as well. */
int plugin_place_restrict(const struct plugin_place *place, struct error *err);
/* The number of the system's group with this name; -1: there is none. */
int64_t plugin_place_find_group(const char *name);
/* Removes what is there; safe to call again. */
void plugin_place_remove(struct plugin_place *place);

/* ---- handshake.c ----------------------------------------------------------------------- */

/* The host set its cookie. If not, a person started the program, who gets a message. */
bool plugin_handshake_check_cookie(void);

/* 1|6|unix|ADDRESS|grpc|CERTIFICATE and a newline; the caller frees it. `certificate` is ""
 * without TLS: a host that did not ask for TLS panics over a certificate. */
char *plugin_handshake_line(const struct plugin_place *place, const char *certificate,
                            bool asks_multiplexing);
/* TF_REATTACH_PROVIDERS='{…}' and a newline, quoted for a shell; the caller frees it. */
char *plugin_handshake_reattach_line(const char *provider_address,
                                     const struct plugin_place *place, long process);
/* All of the text to a descriptor. */
int plugin_handshake_write(int fd, const char *text, struct error *err);
/* Reports to the host's user why there is no handshake: the host shows a first line on standard
 * output that it does not understand. */
void plugin_handshake_report_failure(const struct error *err);

/* ---- tls.c ------------------------------------------------------------------------------ */

/* Who this process is to the host: the certificate of a key that stays inside OpenSSL. */
struct plugin_tls_identity {
    char *certificate_pem;
    char *handshake_field; /* the certificate, DER, base64 without padding */
};

/* The first use of OpenSSL in the process; may be called by any thread. */
int plugin_tls_init(struct error *err);
/* Once in a process: the key is where plugin_tls_credentials() finds it. */
int plugin_tls_identity_make(struct plugin_tls_identity *out, struct error *err);
void plugin_tls_identity_clear(struct plugin_tls_identity *identity);
#define auto_plugin_tls_identity                                                         \
    CLEANUP(plugin_tls_identity_clear) struct plugin_tls_identity

/* The standard alphabet, without the `=` at the end; the caller frees it. */
char *plugin_tls_base64(struct bytes bytes);
/* ERR_INVALID: the text holds no certificate that can be read. */
int plugin_tls_check_certificate(const char *pem, struct error *err);
/* Serves only a client that proves to own the key of `client_pem`. */
grpc_server_credentials *
plugin_tls_credentials(const struct plugin_tls_identity *identity,
                       const char *client_pem);

/* ---- workers.c --------------------------------------------------------------------------- */

struct plugin_work {
    struct plugin_work *next;
    void (*run)(struct plugin_work *work);
};

struct plugin_workers;

/* No thread is started before there is work, or plugin_workers_start(). */
struct plugin_workers *plugin_workers_new(size_t threads_max, size_t queue_max);
/* The first thread, so that there always is one. ERR_INTERNAL: none can be started. */
int plugin_workers_start(struct plugin_workers *workers, struct error *err);
/* Runs what is queued to its end, then joins. NULL is fine. */
void plugin_workers_free(struct plugin_workers *workers);
/* First in, first begun. ERR_TOO_BIG: queue_max pieces are waiting; ERR_INTERNAL: there is
 * no thread and none can be started. */
int plugin_workers_add(struct plugin_workers *workers, struct plugin_work *work,
                       struct error *err);

/* ---- core.c, signals.c -------------------------------------------------------------------- */

/* Before gRPC is used at all and before threads: its log becomes ours, and variables that
 * make libraries write down what they carry are taken out of the environment. */
void plugin_core_init(void);

/* SIGINT is ignored, since Ctrl-C reaches the whole process group and the host says by
 * StopProvider what it wants of us: a provider that died of it would lose the apply under
 * way. SIGHUP likewise: if the terminal is gone the host may live on (nohup), and if it does
 * not its end is noticed anyway. In debug mode both end the process, as SIGTERM always does. */
void plugin_signals_init(bool is_debug);
/* How many came that are to end the process, and the last of them. */
int plugin_signals_count(int *number);

/* ---- sending.c --------------------------------------------------------------------------- */

/* The message of a stream that is on its way: one at a time. */
struct plugin_sending {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_under_way, has_failed; /* guarded by lock */
};
void plugin_sending_init(struct plugin_sending *sending);
void plugin_sending_clear(struct plugin_sending *sending);
/* Before the batch is started, and when it is complete. */
void plugin_sending_begin(struct plugin_sending *sending);
void plugin_sending_end(struct plugin_sending *sending, bool is_ok);
/* Until it is complete. ERR_STOPPED: as plugin_sink.send says; it may be under way still. */
int plugin_sending_wait(struct plugin_sending *sending, struct call *call,
                        struct error *err);

/* ---- server.c, incoming.c ---------------------------------------------------------------- */

/* What a completion calls. */
struct plugin_tag {
    void (*done)(void *owner, bool is_ok);
    void *owner;
};

enum plugin_served_kind {
    PLUGIN_SERVED_SHORT,
    PLUGIN_SERVED_WORKER,
    PLUGIN_SERVED_STREAM, /* on a worker too */
    PLUGIN_SERVED_HELD, /* opened and held until the peer ends it; nothing is sent or read */
};

struct plugin_served {
    const char *path;
    const char *name; /* the last part of the path */
    enum plugin_served_kind kind;
    plugin_handler_fn *handle; /* of the kinds SHORT and WORKER */
    plugin_stream_fn *stream;  /* of the kind STREAM */
    void *state;
    bool keeps_reply;
    bool ends_process; /* once its answer is out */
    void *registered;  /* gRPC's handle */
};

struct plugin_server {
    const struct plugin_options *options;
    struct plugin_place place;
    grpc_completion_queue *queue;
    grpc_server *grpc;
    struct plugin_workers *workers;
    struct plugin_served *served;
    size_t served_count;
    struct plugin_tag shut;
    atomic_int
        running; /* calls that were accepted and not yet answered; none of those held */
    bool is_leaving; /* a signal said so: the calls that run are the last */
    bool wants_end;  /* said by a Shutdown that was answered */
    bool is_ending;  /* the orderly end has begun: nothing new is taken */
    int exit_status;
};

/* Takes one call of this method, or with NULL one of any method that is not served. */
void plugin_incoming_arm(struct plugin_server *server, struct plugin_served *served);

/* ---- controller.c, stdio.c --------------------------------------------------------------- */

/* go-plugin's Shutdown and gRPC's health check. */
extern const struct plugin_served plugin_controller_served[];
/* The streams that go-plugin opens at once. */
extern const struct plugin_served plugin_stdio_served[];

#endif
