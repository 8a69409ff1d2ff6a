/* What was configured, for whoever needs it after Configure has returned.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/secret.h"
#include "session/service.h"

#define TEXT(member) offsetof(struct session_config, member)

/* Every text there is. A member that is missing here would be borrowed from a call that is
 * over: tests/unit/session/kept_test.c fills the struct and looks for it. */
static const size_t texts[] = {
    TEXT(environment),
    TEXT(resource_manager_endpoint),
    TEXT(resource_manager_audience),
    TEXT(auth.authority),
    TEXT(auth.tenant_id),
    TEXT(auth.client_id),
    TEXT(auth.client_id_file_path),
    TEXT(auth.client_secret),
    TEXT(auth.client_secret_file_path),
    TEXT(auth.client_certificate),
    TEXT(auth.client_certificate_path),
    TEXT(auth.client_certificate_password),
    TEXT(auth.oidc_token),
    TEXT(auth.oidc_token_file_path),
    TEXT(auth.oidc_request_url),
    TEXT(auth.oidc_request_token),
    TEXT(auth.ado_pipeline_service_connection_id),
    TEXT(auth.msi_endpoint),
    TEXT(auth.msi_api_version),
    TEXT(auth.unused_variables),
    TEXT(subscription_id),
    TEXT(ca_bundle),
    TEXT(proxy.url),
    TEXT(proxy.username),
    TEXT(proxy.password),
    TEXT(user_agent),
    TEXT(correlation_id),
    TEXT(metadata_host),
    TEXT(api_version),
    TEXT(auxiliary_tenant_ids[0]),
    TEXT(auxiliary_tenant_ids[1]),
    TEXT(auxiliary_tenant_ids[2]),
};
enum { TEXT_COUNT = sizeof texts / sizeof *texts };

static char **text_of(struct session_config *config, size_t number)
{
    return (char **)(void *)((char *)config + texts[number]);
}

struct session_config *session_config_keep(const struct session_config *config)
{
    struct session_config *kept = memory_new(sizeof *kept);
    *kept = *config;
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        char **text = text_of(kept, i);
        *text = *text != NULL ? memory_copy_text(*text) : NULL;
    }
    return kept;
}

void session_config_free(struct session_config *config)
{
    if (config == NULL)
        return;
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        char *text = *text_of(config, i);
        if (text != NULL)
            secret_wipe(text, strlen(text)); /* some of them are secrets */
        free(text);
    }
    free(config);
}
