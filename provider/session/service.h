/* One service: where it is, and the tokens for it. What only the session's own files share.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_SERVICE_H
#define SESSION_SERVICE_H

#include <pthread.h>

#include "session/session.h"

struct service {
    const char *name; /* of its table; a constant */
    struct rest_client client;
    struct rest_collections *collections;
    struct rest_owners *owners;
    struct object_flags *flags;
    struct claims *claims;
    struct findings *findings;
    char *base, *address, *account_id, *own_directory;
    struct http_transport *login_transport; /* to its login service; borrowed */
    /* NULL: no credential is configured, and `missing` says why. */
    struct auth_cache *tokens;
    struct auth_cache *auxiliary[SESSION_AUXILIARY_MAX];
    struct error missing;
    bool is_configured;

    bool is_given;     /* base is, by the configuration */
    bool is_suspected; /* it was asked whether it is a hub */
    bool is_made;      /* what follows can be used */
    /* Of a service whose addresses metadata_host returns: asked by the first who needs them. */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct session_config *kept;     /* until they are known */
    struct service_config *kept_own; /* the same of one whose own metadata have them */
    bool is_fetching;
    struct error failed; /* for good; ERR_NONE: not */
    struct error last;   /* how it ended for the last caller */

    /* Of the tenants that objects name besides the configured one; under the lock. */
    struct auth_config auth;
    char *audience, *authority;
    struct tenant_client *tenant_clients;
    json_t *directories; /* domain in lower case: its directory's ID; null: it has none */
};

/* ---- addresses.c ------------------------------------------------------------------------- */

struct environment {
    const char *name, *authority, *endpoint, *audience;
};
/* What of it is NULL is not known. */
struct addresses {
    const char *authority, *endpoint, *audience;
};
/* NULL: there is none of this name. */
const struct environment *addresses_of_environment(const char *name);
/* What the configuration says by itself, and the rest from where the cloud's are said. */
void addresses_find_given(const struct session_config *config, struct addresses *out);
void addresses_fill_in(struct addresses *given, const struct addresses *rest);
/* Without the slash at its end; the caller's to free. */
char *addresses_copy(const char *address);
/* Errors: ERR_INVALID  missing, not https, more than a host; the audience is none */
int addresses_check_one(const char *what, const char *address, struct error *err);
int addresses_check(const struct addresses *addresses, struct error *err);

/* ---- service_tokens.c -------------------------------------------------------------------- */

/* From a login service at `authority`. 0 without tokens: no credential is configured, and
 * service->missing says why. Errors: ERR_INVALID */
int service_tokens_make(struct service *service, const struct session_config *config,
                        const char *authority, const char *audience, struct error *err);
void service_tokens_drop(struct service *service);
void service_tokens_clear_tenants(struct service *service);

/* ---- service.c --------------------------------------------------------------------------- */

/* `common` is what all services of a session share, the way to login services among it. Contacts
 * no request. Errors: ERR_INVALID */
int service_init(struct service *service, const char *name,
                 const struct session_config *config, const struct rest_client *common,
                 struct error *err);
int service_init_further(struct service *service, const struct service_config *config,
                         const char *environment, const struct rest_client *common,
                         struct http_transport *transport, struct error *err);
void service_clear(struct service *service); /* also of zeroes */
/* Knows from then on where it is. Errors: as session_service() */
int service_ready(struct service *service, struct call *call, struct error *err);

#endif
