/* Which addresses belong to a cloud, by its own word: Azure Resource Manager's metadata.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_DISCOVERY_H
#define SESSION_DISCOVERY_H

#include "base/call.h"
#include "base/error.h"
#include "http/transport.h"

struct discovered {
    const char *authority; /* https://login.microsoftonline.com, no slash at its end */
    const char *endpoint;  /* of Resource Manager, the same */
    const char *audience;  /* as it is written there */
};

/*
 * Asks https://{host}/metadata/endpoints, without a token. Texts are in call->arena.
 *
 *   host         "management.azure.com", with a port if need be
 *   environment  which cloud, where the answer is a list of all: "public", "usgovernment",
 *                "china"; of a list of one the one
 *
 * Errors: ERR_INVALID  the host is an Azure Stack Hub's own; its answer is not metadata, or
 *                      names an address that is not https
 *         and those of http_send_retrying()
 * Source: go-azure-sdk sdk/environments; go-azure-helpers authentication/environment (how a
 *         hub is told: by name, identityProvider or tenant; its 2015 shape has galleryEndpoint)
 */
int discovery_ask(struct call *call, struct http_transport *transport, const char *host,
                  const char *environment, struct discovered *out, struct error *err);

/* The address looks like a hub's own Resource Manager (management.REGION.FQDN,
 * adminmanagement.…). Only by its first word: a cloud's own name is never refused. */
bool discovery_is_hub_host(const char *address);

/* The sentence that says what to do about it. */
extern const char discovery_hub_advice[];

#endif
