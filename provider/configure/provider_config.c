/* Reads the settings of a session from the provider block and the environment.
 * SPDX-License-Identifier: MPL-2.0 */
#include "configure/provider_config.h"

#include <stdlib.h>
#include <string.h>

#include "auth/inputs.h"
#include "base/log.h"
#include "base/text.h"
#include "configure/internal.h"

/* ---- where arguments go ------------------------------------------------------------------ */

#define AT(member) .offset = offsetof(struct session_config, member)

static const struct place places[] = {
    { "tenant_id", AT(auth.tenant_id), .is_trimmed = true },
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

static const char *copy_trimmed(struct arena *arena, const char *text)
{
    const struct bytes trimmed = input_trim(text);
    return arena_copy_bytes_as_text(arena, trimmed.data, trimmed.length);
}

void place_put(struct arena *texts, const struct settings *settings,
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
    if (text != NULL && place->is_trimmed)
        text = copy_trimmed(texts, text);
    else if (text != NULL)
        text = row->compare == COMPARE_IGNORING_CASE ? text_lower(texts, text)
                                                     : arena_copy_text(texts, text);
    memcpy(at, &text, sizeof text);
}

void place_put_all(struct arena *texts, const struct settings *settings,
                   const struct place *place, void *out)
{
    for (; place->name != NULL; place++)
        place_put(texts, settings, place, out);
}

/* ---- what is more than a text or a bool ---------------------------------------------------- */

/* The texts between semicolons, without empty ones; ends with NULL. */
static const char *const *split(struct arena *arena, const char *text)
{
    const char **list = arena_take_many(arena, strlen(text) / 2 + 2, sizeof *list);
    for (size_t count = 0; *text != '\0'; text += *text == ';') {
        size_t length = strcspn(text, ";");
        const char *part =
            copy_trimmed(arena, arena_copy_bytes_as_text(arena, text, length));
        if (*part != '\0')
            list[count++] = part;
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

/* Errors name the first variable of an argument. This replaces it with the one that is set. */
static const struct auth_name *name_variables(struct arena *texts,
                                              const struct settings *settings)
{
    struct auth_name *names = arena_take_many(texts, settings->count + 1, sizeof *names);
    size_t count = 0;
    for (size_t i = 0; i < settings->count; i++) {
        const struct setting *one = &settings->items[i];
        const struct attribute *row = one->row;
        if (!setting_is_from_variable(one) || one->variable == row->env[0])
            continue;
        names[count++] = (struct auth_name){
            arena_print(texts, "%s (%s)", row->name, row->env[0]),
            arena_print(texts, "%s (%s)", row->name, one->variable),
        };
    }
    return names;
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

struct settings provider_config_read_inner(struct call *call,
                                           const struct attribute *rows,
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
        provider_config_read_inner(call, rows, config, "endpoint", SETTINGS_OF_BLOCK);
    const struct settings proxy =
        provider_config_read_inner(call, rows, config, "proxy", SETTINGS_OF_BLOCK);
    if (settings_check(call->arena, &settings, diags) < 0 ||
        settings_check(call->arena, &endpoint, diags) < 0)
        return -1;
    *out = (struct session_config){ 0 };
    place_put_all(texts, &settings, places, out);
    place_put_all(texts, &endpoint, endpoint_places, out);
    place_put_all(texts, &proxy, proxy_places, out);
    out->user_agent = user_agent(texts, host, partner(texts, &settings));
    out->auth.unused_variables = settings_unused(texts, &settings);
    out->auth.names.arguments = name_variables(texts, &settings);
    out->auth.has_others_proof = settings_have_others_proof(&settings);
    if (read_auxiliary_tenants(call, texts, &settings, out, diags) < 0 ||
        provider_config_read_services(call, texts, table, host, config, out, diags) < 0)
        return -1;
    log_unused(call, &settings);
    return 0;
}
