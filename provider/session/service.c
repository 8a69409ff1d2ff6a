/* A service: its addresses, which come from the configuration, metadata_host or its own metadata,
 * and its tokens.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/service.h"

#include <stdlib.h>
#include <string.h>

#include "auth/cache.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/thread.h"
#include "http/url.h"
#include "session/discovery.h"
#include "session/own_sign_in.h"

/* Limits the time to ask whether the endpoint is a hub, after something has failed. */
enum { LOOKUP_TIME_MS = 5 * 1000 };

/* From here on, requests have an address. */
static int settle(struct service *service, const struct session_config *config,
                  const struct addresses *addresses, struct error *err)
{
    if (addresses_check(addresses, err) < 0 ||
        service_tokens_make(service, config, addresses->authority, addresses->audience,
                            err) < 0)
        return -1;
    service->base = addresses_copy(addresses->endpoint);
    service->audience = memory_copy_text(addresses->audience);
    service->authority = addresses_copy(addresses->authority);
    service->is_given = config->resource_manager_endpoint != NULL;
    service->client.base = service->base;
    service->client.tokens = service->tokens;
    service->client.auxiliary_tokens = service->auxiliary;
    service->client.auxiliary_count = SESSION_AUXILIARY_MAX;
    return 0;
}

/* Reports an error of the credential now, as without metadata_host. The credential is made again
 * when the login service is known. */
static int put_off(struct service *service, const struct session_config *config,
                   struct error *err)
{
    auto_char authority = memory_print("https://%s", config->metadata_host);
    if (addresses_check_one("address of metadata_host (ARM_METADATA_HOSTNAME)", authority,
                            err) < 0 ||
        service_tokens_make(service, config, authority, authority, err) < 0)
        return -1;
    service_tokens_drop(service);
    service->kept = memory_new(sizeof *service->kept);
    *service->kept = *config; /* the texts are the session's */
    return 0;
}

static void begin(struct service *service, const char *name, bool is_case_sensitive,
                  const struct rest_client *common)
{
    service->name = name;
    service->client = *common;
    service->login_transport = common->transport;
    service->client.versions = rest_versions_new();
    service->collections = rest_collections_new();
    service->owners = rest_owners_new();
    service->flags = object_flags_new(is_case_sensitive);
    service->claims = claims_new();
    service->findings = findings_new();
    pthread_mutex_init(&service->lock, NULL);
    thread_cond_init(&service->changed);
    service->is_configured = true;
    service->is_made = true;
}

int service_init(struct service *service, const char *name,
                 const struct session_config *config, const struct rest_client *common,
                 struct error *err)
{
    begin(service, name, false, common);
    service->client.dialect = &dialect_arm;
    service->client.rate_limit = rate_limit_new(&dialect_arm);
    const struct environment *environment = addresses_of_environment(config->environment);
    if (environment == NULL)
        return error_set(err, ERR_INVALID, "environment \"%s\" does not exist",
                         config->environment);
    struct addresses addresses;
    addresses_find_given(config, &addresses);
    if (config->metadata_host != NULL &&
        (addresses.authority == NULL || addresses.endpoint == NULL))
        return put_off(service, config, err);
    addresses_fill_in(&addresses,
                      &(struct addresses){ environment->authority, environment->endpoint,
                                           environment->audience });
    return settle(service, config, &addresses, err);
}

/* If the service's own metadata have what is not configured, they are requested at the first
 * use. */
static int put_off_own(struct service *service, const struct service_config *config,
                       const struct environment *environment, struct error *err)
{
    if (addresses_check_one(config->endpoint_name, config->endpoint, err) < 0)
        return -1;
    service->kept_own = memory_new(sizeof *service->kept_own);
    *service->kept_own = *config; /* the texts are the session's */
    if (config->known_authority == NULL && environment != NULL)
        service->kept_own->known_authority = environment->authority;
    return 0;
}

/* A missing address or credential is an error at the first use, not here. */
int service_init_further(struct service *service, const struct service_config *config,
                         const char *environment_name, const struct rest_client *common,
                         struct http_transport *transport, struct error *err)
{
    const struct environment *environment = addresses_of_environment(environment_name);
    begin(service, config->name, config->is_case_sensitive, common);
    service->client.dialect = config->dialect;
    service->client.rate_limit = rate_limit_new(config->dialect);
    service->client.transport = transport;
    if (config->address != NULL)
        service->address = memory_copy_text(config->address);
    if (config->account_id != NULL)
        service->account_id = memory_copy_text(config->account_id);
    service->is_configured = config->endpoint != NULL;
    if (config->endpoint == NULL)
        return error_set(&service->missing, ERR_CREDENTIAL, "%s", config->missing), 0;
    if (config->publishes_sign_in) {
        service->client.login_block = config->block;
        service->client.login_argument = config->auth.authority != NULL
                                             ? "active_directory_authority_host"
                                             : config->endpoint_name;
        return put_off_own(service, config, environment, err);
    }
    const struct addresses addresses = {
        .authority = config->auth.authority != NULL ? config->auth.authority
                     : environment != NULL          ? environment->authority
                                                    : NULL,
        .endpoint = config->endpoint,
        .audience = config->audience != NULL ? config->audience : config->endpoint,
    };
    const struct session_config of_service = { .auth = config->auth };
    return settle(service, &of_service, &addresses, err);
}

void service_clear(struct service *service)
{
    if (!service->is_made)
        return;
    service_tokens_drop(service);
    free(service->kept);
    free(service->kept_own);
    free(service->address);
    free(service->account_id);
    free(service->own_directory);
    service_tokens_clear_tenants(service);
    rate_limit_free(service->client.rate_limit);
    json_decref(service->directories);
    free(service->audience);
    free(service->authority);
    free(service->base);
    rest_versions_free(service->client.versions);
    rest_collections_free(service->collections);
    rest_owners_free(service->owners);
    claims_free(service->claims);
    findings_free(service->findings);
    object_flags_free(service->flags);
    pthread_cond_destroy(&service->changed);
    pthread_mutex_destroy(&service->lock);
}

/* ---- the first use --------------------------------------------------------------------- */

static int ask_cloud(struct service *service, struct call *call,
                     const struct session_config *config, struct error *err)
{
    struct discovered found;
    pthread_mutex_unlock(&service->lock);
    int result = discovery_fetch(call, service->client.transport, config->metadata_host,
                                 config->environment, &found, err);
    pthread_mutex_lock(&service->lock);
    if (result < 0)
        return -1;
    struct addresses addresses;
    addresses_find_given(config, &addresses);
    addresses_fill_in(&addresses, &(struct addresses){ found.authority, found.endpoint,
                                                       found.audience });
    return settle(service, config, &addresses, err);
}

static int ask_itself(struct service *service, struct call *call,
                      const struct service_config *config, struct error *err)
{
    struct own_sign_in found;
    pthread_mutex_unlock(&service->lock);
    int result = own_sign_in_ask(call, service->client.transport, config, &found, err);
    pthread_mutex_lock(&service->lock);
    if (result < 0)
        return -1;
    service->auth.is_adfs =
        found.is_adfs; /* known even if no credential can sign in to it */
    if (own_sign_in_expect_proof(call->arena, config, &found, err) < 0)
        return -1;
    struct session_config of_service = { .auth = config->auth };
    of_service.auth.is_adfs = found.is_adfs;
    of_service.auth.tenant_id = found.tenant_id;
    const struct addresses addresses = { found.authority, config->endpoint,
                                         found.audience };
    /* The CA bundle of the service applies to its AD FS as well. */
    if (found.is_adfs)
        service->login_transport = service->client.transport;
    result = settle(service, &of_service, &addresses, err);
    if (result == 0 && service->own_directory == NULL)
        service->own_directory = memory_copy_text(found.tenant_id);
    service->auth.tenant_id = NULL; /* a text of the call's */
    return result;
}

/* Requests without the lock. */
static int ask(struct service *service, struct call *call, struct error *err)
{
    service->is_fetching = true;
    int result = service->kept_own != NULL
                     ? ask_itself(service, call, service->kept_own, err)
                     : ask_cloud(service, call, service->kept, err);
    service->is_fetching = false;
    service->last = result < 0 ? *err : NO_ERROR;
    if (result == 0) {
        free(service->kept);
        free(service->kept_own);
        service->kept = NULL;
        service->kept_own = NULL;
    } else if (err->kind != ERR_STOPPED && err->kind != ERR_TIMEOUT) {
        service->failed = *err; /* the deadline of one call says nothing about the host */
    }
    pthread_cond_broadcast(&service->changed);
    return result;
}

static int explain_wait(struct service *service, struct error *err)
{
    error_context(err, "waiting for the endpoints of the cloud");
    for (unsigned i = 0; i < CALL_LATE_POLLS && service->is_fetching; i++)
        call_wait_late(&service->changed, &service->lock);
    if (err->kind == ERR_TIMEOUT && !service->is_fetching &&
        service->last.kind == ERR_TIMEOUT)
        *err = service->last;
    return -1;
}

static int find_addresses(struct service *service, struct call *call, struct error *err)
{
    while (service->kept != NULL || service->kept_own != NULL) {
        if (service->failed.kind != ERR_NONE) {
            *err = service->failed;
            return -1;
        }
        if (!service->is_fetching)
            return ask(service, call, err);
        call_wait_on(call, &service->changed, &service->lock);
        if (call_check(call, err) < 0)
            return explain_wait(service, err);
    }
    return 0;
}

int service_ready(struct service *service, struct call *call, struct error *err)
{
    pthread_mutex_lock(&service->lock);
    int result =
        service->missing.kind == ERR_NONE ? find_addresses(service, call, err) : 0;
    if (service->missing.kind != ERR_NONE) {
        *err = service->missing;
        result = -1;
    }
    pthread_mutex_unlock(&service->lock);
    return result;
}

struct rest_client *service_client(struct service *service)
{
    return &service->client;
}

struct rest_owners *service_owners(struct service *service)
{
    return service->owners;
}

struct rest_collections *service_collections(struct service *service)
{
    return service->collections;
}

struct object_flags *service_object_flags(struct service *service)
{
    return service->flags;
}

struct findings *service_findings(struct service *service)
{
    return service->findings;
}

struct claims *service_claims(struct service *service)
{
    return service->claims;
}

bool service_is_configured(const struct service *service)
{
    return service->is_configured;
}

const char *service_account_id(const struct service *service)
{
    return service->account_id;
}

const char *service_address(const struct service *service)
{
    return service->address;
}

bool service_has_person(const struct service *service)
{
    return service->tokens != NULL && auth_cache_source(service->tokens)->is_of_person;
}

bool service_has_one_directory(struct service *service)
{
    pthread_mutex_lock(&service->lock);
    bool has_one = service->auth.is_adfs;
    pthread_mutex_unlock(&service->lock);
    return has_one;
}

const char *service_find_hub(struct service *service, struct call *call)
{
    pthread_mutex_lock(&service->lock);
    bool is_new = service->kept == NULL && service->kept_own == NULL &&
                  service->is_given && !service->is_suspected;
    service->is_suspected |= is_new;
    pthread_mutex_unlock(&service->lock);
    if (!is_new)
        return NULL;
    int64_t deadline_ms = call_shorten(call, LOOKUP_TIME_MS);
    const char *host = service->base + strlen("https://");
    bool is_hub = discovery_finds_hub(call, service->client.transport, host);
    call->deadline_ms = deadline_ms;
    return is_hub ? arena_print(call->arena,
                                "resource_manager_endpoint "
                                "(ARM_RESOURCE_MANAGER_ENDPOINT) \"%s\" %s",
                                service->base, discovery_hub)
                  : NULL;
}
