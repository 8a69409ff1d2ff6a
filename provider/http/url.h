/* The parts of an absolute http or https URL, for uses outside of curl.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_URL_H
#define HTTP_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* How many bytes `https://host:port` has at the beginning of `url`. 0: the URL does not begin so,
 * has a user name, or has a character in its authority that URL parsers treat differently. */
size_t http_origin_length(const char *url);
/* Scheme, host and port are the same. The port may be omitted if it is 443 or 80. */
bool http_is_same_origin(const char *a, const char *b);

/* The URL with every character percent-encoded that a URL must not contain: spaces, controls,
 * non-ASCII characters, and "<>\^`{|}. For URLs that a service returns, which are not always
 * encoded. In the arena. */
char *http_encode_url(struct arena *arena, const char *url);

/* The address that a service names by `link`, in its answer to a request to `url`: absolute, or a path
 * ("/x") or a query ("?x") at the same origin. Encoded as above; NULL: its origin is another one. */
char *http_find_link(struct arena *arena, const char *url, const char *link);

/* `host` or `host:port` of the URL, for messages; never the user or the password. */
enum { HTTP_HOST_BYTES = 256 };
void http_host(const char *url, char host[HTTP_HOST_BYTES]);

#endif
