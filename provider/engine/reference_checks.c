/* Attributes that name an object in a list, perhaps of another service: whether that object exists.
 *
 * Each list is read once per session, so a thousand objects cost only its pages. A check that
 * cannot be made prevents nothing.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"
#include "rest/json.h"
#include "session/findings.h"
#include "session/object_flags.h"

struct checking {
    /* About the objects of the list. Without a client no request is sent. */
    struct operation operation;
    const struct resource *resource; /* that is planned */
    const struct engine_plan *plan;
    const struct reference_check *rule;
    const char *value;
};

/* Also null if the table has no such attribute. */
static const struct value *planned_value(const struct checking *checking,
                                         const char *name)
{
    const struct resource_table *table = checking->resource->table;
    struct arena *arena = checking->operation.call->arena;
    return schema_find(table->attributes, name) == NULL
               ? value_null(arena, &type_string)
               : value_get(arena, checking->plan->planned_state, name);
}

/* The value of a row that the plan sets or changes; NULL: it is unknown or unchanged. */
static const char *new_value(const struct checking *checking, const char *name)
{
    struct arena *arena = checking->operation.call->arena;
    const struct attribute *row =
        schema_find(checking->resource->table->attributes, name);
    const struct value *planned = planned_value(checking, name);
    const struct value *prior = value_get(arena, checking->plan->prior_state, name);
    return compare_attribute(row, prior, planned) ? NULL : value_text(planned);
}

/* 0 with the client NULL: the service is not configured, or does not answer. */
static int open_service(struct checking *checking, const struct resource *of)
{
    struct operation *operation = &checking->operation;
    struct call *call = operation->call;
    const char *name = of->table->service->name;
    struct error why = NO_ERROR;
    operation->resource = of;
    operation->act = "plan";
    operation->service = session_find_service(operation->session, name);
    struct findings *findings = service_findings(operation->service);
    if (!service_is_configured(operation->service) || findings_is_silent(findings))
        return 0;
    call->deadline_ms = clock_monotonic_ms() + PLAN_FIRST_CHECK_TIME_MS;
    if (session_service(operation->session, call, name, &operation->service, &why) < 0) {
        if (why.kind != ERR_CREDENTIAL && why.kind != ERR_INVALID)
            findings_set_silent(findings);
        return plan_not_answered(call, of, operation->session, &why, operation->diags);
    }
    operation->client = service_client(operation->service);
    plan_begin_checks(operation);
    return 0;
}

/* ---- one object ------------------------------------------------------------------------------ */

/* The list could not be read, so its objects are not read one by one either. */
static const char *set_aside_cause(const struct checking *checking)
{
    return arena_print(checking->operation.call->arena, "references to %s",
                       checking->operation.list_id);
}

/* Finds the object by GET, or in the list. 0 with *body, which the caller owns, or NULL if it does
 * not exist. 1: not known. */
static int find_by_id(struct checking *checking, json_t **body)
{
    struct operation *operation = &checking->operation;
    struct error err = NO_ERROR;
    auto_probe probe = { 0 };
    if (operation_ids(operation)->parse(operation->call->arena, checking->value,
                                        operation->resource->table->id_type,
                                        &err) == NULL ||
        operation_rename(operation, checking->value) < 0)
        return 1;
    struct findings *findings = service_findings(operation->service);
    if (findings_has(findings, set_aside_cause(checking)))
        return 1;
    probe_shared(operation, &probe);
    if (probe.presence == PRESENT)
        *body = json_incref(probe.reply->body);
    if (probe.presence == PRESENT || probe.presence == ABSENT ||
        probe.presence == PARENT_ABSENT)
        return 0;
    findings_add(findings, set_aside_cause(checking));
    return plan_probe_failed(operation, &probe) < 0 ? -1 : 1;
}

/* The values in the ID of the list: those of the planned object, else looked up. */
static int fill_list(struct checking *checking, const struct value **out)
{
    struct operation *operation = &checking->operation;
    struct arena *arena = operation->call->arena;
    const struct attribute *rows = operation->resource->table->list;
    const struct type *type = schema_rows_type(arena, rows);
    const struct value *config = value_object_of_nulls(arena, type);
    const struct value *object = config;
    struct diags unsaid;
    diags_init(&unsaid, arena);
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        const char *text = value_text(planned_value(checking, row->name));
        config = text == NULL
                     ? config
                     : value_with(arena, config, row->name, value_string(arena, text));
        object = value_with(arena, object, row->name,
                            text == NULL ? value_unknown(arena, row->type)
                                         : value_string(arena, text));
    }
    const struct looking_up what = { rows, config, true, "plan" };
    looked_up_fill(operation->call, operation->resource, operation->session, &what,
                   &object, &unsaid);
    *out = object;
    return plan_not_found_out(operation->call, operation->resource, operation->session,
                              &unsaid, operation->diags);
}

struct first {
    struct arena *arena;
    const char *id;
};

/* A rest_counts_fn; the collection is locked. */
static bool take_first(void *state, const char *id)
{
    struct first *first = state;
    first->id = arena_copy_text(first->arena, id);
    return true;
}

/* The {listed} of the texts. */
static const char *first_listed(struct checking *checking)
{
    struct operation *operation = &checking->operation;
    struct first first = { operation->call->arena, NULL };
    const struct attribute *row = unique_row(operation);
    json_t *body = NULL;
    rest_collection_has_any(operation->collection, take_first, &first);
    if (first.id == NULL || row == NULL ||
        rest_collection_read(operation->call, operation->client, operation->collection,
                             first.id, &body) != REST_EVIDENCE_PRESENT)
        return "";
    const char *text = explain_shown(first.arena, rest_json_text(body, row->body));
    json_decref(body);
    return text != NULL ? text : "";
}

/* As find_by_id(), in the list. */
static int find_in_list(struct checking *checking, json_t **body, const char **listed)
{
    struct operation *operation = &checking->operation;
    struct call *call = operation->call;
    const struct reference_check *rule = checking->rule;
    const struct value *object;
    if (fill_list(checking, &object) < 0)
        return -1;
    operation->list_id =
        resource_fill(call->arena, operation->resource->table->list_id, object);
    const char *parent_id = operation->resource->table->parent_id;
    if (parent_id != NULL)
        operation->parent_id = resource_fill(call->arena, parent_id, object);
    if (operation->list_id == NULL)
        return 1;
    const char *id =
        rule->by == REFERENCE_BY_NAME
            ? arena_print(call->arena, "%s/%s", operation->list_id, checking->value)
            : NULL;
    /* No list has an object that the same plan creates. */
    if (rule->is_refused && id != NULL &&
        object_flags_has(service_object_flags(operation->service), OBJECT_PLANNED_CREATE,
                         id)) {
        *body = json_object();
        return 0;
    }
    operation_find_list(operation);
    rest_collection_ensure(call, operation->client, operation->collection);
    if (!rest_collection_has_answered(operation->collection))
        return plan_list_failed(operation, operation->collection) < 0 ? -1 : 1;
    if (rule->is_skipped_if_empty &&
        !rest_collection_has_shown_some(operation->collection))
        return 1;
    *listed = first_listed(checking);
    if (rule->by == REFERENCE_BY_UNIQUE)
        id = rest_collection_recall_other(call, operation->collection, checking->value,
                                          "");
    if (id != NULL)
        rest_collection_read(call, operation->client, operation->collection, id, body);
    return 0;
}

/* ---- what is said of it ------------------------------------------------------------------------ */

static int explain(struct checking *checking, bool is_warning, const char *title,
                   const char *text, const char *listed)
{
    struct operation *operation = &checking->operation;
    struct arena *arena = operation->call->arena;
    const struct explain_word words[] = {
        { "value", explain_shown(arena, checking->value) },
        { "list", operation->list_id != NULL ? operation->list_id : "" },
        { "listed", listed },
        { NULL, NULL },
    };
    const struct path *path = path_attribute(arena, PATH_NONE, checking->rule->attribute);
    operation->words = words;
    text = explain_fill(operation, text);
    operation->words = NULL;
    return is_warning ? diags_warning(operation->diags, path, title, "%s", text)
                      : diags_error(operation->diags, path, title, "%s", text);
}

static const char *text_at(const json_t *body, const char *place)
{
    const json_t *value = rest_json_find(body, place);
    return json_is_boolean(value) ? (json_is_true(value) ? "true" : "false")
                                  : json_string_value(value);
}

static int check_states(struct checking *checking, const json_t *body, const char *listed)
{
    const struct reference_state *state = checking->rule->states;
    for (; state != NULL && state->place != NULL; state++) {
        const char *value = text_at(body, state->place);
        if (value == NULL || !text_equal_ignoring_case(value, state->value) ||
            (state->is_warning &&
             !findings_add(service_findings(checking->operation.service), state->title)))
            continue;
        if (explain(checking, state->is_warning, state->title, state->text, listed) < 0)
            return -1;
    }
    return 0;
}

/* The same plan creates the object, or plans an object with the value. */
static bool is_planned(struct checking *checking)
{
    struct operation *operation = &checking->operation;
    const struct reference_check *rule = checking->rule;
    struct object_flags *own =
        resource_object_flags(checking->resource, operation->session);
    return object_flags_has(service_object_flags(operation->service),
                            OBJECT_PLANNED_CREATE, checking->value) ||
           object_flags_has(own, OBJECT_PLANNED_CREATE, checking->value) ||
           (rule->by == REFERENCE_BY_UNIQUE &&
            unique_is_planned(operation->call->arena, operation->service, rule->objects,
                              checking->value));
}

/* NULL: not known. */
static const char *own_directory(struct checking *checking)
{
    const char *own = NULL;
    struct error ignored = NO_ERROR;
    return service_find_own_directory(checking->operation.service,
                                      checking->operation.call, &own, &ignored) == 0
               ? own
               : NULL;
}

static bool is_own_directory(struct checking *checking)
{
    return checking->rule->takes_own_directory &&
           text_equal_ignoring_case(own_directory(checking), checking->value);
}

static int check_one(struct checking *checking)
{
    const struct reference_check *rule = checking->rule;
    struct operation *operation = &checking->operation;
    struct resource objects;
    json_t *body = NULL;
    const char *listed = "";
    checking->value = new_value(checking, rule->attribute);
    if (checking->value == NULL)
        return 0;
    engine_resource_init(&objects, operation->call->arena, rule->objects);
    if (open_service(checking, &objects) < 0)
        return -1;
    if (operation->client == NULL || is_planned(checking) || is_own_directory(checking) ||
        (rule->objects->one_directory_refusal != NULL &&
         service_has_one_directory(operation->service)))
        return 0;
    int result = rule->by == REFERENCE_BY_ID ? find_by_id(checking, &body)
                                             : find_in_list(checking, &body, &listed);
    if (result == 0 && (body != NULL) == rule->is_refused)
        result = explain(checking, rule->is_warning, rule->title, rule->text, listed);
    else if (result == 0 && body != NULL)
        result = check_states(checking, body, listed);
    json_decref(body);
    return result < 0 ? -1 : 0;
}

/* ---- the domain of a user ---------------------------------------------------------------------- */

static const char *directory_of(struct checking *checking, const struct attribute *row)
{
    const struct value *planned = planned_value(checking, row->user_of);
    const struct value *config =
        value_get(checking->operation.call->arena, checking->plan->config, row->user_of);
    return value_is_null(config) && value_text(planned) == NULL ? own_directory(checking)
                                                                : value_text(planned);
}

/* Only a warning: the service decides which users it accepts. */
static int check_user(struct checking *checking, const struct attribute *row)
{
    struct operation *operation = &checking->operation;
    const char *user = new_value(checking, row->name);
    const char *at = user != NULL ? strrchr(user, '@') : NULL;
    const char *directory = NULL, *found = NULL;
    struct error why = NO_ERROR;
    if (at == NULL || strchr(at, '.') == NULL)
        return 0;
    if (open_service(checking, checking->resource) < 0)
        return -1;
    if (operation->client == NULL || service_has_one_directory(operation->service))
        return 0;
    static const char failed[] = "directories cannot be looked up";
    struct findings *findings = service_findings(operation->service);
    directory = directory_of(checking, row);
    if (directory == NULL || findings_has(findings, failed))
        return 0;
    int result =
        service_find_directory(operation->service, operation->call, at + 1, &found, &why);
    if (result < 0 && why.kind != ERR_REFUSED) {
        findings_add(findings, failed);
        return plan_not_answered(operation->call, operation->resource, operation->session,
                                 &why, operation->diags);
    }
    if (result == 0 && text_equal_ignoring_case(found, directory))
        return 0;
    return diags_warning(
        operation->diags, path_attribute(operation->call->arena, PATH_NONE, row->name),
        "The domain belongs to another directory",
        "%s is \"%s\". %s%s, but %s is %s. %s may reject it.\n\nWhat to "
        "do: Check %s and %s. A guest's user principal name ends with the "
        "domain of the directory that invited the guest.",
        row->name, explain_shown(operation->call->arena, user),
        result < 0 ? why.text : "The domain belongs to directory ",
        result < 0 ? "" : found, row->user_of, directory, explain_service(operation),
        row->name, row->user_of);
}

int reference_checks_run(struct call *call, const struct resource *resource,
                         struct session *session, const struct engine_plan *plan,
                         struct diags *diags)
{
    const struct reference_check *rule = resource->table->reference_checks;
    const struct attribute *row = resource->table->attributes;
    const struct operation empty = { .call = call, .session = session, .diags = diags };
    struct checking checking = { .resource = resource, .plan = plan };
    for (; rule != NULL && rule->attribute != NULL; rule++) {
        checking.operation = empty;
        checking.rule = rule;
        if (check_one(&checking) < 0)
            return -1;
    }
    for (; row->name != NULL; row++) {
        checking.operation = empty;
        if (row->user_of != NULL && check_user(&checking, row) < 0)
            return -1;
    }
    return 0;
}
