/* Certificates for tests, made while they run: an authority, and what it signs.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_HTTP_SERVER_TLS_H
#define SUPPORT_HTTP_SERVER_TLS_H

#include "support/http_server.h"

struct test_authority;

struct test_authority *test_authority_new(const char *name);
void test_authority_free(struct test_authority *authority); /* NULL is fine */
DEFINE_CLEANUP(struct test_authority, test_authority_free)
#define auto_test_authority CLEANUP(test_authority_freep) struct test_authority *
/* Its certificate as PEM in a new temporary file; the path is borrowed, and the file is
 * removed with the authority. */
const char *test_authority_file(struct test_authority *authority);

struct server_certificate {
    const char *common_name;
    const char *alternatives; /* "IP:127.0.0.1", "DNS:host"; NULL: IP:127.0.0.1 */
    int from_days, to_days;   /* from now; both 0: from yesterday to tomorrow */
    int tls_version_max;      /* TLS1_1_VERSION, …; 0: any */
};

/* An SSL_CTX, the caller's to SSL_CTX_free(). Without an authority the certificate signs
 * itself. */
void *test_server_context(struct test_authority *authority,
                          const struct server_certificate *certificate);
/* A server with such a certificate, as http_server_new() makes it. */
struct http_server *test_server_new(struct test_authority *authority,
                                    const struct server_certificate *certificate,
                                    http_server_fn *serve, void *state);

#endif
