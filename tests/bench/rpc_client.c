/* A host that measures: it starts a plugin, asks for the schema, calls one method one at a time
 * and then ten at once, and prints what each took as JSON. C core is its client, so that what is
 * measured is the plugin and not an interpreter; it did all of that before it measures, as a host
 * that has started other plugins. bench/startup runs it.
 * SPDX-License-Identifier: MPL-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <grpc/byte_buffer.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/slice.h>
#include <openssl/evp.h>

#define USAGE                                                                            \
    "bench-rpc-client PLUGIN CERTIFICATE KEY METHOD REQUEST CALLS [CALLS_BEFORE_LOOK]…"

enum { AT_ONCE = 10, LINE_BYTES_MAX = 16 * 1024, TEXT_BYTES_MAX = 64 * 1024 };

struct text {
    char data[TEXT_BYTES_MAX];
    size_t length;
};

struct plugin {
    pid_t pid;
    clockid_t cpu;
    int out; /* its standard output, which a host keeps open */
    char line[LINE_BYTES_MAX];
    char *socket;
    char *certificate; /* PEM */
};

static grpc_completion_queue *queue;
static grpc_channel *channel;

static void die(const char *what)
{
    fprintf(stderr, "bench-rpc-client: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now_ms(clockid_t clock)
{
    struct timespec time;
    if (clock_gettime(clock, &time) < 0)
        die("clock_gettime");
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void read_file(const char *path, struct text *out)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        die(path);
    out->length = fread(out->data, 1, sizeof out->data - 1, file);
    out->data[out->length] = '\0';
    fclose(file);
}

/* ---- the process ------------------------------------------------------------------------- */

static void start(struct plugin *plugin, const char *binary, const char *certificate)
{
    static char client[TEXT_BYTES_MAX + 32], temporary[4096];
    const char *folder = getenv("TMPDIR");
    snprintf(client, sizeof client, "PLUGIN_CLIENT_CERT=%s", certificate);
    snprintf(temporary, sizeof temporary, "TMPDIR=%s", folder ? folder : "/tmp");
    char cookie[] = "TF_PLUGIN_MAGIC_COOKIE="
                    "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
    char versions[] = "PLUGIN_PROTOCOL_VERSIONS=6";
    char *variables[] = { cookie, versions, client, temporary, NULL };
    char *arguments[] = { (char *)binary, NULL };
    int out[2];
    posix_spawn_file_actions_t actions;
    if (pipe2(out, O_CLOEXEC) < 0 || posix_spawn_file_actions_init(&actions) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO) != 0 ||
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY,
                                         0) != 0)
        die("pipe");
    if ((errno = posix_spawn(&plugin->pid, binary, &actions, NULL, arguments,
                             variables)) != 0)
        die(binary);
    close(out[1]);
    posix_spawn_file_actions_destroy(&actions);
    if ((errno = clock_getcpuclockid(plugin->pid, &plugin->cpu)) != 0)
        die("clock_getcpuclockid");
    plugin->out = out[0];
    size_t length = 0;
    while (length == 0 || plugin->line[length - 1] != '\n') {
        ssize_t got = read(out[0], plugin->line + length, sizeof plugin->line - length);
        if (got <= 0)
            die("no handshake");
        length += (size_t)got;
    }
    plugin->line[length - 1] = '\0';
}

/* The fields of 1|6|unix|PATH|grpc|CERTIFICATE; the certificate becomes PEM. */
static void understand(struct plugin *plugin)
{
    char *fields[7] = { NULL }, *rest = plugin->line;
    for (size_t i = 0; i < 7 && rest != NULL; i++)
        fields[i] = strsep(&rest, "|");
    if (fields[5] == NULL || *fields[5] == '\0')
        die("a handshake without a certificate");
    static char pem[LINE_BYTES_MAX + 128];
    const char *base64 = fields[5];
    size_t length = strlen(base64), used = 0;
    used += (size_t)sprintf(pem + used, "-----BEGIN CERTIFICATE-----\n");
    for (size_t at = 0; at < length; at += 64)
        used += (size_t)sprintf(pem + used, "%.64s%s%s", base64 + at,
                                length - at <= 64 ? "===" + (length + 3) % 4 : "", "\n");
    sprintf(pem + used, "-----END CERTIFICATE-----\n");
    plugin->socket = fields[3];
    plugin->certificate = pem;
}

static void print_memory(const char *when, pid_t pid)
{
    char path[64], line[256];
    long kb;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        die(path);
    while (fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "Rss: %ld", &kb) == 1)
            printf(",\"%s_rss_kb\":%ld", when, kb);
        else if (sscanf(line, "Private_Dirty: %ld", &kb) == 1)
            printf(",\"%s_dirty_kb\":%ld", when, kb);
    fclose(file);
}

/* ---- calls -------------------------------------------------------------------------------- */

static void connect_to(const struct plugin *plugin, struct text *certificate,
                       struct text *key)
{
    static char target[1024], name[] = "localhost";
    snprintf(target, sizeof target, "unix:%s", plugin->socket);
    grpc_ssl_pem_key_cert_pair pair = { key->data, certificate->data };
    grpc_channel_credentials *credentials =
        grpc_ssl_credentials_create_ex(plugin->certificate, &pair, NULL, NULL);
    grpc_arg list[] = {
        { .type = GRPC_ARG_STRING,
          .key = GRPC_SSL_TARGET_NAME_OVERRIDE_ARG,
          .value.string = name },
        { .type = GRPC_ARG_INTEGER,
          .key = GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH,
          .value.integer = -1 },
    };
    grpc_channel_args arguments = { sizeof list / sizeof list[0], list };
    channel = grpc_channel_create(target, credentials, &arguments);
    grpc_channel_credentials_release(credentials);
}

struct one_call {
    grpc_call *call;
    grpc_metadata_array initial, trailing;
    grpc_byte_buffer *reply;
    grpc_status_code status;
    grpc_slice details;
};

static void begin_call(struct one_call *one, const char *method, struct text *request)
{
    one->call = grpc_channel_create_call(channel, NULL, 0, queue,
                                         grpc_slice_from_static_string(method), NULL,
                                         gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
    grpc_metadata_array_init(&one->initial);
    grpc_metadata_array_init(&one->trailing);
    one->reply = NULL;
    one->details = grpc_empty_slice();
    grpc_slice slice = grpc_slice_from_static_buffer(request->data, request->length);
    grpc_byte_buffer *message = grpc_raw_byte_buffer_create(&slice, 1);
    grpc_op ops[6];
    memset(ops, 0, sizeof ops);
    ops[0].op = GRPC_OP_SEND_INITIAL_METADATA;
    ops[1].op = GRPC_OP_SEND_MESSAGE;
    ops[1].data.send_message.send_message = message;
    ops[2].op = GRPC_OP_SEND_CLOSE_FROM_CLIENT;
    ops[3].op = GRPC_OP_RECV_INITIAL_METADATA;
    ops[3].data.recv_initial_metadata.recv_initial_metadata = &one->initial;
    ops[4].op = GRPC_OP_RECV_MESSAGE;
    ops[4].data.recv_message.recv_message = &one->reply;
    ops[5].op = GRPC_OP_RECV_STATUS_ON_CLIENT;
    ops[5].data.recv_status_on_client.trailing_metadata = &one->trailing;
    ops[5].data.recv_status_on_client.status = &one->status;
    ops[5].data.recv_status_on_client.status_details = &one->details;
    if (grpc_call_start_batch(one->call, ops, 6, one, NULL) != GRPC_CALL_OK)
        die("a batch was rejected");
    grpc_byte_buffer_destroy(message);
}

static void expect_answer(const struct one_call *one)
{
    if (one->status == GRPC_STATUS_OK && one->reply != NULL)
        return;
    fprintf(stderr, "bench-rpc-client: status %d: %s\n", (int)one->status,
            grpc_slice_to_c_string(one->details));
    exit(1);
}

/* The next that ends. `bytes`: of its answer; NULL: it may end without one. */
static struct one_call *end_call(size_t *bytes)
{
    grpc_event event =
        grpc_completion_queue_next(queue, gpr_inf_future(GPR_CLOCK_REALTIME), NULL);
    struct one_call *one = event.tag;
    if (bytes != NULL) {
        expect_answer(one);
        *bytes = grpc_byte_buffer_length(one->reply);
    }
    if (one->reply != NULL)
        grpc_byte_buffer_destroy(one->reply);
    grpc_metadata_array_destroy(&one->initial);
    grpc_metadata_array_destroy(&one->trailing);
    grpc_slice_unref(one->details);
    grpc_call_unref(one->call);
    return one;
}

static size_t call(const char *method, struct text *request)
{
    struct one_call one;
    size_t bytes;
    begin_call(&one, method, request);
    end_call(&bytes);
    return bytes;
}

static int compare(const void *a, const void *b)
{
    return (*(const double *)a > *(const double *)b) -
           (*(const double *)a < *(const double *)b);
}

static void measure_latency(const char *method, struct text *request, size_t count)
{
    double *took = calloc(count, sizeof *took);
    for (size_t i = 0; i < count; i++) {
        double began = now_ms(CLOCK_MONOTONIC);
        call(method, request);
        took[i] = now_ms(CLOCK_MONOTONIC) - began;
    }
    qsort(took, count, sizeof *took, compare);
    printf(",\"rpc_p50_us\":%.1f,\"rpc_p99_us\":%.1f", took[count / 2] * 1e3,
           took[count * 99 / 100] * 1e3);
    free(took);
}

/* The plugin's own computing as well, which does not change with what else the machine does. */
static void measure_throughput(const struct plugin *plugin, const char *method,
                               struct text *request, size_t count)
{
    struct one_call calls[AT_ONCE];
    size_t begun = 0, bytes;
    double began = now_ms(CLOCK_MONOTONIC), used = now_ms(plugin->cpu);
    for (; begun < AT_ONCE && begun < count; begun++)
        begin_call(&calls[begun], method, request);
    for (size_t ended = 0; ended < count; ended++) {
        struct one_call *one = end_call(&bytes);
        if (begun < count) {
            begin_call(one, method, request);
            begun++;
        }
    }
    printf(",\"calls_per_s\":%.0f,\"cpu_per_call_us\":%.2f",
           (double)count / (now_ms(CLOCK_MONOTONIC) - began) * 1e3,
           (now_ms(plugin->cpu) - used) / (double)count * 1e3);
}

/* ---- the run ------------------------------------------------------------------------------ */

/* Returns how long it took, in milliseconds. */
static double end(struct plugin *plugin)
{
    static struct text nothing;
    struct one_call one;
    int status;
    double began = now_ms(CLOCK_MONOTONIC);
    begin_call(&one, "/plugin.GRPCController/Shutdown", &nothing);
    end_call(NULL); /* go-plugin may end before its answer is out */
    while (waitpid(plugin->pid, &status, 0) < 0)
        if (errno != EINTR)
            die("waitpid");
    double took = now_ms(CLOCK_MONOTONIC) - began;
    grpc_channel_destroy(channel);
    close(plugin->out);
    return took;
}

struct begun {
    double handshake_ms, handshake_cpu_ms, schema_ms, schema_cpu_ms;
    size_t schema_bytes;
};

static struct begun begin(struct plugin *plugin, const char *binary,
                          struct text *certificate, struct text *key)
{
    static struct text nothing;
    struct begun begun;
    double began = now_ms(CLOCK_MONOTONIC);
    start(plugin, binary, certificate->data);
    begun.handshake_ms = now_ms(CLOCK_MONOTONIC) - began;
    begun.handshake_cpu_ms = now_ms(plugin->cpu);
    understand(plugin);
    connect_to(plugin, certificate, key);
    begun.schema_bytes = call("/tfplugin6.Provider/GetProviderSchema", &nothing);
    begun.schema_ms = now_ms(CLOCK_MONOTONIC) - began;
    begun.schema_cpu_ms = now_ms(plugin->cpu);
    return begun;
}

int main(int argc, char **argv)
{
    static struct text certificate, key, request;
    static struct plugin plugin;
    if (argc < 7) {
        fputs("usage: " USAGE "\n", stderr);
        return 2;
    }
    read_file(argv[2], &certificate);
    read_file(argv[3], &key);
    read_file(argv[5], &request);
    size_t calls = strtoul(argv[6], NULL, 10), done = 2 * calls;
    grpc_init();
    queue = grpc_completion_queue_create_for_next(NULL);
    begin(&plugin, argv[1], &certificate, &key);
    end(&plugin);

    struct begun begun = begin(&plugin, argv[1], &certificate, &key);
    printf("{\"handshake_ms\":%.3f,\"handshake_cpu_ms\":%.3f,\"schema_ms\":%.3f,"
           "\"schema_cpu_ms\":%.3f,\"schema_bytes\":%zu",
           begun.handshake_ms, begun.handshake_cpu_ms, begun.schema_ms,
           begun.schema_cpu_ms, begun.schema_bytes);
    print_memory("start", plugin.pid);
    if (calls != 0) {
        measure_latency(argv[4], &request, calls);
        measure_throughput(&plugin, argv[4], &request, calls);
    }
    for (int i = 7; i < argc; i++) {
        for (size_t until = strtoul(argv[i], NULL, 10); done < until; done++)
            call(argv[4], &request);
        char when[48];
        snprintf(when, sizeof when, "after_%zu", done);
        print_memory(when, plugin.pid);
    }
    printf(",\"gone_ms\":%.3f}\n", end(&plugin));
    return 0;
}
