/* A certificate with its private key.
 * Source: RFC 7292; OpenSSL 3.0 migration_guide(7), "Legacy Algorithms"
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/base64.h"
#include "auth/inputs.h"
#include "base/memory.h"
#include "base/text.h"

static const char path_name[] = "client_certificate_path (ARM_CLIENT_CERTIFICATE_PATH)";
static const char base64_name[] = "client_certificate (ARM_CLIENT_CERTIFICATE)";
static const char password_name[] =
    "client_certificate_password (ARM_CLIENT_CERTIFICATE_PASSWORD)";

/* What has been found so far. */
struct search {
    const char
        *base64; /* the content of the file in base64, or PEM; NULL: `path` is used */
    const char *path;     /* NULL: `base64` is used */
    const char *password; /* of the file, or of the key in it; NULL: none */
    const char *name;     /* of the argument, for errors */
    EVP_PKEY *key;
    X509 *x509;          /* the certificate of the key */
    bool has_other;      /* there are other certificates */
    bool wants_password; /* the key is encrypted */
};

static void search_clear(struct search *search)
{
    EVP_PKEY_free(search->key);
    X509_free(search->x509);
    ERR_clear_error();
}

/* OpenSSL failed because it does not have the algorithm. Empties OpenSSL's error queue. */
static bool was_unsupported(void)
{
    bool found = false;
    for (unsigned long code; (code = ERR_get_error()) != 0;) {
        int reason = ERR_GET_REASON(code);
        found |=
            reason == ERR_R_UNSUPPORTED || reason == ERR_R_FETCH_FAILED ||
            (ERR_GET_LIB(code) == ERR_LIB_EVP && (reason == EVP_R_UNSUPPORTED_ALGORITHM ||
                                                  reason == EVP_R_UNKNOWN_PBE_ALGORITHM));
    }
    return found;
}

static int report_legacy_format(const struct search *search, struct error *err)
{
    const char *path = search->path;
    return error_set(err, ERR_INVALID,
                     "%s is a PKCS#12 file with legacy encryption (RC2), which OpenSSL "
                     "3 cannot read. Convert it with `openssl pkcs12 -legacy -in "
                     "%s%s%s -out new.pem`. Then set client_certificate_path to "
                     "new.pem, and client_certificate_password to the pass phrase that "
                     "you enter for the command",
                     search->name, path != NULL ? "\"" : "",
                     path != NULL ? path : "old.pfx", path != NULL ? "\"" : "");
}

static int report_password(const struct search *search, struct error *err)
{
    if (search->password == NULL)
        return error_set(err, ERR_INVALID,
                         "the certificate in %s is protected by a password; set %s",
                         search->name, password_name);
    bool has_space = input_trim(search->password).length != strlen(search->password);
    return error_set(err, ERR_INVALID,
                     "%s is the wrong password for the certificate in %s%s",
                     password_name, search->name,
                     has_space ? ". The password begins or ends with white space" : "");
}

static int report_several(const struct search *search, struct error *err)
{
    return error_set(err, ERR_INVALID,
                     "%s has several private keys. Export the key to use, with its "
                     "certificate, to a separate file",
                     search->name);
}

/* ---- PKCS#12 -------------------------------------------------------------------------------- */

/* The name of the algorithm of the MAC, if OpenSSL does not have it; else NULL. The MAC shows
 * whether the password is right. */
static const char *unknown_mac(const PKCS12 *pfx, char name[80])
{
    const X509_ALGOR *algorithm;
    const ASN1_OBJECT *object;
    PKCS12_get0_mac(NULL, &algorithm, NULL, NULL, pfx);
    if (algorithm == NULL)
        return NULL;
    X509_ALGOR_get0(&object, NULL, NULL, algorithm);
    OBJ_obj2txt(name, 80, object, 0);
    EVP_MD *digest = EVP_MD_fetch(NULL, name, NULL);
    EVP_MD_free(digest);
    return digest == NULL ? name : NULL;
}

static bool is_password_right(PKCS12 *pfx, const char **password)
{
    if (*password != NULL)
        return PKCS12_verify_mac(pfx, *password, -1) == 1;
    /* PKCS#12 distinguishes no password from an empty one. */
    if (PKCS12_verify_mac(pfx, NULL, 0) == 1)
        return true;
    *password = "";
    return PKCS12_verify_mac(pfx, "", 0) == 1;
}

static size_t count_in_bags(const STACK_OF(PKCS12_SAFEBAG) * bags)
{
    size_t count = 0;
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
        int kind = PKCS12_SAFEBAG_get_nid(sk_PKCS12_SAFEBAG_value(bags, i));
        count += kind == NID_keyBag || kind == NID_pkcs8ShroudedKeyBag;
    }
    return count;
}

static size_t count_keys(const PKCS12 *pfx, const char *password)
{
    size_t count = 0;
    int length = password != NULL ? (int)strlen(password) : 0;
    STACK_OF(PKCS7) *parts = PKCS12_unpack_authsafes(pfx);
    for (int i = 0; i < sk_PKCS7_num(parts); i++) {
        PKCS7 *part = sk_PKCS7_value(parts, i);
        STACK_OF(PKCS12_SAFEBAG) *bags =
            PKCS7_type_is_data(part) ? PKCS12_unpack_p7data(part)
            : PKCS7_type_is_encrypted(part)
                ? PKCS12_unpack_p7encdata(part, password, length)
                : NULL;
        count += count_in_bags(bags);
        sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    }
    sk_PKCS7_pop_free(parts, PKCS7_free);
    return count;
}

static bool parse(struct search *search, PKCS12 *pfx, const char *password)
{
    STACK_OF(X509) *others = NULL;
    ERR_clear_error();
    if (PKCS12_parse(pfx, password, &search->key, &search->x509, &others) != 1)
        return false;
    search->has_other = sk_X509_num(others) > 0;
    sk_X509_pop_free(others, X509_free);
    return true;
}

/* PKCS12_parse() accepts no password for a file without a MAC, so this adds a MAC. Decryption then
 * shows whether the password is right. If the user gave none, tries no password and an empty
 * one. */
static bool parse_without_mac(struct search *search, PKCS12 *pfx, const char **password)
{
    const char *const both[] = { NULL, "" };
    const char *const *tried = *password != NULL ? password : both;
    for (size_t i = 0; i < (*password != NULL ? 1 : 2); i++) {
        int length = tried[i] != NULL ? -1 : 0;
        if (PKCS12_set_mac(pfx, tried[i], length, NULL, 0, 1, EVP_sha256()) == 1 &&
            parse(search, pfx, tried[i])) {
            *password = tried[i];
            return true;
        }
    }
    return false;
}

static int report_unopened(const struct search *search, bool has_mac, struct error *err)
{
    if (was_unsupported())
        return report_legacy_format(search, err);
    if (has_mac)
        return error_set(
            err, ERR_INVALID,
            "%s opens the file in %s, but the key or the certificate in the "
            "file has another password or is damaged. Export the certificate "
            "again, with one password for everything",
            password_name, search->name);
    if (search->password == NULL)
        return report_password(search, err);
    return error_set(err, ERR_INVALID,
                     "Either %s is the wrong password for the file in %s, or the file "
                     "is damaged. The file has no MAC, so the provider cannot tell "
                     "which",
                     password_name, search->name);
}

static int open_pkcs12(struct search *search, PKCS12 *pfx, struct error *err)
{
    const char *password = search->password;
    char name[80];
    bool has_mac = PKCS12_mac_present(pfx) == 1;
    if (has_mac && unknown_mac(pfx, name) != NULL)
        return error_set(
            err, ERR_INVALID,
            "the file in %s has a MAC of an unsupported type (%s). Export it "
            "again, with `openssl pkcs12 -export -macalg sha256`",
            search->name, name);
    ERR_clear_error();
    if (has_mac && !is_password_right(pfx, &password))
        return was_unsupported() ? report_legacy_format(search, err)
                                 : report_password(search, err);
    bool is_open = has_mac ? parse(search, pfx, password)
                           : parse_without_mac(search, pfx, &password);
    if (!is_open)
        return report_unopened(search, has_mac, err);
    return count_keys(pfx, password) > 1 ? report_several(search, err) : 0;
}

/* ---- PEM ------------------------------------------------------------------------------------- */

static int supply_password(char *room, int size, int is_writing, void *state)
{
    (void)is_writing;
    struct search *search = state;
    search->wants_password = true;
    const char *password = search->password;
    size_t length = password != NULL ? strlen(password) : 0;
    if (length == 0 || length > (size_t)size)
        return -1;
    memcpy(room, password, length);
    return (int)length;
}

static int report_damaged(const struct search *search, struct error *err)
{
    return error_set(
        err, ERR_INVALID,
        "the private key in %s cannot be read: it is damaged, or not in PEM format. If "
        "the line breaks were lost, as in a variable, encode the whole file "
        "in base64",
        search->name);
}

static int open_pem(struct search *search, struct bytes bytes, struct error *err)
{
    static const char end[] = "PRIVATE KEY-----";
    size_t ends = 0;
    const uint8_t *at = bytes.data, *stop = bytes.data + bytes.length;
    while ((at = memmem(at, (size_t)(stop - at), end, strlen(end))) != NULL)
        at += strlen(end), ends++;
    if (ends > 2) /* each key has two lines that end so */
        return report_several(search, err);
    BIO *bio = BIO_new_mem_buf(bytes.data, (int)bytes.length);
    search->key = PEM_read_bio_PrivateKey(bio, NULL, supply_password, search);
    bool is_unsupported = search->key == NULL && was_unsupported();
    BIO_free(bio);
    if (search->key == NULL && search->wants_password)
        return is_unsupported ? report_legacy_format(search, err)
                              : report_password(search, err);
    if (search->key == NULL && ends > 0)
        return report_damaged(search, err);
    bio = BIO_new_mem_buf(bytes.data, (int)bytes.length);
    X509 *one;
    while (search->x509 == NULL &&
           (one = PEM_read_bio_X509(bio, NULL, supply_password, search)) != NULL) {
        if (search->key != NULL && X509_check_private_key(one, search->key) == 1) {
            search->x509 = one;
            continue;
        }
        search->has_other = true;
        X509_free(one);
    }
    BIO_free(bio);
    return 0;
}

/* ---- both ------------------------------------------------------------------------------------ */

static int64_t not_after_ms(const X509 *x509)
{
    struct tm at;
    return ASN1_TIME_to_tm(X509_get0_notAfter(x509), &at) == 1
               ? (int64_t)timegm(&at) * 1000
               : INT64_MAX;
}

static int finish(struct search *search, struct certificate **out, struct error *err)
{
    if (search->key == NULL)
        return error_set(err, ERR_INVALID,
                         "%s has a certificate without its private key. Export the "
                         "certificate together with the key",
                         search->name);
    if (search->x509 == NULL && search->has_other)
        return error_set(err, ERR_INVALID,
                         "the private key in %s does not match the certificate",
                         search->name);
    if (search->x509 == NULL)
        return error_set(err, ERR_INVALID, "%s has a private key without a certificate",
                         search->name);
    if (EVP_PKEY_get_base_id(search->key) != EVP_PKEY_RSA)
        return error_set(
            err, ERR_INVALID,
            "the private key in %s is not an RSA key; Microsoft Entra accepts "
            "only RSA keys",
            search->name);
    auto_certificate certificate = memory_new(sizeof *certificate);
    if (X509_digest(search->x509, EVP_sha256(), certificate->thumbprint, NULL) != 1 ||
        X509_digest(search->x509, EVP_sha1(), certificate->thumbprint_sha1, NULL) != 1)
        return error_set(err, ERR_INTERNAL,
                         "cannot compute the certificate's thumbprint");
    certificate->not_after_ms = not_after_ms(search->x509);
    certificate->key = take(search->key);
    *out = take(certificate);
    return 0;
}

/* `bytes`: the content of a file, or decoded base64. */
static int open_bytes(struct search *search, struct bytes bytes, struct error *err)
{
    static const char pem[] = "-----BEGIN ";
    if (input_is_wide(bytes))
        return error_set(err, ERR_INVALID, "the content of %s " INPUT_WIDE_TEXT,
                         search->name);
    bytes = text_skip_mark(bytes);
    if (memmem(bytes.data, bytes.length, pem, strlen(pem)) != NULL)
        return open_pem(search, bytes, err);
    const unsigned char *at = bytes.data;
    PKCS12 *pfx = d2i_PKCS12(NULL, &at, (long)bytes.length);
    if (pfx == NULL)
        return error_set(err, ERR_INVALID,
                         "%s is neither a PKCS#12 (.pfx) file nor a PEM file",
                         search->name);
    int result = open_pkcs12(search, pfx, err);
    PKCS12_free(pfx);
    return result;
}

static int open_base64(struct search *search, struct error *err)
{
    const char *text = search->base64;
    size_t length = strlen(text), room = length * 3 / 4, count;
    /* PEM that is not encoded in base64 is accepted too, with the lines that OpenSSL puts before
     * each block. */
    if (strstr(text, "-----BEGIN ") != NULL)
        return open_bytes(search, BYTES(text, length), err);
    if (length > INPUT_FILE_BYTES_MAX)
        return error_set(err, ERR_INVALID, "%s has more than %d bytes", search->name,
                         INPUT_FILE_BYTES_MAX);
    uint8_t *bytes = memory_new(room);
    int result =
        base64_decode(text, length, bytes, &count)
            ? open_bytes(search, BYTES(bytes, count), err)
            : error_set(err, ERR_INVALID,
                        "%s is not base64; set it to a .pfx file encoded in base64. To "
                        "name a file by its path, set %s",
                        search->name, path_name);
    secret_wipe(bytes, room);
    free(bytes);
    return result;
}

static int open_path(struct search *search, struct error *err)
{
    auto_secret file = NULL;
    if (input_read_file(search->name, search->path, &file, err) < 0)
        return -1;
    return open_bytes(search, BYTES(secret_reveal(file), secret_length(file)), err);
}

int certificate_load(const struct auth_config *config, struct certificate **out,
                     struct error *err)
{
    ERR_clear_error();
    bool is_base64 = input_is_set(config->client_certificate);
    const char *password = config->client_certificate_password;
    CLEANUP(search_clear)
    struct search search = {
        .base64 = is_base64 ? config->client_certificate : NULL,
        .path = is_base64 ? NULL : config->client_certificate_path,
        .password = input_is_set(password) ? password : NULL,
        .name = is_base64 ? base64_name : path_name,
    };
    if ((is_base64 ? open_base64(&search, err) : open_path(&search, err)) < 0)
        return -1;
    return finish(&search, out, err);
}

void certificate_free(struct certificate *certificate)
{
    if (certificate == NULL)
        return;
    EVP_PKEY_free(certificate->key);
    free(certificate);
}
