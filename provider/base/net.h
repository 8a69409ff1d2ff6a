/* Sockets: their headers, which differ between systems, and one call.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_NET_H
#define BASE_NET_H

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
typedef SOCKET net_socket;
#else
#include <arpa/inet.h>
#include <sys/socket.h>
typedef int net_socket;
#endif

/* A socket that never blocks and that no child process inherits. On error, the system's invalid
 * socket. */
net_socket net_open(int family, int type, int protocol);

#endif
