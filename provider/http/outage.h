/* Since when a host cannot be reached, shared by all calls of a transport. A call does not wait
 * again for a host that another call has waited for.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_OUTAGE_H
#define HTTP_OUTAGE_H

#include <stdint.h>

#include "base/error.h"

enum {
    /* How long a connection, or the lookup of a name, is retried: long enough for a restart of a
     * service or a proxy. */
    HTTP_UNREACHABLE_MOST_MS = 60 * 1000,
};

/* Thread-safe. Both accept NULL. */
struct http_outages;
struct http_outages *http_outages_new(void);
void http_outages_free(struct http_outages *outages);

/* Records the end of a request to the host of `url`. With ERR_UNREACHABLE or ERR_NAME the host
 * could not be reached: returns since when (monotonic). ERR_TIMEOUT, ERR_STOPPED, ERR_INVALID and
 * ERR_INTERNAL end a request before a connection, which changes nothing: returns since when the
 * host is known to be unreachable, or 0. With any other kind it counts as reached: returns 0. An
 * outage starts again if the host was not tried for HTTP_UNREACHABLE_MOST_MS. */
int64_t http_outages_record(struct http_outages *outages, const char *url,
                            enum error_kind kind);

#endif
