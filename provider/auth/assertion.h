/* A client assertion, which a client with a certificate sends instead of a secret.
 * Source: entra-docs active-directory-certificate-credentials.md;
 * microsoft-authentication-library-for-dotnet, AuthorityInfo.IsSha2CredentialSupported; RFC 7523,
 * 3; RFC 7518, 3.5
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_ASSERTION_H
#define AUTH_ASSERTION_H

#include "auth/certificate.h"
#include "base/arena.h"
#include "base/secret.h"

enum { ASSERTION_LIFE_S = 10 * 60 };

enum assertion_form {
    ASSERTION_OF_ENTRA, /* PS256, with the thumbprint x5t#S256 */
    ASSERTION_OF_ADFS,  /* RS256, with the thumbprint x5t: AD FS does not know PSS */
};

/*
 * Makes a JSON Web Token with a new jti, which is valid from now for ASSERTION_LIFE_S.
 *
 *   audience  the address of the token endpoint
 *
 * Errors: ERR_INVALID   client_id is not UTF-8
 *         ERR_INTERNAL  OpenSSL cannot sign with the key
 */
int assertion_make(struct arena *arena, const struct certificate *certificate,
                   enum assertion_form form, const char *client_id, const char *audience,
                   struct secret **out, struct error *err);

#endif
