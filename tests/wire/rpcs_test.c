/* What is served and what is not: every rpc of the protocol, go-plugin's services, health.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/health.pb-c.h"

#include "scene.h"

/* All of tfplugin6.Provider, 6.11 (proto/SOURCE.md), and whether it is to be served. What is
 * not is called only by hosts that saw it declared in the schema. */
static const struct {
    const char *name;
    bool is_served;
} rpcs[] = {
    { "GetMetadata", true },
    { "GetProviderSchema", true },
    { "GetResourceIdentitySchemas", true },
    { "ValidateProviderConfig", true },
    { "ConfigureProvider", true },
    { "StopProvider", true },
    { "ValidateResourceConfig", true },
    { "UpgradeResourceState", true },
    { "ReadResource", true },
    { "PlanResourceChange", true },
    { "ApplyResourceChange", true },
    { "ImportResourceState", true },
    { "MoveResourceState", true },
    { "UpgradeResourceIdentity", true },
    { "ValidateDataResourceConfig", true },
    { "ReadDataSource", true },
    { "GenerateResourceConfig", false },
    { "ValidateEphemeralResourceConfig", true },
    { "OpenEphemeralResource", true },
    { "RenewEphemeralResource", true },
    { "CloseEphemeralResource", true },
    { "ValidateListResourceConfig", true },
    { "ListResource", true },
    { "GetFunctions", true },
    { "CallFunction", true },
    { "ValidateActionConfig", false },
    { "PlanAction", false },
    { "InvokeAction", false },
    { "ValidateStateStoreConfig", false },
    { "ConfigureStateStore", false },
    { "ReadStateBytes", false },
    { "WriteStateBytes", false },
    { "LockState", false },
    { "UnlockState", false },
    { "GetStates", false },
    { "DeleteState", false },
};
enum { RPC_COUNT = sizeof rpcs / sizeof rpcs[0] };

static void check_status(struct wire_channel *channel, const char *path, const void *data,
                         size_t length, grpc_status_code status)
{
    struct wire_reply reply;
    wire_ask(channel, path, data, length, &reply);
    if (reply.status != status)
        fail_msg("%s: status %d instead of %d, %s", path, (int)reply.status, (int)status,
                 reply.detail);
    assert_int_equal(reply.has_message, status == GRPC_STATUS_OK);
    wire_reply_clear(&reply);
}

static void schema_twice_identical(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    struct wire_reply first, second;
    wire_ask(scene.channel, "GetProviderSchema", NULL, 0, &first);
    wire_ask(scene.channel, "GetProviderSchema", NULL, 0, &second);
    assert_int_equal(first.status, GRPC_STATUS_OK);
    assert_true(first.length > 0);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    wire_reply_clear(&second);
    wire_scene_close(&scene);
    /* Of another process as well: the host keeps one answer for all of them. */
    wire_scene_open(&scene, NULL);
    wire_ask(scene.channel, "GetProviderSchema", NULL, 0, &second);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.data, second.data, first.length);
    wire_reply_clear(&first);
    wire_reply_clear(&second);
    wire_scene_close(&scene);
}

static void the_schema_is_one_that_hosts_survive(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    Tfplugin6__GetProviderSchema__Response *schema = wire_schema(scene.channel);
    assert_int_equal(schema->n_diagnostics, 0);
    assert_non_null(schema->provider);
    assert_non_null(schema->provider->block); /* without it Terraform panics */
    assert_null(schema->provider_meta);
    assert_non_null(schema->server_capabilities);
    assert_true(schema->n_resource_schemas >= 1);
    for (size_t i = 0; i < schema->n_resource_schemas; i++) {
        const Tfplugin6__Schema__Block *block = schema->resource_schemas[i]->value->block;
        assert_non_null(block);
        assert_memory_equal(schema->resource_schemas[i]->key, "azurestack_", 11);
        for (size_t j = 0; j < block->n_attributes; j++) {
            const Tfplugin6__Schema__Attribute *row = block->attributes[j];
            /* Exactly one of type and nested type; at least one of the three; no two that
             * contradict each other. */
            assert_int_equal((row->type.len != 0) + (row->nested_type != NULL), 1);
            assert_true(row->required || row->optional || row->computed);
            assert_false(row->required && (row->optional || row->computed));
            assert_true(strlen(row->description) > 0);
        }
    }
    protobuf_c_message_free_unpacked(&schema->base, NULL);
    wire_scene_close(&scene);
}

/* With get_provider_schema_optional most processes never hear that call. */
static void another_rpc_than_the_schema_comes_first(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    Tfplugin6__ValidateResourceConfig__Request request =
        TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__REQUEST__INIT;
    request.type_name = (char *)"azurestack_nothing";
    Tfplugin6__ValidateResourceConfig__Response *answer =
        wire_ask_message(scene.channel, "ValidateResourceConfig", &request.base,
                         &tfplugin6__validate_resource_config__response__descriptor);
    assert_int_equal(wire_count_errors(answer->diagnostics, answer->n_diagnostics), 1);
    assert_non_null(strstr(answer->diagnostics[0]->detail, "azurestack_nothing"));
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    wire_scene_close(&scene);
}

static void rpc_before_configure(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    struct wire_apply apply = wire_plan_create(scene.channel); /* needs no session */
    struct wire_call *call = wire_call_begin(scene.channel, "ApplyResourceChange",
                                             apply.data, apply.length, WIRE_NO_DEADLINE);
    wire_scene_check_stopped(call); /* an error, and no state that says it exists */

    /* A read must not say "gone" because there is no credential. */
    Tfplugin6__GetProviderSchema__Response *schema = wire_schema(scene.channel);
    msgpack_sbuffer current;
    msgpack_sbuffer_init(&current);
    wire_pack_object(
        &current, wire_resource_block(schema),
        WIRE_FIELDS(
            { "registration_id", REGISTRATION_ID, NULL },
            { "customer_subscription_id", CUSTOMER_ID, NULL },
            { "id", REGISTRATION_ID "/customerSubscriptions/" CUSTOMER_ID, NULL }));
    Tfplugin6__DynamicValue value = wire_dynamic(&current);
    Tfplugin6__ReadResource__Request request = TFPLUGIN6__READ_RESOURCE__REQUEST__INIT;
    request.type_name = (char *)RESOURCE;
    request.current_state = &value;
    Tfplugin6__ReadResource__Response *answer =
        wire_ask_message(scene.channel, "ReadResource", &request.base,
                         &tfplugin6__read_resource__response__descriptor);
    assert_int_equal(wire_count_errors(answer->diagnostics, answer->n_diagnostics), 1);
    assert_non_null(answer->new_state);
    assert_int_not_equal(answer->new_state->msgpack.data[0], 0xC0);
    assert_null(answer->deferred);
    protobuf_c_message_free_unpacked(&answer->base, NULL);

    /* A host that can put it off gets the same state, and no error. */
    Tfplugin6__ClientCapabilities able = TFPLUGIN6__CLIENT_CAPABILITIES__INIT;
    able.deferral_allowed = true;
    request.client_capabilities = &able;
    answer = wire_ask_message(scene.channel, "ReadResource", &request.base,
                              &tfplugin6__read_resource__response__descriptor);
    assert_int_equal(answer->n_diagnostics, 0);
    assert_int_equal(answer->deferred->reason,
                     TFPLUGIN6__DEFERRED__REASON__PROVIDER_CONFIG_UNKNOWN);
    assert_int_equal(answer->new_state->msgpack.len, value.msgpack.len);
    assert_int_equal(answer->new_state->msgpack.data[0], value.msgpack.data[0]);
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    protobuf_c_message_free_unpacked(&schema->base, NULL);
    msgpack_sbuffer_destroy(&current);
    free(apply.data);
    wire_scene_close(&scene);
}

static void rpc_unknown_is_unimplemented(void **state)
{
    (void)state;
    static const char *const strange[] = {
        "GetProviderSchem",
        "GetProviderSchemas",
        "getproviderschema",
        "/tfplugin5.Provider/GetSchema",
        "/grpc.health.v1.Health/Watch",
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        "/plugin.GRPCController/Restart",
        "/",
        "/tfplugin6.Provider/",
    };
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    for (size_t i = 0; i < sizeof strange / sizeof strange[0]; i++)
        check_status(scene.channel, strange[i], NULL, 0, GRPC_STATUS_UNIMPLEMENTED);
    check_status(scene.channel, "GetProviderSchema", NULL, 0, GRPC_STATUS_OK);
    wire_scene_close(&scene);
}

/* One by one: an empty message is a message, and every field is missing. */
static void every_rpc_is_served_or_unimplemented(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    size_t served = 0;
    for (size_t i = 0; i < RPC_COUNT; i++) {
        check_status(scene.channel, rpcs[i].name, NULL, 0,
                     rpcs[i].is_served ? GRPC_STATUS_OK : GRPC_STATUS_UNIMPLEMENTED);
        served += rpcs[i].is_served;
    }
    assert_int_equal(served, 24);
    assert_int_equal(RPC_COUNT, 36); /* as many as the protocol has */
    wire_scene_close(&scene);
}

/* A stream that is not served is refused like any other, not left hanging. */
static void streams_that_are_not_served_end(void **state)
{
    (void)state;
    static const char *const streams[] = { "InvokeAction", "ReadStateBytes",
                                           "WriteStateBytes",
                                           "/grpc.health.v1.Health/Watch" };
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        struct wire_call *stream = wire_stream_begin(scene.channel, streams[i]);
        struct wire_reply reply;
        wire_call_end(stream, &reply);
        assert_int_equal(reply.status, GRPC_STATUS_UNIMPLEMENTED);
        wire_reply_clear(&reply);
    }
    wire_scene_close(&scene);
}

static void check_health(struct wire_channel *channel, const char *service,
                         grpc_status_code status)
{
    Grpc__Health__V1__HealthCheckRequest request =
        GRPC__HEALTH__V1__HEALTH_CHECK_REQUEST__INIT;
    request.service = (char *)service;
    uint8_t data[64];
    assert_true(protobuf_c_message_get_packed_size(&request.base) <= sizeof data);
    size_t length = protobuf_c_message_pack(&request.base, data);
    struct wire_reply reply;
    wire_ask(channel, "/grpc.health.v1.Health/Check", data, length, &reply);
    assert_int_equal(reply.status, status);
    if (status == GRPC_STATUS_OK) {
        /* Field 1, varint, SERVING = 1. */
        assert_int_equal(reply.length, 2);
        assert_memory_equal(reply.data, "\x08\x01", 2);
    }
    wire_reply_clear(&reply);
}

static void health_says_that_the_plugin_serves(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    check_health(scene.channel, "plugin", GRPC_STATUS_OK);
    check_health(scene.channel, "", GRPC_STATUS_OK);
    check_health(scene.channel, "another", GRPC_STATUS_NOT_FOUND);
    check_status(scene.channel, "/grpc.health.v1.Health/Check", "\xFF", 1,
                 GRPC_STATUS_INVALID_ARGUMENT);
    wire_scene_close(&scene);
}

/* As a host does: both opened at once, then everything else, then Shutdown beside them. */
static void stdio_and_broker_are_held_open(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    struct wire_call *stdio =
        wire_stream_begin(scene.channel, "/plugin.GRPCStdio/StreamStdio");
    struct wire_call *broker =
        wire_stream_begin(scene.channel, "/plugin.GRPCBroker/StartStream");
    assert_true(wire_stream_wait_open(stdio, WIRE_LIMIT_MS));
    assert_true(wire_stream_wait_open(broker, WIRE_LIMIT_MS));
    for (size_t i = 0; i < 20; i++)
        check_status(scene.channel, "GetProviderSchema", NULL, 0, GRPC_STATUS_OK);
    assert_false(wire_call_is_done(stdio));
    assert_false(wire_call_is_done(broker));

    /* One that the peer leaves is no harm to the other. */
    wire_call_cancel(broker);
    struct wire_reply reply;
    wire_call_end(broker, &reply);
    assert_int_equal(reply.status, GRPC_STATUS_CANCELLED);
    wire_reply_clear(&reply);
    check_status(scene.channel, "GetProviderSchema", NULL, 0, GRPC_STATUS_OK);
    assert_false(wire_call_is_done(stdio));

    /* Shutdown is answered, and does not wait for the stream to end. */
    check_status(scene.channel, "/plugin.GRPCController/Shutdown", NULL, 0,
                 GRPC_STATUS_OK);
    assert_true(wire_wait_for_exit(scene.provider, WIRE_LIMIT_MS));
    assert_int_equal(scene.provider->status, 0);
    wire_call_end(stdio, &reply);
    assert_false(reply.has_message); /* nothing was ever printed there */
    assert_int_not_equal(reply.status, GRPC_STATUS_OK);
    wire_reply_clear(&reply);
    wire_scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_twice_identical),
        cmocka_unit_test(the_schema_is_one_that_hosts_survive),
        cmocka_unit_test(another_rpc_than_the_schema_comes_first),
        cmocka_unit_test(rpc_before_configure),
        cmocka_unit_test(rpc_unknown_is_unimplemented),
        cmocka_unit_test(every_rpc_is_served_or_unimplemented),
        cmocka_unit_test(streams_that_are_not_served_end),
        cmocka_unit_test(health_says_that_the_plugin_serves),
        cmocka_unit_test(stdio_and_broker_are_held_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
