/* How the process crashes, and what it must not leave behind.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/process.h"

#include <execinfo.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/posix.h"

/* A sanitizer reports these signals better. And its leak check attaches to the process as a
 * debugger does. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZER_WATCHES 1
#else
#define SANITIZER_WATCHES 0
#endif

enum {
    FRAMES_MAX = 64,
    SIGNAL_STACK_BYTES = 64 * 1024,
    REPORT_SECONDS_MAX = 5,
};

static const struct {
    int number;
    const char *name;
    bool has_address;
    bool is_sanitizers;
} signals[] = {
    { SIGSEGV, "SIGSEGV", true, true },   { SIGBUS, "SIGBUS", true, true },
    { SIGFPE, "SIGFPE", true, true },     { SIGILL, "SIGILL", true, true },
    { SIGABRT, "SIGABRT", false, false }, { SIGSYS, "SIGSYS", true, false },
};
enum { SIGNAL_COUNT = sizeof signals / sizeof signals[0] };

static const char *provider_version = "";
static atomic_bool is_reporting;
static pthread_key_t stack_key;
static _Thread_local const char *current_task;
static _Thread_local bool has_signal_stack, is_reporter;

/* --- the report; async-signal-safe calls only ------------------------------------------ */

/* One line, which is written by one write(). */
struct report_line {
    char text[512];
    size_t length;
};

static void add(struct report_line *line, const char *text)
{
    for (; *text != '\0' && line->length < sizeof line->text - 1; text++)
        line->text[line->length++] = *text;
}

static void add_hexadecimal(struct report_line *line, uintptr_t number)
{
    char digits[2 * sizeof number + 1];
    char *at = digits + sizeof digits - 1;
    *at = '\0';
    do {
        *--at = "0123456789abcdef"[number & 0x0F];
        number >>= 4;
    } while (number != 0);
    add(line, "0x");
    add(line, at);
}

static void write_line(struct report_line *line)
{
    line->text[line->length++] = '\n';
    /* A failure cannot be reported anywhere. */
    if (write(STDERR_FILENO, line->text, line->length) < 0)
        return;
}

static void report(int number, const siginfo_t *info)
{
    struct report_line line = { .length = 0 };
    const char *name = "a signal";
    bool has_address = false;
    for (size_t i = 0; i < SIGNAL_COUNT; i++) {
        if (signals[i].number == number) {
            name = signals[i].name;
            /* not where a process sent it */
            has_address =
                signals[i].has_address && info->si_code > 0 && info->si_code != SI_USER;
        }
    }
    add(&line, "panic: terraform-provider-azurestack ");
    add(&line, provider_version);
    add(&line, ": ");
    add(&line, name);
    if (has_address) {
        add(&line, " (address ");
        add_hexadecimal(&line, (uintptr_t)info->si_addr);
        add(&line, ")");
    }
    if (current_task != NULL) {
        add(&line, " in ");
        add(&line, current_task);
    }
    write_line(&line);

    /* The base of the addresses below: the program is loaded at another address each time. */
    line.length = 0;
    add(&line, "loaded at ");
    add_hexadecimal(&line, (uintptr_t)process_base());
    write_line(&line);

    void *frames[FRAMES_MAX];
    int count = backtrace(frames, FRAMES_MAX);
    backtrace_symbols_fd(frames, count, STDERR_FILENO);
}

static void on_fatal_signal(int number, siginfo_t *info, void *context)
{
    (void)context;
    /* Another thread is writing the report and will end the process. */
    while (!is_reporter && atomic_exchange(&is_reporting, true))
        pause();
    if (!is_reporter) {
        is_reporter = true;
        /* In case the report hangs, for example at a lock of the thread that crashed. */
        signal(SIGALRM, SIG_DFL);
        alarm(REPORT_SECONDS_MAX);
        report(number, info);
        alarm(0);
    } /* the report itself has crashed: do not continue it */

    signal(number, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, number);
    raise(number);
    pthread_sigmask(SIG_UNBLOCK, &only, NULL);
    _exit(128 + number);
}

/* --- set-up ------------------------------------------------------------------------------ */

static void free_signal_stack(void *stack)
{
    stack_t none = { .ss_flags = SS_DISABLE };
    sigaltstack(&none, NULL);
    free(stack);
}

/* If a stack has overflowed, the handler needs another one. */
static void add_signal_stack(void)
{
    if (has_signal_stack || SANITIZER_WATCHES) /* sanitizers have their own */
        return;
    void *memory = memory_new(SIGNAL_STACK_BYTES);
    stack_t stack = { .ss_sp = memory, .ss_size = SIGNAL_STACK_BYTES };
    if (sigaltstack(&stack, NULL) < 0 || pthread_setspecific(stack_key, memory) != 0) {
        free_signal_stack(memory);
        return;
    }
    has_signal_stack = true;
}

static void watch_signals(void)
{
    /* The first call loads a library and allocates, which a handler must not do. */
    void *frames[2];
    backtrace(frames, 2);

    struct sigaction action = { .sa_flags = SA_SIGINFO | SA_ONSTACK };
    action.sa_sigaction = on_fatal_signal;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        if (!SANITIZER_WATCHES || !signals[i].is_sanitizers)
            sigaction(signals[i].number, &action, NULL);
}

static void forbid_core_dumps(void)
{
    const char *wish = getenv("AZURESTACK_CORE_DUMP");
    if (wish != NULL && strcmp(wish, "1") == 0)
        return;
    struct rlimit none = { .rlim_cur = 0, .rlim_max = 0 };
    setrlimit(RLIMIT_CORE, &none);
    if (!SANITIZER_WATCHES)
        process_forbid_reading();
}

/* In place of a stream that is closed. Else the next file or connection would get its number, and
 * with it all that is printed. */
static void fill_streams(void)
{
    int fd;
    do
        fd = open("/dev/null", O_RDONLY | O_CLOEXEC); /* still, nothing can be printed */
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

void process_init(const char *version)
{
    provider_version = version;
    fill_streams();
    process_set_up_memory();
    signal(SIGPIPE, SIG_IGN);
    forbid_core_dumps();
    if (pthread_key_create(&stack_key, free_signal_stack) == 0)
        add_signal_stack();
    watch_signals();
}

int process_check_files(struct error *err)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur >= PROCESS_FILES_MIN)
        return 0;
    files.rlim_cur =
        files.rlim_max < PROCESS_FILES_MIN ? files.rlim_max : PROCESS_FILES_MIN;
    if (files.rlim_cur >= PROCESS_FILES_MIN && setrlimit(RLIMIT_NOFILE, &files) == 0)
        return 0;
    return error_set(err, ERR_INTERNAL,
                     "the limit of open files is %llu, but the provider needs %d: "
                     "raise the limit (ulimit -n)",
                     (unsigned long long)files.rlim_cur, PROCESS_FILES_MIN);
}

void process_keep_streams(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        int flags = fcntl(fd, F_GETFD);
        if (flags >= 0)
            fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
    }
}

void process_leave_stdout(void)
{
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere < 0)
        return;
    dup2(nowhere, STDOUT_FILENO);
    fcntl(STDOUT_FILENO, F_SETFD, FD_CLOEXEC);
    close(nowhere);
}

static pid_t parent;

void process_remember_parent(void)
{
    parent = getppid();
}

/* A process whose parent ends gets another parent. (PR_SET_PDEATHSIG does not help: it is bound to
 * the parent's thread, and Go's threads come and go.) */
bool process_parent_is_gone(void)
{
    return getppid() != parent;
}

long process_id(void)
{
    return getpid();
}

void process_set_task(const char *task)
{
    if (task != NULL && *provider_version != '\0')
        add_signal_stack();
    current_task = task;
}
