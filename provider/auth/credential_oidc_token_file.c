/* A service principal that signs in with an OIDC token from a file. Another program keeps the file
 * up to date, so it is read again for each token.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/federated.h"

static int create(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err)
{
    static const char name[] = "oidc_token_file_path (ARM_OIDC_TOKEN_FILE_PATH)";
    *out = NULL;
    if (federated_is_off(config, missing))
        return 0;
    struct missing_inputs missing_inputs = { 0 };
    identity_missing(config, &missing_inputs);
    missing_require(&missing_inputs, config->oidc_token_file_path, NULL, name);
    if (missing_report(&missing_inputs, missing))
        return 0;
    return federated_new_from_file(&credential_oidc_token_file, config, name,
                                   config->oidc_token_file_path, out, err);
}

const struct credential_source credential_oidc_token_file = {
    .name = "OIDC token file",
    .create = create,
};
