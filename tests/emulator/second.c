/* The listener that nobody may contact: whoever was led here says something to somebody it does
 * not know. It answers as if all were well, so that the client shows all it would do.
 * SPDX-License-Identifier: MPL-2.0 */
#include "second.h"

#include <stdlib.h>
#include <string.h>
#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>

#include "tokens.h"
#include "text.h"

struct log *second_log;

void second_contacted(void)
{
    log_event(second_log, "CONNECT", NULL);
}

void second_answer(struct evhttp_request *request, void *unused)
{
    const char *uri = evhttp_request_get_uri(request);
    const char *authorization =
        evhttp_find_header(evhttp_request_get_input_headers(request), "Authorization");
    char *shown = authorization ? tokens_redact_header(authorization) : NULL;
    (void)unused;
    log_event(second_log, "REQUEST",
              json_pack("{s:o, s:s?, s:I}", "path", text_json(uri, strlen(uri)),
                        "authorization", shown, "body_bytes",
                        (json_int_t)evbuffer_get_length(
                            evhttp_request_get_input_buffer(request))));
    free(shown);
    struct evbuffer *body = evbuffer_new();
    evbuffer_add_printf(body, "{\"value\":[]}");
    evhttp_add_header(evhttp_request_get_output_headers(request), "Content-Type",
                      "application/json");
    evhttp_send_reply(request, 200, NULL, body);
    evbuffer_free(body);
}
