/* What the .c files of this folder share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef RPC_INTERNAL_H
#define RPC_INTERNAL_H

#include <pthread.h>

#include "base/buf.h"
#include "base/text.h"
#include "proto/tfplugin6.pb-c.h"
#include "rpc/rpc.h"

struct rpc_data_source {
    const char *type_name;
    struct data_source source;
    engine_data_fn *read;
};

struct rpc_data_sources {
    const char *noun; /* in messages: "data source" */
    struct rpc_data_source *items;
    size_t count;
};

struct rpc {
    struct rpc_options options;
    struct arena *arena; /* lives as long as the struct */
    const struct type *provider_type;
    struct resource *resources;
    /* Of the resources, in their order: "azurestack_customer_subscription". */
    const char **type_names;
    size_t resource_count;
    struct rpc_data_sources data_sources, ephemeral;
    /* The answer to GetProviderSchema, made by the first request. Only the polling thread uses
     * it. */
    struct buf schema;
    pthread_mutex_t lock;
    struct session *session; /* guarded by lock; NULL before Configure */
};

/* ---- convert.c ------------------------------------------------------------------------ */

/* Unpacks a message into the call's arena. NULL with ERR_SHAPE: the bytes are not such a
 * message. */
void *rpc_unpack(struct call *call, const ProtobufCMessageDescriptor *descriptor,
                 struct bytes bytes, struct error *err);
struct bytes rpc_pack(struct arena *arena, const ProtobufCMessage *message);

/* A DynamicValue that is absent or empty is null. `what` is its name in errors. Errors: those of
 * value_decode_msgpack() and value_decode_json() */
int rpc_decode(struct call *call, const Tfplugin6__DynamicValue *dynamic,
               const struct type *type, const char *what, const struct value **out,
               struct error *err);
Tfplugin6__DynamicValue *rpc_encode(struct arena *arena, const struct value *value);

Tfplugin6__AttributePath *rpc_put_path(struct arena *arena, const struct path *path);
/* Sets the two fields that every response with diagnostics has. */
void rpc_put_diags(struct diags *diags, size_t *count, Tfplugin6__Diagnostic ***out);
/* protobuf-c's fields are pointers to non-const, but packing does not change the text. */
char *rpc_put_text(const char *constant);
ProtobufCBinaryData rpc_put_bytes(struct bytes bytes);
struct bytes rpc_get_bytes(ProtobufCBinaryData data);

/* A response that defers the answer until the provider block is known, for a Terraform that
 * supports it. NULL: there is a session, or Terraform does not support it and gets an error. */
Tfplugin6__Deferred *rpc_put_deferred(struct arena *arena, const struct session *session,
                                      const Tfplugin6__ClientCapabilities *capabilities);

/* ---- data_source.c -------------------------------------------------------------------- */

/* NULL, with a diagnostic: the provider has no such type. */
const struct rpc_data_source *rpc_find_data_source(const struct rpc_data_sources *all,
                                                   const char *type_name,
                                                   struct diags *diags);

/* A request about a data source or an ephemeral resource, and its response. */
struct rpc_data {
    const struct rpc_data_sources *all;
    char *type_name;
    const Tfplugin6__DynamicValue *config;
    const Tfplugin6__ClientCapabilities *capabilities;
    /* out */
    const struct rpc_data_source *found; /* NULL: the provider has no such type */
    const struct value *value;           /* the configuration */
    Tfplugin6__DynamicValue *result;
    Tfplugin6__Deferred *deferred;
    struct diags diags;
};
/* -1 with err: the request is malformed. Other errors are in data->diags, with 0. */
int rpc_data_validate(struct call *call, struct rpc_data *data, struct error *err);
int rpc_data_read(struct call *call, struct rpc *rpc, struct rpc_data *data,
                  struct error *err);

/* ---- identity.c ----------------------------------------------------------------------- */

/* The identity of a state or a plan; NULL: it has none yet. */
Tfplugin6__ResourceIdentityData *rpc_put_identity(struct arena *arena,
                                                  const struct resource *resource,
                                                  const struct value *object);

/* ---- function.c ----------------------------------------------------------------------- */

Tfplugin6__Function *rpc_put_function(struct arena *arena,
                                      const struct function_table *table);

/* ---- rpc.c ----------------------------------------------------------------------------- */

/* NULL, with a diagnostic: the provider has no such type. */
const struct resource *rpc_find_resource(struct rpc *rpc, const char *type_name,
                                         struct diags *diags);
/* A reference, which the caller releases; NULL before Configure. */
struct session *rpc_session(struct rpc *rpc);
void rpc_swap_session(struct rpc *rpc, struct session *session); /* takes ownership */

plugin_handler_fn rpc_get_provider_schema, rpc_get_metadata, rpc_get_identity_schemas,
    rpc_validate_provider, rpc_configure, rpc_stop, rpc_validate_resource,
    rpc_upgrade_resource, rpc_read_resource, rpc_plan_resource, rpc_apply_resource,
    rpc_import_resource, rpc_move_resource, rpc_upgrade_identity,
    rpc_validate_data_source, rpc_read_data_source, rpc_validate_ephemeral,
    rpc_open_ephemeral, rpc_renew_ephemeral, rpc_close_ephemeral, rpc_validate_list,
    rpc_get_functions, rpc_call_function;
plugin_stream_fn rpc_list_resource;

#endif
