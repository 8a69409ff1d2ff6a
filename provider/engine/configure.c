/* Configure: block and environment become a session.
 *
 * Precedence: the configuration, then the first variable that is set and not empty, then
 * the default. Contacts nobody.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

/* The first that is set and not empty. */
static const char *find_variable(const struct attribute *row)
{
    for (const char *const *name = row->env; name != NULL && *name != NULL; name++) {
        const char *text = getenv(*name);
        if (text != NULL && *text != '\0')
            return text;
    }
    return NULL;
}

static const char *setting(struct arena *arena, const struct attribute *rows,
                           const struct value *object, const char *name)
{
    const char *text = value_text(value_get(arena, object, name));
    if (text != NULL)
        return text;
    const struct attribute *row = schema_find(rows, name);
    text = find_variable(row);
    if (text != NULL)
        return text;
    return row->fallback;
}

/* As Go reads them, which is how azurerm and azapi read theirs: 1, t, T, TRUE, true, True,
 * and the same of 0 and false. Source: strconv.ParseBool */
static bool parse_bool(const char *text, bool *out)
{
    static const char *const words[2][6] = { { "0", "f", "F", "FALSE", "false", "False" },
                                             { "1", "t", "T", "TRUE", "true", "True" } };
    for (size_t i = 0; i < 12; i++) {
        if (strcmp(words[i / 6][i % 6], text) == 0) {
            *out = i >= 6;
            return true;
        }
    }
    return false;
}

static bool bool_setting(struct arena *arena, const struct attribute *rows,
                         const struct value *object, const char *name)
{
    const struct value *value = value_get(arena, object, name);
    bool is_on = false;
    if (value->state == VALUE_KNOWN)
        return value_is_true(value, false);
    const char *text = setting(arena, rows, object, name);
    return text != NULL && parse_bool(text, &is_on) && is_on;
}

/* "endpoint" is read from variables only when the whole argument is left out, as azapi
 * does: half a configured endpoint and half an inherited one belong to two clouds. */
static const char *endpoint_setting(struct arena *arena, const struct attribute *rows,
                                    const struct value *endpoint, const char *name)
{
    const struct attribute *row = schema_find(rows, "endpoint");
    const struct type *type = schema_rows_type(arena, row->rows);
    if (value_is_null(endpoint) || endpoint->many.count == 0)
        return setting(arena, row->rows, value_object_of_nulls(arena, type), name);
    return value_text(value_get(arena, endpoint->many.items[0], name));
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
static const char *const *list_setting(struct arena *arena, const struct attribute *rows,
                                       const struct value *object, const char *name)
{
    const struct value *value = value_get(arena, object, name);
    if (value->state != VALUE_KNOWN) {
        const char *text = find_variable(schema_find(rows, name));
        return split(arena, text != NULL ? text : "");
    }
    const char **list = arena_take_many(arena, value->many.count + 1, sizeof *list);
    for (size_t i = 0; i < value->many.count; i++) {
        const char *text = value_text(value->many.items[i]);
        list[i] = text != NULL ? text : "";
    }
    return list;
}

static void check_variable(struct arena *arena, const struct attribute *row,
                           const char *variable, const char *text, struct diags *diags)
{
    const char *title = arena_print(arena, "Invalid environment variable %s", variable);
    bool ignored;
    if (row->type == &type_bool) {
        if (!parse_bool(text, &ignored))
            diags_error(diags, PATH_NONE, title, "\"%s\" is neither true nor false.",
                        text_clean(arena, text, strlen(text), 200));
        return;
    }
    if (row->type != &type_string) /* a list, which is checked where it is read */
        return;
    struct attribute named = *row;
    named.name = variable;
    const struct attribute one[] = { named, { 0 } };
    const struct type *type = schema_rows_type(arena, one);
    const struct value *object = value_with(arena, value_object_of_nulls(arena, type),
                                            variable, value_string(arena, text));
    struct diags found;
    diags_init(&found, arena);
    schema_validate(arena, one, object, PATH_NONE, &found);
    for (struct diagnostic *diag = found.first; diag != NULL; diag = diag->next)
        diags_error(diags, PATH_NONE, title, "%s", diag->detail);
}

/* The variables hold what validation could not see: the same checks, with their names. */
static int check_variables(struct call *call, const struct attribute *rows,
                           const struct value *config, struct diags *diags)
{
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        if (config != NULL && !value_is_null(value_get(call->arena, config, row->name)))
            continue;
        if (row->nesting != NESTING_NONE) {
            check_variables(call, row->rows, NULL, diags);
            continue;
        }
        for (const char *const *variable = row->env;
             variable != NULL && *variable != NULL; variable++) {
            const char *text = getenv(*variable);
            if (text == NULL || *text == '\0')
                continue;
            check_variable(call->arena, row, *variable, text, diags);
            break;
        }
    }
    return diags_have_error(diags) ? -1 : 0;
}

/* By which Microsoft counts the use of Terraform. Source: azurerm,
 * internal/common/client_options.go */
#define TERRAFORM_PARTNER_ID "222c6c49-1b0a-5959-a213-6608f9eb8820"

/* The service reads one: the user's own takes the place of Terraform's. */
static const char *partner(struct arena *arena, const struct attribute *rows,
                           const struct value *config)
{
    const char *id = setting(arena, rows, config, "partner_id");
    if (id == NULL && !bool_setting(arena, rows, config, "disable_terraform_partner_id"))
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
    char *clean = text_clean(arena, text, strlen(text), 1024);
    for (char *at = clean; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || (unsigned char)*at >= 0x7F)
            *at = ' ';
    }
    return clean;
}

static void read_auth(struct arena *arena, const struct attribute *rows,
                      const struct value *config, struct auth_config *auth)
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
        *texts[i].place = setting(arena, rows, config, texts[i].name);
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        *switches[i].place = bool_setting(arena, rows, config, switches[i].name);
}

static int read_auxiliary_tenants(struct arena *arena, const struct attribute *rows,
                                  const struct value *config,
                                  struct session_config *session, struct diags *diags)
{
    const struct path *path = path_attribute(arena, PATH_NONE, "auxiliary_tenant_ids");
    const char *const *list = list_setting(arena, rows, config, "auxiliary_tenant_ids");
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
    if (check_variables(call, rows, config, diags) < 0)
        return -1;

    const struct value *endpoint = value_get(arena, config, "endpoint");
    struct session_config session = {
        .environment = text_lower(arena, setting(arena, rows, config, "environment")),
        .subscription_id = setting(arena, rows, config, "subscription_id"),
        .ca_bundle = setting(arena, rows, config, "ca_bundle"),
        .has_no_destroy_warning =
            !bool_setting(arena, rows, config, "destroy_warning_enabled"),
        .checks_locks = bool_setting(arena, rows, config, "destroy_lock_check_enabled"),
        .api_version = setting(arena, rows, config, "api_version"),
        .has_own_reads = !bool_setting(arena, rows, config, "shared_reads_enabled"),
        .resource_manager_endpoint =
            endpoint_setting(arena, rows, endpoint, "resource_manager_endpoint"),
        .resource_manager_audience =
            endpoint_setting(arena, rows, endpoint, "resource_manager_audience"),
        .auth = {
            .authority =
                endpoint_setting(arena, rows, endpoint, "active_directory_authority_host"),
        },
        .user_agent = user_agent(arena, host, partner(arena, rows, config)),
        .metadata_host = setting(arena, rows, config, "metadata_host"),
        .proxy = read_proxy(arena, config),
        .correlation_id = setting(arena, rows, config, "custom_correlation_request_id"),
        .has_no_correlation_id =
            bool_setting(arena, rows, config, "disable_correlation_request_id"),
    };
    read_auth(arena, rows, config, &session.auth);
    if (read_auxiliary_tenants(arena, rows, config, &session, diags) < 0)
        return -1;
    if (check_custom(arena, &session, diags) < 0)
        return -1;
    struct error err = NO_ERROR;
    if (session_new(&session, out, &err) < 0)
        return diags_error(diags, PATH_NONE, "Provider cannot be configured", "%s.",
                           err.text);
    return 0;
}
