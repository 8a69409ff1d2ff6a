/* How the process ends: signals, a host that dies, a crash, no memory; and the debug mode,
 * in which it outlives its hosts.
 * SPDX-License-Identifier: MPL-2.0 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include <cmocka.h>

#include "scene.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED                                                                     \
    true /* sanitizers report these signals, and need much address space */
#else
#define IS_SANITIZED false
#endif

static void ask(struct wire_channel *channel, const char *path)
{
    struct wire_reply reply;
    wire_ask(channel, path, NULL, 0, &reply);
    if (reply.status != GRPC_STATUS_OK)
        fail_msg("%s: status %d, %s", path, (int)reply.status, reply.detail);
    wire_reply_clear(&reply);
}

/* ---- signals ------------------------------------------------------------------------------- */

/* Ctrl-C reaches the whole group, a lost terminal too: the host says what is to happen. */
static void interrupt_is_ignored(void **state)
{
    (void)state;
    struct wire_call *call;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    wire_scene_configure(&scene);
    wire_scene_begin_applies(&scene, &call, 1);
    assert_int_equal(kill(scene.provider->pid, SIGINT), 0);
    assert_int_equal(kill(scene.provider->pid, SIGINT), 0);
    assert_int_equal(kill(scene.provider->pid, SIGHUP), 0);
    ask(scene.channel, "GetProviderSchema");
    assert_false(wire_call_is_done(call));
    ask(scene.channel, "StopProvider");
    wire_scene_check_stopped(call);
    wire_scene_close(&scene);
}

static void check_ended_by_term(struct wire_scene *scene)
{
    assert_true(wire_wait_for_exit(scene->provider, WIRE_LIMIT_MS));
    assert_true(WIFEXITED(scene->provider->status));
    assert_int_equal(WEXITSTATUS(scene->provider->status), 128 + SIGTERM);
    wire_scene_close(scene); /* nothing is left behind */
}

static void terminate_ends_an_idle_process(void **state)
{
    (void)state;
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    struct wire_call *stdio =
        wire_stream_begin(scene.channel, "/plugin.GRPCStdio/StreamStdio");
    assert_true(wire_stream_wait_open(stdio, WIRE_LIMIT_MS));
    assert_int_equal(kill(scene.provider->pid, SIGTERM), 0);
    struct wire_reply reply;
    wire_call_end(stdio, &reply);
    wire_reply_clear(&reply);
    check_ended_by_term(&scene);
}

/* Who stops a group of processes stops the host as well, and it saves what it is told. */
static void terminate_lets_running_applies_answer(void **state)
{
    (void)state;
    enum { COUNT = 80 };
    static struct wire_call *calls[COUNT];
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    wire_scene_configure(&scene);
    wire_scene_begin_applies(&scene, calls, COUNT);
    ask(scene.channel, "GetProviderSchema"); /* so all of them are there */
    assert_int_equal(kill(scene.provider->pid, SIGTERM), 0);
    for (size_t i = 0; i < COUNT; i++)
        wire_scene_check_stopped(calls[i]);
    check_ended_by_term(&scene);
}

/* ---- the host dies -------------------------------------------------------------------------- */

/* A process in between starts the provider as its host does; it is reaped by this one. */
static pid_t start_under_another(const struct wire_start *start,
                                 struct wire_provider *provider)
{
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
    struct wire_provider *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(shared, MAP_FAILED);
    int ready[2];
    assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
    pid_t host = fork();
    assert_true(host >= 0);
    if (host == 0) {
        *shared = *wire_start(start);
        if (write(ready[1], "", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ready[1]);
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    memcpy(provider, shared, sizeof *provider);
    munmap(shared, sizeof *shared);
    /* The fields point into the other process. */
    for (size_t i = provider->field_count; i-- > 0;)
        provider->fields[i] =
            provider->parts + (provider->fields[i] - provider->fields[0]);
    provider->out = -1;
    return host;
}

static void kill_host(pid_t host)
{
    assert_int_equal(kill(host, SIGKILL), 0);
    assert_int_equal(waitpid(host, NULL, 0), host);
}

static void host_killed_provider_leaves(void **state)
{
    (void)state;
    struct wire_scene scene;
    memset(&scene, 0, sizeof scene);
    scene.host = wire_identity_new(NULL);
    scene.provider = calloc(1, sizeof *scene.provider);
    pid_t host =
        start_under_another(&(struct wire_start){ .host = scene.host }, scene.provider);
    scene.channel = wire_connect(scene.provider, scene.host);
    wire_silence_open(&scene.azure);
    wire_scene_configure(&scene);
    struct wire_call *apply;
    wire_scene_begin_applies(&scene, &apply, 1);
    struct wire_call *stdio =
        wire_stream_begin(scene.channel, "/plugin.GRPCStdio/StreamStdio");
    assert_true(wire_stream_wait_open(stdio, WIRE_LIMIT_MS));

    /* Busy, and with a connection that stays: neither keeps it alive. */
    kill_host(host);
    assert_true(wire_wait_for_exit(scene.provider, WIRE_LIMIT_MS));
    struct wire_reply reply;
    wire_call_end(apply, &reply);
    wire_reply_clear(&reply);
    wire_call_end(stdio, &reply);
    wire_reply_clear(&reply);
    wire_scene_close(&scene);
}

/* ---- debug mode ----------------------------------------------------------------------------- */

/* The line as the host's developer would copy it: the path is what all else depends on. */
static void take_reattach_line(struct wire_provider *provider)
{
    static const char begin[] = "TF_REATTACH_PROVIDERS='";
    size_t length = strlen(provider->line);
    assert_memory_equal(provider->line, begin, strlen(begin));
    assert_int_equal(provider->line[length - 1], '\'');
    json_error_t error;
    json_t *all = json_loadb(provider->line + strlen(begin), length - strlen(begin) - 1,
                             JSON_REJECT_DUPLICATES, &error);
    if (all == NULL)
        fail_msg("not JSON: %s", error.text);
    json_t *one = json_object_get(all, "registry.terraform.io/azurestack-csp/azurestack");
    const char *protocol, *network, *path;
    int version, pid, is_test;
    if (json_unpack_ex(one, &error, JSON_STRICT, "{s:s, s:i, s:i, s:b, s:{s:s, s:s !}}",
                       "Protocol", &protocol, "ProtocolVersion", &version, "Pid", &pid,
                       "Test", &is_test, "Addr", "Network", &network, "String",
                       &path) < 0)
        fail_msg("%s", error.text);
    assert_string_equal(protocol, "grpc");
    assert_int_equal(version, 6);
    assert_int_equal(pid, provider->pid);
    assert_true(is_test); /* false makes Terraform 1.11 panic */
    assert_string_equal(network, "unix");
    snprintf(provider->parts, sizeof provider->parts, "%s", path);
    provider->fields[3] = provider->parts;
    provider->field_count = 4;
    json_decref(all);
}

/* What the host does first: connect, and hang up at once. */
static void knock(const struct wire_provider *provider)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s", wire_socket_path(provider));
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    close(client);
}

static void check_run(struct wire_provider *provider, struct wire_silence *azure)
{
    knock(provider);
    struct wire_channel *channel = wire_connect_plain(provider);
    struct wire_apply apply =
        wire_plan_create(channel); /* asks nobody while unconfigured */
    wire_configure(channel, azure->port, "not-a-secret");
    struct wire_call *call = wire_call_begin(channel, "ApplyResourceChange", apply.data,
                                             apply.length, WIRE_NO_DEADLINE);
    int connection = -1;
    for (long long end = wire_now_ms() + WIRE_LIMIT_MS;
         connection < 0 && wire_now_ms() < end;
         connection = wire_silence_accept(azure, 10))
        if (wire_call_is_done(call)) /* it did not even ask: the last run's stop holds */
            break;
    assert_true(connection >= 0);
    ask(channel, "StopProvider");
    wire_scene_check_stopped(call);
    free(apply.data);
    close(connection);
    wire_channel_free(channel);
}

/* No cookie, no TLS; one run after the other, each with its own configuration, and a stop of
 * one is none of the next. */
static void debug_mode_serves_many_runs(void **state)
{
    (void)state;
    struct wire_silence azure;
    wire_silence_open(&azure);
    struct wire_provider *provider =
        wire_start(&(struct wire_start){ .option = "--debug", .without_cookie = true });
    take_reattach_line(provider);
    check_run(provider, &azure);
    check_run(provider, &azure);
    wire_check_served(provider, NULL);
    assert_int_equal(kill(provider->pid, SIGINT), 0);
    assert_true(wire_wait_for_exit(provider, WIRE_LIMIT_MS));
    assert_int_equal(provider->status, 0);
    assert_int_equal(wire_count_entries(provider->temporary), 0);
    wire_provider_free(provider);
    wire_silence_close(&azure);
}

static void debug_mode_outlives_who_started_it(void **state)
{
    (void)state;
    enum { LOOKS_MS = 1000 }; /* four times as long as a vanished host goes unnoticed */
    struct wire_provider *provider = calloc(1, sizeof *provider);
    pid_t host = start_under_another(
        &(struct wire_start){ .option = "--debug", .without_cookie = true }, provider);
    take_reattach_line(provider);
    kill_host(host);
    assert_false(wire_wait_for_exit(provider, LOOKS_MS));
    wire_check_served(provider, NULL);
    assert_int_equal(kill(provider->pid, SIGTERM), 0);
    assert_true(wire_wait_for_exit(provider, WIRE_LIMIT_MS));
    assert_int_equal(provider->status, 0);
    assert_int_equal(wire_count_entries(provider->temporary), 0);
    wire_provider_free(provider);
}

/* ---- crashes -------------------------------------------------------------------------------- */

/* At the beginning of a line, or the host does not take it for a crash. */
static void check_panic(const struct wire_provider *provider, const char *says)
{
    char *errors = wire_read_errors(provider), *line = errors;
    while (line != NULL && strncmp(line, "panic: ", strlen("panic: ")) != 0) {
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    if (line == NULL || strstr(line, says) == NULL)
        fail_msg("no panic line that says %s in:\n%s", says, errors);
    free(errors);
}

static void check_crash(int number, const char *name)
{
    struct wire_identity *host = wire_identity_new(NULL);
    struct wire_provider *provider = wire_start(&(struct wire_start){ .host = host });
    wire_check_served(provider, host);
    assert_int_equal(kill(provider->pid, number), 0);
    assert_true(wire_wait_for_exit(provider, WIRE_LIMIT_MS));
    assert_true(WIFSIGNALED(provider->status));
    assert_int_equal(WTERMSIG(provider->status), number);
    assert_false(WCOREDUMP(provider->status));
    check_panic(provider, name);
    wire_provider_free(provider);
    wire_identity_free(host);
}

static void a_fatal_signal_gives_a_panic_line_and_no_core(void **state)
{
    (void)state;
    check_crash(SIGABRT, "SIGABRT");
    if (!IS_SANITIZED) {
        check_crash(SIGSEGV, "SIGSEGV");
        check_crash(SIGBUS, "SIGBUS");
        check_crash(SIGFPE, "SIGFPE");
        check_crash(SIGILL, "SIGILL");
    }
}

/* The limit of the running process, as the kernel says it. */
static void read_core_limit(const char *variable, char limit[64])
{
    const char *const variables[] = { variable, NULL };
    struct wire_provider *provider =
        wire_start(&(struct wire_start){ .variables = variables });
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/limits", (int)provider->pid);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    *limit = '\0';
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "Max core file size %63s", limit) == 1)
            break;
    fclose(file);
    wire_shut_down(provider, NULL);
    wire_provider_free(provider);
}

static void core_dumps_are_off_unless_they_are_asked_for(void **state)
{
    (void)state;
    struct rlimit before, all;
    assert_int_equal(getrlimit(RLIMIT_CORE, &before), 0);
    all = before;
    all.rlim_cur = all.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_CORE, &all), 0);
    char limit[64];
    read_core_limit(NULL, limit);
    assert_string_equal(limit, "0");
    read_core_limit("AZURESTACK_CORE_DUMP=0", limit);
    assert_string_equal(limit, "0");
    read_core_limit("AZURESTACK_CORE_DUMP=1", limit);
    if (IS_SANITIZED || all.rlim_max == 0) /* sanitizers forbid them by themselves */
        print_message(
            "core dumps are forbidden here: that they can be had is not seen\n");
    else
        assert_string_not_equal(limit, "0");
    assert_int_equal(setrlimit(RLIMIT_CORE, &before), 0);
}

/* Whoever runs out, our code or a library: the end comes at once, and the host is told. */
static void out_of_memory_ends_the_process_with_a_panic_line(void **state)
{
    (void)state;
    if (IS_SANITIZED) {
        print_message("sanitizers need more address space than a limit can leave them\n");
        skip();
    }
    enum { LEFT = 24 * 1024 * 1024, REQUEST = 128 * 1024 * 1024 };
    struct wire_scene scene;
    wire_scene_open(&scene, NULL);
    ask(scene.channel, "GetProviderSchema");
    char path[64];
    unsigned long pages = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)scene.provider->pid);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu", &pages), 1);
    fclose(file);
    struct rlimit limit;
    limit.rlim_cur = limit.rlim_max = pages * (unsigned long)sysconf(_SC_PAGESIZE) + LEFT;
    assert_int_equal(prlimit(scene.provider->pid, RLIMIT_AS, &limit, NULL), 0);
    uint8_t *data = calloc(1, REQUEST);
    struct wire_reply reply;
    wire_ask(scene.channel, "ValidateResourceConfig", data, REQUEST, &reply);
    assert_int_not_equal(reply.status, GRPC_STATUS_OK);
    wire_reply_clear(&reply);
    free(data);
    assert_true(wire_wait_for_exit(scene.provider, WIRE_LIMIT_MS));
    assert_int_not_equal(scene.provider->status, 0);
    check_panic(scene.provider, "panic: ");
    /* A crash leaves its directory to the system: only its pieces are freed here. */
    wire_remove_tree(scene.provider->temporary);
    assert_int_equal(mkdir(scene.provider->temporary, 0700), 0);
    wire_scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interrupt_is_ignored),
        cmocka_unit_test(terminate_ends_an_idle_process),
        cmocka_unit_test(terminate_lets_running_applies_answer),
        cmocka_unit_test(host_killed_provider_leaves),
        cmocka_unit_test(debug_mode_serves_many_runs),
        cmocka_unit_test(debug_mode_outlives_who_started_it),
        cmocka_unit_test(a_fatal_signal_gives_a_panic_line_and_no_core),
        cmocka_unit_test(core_dumps_are_off_unless_they_are_asked_for),
        cmocka_unit_test(out_of_memory_ends_the_process_with_a_panic_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
