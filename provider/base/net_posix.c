/* Sockets of Linux and macOS.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/net.h"

#include <fcntl.h>
#include <unistd.h>

/* macOS has no flags of socket() for this. A program that another thread starts before fcntl() does
 * not inherit the socket either: child_run() excludes all descriptors. */
net_socket net_open(int family, int type, int protocol)
{
    int made = socket(family, type, protocol);
    if (made >= 0 &&
        (fcntl(made, F_SETFD, FD_CLOEXEC) < 0 || fcntl(made, F_SETFL, O_NONBLOCK) < 0)) {
        close(made);
        made = -1;
    }
    return made;
}

void net_close(net_socket one)
{
    close(one);
}
