/* Requests and answers at TRACE in the form of the exchange tests, without secrets: so a bug report
 * can be copied into a test.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_TRACE_H
#define HTTP_TRACE_H

#include "http/transport.h"

/* http_send() calls these for each exchange. They have no effect unless the log level is TRACE. */
void http_trace_request(const struct call *call, const struct http_request *request);
void http_trace_reply(const struct call *call, const struct http_request *request,
                      const struct http_reply *reply, int64_t took_ms);
void http_trace_failure(const struct call *call, const struct http_request *request,
                        const struct error *err, int64_t took_ms);

#endif
