/* The parts of an absolute http or https URL, for uses outside of curl.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/url.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

struct origin {
    bool is_https;
    const char *host;
    size_t host_length;
    const char *port; /* digits; the scheme's default if the URL has none */
    size_t port_length;
    size_t length; /* of the whole origin */
};

static bool read_origin(const char *url, struct origin *out)
{
    size_t scheme = text_starts_ignoring_case(url, "https://")  ? 8
                    : text_starts_ignoring_case(url, "http://") ? 7
                                                                : 0;
    if (scheme == 0)
        return false;
    const char *host = url + scheme;
    size_t length = strcspn(host, "/?#");
    /* Refused: a user name, and characters that some parsers treat as part of the host and others
     * do not (a backslash, spaces, escapes). */
    for (size_t i = 0; i < length; i++) {
        if (strchr("@\\%\"<>^`{|}", host[i]) != NULL || host[i] <= ' ' || host[i] > '~')
            return false;
    }
    *out = (struct origin){ .is_https = scheme == 8,
                            .host = host,
                            .host_length = length,
                            .port = scheme == 8 ? "443" : "80",
                            .port_length = scheme == 8 ? 3 : 2,
                            .length = scheme + length };
    const char *bracket = memchr(host, ']', length); /* an IPv6 address contains colons */
    const char *from = bracket != NULL ? bracket : host;
    const char *colon = memchr(from, ':', (size_t)(host + length - from));
    if (colon != NULL) {
        out->host_length = (size_t)(colon - host);
        if (colon + 1 != host + length) {
            out->port = colon + 1;
            out->port_length = (size_t)(host + length - colon - 1);
        }
    }
    return out->host_length != 0 && strspn(out->port, "0123456789") >= out->port_length;
}

size_t http_origin_length(const char *url)
{
    struct origin origin;
    return read_origin(url, &origin) ? origin.length : 0;
}

bool http_is_same_origin(const char *a, const char *b)
{
    struct origin x, y;
    return read_origin(a, &x) && read_origin(b, &y) && x.is_https == y.is_https &&
           x.host_length == y.host_length && x.port_length == y.port_length &&
           strncasecmp(x.host, y.host, x.host_length) == 0 &&
           memcmp(x.port, y.port, x.port_length) == 0;
}

char *http_encode_url(struct arena *arena, const char *url)
{
    static const char digits[] = "0123456789ABCDEF";
    char *out = arena_take_many(arena, strlen(url) + 1, 3), *at = out;
    for (; *url != '\0'; url++) {
        unsigned char one = (unsigned char)*url;
        if (one > ' ' && one <= '~' && strchr("\"<>\\^`{|}", one) == NULL) {
            *at++ = *url;
            continue;
        }
        *at++ = '%';
        *at++ = digits[one >> 4];
        *at++ = digits[one & 15];
    }
    return out;
}

char *http_find_link(struct arena *arena, const char *url, const char *link)
{
    size_t kept = link[0] == '?'                     ? strcspn(url, "?#")
                  : link[0] == '/' && link[1] != '/' ? http_origin_length(url)
                                                     : 0;
    link = arena_print(arena, "%.*s%s", (int)kept, url, link);
    return http_is_same_origin(link, url) ? http_encode_url(arena, link) : NULL;
}

void http_host(const char *url, char host[HTTP_HOST_BYTES])
{
    const char *start = strstr(url, "://");
    start = start != NULL ? start + 3 : url;
    size_t length = strcspn(start, "/?#\\");
    const char *at = memrchr(start, '@', length);
    if (at != NULL) {
        length -= (size_t)(at + 1 - start);
        start = at + 1;
    }
    snprintf(host, HTTP_HOST_BYTES, "%.*s", (int)(length < 250 ? length : 250), start);
}
