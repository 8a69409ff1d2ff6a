/* The memory and the headers of an answer.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "http/internal.h"

void reply_drop_headers(struct http_reply *reply)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        free((char *)reply->headers[i].name);
        free((char *)reply->headers[i].value);
    }
    reply->header_count = 0;
}

void http_reply_free(struct http_reply *reply)
{
    if (reply == NULL)
        return;
    reply_drop_headers(reply);
    free(reply->headers);
    memory_wipe_and_free((uint8_t *)reply->body.data);
    free(reply);
}

const char *http_reply_header(const struct http_reply *reply, const char *name)
{
    if (reply == NULL)
        return NULL;
    for (size_t i = 0; i < reply->header_count; i++) {
        if (text_equal_ignoring_case(reply->headers[i].name, name))
            return reply->headers[i].value;
    }
    return NULL;
}
