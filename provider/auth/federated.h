/* A service principal with a federated credential: it signs in with the token of another issuer,
 * which Entra trusts. This is the common part; each such source says where it gets the token.
 * Source: entra-docs workload-identity-federation.md, v2-oauth2-client-creds-grant-flow.md
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_FEDERATED_H
#define AUTH_FEDERATED_H

#include "auth/inputs.h"

/* The source of the issuer's token. Called for every fetch, and again after a long wait in one; the
 * token is not stored. */
struct federated_origin {
    const char *what;    /* "the OIDC token of GitHub Actions"; a literal */
    const char *expired; /* what to do if Entra says that it has expired; a literal */
    /* Errors: ERR_CREDENTIAL, and those of http_transport */
    int (*get)(void *state, struct call *call, struct http_transport *transport,
               struct secret **out, struct error *err);
    void (*free)(void *state);
    void *state; /* owned by the credential */
};

/* Takes ownership of the identity's texts and of the origin's state. */
struct credential *federated_new(const struct credential_source *source,
                                 const struct auth_config *config,
                                 const struct identity *identity,
                                 const struct federated_origin *origin);

/* A credential that reads the issuer's token from a file, again for each fetch. `name`: the
 * argument or variable that names the file; a literal. Errors: ERR_INVALID */
int federated_new_from_file(const struct credential_source *source,
                            const struct auth_config *config, const char *name,
                            const char *path, struct credential **out, struct error *err);

/* Checks that the token has three parts with dots between them. `name`: what it is, for the error.
 * Errors: ERR_CREDENTIAL */
int federated_check_token(const char *name, const struct secret *token,
                          struct error *err);

/* A request to a service that issues OIDC tokens to its own jobs. */
struct federated_service {
    const char *name;   /* "GitHub Actions" */
    const char *method; /* GET, or POST without a body */
    const char *url;
    const struct secret *bearer;
    /* The member of the answer that has the token. */
    const char *member;
    const struct http_header *headers; /* may be NULL */
    size_t header_count;
    const char *advice; /* what to check if the service refuses */
};
/* Fetches such a token.
 * Errors: ERR_CREDENTIAL  refused, or the token does not have three parts
 *         ERR_SHAPE       the answer has no token
 *         ERR_TIMEOUT     a temporary failure that lasted until the timeout
 *         those of http_transport */
int federated_fetch(struct call *call, struct http_transport *transport,
                    const struct federated_service *service, struct secret **out,
                    struct error *err);

/* What such a service needs of the configuration: the `state` of federated_job.get. */
struct federated_request {
    char *url;
    struct secret *token;
    char *connection_id; /* for Azure DevOps; NULL: not set */
};
/* The configuration does not ask for OIDC: then `missing` says so. */
bool federated_is_off(const struct auth_config *config, struct error *missing);

/* A source whose jobs get a token by oidc_request_url and oidc_request_token. Literals. */
struct federated_job {
    const char *what, *expired;        /* as in struct federated_origin */
    const char *url_name, *token_name; /* the two arguments, for errors */
    int (*get)(void *state, struct call *call, struct http_transport *transport,
               struct secret **out, struct error *err);
};
/* A credential for a job. Errors: ERR_INVALID  the URL is not an https:// address, or the token has
 * a character that is not allowed in a header; and those of identity_read() */
int federated_new_for_job(const struct credential_source *source,
                          const struct auth_config *config,
                          const struct federated_job *job, struct credential **out,
                          struct error *err);
/* The address with this parameter, unless it has one of this name already. */
const char *federated_add_parameter(struct arena *arena, const char *url,
                                    const char *name, const char *value);

#endif
