/* Finds the managed identity service. The first row that matches is used.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/managed_host.h"

#include <stdlib.h>
#include <string.h>

#include "auth/inputs.h"
#include "auth/token_response.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/url.h"

static const char msi_endpoint[] = "msi_endpoint (ARM_MSI_ENDPOINT)";
const char *managed_host_arc_file;

#define OR_CLIENT_ID                                                                     \
    " has a system-assigned identity, or set client_id (ARM_CLIENT_ID) to the client "   \
    "ID of a user-assigned one"
#define TOKEN_PATH "/metadata/identity/oauth2/token"
#define NAMED(variable) "Check " variable ", which must be its address"

static const struct managed_host hosts[] = {
    { .name = "Service Fabric",
      .endpoint = "IDENTITY_ENDPOINT",
      .secret = "IDENTITY_HEADER",
      .mark = "IDENTITY_SERVER_THUMBPRINT",
      .is_pinned = true,
      .has_final_404 = true,
      .api_version = "2019-07-01-preview",
      .header = "Secret",
      .silent = "Check IDENTITY_ENDPOINT, which must be its address, and "
                "IDENTITY_SERVER_THUMBPRINT, which must be the thumbprint of its "
                "certificate",
      .refuses = "Check that the Service Fabric application has an identity, and "
                 "that the manifest assigns it to this service" },
    { .name = "App Service, Functions or Container Apps",
      .endpoint = "IDENTITY_ENDPOINT",
      .secret = "IDENTITY_HEADER",
      .api_version = "2019-08-01",
      .header = "X-IDENTITY-HEADER",
      .client_id = "client_id",
      .silent = NAMED("IDENTITY_ENDPOINT"),
      .refuses = "Check that this app" OR_CLIENT_ID },
    { .name = "Azure Arc",
      .endpoint = "IDENTITY_ENDPOINT",
      .mark = "IMDS_ENDPOINT",
      .has_agent = true,
      .url = "http://127.0.0.1:40342" TOKEN_PATH,
      .has_challenge = true,
      .api_version = "2020-06-01",
      .silent = "Check with `azcmagent show` that the agent is running",
      .refuses = "Check that the machine is connected: `azcmagent show`" },
    { .name = "Azure Machine Learning",
      .endpoint = "MSI_ENDPOINT",
      .secret = "MSI_SECRET",
      .mark = "DEFAULT_IDENTITY_CLIENT_ID",
      .api_version = "2017-09-01",
      .header = "secret",
      .client_id = "clientid",
      .default_client_id = "DEFAULT_IDENTITY_CLIENT_ID",
      .silent = NAMED("MSI_ENDPOINT"),
      .refuses = "Check that this compute" OR_CLIENT_ID },
    { .name = "App Service or Azure Machine Learning",
      .endpoint = "MSI_ENDPOINT",
      .secret = "MSI_SECRET",
      .api_version = "2017-09-01",
      .header = "secret",
      .client_id = "clientid",
      .silent = NAMED("MSI_ENDPOINT"),
      .refuses = "Check that this app" OR_CLIENT_ID },
    { .name = "Cloud Shell",
      .endpoint = "MSI_ENDPOINT",
      .is_post = true,
      .silent = NAMED("MSI_ENDPOINT"),
      .refuses = "Cloud Shell issues tokens for the user who opened it. Check that "
                 "`az account get-access-token` returns a token. If it does not, "
                 "open a new shell" },
    { .name = "AAD Pod Identity",
      .endpoint = "AZURE_POD_IDENTITY_AUTHORITY_HOST",
      .path = TOKEN_PATH,
      .api_version = "2018-02-01",
      .client_id = "client_id",
      .silent = NAMED("AZURE_POD_IDENTITY_AUTHORITY_HOST"),
      .refuses = "Check that an AzureIdentityBinding selects this pod, or set client_id "
                 "(ARM_CLIENT_ID) to the client ID of its identity" },
    { .name = "virtual machine", /* scale set, AKS, Batch: without its own service */
      .url = "http://169.254.169.254" TOKEN_PATH,
      .api_version = "2018-02-01",
      .client_id = "client_id",
      .silent = "Check that Terraform runs on a machine in Azure",
      .refuses = "Check that this machine" OR_CLIENT_ID },
};
enum { HOSTS = sizeof hosts / sizeof *hosts };

/* The variables that only hosts of a managed identity set. Rows also name other variables. */
static const char *const variables[] = {
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
    "IDENTITY_SERVER_THUMBPRINT",
    "IMDS_ENDPOINT",
    "MSI_ENDPOINT",
    "MSI_SECRET",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
};
enum { VARIABLES = sizeof variables / sizeof *variables };

static const char *get(const char *variable)
{
    const char *text = variable != NULL ? getenv(variable) : NULL;
    return input_is_set(text) ? text : NULL;
}

static bool uses(const struct managed_host *host, const char *variable)
{
    return text_equal(host->endpoint, variable) || text_equal(host->secret, variable) ||
           text_equal(host->mark, variable);
}

static bool has_variables(const struct managed_host *host)
{
    return host->endpoint != NULL && get(host->endpoint) != NULL &&
           (host->secret == NULL || get(host->secret) != NULL) &&
           (host->mark == NULL || get(host->mark) != NULL);
}

/* ---- which host ------------------------------------------------------------------------------ */

/* The variables that are set. With a `host`, only those that it does not use. NULL: none. */
static char *list_variables(const struct managed_host *host)
{
    char *list = NULL;
    for (size_t i = 0; i < VARIABLES; i++) {
        if (get(variables[i]) == NULL || (host != NULL && uses(host, variables[i])))
            continue;
        auto_char before = list;
        list = memory_print("%s%s%s", before != NULL ? before : "",
                            before != NULL ? ", " : "", variables[i]);
    }
    return list;
}

/* A line, with all of its variables, for each host that uses one of the variables that are set. */
static char *list_hosts(void)
{
    char *list = memory_copy_text("");
    for (size_t i = 0; i < HOSTS; i++) {
        bool is_near = false;
        for (size_t k = 0; k < VARIABLES; k++)
            is_near |= get(variables[k]) != NULL && uses(&hosts[i], variables[k]);
        if (!is_near)
            continue;
        const char *const names[] = { hosts[i].endpoint, hosts[i].secret, hosts[i].mark };
        auto_char own = memory_copy_text("");
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            auto_char before = own;
            own = memory_print("%s%s%s", before, *before != '\0' && names[k] ? ", " : "",
                               names[k] != NULL ? names[k] : "");
        }
        auto_char before = list;
        list = memory_print("%s\n  - %s: %s", before, hosts[i].name, own);
    }
    return list;
}

static int report_incomplete(const char *set, struct error *err)
{
    auto_char known = list_hosts();
    return error_set(
        err, ERR_INVALID,
        "cannot find the managed identity service, because some of its "
        "variables are missing. Only these are set: %s. Each kind of host "
        "sets all variables of its line:%s\nSet the missing variables (sudo "
        "and containers drop variables), or unset those that are set, or set "
        "%s to the address of the service",
        set, known, msi_endpoint);
}

static bool is_agent_installed(void)
{
    auto_arena arena = arena_new();
    const char *path = managed_host_arc_file;
    if (path == NULL)
        path = file_place(arena, "/opt/azcmagent/bin/himds",
                          "%ProgramFiles%\\AzureConnectedMachineAgent\\himds.exe");
    return path != NULL && file_exists(path);
}

static int find_host(const char *endpoint, const struct managed_host **out,
                     struct error *err)
{
    for (size_t i = 0; i < HOSTS; i++) {
        bool is_it = has_variables(&hosts[i]) &&
                     (endpoint == NULL || text_equal(get(hosts[i].endpoint), endpoint));
        if (is_it) {
            *out = &hosts[i];
            return 0;
        }
    }
    *out = &hosts[HOSTS - 1];
    if (endpoint != NULL)
        return 0;
    auto_char set = list_variables(NULL);
    if (set != NULL)
        return report_incomplete(set, err);
    for (size_t i = 0; i < HOSTS; i++) {
        if (hosts[i].has_agent && is_agent_installed()) {
            *out = &hosts[i];
            return 0;
        }
    }
    return 0;
}

/* ---- what it wants --------------------------------------------------------------------------- */

static int set_url(struct managed_endpoint *place, const char *endpoint,
                   struct error *err)
{
    const struct managed_host *host = place->host;
    const char *name = endpoint != NULL ? msi_endpoint : host->endpoint;
    const char *text = endpoint != NULL ? endpoint : get(host->endpoint);
    if (text == NULL) {
        place->url = memory_copy_text(host->url);
        return 0;
    }
    if (http_origin_length(text) == 0 || !token_is_header_text(text, strlen(text)))
        return error_set(err, ERR_INVALID, "%s is not an http:// or https:// address",
                         name);
    if (host->is_pinned && !text_starts_ignoring_case(text, "https://"))
        return error_set(err, ERR_INVALID,
                         "%s is not an https:// address, but %s is set, which names the "
                         "thumbprint of an HTTPS certificate",
                         name, host->mark);
    bool has_path = host->path != NULL && endpoint == NULL;
    size_t length = strlen(text);
    while (has_path && text[length - 1] == '/')
        length--;
    place->url = memory_print("%.*s%s", (int)length, text, has_path ? host->path : "");
    return 0;
}

static int set_secret(struct managed_endpoint *place, struct error *err)
{
    const char *text = get(place->host->secret);
    if (text == NULL)
        return 0;
    if (!token_is_header_text(text, strlen(text)))
        return error_set(err, ERR_INVALID,
                         "%s has characters that are not allowed in an HTTP header",
                         place->host->secret);
    place->secret = secret_new(text, strlen(text));
    return 0;
}

static int set_pin(struct managed_endpoint *place, struct error *err)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *text = get(place->host->mark);
    if (!place->host->is_pinned)
        return 0;
    if (strlen(text) != 2 * HTTP_PIN_BYTES || text[strspn(text, digits)] != '\0')
        return error_set(err, ERR_INVALID,
                         "%s is not the SHA-1 thumbprint of a certificate, which has %d "
                         "hexadecimal digits",
                         place->host->mark, 2 * HTTP_PIN_BYTES);
    for (size_t i = 0; i < HTTP_PIN_BYTES; i++) {
        size_t high = (size_t)(strchr(digits, text[2 * i]) - digits) % 16;
        size_t low = (size_t)(strchr(digits, text[2 * i + 1]) - digits) % 16;
        place->pin[i] = (uint8_t)(high * 16 + low);
    }
    return 0;
}

static int set_version(struct managed_endpoint *place, const char *version,
                       struct error *err)
{
    const struct managed_host *host = place->host;
    if (input_is_set(version) && host->api_version == NULL)
        return error_set(err, ERR_INVALID,
                         "msi_api_version (ARM_MSI_API_VERSION) is set, but the managed "
                         "identity service of %s has no API versions. Remove it",
                         host->name);
    if (input_is_set(version) || host->api_version != NULL)
        place->api_version =
            memory_copy_text(input_is_set(version) ? version : host->api_version);
    return 0;
}

static void note(struct managed_endpoint *place, bool is_argument)
{
    auto_char unused = list_variables(place->host);
    char host[HTTP_HOST_BYTES];
    http_host(place->url, host);
    log_write(NULL, LOG_INFO, NULL, "managed identity: the service of %s at %s%s%s",
              place->host->name, host,
              unused != NULL ? "; these variables are set, but not used: " : "",
              unused != NULL ? unused : "");
    if (is_argument && unused != NULL)
        place->unused = memory_print("%s is set, so these variables are not used: %s",
                                     msi_endpoint, unused);
}

int managed_endpoint_find(const struct auth_config *config, struct managed_endpoint *out,
                          struct error *err)
{
    const char *endpoint =
        input_is_set(config->msi_endpoint) ? config->msi_endpoint : NULL;
    CLEANUP(managed_endpoint_clear) struct managed_endpoint place = { 0 };
    if (find_host(endpoint, &place.host, err) < 0 || set_url(&place, endpoint, err) < 0 ||
        set_secret(&place, err) < 0 || set_pin(&place, err) < 0 ||
        set_version(&place, config->msi_api_version, err) < 0)
        return -1;
    note(&place, endpoint != NULL);
    *out = place;
    place = (struct managed_endpoint){ 0 };
    return 0;
}

void managed_endpoint_clear(struct managed_endpoint *place)
{
    secret_free(place->secret);
    free(place->url);
    free(place->api_version);
    free(place->unused);
}
