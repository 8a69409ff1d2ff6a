/* What the files of the curl transport share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_INTERNAL_H
#define HTTP_INTERNAL_H

#include <curl/curl.h>
#include <openssl/ssl.h>

#include "http/curl.h"

/* ---- trust.c: whom we believe ------------------------------------------------------- */

struct trust {
    char *file, *folder; /* either may be NULL; folder may be a list with colons */
};

/* Errors: ERR_INVALID, as http_curl_new() says. */
int trust_find(struct trust *trust, const char *ca_bundle, struct error *err);
void trust_clear(struct trust *trust);

/* What one handshake told about the peer's certificates. */
struct trust_report {
    int code; /* X509_V_…; X509_V_OK: nothing was wrong with the chain */
    char subject[256], issuer[256], leaf[256];
    char not_before[32], not_after[32];
    char server_name[256]; /* that was asked for; empty where the peer is a number */
};

/* Makes the handshakes of `context` write into `report`. */
void trust_watch(SSL_CTX *context, struct trust_report *report);
/* Sets ERR_TLS: what failed, which certificate is at fault, and what to do. `peer` is whose it
 * is, `place` what to check where it is somebody else's; `reason` is curl's own text. */
int trust_explain(const struct trust *trust, const struct trust_report *report,
                  const char *peer, const char *place, const char *reason,
                  struct error *err);

/* ---- proxy.c: through whom we speak --------------------------------------------------- */

/* Addresses without the user and password, which travel apart: no text of curl's can
 * show them. NULL: none. */
struct proxy {
    char *address, *user;
    struct secret *password;
    const char *named_by; /* a variable, or the argument; for texts */
    bool is_argument;
};

struct proxies {
    struct proxy http, https;
    char *exceptions; /* NO_PROXY */
};

/* The port of an address, said or meant by its scheme. */
long proxy_url_port(const char *address);

/* The argument's url, else the variables; NO_PROXY holds for both.
 * Errors: ERR_INVALID  one that does not hold the address of a proxy */
int proxies_find(struct proxies *proxies, const struct http_proxy_options *options,
                 struct error *err);
void proxies_clear(struct proxies *proxies);
const struct proxy *proxies_for(const struct proxies *proxies, const char *url);
/* Whether a handshake with the first hop on the way to `url`, at this port and under this name,
 * was one with the proxy itself: curl does not tell, and NO_PROXY may have taken it away. */
bool proxy_is_peer(const struct proxy *proxy, const char *url, long port,
                   const char *server_name);

#endif
