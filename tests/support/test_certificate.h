/* Certificates with keys, made on the spot, in the forms in which people have them.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_TEST_CERTIFICATE_H
#define SUPPORT_TEST_CERTIFICATE_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

struct test_certificate {
    EVP_PKEY *key;
    X509 *x509;
};

/* Not signed yet, for whatever is to be added; the caller's. `issuer` NULL: it is its own. */
X509 *test_certificate_new(EVP_PKEY *key, const char *name, const X509 *issuer,
                           int from_days, int to_days);

/* Self-signed; "RSA" or "EC"; `days` until it ends, from today. */
void test_certificate_make(struct test_certificate *out, const char *kind, int days);
void test_certificate_clear(struct test_certificate *certificate);

/* Bytes on the heap. Any of the parts may be NULL: it is left out then. */
struct test_bytes {
    unsigned char *data;
    size_t length;
};
/* `cipher`: an NID of OpenSSL, 0 for what is usual today. Algorithms of the legacy provider
 * are used without making them known to anybody else. */
struct test_bytes test_certificate_pfx(EVP_PKEY *key, X509 *x509, const char *password,
                                       int cipher);
struct test_bytes test_certificate_pem(EVP_PKEY *key, X509 *x509, const char *password);
/* Standard base64 with line breaks. */
char *test_base64(const struct test_bytes *bytes);

#endif
