/* Which addresses belong to a cloud, by its own word: Azure Resource Manager's metadata.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_DISCOVERY_H
#define SESSION_DISCOVERY_H

#include <stdbool.h>

#include "base/call.h"
#include "base/error.h"
#include "http/transport.h"

struct discovered {
    const char *authority; /* https://login.microsoftonline.com, no slash at its end */
    const char *endpoint;  /* of Resource Manager, the same */
    const char *audience;  /* as it is written there */
};

/*
 * Asks https://{host}/metadata/endpoints, without a token, in an older version where the host
 * does not know the newest. Texts are in call->arena.
 *
 *   host         "management.azure.com", with a port if need be
 *   environment  which cloud, where the answer is a list of several: "usgovernment" and
 *                "china" by name, "custom" the host's own, "public" that or the public one
 *
 * Errors, which name the argument and its variable:
 *         ERR_INVALID  the host is an Azure Stack Hub's own; its answer is not metadata, or
 *                      names an address that is not https
 *         ERR_TIMEOUT  it went on answering 5xx or 429
 *         and those of http_send_retrying()
 * Source: go-azure-sdk sdk/environments; go-azure-helpers authentication/environment (how a
 *         hub is recognised: by name, identityProvider or tenant; its 2015 shape has galleryEndpoint)
 */
int discovery_fetch(struct call *call, struct http_transport *transport, const char *host,
                    const char *environment, struct discovered *out, struct error *err);

/* The host's metadata are a hub's. Whatever else comes of asking is a no. */
bool discovery_finds_hub(struct call *call, struct http_transport *transport,
                         const char *host);
/* "answers as … does. …": what to say of such a host, with what to do. */
extern const char discovery_hub[];

#endif
