/* The answer to a request.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "base/memory.h"
#include "rest/client.h"

void rest_reply_free(struct rest_reply *reply)
{
    if (reply == NULL)
        return;
    json_decref(reply->body);
    rest_failure_clear(&reply->failure);
    http_reply_free(reply->http);
    free(reply);
}

int rest_refuse_shape(const struct rest_client *client, int status, struct error *err)
{
    return error_set(err, ERR_SHAPE,
                     "the response (status %d) is not in the format of %s", status,
                     client->dialect->name);
}

void rest_reply_set_failure(const struct rest_client *client, struct rest_reply *reply)
{
    rest_failure_clear(&reply->failure);
    rest_failure_read(&reply->failure, client->dialect, reply->http, reply->body);
    /* A proxy may have logged the request's own ID. */
    if (reply->failure.correlation_id == NULL && !client->has_no_correlation_id)
        reply->failure.correlation_id = memory_copy_text(client->correlation_id);
}

struct rest_reply *rest_reply_new(const struct rest_client *client,
                                  struct http_reply *http, json_t *body)
{
    struct rest_reply *reply = memory_new(sizeof *reply);
    reply->status = http->status;
    reply->http = http;
    reply->body = body;
    if (http->status >= 300 || (body != NULL && client->dialect->is_error(body)))
        rest_reply_set_failure(client, reply);
    reply->is_malformed = http->body.length != 0 && reply->body == NULL;
    return reply;
}
