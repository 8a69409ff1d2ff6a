/* Who issues the tokens for a service, by the service's own metadata, and whether to trust that.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_OWN_SIGN_IN_H
#define SESSION_OWN_SIGN_IN_H

#include "session/session.h"

struct own_sign_in {
    const char *authority; /* no slash at its end */
    const char *tenant_id;
    const char *audience;
    bool is_adfs;
};

/*
 * Asks {endpoint}/metadata/endpoints, without a token. What the configuration gives overrides what
 * the answer says. The answer decides where a secret is sent and what the service is given a token
 * for, so of both only these are trusted:
 *
 *   login service  Microsoft's own, `known_authority`; an AD FS in the endpoint's own domain
 *   audience       of a Resource Manager of the same kind: https://management.… or
 *                  https://adminmanagement.… with a path behind it, which no public service has
 *
 * Texts are in call->arena.
 *
 * Errors: ERR_INVALID     not such metadata; not to be believed; the tenant is not said
 *         ERR_TIMEOUT     it went on answering 5xx or 429
 *         and those of http_send_retrying()
 * Source: azure-stack-docs, "metadata/endpoints"; AzureStack-Tools, AzureStack.Identity.psm1
 */
int own_sign_in_ask(struct call *call, struct http_transport *transport,
                    const struct service_config *config, struct own_sign_in *out,
                    struct error *err);

/* An AD FS is never given a proof that the provider block holds for Entra. -1: ERR_CREDENTIAL, it is
 * one, and the service has no credential of its own. */
int own_sign_in_expect_proof(struct arena *arena, const struct service_config *config,
                             const struct own_sign_in *found, struct error *err);

#endif
