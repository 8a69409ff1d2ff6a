/* Running another program on macOS.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/posix.h"

/* A kernel event queue could be such a descriptor. Polling is used instead, as on a Linux without
 * pidfd, so that the tests cover it. */
int child_end_fd(pid_t pid)
{
    (void)pid;
    return -1;
}

short child_keep_out(posix_spawn_file_actions_t *actions, int first)
{
    (void)actions, (void)first;
    return POSIX_SPAWN_CLOEXEC_DEFAULT; /* closes everything that no action opened */
}
