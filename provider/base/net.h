/* Sockets: their headers and calls that differ between systems.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_NET_H
#define BASE_NET_H

/* NET_BOTH: of shutdown(), both directions. */
#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
typedef SOCKET net_socket;
#define NET_BOTH SD_BOTH
#else
#include <arpa/inet.h>
#include <sys/socket.h>
typedef int net_socket;
#define NET_BOTH SHUT_RDWR
#endif

/* A socket that never blocks and that no child process inherits. On error, the system's invalid
 * socket. */
net_socket net_open(int family, int type, int protocol);
void net_close(net_socket one);

#endif
