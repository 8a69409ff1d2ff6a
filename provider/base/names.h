/* Host names in what ships. The C library asks for a host's IPv4 and IPv6 addresses together and
 * waits for both answers, 15 seconds where a server answers one kind of question only. With the
 * IPv6 answer alone it finds nothing.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <netdb.h>

typedef int names_resolve_fn(const char *host, const char *service,
                             const struct addrinfo *hints, struct addrinfo **out);

/* `ask` is getaddrinfo(), and this keeps its contract. A lookup of both families that takes
 * longer than NAMES_PATIENCE_MS is asked again, once for each family. The first of the three
 * that finds addresses is enough, once the other family had NAMES_GRACE_MS to add its own. A
 * lookup that is not needed any more ends on a thread of its own. */
enum { NAMES_PATIENCE_MS = 1000, NAMES_GRACE_MS = 500 };
int names_resolve(names_resolve_fn *ask, const char *host, const char *service,
                  const struct addrinfo *hints, struct addrinfo **out);

#endif
