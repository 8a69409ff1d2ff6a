/* One request, one answer. This interface separates what is sent from how it is sent. curl.h is the
 * implementation that ships; tests have their own, which plays exchanges.
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
    const char *url;    /* absolute, percent-encoded, without secrets */
    const struct http_header *headers;
    size_t header_count;
    const struct secret *bearer; /* sent as `Authorization: Bearer …`; NULL: none */
    bool has_body;
    struct bytes body; /* sent with Content-Length */
    /* The bodies of the request and the answer are never logged, and never in an error. */
    bool is_body_secret;
    bool is_direct; /* never through a proxy: for services of this machine */
    /* The largest body of an answer. 0: HTTP_REPLY_BYTES_MAX. */
    size_t reply_bytes_max;
    /* Of this exchange, within the call's deadline. 0: HTTP_EXCHANGE_TIMEOUT_MS. */
    int64_t timeout_ms;
    /* SHA-1, over the DER, of the only certificate that the peer may have (HTTP_PIN_BYTES).
     * Authorities, names and dates are then not checked. Only for https with is_direct. NULL: they
     * are checked. */
    const uint8_t *pin;
};

enum {
    HTTP_PIN_BYTES = 20,
    HTTP_REPLY_BYTES_MAX = 16 * 1024 * 1024, /* ARM promises at most 8 MB */
    HTTP_REPLY_HEADER_BYTES_MAX = 256 * 1024,
    /* ARM gives a provider 60 s, then answers 504. */
    HTTP_EXCHANGE_TIMEOUT_MS = 100 * 1000,
    HTTP_CONNECT_TIMEOUT_MS = 30 * 1000,
};

/* On the heap, because a cache may keep it longer than the call's arena. */
struct http_reply {
    int status;
    struct http_header *headers;
    size_t header_count;
    struct bytes body; /* followed by a NUL that length does not count */
    /* How long the text of the body asks to wait, for a service that says so only there. The
     * function that reads the body sets it; 0: it does not. */
    int64_t body_wait_ms;
};

void http_reply_free(struct http_reply *reply); /* NULL is fine */
DEFINE_CLEANUP(struct http_reply, http_reply_free)
#define auto_http_reply CLEANUP(http_reply_freep) struct http_reply *
/* The value of the first header with this name, ignoring case; NULL: there is none. */
const char *http_reply_header(const struct http_reply *reply, const char *name);

struct http_outages;

struct http_transport {
    /*
     * Sends one request and waits for its answer, whatever its status. Never retries, never follows
     * a redirect.
     *
     * Errors: ERR_NAME         the host name does not resolve
     *         ERR_TLS          handshake or certificate; the text names the certificate at fault
     *         ERR_UNREACHABLE  no connection (refused, no route, timeout of the connect): the
     *                          request was certainly not sent
     *         ERR_LOST         cut, reset, timed out, or ended by a stop or an abort, after sending
     *                          began: the service may have acted
     *         ERR_TOO_BIG      the answer is larger than a limit (the service acted)
     *         ERR_SHAPE        the answer is not HTTP (the service may have acted)
     *         ERR_TIMEOUT      the call's deadline passed before anything was sent
     *         ERR_STOPPED      stop or abort before anything was sent
     *         ERR_INVALID      the URL or the proxy cannot be used
     *         ERR_INTERNAL     libcurl or a thread cannot be started
     */
    int (*send)(struct http_transport *transport, struct call *call,
                const struct http_request *request, struct http_reply **out,
                struct error *err);
    void (*free)(struct http_transport *transport);
    /* Owned. NULL: calls do not share what they know about hosts that cannot be reached. */
    struct http_outages *outages;
};

/* Both accept NULL; http_send() fails then with ERR_INTERNAL. http_send() sets
 * call->unreachable_ms. */
int http_send(struct http_transport *transport, struct call *call,
              const struct http_request *request, struct http_reply **out,
              struct error *err);
void http_transport_free(struct http_transport *transport);

#endif
