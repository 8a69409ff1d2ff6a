/* A provider with its rightful host, and an Azure that never answers.
 * SPDX-License-Identifier: MPL-2.0 */
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

void wire_scene_open(struct wire_scene *scene, const struct wire_start *start)
{
    struct wire_start own = start != NULL ? *start : (struct wire_start){ NULL };
    memset(scene, 0, sizeof *scene);
    scene->host = wire_identity_new(NULL);
    own.host = scene->host;
    scene->provider = wire_start(&own);
    scene->channel = wire_connect(scene->provider, scene->host);
    wire_silence_open(&scene->azure);
}

void wire_scene_plan(struct wire_scene *scene)
{
    scene->apply = wire_plan_create(scene->channel);
}

void wire_scene_configure(struct wire_scene *scene)
{
    wire_scene_plan(scene);
    wire_configure(scene->channel, scene->azure.port, "not-a-secret");
}

void wire_scene_begin_applies(struct wire_scene *scene, struct wire_call **calls,
                              size_t count)
{
    for (size_t i = 0; i < count; i++)
        calls[i] =
            wire_call_begin(scene->channel, "ApplyResourceChange", scene->apply.data,
                            scene->apply.length, WIRE_NO_DEADLINE);
    /* The polling of the client is what sends them. */
    int connection = -1;
    for (long long end = wire_now_ms() + WIRE_LIMIT_MS; connection < 0;) {
        assert_true(wire_now_ms() < end);
        assert_false(wire_call_is_done(calls[0]));
        connection = wire_silence_accept(&scene->azure, 10);
    }
    assert_true(scene->connection_count < 8);
    scene->connections[scene->connection_count++] = connection;
}

void wire_scene_check_stopped(struct wire_call *call)
{
    struct wire_reply reply;
    wire_call_end(call, &reply);
    assert_int_equal(reply.status, GRPC_STATUS_OK);
    Tfplugin6__ApplyResourceChange__Response *answer = (void *)protobuf_c_message_unpack(
        &tfplugin6__apply_resource_change__response__descriptor, NULL, reply.length,
        reply.data);
    assert_non_null(answer);
    assert_int_equal(wire_count_errors(answer->diagnostics, answer->n_diagnostics), 1);
    /* Nothing was sent, so nothing exists: null, in msgpack nil. */
    assert_true(answer->new_state == NULL ||
                (answer->new_state->msgpack.len == 1 &&
                 answer->new_state->msgpack.data[0] == 0xC0));
    protobuf_c_message_free_unpacked(&answer->base, NULL);
    wire_reply_clear(&reply);
}

void wire_scene_close(struct wire_scene *scene)
{
    wire_channel_free(scene->channel);
    if (scene->provider->pid > 0)
        wire_shut_down(scene->provider, scene->host);
    assert_int_equal(wire_count_entries(scene->provider->temporary), 0);
    for (size_t i = 0; i < scene->connection_count; i++)
        close(scene->connections[i]);
    wire_silence_close(&scene->azure);
    free(scene->apply.data);
    wire_provider_free(scene->provider);
    wire_identity_free(scene->host);
}
