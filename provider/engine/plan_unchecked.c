/* Plans that could not be checked with the service: they are made anyway, with a warning.
 *
 * There is one warning for each cause and session, however many objects are planned; an error if
 * the provider block requires plan checks.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/log.h"
#include "engine/internal.h"
#include "http/url.h"
#include "session/findings.h"

struct finding {
    const char *cause;  /* key, so that each is reported once */
    const char *facts;  /* sentences */
    const char *action; /* sentences; NULL: it is not known */
};

/* In the findings of a service that has a warning, whatever its cause. */
static const char reported[] = "reported";

/* Terraform shows only the first of several warnings with one title. A provider block may have another
 * host for the same service. */
static const char *title_of(struct arena *arena, const struct service_table *table,
                            const struct service *service)
{
    const char *address = table->publishes_sign_in ? service_address(service) : NULL;
    char host[HTTP_HOST_BYTES];
    if (address == NULL)
        return arena_print(arena, "Plan was not checked with %s", table->label);
    http_host(address, host);
    return arena_print(arena, "Plan was not checked with %s (%s)", table->label, host);
}

static int report(struct call *call, const struct resource *resource,
                  struct session *session, const struct finding *finding,
                  struct diags *diags)
{
    const struct service_table *table = resource->table->service;
    const char *service = table->label;
    struct service *found = session_find_service(session, table->name);
    bool is_new = findings_add(service_findings(found), finding->cause);
    findings_add(service_findings(found), reported);
    log_write(call, is_new ? LOG_WARN : LOG_DEBUG, NULL,
              "the plan was not checked with %s: %s", service, finding->facts);
    if (!is_new)
        return 0;
    bool is_error = session_requires_plan_checks(session);
    const char *detail =
        arena_print(call->arena,
                    "%s\n\nThe plan was made without the checks in %s. The apply may "
                    "fail if the cause persists.%s%s%s%s",
                    finding->facts, service,
                    looked_up_any(resource->table->attributes)
                        ? " If Terraform also reports \"Provider produced inconsistent "
                          "final plan\", the service responded to the first plan but not "
                          "to this one. Nothing was created, and you can apply again."
                        : "",
                    is_error ? " This is an error because plan_checks_required "
                               "(AZURESTACK_PLAN_CHECKS_REQUIRED) is true."
                             : "",
                    finding->action != NULL ? EXPLAIN_ACTION : "",
                    finding->action != NULL ? finding->action : "");
    const char *title = title_of(call->arena, table, found);
    return is_error ? diags_error(diags, PATH_NONE, title, "%s", detail)
                    : diags_warning(diags, PATH_NONE, title, "%s", detail);
}

int plan_not_answered(struct call *call, const struct resource *resource,
                      struct session *session, const struct error *why,
                      struct diags *diags)
{
    enum error_kind kind =
        why->kind == ERR_TIMEOUT && why->cause != ERR_NONE ? why->cause : why->kind;
    struct service *service =
        session_find_service(session, resource->table->service->name);
    /* A timeout after a warning: an earlier check used up the time of both. */
    if (kind == ERR_STOPPED ||
        (kind == ERR_TIMEOUT && findings_has(service_findings(service), reported)))
        return 0;
    const char *action, *text = explain_split(call->arena, why->text, &action);
    action = action != NULL        ? text_sentence(call->arena, action)
             : kind != ERR_TIMEOUT ? explain_advice(call->arena, resource, kind)
                                   : "Plan again later.";
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '.')
        length--;
    const struct finding finding = {
        /* The title of the same cause where it is an error: plan_not_found_out(). */
        .cause = kind == ERR_CREDENTIAL ? arena_print(call->arena, "Cannot sign in to %s",
                                                      resource->table->service->label)
                                        : "no response",
        .facts = arena_print(
            call->arena,
            kind == ERR_CREDENTIAL ? "The provider cannot sign in to %s: %.*s."
            : kind == ERR_INVALID  ? "%s was not asked: %.*s."
            : kind == ERR_TOO_BIG || kind == ERR_SHAPE || kind == ERR_REFUSED
                ? "There is no usable response from %s: %.*s."
                : "%s could not be reached: %.*s.",
            resource->table->service->label, (int)length, text),
        .action = action,
    };
    return report(call, resource, session, &finding, diags);
}

int plan_not_found_out(struct call *call, const struct resource *resource,
                       struct session *session, const struct diags *why,
                       struct diags *diags)
{
    const struct diagnostic *error = NULL;
    for (const struct diagnostic *one = why->first; one != NULL; one = one->next) {
        if (one->severity == SEVERITY_WARNING)
            diags_warning(diags, one->path, one->summary, "%s", one->detail);
        else if (error == NULL)
            error = one;
    }
    if (error == NULL)
        return 0;
    const char *action, *detail = explain_split(call->arena, error->detail, &action);
    const struct finding finding = {
        .cause = error->summary,
        .facts = arena_print(call->arena, "%s. %s", error->summary, detail),
        .action = action,
    };
    return report(call, resource, session, &finding, diags);
}

int plan_refused(struct operation *operation, const struct rest_failure *failure,
                 const char *what)
{
    struct arena *arena = operation->call->arena;
    const struct remedy *remedy =
        schema_find_remedy(operation->resource->table, failure->code);
    const char *code = *failure->code != '\0' ? failure->code : "no error code";
    const struct finding finding = {
        .cause = arena_print(arena, "%d %s", failure->status, failure->code),
        .facts =
            arena_print(arena, "%s returned an error for %s: status %d, %s%s%s.%s%s%s",
                        explain_service(operation), what, failure->status, code,
                        remedy != NULL ? ": " : "",
                        remedy != NULL ? explain_fill(operation, remedy->meaning) : "",
                        *failure->message != '\0' ? "\n\n" : "", failure->message,
                        explain_wait(operation, failure)),
        .action = explain_action(operation, failure),
    };
    return report(operation->call, operation->resource, operation->session, &finding,
                  operation->diags);
}

int plan_probe_failed(struct operation *operation, struct probe *probe)
{
    if (probe->presence == REFUSED || probe->presence == PARENT_ABSENT)
        return plan_refused(operation, &probe->reply->failure, explain_object(operation));
    if (probe->presence == UNREADABLE)
        error_set(&probe->err, ERR_SHAPE,
                  "the response about %s is not in the format of %s", operation->id,
                  operation->client->dialect->name);
    return plan_not_answered(operation->call, operation->resource, operation->session,
                             &probe->err, operation->diags);
}

int plan_list_failed(struct operation *operation, struct rest_collection *collection)
{
    struct rest_list_failure failed;
    if (!rest_collection_list_failed(collection, operation->call->arena, &failed))
        return 0;
    const char *what = arena_print(operation->call->arena, "the list %s",
                                   rest_collection_list_id(collection));
    if (failed.is_incomplete) {
        const struct finding finding = {
            .cause = "incomplete list",
            .facts = arena_print(operation->call->arena,
                                 "%s returned %s, which omits an object that exists. So "
                                 "the list cannot show what else exists.",
                                 explain_service(operation), what),
            .action = "Plan again later.",
        };
        return report(operation->call, operation->resource, operation->session, &finding,
                      operation->diags);
    }
    /* The parent of the list is missing, which its own GET has shown. Without a code, it may be a
     * page of a proxy. */
    if (failed.failure.status == 404 && *failed.failure.code != '\0')
        return 0;
    if (failed.failure.status != 0)
        return plan_refused(operation, &failed.failure, what);
    return plan_not_answered(operation->call, operation->resource, operation->session,
                             &failed.why, operation->diags);
}
