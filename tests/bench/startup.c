/* How long the provider takes to start, and what it holds, beside an empty C program; for a
 * person on an idle machine, of the release build:
 *
 *   cmake --build --preset release --target bench-startup
 *   build/release/tests/bench-startup [runs]
 *
 * SPDX-License-Identifier: MPL-2.0 */
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "wire/client.h"

enum { RUNS_MAX = 1000, LINE_LIMIT_MS = 10 * 1000 };

struct series {
    double values[RUNS_MAX];
    size_t count;
};

static struct series empty_line, handshake, schema, gone, empty_dirty, dirty;

static void must(bool is_good, const char *what)
{
    if (is_good)
        return;
    perror(what);
    exit(1);
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void add(struct series *series, double value)
{
    series->values[series->count++] = value;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(struct series *series)
{
    size_t count = series->count;
    qsort(series->values, count, sizeof *series->values, compare);
    return (series->values[(count - 1) / 2] + series->values[count / 2]) / 2;
}

/* ---- processes ----------------------------------------------------------------------------- */

struct child {
    pid_t pid;
    int in, out;
};

static struct child start(const char *binary, char **variables)
{
    int in[2], out[2];
    must(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0, "pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    struct child child = { .in = in[1], .out = out[0] };
    char *arguments[] = { (char *)(uintptr_t)binary, NULL };
    must(posix_spawn(&child.pid, binary, &actions, NULL, arguments, variables) == 0,
         binary);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    return child;
}

/* The handshake line, into the form that the client takes. */
static void read_line(const struct child *child, struct wire_provider *provider)
{
    size_t length = 0;
    while (memchr(provider->parts, '\n', length) == NULL) {
        struct pollfd wait = { .fd = child->out, .events = POLLIN };
        must(poll(&wait, 1, LINE_LIMIT_MS) == 1, "waiting for the line");
        ssize_t got = read(child->out, provider->parts + length,
                           sizeof provider->parts - 1 - length);
        must(got > 0, "reading the line");
        length += (size_t)got;
    }
    provider->parts[length - 1] = '\0';
    char *rest = provider->parts;
    while (rest != NULL && provider->field_count < 8)
        provider->fields[provider->field_count++] = strsep(&rest, "|");
}

static void end(const struct child *child)
{
    int status;
    close(child->in);
    must(waitpid(child->pid, &status, 0) == child->pid && status == 0, "its end");
    close(child->out);
}

static double private_dirty_kb(pid_t pid)
{
    char path[64], line[256];
    double kilobytes = -1;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(path, "re");
    must(file != NULL, path);
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "Private_Dirty: %lf", &kilobytes) == 1)
            break;
    fclose(file);
    must(kilobytes >= 0, "Private_Dirty");
    return kilobytes;
}

/* ---- the two, in turn ------------------------------------------------------------------------ */

static void run_empty(void)
{
    char *variables[] = { NULL };
    static struct wire_provider provider;
    memset(&provider, 0, sizeof provider);
    double began = now_ms();
    struct child child = start(EMPTY_BINARY, variables);
    read_line(&child, &provider);
    add(&empty_line, now_ms() - began);
    add(&empty_dirty, private_dirty_kb(child.pid));
    end(&child);
}

static void ask(struct wire_channel *channel, const char *path)
{
    struct wire_reply reply;
    wire_ask(channel, path, NULL, 0, &reply);
    must(reply.status == GRPC_STATUS_OK, path);
    wire_reply_clear(&reply);
}

static void run_provider(const struct wire_identity *host, char **variables)
{
    static struct wire_provider provider;
    memset(&provider, 0, sizeof provider);
    double began = now_ms();
    struct child child = start(PROVIDER_BINARY, variables);
    read_line(&child, &provider);
    add(&handshake, now_ms() - began);
    struct wire_channel *channel = wire_connect(&provider, host);
    ask(channel, "GetProviderSchema");
    add(&schema, now_ms() - began);
    add(&dirty, private_dirty_kb(child.pid));
    double ending = now_ms();
    ask(channel, "/plugin.GRPCController/Shutdown");
    end(&child);
    add(&gone, now_ms() - ending);
    wire_channel_free(channel);
}

/* ---- the report ------------------------------------------------------------------------------ */

static void show(const char *name, struct series *series, const char *unit, double floor)
{
    double middle = median(series);
    printf("%-34s %9.2f %9.2f %9.2f %-3s %7.1f\n", name, middle, series->values[0],
           series->values[series->count - 1], unit, middle / floor);
}

static void report(long runs)
{
    struct stat file, empty_file;
    double load[3] = { 0, 0, 0 };
    must(stat(PROVIDER_BINARY, &file) == 0 && stat(EMPTY_BINARY, &empty_file) == 0,
         "the size of the binaries");
    getloadavg(load, 3);
    printf("%ld runs of each in turn, %ld cores, load %.2f\n", runs,
           sysconf(_SC_NPROCESSORS_ONLN), load[0]);
    printf("%-34s %9s %9s %9s %-3s %7s\n", "", "median", "least", "most", "", "ratio");
    double floor_ms = median(&empty_line), floor_kb = median(&empty_dirty);
    show("empty program, its line", &empty_line, "ms", floor_ms);
    show("provider, handshake", &handshake, "ms", floor_ms);
    show("provider, first schema reply", &schema, "ms", floor_ms);
    show("provider, Shutdown until it is gone", &gone, "ms", floor_ms);
    show("empty program, private dirty", &empty_dirty, "kB", floor_kb);
    show("provider, private dirty", &dirty, "kB", floor_kb);
    printf("%-34s %9lld kB  (the empty one has %lld)\n", "provider, binary",
           (long long)file.st_size / 1024, (long long)empty_file.st_size / 1024);
    printf(
        "The schema's time contains the client's own part: a TLS handshake with a P-521\n"
        "key, which is what Terraform's costs too.\n");
}

int main(int argc, char **argv)
{
    long runs = argc > 1 ? strtol(argv[1], NULL, 10) : 50;
    if (argc > 2 || runs < 1 || runs > RUNS_MAX) {
        fprintf(stderr, "usage: bench-startup [runs, at most %d]\n", RUNS_MAX);
        return 2;
    }
    struct wire_identity *host = wire_identity_new(NULL);
    char *certificate;
    must(asprintf(&certificate, "PLUGIN_CLIENT_CERT=%s", host->certificate_pem) > 0,
         "memory");
    char *variables[] = { (char *)(uintptr_t)WIRE_COOKIE,
                          (char *)(uintptr_t) "PLUGIN_PROTOCOL_VERSIONS=6,5", certificate,
                          NULL };
    sync();      /* a page of a file just written counts as dirty */
    grpc_init(); /* the client's own start is not measured */
    run_empty();
    run_provider(host, variables); /* both once, to have the files in memory */
    empty_line.count = handshake.count = schema.count = 0;
    gone.count = empty_dirty.count = dirty.count = 0;
    for (long i = 0; i < runs; i++) {
        run_empty();
        run_provider(host, variables);
    }
    report(runs);
    grpc_shutdown();
    free(certificate);
    wire_identity_free(host);
    return 0;
}
