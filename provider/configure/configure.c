/* Makes a session from the provider block and the environment. Sends no request.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "configure/configure.h"
#include "auth/inputs.h"
#include "base/text.h"
#include "configure/provider_config.h"
#include "http/openssl.h"

/* A custom environment has no default hosts. */
static int check_custom(struct arena *arena, const struct session_config *session,
                        struct diags *diags)
{
    if (strcmp(session->environment, "custom") != 0 || session->metadata_host != NULL ||
        (session->resource_manager_endpoint != NULL && session->auth.authority != NULL))
        return 0;
    return diags_error(diags, path_attribute(arena, PATH_NONE, "endpoint"),
                       "Missing endpoints",
                       "The environment \"custom\" has no default endpoints.\n\nWhat to "
                       "do: In the provider block, set active_directory_authority_host "
                       "and resource_manager_endpoint in endpoint "
                       "(ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST and "
                       "ARM_RESOURCE_MANAGER_ENDPOINT), or set metadata_host "
                       "(ARM_METADATA_HOSTNAME) to a host that provides them.");
}

static void check_tenant(struct arena *arena, const struct path *path, const char *name,
                         const char *text, struct diags *diags)
{
    struct error ignored = NO_ERROR;
    if (text != NULL && *text != '\0' && input_check_tenant(text, &ignored) < 0)
        diags_error(diags, path, arena_print(arena, "Invalid %s", name),
                    "\"%s\" is neither a GUID nor a domain name.",
                    text_clean_line(arena, text, strlen(text), 200));
}

/* Checks tenant_id in the block and in its nested blocks. Variables are checked where they are used. */
static void check_tenants(struct arena *arena, const struct attribute *rows,
                          const struct value *block, const struct path *path,
                          struct diags *diags)
{
    for (; block->state == VALUE_KNOWN && rows->name != NULL; rows++) {
        const struct value *value = value_get(arena, block, rows->name);
        const struct path *at = path_attribute(arena, path, rows->name);
        if (rows->is_block)
            check_tenants(arena, rows->rows, value, at, diags);
        else if (text_equal(rows->name, "tenant_id"))
            check_tenant(arena, at, rows->name, value_text(value), diags);
    }
}

static void check_auxiliary_tenants(struct arena *arena, const struct value *list,
                                    struct diags *diags)
{
    static const char name[] = "auxiliary_tenant_ids";
    const struct path *path = path_attribute(arena, PATH_NONE, name);
    size_t count = list->state == VALUE_KNOWN ? list->many.count : 0;
    if (count > SESSION_AUXILIARY_MAX)
        diags_error(diags, path, "Too many auxiliary tenants",
                    "Azure accepts at most %d auxiliary tenants. Remove some.",
                    SESSION_AUXILIARY_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *text = value_text(list->many.items[i]);
        const struct path *at = path_index(arena, path, (int64_t)i);
        if (text != NULL && *text == '\0')
            diags_error(
                diags, at, "Invalid auxiliary_tenant_ids",
                "The value is empty. Set it to the ID of a tenant, or remove it.");
        check_tenant(arena, at, name, text, diags);
    }
}

int configure_validate(struct call *call, const struct provider_table *table,
                       const struct value *config, struct diags *diags)
{
    schema_validate(call->arena, table->attributes, config, PATH_NONE, diags);
    check_tenants(call->arena, table->attributes, config, PATH_NONE, diags);
    check_auxiliary_tenants(
        call->arena, value_get(call->arena, config, "auxiliary_tenant_ids"), diags);
    const struct value *endpoint = value_get(call->arena, config, "endpoint");
    if (endpoint->state == VALUE_KNOWN && endpoint->many.count > 1)
        diags_error(diags, path_attribute(call->arena, PATH_NONE, "endpoint"),
                    "Too many endpoints",
                    "endpoint must have at most one element, because the provider "
                    "connects to one cloud.");
    const struct value *proxy = value_get(call->arena, config, "proxy");
    if (proxy->state == VALUE_KNOWN &&
        value_is_null(value_get(call->arena, proxy, "username")) &&
        value_get(call->arena, proxy, "password")->state == VALUE_KNOWN)
        diags_error(diags,
                    path_attribute(call->arena,
                                   path_attribute(call->arena, PATH_NONE, "proxy"),
                                   "password"),
                    "Proxy without username",
                    "proxy.password requires proxy.username. Set both, or neither.");
    return diags_have_error(diags) ? -1 : 0;
}

static int report(struct call *call, const struct error *err, struct diags *diags)
{
    return diags_error(diags, PATH_NONE, "Cannot configure the provider", "%s",
                       text_sentence(call->arena, err->text));
}

int configure_session(struct call *call, const struct provider_table *table,
                      const struct configure_host *host, const struct value *config,
                      struct session **out, struct diags *diags)
{
    if (configure_validate(call, table, config, diags) < 0)
        return -1;
    if (!value_is_wholly_known(config)) {
        *out = NULL;
        return 0;
    }
    struct error err = NO_ERROR;
    if (http_openssl_configure(&err) < 0)
        return report(call, &err, diags);
    auto_arena texts = arena_new();
    struct session_config session;
    if (provider_config_read(call, texts, table, host, config, &session, diags) < 0 ||
        check_custom(call->arena, &session, diags) < 0)
        return -1;
    if (session_new(&session, texts, out, &err) < 0)
        return report(call, &err, diags);
    (void)take(texts); /* the session owns it now */
    return 0;
}
