/* A request to the token endpoint of Entra or an AD FS: makes the form, reads the answer, explains
 * refusals. Each credential adds its own proof of identity.
 * Source: entra-docs v2-oauth2-client-creds-grant-flow.md
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_TOKEN_REQUEST_H
#define AUTH_TOKEN_REQUEST_H

#include "auth/credential.h"
#include "auth/entra.h"
#include "auth/form.h"

/* Adds the proof of identity to the form. Called for each attempt, so that an assertion is never
 * sent twice. Errors: any; token_request_send() returns them. */
typedef int token_proof_fn(void *state, struct call *call, struct form *form,
                           struct error *err);

struct token_request {
    const char *url; /* token_request_url() */
    bool is_adfs;
    bool is_signed; /* the proof is an assertion that this machine dates and signs */
    const char *client_id, *audience;
    /* "refresh_token", which is sent with `resource` instead of a scope. NULL:
     * client_credentials. */
    const char *grant_type;
    /* Receives the answer's refresh_token, if there is one; the caller frees it. NULL: not
     * needed. */
    struct secret **refreshed;
    const struct entra_code *codes; /* searched before entra_codes; NULL: none */
    token_proof_fn *add_client_auth;
    void *state;
    /* What an error says was refused: "the client secret of application …". */
    const char *principal;
};

/* The URL `authority`/`tenant_id`/oauth2/v2.0/token; for an AD FS `authority`/adfs/oauth2/token. On
 * the heap.
 * Source: entra-docs v2-oauth2-client-creds-grant-flow.md; windowsserverdocs
 * ad-fs-openid-connect-oauth-flows-scenarios.md */
char *token_request_url(const struct auth_config *config);
/* The URL `authority`/`tenant_id`/oauth2/token, which expects a resource. On the heap. */
char *token_request_url_v1(const struct auth_config *config);

/*
 * Requests a token.
 *
 * Errors: ERR_CREDENTIAL  refused: the text has the code, its meaning and what to do; if the clock
 *                         of this machine is wrong, it says so
 *         ERR_TIMEOUT     a temporary failure that lasted until the timeout
 *         ERR_SHAPE       the answer is not in the format of Entra
 *         those of http_send_retrying() and of `add_client_auth`
 */
int token_request_send(struct call *call, struct http_transport *transport,
                       const struct token_request *request, struct auth_token *out,
                       struct error *err);

/* Adds a signed assertion, or the token of another issuer, to the form, with its type. */
void token_request_add_assertion(struct form *form, const struct secret *assertion);

#endif
