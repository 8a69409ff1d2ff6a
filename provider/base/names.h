/* Host names, in the build that ships. The C library asks for a host's IPv4 and IPv6 addresses at
 * the same time and waits for both answers: for 15 seconds if the name server answers only one of
 * the two. If only the IPv6 answer arrives, the C library finds nothing.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <netdb.h>

typedef int names_resolve_fn(const char *host, const char *service,
                             const struct addrinfo *hints, struct addrinfo **out);

/* As getaddrinfo(), which `ask` is. If a lookup of both families takes longer than
 * NAMES_PATIENCE_MS, each family is also looked up by itself. As soon as one of the three lookups
 * has found addresses, the other family has NAMES_GRACE_MS to add its own. A lookup that is no
 * longer needed ends on its own thread. */
enum { NAMES_PATIENCE_MS = 1000, NAMES_GRACE_MS = 500 };
int names_resolve(names_resolve_fn *ask, const char *host, const char *service,
                  const struct addrinfo *hints, struct addrinfo **out);

#endif
