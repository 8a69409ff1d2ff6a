/* The tokens of a request. For the files of this folder only.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef REST_TOKENS_H
#define REST_TOKENS_H

#include "rest/client.h"

/* A token of the client, as auth_cache_get(). The error explains why there is none. It never says that
 * the request itself may have been sent, whatever happened to the request for the token. */
int tokens_get(struct call *call, const struct rest_client *client,
               struct auth_cache *tokens, struct secret **out, struct error *err);
/* "Bearer …, Bearer …" with the tokens of the auxiliary tenants. NULL: there are none, or the
 * service does not read them.
 * Source: azure-docs azure-resource-manager/management/authenticate-multi-tenant.md */
int tokens_get_auxiliary(struct call *call, const struct rest_client *client,
                         struct secret **out, struct error *err);

#endif
