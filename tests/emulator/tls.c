/* TLS: a certificate authority of our own, made at start, and the ways in which a server's
 * certificate or handshake can be wrong.
 * SPDX-License-Identifier: MPL-2.0 */
#include "tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "text.h"

struct identity {
    X509 *certificate;
    EVP_PKEY *key;
};

enum issuer { OUR_CA, STRANGER_CA, ITSELF };

#define OUR_NAMES "DNS:localhost,DNS:emulator.test,IP:127.0.0.1,IP:::1"

/* One row per value of the switch. Times in seconds from now. */
static struct mode {
    const char *name;
    enum issuer issuer;
    long not_before, not_after;
    const char *names;
    SSL_CTX *context;
} modes[] = {
    { "ok", OUR_CA, -3600, 86400, OUR_NAMES, NULL },
    { "expired", OUR_CA, -86400, -3600, OUR_NAMES, NULL },
    { "not_yet_valid", OUR_CA, 3600, 86400, OUR_NAMES, NULL },
    { "wrong_name", OUR_CA, -3600, 86400, "DNS:elsewhere.invalid,IP:192.0.2.1", NULL },
    { "self_signed", ITSELF, -3600, 86400, OUR_NAMES, NULL },
    { "unknown_ca", STRANGER_CA, -3600, 86400, OUR_NAMES, NULL },
    { "tls11", OUR_CA, -3600, 86400, OUR_NAMES, NULL },
    { "cut", OUR_CA, -3600, 86400, OUR_NAMES, NULL },
};

static struct identity our_ca, stranger_ca;

static void must(bool is_done, const char *what)
{
    if (is_done)
        return;
    fprintf(stderr, "azurestack-emulator: %s failed\n", what);
    ERR_print_errors_fp(stderr);
    exit(1);
}

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    must(extension && X509_add_ext(certificate, extension, -1),
         "a certificate extension");
    X509_EXTENSION_free(extension);
}

/* A certificate for `name`; `names` NULL: an authority. `issuer` NULL: signed by itself. */
static struct identity certify(const char *name, const struct identity *issuer,
                               const char *names, long not_before, long not_after)
{
    struct identity made = { X509_new(), EVP_EC_gen("P-256") };
    must(made.certificate && made.key, "making a key");
    X509 *signer = issuer ? issuer->certificate : made.certificate;
    unsigned char serial[8];
    must(RAND_bytes(serial, sizeof serial) == 1, "making a serial number");
    BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(made.certificate));
    BN_free(number);
    X509_set_version(made.certificate, 2);
    X509_gmtime_adj(X509_getm_notBefore(made.certificate), not_before);
    X509_gmtime_adj(X509_getm_notAfter(made.certificate), not_after);
    X509_set_pubkey(made.certificate, made.key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.certificate), "CN",
                               MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(made.certificate, X509_get_subject_name(signer));
    add_extension(made.certificate, signer, NID_subject_key_identifier, "hash");
    add_extension(made.certificate, signer, NID_authority_key_identifier, "keyid");
    add_extension(made.certificate, signer, NID_basic_constraints,
                  names ? "critical,CA:FALSE" : "critical,CA:TRUE");
    add_extension(made.certificate, signer, NID_key_usage,
                  names ? "critical,digitalSignature" : "critical,keyCertSign,cRLSign");
    if (names) {
        add_extension(made.certificate, signer, NID_ext_key_usage, "serverAuth");
        add_extension(made.certificate, signer, NID_subject_alt_name, names);
    }
    must(X509_sign(made.certificate, issuer ? issuer->key : made.key, EVP_sha256()) > 0,
         "signing a certificate");
    return made;
}

static void clear(struct identity *identity)
{
    X509_free(identity->certificate);
    EVP_PKEY_free(identity->key);
    *identity = (struct identity){ NULL, NULL };
}

bool tls_start(const char *dir)
{
    our_ca = certify("azurestack-emulator CA", NULL, NULL, -86400 * 2, 86400 * 30);
    stranger_ca = certify("a stranger's CA", NULL, NULL, -86400 * 2, 86400 * 30);
    char *path = text_format("%s/ca.pem", dir);
    FILE *stream = fopen(path, "we");
    bool is_written = stream && PEM_write_X509(stream, our_ca.certificate) == 1;
    if (stream && fclose(stream) != 0)
        is_written = false;
    if (!is_written)
        perror(path);
    free(path);
    return is_written;
}

void tls_stop(void)
{
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        SSL_CTX_free(modes[i].context);
    clear(&our_ca);
    clear(&stranger_ca);
}

/* The line goes dead once the client has said hello. */
static int cut_line(SSL *ssl, int *alert, void *unused)
{
    (void)alert;
    (void)unused;
    shutdown(SSL_get_fd(ssl), SHUT_RDWR);
    return SSL_CLIENT_HELLO_ERROR;
}

static SSL_CTX *make_context(const struct mode *mode)
{
    const struct identity *issuer = mode->issuer == OUR_CA        ? &our_ca
                                    : mode->issuer == STRANGER_CA ? &stranger_ca
                                                                  : NULL;
    struct identity leaf =
        certify("localhost", issuer, mode->names, mode->not_before, mode->not_after);
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    must(context != NULL, "making a TLS context");
    bool is_old = strcmp(mode->name, "tls11") == 0;
    SSL_CTX_set_min_proto_version(context, is_old ? TLS1_1_VERSION : TLS1_2_VERSION);
    if (is_old) {
        SSL_CTX_set_max_proto_version(context, TLS1_1_VERSION);
        /* OpenSSL 3 signs with SHA-1, which TLS 1.1 needs, on level 0 only. */
        SSL_CTX_set_security_level(context, 0);
    }
    if (strcmp(mode->name, "cut") == 0)
        SSL_CTX_set_client_hello_cb(context, cut_line, NULL);
    must(SSL_CTX_use_certificate(context, leaf.certificate) == 1 &&
             SSL_CTX_use_PrivateKey(context, leaf.key) == 1,
         "using a certificate");
    clear(&leaf);
    return context;
}

SSL_CTX *tls_context(const char *name)
{
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct mode *mode = &modes[i];
        if (strcmp(mode->name, name) != 0)
            continue;
        if (mode->context == NULL)
            mode->context = make_context(mode);
        return mode->context;
    }
    return NULL;
}
