/* A session that keeps what it was configured with and reaches nobody, for tests of the
 * layers above. Included by one file of a test: what it defines stands in for all of
 * session/session.c, which then is not linked. "Multiple definition" from the linker means
 * that session.h has a function that is missing here.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_SESSION_FAKE_H
#define SUPPORT_SESSION_FAKE_H

#include "base/memory.h"
#include "session/session.h"

struct session {
    unsigned references;
    char *environment, *endpoint, *audience, *authority, *tenant_id, *client_id,
        *client_secret, *subscription_id, *ca_bundle, *user_agent;
    bool has_own_reads, has_no_destroy_warning;
    struct session_config kept; /* with texts of its own: those of session_fake_texts */
    struct told *told;
    struct notes *notes;
};

/* Sessions that live, and all that ever did. */
static unsigned session_fakes_alive, session_fakes_made;

static char *session_fake_copy(const char *text)
{
    return text != NULL ? memory_copy_text(text) : NULL;
}

#define SESSION_FAKE_TEXT(member) offsetof(struct session_config, member)

/* The texts of a configuration that have no member of their own above. */
static const size_t session_fake_texts[] = {
    SESSION_FAKE_TEXT(auth.client_id_file_path),
    SESSION_FAKE_TEXT(auth.client_secret_file_path),
    SESSION_FAKE_TEXT(auth.client_certificate),
    SESSION_FAKE_TEXT(auth.client_certificate_path),
    SESSION_FAKE_TEXT(auth.client_certificate_password),
    SESSION_FAKE_TEXT(auth.oidc_token),
    SESSION_FAKE_TEXT(auth.oidc_token_file_path),
    SESSION_FAKE_TEXT(auth.oidc_request_url),
    SESSION_FAKE_TEXT(auth.oidc_request_token),
    SESSION_FAKE_TEXT(auth.ado_pipeline_service_connection_id),
    SESSION_FAKE_TEXT(auth.msi_endpoint),
    SESSION_FAKE_TEXT(auth.msi_api_version),
    SESSION_FAKE_TEXT(auth.unused_variables),
    SESSION_FAKE_TEXT(correlation_id),
    SESSION_FAKE_TEXT(metadata_host),
    SESSION_FAKE_TEXT(api_version),
    SESSION_FAKE_TEXT(proxy.url),
    SESSION_FAKE_TEXT(proxy.username),
    SESSION_FAKE_TEXT(proxy.password),
    SESSION_FAKE_TEXT(auxiliary_tenant_ids[0]),
    SESSION_FAKE_TEXT(auxiliary_tenant_ids[1]),
    SESSION_FAKE_TEXT(auxiliary_tenant_ids[2]),
};
enum { SESSION_FAKE_TEXTS = sizeof session_fake_texts / sizeof *session_fake_texts };

static char **session_fake_text(struct session *session, size_t number)
{
    return (char **)((char *)&session->kept + session_fake_texts[number]);
}

int session_new(const struct session_config *config, struct session **out,
                struct error *err)
{
    if (config->ca_bundle != NULL && strcmp(config->ca_bundle, "/missing.pem") == 0)
        return error_set(err, ERR_INVALID, "there is no /missing.pem");
    struct session *session = memory_new(sizeof *session);
    *session = (struct session){
        .references = 1,
        .environment = session_fake_copy(config->environment),
        .endpoint = session_fake_copy(config->resource_manager_endpoint),
        .audience = session_fake_copy(config->resource_manager_audience),
        .authority = session_fake_copy(config->auth.authority),
        .tenant_id = session_fake_copy(config->auth.tenant_id),
        .client_id = session_fake_copy(config->auth.client_id),
        .client_secret = session_fake_copy(config->auth.client_secret),
        .subscription_id = session_fake_copy(config->subscription_id),
        .ca_bundle = session_fake_copy(config->ca_bundle),
        .user_agent = session_fake_copy(config->user_agent),
        .has_own_reads = config->has_own_reads,
        .kept = *config,
        .has_no_destroy_warning = config->has_no_destroy_warning,
        .told = told_new(),
        .notes = notes_new(),
    };
    for (size_t i = 0; i < SESSION_FAKE_TEXTS; i++)
        *session_fake_text(session, i) =
            session_fake_copy(*session_fake_text(session, i));
    session_fakes_alive++;
    session_fakes_made++;
    *out = session;
    return 0;
}

struct session *session_ref(struct session *session)
{
    session->references++;
    return session;
}

void session_free(struct session *session)
{
    if (session == NULL || --session->references > 0)
        return;
    char *const texts[] = { session->environment,   session->endpoint,
                            session->audience,      session->authority,
                            session->tenant_id,     session->client_id,
                            session->client_secret, session->subscription_id,
                            session->ca_bundle,     session->user_agent };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    for (size_t i = 0; i < SESSION_FAKE_TEXTS; i++)
        free(*session_fake_text(session, i));
    told_free(session->told);
    notes_free(session->notes);
    free(session);
    session_fakes_alive--;
}

int session_service(struct session *session, struct call *call, const char *name,
                    struct service **out, struct error *err)
{
    (void)session, (void)call, (void)name, (void)out;
    return error_set(err, ERR_CREDENTIAL, "a fake session has none");
}

struct service *session_find_service(struct session *session, const char *name)
{
    (void)name;
    return (struct service *)session; /* there is no more to it than its notes */
}

/* Nobody asks a service that there is not. */
struct arm *service_arm(struct service *service)
{
    (void)service;
    return NULL;
}

struct arm_collections *service_collections(struct service *service)
{
    (void)service;
    return NULL;
}

struct notes *service_notes(struct service *service)
{
    return ((struct session *)service)->notes;
}

struct claims *service_claims(struct service *service)
{
    (void)service;
    return NULL;
}

const char *service_find_hub(struct service *service, struct call *call)
{
    (void)service, (void)call;
    return NULL;
}

struct arm_pace *session_pace(struct session *session)
{
    (void)session;
    return NULL;
}

const char *session_subscription_id(const struct session *session)
{
    return session->subscription_id;
}

bool session_shares_reads(const struct session *session)
{
    return !session->has_own_reads;
}

bool session_warns_of_destroy(const struct session *session)
{
    return !session->has_no_destroy_warning;
}

bool session_checks_locks(const struct session *session)
{
    return session->kept.checks_locks;
}

const char *session_api_version(const struct session *session)
{
    return session->kept.api_version;
}

struct told *session_told(struct session *session)
{
    return session->told;
}

struct arm_tenants *service_tenants(struct service *service)
{
    (void)service;
    return NULL;
}

struct pending *session_pending(struct session *session)
{
    (void)session;
    return NULL;
}

struct session_activity session_activity(struct session *session)
{
    return (struct session_activity){ .calls = session->references - 1 };
}

#endif
