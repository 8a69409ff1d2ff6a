/* Values that are not of the type that the schema declares: each attribute in turn. The list
 * of attributes comes from the schema, and with it the names of the tests.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scene.h"

enum { TESTS_MAX = 64 };

/* One attribute of the provider, of the resource, or a block of it. */
struct subject {
    bool is_providers;
    char name[64];
    char type[32]; /* as the schema has it; "" of a nested attribute or a block */
};

/* Config in a request of the provider or the resource. The caller frees it. */
static size_t pack_request(const struct subject *subject, const msgpack_sbuffer *config,
                           uint8_t **out)
{
    Tfplugin6__DynamicValue value = wire_dynamic(config);
    Tfplugin6__ValidateProviderConfig__Request provider =
        TFPLUGIN6__VALIDATE_PROVIDER_CONFIG__REQUEST__INIT;
    Tfplugin6__ValidateResourceConfig__Request resource =
        TFPLUGIN6__VALIDATE_RESOURCE_CONFIG__REQUEST__INIT;
    provider.config = &value;
    resource.config = &value;
    resource.type_name = (char *)RESOURCE;
    const ProtobufCMessage *request =
        subject->is_providers ? &provider.base : &resource.base;
    size_t length = protobuf_c_message_get_packed_size(request);
    *out = malloc(length);
    protobuf_c_message_pack(request, *out);
    return length;
}

static void check(struct wire_scene *scene, const struct subject *subject,
                  const msgpack_sbuffer *config, grpc_status_code status,
                  const char *detail)
{
    uint8_t *data;
    size_t length = pack_request(subject, config, &data);
    struct wire_reply reply;
    wire_ask(scene->channel,
             subject->is_providers ? "ValidateProviderConfig" : "ValidateResourceConfig",
             data, length, &reply);
    free(data);
    if (reply.status != status || strstr(reply.detail, detail) == NULL)
        fail_msg("status %d, \"%s\"", (int)reply.status, reply.detail);
    wire_reply_clear(&reply);
}

static const Tfplugin6__Schema__Block *
block_of(const struct subject *subject, const Tfplugin6__GetProviderSchema__Response *all)
{
    return subject->is_providers ? all->provider->block : wire_resource_block(all);
}

static void wrong_type(void **state)
{
    const struct subject *subject = *state;
    static const struct {
        const char *data;
        size_t length;
        const char *type;
    } wrong[] = {
        { "\x91\x91\xC0", 3, "a list of lists" },
        { "\x81\xA1\x61\xC0", 4, "an object of another shape" },
        { "\x2A", 1, "\"number\"" },
        { "\xC3", 1, "\"bool\"" },
        { "\xA1\x61", 2, "\"string\"" },
    };
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    Tfplugin6__GetProviderSchema__Response *schema = wire_schema(scene.channel);
    size_t sent = 0;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (strcmp(wrong[i].type, subject->type) == 0)
            continue;
        msgpack_sbuffer config,
            raw = { .size = wrong[i].length, .data = (char *)(uintptr_t)wrong[i].data };
        msgpack_sbuffer_init(&config);
        wire_pack_object(&config, block_of(subject, schema),
                         WIRE_FIELDS({ subject->name, NULL, &raw }));
        check(&scene, subject, &config, GRPC_STATUS_INVALID_ARGUMENT, subject->name);
        msgpack_sbuffer_destroy(&config);
        sent++;
    }
    assert_in_range(sent, 4, 5); /* all but the one that would be right */
    /* Nothing but the type was wrong: null is of every type. */
    msgpack_sbuffer config;
    msgpack_sbuffer_init(&config);
    wire_pack_object(&config, block_of(subject, schema), WIRE_FIELDS({ NULL }));
    check(&scene, subject, &config, GRPC_STATUS_OK, "");
    msgpack_sbuffer_destroy(&config);
    protobuf_c_message_free_unpacked(&schema->base, NULL);
    wire_scene_close(&scene);
}

/* The host sends every attribute, and only those. */
static void attribute_missing_or_unknown(void **state)
{
    (void)state;
    static const struct subject subject = { .is_providers = false };
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    static const msgpack_sbuffer none = { .size = 1, .data = (char *)"\x80" };
    static const msgpack_sbuffer unknown = { .size = 10,
                                             .data = (char *)"\x81\xA7nothing\xC0" };
    check(&scene, &subject, &none, GRPC_STATUS_INVALID_ARGUMENT, "config");
    check(&scene, &subject, &unknown, GRPC_STATUS_INVALID_ARGUMENT, "config");
    wire_scene_close(&scene);
}

static void add(struct subject *subjects, size_t *count, bool is_providers,
                const Tfplugin6__Schema__Block *block)
{
    for (size_t i = 0; i < block->n_attributes + block->n_block_types; i++) {
        bool is_block = i >= block->n_attributes;
        const char *name = is_block
                               ? block->block_types[i - block->n_attributes]->type_name
                               : block->attributes[i]->name;
        struct subject *subject = &subjects[(*count)++];
        assert_true(*count <= TESTS_MAX);
        subject->is_providers = is_providers;
        if (!is_block)
            snprintf(subject->type, sizeof subject->type, "%.*s",
                     (int)block->attributes[i]->type.len,
                     (const char *)block->attributes[i]->type.data);
        snprintf(subject->name, sizeof subject->name, "%s", name);
    }
}

int main(void)
{
    static struct subject subjects[TESTS_MAX];
    static struct CMUnitTest tests[TESTS_MAX + 1];
    static char names[TESTS_MAX][128];
    size_t count = 0;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    Tfplugin6__GetProviderSchema__Response *schema = wire_schema(scene.channel);
    add(subjects, &count, true, schema->provider->block);
    add(subjects, &count, false, wire_resource_block(schema));
    protobuf_c_message_free_unpacked(&schema->base, NULL);
    wire_scene_close(&scene);
    if (count < 10) { /* the block and the resource have more today */
        fprintf(stderr, "only %zu attributes were found\n", count);
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "wrong_type_%s%s",
                 subjects[i].is_providers ? "provider_" : "", subjects[i].name);
        tests[i] = (struct CMUnitTest){ .name = names[i],
                                        .test_func = wrong_type,
                                        .initial_state = &subjects[i] };
    }
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(attribute_missing_or_unknown);
    return _cmocka_run_group_tests("types", tests, count, NULL, NULL);
}
