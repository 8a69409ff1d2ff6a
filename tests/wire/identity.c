/* Keys and certificates of peers.
 * SPDX-License-Identifier: MPL-2.0 */
#include "identity.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

static void must(int is_good)
{
    if (!is_good)
        abort();
}

static char *take_text(BIO *memory)
{
    char *text;
    long length = BIO_get_mem_data(memory, &text);
    char *copy = calloc(1, (size_t)length + 1);
    memcpy(copy, text, (size_t)length);
    BIO_free(memory);
    return copy;
}

static char *key_to_pem(EVP_PKEY *key)
{
    BIO *memory = BIO_new(BIO_s_mem());
    must(PEM_write_bio_PKCS8PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL));
    return take_text(memory);
}

static void add(X509 *certificate, int what, const char *text)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, what, text);
    must(extension != NULL && X509_add_ext(certificate, extension, -1));
    X509_EXTENSION_free(extension);
}

static EVP_PKEY *make_key(const struct wire_identity *same)
{
    if (same == NULL)
        return EVP_EC_gen("P-521");
    BIO *memory = BIO_new_mem_buf(same->key_pem, -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(memory, NULL, NULL, NULL);
    BIO_free(memory);
    return key;
}

struct wire_identity *wire_identity_new(const struct wire_identity_options *options)
{
    static const struct wire_identity_options usual;
    static long serial = 1;
    if (options == NULL)
        options = &usual;
    long begin = options->begin_seconds, end = options->end_seconds;
    if (begin == 0 && end == 0) {
        begin = -30;
        end = 262980L * 60 * 60;
    }
    const char *common_name = options->name != NULL ? options->name : "localhost";

    EVP_PKEY *key = make_key(options->same_key);
    X509 *certificate = X509_new();
    must(key != NULL && certificate != NULL);
    X509_NAME *name = X509_get_subject_name(certificate);
    must(X509_set_version(certificate, X509_VERSION_3));
    must(ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial));
    must(X509_gmtime_adj(X509_getm_notBefore(certificate), begin) != NULL);
    must(X509_gmtime_adj(X509_getm_notAfter(certificate), end) != NULL);
    must(X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC,
                                    (const unsigned char *)"HashiCorp", -1, -1, 0));
    must(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                    (const unsigned char *)common_name, -1, -1, 0));
    must(X509_set_issuer_name(certificate, name) && X509_set_pubkey(certificate, key));
    add(certificate, NID_basic_constraints, "critical,CA:TRUE");
    add(certificate, NID_key_usage,
        "critical,digitalSignature,keyEncipherment,keyAgreement,keyCertSign");
    add(certificate, NID_ext_key_usage, "clientAuth,serverAuth");
    add(certificate, NID_subject_alt_name, "DNS:localhost");
    must(X509_sign(certificate, key, EVP_sha512()) > 0);

    struct wire_identity *made = calloc(1, sizeof *made);
    BIO *memory = BIO_new(BIO_s_mem());
    must(PEM_write_bio_X509(memory, certificate));
    made->certificate_pem = take_text(memory);
    made->key_pem = key_to_pem(key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return made;
}

struct wire_identity *wire_identity_forge(const struct wire_identity *of)
{
    EVP_PKEY *theirs = make_key(of), *own = make_key(NULL), *forged = NULL;
    unsigned char public[256];
    size_t length;
    BIGNUM *private = NULL;
    must(EVP_PKEY_get_octet_string_param(theirs, OSSL_PKEY_PARAM_PUB_KEY, public,
                                         sizeof public, &length));
    must(EVP_PKEY_get_bn_param(own, OSSL_PKEY_PARAM_PRIV_KEY, &private));
    OSSL_PARAM_BLD *list = OSSL_PARAM_BLD_new();
    must(
        OSSL_PARAM_BLD_push_utf8_string(list, OSSL_PKEY_PARAM_GROUP_NAME, "P-521", 0) &&
        OSSL_PARAM_BLD_push_octet_string(list, OSSL_PKEY_PARAM_PUB_KEY, public, length) &&
        OSSL_PARAM_BLD_push_BN(list, OSSL_PKEY_PARAM_PRIV_KEY, private));
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(list);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    must(EVP_PKEY_fromdata_init(context) == 1 &&
         EVP_PKEY_fromdata(context, &forged, EVP_PKEY_KEYPAIR, parameters) == 1);
    struct wire_identity *made = calloc(1, sizeof *made);
    made->certificate_pem = strdup(of->certificate_pem);
    made->key_pem = key_to_pem(forged);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(list);
    BN_free(private);
    EVP_PKEY_free(theirs);
    EVP_PKEY_free(own);
    EVP_PKEY_free(forged);
    return made;
}

void wire_identity_free(struct wire_identity *identity)
{
    if (identity == NULL)
        return;
    free(identity->certificate_pem);
    free(identity->key_pem);
    free(identity);
}
