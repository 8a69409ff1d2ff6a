/* Makes client assertions.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/assertion.h"

#include <jansson.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "auth/base64.h"
#include "base/clock.h"
#include "base/text.h"

/* Takes ownership of the object. NULL: JSON cannot represent it. */
static char *encode(struct arena *arena, json_t *object)
{
    auto_char text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    return text != NULL ? base64url_encode(arena, BYTES(text, strlen(text))) : NULL;
}

static char *make_unsigned(struct arena *arena, const struct certificate *certificate,
                           enum assertion_form form, const char *client_id,
                           const char *audience)
{
    char id[TEXT_GUID_BYTES];
    text_new_guid(id);
    bool is_adfs = form == ASSERTION_OF_ADFS;
    const char *thumbprint = base64url_encode(
        arena,
        is_adfs ? BYTES(certificate->thumbprint_sha1, sizeof certificate->thumbprint_sha1)
                : BYTES(certificate->thumbprint, sizeof certificate->thumbprint));
    json_int_t now_s = clock_wall_ms() / 1000, end_s = now_s + ASSERTION_LIFE_S;
    const char *header =
        encode(arena, json_pack("{s:s,s:s,s:s}", "alg", is_adfs ? "RS256" : "PS256",
                                "typ", "JWT", is_adfs ? "x5t" : "x5t#S256", thumbprint));
    const char *claims =
        encode(arena, json_pack("{s:s,s:s,s:s,s:s,s:I,s:I,s:I}", "aud", audience, "iss",
                                client_id, "sub", client_id, "jti", id, "nbf", now_s,
                                "iat", now_s, "exp", end_s));
    return header != NULL && claims != NULL ? arena_print(arena, "%s.%s", header, claims)
                                            : NULL;
}

static bool sign_with(EVP_MD_CTX *context, EVP_PKEY *key, enum assertion_form form,
                      const char *text, unsigned char *signature, size_t *length)
{
    EVP_PKEY_CTX *how;
    return EVP_DigestSignInit(context, &how, EVP_sha256(), NULL, key) == 1 &&
           (form == ASSERTION_OF_ADFS
                ? EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PADDING) == 1
                : EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1 &&
                      EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) ==
                          1) &&
           EVP_DigestSign(context, signature, length, (const unsigned char *)text,
                          strlen(text)) == 1;
}

int assertion_make(struct arena *arena, const struct certificate *certificate,
                   enum assertion_form form, const char *client_id, const char *audience,
                   struct secret **out, struct error *err)
{
    char *text = make_unsigned(arena, certificate, form, client_id, audience);
    if (text == NULL)
        return error_set(err, ERR_INVALID, "client_id (ARM_CLIENT_ID) is not UTF-8");
    size_t length = (size_t)EVP_PKEY_get_size(certificate->key);
    unsigned char *signature = arena_take(arena, length);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_signed = sign_with(context, certificate->key, form, text, signature, &length);
    EVP_MD_CTX_free(context);
    if (!is_signed) {
        const char *why = ERR_reason_error_string(ERR_get_error());
        ERR_clear_error();
        return error_set(err, ERR_INTERNAL,
                         "cannot sign with the certificate's private key: %s",
                         why != NULL ? why : "OpenSSL gave no reason");
    }
    char *encoded = base64url_encode(arena, BYTES(signature, length));
    char *whole = arena_print(arena, "%s.%s", text, encoded);
    *out = secret_new(whole, strlen(whole));
    /* Only what has the signature is wiped: the rest has no effect without it. */
    secret_wipe(encoded, strlen(encoded));
    secret_wipe(signature, length);
    secret_wipe(whole, strlen(whole));
    return 0;
}
