/* Errors in a plan that only the service shows.
 *
 * A plan also works without the service: a check that cannot be made is skipped quickly, with one
 * warning for each cause (plan_unchecked.c). Whether an object would be overwritten is checked
 * again before the write (create.c).
 * SPDX-License-Identifier: MPL-2.0 */

#include "rest/json.h"
#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"
#include "session/findings.h"
#include "session/object_flags.h"

/* ---- an object that would be overwritten ------------------------------------------------ */

static int check_overwritten(struct operation *operation, const struct engine_plan *plan,
                             bool is_second_half)
{
    struct arena *arena = operation->call->arena;
    const char *overwritten = unique_find(operation, plan->planned_state);
    /* A replacement overwrites only itself. Terraform plans it in two halves, and the second half
     * does not have the prior state. Only Terraform knows whether the old object is deleted first;
     * if not, create.c reports it. */
    if (overwritten == NULL || object_flags_has(service_object_flags(operation->service),
                                                OBJECT_REPLACED, overwritten)) {
        /* Terraform shows only errors of the second half. */
        if (is_second_half)
            return 0;
        unique_warn_unknown(operation, plan->planned_state);
        return unique_claim_owner(operation, plan);
    }
    return unique_explain(operation, plan->planned_state, overwritten,
                          resource_may_allow(arena, plan->planned_state,
                                             operation->resource->table->overwrite));
}

/* ---- a parent of the wrong kind --------------------------------------------------------------- */

/* The same run creates the parent, or changes what only the apply shows. */
static bool parent_is_open(struct operation *operation)
{
    return operation->parent_id != NULL &&
           object_flags_has(service_object_flags(operation->service), OBJECT_PLANNED_OPEN,
                            operation->parent_id);
}

/* `refusal`: the error of the first call, NULL for the others. A credential may be allowed to list
 * the objects in a parent, but not to read the parent. */
static int report_parent_missing(struct operation *operation,
                                 const struct rest_reply *refusal)
{
    if (refusal == NULL)
        return 0;
    if (refusal->is_malformed || refusal->failure.code == NULL) {
        struct error why = NO_ERROR;
        rest_refuse_shape(operation->client, refusal->status, &why);
        return plan_not_answered(operation->call, operation->resource, operation->session,
                                 &why, operation->diags);
    }
    if (refusal->status == 404 && !parent_is_open(operation))
        return plan_warn_of_missing_parent(operation, &refusal->failure);
    if (refusal->status == 404 ||
        (refusal->status == 403 && rest_collection_has_answered(operation->collection)))
        return 0;
    const char *what =
        arena_print(operation->call->arena, "%s %s",
                    operation->resource->table->parent_noun, operation->parent_id);
    return plan_refused(operation, &refusal->failure, what);
}

/* The parent can never have such an object, unless the same run changes it first. */
static int check_parent_rules(struct operation *operation, const json_t *body)
{
    const struct parent_rule *rule = operation->resource->table->parent_rules;
    struct arena *arena = operation->call->arena;
    if (parent_is_open(operation))
        return 0;
    for (; rule != NULL && rule->place != NULL; rule++) {
        const char *value = rest_json_text(body, rule->place);
        if (value == NULL || !text_equal_ignoring_case(value, rule->refused))
            continue;
        return diags_error(
            operation->diags, path_attribute(arena, PATH_NONE, rule->attribute),
            arena_print(arena, "The %s does not support this resource",
                        operation->resource->table->parent_noun),
            "Cannot create a %s here: %s (%s is \"%s\").\n\nWhat to do: %s",
            operation->resource->table->noun, explain_fill(operation, rule->meaning),
            rule->place, value, explain_fill(operation, rule->action));
    }
    return 0;
}

/* ---- all of them ---------------------------------------------------------------------------------- */

/* If the client stays NULL, no request is sent. -1 with a diagnostic: there is no credential, so an
 * apply would fail as well. */
static int begin(struct operation *operation, struct call *call,
                 const struct resource *resource, struct session *session,
                 const struct value *object, const char *id, struct diags *diags)
{
    const char *name = resource->table->service->name;
    struct error why = NO_ERROR;
    *operation = (struct operation){ .call = call,
                                     .resource = resource,
                                     .session = session,
                                     .service = session_find_service(session, name),
                                     .act = "plan",
                                     .diags = diags };
    struct findings *findings = service_findings(operation->service);
    operation->planned = object;
    if (id == NULL)
        operation->list_id = resource_fill(call->arena, resource->table->list_id, object);
    else if (operation_rename(operation, id) < 0)
        return -1;
    call->deadline_ms = clock_monotonic_ms() +
                        (findings_is_silent(findings) ? 0 : PLAN_FIRST_CHECK_TIME_MS);
    if (session_service(session, call, name, &operation->service, &why) == 0) {
        if (operation_expect_directories(resource->table, operation->service, diags) < 0)
            return -1;
        return operation_find_client(operation, object, &why) < 0
                   ? explain_error(operation, &why, NULL)
                   : 0;
    }
    /* Only the user can change the mode or the credential. */
    if (why.kind == ERR_CREDENTIAL || why.kind == ERR_INVALID)
        return operation_find_service(call, resource, session, &operation->service,
                                      diags);
    if (findings_is_silent(findings))
        return 0;
    findings_set_silent(findings);
    return plan_not_answered(call, resource, session, &why, diags);
}

static bool makes_new_object(const struct engine_plan *plan)
{
    return value_is_null(plan->prior_state) || plan->requires_replace[0] != NULL;
}

/* Other plans of this run must not count on its values. */
static void record_change(struct arena *arena, const struct resource *resource,
                          struct object_flags *flags, const struct engine_plan *plan,
                          const char *id)
{
    const char *const *name = resource->table->read_elsewhere;
    const struct value *before = plan->prior_state, *after = plan->planned_state;
    if (id == NULL || value_is_null(after))
        return;
    if (!value_is_wholly_known(after))
        object_flags_add(flags, OBJECT_PLANNED_OPEN, id);
    for (; name != NULL && *name != NULL; name++) {
        before = value_get(arena, before, *name);
        after = value_get(arena, after, *name);
    }
    if (name != NULL && !makes_new_object(plan) && !value_equal(before, after))
        object_flags_add(flags, OBJECT_PLANNED_VALUE, id);
}

static struct plan_kind kind_of(struct arena *arena, const struct resource *resource,
                                const struct engine_plan *plan)
{
    bool is_destroy = value_is_null(plan->planned_state);
    bool has_prior = !value_is_null(plan->prior_state);
    return (struct plan_kind){
        .is_destroy = is_destroy,
        .is_first_half = !is_destroy && has_prior && makes_new_object(plan),
        .is_second_half =
            !is_destroy && !has_prior && private_is_replaceable(plan->prior_private),
        .is_freed = !has_prior && private_is_freeing(plan->prior_private),
        .prior_id = value_text(
            value_get(arena, plan->prior_state, resource_id_attribute(resource))),
        .only_forgets =
            has_prior && destroy_only_forgets(resource, arena, plan->prior_state),
        .made = is_destroy ? NULL : made_row(resource, arena, plan->config),
    };
}

/* Checks the parent, which also shows whether the service answers, and the list in it. */
static int check_place(struct operation *operation, const struct engine_plan *plan,
                       const struct plan_kind *kind)
{
    struct rest_collection *collection = operation->collection;
    auto_rest_parent parent = { .has_answered = true };
    /* A parent that already has objects passes the parent rules, without a request. */
    if (collection != NULL && !rest_collection_has_shown_some(collection))
        rest_collection_read_parent(operation->call, operation->client, collection,
                                    PLAN_FIRST_CHECK_TIME_MS, &parent);
    /* A refusal, unlike a missing answer, means that other checks would fail as well. */
    if (parent.why.kind == ERR_CREDENTIAL && rest_is_refused(operation->client))
        return explain_error(operation, &parent.why, NULL);
    if (!parent.has_answered) {
        findings_set_silent(service_findings(operation->service));
        return parent.why.kind != ERR_NONE
                   ? plan_not_answered(operation->call, operation->resource,
                                       operation->session, &parent.why, operation->diags)
                   : 0;
    }
    if (operation->resource->table->looks_ahead)
        return existing_look(operation, kind, plan->planned_state);
    if (collection == NULL)
        return 0;
    if (check_parent_rules(operation, parent.body) < 0 ||
        check_overwritten(operation, plan, kind->is_second_half) < 0)
        return -1;
    if (kind->prior_id == NULL && !kind->is_second_half)
        plan_warn_of_tainted(operation);
    if (existing_check(operation) < 0 ||
        report_parent_missing(operation, parent.refusal) < 0)
        return -1;
    return plan_list_failed(operation, collection);
}

/* Determines the values that only the service knows, and checks what depends on them. */
static int look_up(struct call *call, const struct resource *resource,
                   struct session *session, struct engine_plan *plan, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct looking_up what = { resource->table->attributes, plan->config, true,
                                     "plan" };
    if (looked_up_fill(call, resource, session, &what, &plan->planned_state, diags) < 0)
        return -1;
    plan->planned_state = made_fill(resource, arena, plan->planned_state, plan->config);
    const char *id = resource_id(resource, arena, plan->planned_state);
    if (id != NULL)
        plan->planned_state =
            value_with(arena, plan->planned_state, resource_id_attribute(resource),
                       value_string(arena, id));
    return 0;
}

/* An object whose ID the service makes is searched by the natural key, if all of that is known. */
static int find_by_key(struct operation *operation, const struct engine_plan *plan,
                       const struct plan_kind *kind)
{
    struct arena *arena = operation->call->arena;
    struct plan_kind new = *kind;
    const char *const *name = operation->resource->table->natural_key;
    for (; *name != NULL; name++) {
        if (value_get(arena, plan->planned_state, *name)->state == VALUE_UNKNOWN)
            return 0;
    }
    /* Two resources with one natural key would create two objects, because neither is in the list
     * yet. */
    new.prior_id = NULL;
    if (operation->list_id != NULL &&
        existing_claim(operation->resource, operation->session, &new,
                       arena_print(arena, "%s (%s)", operation->list_id,
                                   natural_key_show(operation)),
                       operation->diags) < 0)
        return -1;
    if (operation->client == NULL || operation->list_id == NULL ||
        findings_is_silent(service_findings(operation->service)))
        return 0;
    plan_begin_checks(operation);
    return existing_find(operation, kind, plan->planned_state);
}

/* The apply would be refused, whatever is planned. */
static int expect_person(struct call *call, const struct resource *resource,
                         struct session *session, struct diags *diags)
{
    struct service *service;
    struct error ignored = NO_ERROR; /* the checks after this one report it */
    call->deadline_ms = clock_monotonic_ms() + PLAN_FIRST_CHECK_TIME_MS;
    return !resource->table->needs_person || session == NULL ||
                   session_service(session, call, resource->table->service->name,
                                   &service, &ignored) < 0
               ? 0
               : operation_expect_person(resource->table, service, diags);
}

/* Whether this object can be deleted, and the objects that its delete removes as well. */
static int check_delete(struct operation *operation, const struct value *prior)
{
    if (operation->client == NULL)
        return 0;
    if (destroy_expect_person(operation, prior) < 0)
        return -1;
    if (session_checks_locks(operation->session)) {
        plan_begin_checks(operation);
        if (delete_blockers_check(operation, prior) < 0)
            return -1;
    }
    if (operation->resource->table->dependents == NULL ||
        findings_is_silent(service_findings(operation->service)))
        return 0;
    plan_begin_checks(operation);
    return dependents_check(operation, prior, true);
}

/* The first half of a replacement deletes the old object, which may be in another directory.
 * `operation` is about the new one. */
static int check_first_half(const struct operation *operation,
                            const struct engine_plan *plan, const struct plan_kind *kind)
{
    struct operation old = *operation;
    struct error why = NO_ERROR;
    if (old.client != NULL && operation_find_client(&old, plan->prior_state, &why) < 0)
        return explain_error(&old, &why, NULL);
    if (kind->prior_id != NULL) {
        if (operation_rename(&old, kind->prior_id) < 0)
            return -1;
        object_flags_add(service_object_flags(old.service), OBJECT_REPLACED,
                         kind->prior_id);
    }
    if (check_delete(&old, plan->prior_state) < 0)
        return -1;
    if (old.resource->table->destroys != NULL)
        return plan_warn_of_destroy(&old, plan->prior_state);
    if (kind->prior_id != NULL)
        plan_warn_of_first_half(operation, &old);
    return 0;
}

/* The same if only the apply shows the ID of the new object. */
static int check_first_half_alone(struct call *call, const struct resource *resource,
                                  struct session *session, const struct engine_plan *plan,
                                  const struct plan_kind *kind, struct diags *diags)
{
    struct operation operation;
    if (session == NULL || kind->prior_id == NULL)
        return 0;
    if (begin(&operation, call, resource, session, plan->prior_state, kind->prior_id,
              diags) < 0)
        return -1;
    const char *parent_id = resource->table->parent_id;
    operation.id = NULL;
    operation.parent_id = parent_id != NULL
                              ? resource_fill(call->arena, parent_id, plan->planned_state)
                              : NULL;
    return check_first_half(&operation, plan, kind);
}

static int check_object(struct call *call, const struct resource *resource,
                        struct session *session, struct engine_plan *plan,
                        struct diags *diags)
{
    struct arena *arena = call->arena;
    bool is_destroy = value_is_null(plan->planned_state);
    if (!is_destroy && makes_new_object(plan) &&
        (expect_person(call, resource, session, diags) < 0 ||
         look_up(call, resource, session, plan, diags) < 0))
        return -1;
    const struct value *object = is_destroy ? plan->prior_state : plan->planned_state;
    const char *id =
        value_text(value_get(arena, object, resource_id_attribute(resource)));
    const struct plan_kind kind = kind_of(arena, resource, plan);
    bool deletes = is_destroy || kind.is_first_half;
    if (deletes && delete_expect_allowed(call, resource, plan->prior_state, diags) < 0)
        return kind.is_first_half ? destroy_explain_cause(call, resource, plan, diags)
                                  : -1;
    if (kind.is_first_half && destroy_expect_room(call, resource, plan, diags) < 0)
        return -1;
    if (session != NULL && kind.prior_id != NULL && !is_destroy)
        plan->planned_private =
            private_replaceable(resource->table->delete_action == NULL ||
                                post_action_is_due(resource, arena, plan->prior_state));
    if (session != NULL && existing_claim(resource, session, &kind, id, diags) < 0)
        return -1;
    if (kind.is_first_half && id == NULL &&
        check_first_half_alone(call, resource, session, plan, &kind, diags) < 0)
        return -1;
    struct operation operation;
    bool is_found_by_key = id == NULL && !is_destroy && resource->table->looks_ahead &&
                           resource->table->natural_key != NULL && makes_new_object(plan);
    if (session == NULL || (id == NULL && !is_found_by_key))
        return 0;
    record_change(call->arena, resource, resource_object_flags(resource, session), plan,
                  id);
    if (begin(&operation, call, resource, session, object, id, diags) < 0)
        return -1;
    if (is_found_by_key)
        return find_by_key(&operation, plan, &kind);
    if (existing_expect_parent(&operation, &kind, makes_new_object(plan)) < 0)
        return -1;
    if (is_destroy)
        return check_delete(&operation, plan->prior_state) < 0
                   ? -1
                   : plan_warn_of_destroy(&operation, plan->prior_state);
    if (kind.is_first_half && check_first_half(&operation, plan, &kind) < 0)
        return -1;
    if (unique_row(&operation) != NULL && unique_claim(&operation, plan) < 0)
        return -1;
    if (!makes_new_object(plan) || operation.client == NULL ||
        findings_is_silent(service_findings(operation.service)))
        return 0;
    plan_begin_checks(&operation);
    return check_place(&operation, plan, &kind);
}

int engine_check_plan(struct call *call, const struct resource *resource,
                      struct session *session, struct engine_plan *plan,
                      struct diags *diags)
{
    if (check_object(call, resource, session, plan, diags) < 0)
        return -1;
    return session == NULL || value_is_null(plan->planned_state)
               ? 0
               : reference_checks_run(call, resource, session, plan, diags);
}
