/* Verifies the peer of a TLS handshake, and explains which certificate is at fault if it fails.
 * SPDX-License-Identifier: MPL-2.0 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/x509v3.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/internal.h"

/* TLS and HTTP/2 have messages without data: new keys, pings, settings. OpenSSL and curl read these
 * as long as there are any, and look at no timeout and at no other transfer meanwhile. So a
 * connection reads only so much in a round of the I/O thread. */
enum { ROUND_BYTES_MAX = 256 * 1024 };

/* Of one connection. It lives as long as its BIO, the round as long as the transport. */
struct meter {
    const unsigned *round;
    unsigned last_round;
    size_t bytes; /* in last_round */
};

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

/* OpenSSL calls this for each certificate of the chain, the peer's own last, and again for each
 * error. Does not change the result. */
static int record_certificate(int is_good, X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls_report *report =
        ssl != NULL ? SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), report_index) : NULL;
    X509 *certificate = X509_STORE_CTX_get_current_cert(store);
    if (report == NULL || certificate == NULL)
        return is_good;
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

static long limit_read(BIO *bio, int operation, const char *data, size_t room, int number,
                       long more, int result, size_t *length)
{
    (void)data, (void)room, (void)number, (void)more;
    struct meter *meter = (struct meter *)(void *)BIO_get_callback_arg(bio);
    if (operation == BIO_CB_FREE) {
        free(meter);
    } else if (operation == (BIO_CB_READ | BIO_CB_RETURN) && result > 0) {
        meter->bytes += *length;
    } else if (operation == BIO_CB_READ) {
        if (meter->last_round != *meter->round)
            meter->bytes = 0;
        meter->last_round = *meter->round;
        if (meter->bytes >= ROUND_BYTES_MAX) {
            BIO_set_retry_read(bio); /* as if no more had arrived yet */
            return -1;
        }
    }
    return result;
}

static void begin_handshake(const SSL *ssl, int event, int number)
{
    (void)number;
    BIO *bio = SSL_get_rbio(ssl);
    if (event != SSL_CB_HANDSHAKE_START || BIO_get_callback_ex(bio) != NULL)
        return;
    const struct tls_report *report =
        SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), report_index);
    struct meter *meter = memory_new(sizeof *meter);
    meter->round = report->round;
    BIO_set_callback_arg(bio, (char *)meter);
    BIO_set_callback_ex(bio, limit_read);
}

void tls_prepare(SSL_CTX *context, X509_STORE *store, struct tls_report *report)
{
    /* Not SSL_CTX_set1_cert_store(): curl may replace that store later. */
    SSL_CTX_set1_verify_cert_store(context, store);
    pthread_once(&report_once, make_report_index);
    SSL_CTX_set_ex_data(context, report_index, report);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, record_certificate);
    /* A renegotiation on a kept connection would write into a report that no longer exists. And no
     * part of an answer stays in the connection's buffer. */
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CLEANSE_PLAINTEXT);
    SSL_CTX_set_info_callback(context, begin_handshake);
}

/* Replaces the whole check of the chain. */
static int check_pin(X509_STORE_CTX *store, void *state)
{
    const uint8_t *pin = state;
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct tls_report *report = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), report_index);
    X509 *leaf = X509_STORE_CTX_get0_cert(store);
    uint8_t found[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    bool is_it = leaf != NULL && X509_digest(leaf, EVP_sha1(), found, &length) == 1 &&
                 length == HTTP_PIN_BYTES && memcmp(found, pin, HTTP_PIN_BYTES) == 0;
    X509_STORE_CTX_set_error(store, is_it ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
    if (is_it || leaf == NULL)
        return is_it;
    print_name(X509_get_subject_name(leaf), report->leaf, sizeof report->leaf);
    for (unsigned i = 0; i < length && i < HTTP_PIN_BYTES; i++)
        snprintf(report->thumbprint + 2 * i, 3, "%02X", found[i]);
    return 0;
}

void tls_pin(SSL_CTX *context, const uint8_t *pin)
{
    SSL_CTX_set_cert_verify_callback(context, check_pin, (void *)pin);
}

static int explain_unknown(const struct ca_bundle *bundle,
                           const struct tls_report *report, const char *peer,
                           struct error *err)
{
    auto_char known =
        bundle->count > 0
            ? memory_print("is not a certificate authority in %s", bundle->places)
            : memory_copy_text(
                  "is unknown, because this machine has no certificate authorities");
    return error_set(
        err, ERR_TLS,
        "%s is not trusted: the certificate of \"%s\" was issued by \"%s\", which %s "
        "(%s)%s%s.\n\nWhat to do: If your organization's proxy intercepts TLS, or the authority "
        "is your own, save the authority's certificate as a PEM file. Set ca_bundle of the "
        "provider block to the path of that file, or ca_bundle of its hub block if only the hub "
        "needs it, or the environment variable SSL_CERT_FILE",
        peer, report->subject, report->issuer, known,
        X509_verify_cert_error_string(report->code), bundle->problem != NULL ? ". " : "",
        bundle->problem != NULL ? bundle->problem : "");
}

int tls_explain(const struct ca_bundle *bundle, const struct tls_report *report,
                const char *peer, const char *place, const char *reason,
                struct error *err)
{
    char now[CLOCK_RFC3339_BYTES];
    clock_format_rfc3339(clock_wall_ms(), now);
    if (report->thumbprint[0] != '\0')
        return error_set(err, ERR_TLS,
                         "%s is not trusted: the certificate of \"%s\" has the SHA-1 "
                         "thumbprint %s, which is not the expected one",
                         peer, report->leaf, report->thumbprint);
    switch (report->code) {
    case X509_V_OK:
        break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return error_set(
            err, ERR_TLS,
            "%s is not trusted: the certificate of \"%s\", issued by \"%s\", "
            "expired on %s. This machine's clock says %s.\n\nWhat to do: "
            "Check the clock. If the clock is right, ask the owner of the "
            "certificate to renew it",
            peer, report->subject, report->issuer, report->not_after, now);
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return error_set(
            err, ERR_TLS,
            "%s is not trusted: the certificate of \"%s\", issued by \"%s\", "
            "is not valid before %s. This machine's clock says %s.\n\nWhat to "
            "do: Check the clock",
            peer, report->subject, report->issuer, report->not_before, now);
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
        return explain_unknown(bundle, report, peer, err);
    default:
        return error_set(
            err, ERR_TLS,
            "%s is not trusted: the certificate of \"%s\", issued by \"%s\", "
            "is not valid: %s",
            peer, report->subject, report->issuer,
            X509_verify_cert_error_string(report->code));
    }
    /* OpenSSL's number of "unsafe legacy renegotiation disabled". */
    if (strstr(reason, "error:0A000152:") != NULL)
        return error_set(
            err, ERR_TLS,
            "no TLS connection to %s, which does not support secure renegotiation (RFC "
            "5746), so that others can insert data into its connections: %s.\n\nWhat to "
            "do: Update the server that ends the TLS connections of this host, such as its load "
            "balancer or a proxy in between",
            peer, reason);
    if (report->leaf[0] != '\0')
        return error_set(err, ERR_TLS,
                         "no TLS connection to %s, whose certificate is for \"%s\": "
                         "%s.\n\nWhat to do: Check %s",
                         peer, report->leaf, reason, place);
    return error_set(err, ERR_TLS, "no TLS connection to %s: %s", peer, reason);
}
