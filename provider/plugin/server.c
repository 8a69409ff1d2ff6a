/* The life of the process: start, the loop over the completion queue, end. incoming.c has what
 * happens to a call.
 * SPDX-License-Identifier: MPL-2.0 */
#include "plugin/server.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <grpc/grpc_security.h>
#include <grpc/support/time.h>

#include "base/child.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/text.h"
#include "base/thread.h"
#include "plugin/internal.h"

enum {
    WATCH_INTERVAL_MS = 250,  /* how late the end of Terraform or a signal is noticed */
    CALLS_WAITING_MAX = 4096, /* in addition to those that run */
    /* Two for gRPC's executor and resolver, one for the transport, and a spare one. */
    THREADS_LATER = 4,
    EXIT_BY_SIGNAL = 128,
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

/* ---- start --------------------------------------------------------------------------------- */

/* Runs OpenSSL and the key on one thread and C core on the other, because each takes some
 * milliseconds. */
struct key_making {
    pthread_t thread;
    bool has_thread;
    struct plugin_tls_identity identity;
    struct error err;
    int result;
};

static void *make_key(void *argument)
{
    struct key_making *making = argument;
    making->result = plugin_tls_init(&making->err);
    if (making->result == 0)
        making->result = plugin_tls_identity_make(&making->identity, &making->err);
    return NULL;
}

static void begin_key(struct key_making *making)
{
    making->has_thread = thread_start(&making->thread, make_key, making) == 0;
    if (!making->has_thread)
        make_key(making);
}

static int end_key(struct key_making *making, struct error *err)
{
    if (making->has_thread)
        pthread_join(making->thread, NULL);
    making->has_thread = false;
    if (making->result < 0)
        *err = making->err;
    return making->result;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static void serve_list(struct plugin_server *server, const struct plugin_served *list)
{
    for (; list->path != NULL; list++)
        server->served[server->served_count++] = *list;
}

static void make_list(struct plugin_server *server)
{
    static const enum plugin_served_kind kinds[] = {
        [PLUGIN_SHORT] = PLUGIN_SERVED_SHORT,
        [PLUGIN_WORKER] = PLUGIN_SERVED_WORKER,
        [PLUGIN_STREAM] = PLUGIN_SERVED_STREAM,
    };
    const struct plugin_method *methods = server->options->methods;
    size_t count = 0;
    while (methods[count].path != NULL)
        count++;
    enum { OWN_MAX = 8 };
    server->served = memory_new((count + OWN_MAX) * sizeof *server->served);
    serve_list(server, plugin_controller_served);
    serve_list(server, plugin_stdio_served);
    for (; methods->path != NULL; methods++)
        server->served[server->served_count++] = (struct plugin_served){
            .path = methods->path,
            .kind = kinds[methods->kind],
            .handle = methods->handle,
            .stream = methods->stream,
            .state = server->options->state,
            .keeps_reply = methods->keeps_reply,
        };
    for (size_t i = 0; i < server->served_count; i++)
        server->served[i].name = last_part(server->served[i].path);
}

static int register_methods(struct plugin_server *server, struct error *err)
{
    for (size_t i = 0; i < server->served_count; i++) {
        struct plugin_served *served = &server->served[i];
        served->registered =
            grpc_server_register_method(server->grpc, served->path, NULL,
                                        served->kind == PLUGIN_SERVED_HELD
                                            ? GRPC_SRM_PAYLOAD_NONE
                                            : GRPC_SRM_PAYLOAD_READ_INITIAL_BYTE_BUFFER,
                                        0);
        if (served->registered == NULL)
            return error_set(err, ERR_INTERNAL, "gRPC rejected the method %s",
                             served->path);
    }
    return 0;
}

static void create_server(struct plugin_server *server)
{
    grpc_arg list[] = {
        { .type = GRPC_ARG_INTEGER,
          .key = GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH,
          .value.integer = PLUGIN_REQUEST_BYTES_MAX },
        { .type = GRPC_ARG_INTEGER,
          .key = GRPC_ARG_MAX_SEND_MESSAGE_LENGTH,
          .value.integer = -1 },
        /* gRPC applies the limit only after it decompressed the message. No host compresses. */
        { .type = GRPC_ARG_INTEGER,
          .key = GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION,
          .value.integer = 0 },
    };
    grpc_channel_args arguments = { sizeof list / sizeof list[0], list };
    server->grpc = grpc_server_create(&arguments, NULL);
    server->queue = grpc_completion_queue_create_for_next(NULL);
    grpc_server_register_completion_queue(server->grpc, server->queue, NULL);
}

/* From now on peers can connect; they are served when the loop runs. `client_pem` NULL: without
 * TLS. */
static int listen_on(struct plugin_server *server,
                     const struct plugin_tls_identity *identity, const char *client_pem,
                     struct error *err)
{
    grpc_server_credentials *credentials =
        client_pem != NULL ? plugin_tls_credentials(identity, client_pem)
                           : grpc_insecure_server_credentials_create();
    if (credentials == NULL)
        return error_set(err, ERR_INTERNAL, "gRPC rejected the certificates");
    int result = plugin_place_listen(&server->place, server->grpc, credentials, err);
    grpc_server_credentials_release(credentials);
    /* gRPC gives no reason. The certificate is checked only now, because a check before would read
     * it twice at every start. */
    if (result < 0 && client_pem != NULL)
        plugin_tls_check_certificate(client_pem, err);
    if (result < 0)
        return -1;
    grpc_server_start(server->grpc);
    return plugin_place_restrict(&server->place, err);
}

/* Terraform's certificate; NULL: it does not request TLS. */
static const char *client_certificate(const struct plugin_server *server)
{
    const char *pem = server->options->is_debug ? NULL : getenv("PLUGIN_CLIENT_CERT");
    return pem != NULL && *pem != '\0' ? pem : NULL;
}

static int announce(const struct plugin_server *server, const char *certificate,
                    struct error *err)
{
    auto_char line =
        server->options->is_debug
            ? plugin_handshake_reattach_line(server->options->provider_address,
                                             &server->place, process_id())
            : plugin_handshake_line(&server->place, certificate,
                                    getenv("PLUGIN_MULTIPLEX_GRPC") != NULL);
    if (server->options->is_debug)
        fputs("Serving until Ctrl-C. Set this variable where you run terraform, "
              "and unset it afterwards:\n",
              stderr);
    if (plugin_handshake_write(STDOUT_FILENO, line, err) < 0)
        return -1;
    if (!server->options->is_debug)
        process_leave_stdout();
    return 0;
}

/* Later, a missing thread makes a call fail or ends the process. So one worker has to run, and
 * threads that others start later must be possible. */
static int start_threads(struct plugin_server *server, struct error *err)
{
    if (plugin_workers_start(server->workers, err) < 0)
        return -1;
    int failure = thread_probe(THREADS_LATER);
    return failure == 0
               ? 0
               : error_set(err, ERR_INTERNAL, "cannot start %d more threads: %s. %s",
                           THREADS_LATER, strerrordesc_np(failure), thread_advice);
}

static int start_with_key(struct plugin_server *server, struct key_making *making,
                          struct error *err)
{
    const char *client_pem = client_certificate(server);
    if (process_check_files(err) < 0 || plugin_place_find(&server->place, err) < 0)
        return -1;
    grpc_init();
    create_server(server);
    make_list(server);
    if (register_methods(server, err) < 0 || end_key(making, err) < 0 ||
        listen_on(server, &making->identity, client_pem, err) < 0)
        return -1;
    server->workers = plugin_workers_new(PLUGIN_WORKERS_MAX, CALLS_WAITING_MAX);
    if (start_threads(server, err) < 0)
        return -1;
    for (size_t i = 0; i < server->served_count; i++)
        plugin_incoming_arm(server, &server->served[i]);
    plugin_incoming_arm(server, NULL);
    return announce(server, client_pem != NULL ? making->identity.handshake_field : "",
                    err);
}

static int start(struct plugin_server *server, struct error *err)
{
    struct key_making making = { .has_thread = false };
    /* Threads that are started from now on leave signals to this thread. */
    thread_block_signals();
    thread_set_starting(!server->options->is_debug);
    if (client_certificate(server) != NULL)
        begin_key(&making);
    int result = start_with_key(server, &making, err);
    if (making.has_thread)
        pthread_join(making.thread, NULL);
    thread_set_starting(false);
    plugin_tls_identity_clear(&making.identity);
    thread_unblock_signals();
    return result;
}

/* ---- end ----------------------------------------------------------------------------------- */

static bool ends_orderly(const struct plugin_server *server)
{
    return IS_SANITIZED || server->options->is_debug ||
           getenv("AZURESTACK_ORDERLY_EXIT") != NULL;
}

/* All calls have ended, so the workers have no more work. */
static void on_shut(void *owner, bool is_ok)
{
    (void)is_ok;
    struct plugin_server *server = owner;
    plugin_workers_free(take(server->workers));
    grpc_completion_queue_shutdown(server->queue);
}

static void end(struct plugin_server *server, int exit_status)
{
    stop_abort(server->options->stop);
    if (!ends_orderly(server)) {
        plugin_place_remove(&server->place);
        child_end_all();
        _exit(exit_status);
    }
    server->is_ending = true;
    server->exit_status = exit_status;
    server->shut = (struct plugin_tag){ on_shut, server };
    grpc_server_shutdown_and_notify(server->grpc, server->queue, &server->shut);
    /* Otherwise the server would wait forever for the streams that are held open. */
    grpc_server_cancel_all_calls(server->grpc);
}

/* The first signal ends the process when the running calls have ended. A stop of a whole group of
 * processes (a service manager, a CI system) also reaches Terraform, which then saves the answers
 * of these calls. So they are stopped as by StopProvider, and answered; shielded calls have their
 * grace period. A second signal ends the process at once. */
static void on_signals(struct plugin_server *server, int count, int number)
{
    if (!server->is_leaving) {
        log_write(NULL, LOG_DEBUG, NULL, "signal %d: exiting when %d calls have finished",
                  number, atomic_load(&server->running));
        server->is_leaving = true;
        stop_request(server->options->stop);
    }
    if (count > 1 || atomic_load(&server->running) == 0)
        end(server, server->options->is_debug ? 0 : EXIT_BY_SIGNAL + number);
}

static void watch_host(struct plugin_server *server)
{
    int number, count = plugin_signals_count(&number);
    if (server->wants_end) {
        end(server, 0);
    } else if (!server->options->is_debug && process_parent_is_gone()) {
        log_write(NULL, LOG_DEBUG, NULL, "Terraform has exited");
        end(server, 1);
    } else if (count > 0) {
        on_signals(server, count, number);
    }
}

static void poll_queue(struct plugin_server *server)
{
    for (;;) {
        gpr_timespec until =
            gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                         gpr_time_from_millis(WATCH_INTERVAL_MS, GPR_TIMESPAN));
        grpc_event event = grpc_completion_queue_next(server->queue, until, NULL);
        if (event.type == GRPC_QUEUE_SHUTDOWN)
            return;
        if (event.type == GRPC_OP_COMPLETE) {
            struct plugin_tag *tag = event.tag;
            tag->done(tag->owner, event.success != 0);
        }
        if (!server->is_ending)
            watch_host(server);
    }
}

static void clear(struct plugin_server *server)
{
    plugin_place_remove(&server->place);
    if (server->queue == NULL) /* gRPC was not started */
        return;
    if (!server->is_ending) {
        end(server, 1);
        poll_queue(server);
    }
    grpc_completion_queue_destroy(server->queue);
    grpc_server_destroy(server->grpc);
    grpc_shutdown();
    free(server->served);
}

int plugin_serve(const struct plugin_options *options)
{
    if (!options->is_debug && !plugin_handshake_check_cookie())
        return 1;
    struct plugin_server server = { .options = options };
    process_remember_parent();
    plugin_signals_init(options->is_debug);
    process_keep_streams();
    plugin_core_init();
    struct error err = NO_ERROR;
    if (start(&server, &err) < 0) {
        fprintf(stderr, "terraform-provider-azurestack cannot start: %s\n", err.text);
        if (!options->is_debug)
            plugin_handshake_report_failure(&err);
        plugin_place_remove(&server.place);
        if (!ends_orderly(&server))
            _exit(1);
        server.exit_status = 1;
    } else {
        poll_queue(&server);
    }
    clear(&server);
    return server.exit_status;
}
