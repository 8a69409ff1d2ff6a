/* A service of a session: its addresses and tokens. For the files of the session only.
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
    struct http_transport *login_transport; /* for its login service; borrowed */
    /* NULL: no credential is configured; `missing` says why. */
    struct auth_cache *tokens;
    struct auth_cache *auxiliary[SESSION_AUXILIARY_MAX];
    struct error missing;
    bool is_configured;

    bool is_given;     /* of public Azure: the configuration has `base` */
    bool is_suspected; /* the endpoint was asked whether it is a hub's */
    bool is_made;      /* the following members are initialized */
    /* If the addresses come from metadata_host or from the service's own metadata, the first call
     * that needs them requests them. */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct session_config *kept; /* until the addresses are known */
    /* The same, if they come from the service's own metadata. */
    struct service_config *kept_own;
    bool is_fetching;
    struct error failed; /* permanently; ERR_NONE: it did not fail */
    struct error last;   /* the result for the last caller */

    /* For tenants other than the configured one; under the lock. */
    struct auth_config auth;
    char *audience, *authority;
    struct tenant_client *tenant_clients;
    json_t *directories; /* domain in lower case: its directory's ID; null: it has none */
};

/* ---- addresses.c ------------------------------------------------------------------------- */

struct environment {
    const char *name, *authority, *endpoint, *audience;
};
/* A NULL is not known. */
struct addresses {
    const char *authority, *endpoint, *audience;
};
/* NULL: no environment has this name. */
const struct environment *addresses_of_environment(const char *name);
/* The configured addresses; and `given` completed with those of `rest`. */
void addresses_find_given(const struct session_config *config, struct addresses *out);
void addresses_fill_in(struct addresses *given, const struct addresses *rest);
/* A copy without a slash at the end, which the caller frees. */
char *addresses_copy(const char *address);
/* Errors: ERR_INVALID  an address is missing, is not https, or has more than a host; the audience
 * is not one */
int addresses_check_one(const char *what, const char *address, struct error *err);
int addresses_check(const struct addresses *addresses, struct error *err);

/* ---- service_tokens.c -------------------------------------------------------------------- */

/* Makes the tokens from a login service at `authority`. 0 with tokens NULL: no credential is
 * configured, and service->missing says why. Errors: ERR_INVALID */
int service_tokens_make(struct service *service, const struct session_config *config,
                        const char *authority, const char *audience, struct error *err);
void service_tokens_drop(struct service *service);
void service_tokens_clear_tenants(struct service *service);

/* ---- service.c --------------------------------------------------------------------------- */

/* `common` has what all services of a session share, such as the transport. Send no request. The
 * second is for a service other than public Azure. Errors: ERR_INVALID */
int service_init(struct service *service, const char *name,
                 const struct session_config *config, const struct rest_client *common,
                 struct error *err);
int service_init_further(struct service *service, const struct service_config *config,
                         const char *environment, const struct rest_client *common,
                         struct http_transport *transport, struct error *err);
void service_clear(struct service *service); /* may be all zeroes */
/* Makes sure that the addresses are known. Errors: as session_service() */
int service_ready(struct service *service, struct call *call, struct error *err);

#endif
