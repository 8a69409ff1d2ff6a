/* Entra's errors.
 * SPDX-License-Identifier: MPL-2.0 */
#include "aadsts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text.h"

void aadsts_refuse(struct exchange *x, int status, const char *error, long code,
                   const char *message)
{
    char trace[GUID_SIZE], correlation[GUID_SIZE], stamp[32];
    guid_random(trace);
    guid_random(correlation);
    time_t now = time(NULL);
    struct tm utc;
    strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%SZ", gmtime_r(&now, &utc));
    char *description =
        text_format("AADSTS%ld: %s Trace ID: %s Correlation ID: %s Timestamp: %s", code,
                    message, trace, correlation, stamp);
    char *uri = text_format("https://login.microsoftonline.com/error?code=%ld", code);
    answer_json(x, status,
                json_pack("{s:s, s:o, s:[I], s:s, s:s, s:s, s:s}", "error", error,
                          "error_description",
                          text_json(description, strlen(description)), "error_codes",
                          (json_int_t)code, "timestamp", stamp, "trace_id", trace,
                          "correlation_id", correlation, "error_uri", uri));
    free(description);
    free(uri);
}

bool aadsts_reject(struct exchange *x, int status, const char *error, long code,
                   const char *format, ...)
{
    char *message;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&message, format, arguments) < 0)
        abort();
    va_end(arguments);
    char *reason = text_format("AADSTS%ld: %s", code, message);
    log_rejected(x, reason);
    aadsts_refuse(x, status, error, code, message);
    free(reason);
    free(message);
    return false;
}
