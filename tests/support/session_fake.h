/* A session that keeps what it was configured with and reaches nobody, for tests of the
 * layers above. Included by one file of a test: what it defines stands in for all of
 * session/session.c, which then is not linked. "Multiple definition" from the linker means
 * that session.h has a function that is missing here.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SUPPORT_SESSION_FAKE_H
#define SUPPORT_SESSION_FAKE_H

#include <string.h>

#include "base/memory.h"
#include "session/session.h"

struct session {
    unsigned references;
    struct session_config config;
    struct arena *texts;
    struct diag_once *diag_once;
    struct notes *notes;
};

/* Sessions that live, and all that ever did. */
static unsigned session_fakes_alive, session_fakes_made;

int session_new(const struct session_config *config, struct arena *texts,
                struct session **out, struct error *err)
{
    if (config->ca_bundle != NULL && strcmp(config->ca_bundle, "/missing.pem") == 0)
        return error_set(err, ERR_INVALID, "there is no /missing.pem");
    struct session *session = memory_new(sizeof *session);
    *session = (struct session){
        .references = 1,
        .config = *config,
        .texts = texts,
        .diag_once = diag_once_new(),
        .notes = notes_new(false),
    };
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
    arena_free(session->texts);
    diag_once_free(session->diag_once);
    notes_free(session->notes);
    free(session);
    session_fakes_alive--;
}

struct findings *service_findings(struct service *service)
{
    (void)service;
    return NULL;
}

bool session_requires_plan_checks(const struct session *session)
{
    return session->config.requires_plan_checks;
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

int service_client_of_tenant(struct service *service, const char *tenant_id,
                             struct rest_client **out, struct error *err)
{
    (void)service, (void)tenant_id, (void)out;
    return error_set(err, ERR_CREDENTIAL, "a fake session has none");
}

/* Nobody asks a service that there is not. */
struct rest_client *service_client(struct service *service)
{
    (void)service;
    return NULL;
}

struct rest_collections *service_collections(struct service *service)
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

bool session_is_throttling_worth_warning(struct session *session, const char **service,
                                         int64_t *waited_ms)
{
    (void)session, (void)service, (void)waited_ms;
    return false;
}

const char *session_subscription_id(const struct session *session)
{
    return session->config.subscription_id;
}

bool session_shares_reads(const struct session *session)
{
    return !session->config.has_own_reads;
}

bool session_warns_of_destroy(const struct session *session)
{
    return !session->config.has_no_destroy_warning;
}

bool session_checks_locks(const struct session *session)
{
    return session->config.checks_locks;
}

const char *session_api_version(const struct session *session)
{
    return session->config.api_version;
}

struct diag_once *session_diag_once(struct session *session)
{
    return session->diag_once;
}

struct rest_owners *service_owners(struct service *service)
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
