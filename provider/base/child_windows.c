/* Runs another program on Windows. It belongs to a job, so that the programs which it starts end
 * with it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/child.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"

enum { STDIN_STREAM, STDOUT_STREAM, STDERR_STREAM, STREAMS };
enum { LOOK_MS = 10, STATUS_MAX = 255, COMMAND_BYTES_MAX = 32 * 1024 };

/* The output of one pipe. The buffer never grows, so no old copy is left in memory. */
struct stream {
    HANDLE pipe; /* NULL: end of file */
    char *data;
    size_t length, room;
};

struct running {
    HANDLE process, job; /* NULL: not started */
    int status;
    struct stream out, err;
};

static void close_handle(HANDLE *handle)
{
    if (*handle != NULL && *handle != INVALID_HANDLE_VALUE)
        CloseHandle(*handle);
    *handle = NULL;
}

/* ---- the command line -------------------------------------------------------------------- */

/* cmd.exe runs batch files, and parses the command line in its own way. */
static bool is_batch(const char *path)
{
    return text_ends_ignoring_case(path, ".cmd") || text_ends_ignoring_case(path, ".bat");
}

/* Quotes the text as the program's C library parses it: a backslash is special only before a
 * quote. */
static void add_quoted(struct buf *line, const char *text)
{
    buf_add_text(line, "\"");
    for (; *text != '\0'; text++) {
        size_t slashes = strspn(text, "\\");
        for (size_t i = 0; i < slashes; i++)
            buf_add_text(line, "\\");
        text += slashes;
        bool is_end = *text == '\0';
        for (size_t i = 0; i < slashes && (is_end || *text == '"'); i++)
            buf_add_text(line, "\\");
        if (is_end)
            break;
        if (*text == '"')
            buf_add_text(line, "\\");
        buf_add(line, text, 1);
    }
    buf_add_text(line, "\"");
}

/* Inside quotes, cmd.exe replaces %NAME%, ends at a quote, and with delayed expansion interprets
 * `!` and `^`. A text with one of these could become another text, or a command. */
static int add_batch_word(struct buf *line, const char *text, struct error *err)
{
    for (const char *at = text; *at != '\0'; at++) {
        if (strchr("\"%!^", *at) != NULL || (unsigned char)*at < ' ' || *at == '\x7F')
            return error_set(err, ERR_INVALID,
                             "Windows runs a batch file with cmd.exe, which would change "
                             "\"%s\": it contains one of the characters \" %% ! ^ or a "
                             "control character. If this is the path of the batch file, "
                             "install the program in another directory",
                             text);
    }
    buf_print(line, "\"%s\"", text);
    return 0;
}

static char *system_program(const char *name)
{
    wchar_t folder[MAX_PATH];
    UINT length = GetSystemDirectoryW(folder, MAX_PATH);
    auto_char narrow = length > 0 && length < MAX_PATH ? libc_from_wide(folder) : NULL;
    return memory_print("%s\\%s", narrow != NULL ? narrow : "C:\\Windows\\System32",
                        name);
}

/* cmd /c "…" removes the outer quotes and keeps the rest. /d omits commands from the registry.
 * /v:off keeps `!`. */
static int make_line(const struct child *child, struct buf *line, char **program,
                     struct error *err)
{
    bool is_for_cmd = is_batch(child->argv[0]);
    *program = is_for_cmd ? system_program("cmd.exe") : memory_copy_text(child->argv[0]);
    if (is_for_cmd)
        buf_add_text(line, "cmd.exe /d /e:on /v:off /s /c \"");
    for (size_t i = 0; child->argv[i] != NULL; i++) {
        if (i > 0)
            buf_add_text(line, " ");
        if (!is_for_cmd)
            add_quoted(line, child->argv[i]);
        else if (add_batch_word(line, child->argv[i], err) < 0)
            return -1;
    }
    if (is_for_cmd)
        buf_add_text(line, "\"");
    return 0;
}

/* Sorts "NAME=value" for the environment block, which is UTF-16 text: NAME=value, NUL, …, NUL, in
 * the order that the system expects. */
static int compare_names(const void *a, const void *b)
{
    return _wcsicmp(*(wchar_t *const *)a, *(wchar_t *const *)b);
}

static wchar_t *make_environment(const char *const *list)
{
    size_t count = 0, used = 0, length = 1;
    while (list[count] != NULL)
        count++;
    wchar_t **all = memory_new((count + 1) * sizeof *all);
    for (size_t i = 0; i < count; i++) {
        all[used] = libc_to_wide(list[i]);
        if (all[used] != NULL)
            length += wcslen(all[used++]) + 1;
    }
    qsort(all, used, sizeof *all, compare_names);
    wchar_t *block = memory_new((length + 1) * sizeof *block), *at = block;
    for (size_t i = 0; i < used; i++) {
        size_t bytes = wcslen(all[i]) + 1;
        memcpy(at, all[i], bytes * sizeof *at);
        at += bytes;
        free(all[i]);
    }
    free(all);
    return block;
}

/* ---- start ------------------------------------------------------------------------------- */

static bool make_pipe(HANDLE *ours, HANDLE *its)
{
    SECURITY_ATTRIBUTES inherited = { .nLength = sizeof inherited,
                                      .bInheritHandle = TRUE };
    return CreatePipe(ours, its, &inherited, 0) &&
           SetHandleInformation(*ours, HANDLE_FLAG_INHERIT, 0);
}

static HANDLE open_nothing(void)
{
    SECURITY_ATTRIBUTES inherited = { .nLength = sizeof inherited,
                                      .bInheritHandle = TRUE };
    HANDLE nothing = CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                 &inherited, OPEN_EXISTING, 0, NULL);
    return nothing != INVALID_HANDLE_VALUE ? nothing : NULL;
}

/* Starts the program suspended, so that it starts no others before it belongs to the job. It
 * inherits only the three handles, whatever another thread opens meanwhile. */
static bool create(const wchar_t *program, wchar_t *line, wchar_t *environment,
                   HANDLE its[STREAMS], PROCESS_INFORMATION *made)
{
    STARTUPINFOEXW start = { .StartupInfo = { .cb = sizeof start,
                                              .dwFlags = STARTF_USESTDHANDLES,
                                              .hStdInput = its[STDIN_STREAM],
                                              .hStdOutput = its[STDOUT_STREAM],
                                              .hStdError = its[STDERR_STREAM] } };
    SIZE_T bytes = 0;
    InitializeProcThreadAttributeList(NULL, 1, 0, &bytes);
    start.lpAttributeList = memory_new(bytes);
    bool is_made =
        InitializeProcThreadAttributeList(start.lpAttributeList, 1, 0, &bytes) &&
        UpdateProcThreadAttribute(start.lpAttributeList, 0,
                                  PROC_THREAD_ATTRIBUTE_HANDLE_LIST, its,
                                  STREAMS * sizeof *its, NULL, NULL) &&
        CreateProcessW(program, line, NULL, NULL, TRUE,
                       CREATE_SUSPENDED | CREATE_NO_WINDOW | CREATE_NEW_PROCESS_GROUP |
                           CREATE_UNICODE_ENVIRONMENT | EXTENDED_STARTUPINFO_PRESENT,
                       environment, NULL, &start.StartupInfo, made);
    DWORD reason = GetLastError();
    DeleteProcThreadAttributeList(start.lpAttributeList);
    free(start.lpAttributeList);
    SetLastError(reason);
    return is_made;
}

static bool create_with_pipes(const struct child *child, const char *program,
                              const char *line, struct running *running,
                              PROCESS_INFORMATION *made)
{
    HANDLE its[STREAMS] = { open_nothing(), NULL, NULL };
    wchar_t *wide_program = libc_to_wide(program), *wide_line = libc_to_wide(line);
    wchar_t *environment = make_environment(child->environment);
    SetLastError(ERROR_INVALID_NAME);
    bool is_made = wide_program != NULL && wide_line != NULL &&
                   its[STDIN_STREAM] != NULL &&
                   make_pipe(&running->out.pipe, &its[STDOUT_STREAM]) &&
                   make_pipe(&running->err.pipe, &its[STDERR_STREAM]) &&
                   create(wide_program, wide_line, environment, its, made);
    DWORD reason = GetLastError();
    for (size_t i = 0; i < STREAMS; i++)
        close_handle(&its[i]);
    free(wide_program);
    free(wide_line);
    free(environment);
    SetLastError(reason);
    return is_made;
}

/* JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE: also at the end of this process, which closes its handles. */
static void set_limit(HANDLE job, DWORD flags)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION info = { .BasicLimitInformation.LimitFlags =
                                                      flags };
    SetInformationJobObject(job, JobObjectExtendedLimitInformation, &info, sizeof info);
}

static int start(const struct child *child, struct running *running, struct error *err)
{
    CLEANUP(buf_clear) struct buf line;
    buf_init(&line, COMMAND_BYTES_MAX);
    auto_char program = NULL;
    if (make_line(child, &line, &program, err) < 0)
        return -1;
    if (line.is_over)
        return error_set(err, ERR_TOO_BIG,
                         "the command line of %s has more than %d bytes", child->argv[0],
                         COMMAND_BYTES_MAX);
    PROCESS_INFORMATION made;
    if (!create_with_pipes(child, program, buf_text(&line), running, &made))
        return error_set(err, ERR_INVALID, "cannot start %s: Windows error %lu",
                         child->argv[0], GetLastError());
    running->process = made.hProcess;
    running->job = CreateJobObjectW(NULL, NULL);
    set_limit(running->job, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE);
    AssignProcessToJobObject(running->job, made.hProcess);
    ResumeThread(made.hThread);
    CloseHandle(made.hThread);
    return 0;
}

/* ---- while it runs ----------------------------------------------------------------------- */

/* Reads all output that is available. False: standard output exceeds its limit. */
static bool drain(struct stream *stream)
{
    while (stream->pipe != NULL) {
        char spare[4096];
        DWORD waiting = 0, count = 0;
        if (!PeekNamedPipe(stream->pipe, NULL, 0, NULL, &waiting, NULL)) {
            close_handle(&stream->pipe);
            break;
        }
        if (waiting == 0)
            break;
        size_t left = stream->room - stream->length;
        bool is_full = left == 0;
        size_t wanted = is_full ? sizeof spare : left;
        if (wanted > waiting)
            wanted = waiting;
        if (!ReadFile(stream->pipe, is_full ? spare : stream->data + stream->length,
                      (DWORD)wanted, &count, NULL))
            close_handle(&stream->pipe);
        if (is_full)
            secret_wipe(spare, sizeof spare);
        if (is_full && count > 0)
            return false;
        stream->length += count;
    }
    return true;
}

static int watch(struct call *call, const struct child *child, int64_t end_ms,
                 struct running *running, bool *is_patience_over, struct error *err)
{
    for (DWORD wait = 0;; wait = LOOK_MS) {
        /* In this order, so that the output is read after the program has ended. */
        bool is_done = WaitForSingleObject(running->process, wait) == WAIT_OBJECT_0;
        if (!drain(&running->out))
            return error_set(err, ERR_TOO_BIG, "%s printed more than %zu bytes",
                             child->argv[0], child->output_bytes_max);
        while (!drain(&running->err))
            continue; /* standard error exceeds its limit: the rest is dropped */
        DWORD status = 0;
        if (is_done) {
            GetExitCodeProcess(running->process, &status);
            running->status = status > STATUS_MAX ? STATUS_MAX : (int)status;
            return 0;
        }
        if (call_check(call, err) < 0)
            return -1;
        if (clock_monotonic_ms() >= end_ms) {
            *is_patience_over = true;
            return error_set(err, ERR_TIMEOUT, "%s did not finish within %lld s",
                             child->argv[0], (long long)child->patience_ms / 1000);
        }
    }
}

static void end_stream(struct stream *stream)
{
    close_handle(&stream->pipe);
    secret_wipe(stream->data, stream->data != NULL ? stream->room : 0);
    free(stream->data);
}

/* `is_over`: the program has ended by itself; those in the background may continue. */
static void finish(struct running *running, bool is_over)
{
    if (is_over)
        set_limit(running->job, 0);
    else if (running->process != NULL) {
        TerminateJobObject(running->job, STATUS_MAX);
        TerminateProcess(running->process, STATUS_MAX); /* if it has no job */
        WaitForSingleObject(running->process, INFINITE);
    }
    close_handle(&running->process);
    close_handle(&running->job);
    end_stream(&running->out);
    end_stream(&running->err);
}

void child_end_all(void)
{
    /* the system does it: set_limit() */
}

void child_end_on_signals(void)
{
    /* the same */
}

int child_run(struct call *call, const struct child *child, struct child_result *out,
              bool *is_patience_over, struct error *err)
{
    *is_patience_over = false;
    if (call_check(call, err) < 0)
        return -1;
    struct running running = { .out = { .room = child->output_bytes_max },
                               .err = { .room = CHILD_STDERR_BYTES_MAX } };
    running.out.data = memory_new(running.out.room + 1);
    running.err.data = memory_new(running.err.room + 1);
    int64_t end_ms = clock_monotonic_ms() + child->patience_ms;
    int result = start(child, &running, err);
    if (result == 0)
        result = watch(call, child, end_ms, &running, is_patience_over, err);
    if (result == 0)
        *out = (struct child_result){ .output = take(running.out.data),
                                      .output_bytes = running.out.length,
                                      .stderr_text = take(running.err.data),
                                      .stderr_bytes = running.err.length,
                                      .status = running.status };
    finish(&running, result == 0);
    return result;
}

/* CreateProcess() or cmd.exe can run a file with this extension. */
static bool is_program_ending(const char *text, size_t length)
{
    static const char *const endings[] = { ".com", ".exe", ".bat", ".cmd" };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (length == strlen(endings[i]) && text_starts_ignoring_case(text, endings[i]))
            return true;
    }
    return false;
}

/* Tries the extensions of PATHEXT, in the order of the user's shell. */
const char *child_find_in(struct arena *arena, const char *folder, size_t length,
                          const char *name)
{
    if (length >= 2 && folder[0] == '"' && folder[length - 1] == '"')
        folder++, length -= 2; /* PATH may quote a folder */
    bool has_drive = length >= 3 && folder[1] == ':' && strchr("\\/", folder[2]) != NULL;
    bool is_share = length >= 3 && strncmp(folder, "\\\\", 2) == 0;
    if (!has_drive && !is_share)
        return NULL;
    const char *at = getenv("PATHEXT");
    if (at == NULL || *at == '\0')
        at = ".COM;.EXE;.BAT;.CMD";
    while (*at != '\0') {
        size_t ending = strcspn(at, ";");
        const char *path = arena_print(arena, "%.*s\\%s%.*s", (int)length, folder, name,
                                       (int)ending, at);
        wchar_t *wide = is_program_ending(at, ending) ? libc_to_wide(path) : NULL;
        DWORD about = wide != NULL ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;
        free(wide);
        if (about != INVALID_FILE_ATTRIBUTES && (about & FILE_ATTRIBUTE_DIRECTORY) == 0)
            return path;
        at += ending + (at[ending] != '\0');
    }
    return NULL;
}
