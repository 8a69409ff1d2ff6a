/* Sockets of Windows.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/net.h"

net_socket net_open(int family, int type, int protocol)
{
    u_long is_on = 1;
    SOCKET made = WSASocketW(family, type, protocol, NULL, 0,
                             WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    if (made != INVALID_SOCKET && ioctlsocket(made, (long)FIONBIO, &is_on) != 0) {
        closesocket(made);
        made = INVALID_SOCKET;
    }
    return made;
}

void net_close(net_socket one)
{
    closesocket(one);
}
