/* Another program: what it gets, what it may print, and that nothing of it is left.
 * SPDX-License-Identifier: MPL-2.0 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/memory.h"
#include "support/test.h"

enum { PATIENCE_MS = 40 * 1000 };

/* In place of the C library's, for a test of a system without pidfd, such as macOS. */
static bool has_pidfd = true;
long syscall(long number, ...)
{
    va_list list;
    va_start(list, number);
    long a = va_arg(list, long), b = va_arg(list, long), c = va_arg(list, long);
    va_end(list);
    long (*real)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    return number == SYS_pidfd_open && !has_pidfd ? -1 : real(number, a, b, c);
}

/* One call, which may run several programs after each other. */
static struct {
    struct stop *stop;
    struct call call;
    struct child_result result; /* of the last one */
    bool is_patience_over;
    struct error err;
} run;

static int begin(void **state)
{
    (void)state;
    memset(&run, 0, sizeof run);
    has_pidfd = true;
    run.stop = stop_new();
    call_init(&run.call, run.stop);
    run.call.deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
    return 0;
}

static int end(void **state)
{
    (void)state;
    child_result_clear(&run.result);
    call_clear(&run.call);
    stop_free(run.stop);
    clock_fake_end();
    return 0;
}

#define CASE(name) TEST_WITH(name, begin, end)

static int run_with(const char *const *argv, size_t most)
{
    static const char *const environment[] = { "PATH=/usr/bin:/bin", "A=b c", NULL };
    const struct child child = { .argv = argv,
                                 .environment = environment,
                                 .output_bytes_max = most,
                                 .patience_ms = PATIENCE_MS };
    child_result_clear(&run.result);
    memset(&run.result, 0, sizeof run.result);
    run.err = NO_ERROR;
    return child_run(&run.call, &child, &run.result, &run.is_patience_over, &run.err);
}

static int run_script(const char *script, size_t most)
{
    return run_with((const char *const[]){ "/bin/sh", "-c", script, NULL }, most);
}

static void assert_failed(int result, enum error_kind kind, const char *words)
{
    assert_int_equal(result, -1);
    assert_int_equal(run.err.kind, kind);
    assert_has(run.err.text, words);
    assert_null(run.result.output);
}

CASE(its_output_and_exit_status_are_reported)
{
    static const struct {
        const char *script, *output, *stderr_text;
        int status;
    } rows[] = {
        { "echo out; echo err >&2", "out\n", "err\n", 0 },
        { "exit 3", "", "", 3 },
        { "printf 'a b'; exit 255", "a b", "", 255 },
        { "kill -TERM $$", "", "", 128 + SIGTERM },
        { "exec >&- 2>&-; exit 4", "", "", 4 },
        { "cat", "", "", 0 }, /* standard input is at its end */
        { "echo \"$A\"", "b c\n", "", 0 },
        { "env | grep -c -v -e ^A= -e ^PATH= -e ^PWD= -e ^_=", "0\n", "", 1 },
    };
    for (int pass = 0; pass < 2; pass++)
        EACH (row, rows) {
            has_pidfd = pass == 0;
            if (run_script(row->script, 100) != 0)
                fail_msg("%s: %s", row->script, run.err.text);
            assert_string_equal(run.result.output, row->output);
            assert_int_equal(run.result.output_bytes, strlen(row->output));
            assert_string_equal(run.result.stderr_text, row->stderr_text);
            assert_int_equal(run.result.status, row->status);
            assert_int_equal(run.err.kind, ERR_NONE);
        }
}

CASE(it_inherits_no_descriptor_and_no_blocked_signal)
{
    int leak = open("/dev/null", O_RDONLY);
    assert_int_equal(dup2(leak, 77), 77);
    signal(SIGPIPE, SIG_IGN);
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    /* The fourth is the folder that is being listed. */
    const char *const list[] = { "/bin/ls", "/proc/self/fd", NULL };
    assert_int_equal(run_with(list, 100), 0);
    assert_string_equal(run.result.output, "0\n1\n2\n3\n");
    const char *const signals[] = { "/bin/grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status", NULL };
    assert_int_equal(run_with(signals, 200), 0);
    unsigned long long is_blocked = 1, is_ignored = 1;
    assert_int_equal(
        sscanf(run.result.output, "SigBlk:\t%llx\nSigIgn:\t%llx", &is_blocked, &is_ignored), 2);
    /* The C library keeps two signals behind the first 31 for itself. */
    assert_int_equal(is_blocked, 0);
    assert_int_equal(is_ignored & 0x7FFFFFFF, 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(77);
    close(leak);
}

CASE(it_leads_a_group_of_its_own)
{
    /* pid and process group, of /proc/PID/stat */
    assert_int_equal(run_script("cut -d' ' -f1,5 /proc/$$/stat", 100), 0);
    long pid = 0, group = -1;
    assert_int_equal(sscanf(run.result.output, "%ld %ld", &pid, &group), 2);
    assert_int_equal(pid, group);
    assert_int_not_equal(group, getpgrp());
}

CASE(output_over_the_limit_ends_it_and_stderr_is_cut)
{
    assert_int_equal(run_script("printf 12345", 5), 0);
    assert_string_equal(run.result.output, "12345");
    assert_failed(run_script("printf 123456", 5), ERR_TOO_BIG, "");
    assert_failed(run_script("yes", 100000), ERR_TOO_BIG, "");
    const char *script = "yes 0123456789 | head -c 1000000 >&2; echo done";
    assert_int_equal(run_script(script, 100), 0);
    assert_string_equal(run.result.output, "done\n");
    assert_int_equal(run.result.stderr_bytes, CHILD_STDERR_BYTES_MAX);
}

CASE(what_it_leaves_in_the_background_is_not_waited_for)
{
    /* It holds our pipe, and says who it is, so that the test can end it. */
    assert_int_equal(run_script("sleep 1000 & echo $!", 100), 0);
    long pid = strtol(run.result.output, NULL, 10);
    assert_true(pid > 1);
    assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
}

CASE(a_program_that_cannot_start_is_reported_with_the_reason)
{
    const char *const nothing[] = { "/nowhere/az", NULL };
    assert_failed(run_with(nothing, 10), ERR_INVALID, "cannot start /nowhere/az: No such file");
    const char *const folder[] = { "/", NULL };
    assert_failed(run_with(folder, 10), ERR_INVALID, "Permission denied");
    stop_request(run.stop);
    assert_failed(run_script("echo x", 10), ERR_STOPPED, "");
}

/* ---- an end from outside ----------------------------------------------------------------- */

static void *run_watched(void *script)
{
    return (void *)(intptr_t)run_script(script, 100);
}

CASE(a_stop_and_the_time_end_it_and_all_that_it_has_started)
{
    static const struct {
        int64_t call_ms, later_ms; /* later_ms 0: a stop */
        enum error_kind kind;
        bool is_patience_over;
    } rows[] = {
        { CLOCK_NEVER, 0, ERR_STOPPED, false },
        { CLOCK_NEVER, PATIENCE_MS, ERR_TIMEOUT, true },
        { PATIENCE_MS / 2, PATIENCE_MS - 1000, ERR_TIMEOUT, false },
    };
    EACH (row, rows) {
        clock_fake_start(1700000000000);
        stop_reset(run.stop);
        run.call.deadline_ms =
            row->call_ms == CLOCK_NEVER ? CLOCK_NEVER : clock_monotonic_ms() + row->call_ms;
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        /* The program and all it starts hold it open for writing: its end is theirs. They are
         * deaf to the polite signal. */
        auto_char script = memory_print(
            "trap '' TERM INT; exec 3>/proc/%d/fd/%d; (trap '' TERM; sleep 1000) & echo up >&3; "
            "while :; do sleep 1000; done",
            getpid(), ends[1]);
        pthread_t thread;
        pthread_create(&thread, NULL, run_watched, script);
        char word[3];
        assert_int_equal(read(ends[0], word, 3), 3);
        close(ends[1]);
        if (row->later_ms == 0)
            stop_request(run.stop);
        else
            clock_fake_advance(row->later_ms);
        assert_int_equal(read(ends[0], word, 1), 0); /* waits until the last one is gone */
        close(ends[0]);
        void *result;
        pthread_join(thread, &result);
        assert_failed((int)(intptr_t)result, row->kind, "");
        assert_int_equal(run.is_patience_over, row->is_patience_over);
    }
}

/* The leader is gone when its child passes the ceiling. */
CASE(what_floods_after_its_end_is_ended_too)
{
    for (int i = 0; i < 20; i++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        /* The child writes on until it is ended, and keeps a descriptor that shows it. */
        auto_char script = memory_print(
            "exec 9>/proc/%d/fd/%d; (trap '' TERM PIPE; while echo flood; do :; done) & "
            "sleep 0.0%d",
            getpid(), ends[1], i % 3);
        int result = run_script(script, 5000);
        close(ends[1]);
        if (result < 0) {
            char one;
            assert_int_equal(run.err.kind, ERR_TOO_BIG);
            assert_int_equal(read(ends[0], &one, 1), 0); /* waits until the child is gone */
        }
        close(ends[0]);
    }
}

CASE(an_ignored_sigchld_costs_only_the_status)
{
    signal(SIGCHLD, SIG_IGN);
    int result = run_script("echo out; exit 3", 10);
    signal(SIGCHLD, SIG_DFL);
    assert_int_equal(result, 0);
    assert_string_equal(run.result.output, "out\n");
    assert_int_equal(run.result.status, -1);
}

TEST(a_program_is_found_where_path_says_absolutely)
{
    static const struct {
        const char *path, *name, *found;
    } rows[] = {
        { "/nowhere:/bin:/usr/bin", "sh", "/bin/sh" },
        { "/nowhere:/bin:/usr/bin", "no-such-program", NULL },
        { "::.:bin:../bin", "sh", NULL },
        { "/etc", "passwd", NULL }, /* not a program */
        { "/etc", "ssl", NULL },    /* a folder */
        { NULL, "sh", NULL },
    };
    auto_arena arena = arena_new();
    auto_char before = memory_copy_text(getenv("PATH"));
    assert_int_equal(chdir("/"), 0);
    EACH (row, rows) {
        if (row->path != NULL)
            setenv("PATH", row->path, 1);
        else
            unsetenv("PATH");
        assert_same_text(child_find(arena, row->name), row->found);
    }
    setenv("PATH", before, 1);
}

/* The last one: after it, nothing starts in this process. */
CASE(at_the_end_of_the_process_all_are_ended_and_none_starts)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    auto_char script = memory_print("exec 3>/proc/%d/fd/%d; (trap '' TERM; sleep 1000) & echo >&3; "
                                    "while :; do sleep 1000; done",
                                    getpid(), ends[1]);
    pthread_t thread;
    pthread_create(&thread, NULL, run_watched, script);
    char one;
    assert_int_equal(read(ends[0], &one, 1), 1);
    close(ends[1]);
    child_end_all();
    assert_int_equal(read(ends[0], &one, 1), 0); /* waits until the last one is gone */
    close(ends[0]);
    void *result;
    pthread_join(thread, &result);
    assert_int_equal((intptr_t)result, 0);
    assert_int_equal(run.result.status, 128 + SIGKILL);
    assert_failed(run_script("echo x", 10), ERR_STOPPED, "cannot start /bin/sh");
}
