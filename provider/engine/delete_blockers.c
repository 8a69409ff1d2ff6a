/* Objects that prevent a delete, such as locks.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

struct blockers {
    struct operation *operation;
    json_t *ids;
};

/* The same object, or one that contains the other. */
static bool contains(const char *outer, const char *inner)
{
    size_t length = strlen(outer);
    return text_starts_ignoring_case(inner, outer) &&
           (inner[length] == '\0' || inner[length] == '/');
}

/* A rest_counts_fn; the collection is locked. A lock prevents the delete of its object, of what is in
 * that, and of what contains it. Those on objects beside this one are in the list too. */
static bool gather(void *state, const char *id)
{
    struct blockers *found = state;
    auto_arena arena = arena_new();
    const char *scope = operation_ids(found->operation)->part(arena, id, "scope");
    if (scope == NULL || contains(scope, found->operation->id) ||
        contains(found->operation->id, scope))
        json_array_append_new(found->ids, json_string(id));
    return false;
}

/* NULL: none. */
static const char *find_blocker(struct operation *operation,
                                struct rest_collection *listed)
{
    const struct delete_blocker *rule = operation->resource->table->delete_blocker;
    struct blockers found = { operation, json_array() };
    const char *id = NULL;
    rest_collection_ensure(operation->call, operation->client, listed);
    rest_collection_has_any(listed, gather, &found);
    for (size_t i = 0; i < json_array_size(found.ids) && id == NULL; i++) {
        const char *one = json_string_value(json_array_get(found.ids, i));
        json_t *body = rest_collection_recall_body(listed, one);
        if (probe_shows_text(body, rule->place, rule->values))
            id = rest_collection_recall(operation->call, listed, one);
        json_decref(body);
    }
    json_decref(found.ids);
    return id;
}

int delete_blockers_check(struct operation *operation, const struct value *object)
{
    const struct delete_blocker *rule = operation->resource->table->delete_blocker;
    struct arena *arena = operation->call->arena;
    const struct rest_collection_options options = {
        .parent_id = operation->parent_id,
        .list_id = rule != NULL ? resource_fill(arena, rule->list_id, object) : NULL,
        .api_version = rule != NULL ? rule->api_version : NULL,
    };
    if (options.list_id == NULL)
        return 0;
    struct rest_collection *listed =
        rest_collections_find(service_collections(operation->service), &options);
    const char *found = find_blocker(operation, listed);
    if (found == NULL)
        return plan_list_failed(operation, listed);
    const struct id_scheme *ids = operation_ids(operation);
    const struct explain_word words[] = {
        { "blocker.name", explain_shown(arena, ids->part(arena, found, "name")) },
        { "blocker.scope", explain_shown(arena, ids->part(arena, found, "scope")) },
        { NULL, NULL },
    };
    operation->words = words;
    diags_error(operation->diags, PATH_NONE, explain_fill(operation, rule->title),
                "This plan deletes %s. %s", explain_object(operation),
                explain_fill(operation, rule->text));
    operation->words = NULL;
    return -1;
}
