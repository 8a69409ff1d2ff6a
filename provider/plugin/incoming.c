/* One call of a peer, from the time when it is awaited to its last completion. server.c has the
 * loop that calls this, and the handlers the meaning.
 * SPDX-License-Identifier: MPL-2.0 */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <grpc/byte_buffer.h>
#include <grpc/slice.h>
#include <grpc/support/alloc.h>
#include <grpc/support/time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/process.h"
#include "base/secret.h"
#include "base/text.h"
#include "plugin/internal.h"

struct incoming {
    struct plugin_work work;
    struct plugin_server *server;
    struct plugin_served *served; /* NULL: the method is not served */
    /* One for each batch that is running, and one for the thread that works on the call. */
    atomic_int references;
    struct plugin_tag accepted, closed, opened, sent, answered;

    /* gRPC writes to these while it waits for the call, and when the call ends. */
    grpc_call *grpc;
    gpr_timespec deadline;
    grpc_metadata_array metadata;
    grpc_call_details details;
    grpc_byte_buffer *payload;
    int was_cancelled;

    struct call call;
    char request_id[TEXT_GUID_BYTES];
    int64_t began_ms;
    bool is_running; /* is counted in server->running */

    /* For a stream. */
    struct plugin_sink sink;
    struct plugin_sending sending;
    bool has_begun; /* a message, and with it the initial metadata, was sent */
};

static void reference(struct incoming *incoming)
{
    atomic_fetch_add(&incoming->references, 1);
}

static void release(struct incoming *incoming)
{
    if (atomic_fetch_sub(&incoming->references, 1) != 1)
        return;
    if (incoming->payload != NULL)
        plugin_message_destroy(incoming->payload); /* was not read */
    grpc_metadata_array_destroy(&incoming->metadata);
    grpc_call_details_destroy(&incoming->details);
    call_clear(&incoming->call);
    plugin_sending_clear(&incoming->sending);
    if (incoming->grpc != NULL)
        grpc_call_unref(incoming->grpc);
    if (incoming->is_running)
        atomic_fetch_sub(&incoming->server->running, 1);
    free(incoming);
}

/* Takes the reference before, because the batch may complete on the polling thread before this
 * function returns. -1: it was not started, and the call is over. */
static int start_batch(struct incoming *incoming, const grpc_op *ops, size_t count,
                       struct plugin_tag *tag)
{
    reference(incoming);
    grpc_call_error error = grpc_call_start_batch(incoming->grpc, ops, count, tag, NULL);
    if (error == GRPC_CALL_OK)
        return 0;
    log_write(&incoming->call, LOG_ERROR, NULL, "gRPC rejected a batch: error %d",
              (int)error);
    grpc_call_cancel(incoming->grpc, NULL);
    release(incoming);
    return -1;
}

/* ---- answering --------------------------------------------------------------------------- */

static void on_answered(void *owner, bool is_ok)
{
    struct incoming *incoming = owner;
    if (!is_ok)
        log_write(&incoming->call, LOG_DEBUG, NULL,
                  "Terraform did not receive the response");
    if (incoming->served != NULL && incoming->served->ends_process)
        incoming->server->wants_end = true;
    release(incoming);
}

/* `reply` NULL: only the status, without a message. */
static void answer(struct incoming *incoming, grpc_status_code status, const char *detail,
                   const struct bytes *reply)
{
    grpc_op ops[3];
    memset(ops, 0, sizeof ops);
    size_t count = 0;
    if (!incoming->has_begun)
        ops[count++].op = GRPC_OP_SEND_INITIAL_METADATA;
    grpc_byte_buffer *message =
        reply != NULL ? plugin_message_make(*reply, incoming->served->keeps_reply) : NULL;
    if (message != NULL) {
        ops[count].op = GRPC_OP_SEND_MESSAGE;
        ops[count++].data.send_message.send_message = message;
    }
    grpc_slice text = grpc_slice_from_copied_string(detail);
    ops[count].op = GRPC_OP_SEND_STATUS_FROM_SERVER;
    ops[count].data.send_status_from_server.status = status;
    ops[count++].data.send_status_from_server.status_details = &text;
    start_batch(incoming, ops, count, &incoming->answered);
    grpc_slice_unref(text);
    if (message != NULL)
        grpc_byte_buffer_destroy(message);
}

static grpc_status_code status_of(enum error_kind kind)
{
    switch (kind) {
    case ERR_SHAPE:
        return GRPC_STATUS_INVALID_ARGUMENT;
    case ERR_TOO_BIG:
        return GRPC_STATUS_RESOURCE_EXHAUSTED;
    case ERR_STOPPED:
        return GRPC_STATUS_CANCELLED;
    case ERR_TIMEOUT:
        return GRPC_STATUS_DEADLINE_EXCEEDED;
    case ERR_NAME:
        return GRPC_STATUS_NOT_FOUND;
    default:
        return GRPC_STATUS_INTERNAL;
    }
}

static void answer_error(struct incoming *incoming, const struct error *err)
{
    log_write(&incoming->call, LOG_DEBUG, LOG_FIELDS({ "error", err->text }),
              "the call violated the protocol");
    answer(incoming, status_of(err->kind), err->text, NULL);
}

/* ---- a stream's messages --------------------------------------------------------------- */

static void on_sent(void *owner, bool is_ok)
{
    struct incoming *incoming = owner;
    plugin_sending_end(&incoming->sending, is_ok);
    release(incoming);
}

/* A plugin_sink.send. */
static int send_one(struct plugin_sink *sink, struct call *call, struct bytes bytes,
                    struct error *err)
{
    struct incoming *incoming =
        (struct incoming *)((char *)sink - offsetof(struct incoming, sink));
    if (atomic_load(&call->is_cancelled))
        return error_set(err, ERR_STOPPED, "Terraform has exited");
    grpc_op ops[2];
    memset(ops, 0, sizeof ops);
    size_t count = 0;
    if (!incoming->has_begun)
        ops[count++].op = GRPC_OP_SEND_INITIAL_METADATA;
    incoming->has_begun = true;
    grpc_byte_buffer *message = plugin_message_make(bytes, false);
    ops[count].op = GRPC_OP_SEND_MESSAGE;
    ops[count++].data.send_message.send_message = message;
    plugin_sending_begin(&incoming->sending);
    if (start_batch(incoming, ops, count, &incoming->sent) < 0)
        plugin_sending_end(&incoming->sending, false);
    grpc_byte_buffer_destroy(message);
    if (plugin_sending_wait(&incoming->sending, call, err) == 0)
        return 0;
    /* The end of the call does not wait for a message that is being sent. */
    grpc_call_cancel(incoming->grpc, NULL);
    return -1;
}

/* ---- running ----------------------------------------------------------------------------- */

static void log_served(struct incoming *incoming)
{
    if (!log_is_on(LOG_TRACE))
        return;
    char duration[32];
    snprintf(duration, sizeof duration, "%" PRId64,
             clock_monotonic_ms() - incoming->began_ms);
    log_write(&incoming->call, LOG_TRACE, LOG_FIELDS({ "tf_req_duration_ms", duration }),
              "served");
}

/* The bytes of the request, as plugin_message_take(). -1 with `err`: it is not served. */
static int take_request(struct incoming *incoming, grpc_slice *out, struct error *err)
{
    /* The peer closed its side without a message, which Terraform never does. */
    if (incoming->payload == NULL)
        return error_set(err, ERR_SHAPE, "the request has no message");
    if (incoming->payload->data.raw.compression != GRPC_COMPRESS_NONE)
        return error_set(err, ERR_SHAPE, "the request is compressed");
    /* The peer no longer waits for the answer, and nothing has begun. */
    if (atomic_load(&incoming->call.is_cancelled))
        return error_set(err, ERR_STOPPED, "cancelled before it began");
    return plugin_message_take(&incoming->payload, out) < 0
               ? error_set(err, ERR_SHAPE, "cannot read the request")
               : 0;
}

static void run(struct incoming *incoming)
{
    struct error err = NO_ERROR;
    grpc_slice slice;
    if (take_request(incoming, &slice, &err) < 0) {
        answer_error(incoming, &err);
        return;
    }

    const struct plugin_served *served = incoming->served;
    struct bytes request = BYTES(GRPC_SLICE_START_PTR(slice), GRPC_SLICE_LENGTH(slice));
    struct bytes reply = NO_BYTES;
    process_set_task(served->name);
    bool is_stream = served->kind == PLUGIN_SERVED_STREAM;
    int result =
        is_stream ? served->stream(&incoming->call, served->state, request,
                                   &incoming->sink, &err)
                  : served->handle(&incoming->call, served->state, request, &reply, &err);
    process_set_task(NULL);
    incoming->call.resource_type = NULL; /* may be in memory that is freed next */
    if (result < 0)
        answer_error(incoming, &err);
    else
        answer(incoming, GRPC_STATUS_OK, "", is_stream ? NULL : &reply);
    secret_wipe(GRPC_SLICE_START_PTR(slice), GRPC_SLICE_LENGTH(slice));
    grpc_slice_unref(slice);
    log_served(incoming);
}

static void run_on_worker(struct plugin_work *work)
{
    struct incoming *incoming =
        (struct incoming *)((char *)work - offsetof(struct incoming, work));
    run(incoming);
    release(incoming);
}

/* ---- accepting --------------------------------------------------------------------------- */

static void on_closed(void *owner, bool is_ok)
{
    (void)is_ok;
    struct incoming *incoming = owner;
    if (incoming->was_cancelled != 0) {
        atomic_store(&incoming->call.is_cancelled, true);
        stop_wake(incoming->server->options->stop);
    }
    release(incoming);
}

static void on_opened(void *owner, bool is_ok)
{
    (void)is_ok;
    release(owner);
}

static int64_t deadline_to_ms(gpr_timespec deadline)
{
    if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0)
        return CLOCK_NEVER;
    gpr_timespec left = gpr_time_sub(deadline, gpr_now(deadline.clock_type));
    if (left.tv_sec > 365 * 24 * 60 * 60)
        return CLOCK_NEVER;
    return clock_monotonic_ms() + left.tv_sec * 1000 + left.tv_nsec / 1000000;
}

/* In its own batch, because it completes early if the peer leaves. It also always succeeds, so in a
 * batch with other operations it would hide their failure. */
static void watch_for_close(struct incoming *incoming)
{
    grpc_op op = { .op = GRPC_OP_RECV_CLOSE_ON_SERVER };
    op.data.recv_close_on_server.cancelled = &incoming->was_cancelled;
    start_batch(incoming, &op, 1, &incoming->closed);
}

static void begin(struct incoming *incoming)
{
    struct error err = NO_ERROR;
    if (incoming->served->kind != PLUGIN_SERVED_HELD) {
        incoming->is_running = true;
        atomic_fetch_add(&incoming->server->running, 1);
    }
    switch (incoming->served->kind) {
    case PLUGIN_SERVED_SHORT:
        run(incoming);
        break;
    case PLUGIN_SERVED_WORKER:
    case PLUGIN_SERVED_STREAM:
        incoming->work.run = run_on_worker;
        reference(incoming);
        if (plugin_workers_add(incoming->server->workers, &incoming->work, &err) < 0) {
            answer_error(incoming, &err);
            release(incoming);
        }
        break;
    case PLUGIN_SERVED_HELD: {
        grpc_op op = { .op = GRPC_OP_SEND_INITIAL_METADATA };
        start_batch(incoming, &op, 1, &incoming->opened);
        break;
    }
    }
}

static void on_accepted(void *owner, bool is_ok)
{
    struct incoming *incoming = owner;
    if (!is_ok) { /* the server ends: there is no call */
        release(incoming);
        return;
    }
    /* Before anything else: until then, other calls of this method wait. */
    if (!incoming->server->is_ending)
        plugin_incoming_arm(incoming->server, incoming->served);
    text_new_guid(incoming->request_id);
    incoming->call.request_id = incoming->request_id;
    incoming->began_ms = clock_monotonic_ms();
    watch_for_close(incoming);
    if (incoming->served == NULL) {
        char *path = grpc_slice_to_c_string(incoming->details.method);
        log_write(&incoming->call, LOG_DEBUG, LOG_FIELDS({ "method", path }),
                  "an unsupported method");
        gpr_free(path);
        answer(incoming, GRPC_STATUS_UNIMPLEMENTED,
               "this provider does not support the method", NULL);
    } else {
        incoming->call.rpc = incoming->served->name;
        incoming->call.deadline_ms = deadline_to_ms(incoming->deadline);
        begin(incoming);
    }
    release(incoming);
}

void plugin_incoming_arm(struct plugin_server *server, struct plugin_served *served)
{
    struct incoming *incoming = memory_new(sizeof *incoming);
    incoming->server = server;
    incoming->served = served;
    atomic_init(&incoming->references, 1);
    incoming->accepted = (struct plugin_tag){ on_accepted, incoming };
    incoming->closed = (struct plugin_tag){ on_closed, incoming };
    incoming->opened = (struct plugin_tag){ on_opened, incoming };
    incoming->sent = (struct plugin_tag){ on_sent, incoming };
    incoming->answered = (struct plugin_tag){ on_answered, incoming };
    incoming->sink.send = send_one;
    plugin_sending_init(&incoming->sending);
    grpc_metadata_array_init(&incoming->metadata);
    grpc_call_details_init(&incoming->details);
    call_init(&incoming->call, server->options->stop);
    grpc_call_error error =
        served != NULL
            ? grpc_server_request_registered_call(
                  server->grpc, served->registered, &incoming->grpc, &incoming->deadline,
                  &incoming->metadata,
                  served->kind == PLUGIN_SERVED_HELD ? NULL : &incoming->payload,
                  server->queue, server->queue, &incoming->accepted)
            : grpc_server_request_call(server->grpc, &incoming->grpc, &incoming->details,
                                       &incoming->metadata, server->queue, server->queue,
                                       &incoming->accepted);
    if (error == GRPC_CALL_OK)
        return;
    log_write(NULL, LOG_ERROR, NULL, "gRPC cannot wait for %s: error %d",
              served != NULL ? served->path : "other methods", (int)error);
    release(incoming);
}
