/* Runs another program, with posix_spawn(): gRPC's threads do not permit the provider's own code to
 * run between fork and exec.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/posix.h"
#include "base/secret.h"
#include "base/thread.h"

enum {
    STDOUT_STREAM,
    STDERR_STREAM,
    STREAMS,
    FIRST_FREE_FD = 3,
    POLL_WITHOUT_END_FD_MS = 10
};

/* The output of one pipe. The buffer never grows, so no old copy is left in memory. */
struct stream {
    int fd; /* -1: end of file, or closed */
    char *data;
    size_t length, room;
};

struct running {
    struct running *next;
    pid_t pid;  /* 0: not started */
    int end_fd; /* child_end_fd() */
    struct stream streams[STREAMS];
};

/* Those whose number is certainly theirs: started, and not yet waited for. */
static struct {
    pthread_mutex_t lock;
    struct running *first;
    bool is_closed; /* no program may start */
} programs = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* ---- start ------------------------------------------------------------------------------- */

/* The descriptors are above those of the child's three streams, even if some of these are closed in
 * this process. A program that another thread starts meanwhile does not inherit them: spawn()
 * excludes all. */
static int make_pipe(int ends[2])
{
    int low[2];
    if (pipe(low) < 0)
        return -1;
    for (size_t i = 0; i < 2; i++) {
        ends[i] = fcntl(low[i], F_DUPFD_CLOEXEC, FIRST_FREE_FD);
        close(low[i]);
    }
    if (ends[0] >= 0 && ends[1] >= 0)
        return fcntl(ends[0], F_SETFL, O_NONBLOCK);
    close_fd(&ends[0]);
    close_fd(&ends[1]);
    return -1;
}

/* Returns 0, or the system's error number. */
static int spawn(const struct child *child, const int write_ends[STREAMS], pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    sigdelset(&all, SIGKILL); /* cannot be set on some systems */
    sigdelset(&all, SIGSTOP);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, write_ends[STDOUT_STREAM], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, write_ends[STDERR_STREAM], STDERR_FILENO);
    /* This process ignores and blocks some signals; a program expects that it does not. */
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    short keeps_out = child_keep_out(&actions, FIRST_FREE_FD);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP | keeps_out);
    int failure =
        posix_spawn(pid, child->argv[0], &actions, &attributes,
                    (char *const *)child->argv, (char *const *)child->environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/* Returns 0, or the system's error number; ECANCELED after child_end_all(). */
static int spawn_and_list(const struct child *child, const int write_ends[STREAMS],
                          struct running *running)
{
    pthread_mutex_lock(&programs.lock);
    int failure =
        programs.is_closed ? ECANCELED : spawn(child, write_ends, &running->pid);
    if (failure == 0) {
        running->next = programs.first;
        programs.first = running;
    } else {
        running->pid = 0;
    }
    pthread_mutex_unlock(&programs.lock);
    return failure;
}

static void unlist(struct running *running)
{
    pthread_mutex_lock(&programs.lock);
    for (struct running **at = &programs.first; *at != NULL; at = &(*at)->next) {
        if (*at == running) {
            *at = running->next;
            break;
        }
    }
    pthread_mutex_unlock(&programs.lock);
}

void child_end_all(void)
{
    pthread_mutex_lock(&programs.lock);
    programs.is_closed = true;
    for (struct running *one = programs.first; one != NULL; one = one->next)
        kill(-one->pid, SIGKILL);
    pthread_mutex_unlock(&programs.lock);
}

/* On a thread of its own, which can wait for the lock: a program that is being started is listed
 * before it is looked for. */
static void *end_on_signal(void *state)
{
    const sigset_t *ends = state;
    int number;
    if (sigwait(ends, &number) != 0) /* on some systems, if all are ignored */
        return NULL;
    child_end_all();
    signal(number, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, ends, NULL);
    raise(number);
    return NULL;
}

void child_end_on_signals(void)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
    static sigset_t ends;
    sigemptyset(&ends);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct sigaction action;
        sigaction(numbers[i], NULL, &action);
        if (action.sa_handler != SIG_IGN) /* such as under nohup */
            sigaddset(&ends, numbers[i]);
    }
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    pthread_t thread;
    if (thread_start(&thread, end_on_signal, &ends) == 0)
        pthread_detach(thread);
    else /* a signal then ends this process alone */
        pthread_sigmask(SIG_UNBLOCK, &ends, NULL);
}

static int start(const struct child *child, struct running *running, struct error *err)
{
    int write_ends[STREAMS] = { -1, -1 };
    int failure = 0;
    for (size_t i = 0; i < STREAMS && failure == 0; i++) {
        int ends[2] = { -1, -1 };
        if (make_pipe(ends) < 0)
            failure = errno;
        running->streams[i].fd = ends[0];
        write_ends[i] = ends[1];
    }
    if (failure == 0)
        failure = spawn_and_list(child, write_ends, running);
    for (size_t i = 0; i < STREAMS; i++)
        close_fd(&write_ends[i]);
    bool has_file = failure == ENOENT && access(child->argv[0], F_OK) == 0;
    if (failure != 0)
        return error_set(err, failure == ECANCELED ? ERR_STOPPED : ERR_INVALID,
                         "cannot start %s: %s", child->argv[0],
                         has_file ? "its first line names a program that does not exist"
                                  : strerror(failure));
    running->end_fd = child_end_fd(running->pid);
    return 0;
}

/* ---- while it runs ----------------------------------------------------------------------- */

/* Reads all output that is available. False: standard output exceeds its limit. */
static bool drain(struct running *running)
{
    for (size_t i = 0; i < STREAMS; i++) {
        struct stream *stream = &running->streams[i];
        while (stream->fd >= 0) {
            char spare[4096];
            size_t left = stream->room - stream->length;
            bool is_full = left == 0;
            ssize_t count =
                read(stream->fd, is_full ? spare : stream->data + stream->length,
                     is_full ? sizeof spare : left);
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0 && errno == EAGAIN)
                break;
            if (count <= 0)
                close_fd(&stream->fd);
            else if (!is_full)
                stream->length += (size_t)count;
            else if (i == STDOUT_STREAM)
                return false;
            /* else standard error exceeds its limit: the rest is dropped */
            if (is_full)
                secret_wipe(spare, sizeof spare);
        }
    }
    return true;
}

/* The child stays a zombie until finish(), so no other process can get the number of its group. */
static bool has_ended(struct running *running)
{
    siginfo_t info = { .si_pid = 0 };
    int result;
    while ((result = waitid(P_PID, (id_t)running->pid, &info,
                            WEXITED | WNOHANG | WNOWAIT)) < 0 &&
           errno == EINTR)
        continue;
    return result < 0 || info.si_pid != 0;
}

static void wait_for_news(struct call *call, struct running *running)
{
    struct pollfd places[STREAMS + 1];
    nfds_t count = 0;
    for (size_t i = 0; i < STREAMS; i++)
        places[count++] = (struct pollfd){ running->streams[i].fd, POLLIN, 0 };
    places[count++] = (struct pollfd){ running->end_fd, POLLIN, 0 };
    int64_t most_ms = running->end_fd >= 0 ? CALL_POLL_MS : POLL_WITHOUT_END_FD_MS;
    int64_t left_ms = call_left_ms(call);
    poll(places, count, (int)(left_ms < most_ms ? left_ms : most_ms));
}

static int watch(struct call *call, const struct child *child, int64_t end_ms,
                 struct running *running, bool *is_patience_over, struct error *err)
{
    for (;;) {
        /* In this order, so that the output is read after the program has ended. */
        bool is_done = has_ended(running);
        if (!drain(running))
            return error_set(err, ERR_TOO_BIG, "%s printed more than %zu bytes",
                             child->argv[0], child->output_bytes_max);
        if (is_done)
            return 0;
        if (call_check(call, err) < 0)
            return -1;
        if (clock_monotonic_ms() >= end_ms) {
            *is_patience_over = true;
            return error_set(err, ERR_TIMEOUT, "%s did not finish within %lld s",
                             child->argv[0], (long long)child->patience_ms / 1000);
        }
        wait_for_news(call, running);
    }
}

/* `is_over`: the program has ended by itself; programs that it started in the background may
 * continue. Returns the status for child_result. */
static int finish(struct running *running, bool is_over)
{
    int status = 0;
    pid_t ended = 0;
    if (running->pid > 0) {
        if (!is_over)
            kill(-running->pid, SIGKILL);
        unlist(running); /* before its number is free */
        while ((ended = waitpid(running->pid, &status, 0)) < 0 && errno == EINTR)
            continue;
    }
    close_fd(&running->end_fd);
    for (size_t i = 0; i < STREAMS; i++) {
        struct stream *stream = &running->streams[i];
        close_fd(&stream->fd);
        secret_wipe(stream->data, stream->data != NULL ? stream->room : 0);
        free(stream->data);
    }
    if (ended <= 0) /* the system keeps no status if SIGCHLD is ignored */
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int child_run(struct call *call, const struct child *child, struct child_result *out,
              bool *is_patience_over, struct error *err)
{
    *is_patience_over = false;
    if (call_check(call, err) < 0)
        return -1;
    struct running running = { .end_fd = -1, .streams = { { .fd = -1 }, { .fd = -1 } } };
    const size_t rooms[STREAMS] = { child->output_bytes_max, CHILD_STDERR_BYTES_MAX };
    for (size_t i = 0; i < STREAMS; i++) {
        running.streams[i].room = rooms[i];
        running.streams[i].data = memory_new(rooms[i] + 1);
    }
    int64_t end_ms = clock_monotonic_ms() + child->patience_ms;
    int result = start(child, &running, err);
    if (result == 0)
        result = watch(call, child, end_ms, &running, is_patience_over, err);
    if (result == 0)
        *out = (struct child_result){
            .output = take(running.streams[STDOUT_STREAM].data),
            .output_bytes = running.streams[STDOUT_STREAM].length,
            .stderr_text = take(running.streams[STDERR_STREAM].data),
            .stderr_bytes = running.streams[STDERR_STREAM].length,
        };
    int status = finish(&running, result == 0);
    if (result == 0)
        out->status = status;
    return result;
}

const char *child_find_in(struct arena *arena, const char *folder, size_t length,
                          const char *name)
{
    const char *path = arena_print(arena, "%.*s/%s", (int)length, folder, name);
    struct stat about;
    return *folder == '/' && stat(path, &about) == 0 && S_ISREG(about.st_mode) &&
                   access(path, X_OK) == 0
               ? path
               : NULL;
}
