/* Makes a session from the provider block and the environment. Sends no request.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "configure/configure.h"
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
                       "do: in the provider block, set active_directory_authority_host "
                       "and resource_manager_endpoint in endpoint "
                       "(ARM_ACTIVE_DIRECTORY_AUTHORITY_HOST and "
                       "ARM_RESOURCE_MANAGER_ENDPOINT), or set metadata_host "
                       "(ARM_METADATA_HOSTNAME) to a host that provides them.");
}

int configure_validate(struct call *call, const struct provider_table *table,
                       const struct value *config, struct diags *diags)
{
    schema_validate(call->arena, table->attributes, config, PATH_NONE, diags);
    const struct value *endpoint = value_get(call->arena, config, "endpoint");
    if (endpoint->state == VALUE_KNOWN && endpoint->many.count > 1)
        diags_error(diags, path_attribute(call->arena, PATH_NONE, "endpoint"),
                    "Too many endpoints",
                    "endpoint must have at most one element, because the provider "
                    "connects to one cloud.");
    const struct value *proxy = value_get(call->arena, config, "proxy");
    if (proxy->state == VALUE_KNOWN &&
        value_is_null(value_get(call->arena, proxy, "username")) &&
        !value_is_null(value_get(call->arena, proxy, "password")))
        diags_error(diags,
                    path_attribute(call->arena,
                                   path_attribute(call->arena, PATH_NONE, "proxy"),
                                   "password"),
                    "Proxy without username",
                    "proxy.password requires proxy.username. Set both, or neither.");
    return diags_have_error(diags) ? -1 : 0;
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
    http_openssl_configure();
    auto_arena texts = arena_new();
    struct session_config session;
    if (provider_config_read(call, texts, table, host, config, &session, diags) < 0 ||
        check_custom(call->arena, &session, diags) < 0)
        return -1;
    struct error err = NO_ERROR;
    if (session_new(&session, texts, out, &err) < 0)
        return diags_error(diags, PATH_NONE, "Cannot configure the provider", "%s",
                           text_sentence(call->arena, err.text));
    (void)take(texts); /* the session owns it now */
    return 0;
}
