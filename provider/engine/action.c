/* A request about an object that changes nothing and that no read or list answers.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"
#include "session/object_flags.h"

static int explain_answer(struct operation *operation, const struct rest_reply *reply,
                          bool has_secrets)
{
    return diags_error(
        operation->diags, PATH_NONE, explain_title(operation),
        "%s: the response (status %d) is not in the format of %s.%s\n\nWhat to do: %s",
        explain_object_first(operation), reply->status, operation->client->dialect->name,
        has_secrets ? " It is not shown, because it may contain a secret." : "",
        explain_foreign(operation->call->arena, operation->resource));
}

int action_call(struct operation *operation, const struct engine_action *question,
                json_t **out)
{
    const struct rest_request request = {
        .method = question->action != NULL ? "POST" : "GET",
        .id = question->action == NULL ? question->id
                                       : arena_print(operation->call->arena, "%s/%s",
                                                     question->id, question->action),
        .api_version = question->api_version != NULL
                           ? question->api_version
                           : api_version_of(operation->resource, operation->session),
        .has_secrets = question->has_secrets,
    };
    auto_rest_reply reply = NULL;
    struct error err = NO_ERROR;
    if (rest_read(operation->call, operation->client, &request, &reply, &err) < 0)
        return explain_error(operation, &err, NULL);
    if (reply->status >= 300)
        return explain_failure(operation, &reply->failure, NULL);
    if (reply->status != 200 || reply->body == NULL ||
        operation->client->dialect->is_error(reply->body))
        return explain_answer(operation, reply, question->has_secrets);
    *out = json_incref(reply->body);
    return 0;
}

bool engine_is_awaited(const struct resource *resource, struct session *session,
                       const char *id)
{
    if (session == NULL)
        return false;
    struct object_flags *flags = resource_object_flags(resource, session);
    return object_flags_has(flags, OBJECT_PLANNED_CREATE, id) &&
           !object_flags_has(flags, OBJECT_CREATED, id);
}

int engine_call_action(struct call *call, const struct resource *object,
                       struct session *session, const struct engine_action *question,
                       json_t **out, struct diags *diags)
{
    struct operation operation;
    if (operation_begin(&operation, call, object, session, TIMEOUT_READ,
                        value_null(call->arena, object->type), question->id, diags) < 0)
        return -1;
    operation.act = question->act;
    operation.remedies = question->remedies;
    int result = action_call(&operation, question, out);
    operation_warn_throttling(session, diags);
    return result;
}
