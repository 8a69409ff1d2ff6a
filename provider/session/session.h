/* What one Configure made: planes, credentials, tokens, transport. Reference-counted, and
 * swapped whole when Configure comes again; calls under way keep the one they began with.
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

/* As many tokens of other tenants as Azure takes with a request. */
enum { SESSION_AUXILIARY_MAX = 3 };

/* A service besides public Azure: a block of the provider's. Its addresses are given, not
 * found. */
struct service_config {
    const char *name; /* of its table */
    const struct dialect *dialect;
    const char
        *endpoint; /* NULL: it is not configured, and `missing` says what to write */
    const char *audience;   /* of its tokens; NULL: the endpoint */
    const char *missing;    /* sentences; a constant */
    bool is_case_sensitive; /* IDs that differ in case are two objects */
    struct auth_config
        auth; /* with a tenant of its own; authority NULL: the environment's */
    const char *
        ca_bundle; /* which authorities to trust there, besides its login service; NULL: as elsewhere */
    const char *address;    /* where it is, also where nothing else of it is configured */
    const char *account_id; /* what its objects belong to; NULL: not configured */
    /* Its own metadata have what of login service, tenant and audience is not given
     * (own_sign_in.h). In messages: the block, and the row of it that has the endpoint. */
    bool publishes_sign_in;
    const char *block, *endpoint_name;
    const char
        *known_authority; /* a login service to trust besides Microsoft's; may be NULL */
    bool has_own_proof;   /* what proves the identity is configured for this service */
};

enum { SESSION_SERVICES_MAX = 8 };

struct session_config {
    const struct service_config *services; /* those besides public Azure */
    size_t service_count;                  /* SESSION_SERVICES_MAX - 1 at most */
    const char *environment; /* "public", "usgovernment", "china" or "custom" */
    /* These replace the environment's; "custom" has none of its own and needs
     * the first, and auth.authority, or metadata_host. The audience is then the endpoint by
     * default. */
    const char *resource_manager_endpoint, *resource_manager_audience;
    struct auth_config auth;     /* authority is filled in from the environment if NULL */
    const char *subscription_id; /* may be NULL */
    const char *ca_bundle;       /* may be NULL */
    bool has_own_reads;          /* each object is read by itself: no shared ones */
    bool checks_locks;           /* a plan that destroys reads the locks first */
    bool requires_plan_checks;   /* a plan that Azure cannot be asked about is an error */
    const char *api_version;     /* NULL: each table's own */
    bool has_no_destroy_warning; /* a destroy that costs something is planned silently */
    const char *user_agent;
    const char *correlation_id; /* NULL: a new one */
    bool has_no_correlation_id; /* it is not sent */
    /* Asked at the first use for what is not given above, in place of the environment; may
     * be NULL. */
    const char *metadata_host;
    struct http_proxy_options proxy;
    /* Tenants whose tokens are sent along; the first NULL ends them. */
    const char *auxiliary_tenant_ids[SESSION_AUXILIARY_MAX];
};

struct session;

/*
 * Sends no request. `texts` (taken; with an error it stays the caller's) holds the texts of the
 * configuration, and is wiped with the session; NULL: they outlive it. A credential that is missing or incomplete is no
 * error here but at the first use, so that plans without a service still work.
 *
 * Errors: ERR_INVALID  an endpoint that is not https, a CA bundle that cannot be read
 */
int session_new(const struct session_config *config, struct arena *texts,
                struct session **out, struct error *err);
/* For tests: everything over this transport (taken), and texts that outlive it. */
int session_new_over(const struct session_config *config,
                     struct http_transport *transport, struct session **out,
                     struct error *err);
struct session *session_ref(struct session *session);
void session_free(struct session *session); /* gives one reference back; NULL is fine */
DEFINE_CLEANUP(struct session, session_free)
#define auto_session CLEANUP(session_freep) struct session *

/*
 * The service of this name ("azure"), borrowed from the session. A service that no object names
 * is never contacted. The first call may ask metadata_host where it is; the others wait for
 * that answer.
 * Errors: ERR_CREDENTIAL (none configured, and why; the service itself is not configured);
 *         those of discovery_fetch(), whose host is
 *         not asked again; ERR_STOPPED, ERR_TIMEOUT while waiting
 */
struct service;
int session_service(struct session *session, struct call *call, const char *name,
                    struct service **out, struct error *err);
/* The same without asking anybody where it is: for what is known of its objects. */
struct service *session_find_service(struct session *session, const char *name);
struct rest_client *service_client(struct service *service); /* borrowed */
/* The same with tokens of another tenant than the configured one, by the same credential; kept for
 * each tenant. Errors: ERR_CREDENTIAL  the credential serves one tenant alone, or is incomplete */
int service_client_of_tenant(struct service *service, const char *tenant_id,
                             struct rest_client **out, struct error *err);
/* What this run knows of the objects of the service: two hosts with equal paths share nothing.
 * Borrowed. What is listed is known there whether or not reads are shared. */
struct rest_collections *service_collections(struct service *service);
struct object_flags *service_object_flags(struct service *service);
struct rest_owners *service_owners(struct service *service); /* of its subscriptions */
struct claims *service_claims(struct service *service);
struct findings *service_findings(struct service *service);
/* The credential was refused: is the configured endpoint a hub's own? Asks it, once in a session.
 * In the call's arena: what to say then; NULL: it is none, it does not say, or it is reported
 * already. */
const char *service_find_hub(struct service *service, struct call *call);
/* True once for each service: more than RATE_LIMIT_WARN_MS were waited for it. Its dialect's name. */
bool session_is_throttling_worth_warning(struct session *session, const char **service,
                                         int64_t *waited_ms);
/* What an attribute of this name is by the provider block, for objects of this service; NULL:
 * nothing. Borrowed. */
const char *session_default(const struct session *session, const char *service,
                            const char *name);
bool service_is_configured(const struct service *service); /* else it has no block */
/* What its objects belong to by the configuration; NULL: not configured. */
const char *service_account_id(const struct service *service);
/*
 * The ID of the directory that has this domain, in lower case and in the call's arena, by the
 * service's login service; asked without a token. The service has answered (session_service).
 * Errors: ERR_REFUSED  there is none; ERR_SHAPE, ERR_TIMEOUT; those of http_send_retrying()
 */
int service_find_directory(struct service *service, struct call *call, const char *domain,
                           const char **out, struct error *err);
/* The tenant that its tokens are of, where it said so itself; NULL: it did not. Borrowed. Known once
 * it answered. */
const char *service_own_directory(struct service *service);
/* Where it is by the configuration, whether or not anybody can sign in there; NULL: it is not known. */
const char *service_address(const struct service *service);
/* Its tokens are those of a person. */
bool service_has_person(const struct service *service);
/* Its login service is one that knows a single directory. Known once it answered; no before. */
bool service_has_one_directory(struct service *service);
bool session_shares_reads(const struct session *session);
bool session_warns_of_destroy(const struct session *session);
bool session_checks_locks(const struct session *session);
bool session_requires_plan_checks(const struct session *session);
/* What the user says instead of the table's own; NULL: nothing. Borrowed. */
const char *session_api_version(const struct session *session);
struct diag_once *session_diag_once(struct session *session); /* borrowed */
struct pending *session_pending(struct session *session);     /* borrowed */

/* Who holds a reference besides the one that session_new() gave, and how often one was taken:
 * each call holds one while it is under way. */
struct session_activity {
    unsigned calls;
    unsigned long begun;
};
struct session_activity session_activity(struct session *session);

#endif
