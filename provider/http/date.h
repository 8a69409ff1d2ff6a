/* Dates in HTTP headers.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_DATE_H
#define HTTP_DATE_H

#include <stdint.h>

/* Milliseconds since 1970; -1: `text` (which may be NULL) is not a date of RFC 9110, 5.6.7. */
int64_t http_parse_date_ms(const char *text);

#endif
