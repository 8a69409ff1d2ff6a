/* The addresses of a cloud according to the metadata of its Azure Resource Manager.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef SESSION_DISCOVERY_H
#define SESSION_DISCOVERY_H

#include <stdbool.h>

#include "base/call.h"
#include "base/error.h"
#include "http/transport.h"

struct discovered {
    /* The login service and Resource Manager, each without a slash at the end. */
    const char *authority, *endpoint;
    const char *audience; /* as in the metadata */
};

/*
 * Requests https://{host}/metadata/endpoints without a token, with an older api-version if the host
 * does not know the newest. Texts are in call->arena.
 *
 *   host         "management.azure.com", with an optional port
 *   environment  selects from an answer with several clouds: "usgovernment" and "china" by
 *                name, "custom" the host's own, "public" the host's own or the public one
 *
 * Errors, which name the argument and its environment variable:
 *         ERR_INVALID  the host is an Azure Stack Hub; its answer is not metadata, or has an
 *                      address that is not https
 *         ERR_TIMEOUT  it continued to answer 5xx or 429
 *         and those of http_send_retrying()
 * Source: go-azure-sdk sdk/environments; go-azure-helpers authentication/environment (how a
 *         hub is recognised: by name, identityProvider or tenant; its 2015 shape has galleryEndpoint)
 */
int discovery_fetch(struct call *call, struct http_transport *transport, const char *host,
                    const char *environment, struct discovered *out, struct error *err);

/* The host returns the metadata of a hub. False after any error. */
bool discovery_finds_hub(struct call *call, struct http_transport *transport,
                         const char *host);
/* For messages about such a host: "answers as … does. …", with what to do. */
extern const char discovery_hub[];

#endif
