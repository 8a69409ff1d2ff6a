/* Running another program on macOS.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/posix.h"

/* A queue of kernel events could be one. Asking every few milliseconds is what a Linux without
 * pidfd does as well, so that the tests run it. */
int child_end_fd(pid_t pid)
{
    (void)pid;
    return -1;
}

short child_keep_out(posix_spawn_file_actions_t *actions, int first)
{
    (void)actions, (void)first;
    return POSIX_SPAWN_CLOEXEC_DEFAULT; /* all that no action made */
}
