/* Configure: block and environment become a session.
 *
 * Precedence: the configuration, then the first variable that is set and not empty, then
 * the default. Contacts nobody.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "engine/internal.h"

static const char *setting(struct arena *arena, const struct attribute *rows,
                           const struct value *object, const char *name)
{
    const char *text = value_text(value_get(arena, object, name));
    if (text != NULL)
        return text;
    const struct attribute *row = schema_find(rows, name);
    for (const char *const *variable = row->env; variable != NULL && *variable != NULL;
         variable++) {
        text = getenv(*variable);
        if (text != NULL && *text != '\0')
            return text;
    }
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

/* The host first, as HashiCorp's own providers write it, then this provider, then what
 * TF_APPEND_USER_AGENT adds. */
static const char *user_agent(struct arena *arena, const struct engine_host *host)
{
    const char *text = arena_print(arena,
                                   "Terraform/%s (+https://www.terraform.io) "
                                   "terraform-provider-azurestack/%s",
                                   host->terraform_version, host->provider_version);
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
        .has_own_reads = !bool_setting(arena, rows, config, "shared_reads_enabled"),
        .resource_manager_endpoint =
            endpoint_setting(arena, rows, endpoint, "resource_manager_endpoint"),
        .resource_manager_audience =
            endpoint_setting(arena, rows, endpoint, "resource_manager_audience"),
        .auth = {
            .authority =
                endpoint_setting(arena, rows, endpoint, "active_directory_authority_host"),
            .tenant_id = setting(arena, rows, config, "tenant_id"),
            .client_id = setting(arena, rows, config, "client_id"),
            .client_secret = setting(arena, rows, config, "client_secret"),
        },
        .user_agent = user_agent(arena, host),
    };
    if (strcmp(session.environment, "custom") == 0 &&
        (session.resource_manager_endpoint == NULL || session.auth.authority == NULL))
        return diags_error(
            diags, path_attribute(arena, PATH_NONE, "endpoint"), "Endpoint is incomplete",
            "The environment \"custom\" has no addresses of its own: give endpoint an "
            "active_directory_authority_host and a resource_manager_endpoint, or set "
            "ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST and ARM_RESOURCE_MANAGER_ENDPOINT.");
    struct error err = NO_ERROR;
    if (session_new(&session, out, &err) < 0)
        return diags_error(diags, PATH_NONE, "Provider cannot be configured", "%s.",
                           err.text);
    return 0;
}
