/* One request, one answer: the seam between what is asked and how it travels. The real
 * one is curl.h; tests play exchanges through their own.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_TRANSPORT_H
#define HTTP_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/call.h"
#include "base/error.h"
#include "base/secret.h"

struct http_header {
    const char *name;
    const char *value;
};

struct http_request {
    const char *method; /* "GET", "PUT", … */
    const char *url;    /* absolute; fully encoded; holds no secret */
    const struct http_header *headers;
    size_t header_count;
    const struct secret *bearer; /* becomes `Authorization: Bearer …`; NULL: none */
    bool has_body;
    struct bytes body;      /* sent with Content-Length */
    bool is_body_secret;    /* request and answer bodies never reach a log or an error */
    bool is_direct;         /* never through a proxy: for services of this very machine */
    size_t reply_bytes_max; /* ceiling for the answer's body; 0: HTTP_REPLY_BYTES_MAX */
    int64_t timeout_ms;     /* for this one exchange, inside the call's deadline; 0:
                               HTTP_EXCHANGE_TIMEOUT_MS */
    /* SHA-1 of the only certificate that the peer may have (over its DER, HTTP_PIN_BYTES):
     * neither authorities nor names nor dates count then. For https with is_direct. NULL:
     * they do. */
    const uint8_t *pin;
};

enum {
    HTTP_PIN_BYTES = 20,
    HTTP_REPLY_BYTES_MAX = 16 * 1024 * 1024, /* ARM promises at most 8 MB */
    HTTP_REPLY_HEADER_BYTES_MAX = 256 * 1024,
    HTTP_EXCHANGE_TIMEOUT_MS = 100 * 1000, /* ARM gives a provider 60 s, then says 504 */
    HTTP_CONNECT_TIMEOUT_MS = 30 * 1000,
};

/* On the heap: outlives the call's arena where a cache wants it to. */
struct http_reply {
    int status;
    struct http_header *headers;
    size_t header_count;
    struct bytes body; /* followed by a NUL that length does not count */
    /* What the text of the body asks to wait, of a service that may say it there alone. Set by
     * who can read the body; 0: nothing. */
    int64_t body_wait_ms;
};

void http_reply_free(struct http_reply *reply); /* NULL is fine */
DEFINE_CLEANUP(struct http_reply, http_reply_free)
#define auto_http_reply CLEANUP(http_reply_freep) struct http_reply *
/* The first header of that name, ignoring case; NULL if there is none. */
const char *http_reply_header(const struct http_reply *reply, const char *name);

struct http_outages;

struct http_transport {
    /*
     * Sends one request and waits for its answer, whatever its status. Never retries,
     * never follows a redirect.
     *
     * Errors: ERR_NAME         the host name does not resolve
     *         ERR_TLS          handshake or certificate; names the certificate at fault
     *         ERR_UNREACHABLE  no connection (refused, no route, connect timed out): the
     *                          request was certainly not sent
     *         ERR_LOST         cut, reset or timed out after sending began: the service
     *                          may have acted
     *         ERR_TOO_BIG      the answer passed a ceiling (the service acted)
     *         ERR_SHAPE        not HTTP (the service may have acted)
     *         ERR_TIMEOUT      the call's deadline came before anything was sent
     *         ERR_STOPPED      stop or abort before anything was sent; a request that was
     *                          cut short by them after it was sent is ERR_LOST
     */
    int (*send)(struct http_transport *transport, struct call *call,
                const struct http_request *request, struct http_reply **out,
                struct error *err);
    void (*free)(struct http_transport *transport);
    /* Owned; NULL: each call finds out by itself what cannot be reached. */
    struct http_outages *outages;
};

/* Both NULL-safe. Sending notes in the call since when the host cannot be reached. */
int http_send(struct http_transport *transport, struct call *call,
              const struct http_request *request, struct http_reply **out,
              struct error *err);
void http_transport_free(struct http_transport *transport);

#endif
