/* The addresses of the clouds, and the validation of addresses.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "auth/token_response.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "http/url.h"
#include "session/service.h"

/* Source: azcore, sdk/azcore/cloud/cloud.go; go-azure-sdk sdk/environments (public's audience is
 * azurerm's: its Resource Manager's own address) */
static const struct environment environments[] = {
    { "public", "https://login.microsoftonline.com", "https://management.azure.com",
      "https://management.azure.com" },
    { "usgovernment", "https://login.microsoftonline.us",
      "https://management.usgovcloudapi.net",
      "https://management.core.usgovcloudapi.net" },
    { "china", "https://login.chinacloudapi.cn", "https://management.chinacloudapi.cn",
      "https://management.core.chinacloudapi.cn" },
    { "custom", NULL, NULL, NULL },
};

const struct environment *addresses_of_environment(const char *name)
{
    for (size_t i = 0; i < sizeof environments / sizeof *environments; i++) {
        if (text_equal(environments[i].name, name))
            return &environments[i];
    }
    return NULL;
}

/* A copy without a slash at the end. */
char *addresses_copy(const char *address)
{
    char *copy = memory_copy_text(address);
    size_t length = strlen(copy);
    while (length > 0 && copy[length - 1] == '/')
        copy[--length] = '\0';
    return copy;
}

int addresses_check_one(const char *what, const char *address, struct error *err)
{
    if (address == NULL)
        return error_set(err, ERR_INVALID,
                         "the environment has no default %s, and the configuration does "
                         "not set one",
                         what);
    size_t length = http_origin_length(address);
    if (length == 0 || !text_starts_ignoring_case(address, "https://") ||
        address[length + strspn(address + length, "/")] != '\0')
        return error_set(err, ERR_INVALID,
                         "the %s \"%s\" must be https:// and a host name", what,
                         /* A user name may be followed by a password. */
                         strchr(address, '@') != NULL ? SECRET_MASK : address);
    return 0;
}

/* Takes the configured addresses; NULL if not configured. */
void addresses_find_given(const struct session_config *config, struct addresses *out)
{
    *out = (struct addresses){ .authority = config->auth.authority,
                               .endpoint = config->resource_manager_endpoint,
                               .audience = config->resource_manager_audience };
    if (out->audience == NULL)
        out->audience = out->endpoint;
}

/* Takes the missing addresses from the cloud's own. */
void addresses_fill_in(struct addresses *given, const struct addresses *rest)
{
    if (given->authority == NULL)
        given->authority = rest->authority;
    if (given->endpoint == NULL)
        given->endpoint = rest->endpoint;
    if (given->audience == NULL)
        given->audience = rest->audience;
}

/* The audience becomes part of a form, and an argument of the Azure CLI, where a dash begins an
 * option. The message does not show it, because it may contain bytes that must not be printed. */
static int check_audience(const char *audience, struct error *err)
{
    if (token_is_header_text(audience, strlen(audience)) && *audience != '-')
        return 0;
    return error_set(err, ERR_INVALID,
                     "the audience of the tokens is not a URL or an ID; set "
                     "resource_manager_audience (ARM_RESOURCE_MANAGER_AUDIENCE)");
}

int addresses_check(const struct addresses *addresses, struct error *err)
{
    if (addresses_check_one("resource manager endpoint", addresses->endpoint, err) < 0 ||
        check_audience(addresses->audience, err) < 0)
        return -1;
    return addresses_check_one("login address", addresses->authority, err);
}
