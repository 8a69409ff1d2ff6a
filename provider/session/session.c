/* What one Configure made.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/session.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "auth/cache.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "http/curl.h"
#include "http/url.h"

/* Source: azure-docs, sovereign clouds; go-autorest azure/environments.go */
struct environment {
    const char *name, *authority, *endpoint, *audience;
};

static const struct environment environments[] = {
    { "public", "https://login.microsoftonline.com", "https://management.azure.com",
      "https://management.azure.com" },
    { "custom", NULL, NULL, NULL },
};

/* One service: where it is, and the token for it. */
struct plane {
    struct arm arm;
    char *base;
    /* NULL: no credential is configured, and `lacks` says why. */
    struct auth_cache *tokens;
    struct auth_cache *auxiliary[SESSION_AUXILIARY_MAX];
    struct error lacks;
};

struct session {
    atomic_uint references;
    struct http_transport *transport;
    struct notes *notes;
    struct claims *claims;
    bool shares_reads, warns_of_destroy, checks_locks;
    char *api_version;
    struct told *told;
    struct arm_collections *collections;
    struct arm_pace *pace;
    char *correlation_id, *subscription_id; /* the latter may be NULL */
    struct plane planes[PLANE_COUNT];
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

static int find_addresses(const struct session_config *config, struct addresses *out,
                          struct error *err)
{
    const struct environment *environment = find_environment(config->environment);
    if (environment == NULL)
        return error_set(err, ERR_INVALID, "there is no environment \"%s\"",
                         config->environment);
    *out = (struct addresses){ environment->authority, environment->endpoint,
                               environment->audience };
    if (config->auth.authority != NULL)
        out->authority = config->auth.authority;
    if (config->resource_manager_endpoint != NULL) {
        out->endpoint = config->resource_manager_endpoint;
        out->audience = config->resource_manager_endpoint;
    }
    if (config->resource_manager_audience != NULL)
        out->audience = config->resource_manager_audience;
    if (check_address("resource manager endpoint", out->endpoint, err) < 0)
        return -1;
    return check_address("login address", out->authority, err);
}

/* 0 with *out NULL: no credential is configured, and `lacks` says why. */
static int make_tokens(struct session *session, const struct auth_config *auth,
                       const char *audience, struct auth_cache **out, struct error *lacks,
                       struct error *err)
{
    struct credential *credential = NULL;
    struct error why = NO_ERROR;
    if (credential_choose(auth, &credential, &why) == 0) {
        *out = auth_cache_new(credential, session->transport, audience);
        return 0;
    }
    *(why.kind == ERR_CREDENTIAL ? lacks : err) = why;
    return why.kind == ERR_CREDENTIAL ? 0 : -1;
}

/* A token of each further tenant, from the same credential. */
static int make_auxiliary_tokens(struct plane *plane, struct session *session,
                                 const struct session_config *config,
                                 const struct auth_config *auth, const char *audience,
                                 struct error *err)
{
    for (size_t i = 0; i < SESSION_AUXILIARY_MAX; i++) {
        if (config->auxiliary_tenant_ids[i] == NULL || plane->tokens == NULL)
            return 0;
        struct auth_config other = *auth;
        other.tenant_id = config->auxiliary_tenant_ids[i];
        if (make_tokens(session, &other, audience, &plane->auxiliary[i], &plane->lacks,
                        err) < 0)
            return error_context(err, "auxiliary_tenant_ids (ARM_AUXILIARY_TENANT_IDS)");
        const struct credential_source *source = auth_cache_source(plane->tokens);
        if (plane->auxiliary[i] == NULL ||
            source != auth_cache_source(plane->auxiliary[i]) || source->has_one_tenant)
            return error_set(err, ERR_INVALID,
                             "auxiliary_tenant_ids (ARM_AUXILIARY_TENANT_IDS) cannot be "
                             "served by the credential \"%s\", as it is configured",
                             source->name);
    }
    return 0;
}

static int plane_init(struct plane *plane, struct session *session,
                      const struct session_config *config,
                      const struct addresses *addresses, struct error *err)
{
    struct auth_config auth = config->auth;
    auto_char authority = copy_address(addresses->authority);
    auth.authority = authority;
    if (make_tokens(session, &auth, addresses->audience, &plane->tokens, &plane->lacks,
                    err) < 0 ||
        make_auxiliary_tokens(plane, session, config, &auth, addresses->audience, err) <
            0)
        return -1;
    plane->base = copy_address(addresses->endpoint);
    plane->arm = (struct arm){
        .transport = session->transport,
        .base = plane->base,
        .tokens = plane->tokens,
        .auxiliary_tokens = plane->auxiliary,
        .auxiliary_count = SESSION_AUXILIARY_MAX,
        .correlation_id = session->correlation_id,
        .has_no_correlation_id = config->has_no_correlation_id,
        .pace = session->pace,
    };
    return 0;
}

int session_new_over(const struct session_config *config,
                     struct http_transport *transport, struct session **out,
                     struct error *err)
{
    auto_session session = memory_new(sizeof *session);
    atomic_init(&session->references, 1);
    session->transport = transport;
    session->notes = notes_new();
    session->claims = claims_new();
    session->told = told_new();
    session->pace = arm_pace_new();
    session->collections = arm_collections_new();
    session->shares_reads = !config->has_own_reads;
    session->warns_of_destroy = !config->has_no_destroy_warning;
    session->checks_locks = config->checks_locks;
    if (config->api_version != NULL)
        session->api_version = memory_copy_text(config->api_version);
    char guid[TEXT_GUID_BYTES];
    text_new_guid(guid);
    session->correlation_id =
        memory_copy_text(config->correlation_id != NULL ? config->correlation_id : guid);
    if (config->subscription_id != NULL)
        session->subscription_id = memory_copy_text(config->subscription_id);
    struct addresses addresses = { 0 };
    if (find_addresses(config, &addresses, err) < 0 ||
        plane_init(&session->planes[PLANE_ARM], session, config, &addresses, err) < 0)
        return -1;
    *out = take(session);
    return 0;
}

int session_new(const struct session_config *config, struct session **out,
                struct error *err)
{
    const struct http_curl_options options = { .user_agent = config->user_agent,
                                               .ca_bundle = config->ca_bundle };
    struct http_transport *transport;
    if (http_curl_new(&options, &transport, err) < 0)
        return -1;
    return session_new_over(config, transport, out, err);
}

struct session *session_ref(struct session *session)
{
    atomic_fetch_add(&session->references, 1);
    return session;
}

void session_free(struct session *session)
{
    if (session == NULL || atomic_fetch_sub(&session->references, 1) > 1)
        return;
    for (size_t i = 0; i < PLANE_COUNT; i++) {
        auth_cache_free(session->planes[i].tokens);
        for (size_t k = 0; k < SESSION_AUXILIARY_MAX; k++)
            auth_cache_free(session->planes[i].auxiliary[k]);
        free(session->planes[i].base);
    }
    http_transport_free(session->transport);
    arm_collections_free(session->collections);
    claims_free(session->claims);
    told_free(session->told);
    arm_pace_free(session->pace);
    notes_free(session->notes);
    free(session->api_version);
    free(session->subscription_id);
    free(session->correlation_id);
    free(session);
}

int session_arm(struct session *session, enum plane_kind plane, struct arm **out,
                struct error *err)
{
    struct plane *found = &session->planes[plane];
    if (found->tokens == NULL) {
        *err = found->lacks;
        return -1;
    }
    *out = &found->arm;
    return 0;
}

const char *session_subscription_id(const struct session *session)
{
    return session->subscription_id;
}

struct notes *session_notes(struct session *session)
{
    return session->notes;
}

struct told *session_told(struct session *session)
{
    return session->told;
}

struct arm_collections *session_collections(struct session *session)
{
    return session->collections;
}

bool session_shares_reads(const struct session *session)
{
    return session->shares_reads;
}

bool session_warns_of_destroy(const struct session *session)
{
    return session->warns_of_destroy;
}

bool session_checks_locks(const struct session *session)
{
    return session->checks_locks;
}

const char *session_api_version(const struct session *session)
{
    return session->api_version;
}

struct claims *session_claims(struct session *session)
{
    return session->claims;
}
