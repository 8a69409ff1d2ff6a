/* Signals that people and programs send. base/process_posix.c has those of a crash.
 * SPDX-License-Identifier: MPL-2.0 */
#include <signal.h>

#include "plugin/internal.h"

static volatile sig_atomic_t last_number, count;

static void on_signal(int number)
{
    last_number = number;
    count++;
}

static void handle(int number, void (*handler)(int))
{
    struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };
    sigfillset(&action.sa_mask); /* one at a time, else the count would be wrong */
    sigaction(number, &action, NULL);
}

void plugin_signals_init(bool is_debug)
{
    struct sigaction hangup;
    sigaction(SIGHUP, NULL, &hangup);
    bool hears = is_debug && hangup.sa_handler != SIG_IGN; /* it is ignored under nohup */
    last_number = count = 0;
    handle(SIGINT, is_debug ? on_signal : SIG_IGN);
    handle(SIGHUP, hears ? on_signal : SIG_IGN);
    handle(SIGTERM, on_signal);
    handle(SIGPIPE, SIG_IGN);
}

int plugin_signals_count(int *number)
{
    *number = last_number;
    return count;
}
