/* Checks what a run works with, as the data sources read it: the registration with its mappings,
 * locks and permissions, the hub's activation, the hub's user plane, Partner Center.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "data_sources/readers.h"
#include "doctor/internal.h"
#include "schema/tables.h"

enum { READ_TIME_MS = 60 * 1000 };

/* ---- lists that no data source of the provider shows ----------------------------------------- */

static const struct attribute lock[] = {
    { "id", &type_string, COMPUTED, .body = "id" },
    { "name", &type_string, COMPUTED, .body = "name" },
    { "level", &type_string, COMPUTED, .body = "properties.level" },
    { 0 },
};
static const struct attribute lock_attributes[] = {
    { "registration_id", &type_string, REQUIRED, .doc = NULL },
    { "locks", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = lock },
    { 0 },
};
static const struct list_place lock_lists[] = {
    { "{registration_id}/providers/Microsoft.Authorization/locks", NULL,
      "the locks of registration {registration_id}" },
    { NULL, NULL, NULL },
};
static const struct data_source_table locks = {
    .name = "locks",
    .service = &azure_service,
    .noun = "lock",
    .api_version = "2016-09-01",
    .lists = lock_lists,
    .items = "locks",
    .has_no_ids = true,
    .attributes = lock_attributes,
};

/* Source: azure-rest-api-specs, Microsoft.Authorization, Permissions_ListForResource */
static const struct attribute permission[] = {
    { "actions", &type_list_of_string, COMPUTED, .body = "actions" },
    { "not_actions", &type_list_of_string, COMPUTED, .body = "notActions" },
    { 0 },
};
static const struct attribute permission_attributes[] = {
    { "registration_id", &type_string, REQUIRED, .doc = NULL },
    { "permissions", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = permission },
    { 0 },
};
static const struct list_place permission_lists[] = {
    { "{registration_id}/providers/Microsoft.Authorization/permissions", NULL,
      "the permissions on registration {registration_id}" },
    { NULL, NULL, NULL },
};
static const struct data_source_table permissions = {
    .name = "permissions",
    .service = &azure_service,
    .noun = "permission",
    .api_version = "2015-07-01",
    .lists = permission_lists,
    .items = "permissions",
    .has_no_ids = true,
    .attributes = permission_attributes,
};

static const struct attribute subscription[] = {
    { "id", &type_string, COMPUTED | IS_ID, .doc = NULL },
    { 0 },
};
static const struct attribute subscription_attributes[] = {
    { "subscriptions", NULL, COMPUTED, .nesting = NESTING_LIST, .rows = subscription },
    { 0 },
};
static const struct list_place subscription_lists[] = {
    { "/subscriptions", NULL, "the list of the subscriptions on the hub" },
    { NULL, NULL, NULL },
};
static const struct data_source_table user_plane = {
    .name = "subscriptions",
    .service = &hub_user_service,
    .noun = "subscription",
    .api_version = "2015-11-01",
    .lists = subscription_lists,
    .items = "subscriptions",
    .attributes = subscription_attributes,
};

/* ---- reading -------------------------------------------------------------------------------- */

/* On one line: a service's text must not begin a paragraph of a report. */
static const char *get(struct doctor *doctor, const struct value *object,
                       const char *name)
{
    enum { TEXT_BYTES_MAX = 1024 };
    struct arena *arena = doctor->call->arena;
    const char *text = value_text(value_get(arena, object, name));
    return text != NULL ? text_clean_line(arena, text, strlen(text), TEXT_BYTES_MAX)
                        : NULL;
}

bool doctor_read(struct doctor *doctor, struct subject subject,
                 const struct data_source_table *table, engine_data_fn *read,
                 const char *name, const char *text, const struct value **out)
{
    struct arena *arena = doctor->call->arena;
    struct data_source source;
    struct diags diags;
    diags_init(&diags, arena);
    engine_data_source_init(&source, arena, table);
    const struct value *config = value_object_of_nulls(arena, source.type);
    if (name != NULL)
        config = value_with(arena, config, name, value_string(arena, text));
    doctor->call->deadline_ms = clock_monotonic_ms() + READ_TIME_MS;
    bool is_read = engine_validate_data(doctor->call, &source, config, &diags) == 0 &&
                   read(doctor->call, &source, doctor->session, config, out, &diags) == 0;
    bool has_error = doctor_report_diags(doctor, subject, &diags);
    if (!is_read && !has_error)
        doctor_report(
            doctor, subject, subject.is_optional ? DOCTOR_WARNING : DOCTOR_FAILED,
            "Cannot read the data source \"%s\". This is a bug in the provider, "
            "which did not report the reason.\n\nWhat to do: Report this line "
            "to the provider's maintainers.",
            table->name);
    return is_read && !has_error;
}

/* ---- a registration ------------------------------------------------------------------------ */

static void check_mappings(struct doctor *doctor, const char *service, const char *id)
{
    const struct subject subject = { .service = service, .check = "mappings" };
    const struct value *found;
    if (!doctor_read(doctor, subject, &customer_subscriptions_data,
                     data_customer_subscriptions, "registration_id", id, &found))
        return;
    const struct value *mappings =
        value_get(doctor->call->arena, found, "customer_subscriptions");
    doctor_report(doctor, subject, DOCTOR_OK,
                  "%zu customer subscription%s mapped to the registration.",
                  mappings->many.count, mappings->many.count == 1 ? " is" : "s are");
}

/* The operations that a lock prevents; NULL: none. The list also has the locks of objects below the
 * registration, such as one mapping. Source: azure-sdk, ManagementLocks.listForResource() */
static const char *find_prevented(struct arena *arena, const char *lock_id,
                                  const char *level, const char *id)
{
    bool is_read_only = text_equal_ignoring_case(level, "ReadOnly");
    const char *scope =
        lock_id != NULL ? azure_service.ids->part(arena, lock_id, "scope") : NULL;
    if (!is_read_only && !text_equal_ignoring_case(level, "CanNotDelete"))
        return NULL;
    if (scope != NULL && text_starts_ignoring_case(scope, id) && scope[strlen(id)] == '/')
        return arena_print(arena, "%s %s",
                           is_read_only ? "changing and deleting" : "deleting", scope);
    return is_read_only ? "creating and deleting mappings" : "deleting mappings";
}

static void check_locks(struct doctor *doctor, const char *service, const char *id)
{
    const struct subject subject = { .service = service,
                                     .check = "locks",
                                     .is_optional = true };
    struct arena *arena = doctor->call->arena;
    const struct value *found;
    size_t reported = 0;
    if (!doctor_read(doctor, subject, &locks, engine_read_data, "registration_id", id,
                     &found))
        return;
    const struct value *rows = value_get(arena, found, "locks");
    for (size_t i = 0; i < rows->many.count; i++) {
        const struct value *row = rows->many.items[i];
        const char *name = get(doctor, row, "name"), *level = get(doctor, row, "level");
        const char *prevented = find_prevented(arena, get(doctor, row, "id"), level, id);
        if (prevented == NULL)
            continue;
        doctor_report(doctor, subject, DOCTOR_WARNING,
                      "Lock \"%s\" (%s) prevents %s.\n\nWhat to do: Remove the lock "
                      "before such an apply, and put it back afterwards.",
                      name != NULL ? name : "", level, prevented);
        reported++;
    }
    if (reported == 0)
        doctor_report(doctor, subject, DOCTOR_OK, "The registration has no lock.");
}

static const char *const *texts_of(struct arena *arena, const struct value *list)
{
    size_t count = value_is_null(list) ? 0 : list->many.count, kept = 0;
    const char **texts = arena_take_many(arena, count + 1, sizeof *texts);
    for (size_t i = 0; i < count; i++) {
        if (value_text(list->many.items[i]) != NULL)
            texts[kept++] = value_text(list->many.items[i]);
    }
    texts[kept] = NULL;
    return texts;
}

static bool is_allowed(struct doctor *doctor, const struct value *rows,
                       const char *action)
{
    struct arena *arena = doctor->call->arena;
    for (size_t i = 0; i < rows->many.count; i++) {
        const struct value *row = rows->many.items[i];
        const struct permission one = {
            texts_of(arena, value_get(arena, row, "actions")),
            texts_of(arena, value_get(arena, row, "not_actions")),
        };
        if (doctor_allows(&one, action))
            return true;
    }
    return false;
}

static void check_permissions(struct doctor *doctor, const char *service, const char *id)
{
    static const char *const needed[] = {
        "Microsoft.AzureStack/registrations/read",
        "Microsoft.AzureStack/registrations/customerSubscriptions/read",
        "Microsoft.AzureStack/registrations/customerSubscriptions/write",
        "Microsoft.AzureStack/registrations/customerSubscriptions/delete",
    };
    const struct subject subject = { .service = service,
                                     .check = "permissions",
                                     .is_optional = true };
    const struct value *found;
    const char *missing = "";
    bool is_readable = true;
    if (!doctor_read(doctor, subject, &permissions, engine_read_data, "registration_id",
                     id, &found))
        return;
    const struct value *rows = value_get(doctor->call->arena, found, "permissions");
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (is_allowed(doctor, rows, needed[i]))
            continue;
        is_readable &= strstr(needed[i], "/read") == NULL;
        missing = arena_print(doctor->call->arena, "%s%s%s", missing,
                              *missing != '\0' ? ", " : "", needed[i]);
    }
    if (*missing == '\0')
        doctor_report(doctor, subject, DOCTOR_OK,
                      "The credential can read, create and delete mappings.");
    else
        doctor_report(doctor, subject, is_readable ? DOCTOR_WARNING : DOCTOR_FAILED,
                      "The credential has no role on the registration that allows: "
                      "%s.\n\nWhat to do: Assign a role with these actions on the "
                      "registration, such as Contributor. The built-in Azure Stack "
                      "Registration Owner does not have them. A new role assignment can "
                      "take a few minutes to take effect.",
                      missing);
}

static void check_registration(struct doctor *doctor, const char *id)
{
    const char *service = azure_service.name;
    const struct subject subject = { .service = service, .check = "registration" };
    const struct value *found;
    if (!doctor_read(doctor, subject, &registration_data, engine_read_data, "id", id,
                     &found))
        return;
    doctor_report(doctor, subject, DOCTOR_OK, "%s exists.", id);
    const char *model = get(doctor, found, "billing_model");
    /* Only with this one does a plan of a mapping fail. */
    bool is_capacity = text_equal_ignoring_case(model, "Capacity");
    const struct subject billing = { .service = service, .check = "billing model" };
    if (model == NULL || text_equal_ignoring_case(model, "PayAsYouUse"))
        doctor_report(doctor, billing, DOCTOR_OK, "The registration uses %s.",
                      model != NULL ? "pay-as-you-use billing"
                                    : "a billing model that Azure does not return");
    else
        doctor_report(doctor, billing, is_capacity ? DOCTOR_FAILED : DOCTOR_WARNING,
                      "The registration uses the billing model %s, which does not "
                      "support tenants.\n\nWhat to do: Register the hub again with the "
                      "pay-as-you-use billing model.",
                      model);
    check_permissions(doctor, service, id);
    check_locks(doctor, service, id);
    check_mappings(doctor, service, id);
}

void doctor_check_registrations(struct doctor *doctor, const char *hubs_own)
{
    const char *given = doctor->options->registration_id;
    const struct subject subject = { .service = azure_service.name,
                                     .check = "registration" };
    const struct value *found;
    if (given != NULL && hubs_own != NULL && !text_equal_ignoring_case(given, hubs_own))
        doctor_report(doctor, subject, DOCTOR_WARNING,
                      "The hub is registered as %s, and not as the registration to "
                      "check.\n\nWhat to do: If your mappings are for this hub, set "
                      "registration_id to the registration of the hub.",
                      hubs_own);
    if (given != NULL || hubs_own != NULL) {
        check_registration(doctor, given != NULL ? given : hubs_own);
        return;
    }
    if (session_default(doctor->session, azure_service.name, "subscription_id") == NULL) {
        doctor_report(doctor, subject, DOCTOR_SKIPPED,
                      "No registration was given.\n\nWhat to do: Run doctor with the ID "
                      "of a registration, or set ARM_SUBSCRIPTION_ID or "
                      "AZURESTACK_HUB_ADMIN_ENDPOINT.");
        return;
    }
    if (!doctor_read(doctor, subject, &registrations_data, engine_read_data, NULL, NULL,
                     &found))
        return;
    const struct value *rows = value_get(doctor->call->arena, found, "registrations");
    if (rows->many.count == 0)
        doctor_report(doctor, subject, DOCTOR_WARNING,
                      "The subscription in ARM_SUBSCRIPTION_ID contains no registration, "
                      "or the credential has no role to read it.\n\nWhat to do: Check "
                      "the subscription and the roles of the credential.");
    for (size_t i = 0; i < rows->many.count; i++)
        check_registration(doctor, get(doctor, rows->many.items[i], "id"));
}

/* ---- the other services --------------------------------------------------------------------- */

const char *doctor_check_activation(struct doctor *doctor)
{
    const struct subject subject = { .service = hub_service.name,
                                     .check = "activation",
                                     .harmless = activation_data.absent };
    const struct value *found;
    if (!doctor_read(doctor, subject, &activation_data, engine_read_data, NULL, NULL,
                     &found))
        return NULL;
    const char *id = get(doctor, found, "registration_id");
    bool reports = value_is_true(
        value_get(doctor->call->arena, found, "usage_reporting_enabled"), true);
    doctor_report(doctor, subject, id == NULL ? DOCTOR_WARNING : DOCTOR_OK,
                  id == NULL
                      ? "The hub does not return its registration.\n\nWhat to do: Check "
                        "in the administrator portal that the hub is registered."
                      : "The hub is registered as %s.",
                  id);
    if (!reports)
        doctor_report(
            doctor,
            (struct subject){ .service = hub_service.name, .check = "usage reporting" },
            DOCTOR_WARNING,
            "The hub does not report usage, so its usage is not "
            "billed.\n\nWhat to do: Register the hub again with usage "
            "reporting enabled.");
    return id;
}

void doctor_check_user_plane(struct doctor *doctor)
{
    const struct subject subject = { .service = hub_user_service.name,
                                     .check = "subscriptions" };
    const struct value *found;
    if (!doctor_read(doctor, subject, &user_plane, engine_read_data, NULL, NULL, &found))
        return;
    const struct value *rows = value_get(doctor->call->arena, found, "subscriptions");
    if (rows->many.count == 0)
        doctor_report(doctor, subject, DOCTOR_WARNING,
                      "The credential has a role in no subscription on the hub.\n\nWhat "
                      "to do: Ask the owner of the subscription to assign a role.");
    else
        doctor_report(doctor, subject, DOCTOR_OK,
                      "The credential has a role in %zu subscription%s on the hub.",
                      rows->many.count, rows->many.count == 1 ? "" : "s");
}

static int stop_at_one(void *state, const struct engine_listed *listed)
{
    (void)state, (void)listed;
    return 1;
}

/* Reads one customer only, because there may be thousands, and one shows that they can be read. */
void doctor_check_partner(struct doctor *doctor)
{
    const struct subject subject = { .service = partner_service.name,
                                     .check = "customers" };
    struct arena *arena = doctor->call->arena;
    struct data_source source;
    struct diags diags;
    diags_init(&diags, arena);
    engine_data_source_init(&source, arena, &partner_customers_data);
    const struct engine_walk walk = { .list_id = partner_customers_data.lists[0].list_id,
                                      .label = partner_customers_data.lists[0].label,
                                      .query = "size=1",
                                      .remedies = partner_customers_data.remedies,
                                      .limit = 1,
                                      .each = stop_at_one };
    doctor->call->deadline_ms = clock_monotonic_ms() + READ_TIME_MS;
    engine_walk(doctor->call, &source.object, doctor->session, &walk, &diags);
    if (!doctor_report_diags(doctor, subject, &diags))
        doctor_report(doctor, subject, DOCTOR_OK,
                      "The credential can read the partner's customers.");
}
