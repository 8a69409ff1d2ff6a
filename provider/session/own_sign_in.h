/* The login service of a service according to the service's own metadata, and whether to trust it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_OWN_SIGN_IN_H
#define SESSION_OWN_SIGN_IN_H

#include "session/session.h"

struct own_sign_in {
    const char *authority; /* without a slash at its end */
    const char *tenant_id;
    const char *audience;
    bool is_adfs;
    /* The configured login service is not the one in the metadata, and is not known. */
    const char *differs_from; /* the one in the metadata; NULL: it does not differ */
};

/*
 * Requests {endpoint}/metadata/endpoints without a token. Configured values override the answer.
 * The answer decides where a secret is sent and for which audience tokens are made, so only these
 * are trusted:
 *
 *   login service  Microsoft's; `known_authority`; an AD FS in the domain of the endpoint
 *   audience       that of a hub's Resource Manager: https://management.… or
 *                  https://adminmanagement.… with a path, which no public service has
 *
 * Texts are in call->arena.
 *
 * Errors: ERR_INVALID     the answer is not metadata, is not trusted, or has no tenant
 *         ERR_TIMEOUT     it continued to answer 5xx or 429
 *         and those of http_send_retrying()
 * Source: azure-stack-docs, "metadata/endpoints"; AzureStack-Tools, AzureStack.Identity.psm1
 */
int own_sign_in_ask(struct call *call, struct http_transport *transport,
                    const struct service_config *config, struct own_sign_in *out,
                    struct error *err);

/* Makes sure that an AD FS never receives a credential that the provider block has for Entra. -1
 * with ERR_CREDENTIAL: the login service is an AD FS or could be one, and the service has no
 * credential of its own. */
int own_sign_in_expect_proof(struct arena *arena, const struct service_config *config,
                             const struct own_sign_in *found, struct error *err);

#endif
