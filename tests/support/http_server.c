/* A server on loopback whose every connection is played by a function of the test's.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/http_server.h"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "base/memory.h"
#include "support/must.h"

enum { CONNECTIONS_MAX = 256, REQUEST_BYTES_MAX = 4 * 1024 * 1024 };

struct http_peer {
    struct http_server *server;
    int fd;
    SSL *ssl;
    size_t number;
    pthread_t thread;
    bool is_closed; /* under the server's lock */
};

struct http_server {
    int listener, port;
    char *url;
    SSL_CTX *context;
    http_server_fn *serve;
    void *state;
    pthread_t thread;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_ending;
    struct http_peer peers[CONNECTIONS_MAX];
    size_t peer_count;
    char **requests;
    size_t request_count;
};

/* ---- one connection ---------------------------------------------------------------------- */

static ssize_t receive(struct http_peer *peer, char *data, size_t bytes)
{
    return peer->ssl != NULL ? SSL_read(peer->ssl, data, (int)bytes)
                             : recv(peer->fd, data, bytes, 0);
}

bool http_peer_read_bytes(struct http_peer *peer, void *data, size_t bytes)
{
    ssize_t count = 1;
    for (size_t done = 0; done < bytes && count > 0; done += (size_t)count)
        count = receive(peer, (char *)data + done, bytes - done);
    return count > 0;
}

bool http_peer_write_bytes(struct http_peer *peer, const void *data, size_t bytes)
{
    ssize_t count = 1;
    for (size_t done = 0; done < bytes && count > 0; done += (size_t)count) {
        const char *at = (const char *)data + done;
        count = peer->ssl != NULL ? SSL_write(peer->ssl, at, (int)(bytes - done))
                                  : send(peer->fd, at, bytes - done, MSG_NOSIGNAL);
    }
    return count > 0;
}

bool http_peer_write(struct http_peer *peer, const char *text)
{
    return http_peer_write_bytes(peer, text, strlen(text));
}

bool http_peer_answer(struct http_peer *peer, int status, const char *body)
{
    auto_char text = memory_print("HTTP/1.1 %d X\r\nContent-Length: %zu\r\n\r\n%s",
                                  status, strlen(body), body);
    return http_peer_write(peer, text);
}

size_t http_peer_number(const struct http_peer *peer)
{
    return peer->number;
}

void http_peer_hang(struct http_peer *peer)
{
    char waste[4096];
    while (receive(peer, waste, sizeof waste) > 0)
        continue;
}

void http_peer_close(struct http_peer *peer, bool is_reset)
{
    pthread_mutex_lock(&peer->server->lock);
    if (!peer->is_closed) {
        struct linger now = { .l_onoff = is_reset, .l_linger = 0 };
        setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(peer->fd);
        peer->is_closed = true;
    }
    pthread_mutex_unlock(&peer->server->lock);
}

bool http_peer_start_tls(struct http_peer *peer, void *context)
{
    peer->ssl = SSL_new(context);
    must(peer->ssl != NULL && SSL_set_fd(peer->ssl, peer->fd) == 1, "no TLS");
    return SSL_accept(peer->ssl) == 1;
}

void http_peer_settle(struct http_peer *peer)
{
    const struct timespec pause = { .tv_nsec = 1000 * 1000 };
    int left = 0;
    while (ioctl(peer->fd, SIOCOUTQ, &left) == 0 && left != 0)
        nanosleep(&pause, NULL);
}

void http_peer_end_tls(struct http_peer *peer)
{
    SSL_shutdown(peer->ssl);
}

bool http_peer_update_key(struct http_peer *peer)
{
    return SSL_key_update(peer->ssl, SSL_KEY_UPDATE_NOT_REQUESTED) == 1 &&
           SSL_do_handshake(peer->ssl) == 1;
}

/* How many bytes of body the head announces. */
static size_t body_length(const char *head)
{
    const char *line = strcasestr(head, "\r\nContent-Length:");
    return line != NULL ? strtoul(line + strlen("\r\nContent-Length:"), NULL, 10) : 0;
}

bool http_peer_read(struct http_peer *peer)
{
    auto_char text = memory_new(REQUEST_BYTES_MAX + 1);
    size_t length = 0;
    /* One byte at a time up to the end of the head: what follows is the next one's. */
    while (length < 4 || memcmp(text + length - 4, "\r\n\r\n", 4) != 0) {
        if (length == REQUEST_BYTES_MAX ||
            !http_peer_read_bytes(peer, text + length++, 1))
            return false;
    }
    size_t body = body_length(text);
    if (body > REQUEST_BYTES_MAX - length ||
        !http_peer_read_bytes(peer, text + length, body))
        return false;
    struct http_server *server = peer->server;
    pthread_mutex_lock(&server->lock);
    server->requests =
        memory_resize(server->requests, server->request_count + 1, sizeof(char *));
    server->requests[server->request_count++] = take(text);
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
    return true;
}

static void *play(void *argument)
{
    struct http_peer *peer = argument;
    struct http_server *server = peer->server;
    if (server->context == NULL || http_peer_start_tls(peer, server->context))
        server->serve(peer, server->state);
    if (peer->ssl != NULL && !peer->is_closed)
        SSL_shutdown(peer->ssl);
    http_peer_close(peer, false);
    SSL_free(peer->ssl);
    return NULL;
}

/* ---- the listener ------------------------------------------------------------------------- */

static void *listen_on(void *argument)
{
    struct http_server *server = argument;
    for (;;) {
        int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
        pthread_mutex_lock(&server->lock);
        if (fd < 0 || server->is_ending) {
            pthread_mutex_unlock(&server->lock);
            if (fd >= 0)
                close(fd);
            return NULL;
        }
        must(server->peer_count < CONNECTIONS_MAX, "too many connections");
        struct http_peer *peer = &server->peers[server->peer_count];
        *peer = (struct http_peer){ .server = server,
                                    .fd = fd,
                                    .number = server->peer_count++ };
        must(pthread_create(&peer->thread, NULL, play, peer) == 0, "no thread");
        pthread_mutex_unlock(&server->lock);
    }
}

struct http_server *http_server_new(void *context, http_server_fn *serve, void *state)
{
    struct http_server *server = memory_new(sizeof *server);
    *server = (struct http_server){ .context = context, .serve = serve, .state = state };
    if (context != NULL)
        SSL_CTX_up_ref(context);
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->changed, NULL);
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t length = sizeof address;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(server->listener >= 0 &&
             bind(server->listener, (struct sockaddr *)&address, length) == 0 &&
             listen(server->listener, 64) == 0 &&
             getsockname(server->listener, (struct sockaddr *)&address, &length) == 0,
         "no port");
    server->port = ntohs(address.sin_port);
    server->url =
        memory_print("http%s://127.0.0.1:%d", context != NULL ? "s" : "", server->port);
    /* A client that has gone is no reason to end: its threads inherit this. */
    sigset_t pipes, before;
    sigemptyset(&pipes);
    sigaddset(&pipes, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipes, &before);
    must(pthread_create(&server->thread, NULL, listen_on, server) == 0, "no thread");
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return server;
}

void http_server_free(struct http_server *server)
{
    if (server == NULL)
        return;
    pthread_mutex_lock(&server->lock);
    server->is_ending = true;
    for (size_t i = 0; i < server->peer_count; i++)
        if (!server->peers[i].is_closed)
            shutdown(server->peers[i].fd, SHUT_RDWR);
    pthread_mutex_unlock(&server->lock);
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
    for (size_t i = 0; i < server->peer_count; i++)
        pthread_join(server->peers[i].thread, NULL);
    for (size_t i = 0; i < server->request_count; i++)
        free(server->requests[i]);
    free(server->requests);
    free(server->url);
    SSL_CTX_free(server->context);
    pthread_cond_destroy(&server->changed);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

const char *http_server_url(const struct http_server *server)
{
    return server->url;
}

int http_server_port(const struct http_server *server)
{
    return server->port;
}

static size_t read_count(struct http_server *server, const size_t *count)
{
    pthread_mutex_lock(&server->lock);
    size_t copy = *count;
    pthread_mutex_unlock(&server->lock);
    return copy;
}

size_t http_server_connections(struct http_server *server)
{
    return read_count(server, &server->peer_count);
}

size_t http_server_requests(struct http_server *server)
{
    return read_count(server, &server->request_count);
}

char *http_server_request(struct http_server *server, size_t number)
{
    pthread_mutex_lock(&server->lock);
    must(number < server->request_count, "there is no request of that number");
    char *copy = memory_copy_text(server->requests[number]);
    pthread_mutex_unlock(&server->lock);
    return copy;
}

void http_server_wait(struct http_server *server, size_t requests)
{
    pthread_mutex_lock(&server->lock);
    while (server->request_count < requests)
        pthread_cond_wait(&server->changed, &server->lock);
    pthread_mutex_unlock(&server->lock);
}
