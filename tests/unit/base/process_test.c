/* How the process dies. Each death is a child's.
 * SPDX-License-Identifier: MPL-2.0 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/process.h"
#include "base/thread.h"
#include "support/test.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#else
#define HAS_SANITIZER 0
#endif

static char report[16 * 1024];

/* Runs the act in a child, leaves what it wrote in `report`, and returns how it ended. */
static int run_child(void (*act)(void))
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        act();
        _exit(0);
    }
    close(ends[1]);
    size_t length = 0;
    ssize_t bytes;
    while ((bytes = read(ends[0], report + length, sizeof report - 1 - length)) > 0)
        length += (size_t)bytes;
    report[length] = '\0';
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

#define PANIC "panic: terraform-provider-azurestack 1.2.3: "

/* The report begins so. */
static void assert_dies(void (*act)(void), int number, const char *start)
{
    int status = run_child(act);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != number ||
        strncmp(report, start, strlen(start)) != 0)
        fail_msg("ended with status %x; it wrote:\n%s", (unsigned)status, report);
}

/* The act ends in exit(7) where all is well. */
static void assert_good(void (*act)(void))
{
    int status = run_child(act);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

static void abort_in_a_task(void)
{
    process_init("1.2.3");
    process_set_task("ApplyResourceChange");
    abort();
}

static void abort_without_a_task(void)
{
    process_init("1.2.3");
    process_set_task("ApplyResourceChange");
    process_set_task(NULL);
    abort();
}

static int received;

/* As the kernel sends it, which a process may pretend towards itself. */
static void receive_from_kernel(void)
{
    siginfo_t info = { .si_signo = received, .si_code = 1 };
    info.si_addr = (void *)(uintptr_t)0xC0FFEE0;
    process_init("1.2.3");
    syscall(SYS_rt_sigqueueinfo, getpid(), received, &info);
    pause();
}

static void receive_from_a_process(void)
{
    process_init("1.2.3");
    kill(getpid(), SIGSYS);
    pause();
}

TEST(a_fatal_signal_leaves_a_panic_line_and_a_backtrace)
{
    assert_dies(abort_in_a_task, SIGABRT, PANIC "SIGABRT in ApplyResourceChange\nloaded at 0x");
    int lines = 0;
    for (const char *at = report; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_true(lines >= 4);
    assert_dies(abort_without_a_task, SIGABRT, PANIC "SIGABRT\n");
    static const struct {
        int number;
        const char *report;
    } rows[] = {
        { SIGSYS, PANIC "SIGSYS (address 0xc0ffee0)\n" },
        /* A sanitizer would report these itself. */
        { SIGSEGV, PANIC "SIGSEGV (address 0xc0ffee0)\n" },
        { SIGBUS, PANIC "SIGBUS (address 0xc0ffee0)\n" },
        { SIGFPE, PANIC "SIGFPE (address 0xc0ffee0)\n" },
        { SIGILL, PANIC "SIGILL (address 0xc0ffee0)\n" },
    };
    for (size_t i = 0; i < (HAS_SANITIZER ? 1 : sizeof rows / sizeof *rows); i++) {
        received = rows[i].number;
        assert_dies(receive_from_kernel, received, rows[i].report);
    }
    assert_dies(receive_from_a_process, SIGSYS, PANIC "SIGSYS\n");
}

static void *overflow(void *depth)
{
    volatile char frame[4096];
    frame[0] = (char)(uintptr_t)depth;
    process_set_task("a deep thread");
    if ((uintptr_t)depth == UINTPTR_MAX)
        return NULL; /* it does not get there, but the compiler is content */
    /* Used after the call, so that it is no loop. */
    return (char *)overflow((char *)depth + 1) + frame[0];
}

static void overflow_in_a_thread(void)
{
    process_init("1.2.3");
    pthread_t thread;
    pthread_create(&thread, NULL, overflow, NULL);
    pthread_join(thread, NULL);
}

TEST(a_stack_that_overflows_is_reported)
{
    if (HAS_SANITIZER) {
        print_message("skipped: the sanitizer reports this itself\n");
        skip();
    }
    assert_dies(overflow_in_a_thread, SIGSEGV, PANIC "SIGSEGV (address 0x");
    assert_has(report, ") in a deep thread\n");
}

static void compare_handlers(void)
{
    struct sigaction before, after, aborting;
    sigaction(SIGSEGV, NULL, &before);
    process_init("1.2.3");
    sigaction(SIGSEGV, NULL, &after);
    sigaction(SIGABRT, NULL, &aborting);
    bool is_other = before.sa_sigaction != after.sa_sigaction;
    _exit(is_other == !HAS_SANITIZER && aborting.sa_handler != SIG_DFL ? 7 : 8);
}

TEST(a_sanitizer_keeps_its_own_report)
{
    assert_good(compare_handlers);
}

/* A sanitizer would end the process itself. */
#define MAY_RETURN_NULL "allocator_may_return_null=1"
const char *__asan_default_options(void), *__tsan_default_options(void);
const char *__asan_default_options(void)
{
    return MAY_RETURN_NULL;
}
const char *__tsan_default_options(void)
{
    return MAY_RETURN_NULL;
}

static volatile size_t too_much = SIZE_MAX / 4;

static void take_too_much(void)
{
    memory_new(too_much);
}

static void take_too_many(void)
{
    memory_new_many(too_much, 8); /* overflows to a few bytes */
}

static void move_into_too_much(void)
{
    memory_move_and_wipe(NULL, too_much);
}

/* What the libraries are given that make bodies and send requests: a part would be missing. */
TEST(no_allocation_fails_without_an_end_of_the_process)
{
    void (*const acts[])(void) = { take_too_much, take_too_many, move_into_too_much };
    EACH (act, acts) {
        int status = run_child(*act);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 2);
        assert_has(report, "panic: out of memory");
    }
}

static void look_at_core_dumps(void)
{
    const char *wanted = getenv("AZURESTACK_CORE_DUMP");
    struct rlimit before, after;
    getrlimit(RLIMIT_CORE, &before);
    process_init("1.2.3");
    getrlimit(RLIMIT_CORE, &after);
    bool is_same = before.rlim_cur == after.rlim_cur && before.rlim_max == after.rlim_max;
    bool is_off = after.rlim_cur == 0 && after.rlim_max == 0;
    int is_dumpable = prctl(PR_GET_DUMPABLE);
    bool is_good = wanted != NULL && strcmp(wanted, "1") == 0
                       ? is_same && is_dumpable == 1
                       : is_off && is_dumpable == HAS_SANITIZER;
    _exit(is_good ? 7 : 8);
}

TEST(core_dumps_are_made_only_on_request)
{
    unsetenv("AZURESTACK_CORE_DUMP");
    assert_good(look_at_core_dumps);
    setenv("AZURESTACK_CORE_DUMP", "yes", 1);
    assert_good(look_at_core_dumps);
    setenv("AZURESTACK_CORE_DUMP", "1", 1);
    assert_good(look_at_core_dumps);
    unsetenv("AZURESTACK_CORE_DUMP");
}

static void print_after_the_handshake(void)
{
    dup2(STDERR_FILENO, STDOUT_FILENO);
    process_leave_stdout();
    _exit(write(STDOUT_FILENO, "x", 1) == 1 ? 7 : 8);
}

static void print_without_a_standard_input(void)
{
    close(STDIN_FILENO);
    print_after_the_handshake();
}

TEST(what_is_printed_after_the_handshake_is_not_shown)
{
    assert_good(print_after_the_handshake);
    assert_string_equal(report, "");
    assert_good(print_without_a_standard_input);
    assert_string_equal(report, "");
}

static long read_pages(void)
{
    long pages = -1;
    FILE *stream = fopen("/proc/self/statm", "r");
    if (stream == NULL || fscanf(stream, "%ld", &pages) != 1)
        _exit(9);
    fclose(stream);
    return pages;
}

static void probe_threads(void)
{
    enum { THREADS = 60, STACK = 8 << 20 };
    const struct rlimit few = { 4096, 8192 }, enough = { 8192, 8192 };
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    pthread_setattr_default_np(&attributes);
    if (setrlimit(RLIMIT_NPROC, &few) < 0 || thread_probe(THREADS) != 0)
        _exit(8);
    long before = read_pages();
    bool is_good = thread_probe(THREADS) == 0 &&
                   read_pages() - before < (long)THREADS / 4 * STACK / sysconf(_SC_PAGESIZE);
    pthread_attr_setstacksize(&attributes, (size_t)1 << 50);
    pthread_setattr_default_np(&attributes);
    is_good = is_good && thread_probe(1) != 0 && setrlimit(RLIMIT_NPROC, &enough) == 0 &&
              thread_probe(1) == 0; /* not tried */
    _exit(is_good ? 7 : 8);
}

TEST(where_threads_are_few_they_are_tried_and_end)
{
    assert_good(probe_threads);
}

/* In place of the system's, as provider/static_threads.c in the build that ships. */
static bool may_fail;

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *state)
{
    __typeof__(pthread_create) *next = dlsym(RTLD_NEXT, "pthread_create");
    may_fail = thread_may_fail();
    return next(thread, attributes, run, state);
}

static void *end(void *state)
{
    return state;
}

TEST(a_thread_of_ours_may_fail_and_one_of_a_library_only_where_it_is_let)
{
    pthread_t thread;
    const struct {
        bool is_ours, may_fail;
    } rows[] = { { false, false }, { true, true }, { false, false } };
    EACH (row, rows) {
        assert_int_equal(row->is_ours ? thread_start(&thread, end, NULL)
                                      : pthread_create(&thread, NULL, end, NULL),
                         0);
        pthread_join(thread, NULL);
        assert_int_equal(may_fail, row->may_fail);
    }
    thread_let_fail();
    assert_int_equal(pthread_create(&thread, NULL, end, NULL), 0);
    pthread_join(thread, NULL);
    assert_true(may_fail);
}

static void *take_mask(void *mask)
{
    pthread_sigmask(SIG_SETMASK, NULL, mask);
    return NULL;
}

TEST(a_thread_of_ours_leaves_signals_to_its_starter)
{
    sigset_t starter, thread_mask;
    pthread_t thread;
    /* The second time as the server does, which blocks them for all threads that it starts. */
    for (int is_nested = 0; is_nested <= 1; is_nested++) {
        if (is_nested)
            thread_block_signals();
        assert_int_equal(thread_start(&thread, take_mask, &thread_mask), 0);
        pthread_join(thread, NULL);
        take_mask(&starter);
        assert_int_equal(sigismember(&thread_mask, SIGTERM), 1);
        assert_int_equal(sigismember(&thread_mask, SIGSEGV), 0);
        assert_int_equal(sigismember(&starter, SIGTERM), is_nested);
    }
    thread_unblock_signals();
    take_mask(&starter);
    assert_int_equal(sigismember(&starter, SIGTERM), 0);
}

static void write_to_a_closed_pipe(void)
{
    int ends[2];
    process_init("1.2.3");
    if (pipe(ends) < 0)
        _exit(8);
    close(ends[0]);
    _exit(write(ends[1], "x", 1) < 0 ? 7 : 8);
}

TEST(a_broken_pipe_is_not_deadly)
{
    assert_good(write_to_a_closed_pipe);
}

static void start_without_streams(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++)
        close(fd);
    process_init("1.2.3");
    int next = open("/dev/null", O_RDONLY);
    _exit(next > STDERR_FILENO && write(STDERR_FILENO, "x", 1) < 0 ? 7 : 8);
}

TEST(no_file_and_no_connection_gets_the_number_of_a_closed_stream)
{
    assert_good(start_without_streams);
}
