/* Another program: what it gets, what it may print, and that nothing of it is left.
 * SPDX-License-Identifier: MPL-2.0 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/memory.h"
#include "support/test.h"

enum { PATIENCE_MS = 40 * 1000 };

struct run {
    struct stop *stop;
    struct call call;
    struct child_result result;
    bool is_patience_over;
    struct error err;
    int returned;
};

static void begin(struct run *run)
{
    *run = (struct run){ .stop = stop_new() };
    call_init(&run->call, run->stop);
    run->call.deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
}

static void end(struct run *run)
{
    child_result_clear(&run->result);
    call_clear(&run->call);
    stop_free(run->stop);
}

static void run_with(struct run *run, const char *const *argv, size_t most)
{
    static const char *const environment[] = { "PATH=/usr/bin:/bin", "A=b c", NULL };
    const struct child child = { .argv = argv,
                                 .environment = environment,
                                 .output_bytes_max = most,
                                 .patience_ms = PATIENCE_MS };
    run->returned =
        child_run(&run->call, &child, &run->result, &run->is_patience_over, &run->err);
}

static void run_script(struct run *run, const char *script, size_t most)
{
    const char *const argv[] = { "/bin/sh", "-c", script, NULL };
    run_with(run, argv, most);
}

TEST(its_output_and_exit_status_are_reported)
{
    static const struct {
        const char *script, *output, *complaint;
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
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct run run;
        begin(&run);
        run_script(&run, rows[i].script, 100);
        if (run.returned != 0)
            fail_msg("%s: %s", rows[i].script, run.err.text);
        assert_string_equal(run.result.output, rows[i].output);
        assert_int_equal(run.result.output_bytes, strlen(rows[i].output));
        assert_string_equal(run.result.complaint, rows[i].complaint);
        assert_int_equal(run.result.status, rows[i].status);
        assert_int_equal(run.err.kind, ERR_NONE);
        end(&run);
    }
}

TEST(it_inherits_no_descriptor_and_no_blocked_signal)
{
    int leak = open("/dev/null", O_RDONLY);
    assert_int_equal(dup2(leak, 77), 77);
    signal(SIGPIPE, SIG_IGN);
    sigset_t blocked, before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &blocked, &before);
    struct run run;
    begin(&run);
    /* The fourth is the folder that is being listed. */
    const char *const list[] = { "/bin/ls", "/proc/self/fd", NULL };
    run_with(&run, list, 100);
    assert_int_equal(run.returned, 0);
    assert_string_equal(run.result.output, "0\n1\n2\n3\n");
    child_result_clear(&run.result);
    const char *const signals[] = { "/bin/grep", "-E", "^Sig(Blk|Ign)",
                                    "/proc/self/status", NULL };
    run_with(&run, signals, 200);
    unsigned long long is_blocked = 1, is_ignored = 1;
    assert_int_equal(sscanf(run.result.output, "SigBlk:\t%llx\nSigIgn:\t%llx",
                            &is_blocked, &is_ignored),
                     2);
    /* The C library keeps two signals behind the first 31 for itself. */
    assert_int_equal(is_blocked, 0);
    assert_int_equal(is_ignored & 0x7FFFFFFF, 0);
    end(&run);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(77);
    close(leak);
}

TEST(it_leads_a_group_of_its_own)
{
    struct run run;
    begin(&run);
    /* pid and process group, of /proc/PID/stat */
    run_script(&run, "cut -d' ' -f1,5 /proc/$$/stat", 100);
    assert_int_equal(run.returned, 0);
    long pid = 0, group = -1;
    assert_int_equal(sscanf(run.result.output, "%ld %ld", &pid, &group), 2);
    assert_int_equal(pid, group);
    assert_int_not_equal(group, getpgrp());
    end(&run);
}

TEST(output_over_the_ceiling_ends_it)
{
    struct run run;
    begin(&run);
    run_script(&run, "printf 12345", 5);
    assert_int_equal(run.returned, 0);
    assert_string_equal(run.result.output, "12345");
    child_result_clear(&run.result);
    run_script(&run, "printf 123456", 5);
    assert_int_equal(run.returned, -1);
    assert_int_equal(run.err.kind, ERR_TOO_BIG);
    assert_null(run.result.output);
    run_script(&run, "yes", 100000);
    assert_int_equal(run.returned, -1);
    assert_int_equal(run.err.kind, ERR_TOO_BIG);
    end(&run);
}

TEST(endless_stderr_is_cut)
{
    struct run run;
    begin(&run);
    run_script(&run, "yes 0123456789 | head -c 1000000 >&2; echo done", 100);
    assert_int_equal(run.returned, 0);
    assert_string_equal(run.result.output, "done\n");
    assert_int_equal(run.result.complaint_bytes, CHILD_COMPLAINT_BYTES_MAX);
    end(&run);
}

TEST(what_it_leaves_in_the_background_is_not_waited_for)
{
    struct run run;
    begin(&run);
    /* It holds our pipe, and says who it is, so that the test can end it. */
    run_script(&run, "sleep 1000 & echo $!", 100);
    assert_int_equal(run.returned, 0);
    long pid = strtol(run.result.output, NULL, 10);
    assert_true(pid > 1);
    assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
    end(&run);
}

TEST(a_program_that_cannot_start_is_reported_with_the_reason)
{
    struct run run;
    begin(&run);
    const char *const nothing[] = { "/nowhere/az", NULL };
    run_with(&run, nothing, 10);
    assert_int_equal(run.returned, -1);
    assert_int_equal(run.err.kind, ERR_INVALID);
    assert_non_null(strstr(run.err.text, "/nowhere/az cannot be started: No such file"));
    const char *const folder[] = { "/", NULL };
    run_with(&run, folder, 10);
    assert_non_null(strstr(run.err.text, "Permission denied"));
    end(&run);
}

/* ---- an end from outside ----------------------------------------------------------------- */

/* A fifo that the program and all it starts hold open for writing: its end is theirs. */
struct watched {
    struct run run;
    char folder[64], fifo[80];
    char script[400];
};

static void *run_watched(void *state)
{
    struct watched *watched = state;
    run_script(&watched->run, watched->script, 100);
    return NULL;
}

static void watch(struct watched *watched, int64_t deadline_ms, pthread_t *thread,
                  int *fd)
{
    begin(&watched->run);
    watched->run.call.deadline_ms = deadline_ms;
    snprintf(watched->folder, sizeof watched->folder, "/tmp/azurestack-child-XXXXXX");
    assert_non_null(mkdtemp(watched->folder));
    snprintf(watched->fifo, sizeof watched->fifo, "%s/fifo", watched->folder);
    assert_int_equal(mkfifo(watched->fifo, 0600), 0);
    /* Deaf to the polite signal, and not alone. */
    snprintf(watched->script, sizeof watched->script,
             "trap '' TERM INT; exec 3>%s; (trap '' TERM; sleep 1000) & echo up >&3; "
             "while :; do sleep 1000; done",
             watched->fifo);
    pthread_create(thread, NULL, run_watched, watched);
    *fd = open(watched->fifo, O_RDONLY);
    char word[3];
    assert_int_equal(read(*fd, word, 3), 3);
}

static void assert_nothing_is_left(struct watched *watched, pthread_t thread, int fd)
{
    char one;
    assert_int_equal(read(fd, &one, 1), 0); /* waits until the last one is gone */
    close(fd);
    pthread_join(thread, NULL);
    assert_int_equal(watched->run.returned, -1);
    assert_null(watched->run.result.output);
    unlink(watched->fifo);
    rmdir(watched->folder);
}

TEST(a_stop_ends_it_and_all_that_it_has_started)
{
    struct watched watched;
    pthread_t thread;
    int fd;
    watch(&watched, CLOCK_NEVER, &thread, &fd);
    stop_request(watched.run.stop);
    assert_nothing_is_left(&watched, thread, fd);
    assert_int_equal(watched.run.err.kind, ERR_STOPPED);
    assert_false(watched.run.is_patience_over);
    end(&watched.run);
}

/* The leader is gone when its child passes the ceiling; the two wait for each other by the
 * fifo that the test reads. */
TEST(what_floods_after_its_end_is_ended_too)
{
    for (int i = 0; i < 20; i++) {
        struct run run;
        begin(&run);
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        char script[200];
        /* The child writes on until it is ended, and keeps a descriptor that tells. */
        snprintf(
            script, sizeof script,
            "exec 9>/proc/%d/fd/%d; (trap '' TERM PIPE; while echo flood; do :; done) & "
            "sleep 0.0%d",
            getpid(), ends[1], i % 3);
        run_script(&run, script, 5000);
        close(ends[1]);
        if (run.returned < 0) {
            char one;
            assert_int_equal(run.err.kind, ERR_TOO_BIG);
            assert_int_equal(read(ends[0], &one, 1),
                             0); /* waits until the child is gone */
        }
        close(ends[0]);
        end(&run);
    }
}

TEST(its_own_limit_and_the_deadline_end_it_too)
{
    for (int is_call = 0; is_call < 2; is_call++) {
        struct watched watched;
        pthread_t thread;
        int fd;
        clock_fake_start(1700000000000);
        watch(&watched, is_call ? clock_monotonic_ms() + PATIENCE_MS / 2 : CLOCK_NEVER,
              &thread, &fd);
        clock_fake_advance(is_call ? PATIENCE_MS - 1000 : PATIENCE_MS);
        assert_nothing_is_left(&watched, thread, fd);
        assert_int_equal(watched.run.err.kind, ERR_TIMEOUT);
        assert_int_equal(watched.run.is_patience_over, !is_call);
        end(&watched.run);
        clock_fake_end();
    }
}

TEST(a_stopped_call_starts_nothing)
{
    struct run run;
    begin(&run);
    stop_request(run.stop);
    run_script(&run, "echo x", 10);
    assert_int_equal(run.returned, -1);
    assert_int_equal(run.err.kind, ERR_STOPPED);
    end(&run);
}

TEST(an_ignored_sigchld_costs_only_the_status)
{
    signal(SIGCHLD, SIG_IGN);
    struct run run;
    begin(&run);
    run_script(&run, "echo out; exit 3", 10);
    signal(SIGCHLD, SIG_DFL);
    assert_int_equal(run.returned, 0);
    assert_string_equal(run.result.output, "out\n");
    assert_int_equal(run.result.status, -1);
    end(&run);
}

TEST(a_program_is_found_where_path_says_absolutely)
{
    auto_arena arena = arena_new();
    char *before = memory_copy_text(getenv("PATH"));
    setenv("PATH", "/nowhere:/bin:/usr/bin", 1);
    assert_string_equal(child_find(arena, "sh"), "/bin/sh");
    assert_null(child_find(arena, "no-such-program"));
    setenv("PATH", "::.:bin:../bin", 1);
    assert_int_equal(chdir("/"), 0);
    assert_null(child_find(arena, "sh"));
    setenv("PATH", "/etc", 1); /* not a program; a folder */
    assert_null(child_find(arena, "passwd"));
    assert_null(child_find(arena, "ssl"));
    unsetenv("PATH");
    assert_null(child_find(arena, "sh"));
    setenv("PATH", before, 1);
    free(before);
}
