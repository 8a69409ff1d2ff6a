/* The start of an operation: its time, service and ID.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"
#include "session/object_flags.h"

/* A service shows a new parent to all of its own parts within this time. One that the credential must
 * not see looks the same, and the user must learn that before the create's timeout. */
enum {
    PARENT_SHOWS_WITHIN_MS = 5 * 60 * 1000,
    PARENT_AGAIN_FIRST_MS = 500,
    PARENT_AGAIN_MOST_MS = 10 * 1000
};

static unsigned default_s(const struct timeouts *timeouts, enum timeout_kind kind)
{
    switch (kind) {
    case TIMEOUT_CREATE:
        return timeouts->create_s;
    case TIMEOUT_UPDATE:
        return timeouts->update_s;
    case TIMEOUT_DELETE:
        return timeouts->delete_s;
    default:
        return timeouts->read_s;
    }
}

static int64_t timeout_ms(struct arena *arena, const struct resource *resource,
                          enum timeout_kind kind, const struct value *object)
{
    static const char *const names[] = { "create", "read", "update", "delete", "read" };
    const struct value *timeouts = value_get(arena, object, "timeouts");
    const char *text = value_text(value_get(arena, timeouts, names[kind]));
    long long ms;
    if (text != NULL && text_parse_duration_ms(text, &ms) == 0)
        return ms;
    return (int64_t)default_s(&resource->table->timeouts, kind) * 1000;
}

const struct id_scheme *operation_ids(const struct operation *operation)
{
    return operation->resource->table->service->ids;
}

/* Sets the IDs of parent and list from the ID. */
static void find_places(struct operation *operation, const char *canonical)
{
    struct arena *arena = operation->call->arena;
    const struct resource_table *table = operation->resource->table;
    const char *parent_id =
        resource_derive(arena, table->id, canonical, table->parent_id);
    const char *list_id = resource_derive(arena, table->id, canonical, table->list_id);
    /* The ID of an object may not contain all parts of the ID of its list. */
    operation->parent_id = parent_id != NULL ? parent_id : operation->parent_id;
    operation->list_id = list_id != NULL ? list_id : operation->list_id;
    operation->collection = NULL;
    if (table->collection_read && operation->list_id != NULL)
        operation_find_list(operation);
}

void operation_find_list(struct operation *operation)
{
    const struct resource_table *table = operation->resource->table;
    const struct attribute *unique = schema_find_flag(table->attributes, UNIQUE);
    const struct rest_collection_options options = {
        .parent_id = operation->parent_id,
        .parent_api_version = table->parent_api_version,
        .list_id = operation->list_id,
        .api_version = api_version_of(operation->resource, operation->session),
        .unique = unique != NULL ? unique->body : NULL,
    };
    operation->collection =
        rest_collections_find(service_collections(operation->service), &options);
}

int operation_rename(struct operation *operation, const char *id)
{
    struct arena *arena = operation->call->arena;
    const struct resource_table *table = operation->resource->table;
    const struct id_scheme *ids = operation_ids(operation);
    struct error err = NO_ERROR;
    static const char cure[] =
        "What to do: Remove the object from the state with `terraform "
        "state rm` and the address above. Then import it by its ID.";
    if (id == NULL)
        return diags_error(
            operation->diags, PATH_NONE, "Invalid resource ID in state",
            "The state does not have the ID of the %s, or not all parts of "
            "it.\n\n%s",
            table->noun, cure);
    const char *canonical =
        table->id_type == NULL ? id : ids->parse(arena, id, table->id_type, &err);
    if (canonical == NULL)
        return diags_error(operation->diags, PATH_NONE, "Invalid resource ID in state",
                           "\"%s\" is not the ID of a %s: %s. Expected format: %s.\n\n%s",
                           id, table->noun, err.text, ids->form(arena, table->id_type),
                           cure);
    operation->id = id;
    find_places(operation, canonical);
    return 0;
}

bool operation_makes(const struct operation *operation, const char *id)
{
    return id != NULL && object_flags_has(session_names(operation->session),
                                          OBJECT_PLANNED_CREATE, resource_last_part(id));
}

bool operation_expects_parent(struct operation *operation)
{
    int64_t now_ms = clock_monotonic_ms();
    if (operation->parent_missed_ms == 0)
        operation->parent_missed_ms = now_ms;
    return operation_makes(operation, operation->parent_id) &&
           now_ms - operation->parent_missed_ms < PARENT_SHOWS_WITHIN_MS;
}

bool operation_await_parent(struct operation *operation)
{
    struct error ignored = NO_ERROR;
    if (!operation_expects_parent(operation))
        return false;
    int64_t waited_ms = clock_monotonic_ms() - operation->parent_missed_ms;
    int64_t wait_ms = waited_ms < PARENT_AGAIN_FIRST_MS  ? PARENT_AGAIN_FIRST_MS
                      : waited_ms > PARENT_AGAIN_MOST_MS ? PARENT_AGAIN_MOST_MS
                                                         : waited_ms;
    return call_sleep(operation->call, wait_ms, &ignored) == 0;
}

/* The provider is not configured yet, or its configuration depends on other resources. */
static int not_configured(struct diags *diags)
{
    return diags_error(diags, PATH_NONE, "Provider configuration is not known yet",
                       "The provider block uses values that are not known until other "
                       "resources are applied.\n\nWhat to do: Apply those resources "
                       "first (terraform apply -target=…), or set the provider arguments "
                       "to known values.");
}

/* Without this error the service would answer 401 or 403 without a reason. */
int operation_expect_person(const struct resource_table *table,
                            const struct service *service, struct diags *diags)
{
    if (!table->needs_person || service_has_person(service))
        return 0;
    return diags_error(
        diags, PATH_NONE,
        arena_print(diags->arena, "%s requires a user sign-in", table->service->label),
        "%s", table->service->person_missing);
}

int operation_expect_directories(const struct resource_table *table,
                                 struct service *service, struct diags *diags)
{
    if (table->one_directory_refusal == NULL || !service_has_one_directory(service))
        return 0;
    return diags_error(diags, PATH_NONE,
                       arena_print(diags->arena, "Not supported by this %s: %s",
                                   table->service->label, table->noun),
                       "%s", table->one_directory_refusal);
}

int operation_find_service(struct call *call, const struct resource *resource,
                           struct session *session, struct service **out,
                           struct diags *diags)
{
    struct error err = NO_ERROR;
    if (session == NULL)
        return not_configured(diags);
    const char *name = resource->table->service->name;
    bool is_ready = session_service(session, call, name, out, &err) == 0;
    /* Another credential would not help. */
    if (operation_expect_directories(resource->table, session_find_service(session, name),
                                     diags) < 0)
        return -1;
    if (is_ready)
        return operation_expect_person(resource->table, *out, diags);
    if (!service_is_configured(session_find_service(session, name)))
        return diags_error(
            diags, PATH_NONE, "The provider block is incomplete", "%s",
            text_sentence(call->arena,
                          diag_once_text(session_diag_once(session), call->arena,
                                         "the provider block is incomplete", err.text)));
    bool is_credential = err.kind == ERR_CREDENTIAL;
    const char *text = diag_once_text(session_diag_once(session), call->arena,
                                      is_credential ? "the provider has no token"
                                                    : "the endpoints are not known",
                                      err.text);
    if (is_credential)
        return diags_error(diags, PATH_NONE,
                           arena_print(call->arena, "Cannot sign in to %s",
                                       resource->table->service->label),
                           "%s", text_sentence(call->arena, text));
    bool has_action = text != err.text || strstr(text, EXPLAIN_ACTION) != NULL;
    const char *cure =
        has_action ? NULL : explain_advice(call->arena, resource, err.kind);
    return diags_error(diags, PATH_NONE,
                       arena_print(call->arena, "Cannot determine the endpoints of %s",
                                   resource->table->service->label),
                       "%s%s%s", text_sentence(call->arena, text),
                       cure != NULL ? EXPLAIN_ACTION : "", cure != NULL ? cure : "");
}

int operation_find_client(struct operation *operation, const struct value *object,
                          struct error *err)
{
    const struct attribute *row =
        schema_find_flag(operation->resource->table->attributes, SIGN_IN_TO);
    const struct value *account =
        row != NULL ? value_get(operation->call->arena, object, row->name) : NULL;
    operation->client = NULL;
    if (account != NULL && account->state == VALUE_UNKNOWN)
        return 0;
    if (account == NULL || account->state != VALUE_KNOWN) {
        operation->client = service_client(operation->service);
        return 0;
    }
    operation->at_fault = row->name;
    if (service_client_of_tenant(operation->service, value_text(account),
                                 &operation->client, err) < 0)
        return -1;
    operation->at_fault = NULL;
    return 0;
}

void operation_begin_time(struct call *call, const struct resource *resource,
                          enum timeout_kind kind, const struct value *object)
{
    int64_t ms = timeout_ms(call->arena, resource, kind, object);
    if (kind == TIMEOUT_PLAN && ms > PLAN_FIRST_CHECK_TIME_MS)
        ms = PLAN_FIRST_CHECK_TIME_MS;
    call_shorten(call, ms);
}

/* A user's slow sign-in does not count as a service that does not answer, and not against the time
 * of the checks. */
void plan_begin_checks(struct operation *operation)
{
    struct call *call = operation->call;
    call->deadline_ms = clock_monotonic_ms() +
                        (int64_t)operation->resource->table->timeouts.read_s * 1000;
    rest_await_slow_token(call, operation->client);
    call->deadline_ms = clock_monotonic_ms() + PLAN_CHECKS_TIME_MS;
}

int operation_begin(struct operation *operation, struct call *call,
                    const struct resource *resource, struct session *session,
                    enum timeout_kind kind, const struct value *object, const char *id,
                    struct diags *diags)
{
    static const char *const acts[] = { "create", "read", "update", "delete", "plan" };
    *operation = (struct operation){
        .call = call,
        .resource = resource,
        .session = session,
        .act = acts[kind],
        .diags = diags,
    };
    if (session == NULL)
        return not_configured(diags);
    operation_begin_time(call, resource, kind, object);
    if (operation_find_service(call, resource, session, &operation->service, diags) < 0)
        return -1;
    const struct resource_table *table = resource->table;
    struct error err = NO_ERROR;
    int found = operation_find_client(operation, object, &err);
    if (table->natural_key == NULL || found < 0)
        return operation_rename(operation, id) < 0 ? -1
               : found < 0                         ? explain_error(operation, &err, NULL)
                                                   : 0;
    operation->list_id = resource_fill(call->arena, table->list_id, object);
    if (table->parent_id != NULL)
        operation->parent_id = resource_fill(call->arena, table->parent_id, object);
    if (id != NULL || kind != TIMEOUT_CREATE)
        return operation_rename(operation, id);
    operation->planned = object;
    return 0;
}

const char *api_version_of(const struct resource *resource, const struct session *session)
{
    const char *configured = session_api_version(session);
    return configured != NULL && resource->table->takes_api_version
               ? configured
               : resource->table->api_version;
}

void operation_warn_throttling(struct session *session, struct diags *diags)
{
    int64_t waited_ms;
    const char *service;
    if (session == NULL ||
        !session_is_throttling_worth_warning(session, &service, &waited_ms))
        return;
    diags_warning(
        diags, PATH_NONE, arena_print(diags->arena, "%s is throttling requests", service),
        "%s limits the number of requests in a period. The requests "
        "of this run have waited %lld s in total so far to stay within the "
        "limit. The run continues. Other tools with the same credential share the limit.",
        service, (long long)waited_ms / 1000);
}

void operation_add_past(struct operation *operation, const char *id)
{
    struct arena *arena = operation->call->arena;
    struct past *past = &operation->past;
    if (past->count == past->room) {
        past->room = past->room != 0 ? past->room * 2 : 16;
        const char **ids = arena_take_many(arena, past->room, sizeof *ids);
        for (size_t i = 0; i < past->count; i++)
            ids[i] = past->ids[i];
        past->ids = ids;
    }
    past->ids[past->count++] = text_lower(arena, id);
}
