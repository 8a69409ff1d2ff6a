/* What the process says on standard error: lines that the host can parse, and no secret.
 * SPDX-License-Identifier: MPL-2.0 */
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include <cmocka.h>

#include "scene.h"

#define CANARY "canary-2f9e6b1d4c"

static void ask(struct wire_scene *scene, const char *path, const void *data,
                size_t length)
{
    struct wire_reply reply;
    wire_ask(scene->channel, path, data, length, &reply);
    wire_reply_clear(&reply);
}

/* Much of what can happen to it, with this in its environment. The caller frees what it said.*/
static char *run_with(const char *const *variables)
{
    struct wire_scene scene;
    wire_scene_open(&scene, &(struct wire_start){ .variables = variables });
    wire_scene_plan(&scene);
    wire_configure(scene.channel, scene.azure.port, CANARY);
    struct wire_call *calls[2];
    wire_scene_begin_applies(&scene, calls, 2);
    ask(&scene, "GetProviderSchema", NULL, 0);
    ask(&scene, "ReadDataSource", NULL, 0);
    ask(&scene, "ReadResource", "\xFF", 1);
    ask(&scene, "No\"Such\\Method{}", NULL, 0);
    struct wire_channel *stranger = wire_connect(scene.provider, NULL);
    struct wire_reply reply;
    wire_ask(stranger, "GetProviderSchema", NULL, 0, &reply);
    assert_int_equal(reply.status, GRPC_STATUS_UNAVAILABLE);
    wire_reply_clear(&reply);
    wire_channel_free(stranger);
    wire_call_cancel(calls[0]);
    wire_call_end(calls[0], &reply);
    wire_reply_clear(&reply);
    ask(&scene, "StopProvider", NULL, 0);
    wire_scene_check_stopped(calls[1]);
    wire_channel_free(scene.channel);
    wire_shut_down(scene.provider, scene.host);
    scene.channel = wire_connect(scene.provider, scene.host);
    char *errors = wire_read_errors(scene.provider);
    wire_scene_close(&scene);
    return errors;
}

/* Terraform 1.11 panics over a level, a message or a time that is no string, and shows the
 * line raw if the time has other than six digits behind its point. */
static void check_line(const char *line, size_t length, const regex_t *time)
{
    static const char *const levels[] = { "trace", "debug", "info", "warn", "error" };
    assert_true(length < 64 * 1024);
    json_error_t error;
    json_t *all = json_loadb(line, length, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(all))
        fail_msg("no JSON object: %.*s", (int)length, line);
    const char *level = json_string_value(json_object_get(all, "@level"));
    const char *stamp = json_string_value(json_object_get(all, "@timestamp"));
    assert_non_null(level);
    assert_non_null(stamp);
    assert_non_null(json_string_value(json_object_get(all, "@message")));
    assert_non_null(json_string_value(json_object_get(all, "@module")));
    assert_int_equal(regexec(time, stamp, 0, NULL, 0), 0);
    size_t i = 0;
    while (i < sizeof levels / sizeof levels[0] && strcmp(levels[i], level) != 0)
        i++;
    assert_true(i < sizeof levels / sizeof levels[0]);
    json_decref(all);
}

static size_t check_lines(const char *errors)
{
    regex_t time;
    assert_int_equal(regcomp(&time,
                             "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
                             "\\.[0-9]{6}(Z|[+-][0-9]{2}:[0-9]{2})$",
                             REG_EXTENDED | REG_NOSUB),
                     0);
    size_t count = 0;
    for (const char *line = errors; *line != '\0';) {
        const char *end = strchr(line, '\n');
        assert_non_null(end); /* every line is whole */
        check_line(line, (size_t)(end - line), &time);
        line = end + 1;
        count++;
    }
    regfree(&time);
    return count;
}

static void every_line_is_one_that_the_host_parses(void **state)
{
    (void)state;
    const char *const variables[] = { "TF_LOG_PROVIDER=TRACE", NULL };
    char *errors = run_with(variables);
    size_t count = check_lines(errors);
    if (count < 10) /* each rpc is told of at TRACE */
        fail_msg("only %zu lines:\n%s", count, errors);
    assert_non_null(strstr(errors, "\"tf_rpc\":\"ApplyResourceChange\""));
    assert_non_null(strstr(errors, "\"tf_resource_type\":\"" RESOURCE "\""));
    assert_non_null(strstr(errors, "\"tf_req_id\":\""));
    assert_null(strstr(errors, CANARY));
    free(errors);
}

static void without_a_wish_next_to_nothing_is_logged(void **state)
{
    (void)state;
    const char *const variables[] = { NULL };
    char *errors = run_with(variables);
    check_lines(errors);
    assert_null(strstr(errors, "\"@level\":\"trace\""));
    assert_null(strstr(errors, "\"@level\":\"debug\""));
    assert_null(strstr(errors, "\"@level\":\"info\""));
    free(errors);
}

/* gRPC prints whole messages, credentials among them, to whoever sets these; OpenSSL's users
 * write the keys of their connections. They may be set for another program. */
static void trace_variables_leak_nothing(void **state)
{
    (void)state;
    char keys[] = "/tmp/wire-keys-XXXXXX", variable[64];
    assert_non_null(mkdtemp(keys));
    snprintf(variable, sizeof variable, "SSLKEYLOGFILE=%s/log", keys);
    const char *const variables[] = { "GRPC_TRACE=all",
                                      "GRPC_VERBOSITY=DEBUG",
                                      "GRPC_STACKTRACE_MINLOGLEVEL=DEBUG",
                                      "TF_LOG=TRACE",
                                      "CURL_VERBOSE=1",
                                      variable,
                                      NULL };
    char *errors = run_with(variables);
    check_lines(errors);
    assert_null(strstr(errors, CANARY));
    assert_null(strstr(errors, "63 61 6e 61 72 79")); /* as gRPC dumps bytes */
    assert_null(strstr(errors, "PRIVATE KEY"));
    free(errors);
    assert_int_equal(wire_count_entries(keys), 0);
    wire_remove_tree(keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_is_one_that_the_host_parses),
        cmocka_unit_test(without_a_wish_next_to_nothing_is_logged),
        cmocka_unit_test(trace_variables_leak_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
