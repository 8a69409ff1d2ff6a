/* The result of one ConfigureProvider: services, credentials, tokens and the transport. It is
 * reference-counted. Another ConfigureProvider makes a new session; calls in progress keep theirs.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include "rest/client.h"
#include "rest/collection.h"
#include "rest/owner.h"
#include "auth/credential.h"
#include "base/error.h"
#include "http/curl.h"
#include "session/claims.h"
#include "session/findings.h"
#include "session/object_flags.h"
#include "session/pending.h"
#include "session/diag_once.h"

/* Azure accepts this many tokens of other tenants with a request. */
enum { SESSION_AUXILIARY_MAX = 3 };

/* A service other than public Azure, which a block of the provider configures. */
struct service_config {
    const char *name; /* of its table */
    const struct dialect *dialect;
    const char *endpoint; /* NULL: it is not configured, and `missing` says what to do */
    const char *audience; /* of its tokens; NULL: the endpoint */
    const char *missing;  /* sentences; a constant */
    bool is_case_sensitive; /* IDs that differ in case name two objects */
    /* Has a tenant of its own. If authority is NULL, it is the environment's. */
    struct auth_config auth;
    /* The CA bundle for the service, and for an AD FS that is its login service. NULL: the
     * session's. */
    const char *ca_bundle;
    const char *address;    /* its address, even if nothing else of it is configured */
    const char *account_id; /* its objects belong to this account; NULL: not configured */
    /* The login service, tenant and audience that are not configured come from the service's own
     * metadata (own_sign_in.h). `block` and `endpoint_name` are the block, and its row with the
     * endpoint, for messages. */
    bool publishes_sign_in;
    const char *block, *endpoint_name;
    /* A login service to trust besides Microsoft's. NULL: none. */
    const char *known_authority;
    /* The block itself has a secret, a certificate or another proof of identity. */
    bool has_own_proof;
};

enum { SESSION_SERVICES_MAX = 8 };

struct session_config {
    const struct service_config *services; /* other than public Azure */
    size_t service_count;                  /* at most SESSION_SERVICES_MAX - 1 */
    const char *environment; /* "public", "usgovernment", "china" or "custom" */
    /* Replace those of the environment. "custom" has none, and needs either the endpoint and
     * auth.authority, or metadata_host. Its default audience is the endpoint. */
    const char *resource_manager_endpoint, *resource_manager_audience;
    struct auth_config auth;     /* if authority is NULL, it is the environment's */
    const char *subscription_id; /* may be NULL */
    const char *ca_bundle;       /* may be NULL */
    bool has_own_reads;          /* reads are not shared: each object has its own GET */
    bool checks_locks;           /* a plan with a destroy reads the locks */
    bool requires_plan_checks;   /* a plan check that cannot be made is an error */
    const char *api_version;     /* NULL: each table's own */
    bool has_no_destroy_warning; /* plans do not warn about the cost of a destroy */
    const char *user_agent;
    const char *correlation_id; /* NULL: a new one */
    bool has_no_correlation_id; /* it is not sent */
    /* Returns, at the first use, the addresses that are not set above, instead of those of the
     * environment. NULL: not used. */
    const char *metadata_host;
    struct http_proxy_options proxy;
    /* Tenants whose tokens are sent as well. The first NULL ends the list. */
    const char *auxiliary_tenant_ids[SESSION_AUXILIARY_MAX];
};

struct session;

/*
 * Makes a session. Sends no request. `texts` holds the texts of the configuration: the session
 * takes it (not with an error) and wipes it at its end; NULL: the texts outlive the session. A
 * missing or incomplete credential is an error only at the first use, so that plans without
 * requests still work.
 *
 * Errors: ERR_INVALID  an environment that does not exist, an endpoint that is not https, a credential
 *                      with an error (credential_choose())
 *         those of http_curl_new()
 */
int session_new(const struct session_config *config, struct arena *texts,
                struct session **out, struct error *err);
/* For tests: uses only this transport, which the session takes, also with an error; the texts outlive
 * the session. */
int session_new_over(const struct session_config *config,
                     struct http_transport *transport, struct session **out,
                     struct error *err);
struct session *session_ref(struct session *session);
void session_free(struct session *session); /* releases one reference; may be NULL */
DEFINE_CLEANUP(struct session, session_free)
#define auto_session CLEANUP(session_freep) struct session *

/*
 * The service of this name ("azure"), borrowed from the session. A service that no object needs is
 * never contacted. The first call may request the addresses from metadata_host, or from the
 * service's own metadata; others wait for that answer.
 * Errors: ERR_CREDENTIAL  no credential is configured, or the service itself is not
 *         those of discovery_fetch(), which then remain: the host is not asked again
 *         ERR_STOPPED, ERR_TIMEOUT while waiting
 */
struct service;
int session_service(struct session *session, struct call *call, const char *name,
                    struct service **out, struct error *err);
/* The same without a request for addresses: for what this run knows of its objects. */
struct service *session_find_service(struct session *session, const char *name);
struct rest_client *service_client(struct service *service); /* borrowed */
/* The same with tokens of another tenant, by the same credential. The session keeps one client for
 * each tenant. Errors: ERR_CREDENTIAL  the credential works for one tenant only, or is incomplete;
 * ERR_INVALID  as credential_choose() */
int service_client_of_tenant(struct service *service, const char *tenant_id,
                             struct rest_client **out, struct error *err);
/* What this run knows of the service's objects. Borrowed. Services share nothing, even if their
 * objects have equal paths. */
struct rest_collections *service_collections(struct service *service);
struct object_flags *service_object_flags(struct service *service);
struct rest_owners *
service_owners(struct service *service); /* owners of its subscriptions */
struct claims *service_claims(struct service *service);
struct findings *service_findings(struct service *service);
/* After a rejected credential: a sentence for the case that the configured endpoint is a hub's own,
 * in the call's arena. Asks the endpoint, once per session. NULL: it is not a hub's, it does not
 * say, or it was reported before. */
const char *service_find_hub(struct service *service, struct call *call);
/* True once for each service: this run waited longer than RATE_LIMIT_WARN_MS because of throttling.
 * *service is the name of its dialect. */
bool session_is_throttling_worth_warning(struct session *session, const char **service,
                                         int64_t *waited_ms);
/* The provider argument of this name, for a provider_default of this service's objects. NULL: none.
 * Borrowed. */
const char *session_default(const struct session *session, const char *service,
                            const char *name);
/* It has an address: always true of public Azure. */
bool service_is_configured(const struct service *service);
/* The configured account that its objects belong to. NULL: not configured. */
const char *service_account_id(const struct service *service);
/*
 * The ID of the directory that has this domain, in lower case and in the call's arena. Asks the
 * service's login service without a token. Call session_service() first.
 * Errors: ERR_REFUSED  no directory has it; ERR_SHAPE, ERR_TIMEOUT; those of http_send_retrying()
 */
int service_find_directory(struct service *service, struct call *call, const char *domain,
                           const char **out, struct error *err);
/* The ID of the directory that issues its tokens, which the configuration may name by a domain:
 * then as service_find_directory(). *out NULL: it is not known, as the service has not answered
 * yet. */
int service_find_own_directory(struct service *service, struct call *call,
                               const char **out, struct error *err);
/* The configured address, even if no credential is configured. NULL: not known. */
const char *service_address(const struct service *service);
/* A user signs in to it, not an application. */
bool service_has_person(const struct service *service);
/* Its login service has a single directory (AD FS). False until it has answered. */
bool service_has_one_directory(struct service *service);
bool session_shares_reads(const struct session *session);
bool session_warns_of_destroy(const struct session *session);
bool session_checks_locks(const struct session *session);
bool session_requires_plan_checks(const struct session *session);
/* The configured api-version, instead of the table's. NULL: not configured. Borrowed. */
const char *session_api_version(const struct session *session);
struct diag_once *session_diag_once(struct session *session); /* borrowed */
struct pending *session_pending(struct session *session);     /* borrowed */
/* Flags on names instead of IDs: the last part of an ID, whatever service it is of. Of these,
 * OBJECT_PLANNED_CREATE is also set after a create, for IDs that the service makes. Borrowed. */
struct object_flags *session_names(struct session *session);

/* The number of calls in progress, each of which holds a reference, and of all calls so far. */
struct session_activity {
    unsigned calls;
    unsigned long begun;
};
struct session_activity session_activity(struct session *session);

#endif
