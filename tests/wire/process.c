/* The provider as a process.
 * SPDX-License-Identifier: MPL-2.0 */
#include "process.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { VARIABLES_MAX = 64 };

/* What the provider needs of the test's own environment; all else stays out. */
static const char *const inherited[] = { "PATH",           "ASAN_OPTIONS", "LSAN_OPTIONS",
                                         "UBSAN_OPTIONS",  "TSAN_OPTIONS", "HOME",
                                         "LD_LIBRARY_PATH" };

long long wire_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct environment {
    char *list[VARIABLES_MAX];
    size_t count;
};

static void add(struct environment *to, const char *name, const char *text)
{
    if (to->count + 1 >= VARIABLES_MAX ||
        asprintf(&to->list[to->count], "%s%s%s", name, text != NULL ? "=" : "",
                 text != NULL ? text : "") < 0)
        abort();
    to->count++;
}

static void fill(struct environment *to, const struct wire_start *start,
                 const struct wire_provider *provider)
{
    for (size_t i = 0; i < sizeof inherited / sizeof inherited[0]; i++)
        if (getenv(inherited[i]) != NULL)
            add(to, inherited[i], getenv(inherited[i]));
    if (!start->without_cookie)
        add(to, WIRE_COOKIE, NULL);
    add(to, "PLUGIN_PROTOCOL_VERSIONS", "6,5");
    add(to, "PLUGIN_MIN_PORT", "10000");
    add(to, "PLUGIN_MAX_PORT", "25000");
    add(to, "TMPDIR", provider->temporary);
    if (start->host != NULL)
        add(to, "PLUGIN_CLIENT_CERT", start->host->certificate_pem);
    for (size_t i = 0; start->variables != NULL && start->variables[i] != NULL; i++)
        add(to, start->variables[i], NULL);
}

static void spawn(struct wire_provider *provider, const char *option, char **variables)
{
    char *binary = getenv("PROVIDER_BINARY");
    if (binary == NULL)
        fail_msg("PROVIDER_BINARY is not set");
    int pipes[2];
    assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, pipes[1], 1);
    posix_spawn_file_actions_addopen(&actions, 2, provider->error_path,
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    char *arguments[] = { binary, (char *)(uintptr_t)option, NULL };
    int failure =
        posix_spawn(&provider->pid, binary, &actions, NULL, arguments, variables);
    posix_spawn_file_actions_destroy(&actions);
    close(pipes[1]);
    provider->out = pipes[0];
    if (failure != 0)
        fail_msg("%s: %s", binary, strerror(failure));
}

/* One line, or what came before the end or the limit. */
static bool read_line(struct wire_provider *provider)
{
    long long end = wire_now_ms() + WIRE_LIMIT_MS;
    size_t length = 0;
    while (length < sizeof provider->line - 1) {
        struct pollfd wait = { .fd = provider->out, .events = POLLIN };
        long long left = end - wire_now_ms();
        if (left <= 0 || poll(&wait, 1, (int)left) <= 0)
            break;
        ssize_t got = read(provider->out, provider->line + length, 1);
        if (got <= 0)
            break;
        if (provider->line[length] == '\n') {
            provider->line[length] = '\0';
            return true;
        }
        length++;
    }
    provider->line[length] = '\0';
    return false;
}

static void split_fields(struct wire_provider *provider)
{
    strcpy(provider->parts, provider->line);
    char *rest = provider->parts;
    while (rest != NULL && provider->field_count < 8)
        provider->fields[provider->field_count++] = strsep(&rest, "|");
}

static void make_temporary(struct wire_provider *provider, const char *wish)
{
    if (wish != NULL) {
        snprintf(provider->temporary, sizeof provider->temporary, "%s", wish);
        return;
    }
    snprintf(provider->temporary, sizeof provider->temporary, "/tmp/wire-XXXXXX");
    assert_non_null(mkdtemp(provider->temporary));
    provider->owns_temporary = true;
}

struct wire_provider *wire_start(const struct wire_start *start)
{
    struct wire_provider *provider = calloc(1, sizeof *provider);
    make_temporary(provider, start->temporary);
    snprintf(provider->error_path, sizeof provider->error_path,
             "/tmp/wire-errors-XXXXXX");
    int file = mkstemp(provider->error_path);
    assert_true(file >= 0);
    close(file);
    struct environment variables = { .count = 0 };
    fill(&variables, start, provider);
    spawn(provider, start->option, variables.list);
    for (size_t i = 0; i < variables.count; i++)
        free(variables.list[i]);
    bool has_line = read_line(provider);
    if (has_line)
        split_fields(provider);
    if (!has_line && !start->allows_failure) {
        char *errors = wire_read_errors(provider);
        fail_msg("no handshake; standard error says:\n%s", errors);
    }
    return provider;
}

void wire_provider_free(struct wire_provider *provider)
{
    if (provider == NULL)
        return;
    if (provider->pid > 0) {
        kill(provider->pid, SIGKILL);
        waitpid(provider->pid, NULL, 0);
    }
    close(provider->out);
    unlink(provider->error_path);
    if (provider->owns_temporary)
        wire_remove_tree(provider->temporary);
    free(provider);
}

const char *wire_socket_path(const struct wire_provider *provider)
{
    return provider->field_count > 3 ? provider->fields[3] : "";
}

bool wire_wait_for_exit(struct wire_provider *provider, int limit_ms)
{
    int handle = (int)syscall(SYS_pidfd_open, provider->pid, 0);
    struct pollfd wait = { .fd = handle, .events = POLLIN };
    bool has_ended = handle >= 0 && poll(&wait, 1, limit_ms) == 1;
    close(handle);
    if (!has_ended)
        return false;
    assert_int_equal(waitpid(provider->pid, &provider->status, 0), provider->pid);
    provider->pid = 0;
    return true;
}

bool wire_wait_until_gone(const char *path, int limit_ms)
{
    struct stat found;
    for (long long end = wire_now_ms() + limit_ms; lstat(path, &found) == 0;) {
        if (wire_now_ms() > end)
            return false;
        poll(NULL, 0, 5); /* a directory's end is no event to wait for */
    }
    return true;
}

char *wire_read_errors(const struct wire_provider *provider)
{
    FILE *file = fopen(provider->error_path, "re");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    long length = ftell(file);
    rewind(file);
    char *text = calloc(1, (size_t)length + 1);
    size_t got = fread(text, 1, (size_t)length, file);
    text[got] = '\0';
    fclose(file);
    return text;
}

char *wire_read_output(struct wire_provider *provider)
{
    size_t length = 0, room = 4096;
    char *text = calloc(1, room);
    for (long long end = wire_now_ms() + WIRE_LIMIT_MS;;) {
        struct pollfd wait = { .fd = provider->out, .events = POLLIN };
        long long left = end - wire_now_ms();
        if (left <= 0 || poll(&wait, 1, (int)left) != 1)
            fail_msg("standard output does not end");
        ssize_t got = read(provider->out, text + length, room - length - 1);
        if (got <= 0)
            break;
        length += (size_t)got;
        if (length + 1 == room)
            text = realloc(text, room *= 2);
    }
    text[length] = '\0';
    return text;
}

size_t wire_count_entries(const char *directory)
{
    DIR *open = opendir(directory);
    assert_non_null(open);
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(open)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            count++;
    closedir(open);
    return count;
}

void wire_remove_tree(const char *directory)
{
    DIR *open = opendir(directory);
    if (open == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(open)) != NULL;) {
        char path[1024];
        struct stat found;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        if (lstat(path, &found) == 0 && S_ISDIR(found.st_mode))
            wire_remove_tree(path);
        else
            unlink(path);
    }
    closedir(open);
    rmdir(directory);
}

void wire_silence_open(struct wire_silence *silence)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    silence->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(silence->listener, (struct sockaddr *)&address, sizeof address),
                     0);
    assert_int_equal(listen(silence->listener, 16), 0);
    assert_int_equal(getsockname(silence->listener, (struct sockaddr *)&address, &length),
                     0);
    silence->port = ntohs(address.sin_port);
}

void wire_silence_close(struct wire_silence *silence)
{
    close(silence->listener);
}

int wire_silence_accept(struct wire_silence *silence, int limit_ms)
{
    struct pollfd wait = { .fd = silence->listener, .events = POLLIN };
    if (poll(&wait, 1, limit_ms) != 1)
        return -1;
    return accept4(silence->listener, NULL, NULL, SOCK_CLOEXEC);
}

bool wire_wait_until_closed(int connection, int limit_ms)
{
    char ignored[4096];
    for (long long end = wire_now_ms() + limit_ms;;) {
        struct pollfd wait = { .fd = connection, .events = POLLIN };
        long long left = end - wire_now_ms();
        if (left <= 0 || poll(&wait, 1, (int)left) != 1)
            return false;
        if (read(connection, ignored, sizeof ignored) <= 0)
            return true;
    }
}
