/* Dates in HTTP headers.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_DATE_H
#define HTTP_DATE_H

#include <stdint.h>

#include "http/transport.h"

/* Milliseconds since 1970; -1: `text` (which may be NULL) is not a date of RFC 9110, 5.6.7. */
int64_t http_parse_date_ms(const char *text);
/* The time of an answer by the clock of the service, which also made the times in its body. Without
 * a Date, or a reply: clock_wall_ms(), by this machine's clock. */
int64_t http_reply_date_ms(const struct http_reply *reply);

#endif
