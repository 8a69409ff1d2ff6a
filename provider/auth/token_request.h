/* One question to the token endpoint of Entra or an AD FS: the form, its answer, its refusals. What the
 * client proves itself with is for each credential to add.
 * Source: entra-docs v2-oauth2-client-creds-grant-flow.md
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef AUTH_TOKEN_REQUEST_H
#define AUTH_TOKEN_REQUEST_H

#include "auth/credential.h"
#include "auth/entra.h"
#include "auth/form.h"

/* Adds the proof to the form; called for each attempt, so that an assertion is never sent
 * twice. Errors: the caller's own, handed on. */
typedef int token_proof_fn(void *state, struct call *call, struct form *form,
                           struct error *err);

struct token_request {
    const char *url; /* token_request_url() */
    bool is_adfs;
    const char *client_id, *audience;
    /* "refresh_token", with `resource` in place of a scope; NULL: client_credentials. */
    const char *grant_type;
    /* Where the answer's refresh_token goes, if it has one; the caller's to free. NULL: nowhere. */
    struct secret **refreshed;
    const struct entra_code *codes; /* looked up before entra_codes; NULL: none */
    token_proof_fn *add_client_auth;
    void *state;
    const char
        *principal; /* "the client secret of application …": what is refused, if it is */
};

/* `authority`/`tenant_id`/oauth2/v2.0/token, on the heap; of an AD FS `authority`/adfs/oauth2/token.
 * Source: entra-docs v2-oauth2-client-creds-grant-flow.md; windowsserverdocs ad-fs-openid-connect-
 * oauth-flows-scenarios.md */
char *token_request_url(const struct auth_config *config);
/* `authority`/`tenant_id`/oauth2/token, which takes a resource. */
char *token_request_url_v1(const struct auth_config *config);

/*
 * Errors: ERR_CREDENTIAL  refused: the code, its meaning, the cure; a wrong clock is named
 *         ERR_TIMEOUT     a passing fault that did not pass in time
 *         ERR_SHAPE       an answer that is not Entra's
 *         those of http_send_retrying(), and of `add_client_auth`
 */
int token_request_send(struct call *call, struct http_transport *transport,
                       const struct token_request *request, struct auth_token *out,
                       struct error *err);

/* The member of a form that a signed or foreign token goes into, with its type. */
void token_request_add_assertion(struct form *form, const struct secret *assertion);

#endif
