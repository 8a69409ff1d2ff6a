/* Running another program on Linux.
 * SPDX-License-Identifier: MPL-2.0 */
#include <sys/syscall.h>
#include <unistd.h>

#include "base/posix.h"

int child_end_fd(pid_t pid)
{
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

short child_keep_out(posix_spawn_file_actions_t *actions, int first)
{
    posix_spawn_file_actions_addclosefrom_np(actions, first);
    return 0;
}
