/* A certificate with its private key, as people have it: PKCS#12 (PFX) or PEM.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_CERTIFICATE_H
#define AUTH_CERTIFICATE_H

#include <openssl/evp.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"

enum { CERTIFICATE_THUMBPRINT_BYTES = 32, CERTIFICATE_THUMBPRINT_SHA1_BYTES = 20 };

struct certificate {
    EVP_PKEY *key;                                    /* RSA */
    uint8_t thumbprint[CERTIFICATE_THUMBPRINT_BYTES]; /* SHA-256 over the DER */
    uint8_t thumbprint_sha1[CERTIFICATE_THUMBPRINT_SHA1_BYTES];
    int64_t not_after_ms; /* clock_wall_ms() */
};

struct certificate_input {
    const char *base64; /* the file's bytes, or PEM as it is; NULL: see path */
    const char *path;
    const char *password; /* of the file or of the key in it; NULL: none */
};

/*
 * Errors: ERR_INVALID, each with its own words: a file that cannot be read, neither PKCS#12
 *         nor PEM, no or a wrong password, another password inside, an unknown MAC,
 *         several keys, an encryption that OpenSSL 3 has given up (then
 *         with the command that converts it), no private key, no certificate, a key that is
 *         of another certificate, a key that is not RSA
 */
int certificate_load(const struct certificate_input *input, struct certificate **out,
                     struct error *err);
void certificate_free(struct certificate *certificate); /* NULL is fine */
DEFINE_CLEANUP(struct certificate, certificate_free)
#define auto_certificate CLEANUP(certificate_freep) struct certificate *

#endif
