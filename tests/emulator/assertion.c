/* Client assertions: signature with the registered certificate, thumbprint, audience, issuer and
 * subject, times, and that none is used twice.
 * Source: entra-docs certificate-credentials.md; RFC 7523, 3
 * SPDX-License-Identifier: MPL-2.0 */
#include "assertion.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "aadsts.h"
#include "log.h"
#include "switches.h"
#include "text.h"

enum { LIFE_MOST_S = 600 };

static json_t *used; /* {jti: true} */

static const char *field(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

int64_t assertion_now_s(void)
{
    return clock_wall_ms() / 1000 + switch_number("clock_ahead_s");
}

void assertion_forget_all(void)
{
    json_decref(used);
    used = json_object();
}

/* --- certificates -------------------------------------------------------------------------- */

static X509 *read_certificate(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    return certificate;
}

bool assertion_certificate_is(const char *pem)
{
    X509 *certificate = read_certificate(pem);
    X509_free(certificate);
    return certificate != NULL;
}

static bool has_thumbprint(const X509 *certificate, const char *wanted)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length;
    X509_digest(certificate, EVP_sha256(), digest, &length);
    char *thumbprint = base64url_encode(digest, length);
    bool has = strcmp(thumbprint, wanted) == 0;
    free(thumbprint);
    return has;
}

/* To be freed; NULL: none that is registered has this thumbprint. */
static X509 *find_certificate(const json_t *application, const char *thumbprint)
{
    size_t i;
    json_t *pem;
    json_array_foreach(json_object_get(application, "certificates"), i, pem)
    {
        X509 *certificate = read_certificate(json_string_value(pem));
        if (has_thumbprint(certificate, thumbprint))
            return certificate;
        X509_free(certificate);
    }
    return NULL;
}

static bool is_signed_by(const struct jwt *jwt, X509 *certificate)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how;
    bool is = EVP_DigestVerifyInit(context, &how, EVP_sha256(), NULL,
                                   X509_get0_pubkey(certificate)) == 1 &&
              EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) == 1 &&
              EVP_PKEY_CTX_set_rsa_pss_saltlen(how, RSA_PSS_SALTLEN_DIGEST) == 1 &&
              EVP_DigestVerify(context, jwt->signature, jwt->signature_bytes,
                               (const unsigned char *)jwt->text, jwt->signed_bytes) == 1;
    EVP_MD_CTX_free(context);
    return is;
}

static bool check_signature(struct exchange *x, const struct jwt *jwt,
                            const json_t *application)
{
    const char *thumbprint = field(jwt->header, "x5t#S256"), *why = NULL;
    X509 *certificate = find_certificate(application, thumbprint);
    if (certificate == NULL)
        why = "The key was not found.";
    else if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        why = "The key used is expired.";
    bool is_signed = why == NULL && is_signed_by(jwt, certificate);
    X509_free(certificate);
    if (is_signed)
        return true;
    if (why == NULL)
        return aadsts_reject(x, 401, "invalid_client", 700027,
                             "Client assertion failed signature validation.");
    return aadsts_reject(
        x, 401, "invalid_client", 700027,
        "The certificate with identifier used to sign the client assertion is not "
        "registered on application. [Reason - %s, Thumbprint of key used by client: '%s']",
        why, thumbprint);
}

/* --- what it says -------------------------------------------------------------------------- */

bool assertion_is_own(const struct jwt *jwt, const json_t *application)
{
    return json_object_get(jwt->header, "x5t#S256") != NULL ||
           strcasecmp(field(jwt->claims, "iss"), field(application, "client_id")) == 0;
}

static bool has_only(const json_t *object, const char *known)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        if (!text_is_one_of(name, known))
            return false;
    }
    return true;
}

static bool check_form(struct exchange *x, const struct jwt *jwt)
{
    const char *why = NULL;
    if (strcmp(field(jwt->header, "alg"), "PS256") != 0)
        why = "'alg' is not PS256";
    else if (strcmp(field(jwt->header, "typ"), "JWT") != 0)
        why = "'typ' is not JWT";
    else if (!has_only(jwt->header, "alg|typ|x5t#S256"))
        why = "its header holds more than alg, typ and x5t#S256";
    else if (!has_only(jwt->claims, "aud|iss|sub|jti|nbf|iat|exp"))
        why = "it claims more than aud, iss, sub, jti, nbf, iat and exp";
    if (why == NULL)
        return true;
    return aadsts_reject(x, 401, "invalid_client", 50027,
                         "JWT token is invalid or malformed: %s.", why);
}

static bool check_parties(struct exchange *x, const struct jwt *jwt,
                          const json_t *application)
{
    const char *client = field(application, "client_id");
    if (strcasecmp(field(jwt->claims, "iss"), client) != 0 ||
        strcasecmp(field(jwt->claims, "sub"), client) != 0)
        return aadsts_reject(x, 401, "invalid_client", 700021,
                             "Client assertion application identifier doesn't match "
                             "'client_id' parameter.");
    char *origin = exchange_origin(x), *endpoint = text_format("%s%s", origin, x->path);
    bool is_meant = strcmp(field(jwt->claims, "aud"), endpoint) == 0;
    free(origin);
    free(endpoint);
    return is_meant ||
           aadsts_reject(x, 401, "invalid_client", 700023,
                         "Client assertion audience claim does not match Realm "
                         "issuer.");
}

static bool check_times(struct exchange *x, const struct jwt *jwt)
{
    json_t *nbf = json_object_get(jwt->claims, "nbf"),
           *iat = json_object_get(jwt->claims, "iat"),
           *exp = json_object_get(jwt->claims, "exp");
    int64_t begin = json_integer_value(nbf), end = json_integer_value(exp),
            now = assertion_now_s();
    bool is_good = json_is_integer(nbf) && json_is_integer(iat) && json_is_integer(exp) &&
                   begin <= now && json_integer_value(iat) <= now && now < end &&
                   end - begin <= LIFE_MOST_S;
    return is_good ||
           aadsts_reject(
               x, 401, "invalid_client", 700024,
               "Client assertion is not within its valid time range. Current "
               "time: %lld, assertion valid from %lld, expiry time of assertion "
               "%lld.",
               (long long)now, (long long)begin, (long long)end);
}

/* Which number Entra has for a repetition is not known; this one says that the JWT is at fault. */
static bool check_is_new(struct exchange *x, const struct jwt *jwt)
{
    const char *jti = field(jwt->claims, "jti");
    if (!guid_is(jti) || json_object_get(used, jti) != NULL)
        return aadsts_reject(
            x, 401, "invalid_client", 50027,
            "JWT token is invalid or malformed: its 'jti' is no GUID, or "
            "was used before.");
    json_object_set_new(used, jti, json_true());
    return true;
}

bool assertion_check(struct exchange *x, const struct jwt *jwt, const json_t *application)
{
    return check_form(x, jwt) && check_signature(x, jwt, application) &&
           check_parties(x, jwt, application) && check_times(x, jwt) &&
           check_is_new(x, jwt);
}
