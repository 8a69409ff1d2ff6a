/* Certificates with keys, made on the spot.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/test_certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void must(bool is_good, const char *what)
{
    if (is_good)
        return;
    fprintf(stderr, "OpenSSL makes no %s for the test\n", what);
    abort();
}

void test_certificate_make(struct test_certificate *out, const char *kind, int days)
{
    out->key = strcmp(kind, "EC") == 0 ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048);
    out->x509 = X509_new();
    must(out->key != NULL && out->x509 != NULL, "key");
    X509_set_version(out->x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(out->x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(out->x509), -400L * 24 * 3600);
    X509_gmtime_adj(X509_getm_notAfter(out->x509), days * 24L * 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(out->x509), "CN", MBSTRING_ASC,
                               (const unsigned char *)"unit", -1, -1, 0);
    X509_set_issuer_name(out->x509, X509_get_subject_name(out->x509));
    X509_set_pubkey(out->x509, out->key);
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
    char *data;
    long length = BIO_get_mem_data(bio, &data);
    struct test_bytes bytes = { memory_new((size_t)length + 1), (size_t)length };
    memcpy(bytes.data, data, (size_t)length);
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
