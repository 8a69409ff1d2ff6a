/* The proxy for a request, from the provider's argument or the environment variables, which are
 * read as Terraform reads them. no_proxy.c says which hosts are reached without it.
 * Source: golang.org/x/net/http/httpproxy; net/http, Transport.Proxy; curl(1), ENVIRONMENT
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "http/internal.h"
#include "http/url.h"

static const char *read_variable(const char *const *names, const char **name)
{
    for (; *names != NULL; names++) {
        const char *text = getenv(*names);
        if (text != NULL && *text != '\0') {
            *name = *names;
            return text;
        }
    }
    return NULL;
}

static char *url_part(CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
        return NULL;
    char *copy = memory_copy_text(text);
    secret_wipe(text, strlen(text));
    curl_free(text);
    return copy;
}

/* The URL has no host ("http:///x"; curl would use the path instead), or a password with an
 * unescaped /, ? or #, whose beginning would be read as the host. */
static bool has_no_clear_host(const char *url)
{
    const char *authority = strstr(url, "://") + strlen("://");
    size_t length = strcspn(authority, "/?#");
    return length == 0 || strchr(authority + length, '@') != NULL;
}

/* "host:port" alone is an HTTP proxy. The last @ ends user and password, as in Go. Curl uses the
 * first @, so the earlier ones are escaped. The caller wipes and frees the text. */
static char *full_url(const char *text)
{
    const char *scheme = strstr(text, "://") != NULL ? "" : "http://";
    const char *last = strrchr(text, '@');
    char *url = memory_new(strlen(scheme) + strlen(text) * 3 + 1),
         *end = stpcpy(url, scheme);
    for (; *text != '\0'; text++) {
        if (*text == '@' && text != last)
            end = stpcpy(end, "%40");
        else
            *end++ = *text;
    }
    return url;
}

static bool parse_proxy(struct proxy *proxy, const char *text)
{
    static const char *const schemes[] = { "http://",    "https://",  "socks4://",
                                           "socks4a://", "socks5://", "socks5h://" };
    CURLU *url = curl_url();
    auto_char full = full_url(text);
    bool is_good = false;
    if (!has_no_clear_host(full) &&
        curl_url_set(url, CURLUPART_URL, full, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
        proxy->user = url_part(url, CURLUPART_USER, CURLU_URLDECODE);
        auto_char password = url_part(url, CURLUPART_PASSWORD, CURLU_URLDECODE);
        if (password != NULL) {
            proxy->password = secret_new(password, strlen(password));
            secret_wipe(password, strlen(password));
        }
        curl_url_set(url, CURLUPART_USER, NULL, 0);
        curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
        curl_url_set(url, CURLUPART_PATH, NULL, 0);
        curl_url_set(url, CURLUPART_QUERY, NULL, 0);
        curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
        /* The proxy resolves names, as in Go; with socks5, curl would resolve them here. */
        auto_char scheme = url_part(url, CURLUPART_SCHEME, 0);
        if (text_equal_ignoring_case(scheme, "socks5"))
            curl_url_set(url, CURLUPART_SCHEME, "socks5h", CURLU_NON_SUPPORT_SCHEME);
        /* The default port as in Go; curl's would be 1080. */
        proxy->address = url_part(url, CURLUPART_URL, CURLU_DEFAULT_PORT);
        for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
            is_good |= proxy->address != NULL &&
                       text_starts_ignoring_case(proxy->address, schemes[i]);
    }
    secret_wipe(full, strlen(full));
    curl_url_cleanup(url);
    return is_good;
}

static int read_variables(struct proxy *proxy, const char *const *names,
                          struct error *err)
{
    const char *text = read_variable(names, &proxy->named_by);
    if (text == NULL || parse_proxy(proxy, text))
        return 0;
    /* The text may contain a password, so it is not shown. */
    return error_set(err, ERR_INVALID,
                     "the environment variable %s is not the address of a proxy, such "
                     "as http://proxy.example.com:3128. In a user name or password, "
                     "percent-encode characters such as / # ? @ : (a / is %%2F)",
                     proxy->named_by);
}

static int read_argument(struct proxy *proxy, const struct http_proxy_options *options,
                         struct error *err)
{
    proxy->named_by = "the provider argument proxy";
    proxy->is_argument = true;
    if (!parse_proxy(proxy, options->url))
        return error_set(err, ERR_INVALID,
                         "url of the provider argument proxy is not the address of a "
                         "proxy, such as http://proxy.example.com:3128");
    if (options->username == NULL)
        return 0;
    free(proxy->user);
    secret_free(proxy->password);
    const char *password = options->password != NULL ? options->password : "";
    proxy->user = memory_copy_text(options->username);
    proxy->password = secret_new(password, strlen(password));
    return 0;
}

static int find_both(struct proxies *proxies, const struct http_proxy_options *options,
                     struct error *err)
{
    static const char *const https[] = { "HTTPS_PROXY", "https_proxy", "ALL_PROXY",
                                         "all_proxy", NULL };
    static const char *const http[] = { "HTTP_PROXY", "http_proxy", "ALL_PROXY",
                                        "all_proxy", NULL };
    if (options->url != NULL)
        return read_argument(&proxies->https, options, err) < 0
                   ? -1
                   : read_argument(&proxies->http, options, err);
    return read_variables(&proxies->https, https, err) < 0
               ? -1
               : read_variables(&proxies->http, http, err);
}

int proxies_find(struct proxies *proxies, const struct http_proxy_options *options,
                 struct error *err)
{
    static const char *const no_proxy[] = { "NO_PROXY", "no_proxy", NULL };
    *proxies = (struct proxies){ 0 };
    const char *name, *text = read_variable(no_proxy, &name);
    proxies->no_proxy = text != NULL ? memory_copy_text(text) : NULL;
    text = getenv("REQUEST_METHOD");
    proxies->is_cgi = text != NULL && *text != '\0';
    if (find_both(proxies, options, err) == 0)
        return 0;
    proxies_clear(proxies);
    return -1;
}

static void proxy_clear(struct proxy *proxy)
{
    free(proxy->address);
    free(proxy->user);
    secret_free(proxy->password);
}

void proxies_clear(struct proxies *proxies)
{
    proxy_clear(&proxies->http);
    proxy_clear(&proxies->https);
    free(proxies->no_proxy);
    *proxies = (struct proxies){ 0 };
}

/* The host, an IPv6 address without its brackets, and the port. False: curl refuses the URL too. */
static bool read_target(const char *url, char **host, char **port)
{
    CURLU *parts = curl_url();
    bool is_read = curl_url_set(parts, CURLUPART_URL, url, CURLU_URLENCODE) == CURLUE_OK;
    if (is_read) {
        *host = url_part(parts, CURLUPART_HOST, 0);
        *port = url_part(parts, CURLUPART_PORT, CURLU_DEFAULT_PORT);
        is_read = *host != NULL && *port != NULL;
    }
    curl_url_cleanup(parts);
    if (is_read && **host == '[') {
        size_t length = strcspn(*host + 1, "]%");
        memmove(*host, *host + 1, length);
        (*host)[length] = '\0';
    }
    return is_read;
}

int proxies_choose(const struct proxies *proxies, const char *url,
                   const struct proxy **out, struct error *err)
{
    const struct proxy *proxy =
        text_starts_ignoring_case(url, "https:") ? &proxies->https : &proxies->http;
    if (proxy->address == NULL) {
        *out = NULL;
        return 0;
    }
    /* A web server sets HTTP_PROXY from a header of its client. */
    if (proxies->is_cgi && !proxy->is_argument &&
        text_equal_ignoring_case(proxy->named_by, "HTTP_PROXY"))
        return error_set(
            err, ERR_INVALID,
            "HTTP_PROXY is ignored because REQUEST_METHOD is set: in a CGI "
            "program, a web client can set HTTP_PROXY. Unset REQUEST_METHOD, "
            "or set the provider argument proxy");
    auto_char host = NULL;
    auto_char port = NULL;
    bool is_direct =
        read_target(url, &host, &port) && no_proxy_has(proxies->no_proxy, host, port);
    *out = is_direct ? NULL : proxy;
    return 0;
}

const char *http_curl_route(struct http_transport *base, struct arena *arena,
                            const char *url)
{
    const struct curl_transport *transport = (const struct curl_transport *)base;
    const struct proxy *proxy;
    struct error err = NO_ERROR;
    char host[HTTP_HOST_BYTES];
    if (proxies_choose(&transport->proxies, url, &proxy, &err) < 0 || proxy == NULL)
        return "directly";
    http_host(proxy->address, host);
    return arena_print(arena, "through the proxy %s (%s)", host, proxy->named_by);
}
