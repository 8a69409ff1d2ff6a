/* Configure: block and environment (engine/settings.h) become a session. Contacts nobody.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "engine/internal.h"
#include "engine/settings.h"

/* "endpoint" is read from variables only when the whole argument is left out, as azapi
 * does: half a configured endpoint and half an inherited one belong to two clouds. */
static bool has_own_endpoint(const struct value *endpoint)
{
    return !value_is_null(endpoint) && endpoint->many.count != 0;
}

static const char *endpoint_setting(struct arena *arena, const struct settings *variables,
                                    const struct value *endpoint, const char *name)
{
    return has_own_endpoint(endpoint)
               ? value_text(value_get(arena, endpoint->many.items[0], name))
               : settings_text(variables, name);
}

/* Texts between semicolons, without the empty ones; ends with NULL. */
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

/* By which Microsoft counts the use of Terraform. Source: azurerm,
 * internal/common/client_options.go */
#define TERRAFORM_PARTNER_ID "222c6c49-1b0a-5959-a213-6608f9eb8820"

/* The service reads one: the user's own takes the place of Terraform's. */
static const char *partner(struct arena *arena, const struct settings *settings)
{
    const char *id = settings_text(settings, "partner_id");
    if (id == NULL && !settings_is_on(settings, "disable_terraform_partner_id"))
        id = TERRAFORM_PARTNER_ID;
    if (id == NULL)
        return "";
    return arena_print(arena, " %s%s", strncmp(id, "pid-", 4) != 0 ? "pid-" : "", id);
}

/* The host first, as HashiCorp's own providers write it, then this provider, the partner, and
 * what TF_APPEND_USER_AGENT adds. */
static const char *user_agent(struct arena *arena, const struct engine_host *host,
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
    /* One header line, whatever the variable holds. */
    char *clean = text_clean_line(arena, text, strlen(text), 1024);
    for (char *at = clean; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || (unsigned char)*at >= 0x7F)
            *at = ' ';
    }
    return clean;
}

static void read_auth(struct arena *arena, const struct settings *settings,
                      struct auth_config *auth)
{
    const struct {
        const char *name, **place;
    } texts[] = {
        { "tenant_id", &auth->tenant_id },
        { "client_id", &auth->client_id },
        { "client_id_file_path", &auth->client_id_file_path },
        { "client_secret", &auth->client_secret },
        { "client_secret_file_path", &auth->client_secret_file_path },
        { "client_certificate", &auth->client_certificate },
        { "client_certificate_path", &auth->client_certificate_path },
        { "client_certificate_password", &auth->client_certificate_password },
        { "oidc_token", &auth->oidc_token },
        { "oidc_token_file_path", &auth->oidc_token_file_path },
        { "oidc_request_url", &auth->oidc_request_url },
        { "oidc_request_token", &auth->oidc_request_token },
        { "ado_pipeline_service_connection_id",
          &auth->ado_pipeline_service_connection_id },
        { "msi_endpoint", &auth->msi_endpoint },
        { "msi_api_version", &auth->msi_api_version },
    };
    const struct {
        const char *name;
        bool *place;
    } switches[] = {
        { "use_oidc", &auth->uses_oidc },
        { "use_aks_workload_identity", &auth->uses_aks_workload_identity },
        { "use_msi", &auth->uses_msi },
        { "use_cli", &auth->uses_cli },
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i].place = settings_text(settings, texts[i].name);
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        *switches[i].place = settings_is_on(settings, switches[i].name);
    auth->unused_variables = settings_unused(arena, settings);
}

static int read_auxiliary_tenants(struct arena *arena, const struct settings *settings,
                                  struct session_config *session, struct diags *diags)
{
    const struct path *path = path_attribute(arena, PATH_NONE, "auxiliary_tenant_ids");
    const char *const *list = list_setting(arena, settings, "auxiliary_tenant_ids");
    for (size_t i = 0; list[i] != NULL; i++) {
        if (i == SESSION_AUXILIARY_MAX)
            return diags_error(diags, path, "Too many auxiliary tenants",
                               "Azure takes %d of them with a request; leave out what is "
                               "not needed in auxiliary_tenant_ids "
                               "(ARM_AUXILIARY_TENANT_IDS).",
                               SESSION_AUXILIARY_MAX);
        if (*list[i] == '\0')
            return diags_error(diags, path, "Invalid auxiliary_tenant_ids",
                               "Element %zu is empty.", i + 1);
        session->auxiliary_tenant_ids[i] = list[i];
    }
    return 0;
}

static struct http_proxy_options read_proxy(struct arena *arena,
                                            const struct value *config)
{
    const struct value *proxy = value_get(arena, config, "proxy");
    if (value_is_null(proxy))
        return (struct http_proxy_options){ 0 };
    return (struct http_proxy_options){
        .url = value_text(value_get(arena, proxy, "url")),
        .username = value_text(value_get(arena, proxy, "username")),
        .password = value_text(value_get(arena, proxy, "password")),
    };
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

/* Nobody but those who are named is ever asked. */
static int check_custom(struct arena *arena, const struct session_config *session,
                        struct diags *diags)
{
    if (strcmp(session->environment, "custom") != 0 || session->metadata_host != NULL ||
        (session->resource_manager_endpoint != NULL && session->auth.authority != NULL))
        return 0;
    return diags_error(
        diags, path_attribute(arena, PATH_NONE, "endpoint"), "Endpoint is incomplete",
        "The environment \"custom\" has no addresses of its own: give endpoint an "
        "active_directory_authority_host and a resource_manager_endpoint, set "
        "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST and ARM_RESOURCE_MANAGER_ENDPOINT, or name "
        "the host that tells them in metadata_host (ARM_METADATA_HOSTNAME).");
}

static struct settings read_endpoint_variables(struct arena *arena,
                                               const struct attribute *rows)
{
    const struct attribute *inner = schema_find(rows, "endpoint")->rows;
    return settings_read(arena, inner,
                         value_object_of_nulls(arena, schema_rows_type(arena, inner)));
}

int engine_configure(struct call *call, const struct provider_table *table,
                     const struct engine_host *host, const struct value *config,
                     struct session **out, struct diags *diags)
{
    struct arena *arena = call->arena;
    const struct attribute *rows = table->attributes;
    if (engine_validate_provider(call, table, config, diags) < 0)
        return -1;
    if (!value_is_wholly_known(config)) {
        *out = NULL;
        return 0;
    }

    const struct value *endpoint = value_get(arena, config, "endpoint");
    const struct settings settings = settings_read(arena, rows, config);
    const struct settings of_endpoint = read_endpoint_variables(arena, rows);
    if (settings_check(arena, &settings, diags) < 0 ||
        (!has_own_endpoint(endpoint) && settings_check(arena, &of_endpoint, diags) < 0))
        return -1;
    struct session_config session = {
        .environment = text_lower(arena, settings_text(&settings, "environment")),
        .subscription_id = settings_text(&settings, "subscription_id"),
        .ca_bundle = settings_text(&settings, "ca_bundle"),
        .has_no_destroy_warning =
            !settings_is_on(&settings, "destroy_warning_enabled"),
        .checks_locks = settings_is_on(&settings, "destroy_lock_check_enabled"),
        .api_version = settings_text(&settings, "api_version"),
        .has_own_reads = !settings_is_on(&settings, "shared_reads_enabled"),
        .resource_manager_endpoint =
            endpoint_setting(arena, &of_endpoint, endpoint, "resource_manager_endpoint"),
        .resource_manager_audience =
            endpoint_setting(arena, &of_endpoint, endpoint, "resource_manager_audience"),
        .auth = {
            .authority =
                endpoint_setting(arena, &of_endpoint, endpoint, "active_directory_authority_host"),
        },
        .user_agent = user_agent(arena, host, partner(arena, &settings)),
        .metadata_host = settings_text(&settings, "metadata_host"),
        .proxy = read_proxy(arena, config),
        .correlation_id = settings_text(&settings, "custom_correlation_request_id"),
        .has_no_correlation_id =
            settings_is_on(&settings, "disable_correlation_request_id"),
    };
    read_auth(arena, &settings, &session.auth);
    if (read_auxiliary_tenants(arena, &settings, &session, diags) < 0)
        return -1;
    if (check_custom(arena, &session, diags) < 0)
        return -1;
    log_unused(call, &settings);
    struct error err = NO_ERROR;
    if (session_new(&session, out, &err) < 0)
        return diags_error(diags, PATH_NONE, "Provider cannot be configured", "%s.",
                           err.text);
    return 0;
}
