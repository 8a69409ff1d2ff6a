/* The real transport: libcurl behind one I/O thread.
 *
 * A multi handle belongs to one thread. Workers hand it an easy handle, wake it, and wait
 * for the answer, their deadline or a stop; the thread starts with the first request, and
 * owns kept connections and names, which libcurl looks up on threads of its own: no call waits
 * for one once the call is over (names.h). The certificate authorities are read once, when the
 * first request over TLS is prepared, on its worker's thread.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_CURL_H
#define HTTP_CURL_H

#include "http/transport.h"

/* The provider's own proxy, for http and https. It overrides the variables HTTPS_PROXY,
 * HTTP_PROXY and ALL_PROXY; NO_PROXY takes hosts away from either. */
struct http_proxy_options {
    const char *url;                 /* NULL: the variables count */
    const char *username, *password; /* may be NULL */
};

struct http_curl_options {
    const char *user_agent;
    /* The PEM file of the provider argument; nothing else is trusted then. NULL: what Terraform
     * trusts, by SSL_CERT_FILE, SSL_CERT_DIR and the system's lists (Go, crypto/x509). */
    const char *ca_bundle;
    struct http_proxy_options proxy;
};

/*
 * Makes no connection and starts no thread yet.
 *
 * Errors: ERR_INVALID  ca_bundle cannot be read, is no file, holds no certificate or a damaged
 *                      one; what should be a proxy's address is none
 */
int http_curl_new(const struct http_curl_options *options, struct http_transport **out,
                  struct error *err);

/* How a request to the URL would travel, of a transport that http_curl_new() made: "directly" or
 * "through the proxy HOST (HTTPS_PROXY)". In the arena. */
const char *http_curl_route(struct http_transport *transport, struct arena *arena,
                            const char *url);

#endif
