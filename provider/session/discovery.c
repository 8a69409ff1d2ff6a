/* The addresses of a cloud according to its own metadata.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/discovery.h"

#include <jansson.h>

#include "rest/json.h"
#include "base/text.h"
#include "http/retry.h"
#include "http/url.h"

enum { METADATA_BYTES_MAX = 1024 * 1024 };

#define WHO "metadata_host (ARM_METADATA_HOSTNAME) \"%s\""

/* The api-versions: the newest, which returns one cloud; one that returns all; and the only one
 * that hubs have.
 * Source: go-azure-sdk sdk/internal/metadata; azure-stack-docs, "metadata/endpoints" */
static const char *const versions[] = { "2022-09-01", "2019-05-01", "2015-01-01" };
enum { VERSION_COUNT = sizeof versions / sizeof *versions };

const char discovery_hub[] =
    "is an Azure Stack Hub's own Resource Manager. Registrations and "
    "customer mappings are in public Azure, not on the hub. Remove "
    "metadata_host, endpoint and environment, or set them to the "
    "cloud in which the hub is registered";

static bool is_hub(const json_t *cloud)
{
    const char *name = rest_json_some_text(cloud, "name");
    const char *identity = rest_json_some_text(cloud, "authentication.identityProvider");
    const char *tenant = rest_json_some_text(cloud, "authentication.tenant");
    if (json_object_get(cloud, "galleryEndpoint") != NULL)
        return true;
    return text_equal_ignoring_case(name, "AzureStackCloud") ||
           (identity != NULL && !text_equal_ignoring_case(identity, "AAD")) ||
           (tenant != NULL && !text_equal_ignoring_case(tenant, "common"));
}

static const json_t *find_by_name(const json_t *clouds, const char *name)
{
    const json_t *cloud;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)clouds, i, cloud)
    {
        if (text_equal_ignoring_case(rest_json_some_text(cloud, "name"), name))
            return cloud;
    }
    return NULL;
}

static const json_t *find_by_host(const json_t *clouds, const char *url)
{
    const json_t *cloud;
    size_t i;
    json_array_foreach((json_t *)(uintptr_t)clouds, i, cloud)
    {
        const char *endpoint = rest_json_some_text(cloud, "resourceManager");
        if (endpoint != NULL && http_is_same_origin(endpoint, url))
            return cloud;
    }
    return NULL;
}

/* Selects the cloud from a list: the one with the name; else the host's own, and only that for
 * "custom"; else the public one. */
static const json_t *choose(const json_t *metadata, const char *url,
                            const char *environment)
{
    if (!json_is_array(metadata))
        return metadata;
    if (json_array_size(metadata) == 1)
        return json_array_get(metadata, 0);
    if (text_equal(environment, "usgovernment"))
        return find_by_name(metadata, "AzureUSGovernment");
    if (text_equal(environment, "china"))
        return find_by_name(metadata, "AzureChinaCloud");
    const json_t *own = find_by_host(metadata, url);
    return own != NULL || text_equal(environment, "custom")
               ? own
               : find_by_name(metadata, "AzureCloud");
}

/* An https address without slashes at its end; NULL: not one. */
static const char *address_at(struct arena *arena, const json_t *cloud, const char *place)
{
    const char *text = rest_json_some_text(cloud, place);
    if (text == NULL || !text_starts_ignoring_case(text, "https://"))
        return NULL;
    size_t length = http_origin_length(text);
    return length != 0 ? arena_copy_bytes_as_text(arena, text, length) : NULL;
}

/* `cloud` may be NULL. */
static int read_cloud(struct arena *arena, const char *host, const json_t *cloud,
                      struct discovered *out, struct error *err)
{
    if (is_hub(cloud))
        return error_set(err, ERR_INVALID, WHO " %s", host, discovery_hub);
    const char *audience = rest_json_some_text(cloud, "authentication.audiences.0");
    struct discovered found = {
        .authority = address_at(arena, cloud, "authentication.loginEndpoint"),
        .endpoint = rest_json_some_text(cloud, "resourceManager") != NULL
                        ? address_at(arena, cloud, "resourceManager")
                        : arena_print(arena, "https://%s", host), /* its own */
    };
    if (found.authority == NULL || found.endpoint == NULL || audience == NULL)
        return error_set(
            err, ERR_INVALID,
            WHO " does not return the metadata of a cloud.\n\nWhat to do: Check the "
                "name. If the host serves several clouds, check environment "
                "(ARM_ENVIRONMENT)",
            host);
    found.audience = arena_copy_text(arena, audience);
    *out = found;
    return 0;
}

static int fetch_version(struct call *call, struct http_transport *transport,
                         const char *host, const char *version, struct http_reply **out,
                         struct error *err)
{
    const char *url = arena_print(
        call->arena, "https://%s/metadata/endpoints?api-version=%s", host, version);
    if (http_get_json(transport, call, url, METADATA_BYTES_MAX, out, err) == 0)
        return 0;
    return error_context(err, "getting the endpoints of the cloud from " WHO, host);
}

/* The host does not know this api-version, or answers as if there were no metadata. */
static bool is_worth_an_older_one(int status)
{
    return status == 400 || status == 404;
}

static int explain_status(const char *host, int status, struct error *err)
{
    bool may_pass = http_may_pass(status);
    return error_set(err, may_pass ? ERR_TIMEOUT : ERR_INVALID,
                     WHO
                     " returned status %d for the cloud's metadata.\n\nWhat to do: %s",
                     host, status, may_pass ? "Run again later" : "Check the name");
}

/* Finds the newest api-version that the host knows. */
static int fetch_metadata(struct call *call, struct http_transport *transport,
                          const char *host, struct http_reply **out, struct error *err)
{
    auto_http_reply reply = NULL;
    for (size_t i = 0; i < VERSION_COUNT; i++) {
        http_reply_free(reply);
        reply = NULL;
        if (fetch_version(call, transport, host, versions[i], &reply, err) < 0)
            return -1;
        if (!is_worth_an_older_one(reply->status))
            break;
    }
    *out = take(reply);
    return 0;
}

bool discovery_finds_hub(struct call *call, struct http_transport *transport,
                         const char *host)
{
    auto_http_reply reply = NULL;
    struct error ignored = NO_ERROR;
    if (fetch_metadata(call, transport, host, &reply, &ignored) < 0 ||
        reply->status != 200)
        return false;
    json_t *metadata = rest_json_parse_object(reply->body);
    bool is_one = is_hub(metadata);
    json_decref(metadata);
    return is_one;
}

int discovery_fetch(struct call *call, struct http_transport *transport, const char *host,
                    const char *environment, struct discovered *out, struct error *err)
{
    auto_http_reply reply = NULL;
    if (fetch_metadata(call, transport, host, &reply, err) < 0)
        return -1;
    if (reply->status != 200)
        return explain_status(host, reply->status, err);
    json_t *metadata = rest_json_parse(reply->body);
    const char *own = arena_print(call->arena, "https://%s", host);
    int result =
        read_cloud(call->arena, host, choose(metadata, own, environment), out, err);
    json_decref(metadata);
    return result;
}
