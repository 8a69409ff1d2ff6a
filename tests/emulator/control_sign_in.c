/* The back door's operations about sign-in: who there is, and tokens for whoever has them from
 * somewhere that is not played here.
 * SPDX-License-Identifier: MPL-2.0 */
#include "control_sign_in.h"

#include "oidc.h"
#include "proof.h"
#include "store.h"
#include "switches.h"
#include "text.h"
#include "tokens.h"

json_t *control_set_identity(json_t *body, char **wrong)
{
    *wrong = store_set_identity(body);
    return json_object();
}

json_t *control_set_job(json_t *body, char **wrong)
{
    *wrong = store_set_job(body);
    return json_object();
}

static const char *member(const json_t *body, const char *name, const char *fallback)
{
    const char *text = json_string_value(json_object_get(body, name));
    return text ? text : fallback;
}

/* What an issuer outside of this world hands out: Kubernetes, HCP Terraform, a person's script. */
json_t *control_issue_oidc_token(json_t *body, char **wrong)
{
    const char *issuer = member(body, "issuer", NULL),
               *subject = member(body, "subject", NULL);
    json_t *life = json_object_get(body, "lifetime_s");
    if (issuer == NULL || subject == NULL) {
        *wrong = text_copy("oidc-token needs issuer and subject");
        return NULL;
    }
    const json_t *token = oidc_issue(
        issuer, subject, member(body, "audience", "api://AzureADTokenExchange"),
        life ? (long)json_integer_value(life) : switch_number("oidc_lifetime_s"));
    return json_pack("{s:O}", "oidc_token", json_object_get(token, "text"));
}

/* What somebody who signed in elsewhere has: the Azure CLI. */
json_t *control_issue_access_token(json_t *body, char **wrong)
{
    if (member(body, "tenant_id", NULL) == NULL ||
        member(body, "client_id", NULL) == NULL) {
        *wrong = text_copy("access-token needs tenant_id and client_id");
        return NULL;
    }
    const json_t *token =
        tokens_issue(body, member(body, "audience", "https://management.azure.com"),
                     json_pack("{s:s}", "method", "back door"));
    return json_pack("{s:O, s:I}", "access_token", json_object_get(token, "text"),
                     "expires_on",
                     json_integer_value(json_object_get(token, "expires_ms")) / 1000);
}

json_t *control_show_oidc_tokens(json_t *body, char **wrong)
{
    (void)body, (void)wrong;
    return oidc_dump();
}

json_t *control_show_assertions(json_t *body, char **wrong)
{
    (void)body, (void)wrong;
    return proof_dump();
}
