/* Proxies, from the provider's argument or the variables that everybody uses.
 * Source: golang.org/x/net/http/httpproxy; curl(1), ENVIRONMENT
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/* A password with /, ? or # in it that is not escaped: its beginning would be the host. */
static bool has_late_user(const char *url)
{
    const char *authority = strstr(url, "://") + strlen("://");
    return strchr(authority + strcspn(authority, "/?#"), '@') != NULL;
}

/* "host:port" alone is a proxy that speaks HTTP. */
static bool parse_proxy(struct proxy *proxy, const char *text)
{
    static const char *const schemes[] = { "http://",    "https://",  "socks4://",
                                           "socks4a://", "socks5://", "socks5h://" };
    CURLU *url = curl_url();
    auto_char full = strstr(text, "://") != NULL ? memory_copy_text(text)
                                                 : memory_print("http://%s", text);
    bool is_good = false;
    if (!has_late_user(full) &&
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
        /* Go's port for a proxy without one; curl's would be 1080. */
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
    /* The text itself may hold a password. */
    return error_set(err, ERR_INVALID,
                     "the environment variable %s does not hold the address of a "
                     "proxy, such as http://proxy.example.com:3128. In a user or a "
                     "password in front of it, characters such as / # ? @ : have to be "
                     "escaped, / as %%2F",
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
    static const char *const exceptions[] = { "NO_PROXY", "no_proxy", NULL };
    *proxies = (struct proxies){ 0 };
    const char *name, *text = read_variable(exceptions, &name);
    /* This machine itself is never behind a proxy, as in Go. "*" stands alone. */
    if (text != NULL && text_equal(text, "*"))
        proxies->exceptions = memory_copy_text(text);
    else
        proxies->exceptions =
            memory_print("%s%slocalhost,127.0.0.1,::1", text != NULL ? text : "",
                         text != NULL ? "," : "");
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
    free(proxies->exceptions);
    *proxies = (struct proxies){ 0 };
}

const struct proxy *proxies_for(const struct proxies *proxies, const char *url)
{
    return text_starts_ignoring_case(url, "https:") ? &proxies->https : &proxies->http;
}

long proxy_url_port(const char *address)
{
    CURLU *url = curl_url();
    auto_char port =
        curl_url_set(url, CURLUPART_URL, address, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK
            ? url_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT)
            : NULL;
    curl_url_cleanup(url);
    return port != NULL ? strtol(port, NULL, 10) : 0;
}

bool proxy_is_peer(const struct proxy *proxy, const char *url, long port,
                   const char *server_name)
{
    if (proxy->address == NULL || !text_starts_ignoring_case(proxy->address, "https:") ||
        proxy_url_port(proxy->address) != port)
        return false;
    if (proxy_url_port(url) != port)
        return true;
    char host[HTTP_HOST_BYTES];
    http_host(url, host);
    size_t length = strlen(server_name);
    return strncasecmp(host, server_name, length) != 0 ||
           (host[length] != '\0' && host[length] != ':');
}
