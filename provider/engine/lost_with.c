/* Objects that are lost together with an object of another service.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/text.h"
#include "engine/internal.h"
#include "session/object_flags.h"

static const char *key_of(struct arena *arena, const struct resource_table *table,
                          const char *text)
{
    return arena_print(arena, "%s %s", table->name, text_lower(arena, text));
}

void lost_with_note(struct operation *operation, const struct value *state)
{
    const struct resource_table *table = operation->resource->table;
    struct arena *arena = operation->call->arena;
    const char *text = table->lost_as != NULL
                           ? value_text(value_get(arena, state, table->lost_as))
                           : NULL;
    if (text != NULL)
        object_flags_add(service_object_flags(operation->service), OBJECT_LOST,
                         key_of(arena, table, text));
}

static bool is_lost(struct operation *operation, const struct lost_with *rule,
                    const char *text)
{
    struct service *service =
        session_find_service(operation->session, rule->table->service->name);
    return object_flags_has(service_object_flags(service), OBJECT_LOST,
                            key_of(operation->call->arena, rule->table, text));
}

/* The object still exists. */
static int warn_hidden(struct operation *operation, const struct lost_with *rule,
                       const char *text)
{
    struct arena *arena = operation->call->arena;
    return diags_warning(
        operation->diags, path_attribute(arena, PATH_NONE, rule->attribute),
        arena_print(arena, "Cannot read %s", operation->resource->table->noun),
        "%s cannot be read, because the %s with %s \"%s\" no longer exists. The object "
        "stays in the state, unchanged.\n\nWhat to do: Create the %s again. If it is in "
        "this configuration, apply the plan.",
        explain_object(operation), rule->table->noun, rule->attribute,
        explain_shown(arena, text), rule->table->noun);
}

int lost_with_other(struct operation *operation, const struct probe *probe,
                    struct engine_read *read)
{
    struct arena *arena = operation->call->arena;
    const struct lost_with *rule = operation->resource->table->lost_with;
    for (; probe->reply != NULL && rule != NULL && rule->attribute != NULL; rule++) {
        const char *text =
            value_text(value_get(arena, read->current_state, rule->attribute));
        if (text == NULL ||
            !text_equal_ignoring_case(probe->reply->failure.code, rule->code) ||
            !is_lost(operation, rule, text))
            continue;
        if (rule->is_hidden)
            return warn_hidden(operation, rule, text) < 0 ? -1 : 1;
        read->new_state = value_null(arena, operation->resource->type);
        return 1;
    }
    return 0;
}
