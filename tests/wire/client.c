/* A small gRPC client.
 * SPDX-License-Identifier: MPL-2.0 */
#include "client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc_security.h>
#include <grpc/slice.h>
#include <grpc/support/alloc.h>
#include <grpc/support/time.h>

#include <cmocka.h>

struct wire_channel {
    grpc_channel *grpc;
    grpc_completion_queue *queue;
};

struct wire_call {
    struct wire_channel *channel;
    grpc_call *grpc;
    grpc_metadata_array begin, end;
    grpc_byte_buffer *message;
    grpc_status_code status;
    grpc_slice detail;
    int pending;
    bool is_stream, opened, has_read, is_done;
};

struct tag {
    struct wire_call *call;
    bool *claim; /* of the call: becomes true */
};

/* ---- channels ---------------------------------------------------------------------------- */

/* The certificate of the handshake as a PEM text, which is what gRPC takes. */
static char *server_root(const struct wire_provider *provider)
{
    assert_true(provider->field_count >= 6);
    const char *base64 = provider->fields[5];
    size_t length = strlen(base64);
    char *pem = calloc(1, length + length / 64 + 128);
    char *at = stpcpy(pem, "-----BEGIN CERTIFICATE-----\n");
    for (size_t i = 0; i < length; i += 64)
        at += sprintf(at, "%.64s\n", base64 + i);
    /* The host leaves the padding out; PEM has it. */
    if (length % 4 != 0) {
        at--;
        for (size_t i = length % 4; i < 4; i++)
            *at++ = '=';
        *at++ = '\n';
    }
    strcpy(at, "-----END CERTIFICATE-----\n");
    return pem;
}

/* Once, and never ended: grpc_shutdown() waits up to ten seconds for what refused connections
 * left behind, and whoever starts gRPC again meanwhile waits for it. */
static void start_grpc(void)
{
    static bool is_started;
    if (is_started)
        return;
    is_started = true;
    setenv("GRPC_VERBOSITY", "NONE", 0); /* refusals are what half the tests are about */
    grpc_init();
}

static struct wire_channel *connect_with(const struct wire_provider *provider,
                                         grpc_channel_credentials *credentials)
{
    grpc_arg list[] = {
        { .type = GRPC_ARG_STRING,
          .key = GRPC_SSL_TARGET_NAME_OVERRIDE_ARG,
          .value.string = (char *)"localhost" },
        { .type = GRPC_ARG_INTEGER,
          .key = GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH,
          .value.integer = -1 },
        /* Or what is not read is held by the megabyte. */
        { .type = GRPC_ARG_INTEGER, .key = GRPC_ARG_HTTP2_BDP_PROBE, .value.integer = 0 },
        { .type = GRPC_ARG_INTEGER,
          .key = GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES,
          .value.integer = 16 * 1024 },
        /* Or a later channel shares the connection, and the identity, of an earlier one. */
        { .type = GRPC_ARG_INTEGER,
          .key = GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL,
          .value.integer = 1 },
    };
    grpc_channel_args arguments = { sizeof list / sizeof list[0], list };
    char target[512];
    snprintf(target, sizeof target, "unix:%s", wire_socket_path(provider));
    struct wire_channel *channel = calloc(1, sizeof *channel);
    channel->grpc = grpc_channel_create(target, credentials, &arguments);
    grpc_channel_credentials_release(credentials);
    channel->queue = grpc_completion_queue_create_for_next(NULL);
    assert_non_null(channel->grpc);
    return channel;
}

struct wire_channel *wire_connect(const struct wire_provider *provider,
                                  const struct wire_identity *identity)
{
    start_grpc();
    char *root = server_root(provider);
    grpc_ssl_pem_key_cert_pair pair = { NULL, NULL };
    if (identity != NULL)
        pair =
            (grpc_ssl_pem_key_cert_pair){ identity->key_pem, identity->certificate_pem };
    grpc_channel_credentials *credentials =
        grpc_ssl_credentials_create(root, identity != NULL ? &pair : NULL, NULL, NULL);
    free(root);
    assert_non_null(credentials);
    return connect_with(provider, credentials);
}

struct wire_channel *wire_connect_plain(const struct wire_provider *provider)
{
    start_grpc();
    return connect_with(provider, grpc_insecure_credentials_create());
}

static void take_event(grpc_event event)
{
    struct tag *tag = event.tag;
    struct wire_call *call = tag->call;
    *tag->claim = tag->claim != &call->opened || event.success != 0;
    call->pending--;
    free(tag);
}

/* One event, or none within the limit. */
static bool poll_once(struct wire_channel *channel, long long limit_ms)
{
    gpr_timespec until = gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                                      gpr_time_from_millis(limit_ms, GPR_TIMESPAN));
    grpc_event event = grpc_completion_queue_next(channel->queue, until, NULL);
    if (event.type != GRPC_OP_COMPLETE)
        return false;
    take_event(event);
    return true;
}

void wire_channel_free(struct wire_channel *channel)
{
    if (channel == NULL)
        return;
    grpc_channel_destroy(channel->grpc);
    grpc_completion_queue_shutdown(channel->queue);
    while (poll_once(channel, WIRE_LIMIT_MS)) {
    }
    grpc_completion_queue_destroy(channel->queue);
    free(channel);
}

/* ---- calls ------------------------------------------------------------------------------- */

static struct wire_call *new_call(struct wire_channel *channel, const char *path,
                                  long deadline_ms)
{
    char full[256];
    snprintf(full, sizeof full, "%s%s", *path == '/' ? "" : "/tfplugin6.Provider/", path);
    gpr_timespec deadline =
        deadline_ms == WIRE_NO_DEADLINE
            ? gpr_inf_future(GPR_CLOCK_MONOTONIC)
            : gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                           gpr_time_from_millis(deadline_ms, GPR_TIMESPAN));
    struct wire_call *call = calloc(1, sizeof *call);
    call->channel = channel;
    grpc_slice method = grpc_slice_from_copied_string(full);
    call->grpc = grpc_channel_create_call(channel->grpc, NULL, GRPC_PROPAGATE_DEFAULTS,
                                          channel->queue, method, NULL, deadline, NULL);
    grpc_slice_unref(method);
    grpc_metadata_array_init(&call->begin);
    grpc_metadata_array_init(&call->end);
    call->detail = grpc_empty_slice();
    return call;
}

static void start(struct wire_call *call, const grpc_op *ops, size_t count, bool *claim)
{
    struct tag *tag = calloc(1, sizeof *tag);
    *tag = (struct tag){ call, claim };
    call->pending++;
    assert_int_equal(grpc_call_start_batch(call->grpc, ops, count, tag, NULL),
                     GRPC_CALL_OK);
}

static grpc_op status_op(struct wire_call *call)
{
    grpc_op op;
    memset(&op, 0, sizeof op);
    op.op = GRPC_OP_RECV_STATUS_ON_CLIENT;
    op.data.recv_status_on_client.trailing_metadata = &call->end;
    op.data.recv_status_on_client.status = &call->status;
    op.data.recv_status_on_client.status_details = &call->detail;
    return op;
}

static size_t add_request(grpc_op *ops, size_t count, grpc_byte_buffer *message)
{
    ops[count++].op = GRPC_OP_SEND_INITIAL_METADATA;
    if (message != NULL) {
        ops[count].op = GRPC_OP_SEND_MESSAGE;
        ops[count++].data.send_message.send_message = message;
    }
    ops[count++].op = GRPC_OP_SEND_CLOSE_FROM_CLIENT;
    return count;
}

static void start_unary(struct wire_call *call, grpc_byte_buffer *message)
{
    grpc_op ops[6];
    memset(ops, 0, sizeof ops);
    size_t count = add_request(ops, 0, message);
    ops[count].op = GRPC_OP_RECV_INITIAL_METADATA;
    ops[count++].data.recv_initial_metadata.recv_initial_metadata = &call->begin;
    ops[count].op = GRPC_OP_RECV_MESSAGE;
    ops[count++].data.recv_message.recv_message = &call->message;
    ops[count++] = status_op(call);
    start(call, ops, count, &call->is_done);
}

static grpc_byte_buffer *make_message(const void *data, size_t length)
{
    grpc_slice slice =
        length > 0 ? grpc_slice_from_copied_buffer(data, length) : grpc_empty_slice();
    grpc_byte_buffer *message = grpc_raw_byte_buffer_create(&slice, 1);
    grpc_slice_unref(slice);
    return message;
}

struct wire_call *wire_call_begin(struct wire_channel *channel, const char *path,
                                  const void *data, size_t length, long deadline_ms)
{
    struct wire_call *call = new_call(channel, path, deadline_ms);
    grpc_byte_buffer *message = make_message(data, length);
    start_unary(call, message);
    grpc_byte_buffer_destroy(message);
    return call;
}

struct wire_call *wire_call_begin_empty(struct wire_channel *channel, const char *path)
{
    struct wire_call *call = new_call(channel, path, WIRE_LIMIT_MS);
    start_unary(call, NULL);
    return call;
}

static struct wire_call *begin_stream(struct wire_channel *channel, const char *path,
                                      grpc_byte_buffer *message)
{
    struct wire_call *call = new_call(channel, path, WIRE_NO_DEADLINE);
    call->is_stream = true;
    grpc_op ops[4];
    memset(ops, 0, sizeof ops);
    size_t count = add_request(ops, 0, message);
    ops[count].op = GRPC_OP_RECV_INITIAL_METADATA;
    ops[count++].data.recv_initial_metadata.recv_initial_metadata = &call->begin;
    start(call, ops, count, &call->opened);
    grpc_op end = status_op(call);
    start(call, &end, 1, &call->is_done);
    grpc_byte_buffer_destroy(message);
    return call;
}

struct wire_call *wire_stream_begin(struct wire_channel *channel, const char *path)
{
    return begin_stream(channel, path, make_message(NULL, 0));
}

struct wire_call *wire_stream_ask(struct wire_channel *channel, const char *path,
                                  const ProtobufCMessage *request)
{
    size_t length = protobuf_c_message_get_packed_size(request);
    uint8_t *data = malloc(length + 1);
    protobuf_c_message_pack(request, data);
    struct wire_call *call = begin_stream(channel, path, make_message(data, length));
    free(data);
    return call;
}

static bool wait_until(struct wire_call *call, const bool *claim, int limit_ms)
{
    for (long long end = wire_now_ms() + limit_ms; !*claim;) {
        long long left = end - wire_now_ms();
        if (left < 0)
            return false;
        poll_once(call->channel, left);
    }
    return true;
}

bool wire_stream_wait_open(struct wire_call *call, int limit_ms)
{
    return wait_until(call, &call->opened, limit_ms);
}

bool wire_call_is_done(struct wire_call *call)
{
    while (!call->is_done && poll_once(call->channel, 0)) {
    }
    return call->is_done;
}

void wire_call_cancel(struct wire_call *call)
{
    grpc_call_cancel(call->grpc, NULL);
}

bool wire_call_wait(struct wire_call *call, int limit_ms)
{
    return wait_until(call, &call->is_done, limit_ms);
}

static void take_message(struct wire_call *call, struct wire_reply *reply)
{
    if (call->message == NULL)
        return;
    grpc_byte_buffer_reader reader;
    assert_true(grpc_byte_buffer_reader_init(&reader, call->message));
    grpc_slice slice = grpc_byte_buffer_reader_readall(&reader);
    reply->has_message = true;
    reply->length = GRPC_SLICE_LENGTH(slice);
    reply->data = malloc(reply->length + 1);
    memcpy(reply->data, GRPC_SLICE_START_PTR(slice), reply->length);
    grpc_slice_unref(slice);
    grpc_byte_buffer_reader_destroy(&reader);
    grpc_byte_buffer_destroy(call->message);
    call->message = NULL;
}

bool wire_stream_read(struct wire_call *call, struct wire_reply *message)
{
    grpc_op op;
    memset(&op, 0, sizeof op);
    memset(message, 0, sizeof *message);
    op.op = GRPC_OP_RECV_MESSAGE;
    op.data.recv_message.recv_message = &call->message;
    call->has_read = false;
    start(call, &op, 1, &call->has_read);
    if (!wait_until(call, &call->has_read, WIRE_LIMIT_MS))
        fail_msg("no message within %d ms", WIRE_LIMIT_MS);
    take_message(call, message);
    return message->has_message;
}

void wire_call_end(struct wire_call *call, struct wire_reply *reply)
{
    memset(reply, 0, sizeof *reply);
    if (!wire_call_wait(call, WIRE_LIMIT_MS))
        fail_msg("no answer within %d ms", WIRE_LIMIT_MS);
    while (call->pending > 0)
        poll_once(call->channel, WIRE_LIMIT_MS);
    reply->status = call->status;
    char *detail = grpc_slice_to_c_string(call->detail);
    reply->detail = strdup(detail);
    gpr_free(detail);
    take_message(call, reply);
    grpc_slice_unref(call->detail);
    grpc_metadata_array_destroy(&call->begin);
    grpc_metadata_array_destroy(&call->end);
    grpc_call_unref(call->grpc);
    free(call);
}

void wire_reply_clear(struct wire_reply *reply)
{
    free(reply->detail);
    free(reply->data);
    memset(reply, 0, sizeof *reply);
}

void wire_ask(struct wire_channel *channel, const char *path, const void *data,
              size_t length, struct wire_reply *reply)
{
    wire_call_end(wire_call_begin(channel, path, data, length, WIRE_LIMIT_MS), reply);
}

void *wire_ask_message(struct wire_channel *channel, const char *path,
                       const ProtobufCMessage *request,
                       const ProtobufCMessageDescriptor *answer)
{
    size_t length = protobuf_c_message_get_packed_size(request);
    uint8_t *data = malloc(length + 1);
    protobuf_c_message_pack(request, data);
    struct wire_reply reply;
    wire_ask(channel, path, data, length, &reply);
    free(data);
    if (reply.status != GRPC_STATUS_OK)
        fail_msg("%s: status %d, %s", path, (int)reply.status, reply.detail);
    ProtobufCMessage *message =
        protobuf_c_message_unpack(answer, NULL, reply.length, reply.data);
    assert_non_null(message);
    wire_reply_clear(&reply);
    return message;
}

/* ---- what most tests do ------------------------------------------------------------------- */

void wire_check_served(const struct wire_provider *provider,
                       const struct wire_identity *identity)
{
    struct wire_channel *channel = identity != NULL ? wire_connect(provider, identity)
                                                    : wire_connect_plain(provider);
    struct wire_reply reply;
    wire_ask(channel, "GetProviderSchema", NULL, 0, &reply);
    if (reply.status != GRPC_STATUS_OK)
        fail_msg("the rightful peer is refused: %d, %s", (int)reply.status, reply.detail);
    wire_reply_clear(&reply);
    wire_channel_free(channel);
}

void wire_shut_down(struct wire_provider *provider, const struct wire_identity *identity)
{
    struct wire_channel *channel = identity != NULL ? wire_connect(provider, identity)
                                                    : wire_connect_plain(provider);
    struct wire_reply reply;
    /* A host says it on a connection that is in use. On a new one gRPC's client still has its
     * acknowledgement of the settings to write; if the process is gone by then, the client
     * drops the answer unread. */
    wire_ask(channel, "/grpc.health.v1.Health/Check", NULL, 0, &reply);
    wire_reply_clear(&reply);
    wire_ask(channel, "/plugin.GRPCController/Shutdown", NULL, 0, &reply);
    if (reply.status != GRPC_STATUS_OK)
        fail_msg("Shutdown: status %d, %s", (int)reply.status, reply.detail);
    wire_reply_clear(&reply);
    wire_channel_free(channel);
    assert_true(wire_wait_for_exit(provider, WIRE_LIMIT_MS));
    if (!WIFEXITED(provider->status) || WEXITSTATUS(provider->status) != 0) {
        char *errors = wire_read_errors(provider);
        fail_msg("ended with wait status %d:\n%s", provider->status, errors);
    }
}
