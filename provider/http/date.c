/* Dates in HTTP headers.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/date.h"

#include <ctype.h>
#include <stddef.h>

#include <curl/curl.h>

#include "base/clock.h"

/* The end of the year 9999, which is the last that these forms have digits for. */
#define SECONDS_MAX INT64_C(253402300799)

int64_t http_parse_date_ms(const char *text)
{
    /* All three forms begin with the name of the day; curl accepts other texts. */
    if (text == NULL || !isalpha((unsigned char)text[0]))
        return -1;
    time_t seconds = curl_getdate(text, NULL);
    return seconds < 0 || seconds > SECONDS_MAX ? -1 : (int64_t)seconds * 1000;
}

int64_t http_reply_date_ms(const struct http_reply *reply)
{
    int64_t ms = http_parse_date_ms(http_reply_header(reply, "Date"));
    return ms >= 0 ? ms : clock_wall_ms();
}
