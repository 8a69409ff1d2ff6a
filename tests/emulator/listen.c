/* Listening on loopback, with and without TLS, and the connections that come of it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "listen.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <event2/bufferevent_ssl.h>
#include <event2/listener.h>
#include <openssl/ssl.h>

#include "log.h"
#include "second.h"
#include "switches.h"
#include "text.h"
#include "tls.h"
#include "wire.h"

enum {
    MAX_BODY_BYTES = 1 << 20,
    MAX_HEAD_BYTES = 1 << 16,
    /* evhttp's own limit of 50 s would end what a test wants to hang. */
    IDLE_S = 3600,
};

/* A TLS connection of the main listener; it lives as long as its SSL. */
struct connection {
    long number;
    SSL *ssl;
    struct connection *next, *previous;
};

static struct connection *connections;
static long connection_count;
static int connection_index = -1;

static void connection_free(void *unused_ssl, void *pointer, CRYPTO_EX_DATA *data,
                            int index, long argument, void *unused)
{
    struct connection *connection = pointer;
    (void)unused_ssl, (void)data, (void)index, (void)argument, (void)unused;
    if (connection == NULL)
        return;
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        connections = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    free(connection);
}

static void connection_add(SSL *ssl, long number)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL)
        abort();
    if (connection_index < 0)
        connection_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, connection_free);
    connection->number = number;
    connection->ssl = ssl;
    connection->next = connections;
    if (connections)
        connections->previous = connection;
    connections = connection;
    SSL_set_ex_data(ssl, connection_index, connection);
}

static void on_handshake(const SSL *ssl, int where, int result)
{
    (void)result;
    const struct connection *connection = SSL_get_ex_data(ssl, connection_index);
    if (where & SSL_CB_HANDSHAKE_DONE && connection)
        log_event(requests_log, "TLS",
                  json_pack("{s:I, s:s}", "connection", (json_int_t)connection->number,
                            "version", SSL_get_version(ssl)));
}

static struct bufferevent *make_stream(struct event_base *base, SSL *ssl)
{
    struct bufferevent *stream = bufferevent_openssl_socket_new(
        base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
    bufferevent_openssl_set_allow_dirty_shutdown(stream, 1);
    return stream;
}

/* evhttp asks for a stream whenever it has accepted a connection. */
static struct bufferevent *accept_main(struct event_base *base, void *unused)
{
    const char *mode = switch_text("tls");
    SSL_CTX *context = tls_context(mode);
    (void)unused;
    connection_count++;
    log_event(
        requests_log, "CONNECT",
        json_pack("{s:I, s:s}", "connection", (json_int_t)connection_count, "tls", mode));
    if (context == NULL)
        return NULL; /* plaintext: evhttp makes an ordinary one */
    SSL *ssl = SSL_new(context);
    connection_add(ssl, connection_count);
    SSL_set_info_callback(ssl, on_handshake);
    return make_stream(base, ssl);
}

static struct bufferevent *accept_second(struct event_base *base, void *unused)
{
    (void)unused;
    second_contacted();
    return make_stream(base, SSL_new(tls_context("ok")));
}

void listen_init(struct listener *listener, struct event_base *base,
                 enum listen_kind kind, listen_fn *answer)
{
    *listener = (struct listener){ .http = evhttp_new(base), .kind = kind };
    evhttp_set_gencb(listener->http, answer, NULL);
    evhttp_set_allowed_methods(listener->http, EVHTTP_REQ_GET | EVHTTP_REQ_PUT |
                                                   EVHTTP_REQ_POST | EVHTTP_REQ_DELETE |
                                                   EVHTTP_REQ_PATCH | EVHTTP_REQ_HEAD |
                                                   EVHTTP_REQ_OPTIONS);
    evhttp_set_max_body_size(listener->http, MAX_BODY_BYTES);
    evhttp_set_max_headers_size(listener->http, MAX_HEAD_BYTES);
    evhttp_set_timeout(listener->http, IDLE_S);
    evhttp_set_default_content_type(listener->http, NULL);
    if (kind == LISTEN_MAIN)
        evhttp_set_bevcb(listener->http, accept_main, NULL);
    else if (kind == LISTEN_SECOND)
        evhttp_set_bevcb(listener->http, accept_second, NULL);
}

/* Connections inherit it. Without it an answer's second packet waits for the client to have
 * acknowledged the first, which the client puts off for 40 ms. */
static void send_at_once(struct evhttp_bound_socket *bound)
{
    int on = 1;
    if (bound != NULL)
        setsockopt(evhttp_bound_socket_get_fd(bound), IPPROTO_TCP, TCP_NODELAY, &on,
                   sizeof on);
}

static int port_of(struct evhttp_bound_socket *bound)
{
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    int fd = evhttp_bound_socket_get_fd(bound);
    if (getsockname(fd, (struct sockaddr *)&address, &length) < 0)
        return 0;
    return ntohs(address.sin_port);
}

bool listen_open(struct listener *listener, int port)
{
    listener->sockets[0] =
        evhttp_bind_socket_with_handle(listener->http, "127.0.0.1", (unsigned short)port);
    if (listener->sockets[0] == NULL) {
        fprintf(stderr, "azurestack-emulator: cannot listen on 127.0.0.1:%d\n", port);
        return false;
    }
    listener->port = port_of(listener->sockets[0]);
    /* Not every machine has it; "localhost" then means 127.0.0.1 only. */
    listener->sockets[1] = evhttp_bind_socket_with_handle(listener->http, "::1",
                                                          (unsigned short)listener->port);
    for (int i = 0; i < LISTEN_SOCKETS; i++)
        send_at_once(listener->sockets[i]);
    return true;
}

bool listen_write_port(const struct listener *listener, const char *dir, const char *name)
{
    char *path = text_format("%s/%s", dir, name),
         *temporary = text_format("%s.new", path);
    FILE *stream = fopen(temporary, "we");
    bool is_written = stream && fprintf(stream, "%d\n", listener->port) > 0;
    if (stream && fclose(stream) != 0)
        is_written = false;
    /* The name appears with its content. */
    if (!is_written || rename(temporary, path) != 0) {
        perror(path);
        is_written = false;
    }
    free(temporary);
    free(path);
    return is_written;
}

void listen_close(struct listener *listener)
{
    for (int i = 0; i < LISTEN_SOCKETS; i++) {
        if (listener->sockets[i])
            evhttp_del_accept_socket(listener->http, listener->sockets[i]);
        listener->sockets[i] = NULL;
    }
}

void listen_pause(struct listener *listener, bool is_paused)
{
    for (int i = 0; i < LISTEN_SOCKETS; i++) {
        if (listener->sockets[i] == NULL)
            continue;
        struct evconnlistener *accepting =
            evhttp_bound_socket_get_listener(listener->sockets[i]);
        if (is_paused)
            evconnlistener_disable(accepting);
        else
            evconnlistener_enable(accepting);
    }
}

void listen_free(struct listener *listener)
{
    if (listener->http)
        evhttp_free(listener->http);
    listener->http = NULL;
}

long listen_number(struct evhttp_request *request)
{
    struct bufferevent *stream =
        evhttp_connection_get_bufferevent(evhttp_request_get_connection(request));
    SSL *ssl = bufferevent_openssl_get_ssl(stream);
    const struct connection *connection =
        ssl && connection_index >= 0 ? SSL_get_ex_data(ssl, connection_index) : NULL;
    return connection ? connection->number : 0;
}

void listen_reset_connections(void)
{
    for (struct connection *connection = connections; connection;
         connection = connection->next)
        wire_reset(SSL_get_fd(connection->ssl));
}
