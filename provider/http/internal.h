/* What the files of the curl transport share. The I/O thread is in curl.c.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_INTERNAL_H
#define HTTP_INTERNAL_H

#include <curl/curl.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <pthread.h>

#include "base/buf.h"
#include "base/net.h"
#include "http/curl.h"

/* ---- pem.c --------------------------------------------------------------------------- */

/* Decodes the next block with this label ("CERTIFICATE"), and moves `rest` behind it. Returns its
 * bytes, which the caller frees; `begins` is its first line. NULL: there is none. Blocks that are
 * damaged or have headers are skipped. */
uint8_t *pem_next(struct bytes *rest, const char *label, const uint8_t **begins,
                  size_t *length);
/* The number of the first line between `from` and `until` that begins such a block; 0: there is
 * none. */
size_t pem_unread_line(struct bytes text, const char *label, const uint8_t *from,
                       const uint8_t *until);

/* ---- ca_lookup.c: authorities that are decoded when a chain names them ------------------ */

struct ca_lookup {
    X509_STORE *store; /* borrowed; NULL: there is no lookup */
    pthread_mutex_t lock;
    /* Guarded by lock. The certificates that are not decoded yet; an element may be empty. */
    struct ca_waiting *list;
    size_t count;
};

/* The store calls the lookup from now on. The lookup has to live as long as the store is used. */
void ca_lookup_init(struct ca_lookup *lookup, X509_STORE *store);
/* Only before the store is used. False: the bytes are not a certificate, as far as its subject. The
 * rest is checked when it is decoded; a certificate that turns out to be damaged is then
 * ignored. */
bool ca_lookup_add(struct ca_lookup *lookup, const uint8_t *data, size_t length);
void ca_lookup_clear(struct ca_lookup *lookup); /* a zeroed struct is fine */
/* The certificate in these bytes, which the caller frees. NULL: they are not exactly one
 * certificate. */
X509 *ca_decode(const uint8_t *data, size_t length);

/* ---- ca_bundle.c: the certificate authorities ----------------------------------------- */

struct ca_bundle {
    char *cert_file, *cert_dir; /* SSL_CERT_FILE, SSL_CERT_DIR; NULL: not set */

    pthread_mutex_t lock;    /* guards everything below, until `store` is set */
    X509_STORE *store;       /* NULL: nothing has been read yet */
    struct ca_lookup lookup; /* for the system's lists, which no variable names */
    /* An argument or a variable names the authorities. Problems are then reported, so all of them
     * are decoded at once. */
    bool is_named;
    size_t count;                             /* different certificates that were added */
    uint8_t (*digests)[SHA256_DIGEST_LENGTH]; /* of each */
    char *places; /* the files and folders, for messages; NULL: none */
    /* The first problem with a file or folder that a variable names: a sentence without its full
     * stop. NULL: none. */
    char *problem;
};

/* Reads the file of the provider argument. NULL: only stores what the variables say.
 * Errors: ERR_INVALID  as http_curl_new() */
int ca_bundle_init(struct ca_bundle *bundle, const char *argument, struct error *err);
/* The authorities, borrowed. Without the argument, the first call reads them from the disk. A file
 * or a certificate that cannot be read is skipped, as Terraform does. Thread-safe. */
X509_STORE *ca_bundle_store(struct ca_bundle *bundle);
void ca_bundle_clear(struct ca_bundle *bundle);

/* ---- tls.c: handshakes ------------------------------------------------------------------ */

/* What a handshake showed of the peer's certificates. */
struct tls_report {
    int code; /* X509_V_…; X509_V_OK: no error in the chain */
    char subject[256], issuer[256], leaf[256];
    char not_before[32], not_after[32];
    char thumbprint[2 * HTTP_PIN_BYTES + 1]; /* of a leaf that does not match the pin */
    const unsigned *round; /* the transport's, which outlives its connections */
};

/* Makes handshakes of `context` trust the authorities of `store`, and write to `report`. */
void tls_prepare(SSL_CTX *context, X509_STORE *store, struct tls_report *report);
/* After tls_prepare(): the peer's certificate has to have this SHA-1, and nothing else is checked.
 * If it does not match, the handshake fails before any byte of a request is written. `pin` is
 * borrowed until the handshake ends. */
void tls_pin(SSL_CTX *context, const uint8_t *pin);
/* Sets ERR_TLS: what failed, which certificate is at fault, and what to do. Returns -1.
 *   peer    the owner of the certificate: the host, or "the proxy …"
 *   place   what the user has to check if the certificate is for another host
 *   reason  curl's own text */
int tls_explain(const struct ca_bundle *bundle, const struct tls_report *report,
                const char *peer, const char *place, const char *reason,
                struct error *err);

/* ---- proxy.c: which proxy a request takes ---------------------------------------------- */

/* Addresses do not contain the user and password, which are kept separately: so no text of curl can
 * show them. NULL: none. */
struct proxy {
    char *address, *user;
    struct secret *password;
    const char *named_by; /* the variable or the argument, for messages */
    bool is_argument;
};

struct proxies {
    struct proxy http, https;
    char *no_proxy; /* NULL: not set */
    bool is_cgi;    /* REQUEST_METHOD is set */
};

/* Finds the proxies: the argument's URL, else the variables. NO_PROXY applies to both.
 * Errors: ERR_INVALID  a value that is not the address of a proxy */
int proxies_find(struct proxies *proxies, const struct http_proxy_options *options,
                 struct error *err);
void proxies_clear(struct proxies *proxies);
/* The proxy for a request to `url`, borrowed from `proxies`; NULL: none.
 * Errors: ERR_INVALID  HTTP_PROXY in a CGI program, whose client may have set it */
int proxies_choose(const struct proxies *proxies, const char *url,
                   const struct proxy **out, struct error *err);

/* ---- no_proxy.c: which hosts are reached without a proxy ------------------------------- */

/* True if `list` contains the host, or the host is localhost or a loopback address. `list` is the
 * value of NO_PROXY, or NULL. `host` is a name, or an address without brackets; `port` is
 * digits. */
bool no_proxy_has(const char *list, const char *host, const char *port);

/* ---- sockets.c: a kept connection on which an answer arrived before its request ----------- */

/* Of a transport. Used by the I/O thread alone. */
struct sockets {
    net_socket *list;
    size_t count, room;
};

/* Curl's callbacks, with a struct sockets as `state`. */
curl_socket_t sockets_open(void *state, curlsocktype purpose,
                           struct curl_sockaddr *address);
int sockets_close(void *state, curl_socket_t one);
void sockets_clear(struct sockets *sockets);
/* `easy` is about to write a request to the connection between these addresses. True: it is a kept
 * one of HTTP/1, on which something has arrived before the request, so that the service closes it
 * or the answer would be that of another request. It is then shut down: nothing that is written to
 * it is sent, and curl opens a new one. Curl itself does this from 8.0 on.
 * Source: https://github.com/curl/curl/pull/10690 */
bool sockets_end_stale(const struct sockets *sockets, CURL *easy, const char *here,
                       int port_here, const char *there, int port_there);

/* ---- job.c: one exchange ---------------------------------------------------------------- */

struct curl_transport {
    struct http_transport base; /* first: callers have a pointer to it */
    char *user_agent;
    struct ca_bundle ca_bundle;
    struct proxies proxies;

    pthread_mutex_t lock; /* guards everything below, and the shared part of every job */
    bool is_started, is_ending;
    pthread_t thread;
    CURLM *multi;
    struct job *incoming;

    /* Used by the I/O thread alone. */
    unsigned round; /* how many times curl was called */
    struct sockets sockets;
};

/* One exchange. It is on its worker's stack. While the I/O thread works on it, the worker may only
 * use the shared part. */
struct job {
    struct curl_transport *transport;
    struct call *call;
    const struct http_request *request;
    CURL *easy;
    struct curl_slist *headers;
    const struct proxy *proxy; /* NULL: none */
    X509_STORE *store;         /* NULL: the request uses no TLS */

    /* Shared, guarded by the transport's lock. */
    struct job *next;
    pthread_cond_t done;
    bool is_done;
    bool is_given_up; /* set by the worker: the I/O thread has to drop the job */

    /* Used by the I/O thread until is_done, then by the worker. */
    CURLcode result;
    unsigned times_begun; /* how many times sending may have begun */
    /* How many steps before the request curl took in this round. */
    unsigned round, steps;
    bool has_all_headers;    /* the empty line after them was received */
    bool has_no_certain_end; /* the headers leave open where the body ends */
    struct tls_report report;
    char reason[CURL_ERROR_SIZE];
    size_t header_bytes, header_room;
    struct http_reply *reply;
    struct buf body;
};

/* Makes the easy handle, with everything that will be sent. Errors: ERR_INTERNAL, ERR_INVALID */
int job_prepare(struct job *job, struct error *err);
/* Changes a success of curl that is no whole answer into an error: the connection ended within the
 * headers, HTTP/2 without an error but before the last byte, or the status is 101, for a protocol
 * that the request did not ask for. */
void job_check(struct job *job);
/* The answer of a successful exchange, which the caller frees. */
struct http_reply *job_take_reply(struct job *job);
void job_clear(struct job *job);

/* ---- reply.c -------------------------------------------------------------------------------- */

/* Frees the headers. */
void reply_drop_headers(struct http_reply *reply);

/* ---- explain.c: what went wrong ----------------------------------------------------------- */

/* Sets the error of a failed exchange. Returns -1. `why`: how the call ended; ERR_NONE: it goes
 * on. */
int job_explain(struct job *job, const struct error *why, struct error *err);

#endif
