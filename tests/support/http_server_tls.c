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
#include "support/must.h"
#include "support/test_certificate.h"

struct test_authority {
    X509 *certificate;
    EVP_PKEY *key;
    char *path;
};

static void add_extension(X509 *certificate, X509 *issuer, int kind, const char *text)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, text);
    must(extension != NULL && X509_add_ext(certificate, extension, -1) == 1, text);
    X509_EXTENSION_free(extension);
}

struct test_authority *test_authority_new(const char *name)
{
    struct test_authority *authority = memory_new(sizeof *authority);
    authority->key = EVP_EC_gen("P-256");
    X509 *certificate = test_certificate_new(authority->key, name, NULL, -400, 400);
    add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, certificate, NID_subject_key_identifier, "hash");
    must(X509_sign(certificate, authority->key, EVP_sha256()) > 0, "not signed");
    authority->certificate = certificate;
    const char *folder = getenv("TMPDIR");
    authority->path =
        memory_print("%s/authority-XXXXXX", folder != NULL ? folder : "/tmp");
    int fd = mkstemp(authority->path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    must(file != NULL && PEM_write_X509(file, certificate) == 1, "no file");
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
                          const struct server_certificate *wanted)
{
    bool has_dates = wanted->from_days != 0 || wanted->to_days != 0;
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *issuer = authority != NULL ? authority->certificate : NULL;
    X509 *certificate = test_certificate_new(key, wanted->common_name, issuer,
                                             has_dates ? wanted->from_days : -1,
                                             has_dates ? wanted->to_days : 1);
    add_extension(certificate, issuer != NULL ? issuer : certificate,
                  NID_subject_alt_name,
                  wanted->alternatives != NULL ? wanted->alternatives : "IP:127.0.0.1");
    EVP_PKEY *signer = authority != NULL ? authority->key : key;
    must(X509_sign(certificate, signer, EVP_sha256()) > 0, "not signed");

    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    must(context != NULL && SSL_CTX_use_certificate(context, certificate) == 1 &&
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

struct http_server *test_server_new(struct test_authority *authority,
                                    const struct server_certificate *certificate,
                                    http_server_fn *serve, void *state)
{
    SSL_CTX *context = test_server_context(authority, certificate);
    struct http_server *server = http_server_new(context, serve, state);
    SSL_CTX_free(context);
    return server;
}
