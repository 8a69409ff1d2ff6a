/* How the provider and Terraform authenticate to each other: each has a certificate that was made
 * for this run. Source: go-plugin mtls.go, server.go.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

/* For engines: gRPC can get a key from an engine, but not from a provider, which replaces
 * engines. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <grpc/grpc_security.h>
#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/core_names.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/memory.h"
#include "plugin/internal.h"

enum {
    SERIAL_BYTES = 16,
    POINT_BYTES = 65,             /* of an uncompressed public key on P-256 */
    BACK_DATED_SECONDS = 60 * 60, /* in case a clock is set back meanwhile */
    LIFE_DAYS = 30 * 365,         /* as go-plugin's; the key dies with the process */
};

DEFINE_CLEANUP(EVP_PKEY, EVP_PKEY_free)
#define auto_evp_pkey CLEANUP(EVP_PKEY_freep) EVP_PKEY *
DEFINE_CLEANUP(X509, X509_free)
#define auto_x509 CLEANUP(X509_freep) X509 *
DEFINE_CLEANUP(BIO, BIO_free_all)
#define auto_bio CLEANUP(BIO_free_allp) BIO *

static int openssl_failed(struct error *err, const char *act)
{
    char reason[256];
    unsigned long code = ERR_peek_last_error();
    ERR_error_string_n(code, reason, sizeof reason);
    ERR_clear_error();
    return error_set(err, ERR_INTERNAL, "%s: %s", act,
                     code != 0 ? reason : "OpenSSL gave no reason");
}

/* Terraform connects once. For a session ticket, with which it could connect again, OpenSSL would
 * decode the certificate once more, and gRPC has no option to turn tickets off. */
static int forbid_tickets(void)
{
    static const char text[] = "plugin = modules\n"
                               "[modules]\nssl_conf = contexts\n"
                               "[contexts]\nsystem_default = server\n"
                               "[server]\nNumTickets = 0\n";
    auto_bio bio = BIO_new_mem_buf(text, -1);
    CONF *settings = NCONF_new(NULL);
    OPENSSL_load_builtin_modules();
    int is_set = bio != NULL && settings != NULL &&
                 NCONF_load_bio(settings, bio, NULL) > 0 &&
                 CONF_modules_load(settings, "plugin", 0) > 0;
    NCONF_free(settings);
    return is_set;
}

/* Called for each new context of OpenSSL. Without this option, the last decrypted bytes, such as the
 * provider's configuration, stay in the connection's buffer. gRPC has no option for it. */
static void wipe_after_use(void *context, void *value, CRYPTO_EX_DATA *values, int index,
                           long number, void *more)
{
    (void)value, (void)values, (void)index, (void)number, (void)more;
    SSL_CTX_set_options(context, SSL_OP_CLEANSE_PLAINTEXT);
}

int plugin_tls_init(struct error *err)
{
    /* Does not load the machine's configuration file, which is for connections to other machines:
     * http/openssl.h loads it before those. */
    if (OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) != 1 || !forbid_tickets() ||
        SSL_CTX_get_ex_new_index(0, NULL, wipe_after_use, NULL, NULL) < 0)
        return openssl_failed(err, "cannot initialize OpenSSL");
    return 0;
}

/* In the standard alphabet, without padding; the caller frees it. */
static char *base64(struct bytes bytes)
{
    char *text = memory_new((bytes.length + 2) / 3 * 4 + 1);
    int length = EVP_EncodeBlock((unsigned char *)text, bytes.data, (int)bytes.length);
    while (length > 0 && text[length - 1] == '=')
        text[--length] = '\0';
    return text;
}

static int add_extension(X509 *certificate, int what, const char *text)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, what, text);
    int is_added = extension != NULL && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return is_added;
}

/* X509_set_pubkey() would encode and decode the key, which is slow in OpenSSL 3. */
static int set_public_key(X509 *certificate, EVP_PKEY *key)
{
    unsigned char point[POINT_BYTES], *copy;
    size_t length;
    if (!EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point,
                                         sizeof point, &length) ||
        (copy = OPENSSL_memdup(point, length)) == NULL)
        return 0;
    if (X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(certificate),
                               OBJ_nid2obj(NID_X9_62_id_ecPublicKey), V_ASN1_OBJECT,
                               OBJ_nid2obj(NID_X9_62_prime256v1), copy, (int)length))
        return 1;
    OPENSSL_free(copy);
    return 0;
}

static int set_serial(X509 *certificate)
{
    unsigned char bytes[SERIAL_BYTES];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return 0;
    bytes[0] = (bytes[0] & 0x7F) | 0x40; /* positive, and always of the same length */
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    int is_set = number != NULL &&
                 BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return is_set;
}

/* As go-plugin's own certificates, except for the curve: P-256 is as secure and much faster. The
 * name is required, because Go checks nothing else. */
static int fill_certificate(X509 *certificate, EVP_PKEY *key)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    const unsigned char *localhost = (const unsigned char *)"localhost";
    const unsigned char *organization =
        (const unsigned char *)"terraform-provider-azurestack";
    return X509_set_version(certificate, X509_VERSION_3) && set_serial(certificate) &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -(long)BACK_DATED_SECONDS) &&
           X509_time_adj_ex(X509_getm_notAfter(certificate), LIFE_DAYS, 0, NULL) &&
           X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, organization, -1, -1, 0) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, localhost, -1, -1, 0) &&
           X509_set_issuer_name(certificate, name) && set_public_key(certificate, key) &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
           add_extension(certificate, NID_key_usage,
                         "critical,digitalSignature,keyEncipherment,keyAgreement,"
                         "keyCertSign") &&
           add_extension(certificate, NID_ext_key_usage, "clientAuth,serverAuth") &&
           add_extension(certificate, NID_subject_alt_name, "DNS:localhost") &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static char *certificate_to_pem(X509 *certificate)
{
    auto_bio memory = BIO_new(BIO_s_mem());
    if (memory == NULL || !PEM_write_bio_X509(memory, certificate))
        return NULL;
    char *text;
    long length = BIO_get_mem_data(memory, &text);
    char *copy = memory_new((size_t)length + 1);
    memcpy(copy, text, (size_t)length);
    return copy;
}

static char *certificate_to_field(X509 *certificate)
{
    unsigned char *der = NULL;
    int length = i2d_X509(certificate, &der);
    if (length <= 0)
        return NULL;
    char *text = base64(BYTES(der, (size_t)length));
    OPENSSL_free(der);
    return text;
}

/* ---- the key, for gRPC --------------------------------------------------------------------- */

/* gRPC gets the key from an OpenSSL engine instead of from text: so the key is never written as
 * text, and OpenSSL 3 does not try all its formats to read it. */
#define ENGINE_NAME "azurestack"
#define KEY_REFERENCE "engine:" ENGINE_NAME ":run"

/* Lives as long as the process, because gRPC keeps its reference to the engine. */
static struct {
    ENGINE *engine;
    EVP_PKEY *key;
} offered;

static EVP_PKEY *load_key(ENGINE *engine, const char *name, UI_METHOD *method, void *data)
{
    (void)engine, (void)name, (void)method, (void)data;
    return EVP_PKEY_up_ref(offered.key) ? offered.key : NULL;
}

static int offer_key(EVP_PKEY *key)
{
    ENGINE *engine = ENGINE_new();
    if (engine == NULL || !ENGINE_set_id(engine, ENGINE_NAME) ||
        !ENGINE_set_name(engine, "The key of this run") ||
        !ENGINE_set_load_privkey_function(engine, load_key) || !EVP_PKEY_up_ref(key)) {
        ENGINE_free(engine);
        return 0;
    }
    offered.engine = engine;
    offered.key = key;
    return ENGINE_add(engine);
}

int plugin_tls_identity_make(struct plugin_tls_identity *out, struct error *err)
{
    auto_evp_pkey key = EVP_EC_gen("P-256");
    if (key == NULL)
        return openssl_failed(err, "cannot create a key for this run");
    auto_x509 certificate = X509_new();
    if (certificate == NULL || !fill_certificate(certificate, key))
        return openssl_failed(err, "cannot create a certificate for this run");
    auto_plugin_tls_identity made = { certificate_to_pem(certificate),
                                      certificate_to_field(certificate) };
    if (made.certificate_pem == NULL || made.handshake_field == NULL || !offer_key(key))
        return openssl_failed(err, "cannot encode the certificate for this run");
    *out = made;
    made = (struct plugin_tls_identity){ NULL, NULL };
    return 0;
}

void plugin_tls_identity_clear(struct plugin_tls_identity *identity)
{
    free(identity->certificate_pem);
    free(identity->handshake_field);
    *identity = (struct plugin_tls_identity){ NULL, NULL };
}

int plugin_tls_check_certificate(const char *pem, struct error *err)
{
    auto_bio memory = BIO_new_mem_buf(pem, -1);
    auto_x509 certificate =
        memory != NULL ? PEM_read_bio_X509(memory, NULL, NULL, NULL) : NULL;
    ERR_clear_error();
    if (certificate == NULL)
        return error_set(err, ERR_INVALID, "PLUGIN_CLIENT_CERT is not a certificate");
    return 0;
}

grpc_server_credentials *
plugin_tls_credentials(const struct plugin_tls_identity *identity, const char *client_pem)
{
    /* Terraform's certificate is the only root. It may sign others (CA:TRUE), but only Terraform
     * has its key. */
    grpc_ssl_pem_key_cert_pair pair = { KEY_REFERENCE, identity->certificate_pem };
    return grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config(
            GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY,
            grpc_ssl_server_certificate_config_create(client_pem, &pair, 1)));
}
