/* The open sockets, to find a kept connection on which an answer arrived before its request.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "http/internal.h"

/* Returns a socket that never blocks. Curl would set that itself later, without checking that it
 * worked, and a blocked I/O thread would hold up every worker. */
curl_socket_t sockets_open(void *state, curlsocktype purpose,
                           struct curl_sockaddr *address)
{
    (void)purpose;
    struct sockets *sockets = state;
    net_socket made = net_open(address->family, address->socktype, address->protocol);
    if (made == CURL_SOCKET_BAD)
        return made;
    if (sockets->count == sockets->room) {
        sockets->room = sockets->room == 0 ? 16 : sockets->room * 2;
        sockets->list =
            memory_resize(sockets->list, sockets->room, sizeof *sockets->list);
    }
    sockets->list[sockets->count++] = made;
    return made;
}

int sockets_close(void *state, curl_socket_t one)
{
    struct sockets *sockets = state;
    for (size_t i = 0; i < sockets->count; i++) {
        if (sockets->list[i] == one) {
            sockets->list[i] = sockets->list[--sockets->count];
            break;
        }
    }
    net_close(one);
    return 0;
}

void sockets_clear(struct sockets *sockets)
{
    free(sockets->list);
}

/* One end of the socket is this address. A port alone may also be that of another host. */
static bool is_at(net_socket one, bool is_there, const char *host, int port)
{
    union {
        struct sockaddr any;
        struct sockaddr_in ipv4;
        struct sockaddr_in6 ipv6;
    } address = { .ipv6 = { 0 } };
    socklen_t length = sizeof address;
    if ((is_there ? getpeername(one, &address.any, &length)
                  : getsockname(one, &address.any, &length)) != 0)
        return false;
    bool is_ipv6 = address.any.sa_family == AF_INET6;
    const void *found = is_ipv6 ? (const void *)&address.ipv6.sin6_addr
                                : (const void *)&address.ipv4.sin_addr;
    struct in6_addr wanted; /* has room for either */
    return ntohs(is_ipv6 ? address.ipv6.sin6_port : address.ipv4.sin_port) == port &&
           inet_pton(address.any.sa_family, host, &wanted) == 1 &&
           memcmp(found, &wanted,
                  is_ipv6 ? sizeof(struct in6_addr) : sizeof(struct in_addr)) == 0;
}

/* Over HTTP/2 a service may speak at any time, and other requests use the same connection. */
static bool is_http_2(CURL *easy)
{
    struct curl_tlssessioninfo *tls = NULL;
    const unsigned char *name = NULL;
    unsigned length = 0;
    if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &tls) == CURLE_OK && tls != NULL &&
        tls->internals != NULL)
        SSL_get0_alpn_selected(tls->internals, &name, &length);
    return length == 2 && memcmp(name, "h2", length) == 0;
}

bool sockets_end_stale(const struct sockets *sockets, CURL *easy, const char *here,
                       int port_here, const char *there, int port_there)
{
    long connects = 0;
    if (curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects) != CURLE_OK ||
        connects != 0 || is_http_2(easy))
        return false;
    for (size_t i = 0; i < sockets->count; i++) {
        net_socket one = sockets->list[i];
        char byte;
        if (is_at(one, false, here, port_here) && is_at(one, true, there, port_there) &&
            recv(one, &byte, 1, MSG_PEEK) == 1) {
            shutdown(one, NET_BOTH);
            return true;
        }
    }
    return false;
}
