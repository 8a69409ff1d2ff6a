/* Console and session events of Windows. base/process_windows.c has those of a crash.
 * SPDX-License-Identifier: MPL-2.0 */
#include <signal.h>
#include <stdatomic.h>

#include "plugin/internal.h"

static atomic_int last_number, count;
static bool is_debugged;

/* Called on a thread that the system starts. TRUE: the event was handled; Ctrl-C is left to
 * Terraform. When the console is closed or the system shuts down, the system ends the process when
 * this function returns, or after five seconds: until then, running calls are answered. A program
 * that a service has started, such as a CI agent, gets an event for every user who logs off, and goes
 * on. */
static BOOL WINAPI on_event(DWORD event)
{
    bool is_ctrl_c = event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
    if ((is_ctrl_c && !is_debugged) || event == CTRL_LOGOFF_EVENT)
        return TRUE;
    atomic_store(&last_number, is_ctrl_c ? SIGINT : SIGTERM);
    atomic_fetch_add(&count, 1);
    if (!is_ctrl_c)
        Sleep(INFINITE);
    return TRUE;
}

void plugin_signals_init(bool is_debug)
{
    is_debugged = is_debug;
    atomic_store(&count, 0);
    SetConsoleCtrlHandler(on_event, TRUE);
}

int plugin_signals_count(int *number)
{
    *number = atomic_load(&last_number);
    return atomic_load(&count);
}
