/* The parts of an absolute http or https address that others than curl have to know.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_URL_H
#define HTTP_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* The bytes of `https://host:port` at the start of `url`; 0 if it does not start so, or
 * names a user, which nothing here has a use for, or holds what not everybody reads alike. */
size_t http_origin_length(const char *url);
/* Scheme, host and port are the same; 443 and 80 may be left out. */
bool http_is_same_origin(const char *a, const char *b);

/* The address with everything percent-encoded that may stand in none: spaces, controls, what is not
 * ASCII, and "<>\^`{|}. For addresses that a service gives, which are not always encoded. In the
 * arena. */
char *http_encode_url(struct arena *arena, const char *url);

/* `host` or `host:port` for texts; never a user or a password. */
enum { HTTP_HOST_BYTES = 256 };
void http_host(const char *url, char host[HTTP_HOST_BYTES]);

#endif
