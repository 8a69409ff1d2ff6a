/* A certificate with its private key, from PKCS#12 (PFX) or PEM.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_CERTIFICATE_H
#define AUTH_CERTIFICATE_H

#include <openssl/evp.h>
#include <stdint.h>

#include "auth/credential.h"
#include "base/cleanup.h"
#include "base/error.h"

enum { CERTIFICATE_THUMBPRINT_BYTES = 32, CERTIFICATE_THUMBPRINT_SHA1_BYTES = 20 };

struct certificate {
    EVP_PKEY *key;                                    /* RSA */
    uint8_t thumbprint[CERTIFICATE_THUMBPRINT_BYTES]; /* SHA-256 of the DER */
    uint8_t thumbprint_sha1[CERTIFICATE_THUMBPRINT_SHA1_BYTES];
    int64_t not_after_ms; /* clock_wall_ms() */
};

/*
 * Loads the certificate from client_certificate, else from client_certificate_path, one of which is
 * set. The caller frees it.
 *
 * Errors: ERR_INVALID  with a text for each case: a file that cannot be read, a file that is
 *                      neither PKCS#12 nor PEM, a missing or wrong password, a file with more than
 *                      one password, an unknown MAC, several keys, an encryption that OpenSSL 3 no
 *                      longer has (with the command that converts the file), no private key, no
 *                      certificate, a key of another certificate, a key that is not RSA
 */
int certificate_load(const struct auth_config *config, struct certificate **out,
                     struct error *err);
void certificate_free(struct certificate *certificate); /* NULL is fine */
DEFINE_CLEANUP(struct certificate, certificate_free)
#define auto_certificate CLEANUP(certificate_freep) struct certificate *

#endif
