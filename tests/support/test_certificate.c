/* Certificates with keys, made on the spot.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/test_certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <string.h>

#include "base/memory.h"
#include "support/must.h"

X509 *test_certificate_new(EVP_PKEY *key, const char *name, const X509 *issuer,
                           int from_days, int to_days)
{
    static long serial = 1;
    X509 *x509 = X509_new();
    must(key != NULL && x509 != NULL, "key");
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), ++serial);
    X509_time_adj_ex(X509_getm_notBefore(x509), from_days, 0, NULL);
    X509_time_adj_ex(X509_getm_notAfter(x509), to_days, 0, NULL);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
                               (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(issuer != NULL ? issuer : x509));
    X509_set_pubkey(x509, key);
    return x509;
}

void test_certificate_make(struct test_certificate *out, const char *kind, int days)
{
    out->key = strcmp(kind, "EC") == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048);
    out->x509 = test_certificate_new(out->key, "unit", NULL, -400, days);
    must(X509_sign(out->x509, out->key, EVP_sha256()) > 0, "certificate");
}

void test_certificate_clear(struct test_certificate *certificate)
{
    EVP_PKEY_free(certificate->key);
    X509_free(certificate->x509);
}

struct test_bytes test_certificate_pfx(EVP_PKEY *key, X509 *x509, const char *password,
                                       int cipher)
{
    OSSL_LIB_CTX *context = OSSL_LIB_CTX_new();
    OSSL_PROVIDER *usual = OSSL_PROVIDER_load(context, "default");
    OSSL_PROVIDER *legacy = OSSL_PROVIDER_load(context, "legacy");
    must(usual != NULL && legacy != NULL, "legacy provider");
    PKCS12 *pfx = PKCS12_create_ex(password, "unit", key, x509, NULL, cipher, cipher, 0,
                                   0, 0, context, NULL);
    must(pfx != NULL, "PKCS#12");
    struct test_bytes bytes = { NULL, 0 };
    int length = i2d_PKCS12(pfx, &bytes.data);
    must(length > 0, "PKCS#12");
    bytes.length = (size_t)length;
    PKCS12_free(pfx);
    OSSL_PROVIDER_unload(legacy);
    OSSL_PROVIDER_unload(usual);
    OSSL_LIB_CTX_free(context);
    return bytes;
}

static struct test_bytes take_bytes(BIO *bio)
{
    size_t length = BIO_ctrl_pending(bio);
    struct test_bytes bytes = { memory_new(length + 1), length };
    BIO_read(bio, bytes.data, (int)length);
    BIO_free(bio);
    return bytes;
}

struct test_bytes test_certificate_pem(EVP_PKEY *key, X509 *x509, const char *password)
{
    BIO *bio = BIO_new(BIO_s_mem());
    if (key != NULL)
        must(PEM_write_bio_PKCS8PrivateKey(
                 bio, key, password != NULL ? EVP_aes_256_cbc() : NULL, password,
                 password != NULL ? (int)strlen(password) : 0, NULL, NULL) == 1,
             "PEM key");
    if (x509 != NULL)
        must(PEM_write_bio_X509(bio, x509) == 1, "PEM certificate");
    return take_bytes(bio);
}

char *test_base64(const struct test_bytes *bytes)
{
    BIO *memory = BIO_new(BIO_s_mem());
    BIO *bio = BIO_push(BIO_new(BIO_f_base64()), memory);
    must(BIO_write(bio, bytes->data, (int)bytes->length) == (int)bytes->length, "base64");
    BIO_flush(bio);
    BIO_free(bio);
    return (char *)take_bytes(memory).data;
}
