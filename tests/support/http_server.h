/* A server on loopback whose every connection is played by a function of the test's, on a
 * thread of its own: it says exactly which bytes go out, and how the connection ends.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_HTTP_SERVER_H
#define SUPPORT_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"

struct http_server;
struct http_peer; /* one connection */

/* Plays one connection, which is closed when it returns. */
typedef void http_server_fn(struct http_peer *peer, void *state);

/* Listens on a free port. `context` (an SSL_CTX, of which it takes a reference; NULL: none)
 * makes it TLS: a handshake that fails ends the connection without `serve`. */
struct http_server *http_server_new(void *context, http_server_fn *serve, void *state);
/* Ends what is open, and joins its threads. NULL is fine. */
void http_server_free(struct http_server *server);
DEFINE_CLEANUP(struct http_server, http_server_free)
#define auto_http_server CLEANUP(http_server_freep) struct http_server *

/* "http://127.0.0.1:PORT", or https; borrowed. */
const char *http_server_url(const struct http_server *server);
int http_server_port(const struct http_server *server);
size_t http_server_connections(struct http_server *server);
size_t http_server_requests(struct http_server *server);
/* What arrived, head and body, in the order of arrival; the caller's to free. Fails the
 * test if there is no such request. */
char *http_server_request(struct http_server *server, size_t number);
/* Waits until that many requests have arrived. */
void http_server_wait(struct http_server *server, size_t requests);

/* ---- for http_server_fn ------------------------------------------------------------------ */

size_t http_peer_number(const struct http_peer *peer); /* of the connection, from 0 */
/* Reads one request, head and body. False: the client has gone. */
bool http_peer_read(struct http_peer *peer);
/* Exactly so many bytes, which are not remembered. */
bool http_peer_read_bytes(struct http_peer *peer, void *data, size_t bytes);
/* False: the client has gone. */
bool http_peer_write(struct http_peer *peer, const char *text);
bool http_peer_write_bytes(struct http_peer *peer, const void *data, size_t bytes);
/* Waits until the client's system has all that was written. */
void http_peer_settle(struct http_peer *peer);
/* "HTTP/1.1 STATUS X" with Content-Length. */
bool http_peer_answer(struct http_peer *peer, int status, const char *body);
/* Reads and forgets until the client goes. */
void http_peer_hang(struct http_peer *peer);
/* Before `serve` returns: an orderly end, or a reset. */
void http_peer_close(struct http_peer *peer, bool is_reset);
/* From here on it is TLS: what a proxy's tunnel leads to. False: no handshake. */
bool http_peer_start_tls(struct http_peer *peer, void *context);
/* An orderly end of TLS, behind which the connection stays open. */
void http_peer_end_tls(struct http_peer *peer);
/* Over TLS 1.3: nothing but the announcement of another key. */
bool http_peer_update_key(struct http_peer *peer);

#endif
