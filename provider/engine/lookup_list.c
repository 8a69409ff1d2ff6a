/* Looks up the value of an attribute in a list (look_up_rule).
 * SPDX-License-Identifier: MPL-2.0 */

#include "base/text.h"
#include "engine/lookup.h"
#include "rest/json.h"
#include "session/findings.h"

enum { CANDIDATES_MAX = 10 };

struct candidates {
    struct arena *arena;
    const char *ids[CANDIDATES_MAX];
    size_t count;
};

/* A rest_counts_fn; the collection is locked. Ends with the first that is not shown. */
static bool gather(void *state, const char *id)
{
    struct candidates *candidates = state;
    if (candidates->count < CANDIDATES_MAX)
        candidates->ids[candidates->count] = arena_copy_text(candidates->arena, id);
    return candidates->count++ == CANDIDATES_MAX;
}

/* The value that the rule takes from the object with this ID; NULL: none. */
static const char *take_text(struct operation *operation, const struct look_up_rule *rule,
                             struct rest_collection *collection, const char *id)
{
    struct arena *arena = operation->call->arena;
    if (rule->take == NULL)
        return rule->part == NULL ? id
                                  : operation_ids(operation)->part(arena, id, rule->part);
    json_t *body = rest_collection_recall_body(collection, id);
    const json_t *taken = rest_json_find(body, rule->take);
    const char *text = json_is_string(taken) && json_string_length(taken) != 0
                           ? arena_copy_text(arena, json_string_value(taken))
                           : NULL;
    json_decref(body);
    return text;
}

static const char *list_candidates(struct operation *operation,
                                   const struct look_up_rule *rule,
                                   struct rest_collection *collection,
                                   const struct candidates *all)
{
    struct arena *arena = operation->call->arena;
    const char *list = " It returns:\n";
    for (size_t i = 0; i < all->count && i < CANDIDATES_MAX; i++) {
        const char *taken = rule->take != NULL
                                ? take_text(operation, rule, collection, all->ids[i])
                                : NULL;
        list = arena_print(arena, "%s\n  %s", list,
                           explain_shown(arena, taken != NULL ? taken : all->ids[i]));
    }
    return all->count > CANDIDATES_MAX ? arena_print(arena, "%s\n  …", list) : list;
}

static int explain_choice(struct lookup *lookup, const char *fact, const char *list)
{
    const struct look_up_rule *rule = lookup->row->looked_up;
    struct operation *operation = &lookup->operation;
    return diags_error(
        operation->diags, lookup_path(lookup),
        arena_print(operation->call->arena, "Cannot determine %s", rule->noun),
        "%s is not set, and %s %s.%s\n\nWhat to do: %s. %s", lookup->row->name,
        explain_service(operation), fact, list,
        text_equal(operation->act, "import")
            ? "Import the object by its whole ID"
            : arena_print(operation->call->arena, "Set %s here", lookup->row->name),
        rule->advice);
}

/* The ID of the object that the rule names; NULL with an error. */
static const char *choose(struct lookup *lookup, struct rest_collection *collection)
{
    const struct look_up_rule *rule = lookup->row->looked_up;
    struct operation *operation = &lookup->operation;
    struct call *call = operation->call;
    struct candidates all = { .arena = call->arena };
    const char *found = NULL, *other = NULL;
    if (rule->place != NULL)
        found = rest_collection_recall_other(call, collection, lookup->value, "");
    if (found != NULL)
        other = rest_collection_recall_other(call, collection, lookup->value, found);
    if (found != NULL && other == NULL)
        return found;
    rest_collection_has_any(collection, gather, &all);
    if (rule->place == NULL && all.count == 1)
        return OR(rest_collection_recall(call, collection, all.ids[0]), all.ids[0]);
    const char *fact =
        other != NULL
            ? arena_print(call->arena, "has more than one object whose %s is \"%s\"",
                          rule->place, lookup->value)
        : all.count == 0 ? "returns no object that this credential can read"
        : rule->place == NULL
            ? "has more than one object"
            : arena_print(call->arena,
                          "returns no object whose %s is \"%s\" that this credential can "
                          "read",
                          rule->place, lookup->value);
    explain_choice(lookup, fact,
                   all.count == 0 ? ""
                                  : list_candidates(operation, rule, collection, &all));
    return NULL;
}

static int explain_list(struct lookup *lookup, struct rest_collection *collection)
{
    struct operation *operation = &lookup->operation;
    struct arena *arena = operation->call->arena;
    struct rest_list_failure failed;
    if (!rest_collection_list_failed(collection, arena, &failed))
        error_set(&failed.why, ERR_TIMEOUT,
                  "the timeout ended before the request was sent");
    operation->is_list = true;
    operation->list_label =
        arena_print(arena, "the list %s", rest_collection_list_id(collection));
    bool is_in_parent = lookup->row->looked_up->is_in_parent;
    if (lookup->is_plan && is_in_parent && failed.failure.status == 404)
        return lookup_not_there(lookup, rest_collection_list_id(collection),
                                &failed.failure, operation->list_label);
    bool is_final = !lookup->is_plan || failed.failure.status == 404 ||
                    (!is_in_parent && failed.why.kind == ERR_CREDENTIAL &&
                     rest_is_refused(operation->client));
    if (is_final)
        return failed.failure.status != 0
                   ? explain_failure(operation, &failed.failure, NULL)
                   : explain_error(operation, &failed.why, NULL);
    /* A refused credential costs no more time, and other directories have other tokens. */
    if (failed.failure.status == 0 && !failed.is_incomplete &&
        !rest_is_refused(operation->client))
        findings_set_silent(service_findings(operation->service));
    return plan_list_failed(operation, collection);
}

/* NULL: no query, or an attribute in it has no value. */
static const char *query_of(const struct lookup *lookup)
{
    return data_query(lookup->operation.call->arena, NAMES(lookup->row->looked_up->query),
                      lookup->object);
}

int lookup_in_list(struct lookup *lookup, const char **out)
{
    const struct look_up_rule *rule = lookup->row->looked_up;
    struct operation *operation = &lookup->operation;
    struct call *call = operation->call;
    const char *list_id = resource_fill(call->arena, rule->list_id, lookup->object);
    struct rest_collection_options options = { .list_id = list_id,
                                               .api_version = rule->api_version,
                                               .query = query_of(lookup),
                                               .unique = rule->place,
                                               .id_place = rule->id_place };
    const char *name = operation->resource->table->service->name;
    const char *account =
        rule->is_account
            ? service_account_id(session_find_service(operation->session, name))
            : NULL;
    lookup->value =
        rule->value_of != NULL
            ? value_text(value_get(call->arena, lookup->object, rule->value_of))
            : rule->value;
    if (account != NULL) {
        *out = account;
        return 0;
    }
    if (list_id == NULL || (rule->query != NULL && options.query == NULL) ||
        (rule->value_of != NULL && lookup->value == NULL))
        return 0;
    if (lookup_find_client(lookup) < 0)
        return -1;
    if (operation->client == NULL)
        return 0;
    if (operation->client != service_client(operation->service))
        options.client = operation->client;
    struct rest_collection *collection =
        rest_collections_find(service_collections(operation->service), &options);
    if (lookup->is_plan)
        rest_collection_ensure(call, operation->client, collection);
    else
        rest_collection_need(call, operation->client, collection);
    if (!rest_collection_has_answered(collection))
        return explain_list(lookup, collection);
    const char *id = choose(lookup, collection);
    if (id == NULL)
        return -1;
    *out = take_text(operation, rule, collection, id);
    if (*out != NULL)
        return 0;
    const char *fact =
        rule->take != NULL
            ? arena_print(call->arena, "returns an object without a value in %s",
                          rule->take)
            : arena_print(call->arena, "names \"%s\"", explain_shown(call->arena, id));
    return explain_choice(lookup, fact, "");
}
