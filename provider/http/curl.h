/* The real transport: libcurl behind one I/O thread.
 *
 * A multi handle belongs to one thread. Workers hand it an easy handle, wake it, and wait
 * for the answer, their deadline or a stop; the thread starts with the first request, and
 * owns kept connections, names (c-ares in the release build) and the trust store.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_CURL_H
#define HTTP_CURL_H

#include "http/transport.h"

/* The provider's own proxy, for http and https. It goes before the variables HTTPS_PROXY,
 * HTTP_PROXY and ALL_PROXY; NO_PROXY takes hosts away from either. */
struct http_proxy_options {
    const char *url;                 /* NULL: the variables count */
    const char *username, *password; /* may be NULL */
};

struct http_curl_options {
    const char *user_agent;
    /* Trust: `ca_bundle` (a PEM file of the provider block) is used in place of the
     * system's store; else SSL_CERT_FILE, SSL_CERT_DIR; else the first well-known place
     * that exists (Debian, RHEL, SUSE, Alpine, …, as Go's crypto/x509 probes them). */
    const char *ca_bundle;
    struct http_proxy_options proxy;
};

/*
 * Makes no connection and starts no thread yet.
 *
 * Errors: ERR_INVALID  ca_bundle, SSL_CERT_FILE cannot be read, is no file or holds no
 *                      certificate; what should be a proxy's address is none
 */
int http_curl_new(const struct http_curl_options *options, struct http_transport **out,
                  struct error *err);

#endif
