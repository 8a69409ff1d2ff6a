/* The errors of an exchange, for people.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "http/internal.h"
#include "http/retry.h"
#include "http/url.h"

static const char *system_reason(struct job *job)
{
    long number = 0;
    curl_easy_getinfo(job->easy, CURLINFO_OS_ERRNO, &number);
    const char *text = number > 0 ? strerrordesc_np((int)number) : NULL;
    if (job->result == CURLE_ABORTED_BY_CALLBACK) /* limit_connect() */
        return "the response of the proxy does not end";
    if (text != NULL && job->result == CURLE_COULDNT_CONNECT)
        return text;
    text = job->reason[0] != '\0' ? job->reason : curl_easy_strerror(job->result);
    return text_clean_line(job->call->arena, text, strlen(text), 400);
}

/* ` (HTTPS_PROXY names the proxy …)`; "" without a proxy. */
static const char *by_proxy(struct job *job)
{
    if (job->proxy == NULL)
        return "";
    char host[HTTP_HOST_BYTES];
    http_host(job->proxy->address, host);
    return arena_print(job->call->arena, " (%s names the proxy %s)", job->proxy->named_by,
                       host);
}

/* The network ended the handshake, which says nothing about trust. Recognized by the beginning of
 * curl's error text. Source, for each text: lib/vtls/openssl.c writes the first after
 * SSL_ERROR_SYSCALL, and only then; newer versions write the second, with OpenSSL's number of
 * "unexpected eof while reading"; lib/cf-socket.c writes the next two; lib/connect.c the last two,
 * if the connection was reset before curl read its addresses. Curl keeps the first text that it
 * writes. */
static bool is_cut(const struct job *job)
{
    static const char *const starts[] = {
        "OpenSSL SSL_connect:", "TLS connect error: error:0A000126:",
        "Send failure:",        "Recv failure:",
        "getpeername() failed", "getsockname() failed"
    };
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

/* `status`: of the proxy's answer to CONNECT, never a success; 0: none. A status that the proxy
 * would repeat is ERR_INVALID, which is not retried. That the proxy cannot reach the service may be
 * temporary. */
static int explain_connect(struct job *job, const char *host, int status,
                           struct error *err)
{
    const struct proxy *proxy = job->proxy;
    /* Some proxies answer 401 to a wrong password, and 407 only to a missing one. */
    if (proxy != NULL && (status == 407 || status == 401))
        return error_set(
            err, ERR_INVALID,
            "cannot connect to %s%s: the proxy %s (status %d).\n\nWhat to do: "
            "Set %s",
            host, by_proxy(job),
            proxy->user != NULL ? "rejected the user name and password"
                                : "requires a user name and password",
            status,
            proxy->is_argument
                ? "username and password in the provider argument proxy to the "
                  "right values"
                : "the user name and password in the proxy address, "
                  "http://user:password@host:port, or in the provider argument "
                  "proxy");
    bool may_pass = http_may_pass(status);
    if (status >= 300)
        return error_set(
            err, may_pass ? ERR_UNREACHABLE : ERR_INVALID,
            "cannot connect to %s%s: the proxy returned status %d%s", host, by_proxy(job),
            status,
            may_pass ? ""
                     : ".\n\nWhat to do: Allow the host on the proxy. To connect to the "
                       "host without the proxy, add it to the NO_PROXY variable");
    return error_set(err, ERR_UNREACHABLE, "cannot connect to %s%s: %s", host,
                     by_proxy(job), system_reason(job));
}

static int explain_tls(struct job *job, const char *host, struct error *err)
{
    const struct ca_bundle *bundle = &job->transport->ca_bundle;
    const struct tls_report *report = &job->report;
    const struct proxy *proxy = job->proxy;
    long status = 0;
    curl_easy_getinfo(job->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    /* Before the proxy has answered the CONNECT, the peer can only be the proxy. */
    if (proxy == NULL || status != 0 ||
        !text_starts_ignoring_case(proxy->address, "https:"))
        return tls_explain(
            bundle, report, host,
            "the endpoint in the provider block, and whether a proxy responds "
            "instead",
            system_reason(job), err);
    char proxy_host[HTTP_HOST_BYTES];
    http_host(proxy->address, proxy_host);
    const char *peer = arena_print(job->call->arena, "the proxy %s (set by %s)",
                                   proxy_host, proxy->named_by);
    return tls_explain(bundle, report, peer, "the address of the proxy",
                       system_reason(job), err);
}

/* The name may be correct. Source: lib/asyn-thread.c, Curl_resolver_getaddrinfo(). */
static bool is_out_of_threads(const struct job *job)
{
    return text_starts_ignoring_case(job->reason, "getaddrinfo() thread failed");
}

/* Nothing was sent to the service. */
static int explain_unsent(struct job *job, const char *host, struct error *err)
{
    const struct proxy *proxy = job->proxy;
    char proxy_host[HTTP_HOST_BYTES];
    if (is_out_of_threads(job))
        return explain_connect(job, host, 0, err);
    switch (job->result) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return error_set(err, ERR_NAME, "the name %s does not resolve", host);
    case CURLE_COULDNT_RESOLVE_PROXY:
        http_host(proxy != NULL ? proxy->address : "", proxy_host);
        return error_set(err, ERR_NAME,
                         "the name of the proxy %s does not resolve. The proxy is set by "
                         "%s",
                         proxy_host, proxy != NULL ? proxy->named_by : "");
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return error_set(err, ERR_INVALID, "\"%s\" is not a valid URL",
                         text_clean_line(job->call->arena, job->request->url,
                                         strlen(job->request->url), 400));
    case CURLE_LOGIN_DENIED: /* it may contain a password: only the host is shown */
        return error_set(err, ERR_INVALID, "the address of %s contains a user name",
                         host);
    case CURLE_FAILED_INIT:
        return error_set(err, ERR_INTERNAL, "cannot initialize libcurl");
    default:
        break;
    }
    if (is_about_tls(job))
        return explain_tls(job, host, err);
    long status = 0;
    curl_easy_getinfo(job->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return explain_connect(job, host, (int)status, err);
}

/* The request was sent. Whatever curl says, even that a name does not resolve, it may say about a
 * second attempt of its own. */
static int explain_sent(struct job *job, const char *host, struct error *err)
{
    switch (job->result) {
    case CURLE_UNSUPPORTED_PROTOCOL: /* HTTP/0.9, or an answer that looks like it */
    case CURLE_WEIRD_SERVER_REPLY:
        return error_set(err, ERR_SHAPE, "the response of %s is not HTTP: %s", host,
                         system_reason(job));
    case CURLE_OUT_OF_MEMORY: /* curl's code for a line above its own limit: lib/dynbuf.c */
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
#endif
        return error_set(
            err, ERR_TOO_BIG,
            "the headers of the response of %s are too large: a line is too long", host);
    case CURLE_ABORTED_BY_CALLBACK:
        return error_set(err, ERR_LOST, "%s closed the connection without a response",
                         host);
    default:
        return error_set(err, ERR_LOST,
                         "no response, or an incomplete one, from %s%s: %s", host,
                         by_proxy(job), system_reason(job));
    }
}

int job_explain(struct job *job, const struct error *why, struct error *err)
{
    char host[HTTP_HOST_BYTES];
    http_host(job->request->url, host);
    if (job->body.is_over)
        return error_set(err, ERR_TOO_BIG,
                         "the response of %s is too large: its body is over %zu bytes",
                         host, job->body.ceiling);
    if (job->header_bytes > HTTP_REPLY_HEADER_BYTES_MAX)
        return error_set(err, ERR_TOO_BIG,
                         "the response of %s is too large: its headers are over %d bytes",
                         host, HTTP_REPLY_HEADER_BYTES_MAX);
    if (job->has_no_certain_end)
        return error_set(
            err, ERR_SHAPE,
            "the response of %s is not HTTP: its headers do not say where it ends", host);
    if (why->kind != ERR_NONE) {
        if (job->times_begun == 0) {
            error_set(err, why->kind, "%s before the request to %s was sent", why->text,
                      host);
            err->cause = why->kind == ERR_TIMEOUT ? ERR_UNREACHABLE : ERR_NONE;
            return -1;
        }
        error_set(err, ERR_LOST, "%s while waiting for the response of %s", why->text,
                  host);
        err->cause = why->kind == ERR_TIMEOUT ? ERR_TIMEOUT : ERR_NONE;
        return -1;
    }
    return job->times_begun == 0 ? explain_unsent(job, host, err)
                                 : explain_sent(job, host, err);
}
