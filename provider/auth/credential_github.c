/* A job of GitHub Actions, which gets an OIDC token for itself. The token is valid for minutes, so
 * each renewal requests a new one.
 * Source: docs.github.com, "OpenID Connect reference"
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "auth/federated.h"
#include "base/text.h"

static const char url_name[] =
    "oidc_request_url (ARM_OIDC_REQUEST_URL, ACTIONS_ID_TOKEN_REQUEST_URL)";
static const char token_name[] =
    "oidc_request_token (ARM_OIDC_REQUEST_TOKEN, ACTIONS_ID_TOKEN_REQUEST_TOKEN)";

static int get(void *state, struct call *call, struct http_transport *transport,
               struct secret **out, struct error *err)
{
    static const struct http_header headers[] = { { "Accept", "application/json" } };
    const struct federated_request *request = state;
    const struct federated_service service = {
        .name = "GitHub Actions",
        .method = "GET",
        /* Clouds other than public Azure, and applications with a federated credential of
         * another audience, need an address that names it: as with azurerm. */
        .url = federated_add_parameter(call->arena, request->url, "audience",
                                       "api://AzureADTokenExchange"),
        .bearer = request->token,
        .member = "value",
        .headers = headers,
        .header_count = sizeof headers / sizeof *headers,
        .advice = "Give the job the permission `id-token: write`, and check that "
                  "the job is still running",
    };
    return federated_fetch(call, transport, &service, out, err);
}

static bool is_azure_devops(const struct auth_config *config)
{
    const char *url = getenv("SYSTEM_OIDCREQUESTURI");
    return input_is_set(url) && input_is_set(config->oidc_request_url) &&
           text_equal(url, config->oidc_request_url);
}

static int create(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err)
{
    *out = NULL;
    if (federated_is_off(config, missing))
        return 0;
    if (is_azure_devops(config)) {
        error_set(missing, ERR_CREDENTIAL,
                  "SYSTEM_OIDCREQUESTURI is set, which means Azure DevOps");
        return 0;
    }
    struct missing_inputs missing_inputs = { 0 };
    identity_missing(config, &missing_inputs);
    missing_require(&missing_inputs, config->oidc_request_url, NULL, url_name);
    missing_require(&missing_inputs, config->oidc_request_token, NULL,
                    "oidc_request_token (ARM_OIDC_REQUEST_TOKEN, "
                    "ACTIONS_ID_TOKEN_REQUEST_TOKEN). GitHub sets the variable in "
                    "jobs with the permission `id-token: write`");
    if (missing_report(&missing_inputs, missing))
        return 0;
    const struct federated_job job = { "the OIDC token of GitHub Actions", "Run again.",
                                       url_name, token_name, get };
    return federated_new_for_job(&credential_github, config, &job, out, err);
}

const struct credential_source credential_github = {
    .name = "GitHub Actions OIDC",
    .create = create,
};
