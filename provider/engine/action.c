/* A request about an object that changes nothing and that no read or list answers.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "engine/internal.h"

static int explain_answer(struct operation *operation, const struct rest_reply *reply,
                          bool has_secrets)
{
    const char *action = explain_foreign(operation->call->arena, operation->resource);
    if (!has_secrets)
        return diags_error(
            operation->diags, PATH_NONE,
            arena_print(operation->call->arena, "Cannot %s %s", operation->act,
                        operation->resource->table->noun),
            "%s: the response (status %d) is not in the format of %s.\n\nWhat "
            "to do: %s",
            explain_object_first(operation), reply->status,
            operation->client->dialect->name, action);
    return diags_error(operation->diags, PATH_NONE,
                       arena_print(operation->call->arena, "Cannot %s %s", operation->act,
                                   operation->resource->table->noun),
                       "%s: the response (status %d) is not in the format of %s. It is "
                       "not shown, because it may contain a secret.\n\nWhat to do: %s",
                       explain_object_first(operation), reply->status,
                       operation->client->dialect->name, action);
}

/* The answer says that the service does not know the api-version. */
static bool is_unknown_version(const struct operation *operation,
                               const struct rest_reply *reply)
{
    const char *const *code = operation->client->dialect->version_codes;
    if (reply->failure.code == NULL)
        return false;
    while (code != NULL && *code != NULL && !text_equal(*code, reply->failure.code))
        code++;
    return code != NULL && *code != NULL;
}

int action_call(struct operation *operation, const struct engine_action *question,
                json_t **out)
{
    const char *version = question->api_version;
    struct rest_request request = {
        .method = question->action != NULL ? "POST" : "GET",
        .id = question->action == NULL ? question->id
                                       : arena_print(operation->call->arena, "%s/%s",
                                                     question->id, question->action),
        .api_version = version != NULL
                           ? version
                           : api_version_of(operation->resource, operation->session),
        .has_secrets = question->has_secrets,
    };
    auto_rest_reply reply = NULL;
    struct error err = NO_ERROR;
    if (rest_read(operation->call, operation->client, &request, &reply, &err) < 0)
        return explain_error(operation, &err, NULL);
    if (question->older_api_version != NULL && is_unknown_version(operation, reply)) {
        request.api_version = question->older_api_version;
        rest_reply_free(take(reply));
        if (rest_read(operation->call, operation->client, &request, &reply, &err) < 0)
            return explain_error(operation, &err, NULL);
    }
    if (reply->status >= 300)
        return explain_failure(operation, &reply->failure, NULL);
    if (reply->status != 200 || reply->body == NULL ||
        operation->client->dialect->is_error(reply->body))
        return explain_answer(operation, reply, question->has_secrets);
    *out = json_incref(reply->body);
    return 0;
}

int engine_call_action(struct call *call, const struct resource *object,
                       struct session *session,
                       const struct engine_action *action_request, json_t **out,
                       struct diags *diags)
{
    struct operation operation;
    int64_t until_ms = call->deadline_ms;
    if (operation_begin(&operation, call, object, session, TIMEOUT_READ,
                        value_null(call->arena, object->type), action_request->id,
                        diags) < 0)
        return -1;
    operation.act = action_request->act;
    operation.remedies = action_request->remedies;
    int result = action_call(&operation, action_request, out);
    call->deadline_ms = until_ms; /* what follows has a time of its own */
    operation_warn_throttling(session, diags);
    return result;
}
