/* A service principal that proves itself by the token of another issuer, which it trusts by
 * a federated credential. What such sources have in common; each says where the token is.
 * Source: entra-docs workload-identity-federation.md, v2-oauth2-client-creds-grant-flow.md
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_FEDERATED_H
#define AUTH_FEDERATED_H

#include "auth/inputs.h"

/* Where the foreign token comes from: asked at every fetch, never kept. */
struct federated_origin {
    const char *what; /* "the OIDC token of GitHub Actions"; a literal */
    /* Errors: ERR_CREDENTIAL, and those of http_transport */
    int (*get)(void *state, struct call *call, struct http_transport *transport,
               struct secret **out, struct error *err);
    void (*free)(void *state);
    void *state; /* taken */
};

/* Takes the identity's texts and the state. */
struct credential *federated_new(const struct credential_source *source,
                                 const struct auth_config *config,
                                 const struct identity *identity,
                                 const struct federated_origin *origin);

/* A credential whose foreign token stands in a file. `name` is the argument or variable
 * that named it; a literal. Errors: ERR_INVALID */
int federated_new_from_file(const struct credential_source *source,
                            const struct auth_config *config, const char *name,
                            const char *path, struct credential **out, struct error *err);

/* Three parts with dots between them. Errors: ERR_CREDENTIAL, with `name` */
int federated_check_token(const char *name, const struct secret *token,
                          struct error *err);

/* A question to a service that issues OIDC tokens to what runs inside of it. */
struct federated_service {
    const char *name;   /* "GitHub Actions" */
    const char *method; /* GET, or POST without a body */
    const char *url;
    const struct secret *bearer;
    const char *member;                /* of the answer, which is the token */
    const struct http_header *headers; /* may be NULL */
    size_t header_count;
    const char *advice; /* what to look at when it refuses */
};
/* Errors: ERR_CREDENTIAL refused; ERR_SHAPE, ERR_TIMEOUT; those of http_transport */
int federated_fetch(struct call *call, struct http_transport *transport,
                    const struct federated_service *service, struct secret **out,
                    struct error *err);

/* oidc_request_url and oidc_request_token of a configuration, copied. */
struct federated_request {
    char *url;
    struct secret *token;
    char *connection_id; /* Azure DevOps; NULL elsewhere */
};
/* The names are for the errors. Errors: ERR_INVALID  no https:// address, or a token that
 * cannot stand in a header */
int federated_request_new(const struct auth_config *config, const char *url_name,
                          const char *token_name, struct federated_request **out,
                          struct error *err);
void federated_request_free(void *request);

#endif
