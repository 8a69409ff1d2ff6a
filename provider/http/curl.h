/* The transport that ships: libcurl, with one I/O thread.
 *
 * A libcurl multi handle may be used by one thread only. A worker passes an easy handle to the I/O
 * thread, wakes it, and waits until the answer is there, the deadline has passed or the call is
 * stopped. The I/O thread starts with the first request; it owns the open connections and the cache
 * of host names. libcurl resolves names on further threads, and no call waits for such a thread
 * once the call is over (base/names.h). The certificate authorities are read once: when the first
 * request over TLS is prepared, on its worker's thread.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_CURL_H
#define HTTP_CURL_H

#include "http/transport.h"

/* The proxy of the provider block, for http and https. It overrides HTTPS_PROXY, HTTP_PROXY and
 * ALL_PROXY. NO_PROXY applies in either case. */
struct http_proxy_options {
    const char *url;                 /* NULL: the variables are used */
    const char *username, *password; /* may be NULL */
};

struct http_curl_options {
    const char *user_agent; /* NULL: none is sent */
    /* The PEM file of the provider argument, with the only trusted authorities. NULL: the
     * authorities that Terraform trusts, by SSL_CERT_FILE, SSL_CERT_DIR and the system's lists (Go,
     * crypto/x509). */
    const char *ca_bundle;
    struct http_proxy_options proxy;
};

/*
 * Opens no connection and starts no thread yet.
 *
 * Errors: ERR_INVALID  ca_bundle cannot be read, is not a file, has no certificate or a damaged
 *                      one; the address of a proxy is not valid
 *         ERR_INTERNAL libcurl cannot be initialized
 */
int http_curl_new(const struct http_curl_options *options, struct http_transport **out,
                  struct error *err);

/* How a request to the URL would be sent by a transport that http_curl_new() made: "directly" or
 * "through the proxy HOST (HTTPS_PROXY)". In the arena. */
const char *http_curl_route(struct http_transport *transport, struct arena *arena,
                            const char *url);

#endif
