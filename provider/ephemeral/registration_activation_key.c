/* The activation key of a registration, from the answer to a POST. A table cannot describe that.
 * SPDX-License-Identifier: MPL-2.0 */
#include "ephemeral/openers.h"

int ephemeral_registration_activation_key(struct call *call,
                                          const struct data_source *source,
                                          struct session *session,
                                          const struct value *config,
                                          const struct value **out, struct diags *diags)
{
    struct arena *arena = call->arena;
    const char *id = value_text(value_get(arena, config, "registration_id"));
    const struct engine_action question = { .id = id,
                                            .action = "getactivationkey",
                                            .has_secrets = true,
                                            .act = "get the activation key of",
                                            .remedies = source->table->remedies };
    json_t *answer = NULL;
    if (engine_is_awaited(&source->object, session, id)) {
        *out = value_with(arena, config, "activation_key",
                          value_unknown(arena, &type_string));
        return 0;
    }
    if (engine_call_action(call, &source->object, session, &question, &answer, diags) < 0)
        return -1;
    const json_t *key = json_object_get(answer, "activationKey");
    int result = 0;
    if (json_string_length(key) > 0)
        *out = value_with(
            arena, config, "activation_key",
            value_string_bytes(arena, json_string_value(key), json_string_length(key)));
    else
        result =
            diags_error(diags, PATH_NONE, "Azure returned no activation key",
                        "The response of Azure has no activation key for registration "
                        "%s.\n\nWhat to do: Run again later. If the error comes back, "
                        "register the hub again.",
                        id);
    json_decref(answer);
    return result;
}
