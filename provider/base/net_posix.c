/* Sockets of Linux and macOS.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/net.h"

net_socket net_open(int family, int type, int protocol)
{
    return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
}
