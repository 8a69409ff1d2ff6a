/* The login service of a service according to the service's own metadata.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/own_sign_in.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "http/retry.h"
#include "http/url.h"
#include "rest/json.h"

enum { METADATA_BYTES_MAX = 1024 * 1024 };

/* Source: entra-docs authentication-national-cloud.md; login.windows.net is an older name of the
 * first */
static const char *const login_services[] = {
    "https://login.microsoftonline.com",        "https://login.windows.net",
    "https://login.microsoftonline.us",         "https://login.chinacloudapi.cn",
    "https://login.partner.microsoftonline.cn",
};
enum { LOGIN_SERVICE_COUNT = sizeof login_services / sizeof *login_services };

static const char scheme[] = "https://";

/* ---- what is trusted ----------------------------------------------------------------------- */

static bool is_known_login(const struct service_config *config, const char *address)
{
    for (size_t i = 0; i < LOGIN_SERVICE_COUNT; i++) {
        if (http_is_same_origin(login_services[i], address))
            return true;
    }
    return config->known_authority != NULL &&
           http_is_same_origin(config->known_authority, address);
}

/* The host after its first label: REGION.FQDN of adminmanagement.REGION.FQDN; NULL: it has no such
 * label. */
static const char *domain_of(struct arena *arena, const char *address)
{
    char host[HTTP_HOST_BYTES];
    http_host(address, host);
    host[strcspn(host, ":")] = '\0';
    const char *dot = strchr(host, '.');
    return dot != NULL && strchr(dot + 1, '.') != NULL &&
                   strspn(host, "0123456789.") != strlen(host)
               ? text_lower(arena, dot + 1)
               : NULL;
}

static bool is_in_domain_of(struct arena *arena, const char *endpoint, const char *login)
{
    const char *domain = domain_of(arena, endpoint);
    const char *own = domain_of(arena, login);
    return domain != NULL && own != NULL && text_equal(own, domain);
}

/* No public service has an audience of this form, so no token for one can be requested. A second
 * slash, a query or a fragment is no path: a login service could ignore it. */
static bool is_own_audience(const char *text)
{
    static const char *const labels[] = { "management.", "adminmanagement." };
    size_t origin = http_origin_length(text);
    if (origin == 0 || !text_starts_ignoring_case(text, scheme) || text[origin] != '/' ||
        !isalnum((unsigned char)text[origin + 1]))
        return false;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (text_starts_ignoring_case(text + strlen(scheme), labels[i]))
            return true;
    }
    return false;
}

/* ---- what the metadata say ----------------------------------------------------------------- */

static int refuse(const struct service_config *config, enum error_kind kind,
                  const char *fault, const char *action, struct error *err)
{
    return error_set(err, kind, "%s.%s \"%s\" %s.\n\nWhat to do: %s", config->block,
                     config->endpoint_name, config->endpoint, fault, action);
}

static const char *shown(struct arena *arena, const char *text)
{
    return text_clean_line(arena, text, strlen(text), 200);
}

static int read_login(struct arena *arena, const struct service_config *config,
                      const char *login, struct own_sign_in *out, struct error *err)
{
    size_t origin = http_origin_length(login);
    if (origin == 0 || !text_starts_ignoring_case(login, scheme))
        return refuse(
            config, ERR_INVALID,
            arena_print(arena,
                        "returned the login service \"%s\", which is not https:// and a "
                        "host name",
                        shown(arena, login)),
            "Check the address", err);
    const char *path = login + origin + strspn(login + origin, "/");
    const char *first = arena_copy_bytes_as_text(arena, path, strcspn(path, "/?#"));
    out->is_adfs = text_equal_ignoring_case(first, "adfs");
    out->authority = config->auth.authority != NULL
                         ? arena_copy_text(arena, config->auth.authority)
                         : arena_copy_bytes_as_text(arena, login, origin);
    bool is_trusted = config->auth.authority != NULL || is_known_login(config, login) ||
                      (out->is_adfs && is_in_domain_of(arena, config->endpoint, login));
    if (!is_trusted)
        return refuse(
            config, ERR_INVALID,
            arena_print(arena,
                        "returned the login service \"%s\", which is neither Microsoft's "
                        "nor an AD FS in the hub's domain. For security, the provider "
                        "does not send credentials to it",
                        shown(arena, login)),
            arena_print(arena,
                        "If the login service is right, set "
                        "active_directory_authority_host in the block %s. Otherwise, "
                        "check the address",
                        config->block),
            err);
    if (!is_known_login(config, out->authority) &&
        !http_is_same_origin(out->authority, login))
        out->differs_from = arena_copy_text(arena, login);
    bool has_tenant = *first != '\0' && !text_equal_ignoring_case(first, "common") &&
                      !text_equal_ignoring_case(first, "organizations");
    out->tenant_id = out->is_adfs                     ? "adfs"
                     : config->auth.tenant_id != NULL ? config->auth.tenant_id
                     : has_tenant                     ? first
                                                      : NULL;
    return 0;
}

static int read_metadata(struct arena *arena, const struct service_config *config,
                         const json_t *metadata, struct own_sign_in *out,
                         struct error *err)
{
    const char *login = rest_json_some_text(metadata, "authentication.loginEndpoint");
    const char *audience = rest_json_text(metadata, "authentication.audiences.0");
    if (login == NULL || audience == NULL)
        return refuse(config, ERR_INVALID,
                      "does not respond like the Resource Manager of an Azure Stack Hub",
                      "Check the address. Operators use adminmanagement.REGION.FQDN, "
                      "tenants use management.REGION.FQDN",
                      err);
    if (read_login(arena, config, login, out, err) < 0)
        return -1;
    if (config->audience == NULL && !is_own_audience(audience))
        return refuse(
            config, ERR_INVALID,
            arena_print(
                arena,
                "returned the audience \"%s\", which is not a hub's audience. For "
                "security, the provider does not request tokens for it",
                shown(arena, audience)),
            arena_print(
                arena,
                "Check the address. If the audience is right, set audience in the "
                "block %s",
                config->block),
            err);
    out->audience =
        arena_copy_text(arena, config->audience != NULL ? config->audience : audience);
    if (out->tenant_id == NULL)
        return refuse(config, ERR_INVALID, "does not return the ID of its directory",
                      arena_print(arena, "Set tenant_id in the block %s", config->block),
                      err);
    return 0;
}

/* ---- the question -------------------------------------------------------------------------- */

static int explain_status(struct arena *arena, const struct service_config *config,
                          int status, struct error *err)
{
    bool may_pass = http_may_pass(status);
    return refuse(config, may_pass ? ERR_TIMEOUT : ERR_INVALID,
                  arena_print(arena, "returned status %d for its metadata", status),
                  may_pass ? "Run again later" : "Check the address", err);
}

int own_sign_in_expect_proof(struct arena *arena, const struct service_config *config,
                             const struct own_sign_in *found, struct error *err)
{
    if (config->has_own_proof || (!found->is_adfs && found->differs_from == NULL))
        return 0;
    if (!found->is_adfs)
        return refuse(
            config, ERR_CREDENTIAL,
            arena_print(arena,
                        "returned the login service \"%s\", but "
                        "active_directory_authority_host is \"%s\". The provider does "
                        "not send the credential of the provider block there",
                        shown(arena, found->differs_from), found->authority),
            arena_print(arena,
                        "Remove active_directory_authority_host from the block %s and "
                        "from the environment, or set client_id and client_secret in the "
                        "block",
                        config->block),
            err);
    return refuse(config, ERR_CREDENTIAL,
                  "uses AD FS. The configured credential is for Microsoft Entra or for "
                  "another hub, and the provider does not send it to AD FS",
                  arena_print(arena,
                              "Set client_id and client_secret, or client_id and "
                              "client_certificate_path, in the block %s",
                              config->block),
                  err);
}

int own_sign_in_ask(struct call *call, struct http_transport *transport,
                    const struct service_config *config, struct own_sign_in *out,
                    struct error *err)
{
    const char *url =
        arena_print(call->arena, "%.*s/metadata/endpoints?api-version=2015-01-01",
                    (int)http_origin_length(config->endpoint), config->endpoint);
    auto_http_reply reply = NULL;
    if (http_get_json(transport, call, url, METADATA_BYTES_MAX, &reply, err) < 0)
        return error_context(err, "getting the login service of %s.%s \"%s\"",
                             config->block, config->endpoint_name, config->endpoint);
    if (reply->status != 200)
        return explain_status(call->arena, config, reply->status, err);
    json_t *metadata = rest_json_parse_object(reply->body);
    struct own_sign_in found = { 0 };
    int result = read_metadata(call->arena, config, metadata, &found, err);
    if (result == 0) {
        found.tenant_id = arena_copy_text(call->arena, found.tenant_id);
        *out = found;
    }
    json_decref(metadata);
    return result;
}
