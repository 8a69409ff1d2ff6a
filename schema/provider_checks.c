/* Validators of the provider block's arguments.
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/checks.h"

#include <string.h>

#include "base/text.h"

/* The value becomes one header line. */
void check_header_word(struct arena *arena, const struct attribute *attribute,
                       const struct value *value, const struct path *path,
                       struct diags *diags)
{
    const char *text = value_text(value);
    size_t length = 0;
    while (text[length] > ' ' && text[length] <= '~')
        length++;
    if (length == 0 || length > 100 || text[length] != '\0')
        diags_error(diags, path, checks_title(arena, attribute),
                    "The value must be one word of at most 100 ASCII characters, such "
                    "as a GUID.");
}

/* A date, perhaps of a preview: 2017-06-01, 2020-06-01-preview. */
void check_api_version(struct arena *arena, const struct attribute *attribute,
                       const struct value *value, const struct path *path,
                       struct diags *diags)
{
    static const char form[] = "dddd-dd-dd", preview[] = "-preview";
    const char *text = value_text(value);
    size_t i = 0;
    while (form[i] != '\0' &&
           (form[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i]))
        i++;
    if (form[i] != '\0' || (text[i] != '\0' && strcmp(text + i, preview) != 0))
        diags_error(diags, path, checks_title(arena, attribute),
                    "An API version is a date, such as `2017-06-01` or "
                    "`2017-06-01-preview`.");
}

/* A GUID, or the text that Partner Center makes of it: pid-GUID, pid-GUID-partnercenter. */
void check_partner_id(struct arena *arena, const struct attribute *attribute,
                      const struct value *value, const struct path *path,
                      struct diags *diags)
{
    static const char start[] = "pid-", end[] = "-partnercenter";
    const char *text = value_text(value);
    if (strncmp(text, start, strlen(start)) == 0)
        text += strlen(start);
    size_t length = strlen(text);
    if (length > strlen(end) && strcmp(text + length - strlen(end), end) == 0)
        length -= strlen(end);
    if (!text_is_guid(arena_copy_bytes_as_text(arena, text, length)))
        diags_error(diags, path, checks_title(arena, attribute),
                    "The value must be a GUID, or have the format "
                    "`pid-GUID-partnercenter`.");
}

/* The host of a hub's Resource Manager: adminmanagement.REGION.FQDN, or a host of a development
 * kit. management.REGION.FQDN passes, because a cloud's own host could have that name.
 *
 * Source: azure-stack-docs, "DNS naming" */
static bool is_hub_host(struct arena *arena, const char *host)
{
    const char *name = arena_copy_bytes_as_text(arena, host, strcspn(host, ":/"));
    return text_starts_ignoring_case(name, "adminmanagement.") ||
           text_ends_ignoring_case(name, ".azurestack.external");
}

static void refuse_hub(struct arena *arena, const struct attribute *attribute,
                       const char *host, const struct path *path, struct diags *diags)
{
    if (is_hub_host(arena, host))
        diags_error(diags, path, checks_title(arena, attribute),
                    "\"%s\" is an Azure Stack Hub's own Resource Manager. The "
                    "registration and the customers of the hub are in public Azure, "
                    "not on the hub. Remove the argument, or set it to the cloud in "
                    "which the hub is registered.",
                    checks_shown(arena, host));
}

/* False with an error. */
static bool is_https_endpoint(struct arena *arena, const struct attribute *attribute,
                              const struct value *value, const struct path *path,
                              struct diags *diags)
{
    struct diags found;
    diags_init(&found, arena);
    check_https_endpoint(arena, attribute, value, path, &found);
    if (!diags_have_error(&found))
        return true;
    check_https_endpoint(arena, attribute, value, path, diags);
    return false;
}

void check_public_endpoint(struct arena *arena, const struct attribute *attribute,
                           const struct value *value, const struct path *path,
                           struct diags *diags)
{
    if (is_https_endpoint(arena, attribute, value, path, diags))
        refuse_hub(arena, attribute, value_text(value) + strlen("https://"), path, diags);
}

/* Only the first label differs between the addresses of a hub.
 *
 * Source: azure-stack-docs, "DNS naming" */
static void expect_label(struct arena *arena, const struct attribute *attribute,
                         const char *text, const char *label, const struct path *path,
                         struct diags *diags)
{
    static const char *const labels[] = { "portal", "adminportal", "management",
                                          "adminmanagement" };
    const char *host = text + strlen("https://"), *rest = strchr(host, '.');
    const char *first =
        rest != NULL ? arena_copy_bytes_as_text(arena, host, (size_t)(rest - host)) : "";
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (text_equal_ignoring_case(first, labels[i]) && !text_equal(labels[i], label))
            diags_error(diags, path, checks_title(arena, attribute),
                        "\"%s\" is another address of the hub. Use \"https://%s%s\".",
                        checks_shown(arena, text), label, checks_shown(arena, rest));
    }
}

static void check_hub_endpoint(struct arena *arena, const struct attribute *attribute,
                               const struct value *value, const char *label,
                               const struct path *path, struct diags *diags)
{
    if (is_https_endpoint(arena, attribute, value, path, diags))
        expect_label(arena, attribute, value_text(value), label, path, diags);
}

void check_admin_endpoint(struct arena *arena, const struct attribute *attribute,
                          const struct value *value, const struct path *path,
                          struct diags *diags)
{
    check_hub_endpoint(arena, attribute, value, "adminmanagement", path, diags);
}

void check_tenant_endpoint(struct arena *arena, const struct attribute *attribute,
                           const struct value *value, const struct path *path,
                           struct diags *diags)
{
    check_hub_endpoint(arena, attribute, value, "management", path, diags);
}

/* Messages never show the text: what is wrong with it may be a password in it. */
void check_proxy_url(struct arena *arena, const struct attribute *attribute,
                     const struct value *value, const struct path *path,
                     struct diags *diags)
{
    static const char *const schemes[] = { "http://",    "https://",  "socks4://",
                                           "socks4a://", "socks5://", "socks5h://" };
    const char *text = value_text(value), *title = "Invalid proxy URL";
    const char *host = NULL;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (text_starts_ignoring_case(text, schemes[i]))
            host = text + strlen(schemes[i]);
    }
    if (strchr(text, '@') != NULL) {
        diags_error(diags, path, title,
                    "The address must not contain a user name or a password, because "
                    "messages may show it. Set username and password in the same "
                    "argument.");
        return;
    }
    struct diags found;
    diags_init(&found, arena);
    if (host != NULL) {
        const char *as_https = arena_print(arena, "https://%s", host);
        check_https_endpoint(arena, attribute, value_string(arena, as_https), path,
                             &found);
    }
    if (host == NULL || diags_have_error(&found))
        diags_error(diags, path, title,
                    "The address must be a scheme and a host, and a port if needed, "
                    "such as \"http://proxy.example.com:3128\". Possible schemes are "
                    "http, https, socks4, socks4a, socks5 and socks5h.");
}

/* A host with an optional port and without a scheme, as in azurerm. */
void check_host(struct arena *arena, const struct attribute *attribute,
                const struct value *value, const struct path *path, struct diags *diags)
{
    const char *url = arena_print(arena, "https://%s", value_text(value));
    struct diags found;
    diags_init(&found, arena);
    check_https_endpoint(arena, attribute, value_string(arena, url), path, &found);
    if (diags_have_error(&found) || url[strlen(url) - 1] == '/')
        diags_error(diags, path, checks_title(arena, attribute),
                    "The value must be a host name without `https://` and without a "
                    "path, such as `management.azure.com`.");
    else
        refuse_hub(arena, attribute, value_text(value), path, diags);
}
