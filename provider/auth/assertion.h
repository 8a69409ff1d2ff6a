/* A client assertion: what a client with a certificate says instead of a secret.
 * Source: entra-docs active-directory-certificate-credentials.md; microsoft-authentication-library-
 * for-dotnet, AuthorityInfo.IsSha2CredentialSupported; RFC 7523, 3; RFC 7518, 3.5
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
 * A JSON Web Token; a jti of its own each time, valid from now for ASSERTION_LIFE_S.
 *
 *   audience  the address of the token endpoint
 *
 * Errors: ERR_INTERNAL  the library does not sign
 */
int assertion_make(struct arena *arena, const struct certificate *certificate,
                   enum assertion_form form, const char *client_id, const char *audience,
                   struct secret **out, struct error *err);

#endif
