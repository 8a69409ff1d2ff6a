/* One exchange: sends the request, and collects the answer.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "http/internal.h"

/* Azure's front ends drop idle connections after 4 minutes. */
enum { KEPT_ALIVE_MAX_S = 110 };

/* An error page of a proxy has less. */
enum { CONNECT_BYTES_MAX = 128 * 1024 };

enum { LENGTH_DIGITS_MAX = 18 };

/* ---- what curl calls, on the I/O thread ----------------------------------------------- */

/* The connection is open, and curl is about to write the request: from now on the service may act.
 * Curl calls this again if a kept connection fails and curl would send the request a second time.
 * Only a request without effect may be sent twice by curl. */
static int record_sending(void *state, char *there, char *here, int port_there,
                          int port_here)
{
    struct job *job = state;
    if (sockets_end_stale(&job->transport->sockets, job->easy, here, port_here, there,
                          port_there))
        return CURL_PREREQFUNC_OK;
    const char *method = job->request->method;
    bool has_no_effect = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    if (job->times_begun++ != 0 && !has_no_effect)
        return CURL_PREREQFUNC_ABORT;
    return CURL_PREREQFUNC_OK;
}

/* Curl reads the answer to CONNECT byte by byte, as long as more of it is there, calls this after
 * each, and looks at no timeout and at no other transfer meanwhile.
 * Source: lib/http_proxy.c and lib/cf-h1-proxy.c, recv_CONNECT_resp() */
static int limit_connect(void *state, curl_off_t a, curl_off_t b, curl_off_t c,
                         curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    struct job *job = state;
    if (job->round != job->transport->round)
        job->steps = 0;
    job->round = job->transport->round;
    return job->times_begun == 0 && job->steps++ >= CONNECT_BYTES_MAX;
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

/* Whether it is certain where the answer ends. Curl uses the last of several lengths, the digits
 * before other text, and no length at all if the number is too large. Codings other than chunked
 * were not asked for. Source: RFC 9112, 6.3 and 7.4 */
static bool has_certain_end(const struct http_reply *reply, const char *name,
                            const char *value)
{
    if (text_equal_ignoring_case(name, "Transfer-Encoding"))
        return text_equal_ignoring_case(value, "chunked");
    if (!text_equal_ignoring_case(name, "Content-Length"))
        return true;
    const char *first = http_reply_header(reply, name);
    size_t digits = strspn(value, "0123456789");
    return digits != 0 && digits <= LENGTH_DIGITS_MAX && value[digits] == '\0' &&
           (first == NULL || strcmp(first, value) == 0);
}

static size_t take_header(char *line, size_t size, size_t count, void *state)
{
    struct job *job = state;
    struct http_reply *reply = job->reply;
    size_t length = size * count;
    job->header_bytes += length;
    if (job->header_bytes > HTTP_REPLY_HEADER_BYTES_MAX)
        return 0; /* not what curl passed, so the transfer ends */
    if (length > 5 && strncasecmp(line, "HTTP/", 5) == 0) { /* also after a 1xx */
        reply_drop_headers(reply);
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
    struct http_header header = { copy_part(line, (size_t)(colon - line)),
                                  copy_part(value, (size_t)(end - value)) };
    job->has_no_certain_end = !has_certain_end(reply, header.name, header.value);
    reply->headers[reply->header_count++] = header;
    return job->has_no_certain_end ? 0 : length;
}

static size_t take_body(char *data, size_t size, size_t count, void *state)
{
    struct job *job = state;
    size_t length = size * count;
    return buf_add(&job->body, data, length) == 0 ? length : 0;
}

static CURLcode prepare_handshake(CURL *easy, void *context, void *state)
{
    (void)easy;
    struct job *job = state;
    job->report = (struct tls_report){ .round = &job->transport->round };
    tls_prepare(context, job->store, &job->report);
    if (job->request->pin != NULL)
        tls_pin(context, job->request->pin);
    return CURLE_OK;
}

/* ---- what is sent, on the worker's thread ------------------------------------------------ */

/* A line without a value removes a header that curl would add. */
static void append(struct job *job, const char *line)
{
    job->headers = curl_slist_append(job->headers, line);
    if (job->headers == NULL)
        memory_exhausted(0);
}

static int add_header(struct job *job, const char *name, const char *value,
                      struct error *err)
{
    if (strpbrk(name, ":\r\n") != NULL || strpbrk(value, "\r\n") != NULL)
        return error_set(err, ERR_INTERNAL,
                         "the header %.40s has characters that are not allowed in a "
                         "request",
                         name);
    /* `Name;` is how curl writes a header without a value. */
    auto_char line =
        *value != '\0' ? memory_print("%s: %s", name, value) : memory_print("%s;", name);
    append(job, line);
    secret_wipe(line, strlen(line));
    return 0;
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
    append(job, "Expect:"); /* so curl does not wait for "100 Continue" */
    if (!has_type)
        append(job, "Content-Type:"); /* curl's own would be that of a form */
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
        /* The body is borrowed: the worker waits until the transfer is over. */
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

static int set_proxy(struct job *job, struct error *err)
{
    if (!job->request->is_direct &&
        proxies_choose(&job->transport->proxies, job->request->url, &job->proxy, err) < 0)
        return -1;
    const struct proxy *proxy = job->proxy;
    /* Both are always set, so that curl does not read the variables by its own rules. */
    curl_easy_setopt(job->easy, CURLOPT_PROXY, proxy != NULL ? proxy->address : "");
    curl_easy_setopt(job->easy, CURLOPT_NOPROXY, "");
    if (proxy == NULL)
        return 0;
    if (proxy->user != NULL)
        curl_easy_setopt(job->easy, CURLOPT_PROXYUSERNAME, proxy->user);
    if (proxy->password != NULL)
        curl_easy_setopt(job->easy, CURLOPT_PROXYPASSWORD,
                         secret_reveal(proxy->password));
    curl_easy_setopt(job->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(job->easy, CURLOPT_XFERINFOFUNCTION, limit_connect);
    curl_easy_setopt(job->easy, CURLOPT_XFERINFODATA, job);
    curl_easy_setopt(job->easy, CURLOPT_NOPROGRESS, 0L);
    return 0;
}

static bool is_https(const char *url)
{
    return text_starts_ignoring_case(url, "https:");
}

static void set_tls(struct job *job)
{
    /* Reads the authorities here: in the callback, it would hold up the I/O thread. */
    if (is_https(job->request->url) ||
        (job->proxy != NULL && is_https(job->proxy->address)))
        job->store = ca_bundle_store(&job->transport->ca_bundle);
    /* Curl reads no authorities itself, whatever paths it was built with. */
    curl_easy_setopt(job->easy, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(job->easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(job->easy, CURLOPT_PROXY_CAINFO, NULL);
    curl_easy_setopt(job->easy, CURLOPT_PROXY_CAPATH, NULL);
    curl_easy_setopt(job->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(job->easy, CURLOPT_SSL_CTX_FUNCTION, prepare_handshake);
    curl_easy_setopt(job->easy, CURLOPT_SSL_CTX_DATA, job);
    if (job->request->pin == NULL)
        return;
    /* The pin is checked in a handshake, so this request needs a full one of its own: no kept
     * connection and no resumed session. A self-signed certificate may have any name. */
    curl_easy_setopt(job->easy, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(job->easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(job->easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(job->easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(job->easy, CURLOPT_FORBID_REUSE, 1L);
}

int job_prepare(struct job *job, struct error *err)
{
    const struct http_request *request = job->request;
    job->easy = curl_easy_init();
    if (job->easy == NULL)
        return error_set(err, ERR_INTERNAL, "cannot initialize libcurl");
    CURL *easy = job->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, job);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, job->reason);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* A lookup that was given up goes on by itself: no call waits for its thread. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    /* No URL here has a user name; a text that looks like one may hide the actual host. */
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
    struct sockets *sockets = &job->transport->sockets;
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, sockets_open);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, sockets);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, sockets_close);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, sockets);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, record_sending);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, job);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, job);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, job);
    set_method(job);
    if (set_proxy(job, err) < 0)
        return -1;
    set_tls(job);
    return set_headers(job, err);
}

void job_clear(struct job *job)
{
    curl_easy_cleanup(job->easy);
    for (struct curl_slist *node = job->headers; node != NULL; node = node->next)
        secret_wipe(node->data, strlen(node->data)); /* one of them is the token */
    curl_slist_free_all(job->headers);
    buf_clear(&job->body);
    http_reply_free(job->reply);
    pthread_cond_destroy(&job->done);
}

/* The length that the answer announces, in digits, is that of its body. */
static bool has_whole_body(const struct job *job, long status)
{
    const char *length = http_reply_header(job->reply, "Content-Length");
    return length == NULL || status == 204 || status == 304 ||
           strcmp(job->request->method, "HEAD") == 0 ||
           http_reply_header(job->reply, "Transfer-Encoding") != NULL ||
           strtoull(length, NULL, 10) == job->body.length;
}

void job_check(struct job *job)
{
    long status = 0;
    curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
    if (job->result == CURLE_OK &&
        (!job->has_all_headers || !has_whole_body(job, status)))
        job->result = CURLE_PARTIAL_FILE;
    else if (job->result == CURLE_OK && status < 200)
        job->result = CURLE_WEIRD_SERVER_REPLY;
}

struct http_reply *job_take_reply(struct job *job)
{
    long status = 0;
    curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
    buf_add(&job->body, "", 0); /* so that an empty one has its NUL as well */
    job->reply->status = (int)status;
    job->reply->body = BYTES(job->body.data, job->body.length);
    job->body.data = NULL;
    return take(job->reply);
}
