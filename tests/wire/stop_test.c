/* StopProvider, Shutdown and cancellation, each while applies block on an Azure that never
 * answers: one thread serves them whatever the others wait for.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "scene.h"

static void ask(struct wire_scene *scene, const char *path, grpc_status_code status)
{
    struct wire_reply reply;
    wire_ask(scene->channel, path, NULL, 0, &reply);
    assert_int_equal(reply.status, status);
    wire_reply_clear(&reply);
}

/* Far more than it takes; but after 30 s the provider gives a silent Azure up by itself, and
 * then nothing is shown. */
enum { SOON_MS = 20 * 1000 };

/* More than there are workers, so that some still wait for one. */
enum { MANY = 80 };

static void stop_is_served_while_more_applies_block_than_there_are_workers(void **state)
{
    (void)state;
    static struct wire_call *calls[MANY];
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    wire_scene_configure(&scene);
    wire_scene_begin_applies(&scene, calls, MANY);
    ask(&scene, "GetProviderSchema", GRPC_STATUS_OK);
    for (size_t i = 0; i < MANY; i++)
        assert_false(wire_call_is_done(calls[i]));
    ask(&scene, "StopProvider", GRPC_STATUS_OK);
    for (size_t i = 0; i < MANY; i++)
        wire_scene_check_stopped(calls[i]);
    /* Nobody waits on Azure any more, and the process is not ended by it. */
    assert_true(wire_wait_until_closed(scene.connections[0], SOON_MS));
    ask(&scene, "GetProviderSchema", GRPC_STATUS_OK);
    wire_scene_close(&scene);
}

/* What comes after the stop does not even begin. */
static void stop_then_apply(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    wire_scene_configure(&scene);
    struct wire_apply apply = scene.apply;
    ask(&scene, "StopProvider", GRPC_STATUS_OK);
    ask(&scene, "StopProvider", GRPC_STATUS_OK); /* once more is no error */
    wire_scene_check_stopped(wire_call_begin(scene.channel, "ApplyResourceChange",
                                             apply.data, apply.length, WIRE_NO_DEADLINE));
    assert_int_equal(wire_silence_accept(&scene.azure, 0), -1);
    wire_scene_close(&scene);
}

/* A second Ctrl-C: the host does not wait for the apply any more. */
static void check_shutdown(const char *variable)
{
    static struct wire_call *calls[MANY];
    struct wire_scene scene;
    const char *const variables[] = { variable, NULL };
    wire_scene_open(&scene, &(struct wire_start){ .variables = variables });
    wire_scene_configure(&scene);
    wire_scene_begin_applies(&scene, calls, MANY);
    ask(&scene, "/plugin.GRPCController/Shutdown", GRPC_STATUS_OK);
    assert_true(wire_wait_for_exit(scene.provider, WIRE_LIMIT_MS));
    assert_true(WIFEXITED(scene.provider->status));
    assert_int_equal(WEXITSTATUS(scene.provider->status), 0);
    for (size_t i = 0; i < MANY; i++) {
        struct wire_reply reply;
        wire_call_end(calls[i], &reply);
        wire_reply_clear(&reply);
    }
    assert_true(wire_wait_until_closed(scene.connections[0], SOON_MS));
    wire_scene_close(&scene);
}

static void shutdown_answers_then_exits(void **state)
{
    (void)state;
    check_shutdown(NULL);
}

/* What leak checkers ask for: slower, but it ends too. */
static void the_orderly_way_out_is_not_kept_waiting(void **state)
{
    (void)state;
    check_shutdown("AZURESTACK_ORDERLY_EXIT=1");
}

/* One call is left by its peer: that one ends, its neighbour goes on. */
static void cancelled_apply(void **state)
{
    (void)state;
    struct wire_call *calls[2];
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    wire_scene_configure(&scene);
    /* One after the other, since they share the one request for a token. */
    wire_scene_begin_applies(&scene, calls, 2);
    wire_call_cancel(calls[0]);
    struct wire_reply reply;
    wire_call_end(calls[0], &reply);
    assert_int_equal(reply.status, GRPC_STATUS_CANCELLED);
    assert_false(reply.has_message);
    wire_reply_clear(&reply);
    ask(&scene, "GetProviderSchema", GRPC_STATUS_OK);
    assert_false(wire_call_is_done(calls[1]));
    /* The neighbour is cancelled too: now nobody has a use for the connection. */
    wire_call_cancel(calls[1]);
    wire_call_end(calls[1], &reply);
    assert_int_equal(reply.status, GRPC_STATUS_CANCELLED);
    wire_reply_clear(&reply);
    assert_true(wire_wait_until_closed(scene.connections[0], SOON_MS));
    ask(&scene, "GetProviderSchema", GRPC_STATUS_OK);
    wire_scene_close(&scene);
}

/* A host whose connection breaks has left all its calls. */
static void a_broken_connection_ends_its_calls_and_not_the_process(void **state)
{
    (void)state;
    struct wire_call *calls[2];
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    wire_scene_configure(&scene);
    wire_scene_begin_applies(&scene, calls, 2);
    for (size_t i = 0; i < 2; i++) {
        struct wire_reply reply;
        wire_call_cancel(calls[i]);
        wire_call_end(calls[i], &reply);
        wire_reply_clear(&reply);
    }
    wire_channel_free(scene.channel);
    assert_true(wire_wait_until_closed(scene.connections[0], SOON_MS));
    scene.channel = wire_connect(scene.provider, scene.host);
    ask(&scene, "GetProviderSchema", GRPC_STATUS_OK);
    wire_scene_close(&scene);
}

/* The call's own deadline reaches the work, not only the caller. How long it takes to begin
 * depends on the machine: the deadline is doubled until the work was seen. */
static void a_deadline_ends_the_work(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    wire_scene_configure(&scene);
    struct wire_apply apply = scene.apply;
    int connection = -1;
    for (long deadline_ms = 250; connection < 0; deadline_ms *= 2) {
        assert_true(deadline_ms < WIRE_LIMIT_MS);
        struct wire_reply reply;
        wire_call_end(wire_call_begin(scene.channel, "ApplyResourceChange", apply.data,
                                      apply.length, deadline_ms),
                      &reply);
        assert_int_equal(reply.status, GRPC_STATUS_DEADLINE_EXCEEDED);
        wire_reply_clear(&reply);
        connection = wire_silence_accept(&scene.azure, 0);
    }
    assert_true(wire_wait_until_closed(connection, SOON_MS));
    close(connection);
    ask(&scene, "GetProviderSchema", GRPC_STATUS_OK);
    wire_scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stop_is_served_while_more_applies_block_than_there_are_workers),
        cmocka_unit_test(stop_then_apply),
        cmocka_unit_test(shutdown_answers_then_exits),
        cmocka_unit_test(the_orderly_way_out_is_not_kept_waiting),
        cmocka_unit_test(cancelled_apply),
        cmocka_unit_test(a_broken_connection_ends_its_calls_and_not_the_process),
        cmocka_unit_test(a_deadline_ends_the_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
