/* The tokens for a service: its own, those of auxiliary tenants, and those of tenants that objects
 * name.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "auth/cache.h"
#include "base/memory.h"
#include "base/text.h"
#include "session/service.h"

/* 0 with *out NULL: no credential is configured, and `missing` says why. */
static int make_tokens(struct http_transport *transport, const struct auth_config *auth,
                       const char *audience, struct auth_cache **out,
                       struct error *missing, struct error *err)
{
    struct credential *credential = NULL;
    struct error why = NO_ERROR;
    if (credential_choose(auth, &credential, &why) == 0) {
        *out = auth_cache_new(credential, transport, audience);
        return 0;
    }
    *(why.kind == ERR_CREDENTIAL ? missing : err) = why;
    return why.kind == ERR_CREDENTIAL ? 0 : -1;
}

/* A token cache for each auxiliary tenant, with the same credential. */
static int make_auxiliary_tokens(struct service *service,
                                 struct http_transport *transport,
                                 const struct session_config *config,
                                 const struct auth_config *auth, const char *audience,
                                 struct error *err)
{
    for (size_t i = 0; i < SESSION_AUXILIARY_MAX; i++) {
        if (config->auxiliary_tenant_ids[i] == NULL || service->tokens == NULL)
            return 0;
        struct auth_config other = *auth;
        other.tenant_id = config->auxiliary_tenant_ids[i];
        other.names.tenant = "auxiliary_tenant_ids (ARM_AUXILIARY_TENANT_IDS)";
        if (make_tokens(transport, &other, audience, &service->auxiliary[i],
                        &service->missing, err) < 0)
            return error_context(err, "auxiliary_tenant_ids (ARM_AUXILIARY_TENANT_IDS)");
        const struct credential_source *source = auth_cache_source(service->tokens);
        if (service->auxiliary[i] == NULL ||
            source != auth_cache_source(service->auxiliary[i]) || source->has_one_tenant)
            return error_set(
                err, ERR_INVALID,
                "the sign-in method \"%s\" does not support auxiliary_tenant_ids "
                "(ARM_AUXILIARY_TENANT_IDS)",
                source->name);
    }
    return 0;
}

/* The credentials, for a login service at `authority`. */
int service_tokens_make(struct service *service, const struct session_config *config,
                        const char *authority, const char *audience, struct error *err)
{
    struct http_transport *transport = service->login_transport;
    auto_char trimmed = addresses_copy(authority);
    struct auth_config auth = config->auth;
    auth.authority = trimmed;
    service->auth = config->auth;
    if (make_tokens(transport, &auth, audience, &service->tokens, &service->missing,
                    err) < 0)
        return -1;
    return make_auxiliary_tokens(service, transport, config, &auth, audience, err);
}

void service_tokens_drop(struct service *service)
{
    auth_cache_free(service->tokens);
    service->tokens = NULL;
    for (size_t i = 0; i < SESSION_AUXILIARY_MAX; i++) {
        auth_cache_free(service->auxiliary[i]);
        service->auxiliary[i] = NULL;
    }
}

/* ---- tokens of other tenants --------------------------------------------------------------- */

struct tenant_client {
    struct tenant_client *next;
    char *tenant_id;
    struct auth_cache *tokens;
    struct rest_client client;
};

void service_tokens_clear_tenants(struct service *service)
{
    while (service->tenant_clients != NULL) {
        struct tenant_client *one = service->tenant_clients;
        service->tenant_clients = one->next;
        auth_cache_free(one->tokens);
        free(one->tenant_id);
        free(one);
    }
}

static struct tenant_client *find_tenant_client(struct service *service,
                                                const char *tenant_id)
{
    struct tenant_client *one = service->tenant_clients;
    while (one != NULL && !text_equal_ignoring_case(one->tenant_id, tenant_id))
        one = one->next;
    return one;
}

static struct tenant_client *add_tenant_client(struct service *service,
                                               const char *tenant_id, struct error *err)
{
    struct auth_config auth = service->auth;
    if (auth.is_adfs) {
        error_set(err, ERR_CREDENTIAL,
                  "the service signs in with AD FS, which has only one directory "
                  "and no tokens of directory %s",
                  tenant_id);
        return NULL;
    }
    auth.authority = service->authority;
    auth.tenant_id = tenant_id;
    auth.names.tenant = "tenant_id of this object";
    struct auth_cache *tokens = NULL;
    if (make_tokens(service->login_transport, &auth, service->audience, &tokens, err,
                    err) < 0 ||
        tokens == NULL)
        return NULL;
    const struct credential_source *source = auth_cache_source(tokens);
    if (source->has_one_tenant) {
        auth_cache_free(tokens);
        error_set(err, ERR_CREDENTIAL,
                  "the sign-in method \"%s\" can get tokens of one tenant only, and "
                  "this object needs a token of tenant %s",
                  source->name, tenant_id);
        return NULL;
    }
    struct tenant_client *one = memory_new(sizeof *one);
    one->tenant_id = memory_copy_text(tenant_id);
    one->tokens = tokens;
    one->client = service->client;
    one->client.tokens = tokens;
    one->client.auxiliary_count = 0;
    one->next = service->tenant_clients;
    service->tenant_clients = one;
    return one;
}

int service_client_of_tenant(struct service *service, const char *tenant_id,
                             struct rest_client **out, struct error *err)
{
    pthread_mutex_lock(&service->lock);
    struct tenant_client *one = find_tenant_client(service, tenant_id);
    if (one == NULL)
        one = add_tenant_client(service, tenant_id, err);
    pthread_mutex_unlock(&service->lock);
    if (one == NULL)
        return -1;
    *out = &one->client;
    return 0;
}
