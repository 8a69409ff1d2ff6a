/* The parts of a report about a session.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/report.h"

#include "session/service.h"

const char *service_base(const struct service *service)
{
    return service->base != NULL ? service->base : service->address;
}

const char *service_authority(const struct service *service)
{
    return service->authority;
}

const char *service_audience(const struct service *service)
{
    return service->audience;
}

const struct credential_source *service_credential(const struct service *service)
{
    return service->tokens != NULL ? auth_cache_source(service->tokens) : NULL;
}

static struct http_transport *find_transport(struct service *service, bool is_login)
{
    return is_login ? service->login_transport : service->client.transport;
}

int service_ask_openly(struct service *service, struct call *call, const char *address,
                       bool is_login, struct http_reply **out, struct error *err)
{
    enum { REPLY_BYTES_MAX = 1024 * 1024 };
    const struct http_request request = {
        .method = "GET",
        .url = arena_print(call->arena, "%s/", address),
        .reply_bytes_max = REPLY_BYTES_MAX,
    };
    return http_send(find_transport(service, is_login), call, &request, out, err);
}

const char *service_route(struct service *service, struct arena *arena,
                          const char *address, bool is_login)
{
    return http_curl_route(find_transport(service, is_login), arena, address);
}
