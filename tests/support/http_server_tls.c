/* Certificates for tests, made while they run.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/http_server_tls.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/memory.h"

struct test_authority {
    X509 *certificate;
    EVP_PKEY *key;
    char *path;
};

static void expect(bool is_true, const char *what)
{
    if (is_true)
        return;
    fprintf(stderr, "the test's certificates: %s\n", what);
    abort();
}

static void add_extension(X509 *certificate, X509 *issuer, int kind, const char *text)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, text);
    expect(extension != NULL && X509_add_ext(certificate, extension, -1) == 1, text);
    X509_EXTENSION_free(extension);
}

static X509 *make(const char *name, EVP_PKEY *key, X509 *issuer, int from_days,
                  int to_days)
{
    static long serial = 1;
    X509 *certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_time_adj_ex(X509_getm_notBefore(certificate), from_days, 0, NULL);
    X509_time_adj_ex(X509_getm_notAfter(certificate), to_days, 0, NULL);
    X509_set_pubkey(certificate, key);
    X509_NAME *subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name,
                               -1, -1, 0);
    X509_set_issuer_name(certificate,
                         X509_get_subject_name(issuer != NULL ? issuer : certificate));
    return certificate;
}

struct test_authority *test_authority_new(const char *name)
{
    struct test_authority *authority = memory_new(sizeof *authority);
    authority->key = EVP_EC_gen("P-256");
    expect(authority->key != NULL, "no key");
    X509 *certificate = make(name, authority->key, NULL, -400, 400);
    add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, certificate, NID_subject_key_identifier, "hash");
    expect(X509_sign(certificate, authority->key, EVP_sha256()) > 0, "not signed");
    authority->certificate = certificate;
    const char *folder = getenv("TMPDIR");
    authority->path =
        memory_print("%s/authority-XXXXXX", folder != NULL ? folder : "/tmp");
    int fd = mkstemp(authority->path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    expect(file != NULL && PEM_write_X509(file, certificate) == 1, "no file");
    fclose(file);
    return authority;
}

void test_authority_free(struct test_authority *authority)
{
    if (authority == NULL)
        return;
    unlink(authority->path);
    free(authority->path);
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    free(authority);
}

const char *test_authority_file(struct test_authority *authority)
{
    return authority->path;
}

void *test_server_context(struct test_authority *authority,
                          const struct test_certificate *wanted)
{
    bool has_dates = wanted->from_days != 0 || wanted->to_days != 0;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *issuer = authority != NULL ? authority->certificate : NULL;
    X509 *certificate =
        make(wanted->common_name, key, issuer, has_dates ? wanted->from_days : -1,
             has_dates ? wanted->to_days : 1);
    add_extension(certificate, issuer != NULL ? issuer : certificate,
                  NID_subject_alt_name,
                  wanted->alternatives != NULL ? wanted->alternatives : "IP:127.0.0.1");
    EVP_PKEY *signer = authority != NULL ? authority->key : key;
    expect(X509_sign(certificate, signer, EVP_sha256()) > 0, "not signed");

    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    expect(context != NULL && SSL_CTX_use_certificate(context, certificate) == 1 &&
               SSL_CTX_use_PrivateKey(context, key) == 1,
           "no context");
    if (wanted->tls_version_max != 0) {
        /* Old versions need old algorithms. */
        SSL_CTX_set_security_level(context, 0);
        SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context, wanted->tls_version_max);
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}
