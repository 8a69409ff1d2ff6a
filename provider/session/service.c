/* One service: where it is, by configuration or by what metadata_host tells, and the tokens
 * for it.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/service.h"

#include <stdlib.h>
#include <string.h>

#include "auth/cache.h"
#include "auth/token_answer.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "http/url.h"
#include "session/discovery.h"

/* To find out about a hub, when something has failed already. */
enum { LOOK_TIME_MS = 5 * 1000 };

/* Source: azcore, sdk/azcore/cloud/cloud.go; go-azure-sdk sdk/environments (public's audience is
 * azurerm's: its Resource Manager's own address) */
struct environment {
    const char *name, *authority, *endpoint, *audience;
};

static const struct environment environments[] = {
    { "public", "https://login.microsoftonline.com", "https://management.azure.com",
      "https://management.azure.com" },
    { "usgovernment", "https://login.microsoftonline.us",
      "https://management.usgovcloudapi.net",
      "https://management.core.usgovcloudapi.net" },
    { "china", "https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn",
      "https://management.core.chinacloudapi.cn" },
    { "custom", NULL, NULL, NULL },
};

static const struct environment *find_environment(const char *name)
{
    for (size_t i = 0; i < sizeof environments / sizeof *environments; i++) {
        if (text_equal(environments[i].name, name))
            return &environments[i];
    }
    return NULL;
}

/* Without the slash at its end. */
static char *copy_address(const char *address)
{
    char *copy = memory_copy_text(address);
    size_t length = strlen(copy);
    while (length > 0 && copy[length - 1] == '/')
        copy[--length] = '\0';
    return copy;
}

static int check_address(const char *what, const char *address, struct error *err)
{
    if (address == NULL)
        return error_set(err, ERR_INVALID, "the environment has no %s, and none is given",
                         what);
    size_t length = http_origin_length(address);
    if (length == 0 || !text_starts_ignoring_case(address, "https://") ||
        address[length + strspn(address + length, "/")] != '\0')
        return error_set(err, ERR_INVALID, "the %s \"%s\" is not https:// and a host",
                         what,
                         /* A user may be followed by a password. */
                         strchr(address, '@') != NULL ? SECRET_SHOWN : address);
    return 0;
}

struct addresses {
    const char *authority, *endpoint, *audience;
};

/* What the configuration says of them by itself. What of it is NULL is not told. */
static void find_given(const struct session_config *config, struct addresses *out)
{
    *out = (struct addresses){ .authority = config->auth.authority,
                               .endpoint = config->resource_manager_endpoint,
                               .audience = config->resource_manager_audience };
    if (out->audience == NULL)
        out->audience = out->endpoint;
}

/* The rest from where the cloud's are told. */
static void fill_in(struct addresses *given, const struct addresses *rest)
{
    if (given->authority == NULL)
        given->authority = rest->authority;
    if (given->endpoint == NULL)
        given->endpoint = rest->endpoint;
    if (given->audience == NULL)
        given->audience = rest->audience;
}

/* It becomes part of a form, and an argument of the Azure CLI's, where a dash begins an
 * option. Not shown: what is wrong with it may be bytes that nobody should print. */
static int check_audience(const char *audience, struct error *err)
{
    if (token_is_header_text(audience, strlen(audience)) && *audience != '-')
        return 0;
    return error_set(
        err, ERR_INVALID,
        "the audience that tokens are asked for is neither an address nor an "
        "id; set resource_manager_audience (ARM_RESOURCE_MANAGER_AUDIENCE)");
}

static int check_addresses(const struct addresses *addresses, struct error *err)
{
    if (check_address("resource manager endpoint", addresses->endpoint, err) < 0 ||
        check_audience(addresses->audience, err) < 0)
        return -1;
    return check_address("login address", addresses->authority, err);
}

/* 0 with *out NULL: no credential is configured, and `lacks` says why. */
static int make_tokens(struct http_transport *transport, const struct auth_config *auth,
                       const char *audience, struct auth_cache **out, struct error *lacks,
                       struct error *err)
{
    struct credential *credential = NULL;
    struct error why = NO_ERROR;
    if (credential_choose(auth, &credential, &why) == 0) {
        *out = auth_cache_new(credential, transport, audience);
        return 0;
    }
    *(why.kind == ERR_CREDENTIAL ? lacks : err) = why;
    return why.kind == ERR_CREDENTIAL ? 0 : -1;
}

/* A token of each further tenant, from the same credential. */
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
        if (make_tokens(transport, &other, audience, &service->auxiliary[i],
                        &service->lacks, err) < 0)
            return error_context(err, "auxiliary_tenant_ids (ARM_AUXILIARY_TENANT_IDS)");
        const struct credential_source *source = auth_cache_source(service->tokens);
        if (service->auxiliary[i] == NULL ||
            source != auth_cache_source(service->auxiliary[i]) || source->has_one_tenant)
            return error_set(err, ERR_INVALID,
                             "auxiliary_tenant_ids (ARM_AUXILIARY_TENANT_IDS) cannot be "
                             "served by the credential \"%s\", as it is configured",
                             source->name);
    }
    return 0;
}

/* The credentials, for a login service at `authority`. */
static int make_all_tokens(struct service *service, const struct session_config *config,
                           const char *authority, const char *audience, struct error *err)
{
    struct http_transport *transport = service->client.transport;
    auto_char trimmed = copy_address(authority);
    struct auth_config auth = config->auth;
    auth.authority = trimmed;
    service->auth = config->auth;
    if (make_tokens(transport, &auth, audience, &service->tokens, &service->lacks, err) <
        0)
        return -1;
    return make_auxiliary_tokens(service, transport, config, &auth, audience, err);
}

static void drop_tokens(struct service *service)
{
    auth_cache_free(service->tokens);
    service->tokens = NULL;
    for (size_t i = 0; i < SESSION_AUXILIARY_MAX; i++) {
        auth_cache_free(service->auxiliary[i]);
        service->auxiliary[i] = NULL;
    }
}

/* From here on requests know where to go. */
static int settle(struct service *service, const struct session_config *config,
                  const struct addresses *addresses, struct error *err)
{
    if (check_addresses(addresses, err) < 0 ||
        make_all_tokens(service, config, addresses->authority, addresses->audience, err) <
            0)
        return -1;
    service->base = copy_address(addresses->endpoint);
    service->audience = memory_copy_text(addresses->audience);
    service->authority = copy_address(addresses->authority);
    service->is_given = config->resource_manager_endpoint != NULL;
    service->client.base = service->base;
    service->client.tokens = service->tokens;
    service->client.auxiliary_tokens = service->auxiliary;
    service->client.auxiliary_count = SESSION_AUXILIARY_MAX;
    return 0;
}

/* What is wrong with the credential is told now as it would be without metadata_host; the
 * credential itself is made again when it is known whom it signs in to. */
static int put_off(struct service *service, const struct session_config *config,
                   struct error *err)
{
    auto_char authority = memory_print("https://%s", config->metadata_host);
    if (check_address("address of metadata_host (ARM_METADATA_HOSTNAME)", authority,
                      err) < 0 ||
        make_all_tokens(service, config, authority, authority, err) < 0)
        return -1;
    drop_tokens(service);
    service->kept = memory_new(sizeof *service->kept);
    *service->kept = *config; /* the texts are the session's */
    return 0;
}

static void begin(struct service *service, const char *name, bool tells_case_apart,
                  const struct rest_client *common)
{
    service->name = name;
    service->client = *common;
    service->collections = rest_collections_new();
    service->owners = rest_owners_new();
    service->notes = notes_new(tells_case_apart);
    service->claims = claims_new();
    service->findings = findings_new();
    pthread_mutex_init(&service->lock, NULL);
    call_cond_init(&service->changed);
    service->is_made = true;
}

int service_init(struct service *service, const char *name,
                 const struct session_config *config, const struct rest_client *common,
                 struct error *err)
{
    begin(service, name, false, common);
    service->client.dialect = &dialect_arm;
    service->client.rate_limit = rate_limit_new(&dialect_arm);
    const struct environment *environment = find_environment(config->environment);
    if (environment == NULL)
        return error_set(err, ERR_INVALID, "there is no environment \"%s\"",
                         config->environment);
    struct addresses addresses;
    find_given(config, &addresses);
    if (config->metadata_host != NULL &&
        (addresses.authority == NULL || addresses.endpoint == NULL))
        return put_off(service, config, err);
    fill_in(&addresses,
            &(struct addresses){ environment->authority, environment->endpoint,
                                 environment->audience });
    return settle(service, config, &addresses, err);
}

/* A service without an address, or without a credential, is told so at its first use. */
int service_init_further(struct service *service, const struct service_config *config,
                         const char *environment_name, const struct rest_client *common,
                         struct error *err)
{
    const struct environment *environment = find_environment(environment_name);
    begin(service, config->name, config->tells_case_apart, common);
    service->client.dialect = config->dialect;
    service->client.rate_limit = rate_limit_new(config->dialect);
    if (config->endpoint == NULL)
        return error_set(&service->lacks, ERR_CREDENTIAL, "%s", config->missing), 0;
    const struct addresses addresses = {
        .authority = config->auth.authority != NULL ? config->auth.authority
                     : environment != NULL          ? environment->authority
                                                    : NULL,
        .endpoint = config->endpoint,
        .audience = config->audience != NULL ? config->audience : config->endpoint,
    };
    const struct session_config of_service = { .auth = config->auth,
                                               .resource_manager_endpoint =
                                                   config->endpoint };
    if (settle(service, &of_service, &addresses, err) < 0)
        return -1;
    service->is_given = false; /* what it is, is known: nobody has to find out */
    return 0;
}

static void free_tenant_arms(struct service *service);

void service_clear(struct service *service)
{
    if (!service->is_made)
        return;
    drop_tokens(service);
    free(service->kept);
    free_tenant_arms(service);
    rate_limit_free(service->client.rate_limit);
    free(service->audience);
    free(service->authority);
    free(service->base);
    rest_collections_free(service->collections);
    rest_owners_free(service->owners);
    claims_free(service->claims);
    findings_free(service->findings);
    notes_free(service->notes);
    pthread_cond_destroy(&service->changed);
    pthread_mutex_destroy(&service->lock);
}

/* ---- the first use --------------------------------------------------------------------- */

/* Without the lock while asking. */
static int ask(struct service *service, struct call *call, struct error *err)
{
    const struct session_config *config = service->kept;
    struct discovered found;
    service->is_asking = true;
    pthread_mutex_unlock(&service->lock);
    int result = discovery_ask(call, service->client.transport, config->metadata_host,
                               config->environment, &found, err);
    pthread_mutex_lock(&service->lock);
    service->is_asking = false;
    if (result == 0) {
        struct addresses addresses;
        find_given(config, &addresses);
        fill_in(&addresses,
                &(struct addresses){ found.authority, found.endpoint, found.audience });
        result = settle(service, config, &addresses, err);
    }
    service->last = result < 0 ? *err : NO_ERROR;
    if (result == 0) {
        free(service->kept);
        service->kept = NULL;
    } else if (err->kind != ERR_STOPPED && err->kind != ERR_TIMEOUT) {
        service->failed = *err; /* that one call's time is over is no answer */
    }
    pthread_cond_broadcast(&service->changed);
    return result;
}

static int explain_wait(struct service *service, struct error *err)
{
    error_context(err, "waiting for the addresses of the cloud");
    for (unsigned i = 0; i < CALL_LATE_LOOKS && service->is_asking; i++)
        call_wait_late(&service->changed, &service->lock);
    if (err->kind == ERR_TIMEOUT && !service->is_asking &&
        service->last.kind == ERR_TIMEOUT)
        *err = service->last;
    return -1;
}

static int find_addresses(struct service *service, struct call *call, struct error *err)
{
    while (service->kept != NULL) {
        if (service->failed.kind != ERR_NONE) {
            *err = service->failed;
            return -1;
        }
        if (!service->is_asking)
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
    int result = service->lacks.kind == ERR_NONE ? find_addresses(service, call, err) : 0;
    if (service->lacks.kind != ERR_NONE) {
        *err = service->lacks;
        result = -1;
    }
    pthread_mutex_unlock(&service->lock);
    return result;
}

/* ---- tokens of other tenants --------------------------------------------------------------- */

struct tenant_client {
    struct tenant_client *next;
    char *tenant_id;
    struct auth_cache *tokens;
    struct rest_client client;
};

static void free_tenant_arms(struct service *service)
{
    while (service->tenant_clients != NULL) {
        struct tenant_client *one = service->tenant_clients;
        service->tenant_clients = one->next;
        auth_cache_free(one->tokens);
        free(one->tenant_id);
        free(one);
    }
}

static struct tenant_client *find_tenant_arm(struct service *service,
                                             const char *tenant_id)
{
    struct tenant_client *one = service->tenant_clients;
    while (one != NULL && !text_equal_ignoring_case(one->tenant_id, tenant_id))
        one = one->next;
    return one;
}

static struct tenant_client *add_tenant_arm(struct service *service,
                                            const char *tenant_id, struct error *err)
{
    struct auth_config auth = service->auth;
    auth.authority = service->authority;
    auth.tenant_id = tenant_id;
    struct auth_cache *tokens = NULL;
    if (make_tokens(service->client.transport, &auth, service->audience, &tokens, err,
                    err) < 0 ||
        tokens == NULL)
        return NULL;
    const struct credential_source *source = auth_cache_source(tokens);
    if (source->has_one_tenant) {
        auth_cache_free(tokens);
        error_set(err, ERR_CREDENTIAL,
                  "the credential \"%s\" has tokens of one tenant alone, and this object "
                  "needs one of tenant %s",
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
    struct tenant_client *one = find_tenant_arm(service, tenant_id);
    if (one == NULL)
        one = add_tenant_arm(service, tenant_id, err);
    pthread_mutex_unlock(&service->lock);
    if (one == NULL)
        return -1;
    *out = &one->client;
    return 0;
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

struct notes *service_notes(struct service *service)
{
    return service->notes;
}

struct findings *service_findings(struct service *service)
{
    return service->findings;
}

struct claims *service_claims(struct service *service)
{
    return service->claims;
}

const char *service_find_hub(struct service *service, struct call *call)
{
    pthread_mutex_lock(&service->lock);
    bool is_new = service->kept == NULL && service->is_given && !service->is_suspected;
    service->is_suspected |= is_new;
    pthread_mutex_unlock(&service->lock);
    if (!is_new)
        return NULL;
    int64_t deadline_ms = call->deadline_ms, end_ms = clock_monotonic_ms() + LOOK_TIME_MS;
    call->deadline_ms = end_ms < deadline_ms ? end_ms : deadline_ms;
    const char *host = service->base + strlen("https://");
    bool is_hub = discovery_finds_hub(call, service->client.transport, host);
    call->deadline_ms = deadline_ms;
    return is_hub ? arena_print(call->arena,
                                "resource_manager_endpoint "
                                "(ARM_RESOURCE_MANAGER_ENDPOINT) \"%s\" %s",
                                service->base, discovery_hub)
                  : NULL;
}
