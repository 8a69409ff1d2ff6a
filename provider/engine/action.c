/* A question about an object that has a secret for an answer.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"

static int explain_answer(struct operation *operation, const struct rest_reply *reply)
{
    return diags_error(
        operation->diags, PATH_NONE,
        arena_print(operation->call->arena, "Cannot %s %s", operation->act,
                    operation->resource->table->noun),
        "%s: the answer with status %d is not what %s sends. It is not "
        "shown here, because it may hold a secret.\n\nWhat to do: look for a proxy or a "
        "sign-in page on the way, and check the endpoint of the provider.",
        explain_object(operation), reply->status, operation->client->dialect->name);
}

static int call_action(struct operation *operation,
                       const struct engine_action *action_request, json_t **out)
{
    const struct rest_request request = {
        .method = "POST",
        .id = arena_print(operation->call->arena, "%s/%s", action_request->id,
                          action_request->action),
        .api_version = api_version_of(operation->resource, operation->session),
        .has_secrets = true,
    };
    auto_rest_reply reply = NULL;
    struct error err = NO_ERROR;
    if (rest_read(operation->call, operation->client, &request, &reply, &err) < 0)
        return explain_error(operation, &err, NULL);
    if (reply->status >= 300)
        return explain_failure(operation, &reply->failure, NULL);
    if (reply->status != 200 || reply->body == NULL ||
        operation->client->dialect->is_error(reply->body))
        return explain_answer(operation, reply);
    *out = json_incref(reply->body);
    return 0;
}

int engine_call_action(struct call *call, const struct resource *object,
                       struct session *session,
                       const struct engine_action *action_request, json_t **out,
                       struct diags *diags)
{
    struct operation operation;
    if (operation_begin(&operation, call, object, session, TIMEOUT_READ,
                        value_null(call->arena, object->type), action_request->id,
                        diags) < 0)
        return -1;
    operation.act = action_request->act;
    operation.remedies = action_request->remedies;
    int result = call_action(&operation, action_request, out);
    operation_warn_throttling(session, diags);
    return result;
}
