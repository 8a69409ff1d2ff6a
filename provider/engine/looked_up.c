/* Values of a new object that the configuration omits and the service knows, such as the directory
 * or account that its objects belong to. Each request is sent once per session.
 *
 * The plan sends it, so that it can show the ID and compare it with what exists. If the service
 * does not answer, the value stays unknown until the apply.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"
#include "rest/json.h"
#include "session/findings.h"

enum { CANDIDATES_MAX = 10 };

struct lookup {
    struct operation operation; /* about the list; its client is NULL until needed */
    const struct value *config, *object;
    const struct attribute *row; /* the attribute */
    const char *value;           /* the text at the rule's place; NULL: the only object */
    bool is_plan;
};

static bool is_looked_up(const struct attribute *row)
{
    return row->looked_up != NULL || row->default_from != NULL ||
           row->directory_of != NULL || row->read_from != NULL;
}

const struct value *looked_up_forget(const struct attribute *rows, struct arena *arena,
                                     const struct value *config,
                                     const struct value *object)
{
    for (; rows->name != NULL; rows++) {
        if (is_looked_up(rows) && value_is_null(value_get(arena, config, rows->name)))
            object =
                value_with(arena, object, rows->name, value_unknown(arena, rows->type));
    }
    return object;
}

/* ---- who is asked ------------------------------------------------------------------------ */

/* 0 with the client NULL: the service does not answer, which has been reported. */
static int find_client(struct lookup *lookup)
{
    struct operation *operation = &lookup->operation;
    struct call *call = operation->call;
    const char *name = operation->resource->table->service->name;
    struct error why = NO_ERROR;
    if (operation->client != NULL)
        return 0;
    operation->service = session_find_service(operation->session, name);
    struct findings *findings = service_findings(operation->service);
    if (!lookup->is_plan) {
        if (operation_find_service(call, operation->resource, operation->session,
                                   &operation->service, operation->diags) < 0)
            return -1;
    } else if (findings_is_silent(findings)) {
        return 0;
    } else if (session_service(operation->session, call, name, &operation->service,
                               &why) < 0) {
        if (why.kind == ERR_CREDENTIAL || why.kind == ERR_INVALID)
            return operation_find_service(call, operation->resource, operation->session,
                                          &operation->service, operation->diags);
        findings_set_silent(findings);
        return plan_not_answered(call, operation->resource, operation->session, &why,
                                 operation->diags);
    }
    if (operation_expect_directories(operation->resource->table, operation->service,
                                     operation->diags) < 0)
        return -1;
    return operation_find_client(operation, lookup->object, &why) == 0
               ? 0
               : diags_error(operation->diags, PATH_NONE,
                             arena_print(call->arena, "Cannot sign in to %s",
                                         explain_service(operation)),
                             "%s", text_sentence(call->arena, why.text));
}

static const struct path *path_of(const struct lookup *lookup)
{
    return path_attribute(lookup->operation.call->arena, PATH_NONE, lookup->row->name);
}

/* ---- a list ------------------------------------------------------------------------------ */

struct candidates {
    struct arena *arena;
    const char *ids[CANDIDATES_MAX];
    size_t count;
};

/* A rest_counts_fn; the collection is locked. */
static bool gather(void *state, const char *id)
{
    struct candidates *candidates = state;
    if (candidates->count < CANDIDATES_MAX)
        candidates->ids[candidates->count] = arena_copy_text(candidates->arena, id);
    candidates->count++;
    return false;
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
        operation->diags, path_of(lookup),
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
    rest_collection_has_any(collection, gather, &all);
    const char *found =
        rule->place == NULL
            ? (all.count == 1 ? rest_collection_recall(call, collection, all.ids[0])
                              : NULL)
            : rest_collection_recall_other(call, collection, lookup->value, "");
    const char *other =
        found != NULL && rule->place != NULL
            ? rest_collection_recall_other(call, collection, lookup->value, found)
            : NULL;
    if (found != NULL && other == NULL)
        return found;
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
        return 0;
    bool is_final = !lookup->is_plan || failed.failure.status == 404 ||
                    (!is_in_parent && failed.why.kind == ERR_CREDENTIAL &&
                     rest_is_refused(operation->client));
    if (is_final)
        return failed.failure.status != 0
                   ? explain_failure(operation, &failed.failure, NULL)
                   : explain_error(operation, &failed.why, NULL);
    if (failed.failure.status == 0)
        findings_set_silent(service_findings(operation->service));
    return plan_list_failed(operation, collection);
}

/* NULL: no query, or an attribute in it has no value. */
static const char *query_of(const struct lookup *lookup)
{
    struct arena *arena = lookup->operation.call->arena;
    const struct data_source_table asked = { .query =
                                                 NAMES(lookup->row->looked_up->query) };
    return data_query(arena, &asked, lookup->object);
}

static int look_up(struct lookup *lookup, const char **out)
{
    const struct look_up_rule *rule = lookup->row->looked_up;
    struct operation *operation = &lookup->operation;
    struct call *call = operation->call;
    const char *list_id = resource_fill(call->arena, rule->list_id, lookup->object);
    const struct rest_collection_options options = { .list_id = list_id,
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
    if (account != NULL)
        *out = account;
    if (account != NULL || list_id == NULL ||
        (rule->query != NULL && options.query == NULL) ||
        (rule->value_of != NULL && lookup->value == NULL))
        return 0;
    if (find_client(lookup) < 0)
        return -1;
    if (operation->client == NULL)
        return 0;
    struct rest_collection *collection =
        rest_collections_find(service_collections(operation->service), &options);
    rest_collection_ensure(call, operation->client, collection);
    if (!rest_collection_has_answered(collection))
        return explain_list(lookup, collection);
    const char *id = choose(lookup, collection);
    if (id == NULL)
        return -1;
    *out = take_text(operation, rule, collection, id);
    return *out != NULL ? 0
                        : explain_choice(
                              lookup,
                              rule->take != NULL
                                  ? arena_print(call->arena,
                                                "returns an object without a value in %s",
                                                rule->take)
                                  : arena_print(call->arena, "names \"%s\"",
                                                explain_shown(call->arena, id)),
                              "");
}

/* ---- a directory ------------------------------------------------------------------------- */

static int explain_directory(struct lookup *lookup, const struct error *why)
{
    struct operation *operation = &lookup->operation;
    struct arena *arena = operation->call->arena;
    const char *name = lookup->row->directory_of;
    if (why->kind == ERR_REFUSED)
        return diags_error(operation->diags, path_attribute(arena, PATH_NONE, name),
                           "Directory not found", "%s\n\nWhat to do: Check %s.",
                           text_sentence(arena, why->text), name);
    if (lookup->is_plan)
        return plan_not_answered(operation->call, operation->resource, operation->session,
                                 why, operation->diags);
    return diags_error(operation->diags, path_of(lookup),
                       "Cannot determine the directory",
                       "%s\n\nWhat to do: Run again later, or set %s.",
                       text_sentence(arena, why->text), lookup->row->name);
}

static int find_directory(struct lookup *lookup, const char **out)
{
    struct operation *operation = &lookup->operation;
    struct call *call = operation->call;
    const char *domain =
        value_text(value_get(call->arena, lookup->object, lookup->row->directory_of));
    const struct value *configured =
        value_get(call->arena, lookup->config, lookup->row->name);
    struct error why = NO_ERROR;
    if (domain == NULL || configured->state == VALUE_UNKNOWN)
        return 0;
    if (find_client(lookup) < 0)
        return -1;
    if (operation->client == NULL)
        return 0;
    if (service_find_directory(operation->service, call, domain, out, &why) < 0)
        return explain_directory(lookup, &why);
    const char *text = value_text(configured);
    if (text == NULL || text_equal_ignoring_case(text, *out))
        return 0;
    return diags_error(operation->diags, path_of(lookup),
                       "The domain belongs to another directory",
                       "The domain \"%s\" belongs to directory %s, but %s is %s.\n\nWhat "
                       "to do: Correct one of the two, or remove %s.",
                       domain, *out, lookup->row->name, text, lookup->row->name);
}

/* ---- another object ----------------------------------------------------------------------- */

/* 0 with *out NULL: the object does not have the value, or does not exist; then `refused` has the
 * answer. */
static int ask_object(struct operation *operation, const struct read_from_rule *rule,
                      const char *id, const char **out, struct rest_reply **refused,
                      struct error *err)
{
    struct call *call = operation->call;
    const struct rest_request request = { .method = "GET",
                                          .id = id,
                                          .api_version = rule->api_version };
    auto_rest_reply reply = NULL;
    if (rest_read(call, operation->client, &request, &reply, err) < 0)
        return -1;
    const char *text = reply->status == 200
                           ? json_string_value(rest_json_find(reply->body, rule->place))
                           : NULL;
    *out = explain_shown(call->arena, text);
    if (text == NULL && reply->failure.code == NULL)
        return error_set(err, ERR_SHAPE,
                         "the response (status %d) about %s does not contain its %s",
                         reply->status, id, rule->place);
    if (text == NULL)
        *refused = take(reply);
    return 0;
}

static int explain_unsaid(struct lookup *lookup, const struct rest_reply *refused,
                          const struct error *err)
{
    struct operation *operation = &lookup->operation;
    struct arena *arena = operation->call->arena;
    const char *what =
        arena_print(arena, "the object in %s", lookup->row->read_from->attribute);
    operation->is_list = true;
    operation->list_label = what;
    if (refused == NULL)
        return lookup->is_plan
                   ? plan_not_answered(operation->call, operation->resource,
                                       operation->session, err, operation->diags)
                   : explain_error(operation, err, NULL);
    if (refused->status == 404 && lookup->is_plan)
        return 0;
    return lookup->is_plan
               ? plan_refused(operation, &refused->failure, what)
               : explain_failure(operation, &refused->failure,
                                 arena_print(arena, "The request was for %s.", what));
}

/* Reads the other object by its ID, unless that ID was itself looked up by this value. */
static int find_read_from(struct lookup *lookup, const char **out)
{
    struct operation *operation = &lookup->operation;
    struct arena *arena = operation->call->arena;
    const struct read_from_rule *rule = lookup->row->read_from;
    const struct value *given = value_get(arena, lookup->config, lookup->row->name);
    const char *id =
        rule->path == NULL ? value_text(value_get(arena, lookup->config, rule->attribute))
        : value_is_null(given) ? resource_fill(arena, rule->path, lookup->object)
                               : NULL;
    auto_rest_reply refused = NULL;
    struct error err = NO_ERROR;
    if (id == NULL || given->state == VALUE_UNKNOWN)
        return 0;
    if (find_client(lookup) < 0)
        return -1;
    if (operation->client == NULL)
        return 0;
    if (ask_object(operation, rule, id, out, &refused, &err) < 0 || refused != NULL)
        return explain_unsaid(lookup, refused, &err);
    const char *text = value_text(given);
    if (text == NULL || *out == NULL || text_equal_ignoring_case(text, *out))
        return 0;
    return diags_error(
        operation->diags, path_of(lookup),
        arena_print(arena, "%s does not match %s", lookup->row->name, rule->attribute),
        "%s is \"%s\", but the object in %s has \"%s\".\n\nWhat to do: Correct one of the two, "
        "or remove one of them.",
        lookup->row->name, text, rule->attribute, *out);
}

int looked_up_read_from(struct operation *operation, bool is_imported,
                        const struct value *before, const struct value **object)
{
    struct arena *arena = operation->call->arena;
    const struct attribute *row = operation->resource->table->attributes;
    for (; row->name != NULL; row++) {
        const char *id =
            row->read_from == NULL ? NULL
            : row->read_from->path != NULL
                ? resource_fill(arena, row->read_from->path, *object)
                : value_text(value_get(arena, *object, row->read_from->attribute));
        bool is_known =
            id == NULL ||
            (!value_is_null(value_get(arena, *object, row->name)) &&
             (row->read_from->path != NULL ||
              text_equal_ignoring_case(
                  id, value_text(value_get(arena, before, row->read_from->attribute)))));
        if (is_known)
            continue;
        auto_rest_reply refused = NULL;
        struct error err = NO_ERROR;
        const char *text = NULL;
        static const char lead[] = "Nothing was imported.";
        if (ask_object(operation, row->read_from, id, &text, &refused, &err) < 0)
            return explain_error(operation, &err, is_imported ? lead : NULL);
        if (refused != NULL && is_imported)
            return explain_failure(operation, &refused->failure, lead);
        if (text != NULL)
            *object = value_with(arena, *object, row->name, value_string(arena, text));
    }
    return 0;
}

/* ---- all of them ------------------------------------------------------------------------- */

bool looked_up_any(const struct attribute *rows)
{
    while (rows->name != NULL && !is_looked_up(rows))
        rows++;
    return rows->name != NULL;
}

static int fill_one(struct lookup *lookup)
{
    struct arena *arena = lookup->operation.call->arena;
    const struct attribute *row = lookup->row;
    bool is_open = value_is_null(value_get(arena, lookup->config, row->name)) &&
                   value_get(arena, lookup->object, row->name)->state != VALUE_KNOWN;
    const char *text = NULL;
    if (row->directory_of != NULL) {
        if (find_directory(lookup, &text) < 0)
            return -1;
    } else if (row->read_from != NULL) {
        if (find_read_from(lookup, &text) < 0)
            return -1;
    } else if (is_open && row->looked_up != NULL) {
        if (look_up(lookup, &text) < 0)
            return -1;
    } else if (is_open && row->default_from != NULL) {
        text = resource_fill(arena, row->default_from, lookup->object);
    }
    if (is_open && text != NULL)
        lookup->object =
            value_with(arena, lookup->object, row->name, value_string(arena, text));
    return 0;
}

int looked_up_fill(struct call *call, const struct resource *resource,
                   struct session *session, const struct looking_up *what,
                   const struct value **object, struct diags *diags)
{
    struct lookup lookup = {
        .operation = { .call = call,
                       .resource = resource,
                       .session = session,
                       .act = what->act,
                       .diags = diags },
        .config = what->config,
        .object = *object,
        .is_plan = what->is_plan,
    };
    if (session == NULL || !looked_up_any(what->rows))
        return 0;
    if (what->is_plan)
        call->deadline_ms = clock_monotonic_ms() + PLAN_CHECKS_TIME_MS;
    for (lookup.row = what->rows; lookup.row->name != NULL; lookup.row++) {
        if (is_looked_up(lookup.row) && fill_one(&lookup) < 0)
            return -1;
    }
    *object = lookup.object;
    return 0;
}
