/* How the process crashes on Windows, and what it must not leave behind.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/process.h"

#include <fcntl.h>
#include <io.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include <tlhelp32.h>

#include "base/format.h"

enum { FRAMES_MAX = 62, STDOUT_BYTES = 16 * 1024 };

static const char *provider_version = "";
static atomic_bool is_reporting;
static _Thread_local const char *current_task;

/* --- the console ------------------------------------------------------------------------- */

static UINT console_code_page; /* the user's; 0: it was not changed */

static void restore_console(void)
{
    if (console_code_page != 0)
        SetConsoleOutputCP(console_code_page);
}

/* After Ctrl-C the system ends the process without the functions of atexit(). FALSE: it goes on
 * with that. plugin_signals_init() adds a handler that is called before this one. */
static BOOL WINAPI on_console_event(DWORD event)
{
    (void)event;
    restore_console();
    return FALSE;
}

static bool is_console(DWORD stream)
{
    DWORD mode;
    return GetConsoleMode(GetStdHandle(stream), &mode);
}

/* The provider prints UTF-8. The console belongs to the user, who continues to use it. Terraform
 * reads both streams from pipes: then the console is Terraform's and is not changed. */
static void prepare_console(void)
{
    UINT old = GetConsoleOutputCP();
    if ((!is_console(STD_OUTPUT_HANDLE) && !is_console(STD_ERROR_HANDLE)) ||
        !SetConsoleOutputCP(CP_UTF8))
        return;
    console_code_page = old;
    atexit(restore_console);
    SetConsoleCtrlHandler(on_console_event, TRUE);
}

/* --- the report; nothing in it allocates ------------------------------------------------- */

static void print(const char *format, ...) PRINTF_FORMAT(1, 2);
static void print(const char *format, ...)
{
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    DWORD written;
    if (length > 0)
        WriteFile(GetStdHandle(STD_ERROR_HANDLE), line,
                  (size_t)length < sizeof line ? (DWORD)length : sizeof line - 1,
                  &written, NULL);
}

static const char *exception_name(DWORD code)
{
    switch (code) {
    case EXCEPTION_ACCESS_VIOLATION:
        return "access violation";
    case EXCEPTION_STACK_OVERFLOW:
        return "stack overflow";
    case EXCEPTION_ILLEGAL_INSTRUCTION:
        return "illegal instruction";
    case EXCEPTION_INT_DIVIDE_BY_ZERO:
        return "division by zero";
    default:
        return "an exception";
    }
}

static void report(const char *name, const char *place)
{
    void *frames[FRAMES_MAX];
    print("panic: terraform-provider-azurestack %s: %s%s%s%s\nloaded at %p\n",
          provider_version, name, place, current_task != NULL ? " in " : "",
          current_task != NULL ? current_task : "", (void *)GetModuleHandleW(NULL));
    USHORT count = CaptureStackBackTrace(0, FRAMES_MAX, frames, NULL);
    for (USHORT i = 0; i < count; i++)
        print("[%p]\n", frames[i]);
}

static LONG WINAPI on_exception(EXCEPTION_POINTERS *pointers)
{
    const EXCEPTION_RECORD *record = pointers->ExceptionRecord;
    char place[64];
    if (!atomic_exchange(&is_reporting, true)) {
        if (record->ExceptionCode == EXCEPTION_ACCESS_VIOLATION)
            snprintf(place, sizeof place, " (address %p)",
                     (void *)record->ExceptionInformation[1]);
        else
            snprintf(place, sizeof place, " (code 0x%08lx)", record->ExceptionCode);
        report(exception_name(record->ExceptionCode), place);
    }
    restore_console();
    TerminateProcess(GetCurrentProcess(), record->ExceptionCode);
    return EXCEPTION_EXECUTE_HANDLER;
}

static void on_abort(int number)
{
    (void)number;
    if (!atomic_exchange(&is_reporting, true))
        report("abort", "");
    restore_console();
    TerminateProcess(GetCurrentProcess(), 128 + SIGABRT);
}

/* --- set-up ------------------------------------------------------------------------------ */

void process_init(const char *version)
{
    provider_version = version;
    for (int stream = 0; stream <= STDERR_FILENO; stream++)
        _setmode(stream, _O_BINARY); /* lines end with \n only */
    /* Otherwise a console gets each byte by itself, and older ones then show no character that has
     * several. */
    setvbuf(stdout, NULL, _IOFBF, STDOUT_BYTES);
    prepare_console();
    const char *wish = getenv("AZURESTACK_CORE_DUMP");
    if (wish != NULL && strcmp(wish, "1") == 0)
        return;
    /* No window that waits for a click, and no dump, because memory contains credentials. */
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
    SetUnhandledExceptionFilter(on_exception);
    signal(SIGABRT, on_abort);
}

/* The system has no limit that the provider could reach. */
int process_check_files(struct error *err)
{
    (void)err;
    return 0;
}

void process_keep_streams(void)
{
    static const DWORD streams[] = { STD_INPUT_HANDLE, STD_OUTPUT_HANDLE,
                                     STD_ERROR_HANDLE };
    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++)
        SetHandleInformation(GetStdHandle(streams[i]), HANDLE_FLAG_INHERIT, 0);
}

void process_leave_stdout(void)
{
    int nowhere = _open("NUL", _O_WRONLY | _O_BINARY | _O_NOINHERIT);
    if (nowhere < 0)
        return;
    _dup2(nowhere, STDOUT_FILENO);
    _close(nowhere);
}

/* --- the parent -------------------------------------------------------------------------- */

static HANDLE parent; /* NULL: unknown, or access is denied */

static DWORD parent_id(void)
{
    PROCESSENTRY32W entry = { .dwSize = sizeof entry };
    HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
    DWORD found = 0;
    for (BOOL is_there = all != INVALID_HANDLE_VALUE && Process32FirstW(all, &entry);
         is_there && found == 0; is_there = Process32NextW(all, &entry)) {
        if (entry.th32ProcessID == GetCurrentProcessId())
            found = entry.th32ParentProcessID;
    }
    if (all != INVALID_HANDLE_VALUE)
        CloseHandle(all);
    return found;
}

/* Another process may have the parent's number by now. A process that is younger than this one is
 * not the parent, which has then ended. */
static bool is_older(HANDLE other)
{
    FILETIME its, ours, ignored[3];
    return GetProcessTimes(other, &its, &ignored[0], &ignored[1], &ignored[2]) &&
           GetProcessTimes(GetCurrentProcess(), &ours, &ignored[0], &ignored[1],
                           &ignored[2]) &&
           CompareFileTime(&its, &ours) <= 0;
}

void process_remember_parent(void)
{
    DWORD number = parent_id();
    parent = number != 0 ? OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION,
                                       FALSE, number)
                         : NULL;
    if (parent != NULL && !is_older(parent)) {
        CloseHandle(parent);
        parent = NULL;
    }
}

bool process_parent_is_gone(void)
{
    return parent != NULL && WaitForSingleObject(parent, 0) == WAIT_OBJECT_0;
}

long process_id(void)
{
    return (long)GetCurrentProcessId();
}

void process_set_task(const char *task)
{
    current_task = task;
}
