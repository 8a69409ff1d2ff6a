/* The certificate authorities: those in the file of the provider argument, or those that Terraform
 * itself trusts on this machine. They are read once and shared by all handshakes.
 * Source: Go, crypto/x509/root_unix.go and root_linux.go
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/trust.h"
#include "http/internal.h"

/* The list of public authorities has 230 kB. */
enum { FILE_MIB_MAX = 64 };

/* The result of reading a file. */
struct outcome {
    bool is_read;    /* whatever its content */
    bool is_foreign; /* the file does not seem to be one of certificates */
    char *fault;     /* "cannot be read: …", on the heap; NULL: none */
};

/* ---- one file ------------------------------------------------------------------------- */

/* Folders often repeat the certificates of the file, and decoding is what takes time. */
static bool is_new(struct ca_bundle *bundle, const uint8_t digest[SHA256_DIGEST_LENGTH])
{
    for (size_t i = 0; i < bundle->count; i++) {
        if (memcmp(bundle->digests[i], digest, SHA256_DIGEST_LENGTH) == 0)
            return false;
    }
    return true;
}

static void record_digest(struct ca_bundle *bundle,
                          const uint8_t digest[SHA256_DIGEST_LENGTH])
{
    if ((bundle->count & (bundle->count - 1)) == 0) /* 0, 1, 2, 4, …: the array is full */
        bundle->digests =
            memory_resize(bundle->digests, bundle->count == 0 ? 1 : bundle->count * 2,
                          sizeof *bundle->digests);
    memcpy(bundle->digests[bundle->count++], digest, SHA256_DIGEST_LENGTH);
}

/* False: it is not a certificate. */
static bool add(struct ca_bundle *bundle, const uint8_t *data, size_t length)
{
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256(data, length, digest);
    if (!is_new(bundle, digest))
        return true;
    if (bundle->is_named) {
        X509 *certificate = ca_decode(data, length);
        if (certificate == NULL)
            return false;
        if (X509_STORE_add_cert(bundle->store, certificate) != 1)
            memory_exhausted(0); /* the only possible error */
        X509_free(certificate);
    } else if (!ca_lookup_add(&bundle->lookup, data, length)) {
        return false;
    }
    record_digest(bundle, digest);
    return true;
}

static bool has_label(struct bytes text, const char *label)
{
    return pem_unread_line(text, label, text.data, text.data + text.length) != 0;
}

static bool starts_with(struct bytes text, const char *start)
{
    size_t length = strlen(start);
    return text.length >= length && memcmp(text.data, start, length) == 0;
}

static struct outcome read_text(struct ca_bundle *bundle, struct bytes text)
{
    /* Go would begin with the second block. The first one is also meant to be trusted. */
    text = text_skip_mark(text);
    static const char label[] = "CERTIFICATE";
    size_t length, line = 0;
    bool has_some = false;
    struct bytes rest = text;
    const uint8_t *begins, *from = text.data;
    uint8_t *data;
    while ((data = pem_next(&rest, label, &begins, &length)) != NULL) {
        bool is_added = add(bundle, data, length);
        free(data);
        if (!is_added)
            continue;
        has_some = true;
        if (line == 0)
            line = pem_unread_line(text, label, from, begins);
        from = begins + 1;
    }
    if (line == 0)
        line = pem_unread_line(text, label, from, text.data + text.length);
    struct outcome outcome = { .is_read = true };
    X509 *der = NULL;
    if (line != 0)
        outcome.fault = memory_print("has a damaged certificate at line %zu (-----BEGIN "
                                     "CERTIFICATE-----)",
                                     line);
    else if (has_some)
        return outcome;
    else if ((der = ca_decode(text.data, text.length)) != NULL)
        outcome.fault = memory_copy_text(
            "is a certificate in DER format. Convert it to PEM with `openssl "
            "x509 -inform der`");
    else if (has_label(text, "TRUSTED CERTIFICATE") ||
             has_label(text, "X509 CERTIFICATE"))
        outcome.fault = memory_copy_text(
            "has certificates in OpenSSL's \"trusted\" format. Convert them "
            "with `openssl x509`; they then begin with -----BEGIN "
            "CERTIFICATE-----");
    else if (starts_with(text, "\xff\xfe") || starts_with(text, "\xfe\xff"))
        outcome.fault = memory_copy_text("is UTF-16 text; save it as ASCII or UTF-8");
    else {
        outcome.is_foreign = true;
        outcome.fault = memory_copy_text(
            "has no certificate in PEM format (-----BEGIN CERTIFICATE-----)");
    }
    X509_free(der);
    return outcome;
}

static struct outcome read_file(struct ca_bundle *bundle, const char *path)
{
    struct outcome outcome = { 0 };
    uint8_t *data = NULL;
    size_t length;
    const char *reason;
    switch (file_read(path, FILE_FOLLOWS_LINKS, (size_t)FILE_MIB_MAX * 1024 * 1024, &data,
                      &length, &reason)) {
    case FILE_READ:
        outcome = read_text(bundle, BYTES(data, length));
        break;
    case FILE_UNREADABLE:
        outcome.fault =
            memory_print("cannot be read: %s%s", reason, file_note_space(path));
        break;
    case FILE_NOT_REGULAR:
        outcome.is_foreign = true;
        outcome.fault =
            memory_copy_text("is not a file. Set it to a PEM file with the certificates");
        break;
    case FILE_TOO_BIG:
        outcome.fault = memory_print("has more than %d MiB", FILE_MIB_MAX);
        break;
    }
    free(data);
    return outcome;
}

/* ---- what Terraform trusts -------------------------------------------------------------- */

static void record_source(struct ca_bundle *bundle, const char *path)
{
    char *places = bundle->places == NULL ? memory_copy_text(path)
                                          : memory_print("%s, %s", bundle->places, path);
    free(bundle->places);
    bundle->places = places;
}

/* `who` is "SSL_CERT_FILE names", for example. */
static void record_problem(struct ca_bundle *bundle, const char *who, const char *path,
                           const char *fault)
{
    if (bundle->problem == NULL)
        bundle->problem = memory_print("%s %s, which %s", who, path, fault);
}

static void read_folder(struct ca_bundle *bundle, const char *path, bool is_named)
{
    const char *reason, *name;
    struct folder *folder = folder_open(path, &reason);
    if (folder == NULL) {
        auto_char fault = memory_print("cannot be read: %s", reason);
        if (is_named && *path != '\0') /* "a::b" is usual */
            record_problem(bundle, "SSL_CERT_DIR names", path, fault);
        return;
    }
    size_t before = bundle->count;
    while ((name = folder_next(folder)) != NULL) {
        auto_char file = memory_print("%s%s%s", path, file_separator, name);
        struct outcome outcome = read_file(bundle, file);
        if (outcome.fault != NULL && !outcome.is_foreign && is_named)
            record_problem(bundle, "a folder in SSL_CERT_DIR has", file, outcome.fault);
        free(outcome.fault);
    }
    folder_close(folder);
    if (bundle->count != before || is_named)
        record_source(bundle, path);
}

/* A certificate that cannot be decoded is skipped, as in a file of the system. */
static void take_certificate(void *state, const uint8_t *der, size_t length)
{
    add(state, der, length);
}

static void read_system(struct ca_bundle *bundle)
{
    const char *const named[] = { bundle->cert_file, NULL };
    const char *const *list = bundle->cert_file != NULL ? named : trust_files;
    /* OpenSSL calls the lookup only for names that the store does not have, so either all
     * certificates are decoded at once, or none. */
    bundle->is_named = bundle->cert_file != NULL || bundle->cert_dir != NULL;
    for (bool is_read = false; !is_read && *list != NULL; list++) {
        struct outcome outcome = read_file(bundle, *list);
        is_read = outcome.is_read;
        if (is_read)
            record_source(bundle, *list);
        if (outcome.fault != NULL && bundle->cert_file != NULL)
            record_problem(bundle, "SSL_CERT_FILE names", *list, outcome.fault);
        free(outcome.fault);
    }
    /* The folders are used in addition to the file, even to one that a variable names. */
    auto_char folders =
        memory_copy_text(bundle->cert_dir != NULL ? bundle->cert_dir : trust_folders);
    char *rest = folders, *folder;
    while ((folder = strsep(&rest, file_list_separator)) != NULL)
        read_folder(bundle, folder, bundle->cert_dir != NULL);
    if (bundle->cert_file != NULL || bundle->cert_dir != NULL)
        return;
    const char *store = trust_each(take_certificate, bundle);
    if (store != NULL)
        record_source(bundle, store);
}

/* ---- the bundle --------------------------------------------------------------------------- */

static X509_STORE *new_store(void)
{
    X509_STORE *store = X509_STORE_new();
    /* As in Go, every certificate in the list is trusted, also one that another authority has
     * signed. */
    if (store == NULL || X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) != 1)
        memory_exhausted(0);
    return store;
}

static char *copy_variable(const char *name)
{
    const char *text = getenv(name);
    return text != NULL && *text != '\0' ? memory_copy_text(text) : NULL;
}

int ca_bundle_init(struct ca_bundle *bundle, const char *argument, struct error *err)
{
    *bundle = (struct ca_bundle){ 0 };
    pthread_mutex_init(&bundle->lock, NULL);
    if (argument == NULL) {
        bundle->cert_file = copy_variable("SSL_CERT_FILE");
        bundle->cert_dir = copy_variable("SSL_CERT_DIR");
        return 0;
    }
    bundle->store = new_store();
    bundle->is_named = true;
    struct outcome outcome = read_file(bundle, argument);
    if (outcome.fault == NULL) {
        record_source(bundle, argument);
        return 0;
    }
    if (!outcome.is_read && file_is_content(argument))
        error_set(err, ERR_INVALID, "ca_bundle " FILE_IS_CONTENT_TEXT);
    else
        error_set(err, ERR_INVALID, "ca_bundle names %s, which %s", argument,
                  outcome.fault);
    free(outcome.fault);
    ca_bundle_clear(bundle);
    return -1;
}

X509_STORE *ca_bundle_store(struct ca_bundle *bundle)
{
    pthread_mutex_lock(&bundle->lock);
    if (bundle->store == NULL) {
        bundle->store = new_store();
        ca_lookup_init(&bundle->lookup, bundle->store);
        read_system(bundle);
    }
    X509_STORE *store = bundle->store;
    pthread_mutex_unlock(&bundle->lock);
    return store;
}

void ca_bundle_clear(struct ca_bundle *bundle)
{
    X509_STORE_free(bundle->store);
    ca_lookup_clear(&bundle->lookup);
    free(bundle->cert_file);
    free(bundle->cert_dir);
    free(bundle->digests);
    free(bundle->places);
    free(bundle->problem);
    pthread_mutex_destroy(&bundle->lock);
    *bundle = (struct ca_bundle){ 0 };
}
