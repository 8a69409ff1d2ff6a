/* Sends a request through any transport, and traces it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/transport.h"

#include "base/clock.h"
#include "http/outage.h"
#include "http/trace.h"

int http_send(struct http_transport *transport, struct call *call,
              const struct http_request *request, struct http_reply **out,
              struct error *err)
{
    if (transport == NULL)
        return error_set(err, ERR_INTERNAL, "HTTP is not initialized");
    http_trace_request(call, request);
    int64_t start_ms = clock_monotonic_ms();
    int result = transport->send(transport, call, request, out, err);
    call->unreachable_ms = http_outages_record(transport->outages, request->url,
                                               result < 0 ? err->kind : ERR_NONE);
    if (result < 0) {
        http_trace_failure(call, request, err, clock_monotonic_ms() - start_ms);
        return -1;
    }
    http_trace_reply(call, request, *out, clock_monotonic_ms() - start_ms);
    return 0;
}

void http_transport_free(struct http_transport *transport)
{
    if (transport == NULL)
        return;
    http_outages_free(transport->outages);
    transport->free(transport);
}
