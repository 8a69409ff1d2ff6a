/* Which addresses belong to a cloud, by its own word.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/discovery.h"

#include <jansson.h>
#include <string.h>

#include "arm/json.h"
#include "base/text.h"
#include "http/retry.h"
#include "http/url.h"

enum { METADATA_BYTES_MAX = 1024 * 1024 };

#define METADATA_PATH "/metadata/endpoints?api-version=2022-09-01"

const char discovery_hub_advice[] =
    "This is an Azure Stack Hub's own Resource Manager. Registrations and their customers live "
    "in public Azure: leave metadata_host, endpoint and environment out, or name the cloud in "
    "which the hub is registered.";

bool discovery_is_hub_host(const char *address)
{
    /* A hub's tenant ARM is management.REGION.FQDN, as are the clouds' own; only its
     * administrator ARM is told by its name alone. */
    const char *host = strstr(address, "://");
    host = host != NULL ? host + 3 : address;
    return text_starts_ignoring_case(host, "adminmanagement.");
}

static const char *text_at(const json_t *object, const char *place)
{
    const char *text = json_string_value(arm_json_find(object, place));
    return text != NULL && *text != '\0' ? text : NULL;
}

static bool is_hub(const json_t *cloud)
{
    const char *name = text_at(cloud, "name");
    const char *identity = text_at(cloud, "authentication.identityProvider");
    const char *tenant = text_at(cloud, "authentication.tenant");
    if (json_object_get(cloud, "galleryEndpoint") != NULL)
        return true;
    return text_equal_ignoring_case(name, "AzureStackCloud") ||
           (identity != NULL && !text_equal_ignoring_case(identity, "AAD")) ||
           (tenant != NULL && !text_equal_ignoring_case(tenant, "common"));
}

/* Of a list the cloud that is meant. */
static const json_t *choose(const json_t *metadata, const char *environment)
{
    static const struct {
        const char *environment, *name;
    } names[] = { { "public", "AzureCloud" },
                  { "usgovernment", "AzureUSGovernment" },
                  { "china", "AzureChinaCloud" } };
    if (!json_is_array(metadata))
        return metadata;
    if (json_array_size(metadata) == 1)
        return json_array_get(metadata, 0);
    const char *wanted = "AzureCloud";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (text_equal(names[i].environment, environment))
            wanted = names[i].name;
    }
    const json_t *cloud;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)metadata, i, cloud)
    {
        if (text_equal_ignoring_case(text_at(cloud, "name"), wanted))
            return cloud;
    }
    return NULL;
}

/* An https address without its slashes at the end; NULL: none. */
static const char *address_at(struct arena *arena, const json_t *cloud, const char *place)
{
    const char *text = text_at(cloud, place);
    if (text == NULL || !text_starts_ignoring_case(text, "https://"))
        return NULL;
    size_t length = http_origin_length(text);
    return length != 0 ? arena_copy_bytes_as_text(arena, text, length) : NULL;
}

static int read_cloud(struct arena *arena, const char *host, const json_t *cloud,
                      struct discovered *out, struct error *err)
{
    if (cloud != NULL && is_hub(cloud))
        return error_set(err, ERR_INVALID, "metadata_host %s: %s", host,
                         discovery_hub_advice);
    const json_t *audiences =
        cloud != NULL ? arm_json_find(cloud, "authentication.audiences") : NULL;
    const char *audience = json_string_value(json_array_get(audiences, 0));
    struct discovered found = {
        .authority = cloud != NULL
                         ? address_at(arena, cloud, "authentication.loginEndpoint")
                         : NULL,
        .endpoint = cloud != NULL ? address_at(arena, cloud, "resourceManager") : NULL,
    };
    if (found.endpoint == NULL)
        found.endpoint = arena_print(arena, "https://%s", host);
    if (cloud == NULL || found.authority == NULL || audience == NULL || *audience == '\0')
        return error_set(
            err, ERR_INVALID,
            "metadata_host %s does not answer with a cloud's metadata; check the "
            "name, and environment where it serves several clouds",
            host);
    found.audience = arena_copy_text(arena, audience);
    *out = found;
    return 0;
}

int discovery_ask(struct call *call, struct http_transport *transport, const char *host,
                  const char *environment, struct discovered *out, struct error *err)
{
    static const struct http_header headers[] = { { "Accept", "application/json" } };
    const struct http_request request = {
        .method = "GET",
        .url = arena_print(call->arena, "https://%s" METADATA_PATH, host),
        .headers = headers,
        .header_count = 1,
        .reply_bytes_max = METADATA_BYTES_MAX,
    };
    auto_http_reply reply = NULL;
    if (http_send_retrying(transport, call, &request, &reply, err) < 0)
        return error_context(err, "asking metadata_host %s for the cloud's addresses",
                             host);
    if (reply->status != 200)
        return error_set(
            err, ERR_INVALID,
            "metadata_host %s answers with status %d where a cloud tells its "
            "addresses; check the name",
            host, reply->status);
    json_t *metadata = json_loadb((const char *)reply->body.data, reply->body.length,
                                  JSON_REJECT_DUPLICATES, NULL);
    int result = read_cloud(call->arena, host, choose(metadata, environment), out, err);
    json_decref(metadata);
    return result;
}
