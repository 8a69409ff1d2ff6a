/* What to do about an error, whatever it was about.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"

/* The argument that has the address of the service. */
static const char *find_endpoint(struct arena *arena, const struct resource *resource)
{
    const struct service_table *service = resource->table->service;
    return service->block == NULL
               ? "the endpoint in the provider block"
               : arena_print(arena, "%s in the block %s",
                             service->endpoint != NULL ? service->endpoint : "endpoint",
                             service->block);
}

const char *explain_foreign(struct arena *arena, const struct resource *resource)
{
    return arena_print(
        arena, "Check whether a proxy or a sign-in page responds instead. Check %s.",
        find_endpoint(arena, resource));
}

const char *explain_advice(struct arena *arena, const struct resource *resource,
                           enum error_kind kind)
{
    bool has_block = resource->table->service->block != NULL;
    switch (kind) {
    case ERR_NAME:
        return arena_print(arena,
                           "Check %s, and this machine's DNS. If you use a proxy, set "
                           "HTTPS_PROXY.",
                           has_block ? find_endpoint(arena, resource)
                                     : "environment and endpoint in the provider block");
    case ERR_UNREACHABLE:
        return "Check that this machine can connect to the address: the "
               "firewall, the HTTPS_PROXY and NO_PROXY variables, and whether "
               "the service is running.";
    case ERR_TLS:
        return "Check whether a proxy or a firewall intercepts TLS connections, "
               "and whether this machine's clock is right. Then run again.";
    case ERR_TOO_BIG:
        return arena_print(arena,
                           "If this is the response of %s, it is above a limit of the "
                           "provider: report it as an issue of the provider. If not: %s",
                           resource->table->service->label,
                           explain_foreign(arena, resource));
    case ERR_SHAPE:
        return arena_print(arena, "%s Then run again.", explain_foreign(arena, resource));
    case ERR_LOST:
        return "Run again. If the error occurs again, check the proxies and "
               "firewalls between this machine and the service.";
    case ERR_TIMEOUT:
        return resource->table->timeouts.create_s != 0
                   ? "Run again later, or set a longer time in the timeouts block."
                   : "Run again later."; /* data sources have no such block */
    case ERR_STOPPED:
        return "If you stopped the run, run again to continue.";
    default:
        return NULL;
    }
}
