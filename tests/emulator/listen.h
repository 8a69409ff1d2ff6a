/* Listening on loopback, with and without TLS, and the connections that come of it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_LISTEN_H
#define EMULATOR_LISTEN_H

#include <stdbool.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>

enum listen_kind { LISTEN_MAIN, LISTEN_SECOND, LISTEN_PLAIN };

enum { LISTEN_SOCKETS = 2 };

struct listener {
    struct evhttp *http;
    enum listen_kind kind;
    /* 127.0.0.1; where there is one, ::1 */
    struct evhttp_bound_socket *sockets[LISTEN_SOCKETS];
    int port;
};

typedef void listen_fn(struct evhttp_request *request, void *unused);

void listen_init(struct listener *listener, struct event_base *base,
                 enum listen_kind kind, listen_fn *answer);
/* On this port, 0 for any; listener->port says which. False: it says why on stderr. */
bool listen_open(struct listener *listener, int port);
/* Writes DIR/name with the port in it, which appears complete. False: it says why on stderr. */
bool listen_write_port(const struct listener *listener, const char *dir,
                       const char *name);
void listen_close(struct listener *listener);
/* Paused, the system goes on accepting connections and nobody attends to them. */
void listen_pause(struct listener *listener, bool is_paused);
void listen_free(struct listener *listener);

/* The number that the CONNECT line gave the connection of a request; 0 without TLS. */
long listen_number(struct evhttp_request *request);
/* A RST on every connection of the main listener. */
void listen_reset_connections(void);

#endif
