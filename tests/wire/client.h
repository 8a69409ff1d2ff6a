/* A small gRPC client: one thread, one channel, mutual TLS as a host does it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef WIRE_CLIENT_H
#define WIRE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <grpc/grpc.h>
#include <protobuf-c/protobuf-c.h>

#include "process.h"

enum { WIRE_NO_DEADLINE = -1 };

struct wire_channel;

/* As who: with its key; NULL without any certificate. The server has to be the one of the
 * handshake. */
struct wire_channel *wire_connect(const struct wire_provider *provider,
                                  const struct wire_identity *identity);
/* Without TLS. */
struct wire_channel *wire_connect_plain(const struct wire_provider *provider);
void wire_channel_free(struct wire_channel *channel);

struct wire_call;

struct wire_reply {
    grpc_status_code status;
    char *detail;
    bool has_message;
    uint8_t *data;
    size_t length;
};
void wire_reply_clear(struct wire_reply *reply);

/* One unary call: begun, waited for. `data` NULL with `length` 0 is an empty message. */
struct wire_call *wire_call_begin(struct wire_channel *channel, const char *path,
                                  const void *data, size_t length, long deadline_ms);
/* Half-closed without any message. */
struct wire_call *wire_call_begin_empty(struct wire_channel *channel, const char *path);
/* A stream: opened, one empty message sent, and then open. */
struct wire_call *wire_stream_begin(struct wire_channel *channel, const char *path);
/* The same with this request, and its answers are read one by one. */
struct wire_call *wire_stream_ask(struct wire_channel *channel, const char *path,
                                  const ProtobufCMessage *request);
/* The next answer; wire_reply_clear() is the caller's. False: that was all, or it was
 * cancelled; wire_call_end() says which. Fails the test at the limit. */
bool wire_stream_read(struct wire_call *call, struct wire_reply *message);
bool wire_stream_wait_open(struct wire_call *call, int limit_ms);
bool wire_call_is_done(struct wire_call *call);
void wire_call_cancel(struct wire_call *call);
/* False when the limit is over. */
bool wire_call_wait(struct wire_call *call, int limit_ms);
/* Waits, hands over the reply, frees the call. Fails the test at the limit. */
void wire_call_end(struct wire_call *call, struct wire_reply *reply);

/* All in one; "/tfplugin6.Provider/" is put before a path that does not begin with '/'. */
void wire_ask(struct wire_channel *channel, const char *path, const void *data,
              size_t length, struct wire_reply *reply);
/* Packs, asks, wants OK, unpacks; protobuf_c_message_free_unpacked() is the caller's. */
void *wire_ask_message(struct wire_channel *channel, const char *path,
                       const ProtobufCMessage *request,
                       const ProtobufCMessageDescriptor *answer);
/* The rightful peer asks for the schema and gets it. */
void wire_check_served(const struct wire_provider *provider,
                       const struct wire_identity *identity);
/* Shutdown, and the end with status 0, which in a sanitizer build means: no leak either. */
void wire_shut_down(struct wire_provider *provider, const struct wire_identity *identity);

#endif
