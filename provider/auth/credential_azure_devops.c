/* A job of Azure DevOps, which gets an OIDC token for a service connection.
 * Source: Azure DevOps REST API, "oidctoken - create"
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/federated.h"

static const char url_name[] =
    "oidc_request_url (ARM_OIDC_REQUEST_URL, SYSTEM_OIDCREQUESTURI)";
static const char token_name[] =
    "oidc_request_token (ARM_OIDC_REQUEST_TOKEN, SYSTEM_ACCESSTOKEN)";

static int get(void *state, struct call *call, struct http_transport *transport,
               struct secret **out, struct error *err)
{
    static const struct http_header headers[] = {
        { "Accept", "application/json" },
        { "Content-Type", "application/json" },
        /* Without this header, it answers a wrong token with a redirect to a sign-in page. */
        { "X-TFS-FedAuthRedirect", "Suppress" },
    };
    const struct federated_request *request = state;
    const char *url =
        federated_add_parameter(call->arena, request->url, "api-version", "7.1");
    const struct federated_service service = {
        .name = "Azure DevOps",
        .method = "POST",
        .url = federated_add_parameter(call->arena, url, "serviceConnectionId",
                                       request->connection_id),
        .bearer = request->token,
        .member = "oidcToken",
        .headers = headers,
        .header_count = sizeof headers / sizeof *headers,
        .advice = "Map SYSTEM_ACCESSTOKEN to $(System.AccessToken) in the step, and "
                  "set ado_pipeline_service_connection_id to the ID of a service "
                  "connection that the pipeline is allowed to use",
    };
    return federated_fetch(call, transport, &service, out, err);
}

static int create(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err)
{
    *out = NULL;
    if (federated_is_off(config, missing))
        return 0;
    struct missing_inputs missing_inputs = { 0 };
    identity_missing(config, &missing_inputs);
    missing_require(&missing_inputs, config->ado_pipeline_service_connection_id, NULL,
                    "ado_pipeline_service_connection_id "
                    "(ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID)");
    missing_require(&missing_inputs, config->oidc_request_url, NULL, url_name);
    missing_require(&missing_inputs, config->oidc_request_token, NULL, token_name);
    if (missing_report(&missing_inputs, missing))
        return 0;
    const struct federated_job job = { "the OIDC token of Azure DevOps", "Run again.",
                                       url_name, token_name, get };
    return federated_new_for_job(&credential_azure_devops, config, &job, out, err);
}

const struct credential_source credential_azure_devops = {
    .name = "Azure DevOps OIDC",
    .create = create,
};
