/* Values of a new object that the configuration omits and the service knows, such as the directory
 * or account that its objects belong to. Each request is sent once per session.
 *
 * The plan sends it, so that it can show the ID and compare it with what exists. If the service
 * does not answer, the value stays unknown until the apply.
 * SPDX-License-Identifier: MPL-2.0 */

#include "base/clock.h"
#include "base/text.h"
#include "engine/lookup.h"
#include "rest/json.h"
#include "session/findings.h"
#include "session/object_flags.h"

static bool is_looked_up(const struct attribute *row)
{
    return row->looked_up != NULL || row->default_from != NULL ||
           row->directory_of != NULL || row->read_from != NULL;
}

/* ---- the service ------------------------------------------------------------------------- */

/* The service may not show a parent yet that this run has created. Whatever it says in the end, the
 * lookup says it as well. */
static void await_parent(struct operation *operation)
{
    bool is_early = operation_makes(operation, operation->parent_id);
    while (is_early) {
        auto_probe probe = { 0 };
        is_early = probe_parent(operation, &probe) < 0 && probe.reply != NULL &&
                   probe_says_parent_gone(operation, probe.reply) &&
                   operation_await_parent(operation);
    }
}

int lookup_find_client(struct lookup *lookup)
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
    if (operation_find_client(operation, lookup->object, &why) < 0)
        return explain_error(operation, &why, NULL);
    const char *parent = operation->resource->table->parent_id;
    operation->parent_id =
        parent != NULL ? resource_fill(call->arena, parent, lookup->object) : NULL;
    if (!lookup->is_plan && operation->client != NULL)
        await_parent(operation);
    return 0;
}

const struct path *lookup_path(const struct lookup *lookup)
{
    return path_attribute(lookup->operation.call->arena, PATH_NONE, lookup->row->name);
}

/* Terraform plans again before the apply. If the first plan got an answer, it does not accept that
 * the value is unknown now, so the user has to see what happened. */
int lookup_not_there(struct lookup *lookup, const char *id,
                     const struct rest_failure *failure, const char *what)
{
    struct operation *operation = &lookup->operation;
    bool is_new = operation_makes(operation, id) ||
                  operation_makes(operation, operation->parent_id);
    return is_new ? 0 : plan_refused(operation, failure, what);
}

/* ---- a directory ------------------------------------------------------------------------- */

static int explain_directory(struct lookup *lookup, const struct error *why)
{
    struct operation *operation = &lookup->operation;
    struct arena *arena = operation->call->arena;
    const char *name = lookup->row->directory_of;
    if (why->kind == ERR_REFUSED)
        return diags_error(operation->diags, path_attribute(arena, PATH_NONE, name),
                           "Directory not found",
                           "%s\n\nWhat to do: Check %s. If the same run creates the "
                           "directory, set %s to the ID that the other resource returns.",
                           text_sentence(arena, why->text), name, lookup->row->name);
    if (lookup->is_plan)
        return plan_not_answered(operation->call, operation->resource, operation->session,
                                 why, operation->diags);
    const char *action, *text = explain_split(arena, why->text, &action);
    return diags_error(operation->diags, lookup_path(lookup),
                       "Cannot determine the directory", "%s" EXPLAIN_ACTION "%s",
                       text_sentence(arena, text),
                       text_sentence(arena, OR(action, "Run again later")));
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
    if (lookup_find_client(lookup) < 0)
        return -1;
    if (operation->client == NULL)
        return 0;
    if (service_find_directory(operation->service, call, domain, out, &why) < 0)
        return explain_directory(lookup, &why);
    const char *text = value_text(configured);
    if (text == NULL || text_equal_ignoring_case(text, *out))
        return 0;
    return diags_error(operation->diags, lookup_path(lookup),
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
    const char *text =
        reply->status == 200 ? rest_json_text(reply->body, rule->place) : NULL;
    *out = explain_shown(call->arena, text);
    if (text == NULL && reply->failure.code == NULL)
        return error_set(err, ERR_SHAPE,
                         "the response (status %d) about %s does not contain its %s",
                         reply->status, id, rule->place);
    if (text == NULL)
        *refused = take(reply);
    return 0;
}

static int explain_unsaid(struct lookup *lookup, const char *id,
                          const struct rest_reply *refused, const struct error *err)
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
        return lookup_not_there(lookup, id, &refused->failure, what);
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
    /* The apply would find another value than the plan, which Terraform does not accept. */
    if (lookup->is_plan &&
        object_flags_has(resource_object_flags(operation->resource, operation->session),
                         OBJECT_PLANNED_VALUE, id))
        return 0;
    if (lookup_find_client(lookup) < 0)
        return -1;
    if (operation->client == NULL)
        return 0;
    if (ask_object(operation, rule, id, out, &refused, &err) < 0 || refused != NULL)
        return explain_unsaid(lookup, id, refused, &err);
    const char *text = value_text(given);
    if (text == NULL || *out == NULL || text_equal_ignoring_case(text, *out))
        return 0;
    return diags_error(
        operation->diags, lookup_path(lookup),
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
        /* What the former object has is not the value of this one. */
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
        if (lookup_in_list(lookup, &text) < 0)
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
