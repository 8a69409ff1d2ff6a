/* Since when a host cannot be reached, shared by all calls of a transport: what one of them has
 * waited for, the others need not wait for again.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_OUTAGE_H
#define HTTP_OUTAGE_H

#include <stdint.h>

#include "base/error.h"

enum {
    /* How long no connection, or no address for a name, is tried again: long enough for a
     * restart of a service or a proxy. */
    HTTP_UNREACHABLE_MOST_MS = 60 * 1000,
};

/* Thread-safe; both are NULL-safe. */
struct http_outages;
struct http_outages *http_outages_new(void);
void http_outages_free(struct http_outages *outages);

/* ERR_UNREACHABLE or ERR_NAME: the host of `url` could not be reached just now; anything else:
 * it could. Gives since when (monotonic), 0 if it could. A host that was not tried for
 * HTTP_UNREACHABLE_MOST_MS starts again. */
int64_t http_outages_record(struct http_outages *outages, const char *url,
                            enum error_kind kind);

#endif
