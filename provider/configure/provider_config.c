/* Reads the settings of a session from the provider block and the environment.
 * SPDX-License-Identifier: MPL-2.0 */
#include "configure/provider_config.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "configure/settings.h"

/* ---- where arguments go ------------------------------------------------------------------ */

#define AT(member) .offset = offsetof(struct session_config, member)

/* The argument is a text or a bool, as the type of its row says. */
struct place {
    const char *name;
    size_t offset;
    bool is_opposite; /* the session has the negated bool */
};

static const struct place places[] = {
    { "tenant_id", AT(auth.tenant_id) },
    { "client_id", AT(auth.client_id) },
    { "client_id_file_path", AT(auth.client_id_file_path) },
    { "client_secret", AT(auth.client_secret) },
    { "client_secret_file_path", AT(auth.client_secret_file_path) },
    { "client_certificate", AT(auth.client_certificate) },
    { "client_certificate_path", AT(auth.client_certificate_path) },
    { "client_certificate_password", AT(auth.client_certificate_password) },
    { "use_oidc", AT(auth.uses_oidc) },
    { "oidc_token", AT(auth.oidc_token) },
    { "oidc_token_file_path", AT(auth.oidc_token_file_path) },
    { "oidc_request_token", AT(auth.oidc_request_token) },
    { "oidc_request_url", AT(auth.oidc_request_url) },
    { "ado_pipeline_service_connection_id", AT(auth.ado_pipeline_service_connection_id) },
    { "use_aks_workload_identity", AT(auth.uses_aks_workload_identity) },
    { "use_msi", AT(auth.uses_msi) },
    { "msi_endpoint", AT(auth.msi_endpoint) },
    { "msi_api_version", AT(auth.msi_api_version) },
    { "use_cli", AT(auth.uses_cli) },
    { "subscription_id", AT(subscription_id) },
    { "environment", AT(environment) },
    { "metadata_host", AT(metadata_host) },
    { "custom_correlation_request_id", AT(correlation_id) },
    { "disable_correlation_request_id", AT(has_no_correlation_id) },
    { "api_version", AT(api_version) },
    { "ca_bundle", AT(ca_bundle) },
    { "destroy_warning_enabled", AT(has_no_destroy_warning), .is_opposite = true },
    { "destroy_lock_check_enabled", AT(checks_locks) },
    { "plan_checks_required", AT(requires_plan_checks) },
    { "shared_reads_enabled", AT(has_own_reads), .is_opposite = true },
    { 0 },
};

static const struct place endpoint_places[] = {
    { "active_directory_authority_host", AT(auth.authority) },
    { "resource_manager_audience", AT(resource_manager_audience) },
    { "resource_manager_endpoint", AT(resource_manager_endpoint) },
    { 0 },
};

static const struct place proxy_places[] = {
    { "password", AT(proxy.password) },
    { "url", AT(proxy.url) },
    { "username", AT(proxy.username) },
    { 0 },
};

/* `out` is the struct that the offsets of the places refer to. */
static void put(struct arena *texts, const struct settings *settings,
                const struct place *place, void *out)
{
    const struct attribute *row = settings_row(settings, place->name);
    char *at = (char *)out + place->offset;
    if (row->type == &type_bool) {
        bool is_on = settings_is_on(settings, place->name) != place->is_opposite;
        memcpy(at, &is_on, sizeof is_on);
        return;
    }
    const char *text = settings_text(settings, place->name);
    if (text != NULL)
        text = row->compare == COMPARE_IGNORING_CASE ? text_lower(texts, text)
                                                     : arena_copy_text(texts, text);
    memcpy(at, &text, sizeof text);
}

static void put_all(struct arena *texts, const struct settings *settings,
                    const struct place *place, void *out)
{
    for (; place->name != NULL; place++)
        put(texts, settings, place, out);
}

/* ---- what is more than a text or a bool ---------------------------------------------------- */

/* The texts between semicolons, without empty ones; ends with NULL. */
static const char *const *split(struct arena *arena, const char *text)
{
    const char **list = arena_take_many(arena, strlen(text) / 2 + 2, sizeof *list);
    for (size_t count = 0; *text != '\0'; text += *text == ';') {
        text += strspn(text, " ");
        size_t length = strcspn(text, ";"), shown = length;
        while (shown > 0 && text[shown - 1] == ' ')
            shown--;
        if (shown > 0)
            list[count++] = arena_copy_bytes_as_text(arena, text, shown);
        text += length;
    }
    return list;
}

/* Ends with NULL. */
static const char *const *list_setting(struct arena *arena,
                                       const struct settings *settings, const char *name)
{
    const char *text;
    const struct value *value = settings_list(settings, name, &text);
    if (value == NULL)
        return split(arena, text != NULL ? text : "");
    const char **list = arena_take_many(arena, value->many.count + 1, sizeof *list);
    for (size_t i = 0; i < value->many.count; i++) {
        text = value_text(value->many.items[i]);
        list[i] = text != NULL ? text : "";
    }
    return list;
}

/* Microsoft counts the use of Terraform by this ID. Source: azurerm,
 * internal/common/client_options.go */
#define TERRAFORM_PARTNER_ID "222c6c49-1b0a-5959-a213-6608f9eb8820"

/* The service reads only one ID, so the user's replaces Terraform's. */
static const char *partner(struct arena *arena, const struct settings *settings)
{
    const char *id = settings_text(settings, "partner_id");
    if (id == NULL && !settings_is_on(settings, "disable_terraform_partner_id"))
        id = TERRAFORM_PARTNER_ID;
    if (id == NULL)
        return "";
    return arena_print(arena, " %s%s", strncmp(id, "pid-", 4) != 0 ? "pid-" : "", id);
}

/* Terraform first, as in HashiCorp's own providers, then this provider, the partner, and the value
 * of TF_APPEND_USER_AGENT. */
static const char *user_agent(struct arena *arena, const struct configure_host *host,
                              const char *partner_id)
{
    const char *text =
        arena_print(arena,
                    "Terraform/%s (+https://www.terraform.io) "
                    "terraform-provider-azurestack/%s%s",
                    host->terraform_version, host->provider_version, partner_id);
    const char *more = getenv("TF_APPEND_USER_AGENT");
    if (more != NULL && *more != '\0')
        text = arena_print(arena, "%s %s", text, more);
    /* Cleaned, so that the header has one line whatever the variable contains. */
    char *clean = text_clean_line(arena, text, strlen(text), 1024);
    for (char *at = clean; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || (unsigned char)*at >= 0x7F)
            *at = ' ';
    }
    return clean;
}

static int read_auxiliary_tenants(struct call *call, struct arena *texts,
                                  const struct settings *settings,
                                  struct session_config *session, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct path *path = path_attribute(arena, PATH_NONE, "auxiliary_tenant_ids");
    const char *const *list = list_setting(arena, settings, "auxiliary_tenant_ids");
    for (size_t i = 0; list[i] != NULL; i++) {
        if (i == SESSION_AUXILIARY_MAX)
            return diags_error(
                diags, path, "Too many auxiliary tenants",
                "Azure accepts at most %d auxiliary tenants. Remove some from "
                "auxiliary_tenant_ids (ARM_AUXILIARY_TENANT_IDS).",
                SESSION_AUXILIARY_MAX);
        if (*list[i] == '\0')
            return diags_error(diags, path, "Invalid auxiliary_tenant_ids",
                               "Element %zu is empty.", i + 1);
        session->auxiliary_tenant_ids[i] = arena_copy_text(texts, list[i]);
    }
    return 0;
}

static void log_unused(struct call *call, const struct settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *one = &settings->items[i];
        if (one->unused != NULL)
            log_write(call, LOG_INFO, NULL, "%s is not used: %s", one->variable,
                      one->unused);
    }
}

/* The settings of an argument with rows of its own. `value` is its only element, or the argument
 * itself; if it is omitted, all rows are null and variables may fill them. `from` says what may
 * fill the rows otherwise. */
static struct settings read_inner(struct call *call, const struct attribute *rows,
                                  const struct value *config, const char *name,
                                  enum settings_from from)
{
    const struct attribute *row = schema_find(rows, name);
    const struct value *value = value_get(call->arena, config, name);
    if (!value_is_null(value) && row->nesting != NESTING_SINGLE)
        value = value->many.count != 0 ? value->many.items[0] : NULL;
    if (value != NULL && !value_is_null(value))
        return settings_read(call->arena, row->rows, value, from);
    value = value_object_of_nulls(call->arena, schema_rows_type(call->arena, row->rows));
    return settings_read(call->arena, row->rows, value, SETTINGS_OF_ALL);
}

/* ---- blocks of further services ------------------------------------------------------------ */

#define OF_SERVICE(member) .offset = offsetof(struct service_config, member)

static const struct place service_places[] = {
    { "active_directory_authority_host", OF_SERVICE(auth.authority) },
    { "audience", OF_SERVICE(audience) },
    { "ca_bundle", OF_SERVICE(ca_bundle) },
    { "subscription_id", OF_SERVICE(account_id) },
    { "tenant_id", OF_SERVICE(auth.tenant_id) },
    { "client_id", OF_SERVICE(auth.client_id) },
    { "client_id_file_path", OF_SERVICE(auth.client_id_file_path) },
    { "client_secret", OF_SERVICE(auth.client_secret) },
    { "client_secret_file_path", OF_SERVICE(auth.client_secret_file_path) },
    { "client_certificate", OF_SERVICE(auth.client_certificate) },
    { "client_certificate_path", OF_SERVICE(auth.client_certificate_path) },
    { "client_certificate_password", OF_SERVICE(auth.client_certificate_password) },
    { "refresh_token", OF_SERVICE(auth.refresh_token) },
    { "use_oidc", OF_SERVICE(auth.uses_oidc) },
    { "oidc_token", OF_SERVICE(auth.oidc_token) },
    { "oidc_token_file_path", OF_SERVICE(auth.oidc_token_file_path) },
    { "use_msi", OF_SERVICE(auth.uses_msi) },
    { "use_cli", OF_SERVICE(auth.uses_cli) },
    { 0 },
};

/* A secret or a certificate is not used for another identity, or with another way to sign in. */
static void drop_proofs(struct auth_config *auth)
{
    auth->client_secret = auth->client_secret_file_path = NULL;
    auth->client_certificate = auth->client_certificate_path = NULL;
    auth->client_certificate_password = NULL;
}

static const struct setting *find_set(const struct settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *one = &settings->items[i];
        if (text_equal(one->row->name, name))
            return one->block != NULL || one->variable != NULL ? one : NULL;
    }
    return NULL;
}

/* The block selects a way to sign in. */
static bool chooses(const struct settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        const struct attribute *row = settings->items[i].row;
        if ((row->flags & CHOOSES) == 0 || find_set(settings, row->name) == NULL)
            continue;
        const char *text =
            row->type == &type_string ? settings_text(settings, row->name) : NULL;
        if (row->type == &type_bool ? settings_is_on(settings, row->name)
                                    : text != NULL && *text != '\0')
            return true;
    }
    return false;
}

/* Applies one block to `out`, which has the inherited values. */
static void read_block(struct arena *texts, const struct settings *settings,
                       struct service_config *out)
{
    out->auth.tenant_id = NULL;
    const char *id = out->auth.client_id;
    bool is_another =
        find_set(settings, "client_id_file_path") != NULL ||
        (find_set(settings, "client_id") != NULL &&
         !text_equal_ignoring_case(settings_text(settings, "client_id"), id));
    if (is_another)
        out->auth.client_id = out->auth.client_id_file_path = NULL;
    if (is_another || chooses(settings))
        drop_proofs(&out->auth);
    if (chooses(settings))
        out->auth.uses_oidc = out->auth.uses_aks_workload_identity = out->auth.uses_msi =
            false;
    for (const struct place *place = service_places; place->name != NULL; place++) {
        if (find_set(settings, place->name) != NULL)
            put(texts, settings, place, out);
    }
    out->has_own_proof |= chooses(settings);
}

/* If the host of another row begins with the rule's label: the same address with the other label.
 * Else NULL. */
static const char *derive_endpoint(struct arena *texts,
                                   const struct derived_endpoint *rule,
                                   const struct settings *settings)
{
    static const char scheme[] = "https://";
    const char *from = rule != NULL ? settings_text(settings, rule->from) : NULL;
    if (from == NULL || !text_starts_ignoring_case(from, scheme) ||
        !text_starts_ignoring_case(from + strlen(scheme), rule->label))
        return NULL;
    return arena_print(texts, "%s%s%s", scheme, rule->instead,
                       from + strlen(scheme) + strlen(rule->label));
}

static bool is_any_set(const struct settings *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        if (find_set(settings, settings->items[i].row->name) != NULL)
            return true;
    }
    return false;
}

static const char *endpoint_of_cloud(const struct cloud_endpoint *one,
                                     const char *environment)
{
    while (one != NULL && one->environment != NULL &&
           !text_equal_ignoring_case(one->environment, environment))
        one++;
    return one != NULL ? one->endpoint : NULL;
}

static bool has_needed(const struct service_table *table, const struct settings *settings)
{
    const char *const *needed = table->needed;
    while (needed != NULL && *needed != NULL && settings_text(settings, *needed) != NULL)
        needed++;
    return needed == NULL || *needed == NULL;
}

static const char *find_endpoint(struct arena *texts, const struct service_table *table,
                                 const struct settings *settings, const char *environment)
{
    const char *name = table->endpoint != NULL ? table->endpoint : "endpoint";
    const char *text = settings_text(settings, name);
    if (!has_needed(table, settings))
        return NULL;
    if (text != NULL)
        return arena_copy_text(texts, text);
    return table->endpoints != NULL
               ? endpoint_of_cloud(table->endpoints, environment)
               : derive_endpoint(texts, table->derived_endpoint, settings);
}

/* Applies the inner block of a service. If neither the block nor a variable sets anything in it,
 * the service has no endpoint. */
static int read_inner_block(struct call *call, struct arena *texts,
                            const struct service_table *table,
                            const struct attribute *block, const struct value *value,
                            const struct settings *outer, struct service_config *out,
                            struct diags *diags)
{
    bool is_there = value->state == VALUE_KNOWN &&
                    !value_is_null(value_get(call->arena, value, table->inner_block));
    if (value_is_null(value))
        value = value_object_of_nulls(call->arena,
                                      schema_rows_type(call->arena, block->rows));
    const struct settings inner =
        read_inner(call, block->rows, value, table->inner_block, SETTINGS_OF_ALL);
    if (settings_check(call->arena, &inner, diags) < 0)
        return -1;
    out->audience = NULL; /* each plane has its own audience */
    read_block(texts, &inner, out);
    if (!is_there && !is_any_set(&inner) && find_set(outer, table->endpoint) == NULL)
        out->endpoint = NULL;
    return 0;
}

static int read_service(struct call *call, struct arena *texts,
                        const struct provider_table *provider,
                        const struct configure_service *service,
                        const struct value *config, const struct session_config *session,
                        struct service_config *out, struct diags *diags)
{
    const struct service_table *table = service->table;
    const struct settings settings =
        read_inner(call, provider->attributes, config, table->block, SETTINGS_OF_ALL);
    if (settings_check(call->arena, &settings, diags) < 0)
        return -1;
    *out = (struct service_config){
        .name = table->name,
        .dialect = service->dialect,
        .missing = table->missing,
        .block = table->block,
        .endpoint_name = table->endpoint,
        .publishes_sign_in = table->publishes_sign_in,
        .is_case_sensitive = table->ids->is_case_sensitive,
        .endpoint = find_endpoint(texts, table, &settings, session->environment),
        .audience = endpoint_of_cloud(table->endpoints, session->environment),
        .auth = session->auth
    };
    /* Everything that is needed is set, but the cloud has no address for the service. */
    if (out->endpoint == NULL && table->endpoints != NULL && has_needed(table, &settings))
        out->missing = arena_print(
            texts,
            "This resource is in %s, but its address is not known: environment \"%s\" has none."
            "\n\nWhat to do: Set endpoint in the block `%s` of the provider (%s)",
            table->label, session->environment, table->block,
            schema_find(schema_find(provider->attributes, table->block)->rows, "endpoint")
                ->env[0]);
    out->address = out->endpoint;
    /* The provider's login service is trusted, but it is not the login service of this service. */
    out->known_authority = session->auth.authority;
    if (table->publishes_sign_in)
        out->auth.authority = NULL;
    read_block(texts, &settings, out);
    if (table->inner_block == NULL)
        return 0;
    return read_inner_block(
        call, texts, table, schema_find(provider->attributes, table->block),
        value_get(call->arena, config, table->block), &settings, out, diags);
}

/* Reads the services of the provider's blocks. */
static int read_services(struct call *call, struct arena *texts,
                         const struct provider_table *table,
                         const struct configure_host *host, const struct value *config,
                         struct session_config *out, struct diags *diags)
{
    size_t count = 0;
    while (host->services != NULL && host->services[count].table != NULL)
        count++;
    if (count == 0)
        return 0;
    assert(count < SESSION_SERVICES_MAX);
    struct service_config *services = arena_take_many(texts, count, sizeof *services);
    for (size_t i = 0; i < count; i++) {
        if (read_service(call, texts, table, &host->services[i], config, out,
                         &services[i], diags) < 0)
            return -1;
    }
    out->services = services;
    out->service_count = count;
    return 0;
}

int provider_config_read(struct call *call, struct arena *texts,
                         const struct provider_table *table,
                         const struct configure_host *host, const struct value *config,
                         struct session_config *out, struct diags *diags)
{
    const struct attribute *rows = table->attributes;
    const struct settings settings =
        settings_read(call->arena, rows, config, SETTINGS_OF_ALL);
    /* An endpoint from the block and one from a variable might belong to two clouds. So, as in
     * azapi, the variables are only read if the whole argument is omitted. */
    const struct settings endpoint =
        read_inner(call, rows, config, "endpoint", SETTINGS_OF_BLOCK);
    const struct settings proxy =
        read_inner(call, rows, config, "proxy", SETTINGS_OF_BLOCK);
    if (settings_check(call->arena, &settings, diags) < 0 ||
        settings_check(call->arena, &endpoint, diags) < 0)
        return -1;
    *out = (struct session_config){ 0 };
    put_all(texts, &settings, places, out);
    put_all(texts, &endpoint, endpoint_places, out);
    put_all(texts, &proxy, proxy_places, out);
    out->user_agent = user_agent(texts, host, partner(texts, &settings));
    out->auth.unused_variables = settings_unused(texts, &settings);
    if (read_auxiliary_tenants(call, texts, &settings, out, diags) < 0 ||
        read_services(call, texts, table, host, config, out, diags) < 0)
        return -1;
    log_unused(call, &settings);
    return 0;
}
