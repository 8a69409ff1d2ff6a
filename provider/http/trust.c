/* Whom we believe: where the certificate authorities are, and which certificate was at
 * fault when a handshake fails.
 * Source of the places: Go, crypto/x509/root_linux.go
 * SPDX-License-Identifier: MPL-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/internal.h"

static const char *const files[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Alpine */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora, RHEL 6 */
    "/etc/ssl/ca-bundle.pem",                            /* SUSE */
    "/etc/pki/tls/cacert.pem",                           /* OpenELEC */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* RHEL 7 and later */
    "/etc/ssl/cert.pem",                                 /* Alpine */
};
static const char *const folders[] = { "/etc/ssl/certs", "/etc/pki/tls/certs" };

/* The first certificate is enough: a bundle has more than a hundred. */
static int check_file(const char *path, const char *name, struct error *err)
{
    /* A pipe that nobody writes to must not hold us up; and curl reads it again. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat about;
    FILE *file = fd >= 0 && fstat(fd, &about) == 0 ? fdopen(fd, "r") : NULL;
    if (file == NULL) {
        int reason = errno;
        if (fd >= 0)
            close(fd);
        return error_set(err, ERR_INVALID, "%s names %s, which cannot be read: %s", name,
                         path, strerrordesc_np(reason));
    }
    if (!S_ISREG(about.st_mode)) {
        fclose(file);
        return error_set(err, ERR_INVALID,
                         "%s names %s, which is not a file; it has to be a PEM file with "
                         "the certificates",
                         name, path);
    }
    X509 *certificate = PEM_read_X509_AUX(file, NULL, NULL, NULL);
    bool is_good = certificate != NULL;
    X509_free(certificate);
    ERR_clear_error();
    fclose(file);
    if (!is_good)
        return error_set(err, ERR_INVALID,
                         "%s names %s, which holds no certificate in PEM form "
                         "(-----BEGIN CERTIFICATE-----)",
                         name, path);
    return 0;
}

static const char *variable(const char *name)
{
    const char *text = getenv(name);
    return text != NULL && *text != '\0' ? text : NULL;
}

int trust_find(struct trust *trust, const char *ca_bundle, struct error *err)
{
    *trust = (struct trust){ 0 };
    if (ca_bundle != NULL) {
        if (check_file(ca_bundle, "ca_bundle", err) < 0)
            return -1;
        trust->file = memory_copy_text(ca_bundle);
        return 0;
    }
    const char *file = variable("SSL_CERT_FILE"), *folder = variable("SSL_CERT_DIR");
    if (file != NULL && check_file(file, "SSL_CERT_FILE", err) < 0)
        return -1;
    if (file == NULL && folder == NULL) {
        for (size_t i = 0; file == NULL && i < sizeof files / sizeof *files; i++) {
            if (access(files[i], R_OK) == 0)
                file = files[i];
        }
        for (size_t i = 0;
             file == NULL && folder == NULL && i < sizeof folders / sizeof *folders;
             i++) {
            if (access(folders[i], R_OK) == 0)
                folder = folders[i];
        }
    }
    trust->file = file != NULL ? memory_copy_text(file) : NULL;
    trust->folder = folder != NULL ? memory_copy_text(folder) : NULL;
    return 0;
}

void trust_clear(struct trust *trust)
{
    free(trust->file);
    free(trust->folder);
    *trust = (struct trust){ 0 };
}

static void print_name(const X509_NAME *name, char *text, size_t room)
{
    snprintf(text, room, "(none)");
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio == NULL)
        return;
    X509_NAME_print_ex(bio, name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
    char *data;
    long length = BIO_get_mem_data(bio, &data);
    if (length > 0) {
        auto_arena arena = arena_new();
        snprintf(text, room, "%s", text_clean(arena, data, (size_t)length, room - 1));
    }
    BIO_free(bio);
}

static void print_time(const ASN1_TIME *time, char *text, size_t room)
{
    snprintf(text, room, "an unreadable date");
    struct tm parts;
    if (time != NULL && ASN1_TIME_to_tm(time, &parts) == 1)
        strftime(text, room, "%Y-%m-%d %H:%M UTC", &parts);
}

static int report_index = -1;
static pthread_once_t report_once = PTHREAD_ONCE_INIT;

static void make_report_index(void)
{
    report_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

/* Called for each certificate of the chain, the peer's own last; and once more for each
 * fault. Changes nothing about the verdict. */
static int note_certificate(int is_good, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct trust_report *report =
        ssl != NULL ? SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), report_index) : NULL;
    X509 *certificate = X509_STORE_CTX_get_current_cert(store);
    if (report == NULL || certificate == NULL)
        return is_good;
    const char *asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    snprintf(report->server_name, sizeof report->server_name, "%s",
             asked != NULL ? asked : "");
    if (X509_STORE_CTX_get_error_depth(store) == 0)
        print_name(X509_get_subject_name(certificate), report->leaf, sizeof report->leaf);
    if (is_good || report->code != X509_V_OK)
        return is_good;
    report->code = X509_STORE_CTX_get_error(store);
    print_name(X509_get_subject_name(certificate), report->subject,
               sizeof report->subject);
    print_name(X509_get_issuer_name(certificate), report->issuer, sizeof report->issuer);
    print_time(X509_get0_notBefore(certificate), report->not_before,
               sizeof report->not_before);
    print_time(X509_get0_notAfter(certificate), report->not_after,
               sizeof report->not_after);
    return is_good;
}

void trust_watch(SSL_CTX *context, struct trust_report *report)
{
    pthread_once(&report_once, make_report_index);
    SSL_CTX_set_ex_data(context, report_index, report);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, note_certificate);
    /* A second handshake on a kept connection would write into a report that is gone. */
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
}

static int explain_unknown(const struct trust *trust, const struct trust_report *report,
                           const char *peer, struct error *err)
{
    const char *place = trust->file != NULL     ? trust->file
                        : trust->folder != NULL ? trust->folder
                                                : NULL;
    char known[512];
    if (place != NULL)
        snprintf(known, sizeof known, "is not among the authorities in %s", place);
    else
        snprintf(known, sizeof known,
                 "is not known: no list of authorities was found on this machine");
    return error_set(
        err, ERR_TLS,
        "%s is not trusted: the certificate of \"%s\" is issued by \"%s\", which %s (%s). "
        "If a proxy of your organisation opens TLS, or the authority is your own, put its "
        "certificate into a PEM file and name that in the provider argument ca_bundle or "
        "in the environment variable SSL_CERT_FILE",
        peer, report->subject, report->issuer, known,
        X509_verify_cert_error_string(report->code));
}

int trust_explain(const struct trust *trust, const struct trust_report *report,
                  const char *peer, const char *place, const char *reason,
                  struct error *err)
{
    char now[CLOCK_RFC3339_BYTES];
    clock_format_rfc3339(clock_wall_ms(), now);
    switch (report->code) {
    case X509_V_OK:
        break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return error_set(
            err, ERR_TLS,
            "%s is not trusted: the certificate of \"%s\", issued by \"%s\", "
            "expired on %s. This machine's clock says %s; check it. If it is "
            "right, the certificate has to be renewed by its owner",
            peer, report->subject, report->issuer, report->not_after, now);
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return error_set(
            err, ERR_TLS,
            "%s is not trusted: the certificate of \"%s\", issued by \"%s\", "
            "is not valid before %s. This machine's clock says %s; check it",
            peer, report->subject, report->issuer, report->not_before, now);
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
        return explain_unknown(trust, report, peer, err);
    default:
        return error_set(
            err, ERR_TLS,
            "%s is not trusted: the certificate of \"%s\", issued by \"%s\", "
            "is not accepted: %s",
            peer, report->subject, report->issuer,
            X509_verify_cert_error_string(report->code));
    }
    if (report->leaf[0] != '\0')
        return error_set(
            err, ERR_TLS,
            "no secure connection to %s, whose certificate is that of \"%s\": "
            "%s. Check %s",
            peer, report->leaf, reason, place);
    return error_set(err, ERR_TLS, "no secure connection to %s: %s", peer, reason);
}
