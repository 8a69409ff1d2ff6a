/* What the files of the curl transport share: curl.c has the thread and the waiting.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_INTERNAL_H
#define HTTP_INTERNAL_H

#include <curl/curl.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <pthread.h>

#include "http/curl.h"

/* ---- pem.c --------------------------------------------------------------------------- */

/* Decodes the next block with this label ("CERTIFICATE"), and moves `rest` behind it. Returns
 * its bytes, the caller's to free, and where it begins; NULL: there is none. What is damaged or
 * has headers is passed over. */
uint8_t *pem_next(struct bytes *rest, const char *label, const uint8_t **begins,
                  size_t *length);
/* The number of the first line from `from` to `until` that begins such a block; 0: none. */
size_t pem_unread_line(struct bytes text, const char *label, const uint8_t *from,
                       const uint8_t *until);

/* ---- ca_lookup.c: authorities that are decoded when a chain names them ------------------ */

struct ca_lookup {
    X509_STORE *store; /* borrowed; NULL: there is no lookup */
    pthread_mutex_t lock;
    struct ca_waiting *list; /* guarded by lock; those that wait, and gaps */
    size_t count;
};

/* From now on the store asks the lookup, which must live as long as the store is used. */
void ca_lookup_init(struct ca_lookup *lookup, X509_STORE *store);
/* Before the store is used. False: the bytes are not a certificate up to its subject. The rest is
 * looked at when it is decoded; one that is damaged is left out then. */
bool ca_lookup_add(struct ca_lookup *lookup, const uint8_t *data, size_t length);
void ca_lookup_clear(struct ca_lookup *lookup); /* zeroes are fine, too */
/* The certificate that these bytes are, and nothing behind it; the caller's. NULL: they are none. */
X509 *ca_decode(const uint8_t *data, size_t length);

/* ---- ca_bundle.c: the certificate authorities ----------------------------------------- */

struct ca_bundle {
    char *cert_file, *cert_dir; /* SSL_CERT_FILE, SSL_CERT_DIR; NULL: not set */

    pthread_mutex_t lock;    /* of everything below, until `store` is set */
    X509_STORE *store;       /* NULL: nothing was read yet */
    struct ca_lookup lookup; /* of the lists that no variable names */
    bool
        is_named; /* by the argument or a variable: faults are reported, so that all is decoded */
    size_t count;                             /* different certificates in it */
    uint8_t (*digests)[SHA256_DIGEST_LENGTH]; /* of each */
    char *places;  /* where they are from, for texts; NULL: nowhere */
    char *problem; /* the first thing that the variables name and that cannot be used,
                             a sentence without its full stop; NULL: none */
};

/* Reads the file that the provider argument names, NULL: takes note of the variables.
 * Errors: ERR_INVALID, as http_curl_new() says. */
int ca_bundle_init(struct ca_bundle *bundle, const char *argument, struct error *err);
/* The authorities, borrowed. Without the argument, the first call reads them from the disk;
 * what cannot be read is left out, as Terraform does. */
X509_STORE *ca_bundle_store(struct ca_bundle *bundle);
void ca_bundle_clear(struct ca_bundle *bundle);

/* ---- tls.c: handshakes ------------------------------------------------------------------ */

/* What one handshake showed of the peer's certificates. */
struct tls_report {
    int code; /* X509_V_…; X509_V_OK: nothing was wrong with the chain */
    char subject[256], issuer[256], leaf[256];
    char not_before[32], not_after[32];
    char thumbprint[2 * HTTP_PIN_BYTES + 1]; /* of a leaf that is not the pinned one */
};

/* Makes the handshakes of `context` trust what is in `store`, and write into `report`. */
void tls_prepare(SSL_CTX *context, X509_STORE *store, struct tls_report *report);
/* After that: the peer's certificate has to have this SHA-1, and nothing else is looked at. The
 * handshake fails otherwise, before any byte of a request is written. `pin` is borrowed for as
 * long as the handshake takes. */
void tls_pin(SSL_CTX *context, const uint8_t *pin);
/* Sets ERR_TLS: what failed, which certificate is at fault, and what to do. `peer` is whose it
 * is, `place` what to check where it is another host's; `reason` is curl's own text. */
int tls_explain(const struct ca_bundle *bundle, const struct tls_report *report,
                const char *peer, const char *place, const char *reason,
                struct error *err);

/* ---- proxy.c: which proxy a request takes ---------------------------------------------- */

/* Addresses without the user and password, which travel apart: no text of curl's can
 * show them. NULL: none. */
struct proxy {
    char *address, *user;
    struct secret *password;
    const char *named_by; /* a variable, or the argument; for texts */
    bool is_argument;
};

struct proxies {
    struct proxy http, https;
    char *no_proxy; /* NULL: not set */
    bool is_cgi;    /* REQUEST_METHOD is set */
};

/* The argument's url, else the variables; NO_PROXY holds for both.
 * Errors: ERR_INVALID  one that does not hold the address of a proxy */
int proxies_find(struct proxies *proxies, const struct http_proxy_options *options,
                 struct error *err);
void proxies_clear(struct proxies *proxies);
/* The proxy for a request to `url`; NULL: none. Borrowed from `proxies`.
 * Errors: ERR_INVALID  HTTP_PROXY in a CGI program: its client may have set it */
int proxies_choose(const struct proxies *proxies, const char *url,
                   const struct proxy **out, struct error *err);

/* ---- no_proxy.c: which hosts are reached without a proxy ------------------------------- */

/* Whether `list`, the value of NO_PROXY or NULL, names the host, or the host is this very
 * machine. `host` is a name or an address without brackets, `port` digits. */
bool no_proxy_has(const char *list, const char *host, const char *port);

/* ---- job.c: one exchange ---------------------------------------------------------------- */

struct curl_transport {
    struct http_transport base; /* first: this is what callers hold */
    char *user_agent;
    struct ca_bundle ca_bundle;
    struct proxies proxies;

    pthread_mutex_t lock; /* of everything below, and of every job's shared part */
    bool is_started, is_ending;
    pthread_t thread;
    CURLM *multi;
    struct job *incoming;
};

/* One exchange. Lives on its worker's stack, and is the worker's again once is_done. */
struct job {
    struct curl_transport *transport;
    struct call *call;
    const struct http_request *request;
    CURL *easy;
    struct curl_slist *headers;
    const struct proxy *proxy; /* NULL: none */
    X509_STORE *store;         /* NULL: no TLS on the way */

    /* Shared, under the transport's lock. */
    struct job *next;
    pthread_cond_t done;
    bool is_done;
    bool is_given_up; /* by the worker: take it out */

    /* The I/O thread's until is_done, then the worker's. */
    CURLcode result;
    unsigned times_begun; /* how often sending may have begun */
    bool has_all_headers; /* the empty line behind them came */
    bool is_too_big;
    const char *too_big; /* what was */
    struct tls_report report;
    char reason[CURL_ERROR_SIZE];
    size_t header_bytes, header_room, body_room, body_bytes_max;
    struct http_reply *reply;
    uint8_t *body;
    size_t body_bytes;
};

/* The easy handle with all that is to be sent. Errors: ERR_INTERNAL, ERR_INVALID */
int job_prepare(struct job *job, struct error *err);
/* After an exchange that went well: the answer, the caller's. */
struct http_reply *job_take_reply(struct job *job);
void job_clear(struct job *job);

/* ---- explain.c: what went wrong ----------------------------------------------------------- */

/* Sets the error of an exchange that failed. `why`: how its call ended; ERR_NONE: it did not. */
int job_explain(struct job *job, const struct error *why, struct error *err);

#endif
