/* The real transport. Workers make an easy handle, hand it to the I/O thread and wait; the
 * thread alone touches the multi handle. What an answer means is left to others.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/curl.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/thread.h"
#include "http/internal.h"
#include "http/url.h"

enum {
    HOST_CONNECTIONS_MAX = 16, /* Terraform works on ten objects at once by default */
    LOOK_MS = 100,             /* how late a worker may notice that its call is over */
    IDLE_POLL_MS = 1000,       /* how late news is seen whose wakeup the system lost */
    KEPT_ALIVE_MAX_S = 110, /* Azure's front ends drop idle connections after 4 minutes */
};

struct curl_transport {
    struct http_transport base; /* first: this is what callers hold */
    char *user_agent;
    struct trust trust;
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
    struct trust_report report;
    char reason[CURL_ERROR_SIZE];
    size_t header_bytes, header_room, body_room, body_bytes_max;
    struct http_reply *reply;
    uint8_t *body;
    size_t body_bytes;
};

/* ---- what curl calls, on the I/O thread ----------------------------------------------- */

/* Never one that blocks: curl makes it so afterwards and does not look whether it worked, and
 * a thread that blocks here keeps every worker beyond its time. */
static curl_socket_t open_socket(void *state, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
    (void)state, (void)purpose;
    return socket(address->family, address->socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                  address->protocol);
}

/* The connection stands, and the request is about to be written to it. From here on the
 * service may act. curl comes here a second time when a kept connection died under the
 * request and it would send it once more by itself; whether that may be is not curl's to
 * say, unless the request has no effect. */
static int note_beginning(void *state, char *there, char *here, int port_there,
                          int port_here)
{
    (void)there, (void)here, (void)port_there, (void)port_here;
    struct job *job = state;
    const char *method = job->request->method;
    bool has_no_effect = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    if (job->times_begun++ != 0 && !has_no_effect)
        return CURL_PREREQFUNC_ABORT;
    return CURL_PREREQFUNC_OK;
}

static size_t too_big(struct job *job, const char *what)
{
    job->is_too_big = true;
    job->too_big = what;
    return 0; /* is not what curl offered: the transfer ends */
}

static void drop_headers(struct http_reply *reply)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        free((char *)reply->headers[i].name);
        free((char *)reply->headers[i].value);
    }
    reply->header_count = 0;
}

static char *copy_part(const char *text, size_t length)
{
    char *copy = memory_new(length + 1);
    memcpy(copy, text, length);
    for (size_t i = 0; i < length; i++) {
        if (copy[i] == '\0')
            copy[i] = ' ';
    }
    return copy;
}

static bool is_blank(char one)
{
    return one == ' ' || one == '\t' || one == '\r' || one == '\n';
}

static size_t take_header(char *line, size_t size, size_t count, void *state)
{
    struct job *job = state;
    struct http_reply *reply = job->reply;
    size_t length = size * count;
    job->header_bytes += length;
    if (job->header_bytes > HTTP_REPLY_HEADER_BYTES_MAX)
        return too_big(job, "headers");
    if (length > 5 && strncasecmp(line, "HTTP/", 5) == 0) { /* also after a 1xx */
        drop_headers(reply);
        job->has_all_headers = false;
        return length;
    }
    job->has_all_headers |= line[0] == '\r' || line[0] == '\n';
    const char *colon = memchr(line, ':', length);
    if (colon == NULL)
        return length;
    const char *value = colon + 1, *end = line + length;
    while (value < end && is_blank(*value))
        value++;
    while (end > value && is_blank(end[-1]))
        end--;
    if (reply->header_count == job->header_room) {
        job->header_room = job->header_room == 0 ? 32 : job->header_room * 2;
        reply->headers =
            memory_resize(reply->headers, job->header_room, sizeof *reply->headers);
    }
    reply->headers[reply->header_count++] =
        (struct http_header){ .name = copy_part(line, (size_t)(colon - line)),
                              .value = copy_part(value, (size_t)(end - value)) };
    return length;
}

static size_t take_body(char *data, size_t size, size_t count, void *state)
{
    struct job *job = state;
    size_t length = size * count;
    if (length > job->body_bytes_max - job->body_bytes)
        return too_big(job, "body");
    if (job->body_bytes + length + 1 > job->body_room) {
        size_t room = job->body_room == 0 ? 8 * 1024 : job->body_room;
        while (room < job->body_bytes + length + 1)
            room *= 2;
        /* Not realloc: what it leaves behind may be a token. */
        uint8_t *grown = memory_new(room);
        if (job->body_bytes != 0)
            memcpy(grown, job->body, job->body_bytes);
        if (job->request->is_body_secret)
            secret_wipe(job->body, job->body_bytes);
        free(job->body);
        job->body = grown;
        job->body_room = room;
    }
    memcpy(job->body + job->body_bytes, data, length);
    job->body_bytes += length;
    job->body[job->body_bytes] = '\0';
    return length;
}

static CURLcode watch_handshake(CURL *easy, void *context, void *state)
{
    (void)easy;
    struct job *job = state;
    job->report = (struct trust_report){ 0 };
    trust_watch(context, &job->report);
    return CURLE_OK;
}

/* ---- the I/O thread ---------------------------------------------------------------------- */

/* Under the lock. */
static void finish(struct curl_transport *transport, struct job **active, struct job *job,
                   CURLcode result)
{
    curl_multi_remove_handle(transport->multi, job->easy);
    struct job **place = active;
    while (*place != job)
        place = &(*place)->next;
    *place = job->next;
    job->result = result;
    job->is_done = true;
    pthread_cond_signal(&job->done);
}

/* Under the lock: what came in is begun, what was given up is taken out. */
static void look_around(struct curl_transport *transport, struct job **active)
{
    while (transport->incoming != NULL) {
        struct job *job = transport->incoming;
        transport->incoming = job->next;
        job->next = *active;
        *active = job;
        if (curl_multi_add_handle(transport->multi, job->easy) != CURLM_OK)
            finish(transport, active, job, CURLE_FAILED_INIT);
    }
    for (struct job *job = *active, *next; job != NULL; job = next) {
        next = job->next;
        if (job->is_given_up || transport->is_ending)
            finish(transport, active, job, CURLE_ABORTED_BY_CALLBACK);
    }
}

static void collect(struct curl_transport *transport, struct job **active)
{
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(transport->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE)
            continue;
        char *state = NULL;
        CURLcode result = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &state);
        finish(transport, active, (struct job *)(void *)state, result);
    }
}

static void *run(void *state)
{
    struct curl_transport *transport = state;
    struct job *active = NULL;
    pthread_mutex_lock(&transport->lock);
    for (;;) {
        look_around(transport, &active);
        if (transport->is_ending)
            break;
        pthread_mutex_unlock(&transport->lock);
        int running;
        curl_multi_perform(transport->multi, &running);
        pthread_mutex_lock(&transport->lock);
        collect(transport, &active);
        if (transport->incoming != NULL)
            continue;
        pthread_mutex_unlock(&transport->lock);
        curl_multi_poll(transport->multi, NULL, 0, IDLE_POLL_MS, NULL);
        pthread_mutex_lock(&transport->lock);
    }
    pthread_mutex_unlock(&transport->lock);
    return NULL;
}

/* Under the lock. */
static int start(struct curl_transport *transport, struct error *err)
{
    if (transport->is_started)
        return 0;
    if (transport->multi == NULL) {
        transport->multi = curl_multi_init();
        if (transport->multi == NULL)
            return error_set(err, ERR_INTERNAL, "libcurl cannot be set up");
        curl_multi_setopt(transport->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                          (long)HOST_CONNECTIONS_MAX);
        curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS,
                          (long)HOST_CONNECTIONS_MAX * 4);
    }
    int result = thread_start(&transport->thread, run, transport);
    if (result != 0)
        return error_set(err, ERR_INTERNAL, "no thread can be started: %s",
                         strerrordesc_np(result));
    transport->is_started = true;
    return 0;
}

/* ---- the worker's side ------------------------------------------------------------------- */

static int add_header(struct job *job, const char *name, const char *value,
                      struct error *err)
{
    if (strpbrk(name, ":\r\n") != NULL || strpbrk(value, "\r\n") != NULL)
        return error_set(err, ERR_INTERNAL, "the header %.40s would break the request",
                         name);
    /* `Name;` is how curl is told of a header without a value. */
    auto_char line =
        *value != '\0' ? memory_print("%s: %s", name, value) : memory_print("%s;", name);
    struct curl_slist *grown = curl_slist_append(job->headers, line);
    secret_wipe(line, strlen(line));
    if (grown == NULL)
        memory_exhausted(0);
    job->headers = grown;
    return 0;
}

/* A line without a value takes away what curl would add by itself. */
static void drop_header(struct job *job, const char *line)
{
    struct curl_slist *grown = curl_slist_append(job->headers, line);
    if (grown == NULL)
        memory_exhausted(0);
    job->headers = grown;
}

static int set_headers(struct job *job, struct error *err)
{
    const struct http_request *request = job->request;
    bool has_type = false;
    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_header *header = &request->headers[i];
        has_type |= text_equal_ignoring_case(header->name, "Content-Type");
        if (add_header(job, header->name, header->value, err) < 0)
            return -1;
    }
    if (request->bearer != NULL) {
        auto_char value = memory_print("Bearer %s", secret_reveal(request->bearer));
        int result = add_header(job, "Authorization", value, err);
        secret_wipe(value, strlen(value));
        if (result < 0)
            return -1;
    }
    drop_header(job, "Expect:"); /* no waiting for "100 Continue" */
    if (!has_type)
        drop_header(job, "Content-Type:"); /* curl's own would be a form's */
    curl_easy_setopt(job->easy, CURLOPT_HTTPHEADER, job->headers);
    return 0;
}

static void set_method(struct job *job)
{
    const struct http_request *request = job->request;
    const char *method = request->method;
    bool sends_length = strcmp(method, "PUT") == 0 || strcmp(method, "POST") == 0 ||
                        strcmp(method, "PATCH") == 0;
    if (request->has_body || sends_length) {
        /* Borrowed: the worker waits until the transfer is over. */
        bool is_empty = !request->has_body || request->body.length == 0;
        curl_easy_setopt(job->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         is_empty ? (curl_off_t)0 : (curl_off_t)request->body.length);
        curl_easy_setopt(job->easy, CURLOPT_POSTFIELDS,
                         is_empty ? "" : (const char *)request->body.data);
    }
    if (strcmp(method, "HEAD") == 0)
        curl_easy_setopt(job->easy, CURLOPT_NOBODY, 1L);
    else if (strcmp(method, "GET") != 0 || request->has_body)
        curl_easy_setopt(job->easy, CURLOPT_CUSTOMREQUEST, method);
}

static void set_proxy(struct job *job)
{
    if (job->request->is_direct) {
        curl_easy_setopt(job->easy, CURLOPT_PROXY, "");
        return;
    }
    const struct proxies *proxies = &job->transport->proxies;
    const struct proxy *proxy = proxies_for(proxies, job->request->url);
    /* Always set, "" for none: curl is not to look at the variables itself. */
    curl_easy_setopt(job->easy, CURLOPT_PROXY,
                     proxy->address != NULL ? proxy->address : "");
    curl_easy_setopt(job->easy, CURLOPT_NOPROXY, proxies->exceptions);
    if (proxy->user != NULL)
        curl_easy_setopt(job->easy, CURLOPT_PROXYUSERNAME, proxy->user);
    if (proxy->password != NULL)
        curl_easy_setopt(job->easy, CURLOPT_PROXYPASSWORD,
                         secret_reveal(proxy->password));
    curl_easy_setopt(job->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

static void set_trust(struct job *job)
{
    /* Without a folder, curl keeps the parsed store with the multi handle; with one, it
     * would parse the file again for every connection. */
    const struct trust *trust = &job->transport->trust;
    curl_easy_setopt(job->easy, CURLOPT_CAINFO, trust->file);
    curl_easy_setopt(job->easy, CURLOPT_CAPATH, trust->folder);
    curl_easy_setopt(job->easy, CURLOPT_PROXY_CAINFO, trust->file);
    curl_easy_setopt(job->easy, CURLOPT_PROXY_CAPATH, trust->folder);
    curl_easy_setopt(job->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(job->easy, CURLOPT_SSL_CTX_FUNCTION, watch_handshake);
    curl_easy_setopt(job->easy, CURLOPT_SSL_CTX_DATA, job);
}

static int prepare(struct job *job, struct error *err)
{
    const struct http_request *request = job->request;
    job->easy = curl_easy_init();
    if (job->easy == NULL)
        return error_set(err, ERR_INTERNAL, "libcurl cannot be set up");
    CURL *easy = job->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, job);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, job->reason);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* A look-up that is given up is left to itself: nobody waits for its thread. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    /* Nothing here names a user; what looks like one may hide the true host. */
    curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)KEPT_ALIVE_MAX_S);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_TIMEOUT_MS);
    int64_t timeout_ms =
        request->timeout_ms > 0 ? request->timeout_ms : HTTP_EXCHANGE_TIMEOUT_MS;
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    if (job->transport->user_agent != NULL)
        curl_easy_setopt(easy, CURLOPT_USERAGENT, job->transport->user_agent);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, note_beginning);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, job);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, job);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, job);
    set_method(job);
    set_proxy(job);
    set_trust(job);
    return set_headers(job, err);
}

static void job_clear(struct job *job)
{
    curl_easy_cleanup(job->easy);
    for (struct curl_slist *node = job->headers; node != NULL; node = node->next)
        secret_wipe(node->data, strlen(node->data)); /* one of them is the token */
    curl_slist_free_all(job->headers);
    if (job->body != NULL && job->request->is_body_secret)
        secret_wipe(job->body, job->body_bytes);
    free(job->body);
    http_reply_free(job->reply);
    pthread_cond_destroy(&job->done);
}

/* Waits for the job, and tells the I/O thread to drop it once the call is over. Returns
 * when the job is the worker's again. `why` says how the call ended, if it did. */
static void wait_for(struct job *job, struct error *why)
{
    struct curl_transport *transport = job->transport;
    while (!job->is_done) {
        int64_t left_ms = call_left_ms(job->call);
        if (!job->is_given_up && (left_ms == 0 || call_is_over(job->call))) {
            call_check(job->call, why);
            job->is_given_up = true;
            curl_multi_wakeup(transport->multi);
        }
        int64_t wait_ms = left_ms > 0 && left_ms < LOOK_MS ? left_ms : LOOK_MS;
        struct timespec at;
        clock_gettime(CLOCK_MONOTONIC, &at);
        at.tv_nsec += wait_ms * 1000000;
        at.tv_sec += at.tv_nsec / 1000000000;
        at.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&job->done, &transport->lock, &at);
    }
}

/* ---- what went wrong ----------------------------------------------------------------------- */

static const char *system_reason(struct job *job)
{
    long number = 0;
    curl_easy_getinfo(job->easy, CURLINFO_OS_ERRNO, &number);
    const char *text = number > 0 ? strerrordesc_np((int)number) : NULL;
    if (text != NULL && job->result == CURLE_COULDNT_CONNECT)
        return text;
    text = job->reason[0] != '\0' ? job->reason : curl_easy_strerror(job->result);
    return text_clean(job->call->arena, text, strlen(text), 400);
}

/* ` (HTTPS_PROXY names the proxy …)`, if there is one for this kind of address. curl does
 * not tell whether NO_PROXY took it away. */
static const char *by_proxy(struct job *job)
{
    const struct proxy *proxy = proxies_for(&job->transport->proxies, job->request->url);
    if (proxy->address == NULL || job->request->is_direct)
        return "";
    char host[HTTP_HOST_BYTES];
    http_host(proxy->address, host);
    return arena_print(job->call->arena, " (%s names the proxy %s)", proxy->named_by,
                       host);
}

/* A handshake that the network ended says nothing about trust. Source: lib/vtls/openssl.c
 * writes the first after SSL_ERROR_SYSCALL, and only then; newer ones the second, with the
 * number of OpenSSL's "unexpected eof while reading"; lib/cf-socket.c the others. The first
 * text that curl writes is the one that stays. */
static bool is_cut(const struct job *job)
{
    static const char *const starts[] = { "OpenSSL SSL_connect:",
                                          "TLS connect error: error:0A000126:",
                                          "Send failure:", "Recv failure:" };
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (text_starts_ignoring_case(job->reason, starts[i]))
            return true;
    }
    return false;
}

static bool is_about_tls(struct job *job)
{
    switch (job->result) {
    case CURLE_SSL_CONNECT_ERROR:
        return job->report.code != X509_V_OK || !is_cut(job);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_SHUTDOWN_FAILED:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_USE_SSL_FAILED:
        return true;
    default:
        return false;
    }
}

/* A yes never comes here. What the proxy will say again is not asked again; that it cannot
 * reach the service may pass. */
static int explain_connect(struct job *job, const char *host, int status,
                           struct error *err)
{
    const struct proxy *proxy = proxies_for(&job->transport->proxies, job->request->url);
    /* Some say 401 of a password that is wrong, and 407 only of one that is missing. */
    if (status == 407 || status == 401)
        return error_set(
            err, ERR_INVALID,
            "no connection to %s%s: the proxy %s (status %d). Give it %s", host,
            by_proxy(job),
            proxy->user != NULL ? "does not accept the user and the password it got"
                                : "wants a user and a password",
            status,
            proxy->is_argument
                ? "username and password in the provider argument proxy"
                : "as part of the address, http://user:password@host:port, or in the "
                  "provider argument proxy");
    bool may_pass = status >= 500 || status == 408 || status == 429;
    if (status >= 300)
        return error_set(err, may_pass ? ERR_UNREACHABLE : ERR_INVALID,
                         "no connection to %s%s: the proxy answered with status %d%s",
                         host, by_proxy(job), status,
                         may_pass
                             ? ""
                             : ". It has to allow the host; or, if the host is to be "
                               "reached directly, name it in the NO_PROXY variable");
    return error_set(err, ERR_UNREACHABLE, "no connection to %s%s: %s", host,
                     by_proxy(job), system_reason(job));
}

/* Of the peer. Newer ones forget it when the handshake fails, and tell this in its place. */
static long peer_port(struct job *job, const struct proxy *proxy)
{
    long port = 0;
    curl_easy_getinfo(job->easy, CURLINFO_PRIMARY_PORT, &port);
#if LIBCURL_VERSION_NUM >= 0x080700
    long has_proxy = 0;
    curl_easy_getinfo(job->easy, CURLINFO_USED_PROXY, &has_proxy);
    if (port <= 0)
        port =
            proxy_url_port(has_proxy != 0 && proxy->address != NULL ? proxy->address
                                                                    : job->request->url);
#else
    (void)proxy;
#endif
    return port;
}

static int explain_tls(struct job *job, const char *host, struct error *err)
{
    const struct proxy *proxy = proxies_for(&job->transport->proxies, job->request->url);
    const struct trust *trust = &job->transport->trust;
    const struct trust_report *report = &job->report;
    long status = 0;
    curl_easy_getinfo(job->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    if (status != 0 || job->request->is_direct ||
        !proxy_is_peer(proxy, job->request->url, peer_port(job, proxy),
                       report->server_name))
        return trust_explain(trust, report, host,
                             "the endpoint of the provider, and whether a proxy answers "
                             "in its place",
                             system_reason(job), err);
    char proxy_host[HTTP_HOST_BYTES];
    http_host(proxy->address, proxy_host);
    const char *peer = arena_print(job->call->arena, "the proxy %s, named by %s,",
                                   proxy_host, proxy->named_by);
    return trust_explain(trust, report, peer, "the address of the proxy",
                         system_reason(job), err);
}

/* Nothing can have reached the service. */
static int explain_unsent(struct job *job, const char *host, struct error *err)
{
    const struct proxy *proxy = proxies_for(&job->transport->proxies, job->request->url);
    char proxy_host[HTTP_HOST_BYTES];
    switch (job->result) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return error_set(err, ERR_NAME, "the name %s does not resolve", host);
    case CURLE_COULDNT_RESOLVE_PROXY:
        http_host(proxy->address != NULL ? proxy->address : "", proxy_host);
        return error_set(err, ERR_NAME,
                         "the name of the proxy %s does not resolve; it is set by %s",
                         proxy_host, proxy->named_by != NULL ? proxy->named_by : "");
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return error_set(err, ERR_INVALID, "\"%s\" is not a web address",
                         text_clean(job->call->arena, job->request->url,
                                    strlen(job->request->url), 400));
    case CURLE_LOGIN_DENIED: /* may hold a password: only the host is shown */
        return error_set(err, ERR_INVALID, "the address of %s names a user", host);
    case CURLE_FAILED_INIT:
        return error_set(err, ERR_INTERNAL, "libcurl cannot be set up");
    default:
        break;
    }
    if (is_about_tls(job))
        return explain_tls(job, host, err);
    long status = 0;
    curl_easy_getinfo(job->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return explain_connect(job, host, (int)status, err);
}

/* Whatever curl says, even that a name does not resolve: it may be about a second attempt
 * of its own, after a first one that was sent. */
static int explain_sent(struct job *job, const char *host, struct error *err)
{
    switch (job->result) {
    case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9, or what is taken for it */
    case CURLE_WEIRD_SERVER_REPLY:
        return error_set(err, ERR_SHAPE, "the answer of %s is not HTTP: %s", host,
                         system_reason(job));
    case CURLE_OUT_OF_MEMORY: /* so it calls a line over a ceiling of its own: lib/dynbuf.c */
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
#endif
        return error_set(err, ERR_TOO_BIG,
                         "the answer of %s is too big: a line of its headers is too long",
                         host);
    case CURLE_ABORTED_BY_CALLBACK:
        return error_set(err, ERR_LOST,
                         "the connection to %s was closed before it answered", host);
    default:
        return error_set(err, ERR_LOST, "no answer, or only part of it, from %s%s: %s",
                         host, by_proxy(job), system_reason(job));
    }
}

static int explain(struct job *job, const struct error *why, struct error *err)
{
    char host[HTTP_HOST_BYTES];
    http_host(job->request->url, host);
    if (job->is_too_big) {
        bool is_body = strcmp(job->too_big, "body") == 0;
        return error_set(
            err, ERR_TOO_BIG, "the answer of %s is too big: its %s %s over %zu bytes",
            host, job->too_big, is_body ? "is" : "are",
            is_body ? job->body_bytes_max : (size_t)HTTP_REPLY_HEADER_BYTES_MAX);
    }
    if (why->kind != ERR_NONE) {
        if (job->times_begun == 0)
            return error_set(err, why->kind, "%s before the request to %s was sent",
                             why->text, host);
        return error_set(err, ERR_LOST, "%s while waiting for the answer of %s",
                         why->text, host);
    }
    return job->times_begun == 0 ? explain_unsent(job, host, err)
                                 : explain_sent(job, host, err);
}

static struct http_reply *take_reply(struct job *job)
{
    long status = 0;
    curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
    if (job->body == NULL)
        job->body = memory_new(1);
    job->reply->status = (int)status;
    job->reply->body = BYTES(job->body, job->body_bytes);
    job->body = NULL;
    return take(job->reply);
}

static int curl_send(struct http_transport *base, struct call *call,
                     const struct http_request *request, struct http_reply **out,
                     struct error *err)
{
    struct curl_transport *transport = (struct curl_transport *)base;
    if (call_check(call, err) < 0)
        return -1;
    struct job job = { .transport = transport, .call = call, .request = request };
    job.reply = memory_new(sizeof *job.reply);
    job.body_bytes_max = request->reply_bytes_max != 0 ? request->reply_bytes_max
                                                       : (size_t)HTTP_REPLY_BYTES_MAX;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&job.done, &attributes);
    pthread_condattr_destroy(&attributes);

    struct error why = NO_ERROR;
    int result = prepare(&job, err);
    if (result == 0) {
        pthread_mutex_lock(&transport->lock);
        result = start(transport, err);
        if (result == 0) {
            job.next = transport->incoming;
            transport->incoming = &job;
            curl_multi_wakeup(transport->multi);
            wait_for(&job, &why);
        }
        pthread_mutex_unlock(&transport->lock);
    }
    /* curl takes an end within the headers for the end of an answer without a body. */
    if (job.result == CURLE_OK && !job.has_all_headers)
        job.result = CURLE_PARTIAL_FILE;
    if (result == 0 && job.result == CURLE_OK)
        *out = take_reply(&job);
    else if (result == 0)
        result = explain(&job, &why, err);
    job_clear(&job);
    return result;
}

/* ---- life ------------------------------------------------------------------------------------ */

static void curl_free_transport(struct http_transport *base)
{
    struct curl_transport *transport = (struct curl_transport *)base;
    pthread_mutex_lock(&transport->lock);
    transport->is_ending = true;
    bool is_started = transport->is_started;
    if (is_started)
        curl_multi_wakeup(transport->multi);
    pthread_mutex_unlock(&transport->lock);
    if (is_started)
        pthread_join(transport->thread, NULL);
    curl_multi_cleanup(transport->multi);
    pthread_mutex_destroy(&transport->lock);
    proxies_clear(&transport->proxies);
    trust_clear(&transport->trust);
    free(transport->user_agent);
    free(transport);
}

static CURLcode global_result;

static void set_up_curl(void)
{
    global_result = curl_global_init(CURL_GLOBAL_DEFAULT);
}

int http_curl_new(const struct http_curl_options *options, struct http_transport **out,
                  struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up_curl);
    if (global_result != CURLE_OK)
        return error_set(err, ERR_INTERNAL, "libcurl cannot be set up: %s",
                         curl_easy_strerror(global_result));
    struct curl_transport *transport = memory_new(sizeof *transport);
    if (trust_find(&transport->trust, options->ca_bundle, err) < 0 ||
        proxies_find(&transport->proxies, &options->proxy, err) < 0) {
        trust_clear(&transport->trust);
        free(transport);
        return -1;
    }
    transport->base =
        (struct http_transport){ .send = curl_send, .free = curl_free_transport };
    transport->user_agent =
        options->user_agent != NULL ? memory_copy_text(options->user_agent) : NULL;
    pthread_mutex_init(&transport->lock, NULL);
    *out = &transport->base;
    return 0;
}
