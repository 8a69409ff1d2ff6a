/* A service principal that signs in with an OIDC token from the configuration.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/federated.h"

static const char name[] = "oidc_token (ARM_OIDC_TOKEN)";

static int get(void *state, struct call *call, struct http_transport *transport,
               struct secret **out, struct error *err)
{
    (void)call, (void)transport;
    if (federated_check_token(name, state, err) < 0)
        return -1;
    *out = secret_ref(state);
    return 0;
}

static void free_token(void *state)
{
    secret_free(state);
}

static int create(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err)
{
    *out = NULL;
    if (federated_is_off(config, missing))
        return 0;
    struct missing_inputs missing_inputs = { 0 };
    identity_missing(config, &missing_inputs);
    missing_require(&missing_inputs, config->oidc_token, NULL, name);
    if (missing_report(&missing_inputs, missing))
        return 0;
    struct identity identity;
    if (identity_read(config, &identity, err) < 0)
        return -1;
    const struct federated_origin origin = {
        "the OIDC token",
        "Set oidc_token (ARM_OIDC_TOKEN) to a new token. In a run that takes longer than the "
        "token is valid, use oidc_token_file_path or oidc_request_url instead.",
        get, free_token, input_take_secret(config->oidc_token)
    };
    *out = federated_new(&credential_oidc_token, config, &identity, &origin);
    return 0;
}

const struct credential_source credential_oidc_token = {
    .name = "OIDC token",
    .create = create,
};
