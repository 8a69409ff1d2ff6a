/* What the .c files of this folder share. See the pictures in handshake.md and completion-queue.md.
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

/* The path of a socket has at most 107 bytes and a NUL on Linux, and 103 on other systems. */
enum { PLUGIN_ADDRESS_MAX = 103 };

struct plugin_place {
    /* The socket's directory, which only this process uses. "": there is none. */
    char directory[PLUGIN_ADDRESS_MAX + 1];
    char address[PLUGIN_ADDRESS_MAX + 1]; /* as in the handshake line */
};

/* "unix" or "tcp", as in the handshake line. */
extern const char plugin_place_network[];

/* Finds the address. For a socket: makes a directory (0700) and chooses a path in it. Tries the
 * directories that Terraform names, that the user names, and the usual ones, in this order, and
 * uses the first that is absolute, short enough, writable, and can hold a socket. */
int plugin_place_find(struct plugin_place *out, struct error *err);
/* Makes the server listen there. If the address has a port, it is known afterwards. */
int plugin_place_listen(struct plugin_place *place, grpc_server *grpc,
                        grpc_server_credentials *credentials, struct error *err);
/* Called when the server listens: a socket is accessible for its owner only, and with
 * PLUGIN_UNIX_SOCKET_GROUP for that group too. */
int plugin_place_restrict(const struct plugin_place *place, struct error *err);
/* The number of the system's group with this name; -1: there is none. */
int64_t plugin_place_find_group(const char *name);
/* Removes the socket and its directory. May be called again. */
void plugin_place_remove(struct plugin_place *place);

/* ---- handshake.c ----------------------------------------------------------------------- */

/* Terraform has set its cookie. If not, a person has started the program, and gets a message. */
bool plugin_handshake_check_cookie(void);

/* 1|6|unix|ADDRESS|grpc|CERTIFICATE and a newline; the caller frees it. `certificate` is "" without
 * TLS: a host that did not request TLS panics if it gets a certificate. */
char *plugin_handshake_line(const struct plugin_place *place, const char *certificate,
                            bool asks_multiplexing);
/* TF_REATTACH_PROVIDERS='{…}' and a newline, quoted for a shell; the caller frees it. */
char *plugin_handshake_reattach_line(const char *provider_address,
                                     const struct plugin_place *place, long process);
/* Writes the whole text to a descriptor. */
int plugin_handshake_write(int fd, const char *text, struct error *err);
/* Reports to Terraform's user why there is no handshake: Terraform shows the first line on standard
 * output if it does not understand it. */
void plugin_handshake_report_failure(const struct error *err);

/* ---- tls.c ------------------------------------------------------------------------------ */

/* The provider's identity for Terraform: a certificate. Its key stays inside OpenSSL. */
struct plugin_tls_identity {
    char *certificate_pem;
    char *handshake_field; /* the DER of the certificate in base64, without padding */
};

/* Initializes OpenSSL, before any other use of it in the process. Any thread may call it. */
int plugin_tls_init(struct error *err);
/* Makes the key and the certificate, once in a process. plugin_tls_credentials() uses the key. */
int plugin_tls_identity_make(struct plugin_tls_identity *out, struct error *err);
void plugin_tls_identity_clear(struct plugin_tls_identity *identity);
#define auto_plugin_tls_identity                                                         \
    CLEANUP(plugin_tls_identity_clear) struct plugin_tls_identity

/* ERR_INVALID: the text has no certificate that can be read. */
int plugin_tls_check_certificate(const char *pem, struct error *err);
/* The server then accepts only a client that proves that it has the key of `client_pem`. */
grpc_server_credentials *
plugin_tls_credentials(const struct plugin_tls_identity *identity,
                       const char *client_pem);

/* ---- workers.c --------------------------------------------------------------------------- */

struct plugin_work {
    struct plugin_work *next;
    void (*run)(struct plugin_work *work);
};

struct plugin_workers;

/* No thread is started before there is work, or before plugin_workers_start(). */
struct plugin_workers *plugin_workers_new(size_t threads_max, size_t queue_max);
/* Starts the first thread, so that there is always one. ERR_INTERNAL: no thread can be started. */
int plugin_workers_start(struct plugin_workers *workers, struct error *err);
/* Waits until all queued work is done, then joins the threads. NULL is fine. */
void plugin_workers_free(struct plugin_workers *workers);
/* Queues work, which is begun in the order in which it was added. ERR_TOO_BIG: queue_max items are
 * waiting; ERR_INTERNAL: there is no thread and none can be started. */
int plugin_workers_add(struct plugin_workers *workers, struct plugin_work *work,
                       struct error *err);

/* ---- core.c, signals_*.c ------------------------------------------------------------------ */

/* Call it before gRPC is used and before threads are started. gRPC's log becomes the provider's.
 * Removes environment variables that make libraries write the transported data to files or logs. */
void plugin_core_init(void);

/* Ignores SIGINT, because Ctrl-C reaches the whole process group, and Terraform uses StopProvider
 * to stop the provider: a provider that ended at once would lose the apply that is running. Ignores
 * SIGHUP too: if the terminal is gone, Terraform may continue (nohup), and if it does not, the
 * provider notices that Terraform has ended. In debug mode both signals end the process, but SIGHUP
 * not if it is ignored already. SIGTERM always does. */
void plugin_signals_init(bool is_debug);
/* How many signals that end the process have arrived, and the last of them. */
int plugin_signals_count(int *number);

/* ---- sending.c --------------------------------------------------------------------------- */

/* The message of a stream that is being sent. There is one at a time. */
struct plugin_sending {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_under_way, has_failed; /* guarded by lock */
};
void plugin_sending_init(struct plugin_sending *sending);
void plugin_sending_clear(struct plugin_sending *sending);
/* Call these before the batch is started, and when it is complete. */
void plugin_sending_begin(struct plugin_sending *sending);
void plugin_sending_end(struct plugin_sending *sending, bool is_ok);
/* Waits until it is complete. ERR_STOPPED: as plugin_sink.send; the message may still be on its
 * way. */
int plugin_sending_wait(struct plugin_sending *sending, struct call *call,
                        struct error *err);

/* ---- message.c --------------------------------------------------------------------------- */

/* The bytes are copied, or if `is_kept` borrowed until the process ends. The caller destroys the
 * message. */
grpc_byte_buffer *plugin_message_make(struct bytes bytes, bool is_kept);
/* Wipes a request first. */
void plugin_message_destroy(grpc_byte_buffer *message);
/* The bytes of the message, which is wiped, destroyed and set to NULL. The caller wipes and releases
 * the slice. -1: the message cannot be read, and stays as it is. */
int plugin_message_take(grpc_byte_buffer **message, grpc_slice *out);

/* ---- server.c, incoming.c ---------------------------------------------------------------- */

/* The function that is called for a completion. */
struct plugin_tag {
    void (*done)(void *owner, bool is_ok);
    void *owner;
};

enum plugin_served_kind {
    PLUGIN_SERVED_SHORT,
    PLUGIN_SERVED_WORKER,
    PLUGIN_SERVED_STREAM, /* also on a worker */
    /* Opened and held until the peer ends it; nothing is sent or read. */
    PLUGIN_SERVED_HELD,
};

struct plugin_served {
    const char *path;
    const char *name; /* the last part of the path */
    enum plugin_served_kind kind;
    plugin_handler_fn *handle; /* for SHORT and WORKER */
    plugin_stream_fn *stream;  /* for STREAM */
    void *state;
    bool keeps_reply;
    bool ends_process; /* when its answer has been sent */
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
    /* Calls that were accepted and not answered yet, without those that are held. */
    atomic_int running;
    /* A signal arrived: the process ends when no calls are running. */
    bool is_leaving;
    bool wants_end; /* a Shutdown was answered */
    bool is_ending; /* the orderly end has begun: no new calls are accepted */
    int exit_status;
};

/* Accepts one call of this method; with NULL, one of any method that is not served. */
void plugin_incoming_arm(struct plugin_server *server, struct plugin_served *served);

/* ---- controller.c, stdio.c --------------------------------------------------------------- */

/* go-plugin's Shutdown and gRPC's health check. */
extern const struct plugin_served plugin_controller_served[];
/* The streams that go-plugin opens at the beginning. */
extern const struct plugin_served plugin_stdio_served[];

#endif
