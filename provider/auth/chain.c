/* The sources of credentials, in azurerm's order.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "auth/entra.h"
#include "auth/inputs.h"

static const struct credential_source *const sources[] = {
    &credential_refresh_token,    &credential_client_certificate,
    &credential_client_secret,    &credential_oidc_token,
    &credential_oidc_token_file,  &credential_azure_devops,
    &credential_github,           &credential_aks_workload_identity,
    &credential_managed_identity, &credential_azure_cli,
};

static const char *replace(struct arena *arena, const char *text, const char *usual,
                           const char *own)
{
    const char *found = own != NULL ? strstr(text, usual) : NULL;
    if (found == NULL)
        return text;
    const char *rest = replace(arena, found + strlen(usual), usual, own);
    return arena_print(arena, "%.*s%s%s", (int)(found - text), text, own, rest);
}

static void use_own_names(const struct auth_names *names, struct error *err)
{
    auto_arena arena = arena_new();
    const char *text =
        replace(arena, err->text, "tenant_id (ARM_TENANT_ID)", names->tenant);
    text = replace(arena, text, ENTRA_CLOUD, names->cloud);
    for (const struct auth_name *one = names->arguments;
         one != NULL && one->usual != NULL; one++)
        text = replace(arena, text, one->usual, one->own);
    if (text != err->text)
        error_set(err, err->kind, "%s", text);
}

static int choose(const struct auth_config *config, struct credential **out,
                  struct error *err)
{
    struct error all_missing = NO_ERROR;
    error_set(&all_missing, ERR_CREDENTIAL,
              "No sign-in method is fully configured. Complete one of these:");
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        struct credential *found = NULL;
        /* Only some services have this argument, so the list omits it for the others. */
        if (sources[i]->is_of_person && !input_is_set(config->refresh_token))
            continue;
        struct error missing = NO_ERROR;
        if (config->is_adfs && !sources[i]->works_with_adfs)
            error_set(&missing, ERR_CREDENTIAL,
                      "not with AD FS, which accepts only client secrets and client "
                      "certificates");
        else if (sources[i]->create(config, &found, &missing, err) < 0)
            return error_context(err, "the credential \"%s\"", sources[i]->name);
        if (found != NULL) {
            *out = found;
            return 0;
        }
        error_set(&all_missing, ERR_CREDENTIAL, "%s\n  - %s: %s", all_missing.text,
                  sources[i]->name, missing.text);
    }
    if (input_is_set(config->unused_variables))
        error_set(&all_missing, ERR_CREDENTIAL, "%s\nVariables that are set:%s",
                  all_missing.text, config->unused_variables);
    *err = all_missing;
    return -1;
}

int credential_choose(const struct auth_config *config, struct credential **out,
                      struct error *err)
{
    if (choose(config, out, err) < 0) {
        use_own_names(&config->names, err);
        return -1;
    }
    (*out)->names = config->names;
    return 0;
}

int credential_fetch(struct credential *credential, struct call *call,
                     struct http_transport *transport, const char *audience,
                     struct auth_token *out, struct error *err)
{
    if (credential->fetch(credential, call, transport, audience, out, err) == 0)
        return 0;
    use_own_names(&credential->names, err);
    return -1;
}

void credential_free(struct credential *credential)
{
    if (credential != NULL)
        credential->free(credential);
}
