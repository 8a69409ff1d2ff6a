/* The result of one ConfigureProvider.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/session.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "http/curl.h"
#include "http/outage.h"
#include "session/service.h"

struct session {
    atomic_uint references;
    atomic_ulong references_taken;
    struct arena *texts; /* of the configuration; may be NULL */
    struct http_transport *transport;
    struct http_transport *own_transports[SESSION_SERVICES_MAX]; /* NULL: the session's */
    bool shares_reads, warns_of_destroy, checks_locks, requires_plan_checks;
    char *api_version;
    struct diag_once *diag_once;
    struct pending *pending;
    struct object_flags *names;
    char *correlation_id, *subscription_id;        /* the latter may be NULL */
    struct service services[SESSION_SERVICES_MAX]; /* the first is public Azure */
    size_t service_count;
};

/* Makes transports for services with a CA bundle of their own. */
static int make_own_transports(struct session *session,
                               const struct session_config *config, struct error *err)
{
    for (size_t i = 0; i < config->service_count; i++) {
        const struct service_config *service = &config->services[i];
        if (service->ca_bundle == NULL || service->endpoint == NULL ||
            text_equal(service->ca_bundle, config->ca_bundle))
            continue;
        const struct http_curl_options options = { .user_agent = config->user_agent,
                                                   .ca_bundle = service->ca_bundle,
                                                   .proxy = config->proxy };
        if (http_curl_new(&options, &session->own_transports[i], err) < 0)
            return error_context(err, "%s", service->block);
        session->own_transports[i]->outages = http_outages_new();
    }
    return 0;
}

/* Does not take ownership of transport or session. */
static int fill(struct session *session, const struct session_config *config,
                struct http_transport *transport, struct error *err)
{
    session->transport = transport;
    transport->outages = http_outages_new();
    session->diag_once = diag_once_new();
    session->pending = pending_new();
    session->names = object_flags_new(false);
    session->shares_reads = !config->has_own_reads;
    session->warns_of_destroy = !config->has_no_destroy_warning;
    session->checks_locks = config->checks_locks;
    session->requires_plan_checks = config->requires_plan_checks;
    if (config->api_version != NULL)
        session->api_version = memory_copy_text(config->api_version);
    char guid[TEXT_GUID_BYTES];
    text_new_guid(guid);
    session->correlation_id =
        memory_copy_text(config->correlation_id != NULL ? config->correlation_id : guid);
    if (config->subscription_id != NULL)
        session->subscription_id = memory_copy_text(config->subscription_id);
    const struct rest_client common = {
        .transport = session->transport,
        .correlation_id = session->correlation_id,
        .has_no_correlation_id = config->has_no_correlation_id,
    };
    session->service_count = 1;
    if (service_init(&session->services[0], "azure", config, &common, err) < 0)
        return -1;
    for (size_t i = 0; i < config->service_count; i++) {
        struct service *service = &session->services[session->service_count++];
        if (service_init_further(
                service, &config->services[i], config->environment, &common,
                session->own_transports[i] != NULL ? session->own_transports[i]
                                                   : transport,
                err) < 0)
            return error_context(err, "%s", config->services[i].name);
    }
    return 0;
}

static struct session *make(void)
{
    struct session *session = memory_new(sizeof *session);
    atomic_init(&session->references, 1);
    return session;
}

int session_new_over(const struct session_config *config,
                     struct http_transport *transport, struct session **out,
                     struct error *err)
{
    auto_session session = make();
    if (fill(session, config, transport, err) < 0)
        return -1;
    *out = take(session);
    return 0;
}

int session_new(const struct session_config *config, struct arena *texts,
                struct session **out, struct error *err)
{
    const struct http_curl_options options = { .user_agent = config->user_agent,
                                               .ca_bundle = config->ca_bundle,
                                               .proxy = config->proxy };
    auto_session session = make();
    struct http_transport *transport;
    if (make_own_transports(session, config, err) < 0 ||
        http_curl_new(&options, &transport, err) < 0 ||
        fill(session, config, transport, err) < 0)
        return -1;
    session->texts = texts;
    *out = take(session);
    return 0;
}

struct session *session_ref(struct session *session)
{
    atomic_fetch_add(&session->references, 1);
    atomic_fetch_add(&session->references_taken, 1);
    return session;
}

void session_free(struct session *session)
{
    if (session == NULL || atomic_fetch_sub(&session->references, 1) > 1)
        return;
    for (size_t i = 0; i < session->service_count; i++)
        service_clear(&session->services[i]);
    http_transport_free(session->transport);
    for (size_t i = 0; i < SESSION_SERVICES_MAX; i++)
        http_transport_free(session->own_transports[i]);
    diag_once_free(session->diag_once);
    pending_free(session->pending);
    object_flags_free(session->names);
    free(session->api_version);
    free(session->subscription_id);
    free(session->correlation_id);
    arena_free(session->texts);
    free(session);
}

struct service *session_find_service(struct session *session, const char *name)
{
    size_t i = 0;
    while (i < session->service_count && !text_equal(session->services[i].name, name))
        i++;
    assert(i < session->service_count); /* every service of a table is configured */
    return &session->services[i];
}

int session_service(struct session *session, struct call *call, const char *name,
                    struct service **out, struct error *err)
{
    struct service *service = session_find_service(session, name);
    if (service_ready(service, call, err) < 0)
        return -1;
    *out = service;
    return 0;
}

bool session_is_throttling_worth_warning(struct session *session, const char **service,
                                         int64_t *waited_ms)
{
    for (size_t i = 0; i < session->service_count; i++) {
        *service = session->services[i].client.dialect->name;
        if (rate_limit_is_worth_warning(session->services[i].client.rate_limit,
                                        waited_ms))
            return true;
    }
    return false;
}

const char *session_default(const struct session *session, const char *service,
                            const char *name)
{
    bool is_known = strcmp(service, "azure") == 0 && strcmp(name, "subscription_id") == 0;
    return is_known ? session->subscription_id : NULL;
}

struct diag_once *session_diag_once(struct session *session)
{
    return session->diag_once;
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

bool session_requires_plan_checks(const struct session *session)
{
    return session->requires_plan_checks;
}

const char *session_api_version(const struct session *session)
{
    return session->api_version;
}

struct pending *session_pending(struct session *session)
{
    return session->pending;
}

struct object_flags *session_names(struct session *session)
{
    return session->names;
}

struct session_activity session_activity(struct session *session)
{
    return (struct session_activity){ .calls = atomic_load(&session->references) - 1,
                                      .begun = atomic_load(&session->references_taken) };
}
