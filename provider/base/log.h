/* The log: one JSON object per line on standard error, in the form that Terraform parses.
 *
 * @level, @message, @module and @timestamp are always strings: any other type makes Terraform 1.11
 * panic (go-plugin 1.6, client.go). The timestamp has exactly six fractional digits, else Terraform
 * shows the line unparsed. A line is cut to LOG_LINE_BYTES_MAX, because Terraform splits lines at
 * 64 KiB.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/format.h"

struct call;

enum { LOG_LINE_BYTES_MAX = 60 * 1024 };

enum log_level { LOG_TRACE, LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_OFF };

struct log_field {
    const char *name; /* not one of the four above */
    const char *text; /* NULL: the field is omitted */
};

/* Reads TF_LOG_PROVIDER_AZURESTACK, else TF_LOG_PROVIDER, else TF_LOG, with the same values as
 * Terraform. If none is set, the level is WARN. Call it once, before threads are started. */
void log_init(void);
/* For people (debug mode): lines of plain text, `LEVEL message key=value`, instead of JSON. */
void log_set_plain(bool is_plain);
bool log_is_on(enum log_level level);

/* `fields` ends with a row whose name is NULL; it may be NULL. Invalid UTF-8 is replaced. `call`
 * adds tf_req_id, tf_rpc and tf_resource_type; it may be NULL. A line that standard error does not
 * accept within two seconds is lost: no call waits for the reader of the log. */
void log_write(const struct call *call, enum log_level level,
               const struct log_field *fields, const char *format, ...)
    PRINTF_FORMAT(4, 5);

#define LOG_FIELDS(...) ((const struct log_field[]){ __VA_ARGS__, { NULL, NULL } })

#endif
