/* Values and requests as a host sends them, worked out from the schema that the provider
 * itself declares: an argument more there is no edit here.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef WIRE_VALUES_H
#define WIRE_VALUES_H

#include <msgpack.h>

#include "proto/tfplugin6.pb-c.h"

#include "client.h"

#define RESOURCE "azurestack_customer_subscription"
#define REGISTRATION_ID                                                                  \
    "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001/resourceGroups/azurestack"      \
    "/providers/Microsoft.AzureStack/registrations/berlin"
#define CUSTOMER_ID "aaaaaaaa-0000-4000-8000-000000000002"

/* Of one attribute: a string, or anything as msgpack. The list ends with a NULL name. */
struct wire_field {
    const char *name;
    const char *text;
    const msgpack_sbuffer *raw;
};
#define WIRE_FIELDS(...)                                                                 \
    ((const struct wire_field[]){ __VA_ARGS__, { NULL, NULL, NULL } })

/* protobuf_c_message_free_unpacked() is the caller's. */
Tfplugin6__GetProviderSchema__Response *wire_schema(struct wire_channel *channel);
const Tfplugin6__Schema__Block *
wire_resource_block(const Tfplugin6__GetProviderSchema__Response *schema);

/* All attributes, null where no field says otherwise. */
void wire_pack_object(msgpack_sbuffer *out, const Tfplugin6__Schema__Block *block,
                      const struct wire_field *fields);
/* The same object, whatever the order of its attributes; fails the test if not. */
void wire_check_object(const ProtobufCBinaryData *got, const msgpack_sbuffer *want);
/* Packs what identifies this customer subscription of REGISTRATION_ID. */
void wire_pack_identity(msgpack_sbuffer *out, const char *customer_id);
void wire_check_identity(const Tfplugin6__ResourceIdentityData *got,
                         const char *customer_id);
/* As fixext 1 of type 0: unknown. */
extern const msgpack_sbuffer wire_unknown;
Tfplugin6__DynamicValue wire_dynamic(const msgpack_sbuffer *value);

/* The environment `custom` with Entra and Azure at this port of loopback, and credentials.
 * `secret` is the client's. */
void wire_configure(struct wire_channel *channel, int port, const char *secret);
/* A planned create, asked of the provider itself; apply it with the request that this
 * packs. The caller frees the bytes. */
struct wire_apply {
    uint8_t *data;
    size_t length;
};
struct wire_apply wire_plan_create(struct wire_channel *channel);

/* Errors among the diagnostics. */
size_t wire_count_errors(Tfplugin6__Diagnostic **diagnostics, size_t count);

#endif
