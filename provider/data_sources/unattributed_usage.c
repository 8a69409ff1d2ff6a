/* The usage of a hub that Azure bills to the subscription of the hub's registration: all usage that
 * the hub reports, without that in directories which a mapping of the registration covers.
 * Source: azure-stack-docs azure-stack-add-manage-billing-as-a-csp.md, "Charge the right
 * subscriptions": Azure bills each tenant's usage to the tenant's mapping, and the usage of a
 * tenant without one to the subscription of the registration
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include <jansson.h>

#include "base/text.h"
#include "data_sources/own_registration.h"
#include "data_sources/readers.h"
#include "id/id.h"
#include "schema/tables.h"

/* COVERED: a mapping covers the usage. The others say who pays for usage that no mapping covers. */
enum payer { COVERED, PARTNER, HUB_DIRECTORY, UNDECIDED, PAYERS };
static const char *const lists[PAYERS] = {
    [PARTNER] = "rows",
    [HUB_DIRECTORY] = "hub_directory_rows",
    [UNDECIDED] = "undecided_rows",
};

struct sorting {
    struct call *call;
    const struct data_source *source;
    struct session *session;
    struct diags *diags;
    const char *account;     /* the Default Provider Subscription; in lower case */
    const char *partner;     /* the subscription of the registration */
    const char *directory;   /* the hub's own, in lower case; NULL: not known */
    bool has_one_directory;  /* the hub uses AD FS */
    json_t *subscriptions;   /* ID in lower case -> {name, tenant, provider} */
    json_t *covered;         /* tenants of mappings, in lower case -> true */
    json_t *mapped;          /* subscriptions of mappings whose tenant the list omits */
    bool has_unknown_tenant; /* the tenant of a mapping is not known */
};

static const char *get(const struct sorting *sorting, const struct value *object,
                       const char *name)
{
    return value_text(value_get(sorting->call->arena, object, name));
}

static const struct value *with_text(const struct sorting *sorting,
                                     const struct value *object, const char *name,
                                     const char *text)
{
    struct arena *arena = sorting->call->arena;
    return value_with(arena, object, name, value_string(arena, text));
}

/* Reads another data source with these arguments; a NULL text is an argument that is not set. */
static int read_other(const struct sorting *sorting,
                      const struct data_source_table *table, engine_data_fn *read,
                      const char *const (*arguments)[2], size_t count,
                      const struct value **out)
{
    struct data_source other;
    engine_data_source_init(&other, sorting->call->arena, table);
    const struct value *config = value_object_of_nulls(sorting->call->arena, other.type);
    for (size_t i = 0; i < count; i++)
        config = with_text(sorting, config, arguments[i][0], arguments[i][1]);
    return read(sorting->call, &other, sorting->session, config, out, sorting->diags);
}

/* ---- the mappings ---------------------------------------------------------------------------- */

static int take_mapping(void *state, const struct engine_listed *listed)
{
    struct sorting *sorting = state;
    const char *tenant = get(sorting, listed->state, "tenant_id");
    const char *account = get(sorting, listed->state, "customer_subscription_id");
    if (text_equal_ignoring_case(account, sorting->partner))
        return 0; /* Azure bills the usage to the partner, as without the mapping. */
    if (tenant != NULL)
        json_object_set_new(sorting->covered, text_lower(sorting->call->arena, tenant),
                            json_true());
    else
        json_array_append_new(sorting->mapped, json_string(account));
    return 0;
}

/* If the list has no tenant for a mapping, it is the tenant of the mapping's subscription. */
static void find_tenants(struct sorting *sorting)
{
    struct service *azure =
        session_find_service(sorting->session, customer_subscription_table.service->name);
    json_t *account;
    size_t i;
    json_array_foreach(sorting->mapped, i, account)
    {
        const char *tenant =
            rest_owners_find(sorting->call, service_client(azure), service_owners(azure),
                             json_string_value(account));
        if (tenant != NULL)
            json_object_set_new(sorting->covered, tenant, json_true());
        else
            sorting->has_unknown_tenant = true;
    }
}

/* The hub may have named the registration, so its ID is validated. */
static int read_mappings(struct sorting *sorting, const struct value *object)
{
    struct arena *arena = sorting->call->arena;
    const char *id = get(sorting, object, "registration_id");
    size_t left_out = 0;
    struct error ignored = NO_ERROR;
    struct id registration;
    struct data_source mappings;
    engine_data_source_init(&mappings, arena, &customer_subscriptions_data);
    const struct value *config = with_text(
        sorting, value_object_of_nulls(arena, mappings.type), "registration_id", id);
    const struct engine_walk walk = {
        .list_id = arena_print(arena, "%s/customerSubscriptions", id),
        .each = take_mapping,
        .state = sorting,
        .left_out = &left_out,
    };
    if (engine_validate_data(sorting->call, &mappings, config, sorting->diags) < 0)
        return -1;
    if (id_parse(arena, id, &registration, &ignored) == 0)
        sorting->partner = registration.subscription;
    if (engine_walk(sorting->call, &mappings.object, sorting->session, &walk,
                    sorting->diags) < 0)
        return -1;
    find_tenants(sorting);
    sorting->has_unknown_tenant |= left_out > 0;
    return 0;
}

/* ---- the subscriptions of the hub ------------------------------------------------------------ */

static int take_subscription(void *state, const struct engine_listed *listed)
{
    struct sorting *sorting = state;
    struct arena *arena = sorting->call->arena;
    const char *id = get(sorting, listed->state, "subscription_id");
    const char *tenant = get(sorting, listed->state, "tenant_id");
    const char *provider =
        get(sorting, listed->state, "delegated_provider_subscription_id");
    if (id == NULL)
        return 0;
    id = text_lower(arena, id);
    tenant = tenant != NULL && *tenant != '\0' ? text_lower(arena, tenant) : NULL;
    if (strcmp(id, sorting->account) == 0 && tenant != NULL)
        sorting->directory = tenant;
    json_object_set_new(sorting->subscriptions, id,
                        json_pack("{s:s?, s:s?, s:s?}", "name",
                                  get(sorting, listed->state, "display_name"), "tenant",
                                  tenant, "provider",
                                  provider != NULL ? text_lower(arena, provider) : NULL));
    return 0;
}

static int find_directory(struct sorting *sorting, struct service *hub)
{
    struct error err = NO_ERROR;
    if (sorting->directory != NULL ||
        service_find_own_directory(hub, sorting->call, &sorting->directory, &err) == 0)
        return 0;
    return diags_error(sorting->diags, PATH_NONE, "Cannot determine the hub's directory",
                       "%s\n\nWhat to do: Set tenant_id in the block hub of the "
                       "provider to the ID of the hub's directory.",
                       text_sentence(sorting->call->arena, err.text));
}

static int read_subscriptions(struct sorting *sorting)
{
    struct data_source users;
    engine_data_source_init(&users, sorting->call->arena, &user_subscriptions_data);
    struct service *hub =
        session_find_service(sorting->session, user_subscriptions_data.service->name);
    const struct engine_walk walk = {
        .list_id =
            arena_print(sorting->call->arena,
                        "/subscriptions/%s/providers/Microsoft.Subscriptions.Admin/"
                        "subscriptions",
                        sorting->account),
        .remedies = users.table->remedies,
        .each = take_subscription,
        .state = sorting,
    };
    sorting->has_one_directory = service_has_one_directory(hub);
    return engine_walk(sorting->call, &users.object, sorting->session, &walk,
                       sorting->diags) == 0
               ? find_directory(sorting, hub)
               : -1;
}

/* ---- who pays -------------------------------------------------------------------------------- */

static enum payer judge(const struct sorting *sorting, const char *id,
                        const char **reason)
{
    const json_t *subscription = json_object_get(sorting->subscriptions, id);
    const char *tenant = json_string_value(json_object_get(subscription, "tenant"));
    bool is_hubs = strcmp(id, sorting->account) == 0;
    *reason = NULL;
    if (tenant == NULL && is_hubs)
        tenant = sorting->directory;
    if (tenant != NULL && json_object_get(sorting->covered, tenant) != NULL)
        return COVERED;
    if (sorting->has_one_directory)
        return HUB_DIRECTORY;
    is_hubs |= tenant != NULL && text_equal(tenant, sorting->directory);
    *reason = sorting->has_unknown_tenant && is_hubs ? "mapping_tenant_unknown"
              : is_hubs                              ? NULL
              : subscription == NULL                 ? "subscription_not_listed"
              : tenant == NULL                       ? "directory_unknown"
              : sorting->has_unknown_tenant          ? "mapping_tenant_unknown"
                                                     : NULL;
    return *reason != NULL ? UNDECIDED : is_hubs ? HUB_DIRECTORY : PARTNER;
}

static const struct value *make_row(const struct sorting *sorting,
                                    const struct type *type, const struct value *usage,
                                    const char *reason)
{
    static const char *const same[] = { "subscription_id", "meter_id", "meter_name",
                                        "unit", "quantity" };
    const struct value *row = value_object_of_nulls(sorting->call->arena, type);
    const json_t *subscription =
        json_object_get(sorting->subscriptions, get(sorting, usage, "subscription_id"));
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        row = with_text(sorting, row, same[i], get(sorting, usage, same[i]));
    row = with_text(sorting, row, "display_name",
                    json_string_value(json_object_get(subscription, "name")));
    row = with_text(sorting, row, "tenant_id",
                    json_string_value(json_object_get(subscription, "tenant")));
    return with_text(sorting, row, "reason", reason);
}

static void sort_rows(const struct sorting *sorting, const struct value *usage,
                      const struct value **object)
{
    struct arena *arena = sorting->call->arena;
    const struct attribute *rows = sorting->source->table->attributes;
    const struct type *type = schema_rows_type(arena, schema_find(rows, "rows")->rows);
    for (enum payer payer = COVERED + 1; payer < PAYERS; payer++) {
        const struct value **items =
            arena_take_many(arena, usage->many.count, sizeof *items);
        size_t count = 0;
        for (size_t i = 0; i < usage->many.count; i++) {
            const struct value *row = usage->many.items[i];
            const char *reason;
            if (judge(sorting, get(sorting, row, "subscription_id"), &reason) == payer)
                items[count++] = make_row(sorting, type, row, reason);
        }
        const struct attribute *list = schema_find(rows, lists[payer]);
        *object = value_with(
            arena, *object, list->name,
            value_many(arena, schema_attribute_type(arena, list), items, count));
    }
}

static const struct value *list_tenants(const struct sorting *sorting,
                                        const struct value *rows)
{
    struct arena *arena = sorting->call->arena;
    const char **tenants = arena_take_many(arena, rows->many.count, sizeof *tenants);
    for (size_t i = 0; i < rows->many.count; i++)
        tenants[i] = get(sorting, rows->many.items[i], "tenant_id");
    return value_of_texts(arena, &type_list_of_string, tenants, rows->many.count);
}

/* The usage of these subscriptions goes to their provider, not into the report for the hub's
 * operator. */
static const struct value *list_delegated(const struct sorting *sorting)
{
    struct arena *arena = sorting->call->arena;
    const char **found =
        arena_take_many(arena, json_object_size(sorting->subscriptions), sizeof *found);
    const char *id, *reason;
    json_t *subscription;
    size_t count = 0;
    json_object_foreach(sorting->subscriptions, id, subscription)
    {
        const char *provider =
            json_string_value(json_object_get(subscription, "provider"));
        enum payer payer = judge(sorting, id, &reason);
        if (provider != NULL && *provider != '\0' &&
            strcmp(provider, sorting->account) != 0 && payer != COVERED &&
            payer != HUB_DIRECTORY)
            found[count++] = arena_copy_text(arena, id);
    }
    return value_of_texts(arena, &type_list_of_string, found, count);
}

static int sort_usage(struct sorting *sorting, const struct value *config,
                      const struct value **out)
{
    struct arena *arena = sorting->call->arena;
    const struct value *usage, *object;
    const char *const arguments[][2] = {
        { "administrator_subscription_id",
          get(sorting, config, "administrator_subscription_id") },
        { "start_time", get(sorting, config, "start_time") },
        { "end_time", get(sorting, config, "end_time") },
    };
    if (read_other(sorting, &usage_data, data_usage, arguments, 3, &usage) < 0)
        return -1;
    const char *account = get(sorting, usage, "administrator_subscription_id");
    sorting->account = text_lower(arena, account);
    object = with_text(sorting, config, "administrator_subscription_id", account);
    object = with_text(sorting, object, "id", get(sorting, usage, "id"));
    const char *registration = get(sorting, object, "registration_id");
    if (own_registration_find(sorting->call, sorting->session, account, &registration,
                              sorting->diags) < 0)
        return -1;
    object = with_text(sorting, object, "registration_id", registration);
    if (read_mappings(sorting, object) < 0 || read_subscriptions(sorting) < 0)
        return -1;
    sort_rows(sorting, value_get(arena, usage, "rows"), &object);
    object = value_with(arena, object, "unmapped_tenant_ids",
                        list_tenants(sorting, value_get(arena, object, "rows")));
    object =
        value_with(arena, object, "delegated_subscription_ids", list_delegated(sorting));
    *out = value_with(arena, object, "complete", value_get(arena, usage, "complete"));
    return 0;
}

int data_unattributed_usage(struct call *call, const struct data_source *source,
                            struct session *session, const struct value *config,
                            const struct value **out, struct diags *diags)
{
    struct sorting sorting = { .call = call,
                               .source = source,
                               .session = session,
                               .diags = diags,
                               .subscriptions = json_object(),
                               .covered = json_object(),
                               .mapped = json_array() };
    int result = sort_usage(&sorting, config, out);
    json_decref(sorting.subscriptions);
    json_decref(sorting.covered);
    json_decref(sorting.mapped);
    return result;
}
