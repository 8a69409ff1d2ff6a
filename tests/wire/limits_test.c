/* Requests that no host sends: too big, too many, too late, without a body, without sense.
 * Each is answered, costs nothing for long, and leaves the provider serving.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "scene.h"

/* StopProvider last: it is for good. */
static const char *const served[] = { "GetProviderSchema",
                                      "GetMetadata",
                                      "GetResourceIdentitySchemas",
                                      "ValidateProviderConfig",
                                      "ConfigureProvider",
                                      "ValidateResourceConfig",
                                      "UpgradeResourceState",
                                      "ReadResource",
                                      "PlanResourceChange",
                                      "ApplyResourceChange",
                                      "ImportResourceState",
                                      "MoveResourceState",
                                      "StopProvider" };
enum { SERVED_COUNT = sizeof served / sizeof served[0], MEGABYTE = 1024 * 1024 };

static void check_alive(const struct wire_scene *scene)
{
    struct wire_reply reply;
    wire_ask(scene->channel, "GetProviderSchema", NULL, 0, &reply);
    assert_int_equal(reply.status, GRPC_STATUS_OK);
    wire_reply_clear(&reply);
}

/* ---- size --------------------------------------------------------------------------------- */

/* ValidateResourceConfig with a registration id of so many bytes. */
static size_t pack_big(struct wire_scene *scene, size_t bytes, uint8_t **out)
{
    Tfplugin6__GetProviderSchema__Response *schema = wire_schema(scene->channel);
    char *text = malloc(bytes + 1);
    memset(text, 'x', bytes);
    text[bytes] = '\0';
    msgpack_sbuffer config;
    msgpack_sbuffer_init(&config);
    wire_pack_object(&config, wire_resource_block(schema),
                     WIRE_FIELDS({ "registration_id", text, NULL },
                                 { "customer_subscription_id", CUSTOMER_ID, NULL }));
    free(text);
    Tfplugin6__DynamicValue value = wire_dynamic(&config);
    Tfplugin6__ValidateResourceConfig__Request request =
        TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__REQUEST__INIT;
    request.type_name = (char *)RESOURCE;
    request.config = &value;
    size_t length = protobuf_c_message_get_packed_size(&request.base);
    *out = malloc(length);
    protobuf_c_message_pack(&request.base, *out);
    msgpack_sbuffer_destroy(&config);
    protobuf_c_message_free_unpacked(&schema->base, NULL);
    return length;
}

static void check_big_is_served(size_t bytes)
{
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    uint8_t *data;
    size_t length = pack_big(&scene, bytes, &data);
    struct wire_reply reply;
    wire_ask(scene.channel, "ValidateResourceConfig", data, length, &reply);
    free(data);
    if (reply.status != GRPC_STATUS_OK)
        fail_msg("status %d, %s", (int)reply.status, reply.detail);
    Tfplugin6__ValidateResourceConfig__Response *answer =
        (void *)protobuf_c_message_unpack(
            &tfplugin6__validate_resource_config__response__descriptor, NULL,
            reply.length, reply.data);
    assert_int_equal(wire_count_errors(answer->diagnostics, answer->n_diagnostics), 1);
    assert_string_equal(answer->diagnostics[0]->attribute->steps[0]->attribute_name,
                        "registration_id");
    assert_true(reply.length < 16 * 1024); /* what is wrong is not said in full */
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    wire_reply_clear(&reply);
    wire_scene_close(&scene);
}

/* gRPC's own limit is 4 MB: a big state would never arrive. */
static void message_5mb(void **state)
{
    (void)state;
    check_big_is_served((size_t)5 * MEGABYTE);
}

static void message_257mb(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    size_t length = (size_t)257 * MEGABYTE;
    uint8_t *data = calloc(1, length);
    struct wire_reply reply;
    wire_ask(scene.channel, "ValidateResourceConfig", data, length, &reply);
    free(data);
    assert_int_equal(reply.status, GRPC_STATUS_RESOURCE_EXHAUSTED);
    assert_false(reply.has_message);
    wire_reply_clear(&reply);
    check_alive(&scene);
    wire_scene_close(&scene);
}

/* ---- number, time, body -------------------------------------------------------------------- */

static void thousand_concurrent(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    static struct wire_call *calls[COUNT];
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    uint8_t *data;
    size_t length = pack_big(&scene, 100, &data);
    for (size_t i = 0; i < COUNT; i++)
        calls[i] = wire_call_begin(scene.channel, "ValidateResourceConfig", data, length,
                                   WIRE_NO_DEADLINE);
    for (size_t i = 0; i < COUNT; i++) {
        struct wire_reply reply;
        wire_call_end(calls[i], &reply);
        if (reply.status != GRPC_STATUS_OK)
            fail_msg("call %zu: status %d, %s", i, (int)reply.status, reply.detail);
        assert_true(reply.has_message && reply.length > 0);
        wire_reply_clear(&reply);
    }
    free(data);
    check_alive(&scene);
    wire_scene_close(&scene);
}

/* Every call that the client gave up on at once, among others that are waited for. */
static void deadline_1ms(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    wire_scene_configure(&scene);
    struct wire_apply apply = scene.apply;
    for (size_t i = 0; i < 50; i++) {
        struct wire_call *call = wire_call_begin(scene.channel, "ApplyResourceChange",
                                                 apply.data, apply.length, 1);
        struct wire_reply reply;
        wire_call_end(call, &reply);
        assert_int_equal(reply.status, GRPC_STATUS_DEADLINE_EXCEEDED);
        wire_reply_clear(&reply);
        check_alive(&scene);
    }
    wire_scene_close(&scene);
}

static void payload_missing(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    for (size_t i = 0; i < SERVED_COUNT; i++) {
        struct wire_reply reply;
        wire_call_end(wire_call_begin_empty(scene.channel, served[i]), &reply);
        if (reply.status != GRPC_STATUS_INVALID_ARGUMENT)
            fail_msg("%s: status %d, %s", served[i], (int)reply.status, reply.detail);
        assert_false(reply.has_message);
        wire_reply_clear(&reply);
        check_alive(&scene);
    }
    wire_scene_close(&scene);
}

/* ---- garbage ------------------------------------------------------------------------------- */

/* The host's fault, the provider's limit, or an answer: never INTERNAL, never silence. */
static void check_refuses_politely(struct wire_scene *scene, const char *rpc,
                                   const void *data, size_t length)
{
    struct wire_reply reply;
    wire_ask(scene->channel, rpc, data, length, &reply);
    if (reply.status != GRPC_STATUS_OK && reply.status != GRPC_STATUS_INVALID_ARGUMENT &&
        reply.status != GRPC_STATUS_RESOURCE_EXHAUSTED)
        fail_msg("%s: status %d, %s", rpc, (int)reply.status, reply.detail);
    assert_int_equal(reply.has_message, reply.status == GRPC_STATUS_OK);
    wire_reply_clear(&reply);
}

/* No protobuf: a wire type that does not exist, a length behind the end, a field cut off. */
static const struct {
    const char *data;
    size_t length;
} no_messages[] = {
    { "\xFF", 1 },
    { "\x0F", 1 },
    { "\x0A\x7F", 2 },
    { "\x0A\xFF\xFF\xFF\xFF\x07", 6 },
    { "\x12\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F", 10 },
    { "\x0B\x0B\x0B\x0B", 4 },
};

static void send_random(struct wire_scene *scene, const char *rpc)
{
    unsigned seed = (unsigned)time(NULL);
    printf("seed %u\n", seed);
    for (size_t i = 0; i < 50; i++) {
        uint8_t data[64];
        size_t length = (size_t)rand_r(&seed) % sizeof data;
        for (size_t j = 0; j < length; j++)
            data[j] = (uint8_t)rand_r(&seed);
        if (length > 2 && i % 2 == 0) { /* half of them begin like a field */
            data[0] = (uint8_t)(((unsigned)rand_r(&seed) % 9 + 1) << 3 | 2);
            data[1] = (uint8_t)(length - 2);
        }
        check_refuses_politely(scene, rpc, data, length);
    }
}

/* A right message around msgpack that lies: counts of 4 G, endless nesting, a cut value,
 * an extension that is longer than the rest. */
static void send_lying_values(struct wire_scene *scene, const char *rpc)
{
    static uint8_t deep[100 * 1000];
    memset(deep, 0x91, sizeof deep);
    const struct {
        const void *data;
        size_t length;
    } lies[] = {
        { "\xDF\xFF\xFF\xFF\xFF", 5 }, { "\xDD\xFF\xFF\xFF\xFF", 5 },
        { "\xDB\xFF\xFF\xFF\xFF", 5 }, { "\xC9\xFF\xFF\xFF\xFF\x0C", 6 },
        { "\x81\xA1\x61", 3 },         { "\xC1", 1 },
        { deep, sizeof deep },
    };
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        /* Field 1 the type's name, fields 2 to 4 the value: more than one of the requests
         * has its values there. */
        size_t room = 64 + 3 * (lies[i].length + 16), length = 0;
        uint8_t *data = malloc(room);
        data[length++] = 0x0A;
        data[length++] = (uint8_t)strlen(RESOURCE);
        memcpy(data + length, RESOURCE, strlen(RESOURCE));
        length += strlen(RESOURCE);
        for (uint8_t field = 2; field <= 4; field++) {
            msgpack_sbuffer raw = { .size = lies[i].length,
                                    .data = (char *)(uintptr_t)lies[i].data };
            Tfplugin6__DynamicValue value = wire_dynamic(&raw);
            size_t bytes = protobuf_c_message_get_packed_size(&value.base), rest = bytes;
            data[length++] = (uint8_t)(field << 3 | 2);
            for (; rest >= 0x80; rest >>= 7)
                data[length++] = (uint8_t)(rest | 0x80);
            data[length++] = (uint8_t)rest;
            length += protobuf_c_message_pack(&value.base, data + length);
        }
        assert_true(length <= room);
        check_refuses_politely(scene, rpc, data, length);
        free(data);
    }
}

static void garbage(void **state)
{
    const char *rpc = *state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    for (size_t i = 0; i < sizeof no_messages / sizeof no_messages[0]; i++)
        check_refuses_politely(&scene, rpc, no_messages[i].data, no_messages[i].length);
    send_random(&scene, rpc);
    send_lying_values(&scene, rpc);
    check_alive(&scene);
    wire_scene_close(&scene);
}

/* A name that is no UTF-8 must not come back in an answer: the host would refuse all of it. */
static void a_name_that_is_not_utf8_comes_back_clean(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    Tfplugin6__ValidateResourceConfig__Request request =
        TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__REQUEST__INIT;
    request.type_name = (char *)"azurestack_\xFF\xFE";
    Tfplugin6__ValidateResourceConfig__Response *answer =
        wire_ask_message(scene.channel, "ValidateResourceConfig", &request.base,
                         &tfplugin6__validate_resource_config__response__descriptor);
    assert_int_equal(answer->n_diagnostics, 1);
    assert_null(strchr(answer->diagnostics[0]->detail, '\xFF'));
    assert_null(strchr(answer->diagnostics[0]->detail, '\xFE'));
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    wire_scene_close(&scene);
}

int main(void)
{
    static const struct CMUnitTest fixed[] = {
        cmocka_unit_test(message_5mb),
        cmocka_unit_test(message_257mb),
        cmocka_unit_test(thousand_concurrent),
        cmocka_unit_test(deadline_1ms),
        cmocka_unit_test(payload_missing),
        cmocka_unit_test(a_name_that_is_not_utf8_comes_back_clean),
    };
    enum { FIXED_COUNT = sizeof fixed / sizeof fixed[0] };
    struct CMUnitTest tests[FIXED_COUNT + SERVED_COUNT];
    char names[SERVED_COUNT][64];
    memset(tests, 0, sizeof tests);
    memcpy(tests, fixed, sizeof fixed);
    for (size_t i = 0; i < SERVED_COUNT; i++) {
        snprintf(names[i], sizeof names[i], "garbage_%s", served[i]);
        tests[FIXED_COUNT + i] =
            (struct CMUnitTest){ .name = names[i],
                                 .test_func = garbage,
                                 .initial_state = (void *)(uintptr_t)served[i] };
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
