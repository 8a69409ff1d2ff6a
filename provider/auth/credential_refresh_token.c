/* A user of an application: signs in with a refresh token from the user's consent, and with the
 * application's own secret or certificate. Entra returns a new refresh token each time; the
 * configured one stays valid until it expires. The process uses the newest one, and stores none.
 * Source: Partner Center, secure application model; entra-docs v2-oauth2-auth-code-flow.md, refresh
 * the access token
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "auth/assertion.h"
#include "auth/inputs.h"
#include "auth/token_request.h"
#include "base/memory.h"

struct refresh_token {
    struct credential base; /* first */
    char *url;
    struct identity identity;
    struct secret *token;
    struct secret *client_secret;    /* NULL: the certificate is used */
    struct certificate *certificate; /* NULL: the secret is used */
};

#define ARGUMENT "refresh_token (AZURESTACK_PARTNER_REFRESH_TOKEN)"

static const char consent_again[] =
    "Ask the user to consent to the application again, with "
    "multi-factor authentication (MFA). Then set " ARGUMENT " to the new refresh token.";

/* Codes about a user. entra_codes has those about an application. */
static const struct entra_code codes[] = {
    { 700082, false,
      "the refresh token has expired because it was not used for too "
      "long",
      consent_again },
    { 70008, false, "the refresh token has expired", consent_again },
    { 70000, false, "the refresh token is not valid", consent_again },
    { 50173, false,
      "the refresh token was revoked, for example because the password "
      "was changed",
      consent_again },
    { 54005, false, "the refresh token was already used", consent_again },
    { 50076, false, "the user must sign in with multi-factor authentication (MFA)",
      consent_again },
    { 50079, false, "the user must set up multi-factor authentication (MFA)",
      consent_again },
    { 50078, false, "the multi-factor authentication (MFA) of the sign-in has expired",
      consent_again },
    { 50074, false, "the user must sign in with multi-factor authentication (MFA)",
      consent_again },
    { 65001, false, "the user has not consented to the application", consent_again },
    { 50057, false, "the user's account is disabled",
      "Use the refresh token of another user, or ask an administrator "
      "to enable the account." },
    { 0, false, NULL, NULL },
};

static int add_client_auth(void *state, struct call *call, struct form *form,
                           struct error *err)
{
    const struct refresh_token *self = state;
    if (self->certificate != NULL) {
        auto_secret assertion = NULL;
        if (assertion_make(call->arena, self->certificate, ASSERTION_OF_ENTRA,
                           self->identity.client_id, self->url, &assertion, err) < 0)
            return -1;
        token_request_add_assertion(form, assertion);
    } else {
        form_add_secret(form, "client_secret", self->client_secret);
    }
    form_add_secret(form, "refresh_token", self->token);
    return 0;
}

static int fetch(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    struct refresh_token *self = (struct refresh_token *)credential;
    struct secret *refreshed = NULL;
    const struct token_request request = {
        .url = self->url,
        .client_id = self->identity.client_id,
        .audience = audience,
        .grant_type = "refresh_token",
        .refreshed = &refreshed,
        .codes = codes,
        .add_client_auth = add_client_auth,
        .state = self,
        .principal = arena_print(call->arena, "the refresh token for application %s",
                                 self->identity.client_id),
    };
    if (token_request_send(call, transport, &request, out, err) < 0)
        return -1;
    if (refreshed != NULL) {
        secret_free(self->token);
        self->token = refreshed;
    }
    return 0;
}

static void refresh_token_free(struct credential *credential)
{
    struct refresh_token *self = (struct refresh_token *)credential;
    secret_free(self->token);
    secret_free(self->client_secret);
    certificate_free(self->certificate);
    identity_clear(&self->identity);
    free(self->url);
    free(self);
}

static bool has_certificate(const struct auth_config *config)
{
    return input_is_set(config->client_certificate) ||
           input_is_set(config->client_certificate_path);
}

/* What proves the application's identity: its certificate, else its secret. */
static int read_proof(const struct auth_config *config, struct secret **secret,
                      struct certificate **certificate, struct error *err)
{
    return has_certificate(config)
               ? certificate_load(config, certificate, err)
               : input_choose("client_secret", config->client_secret,
                              "client_secret_file_path", config->client_secret_file_path,
                              secret, err);
}

static int create(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err)
{
    struct missing_inputs missing_inputs = { 0 };
    *out = NULL;
    identity_missing(config, &missing_inputs);
    if (!has_certificate(config))
        missing_require(&missing_inputs, config->client_secret,
                        config->client_secret_file_path,
                        "client_secret or client_certificate_path, together with "
                        "refresh_token");
    if (missing_report(&missing_inputs, missing))
        return error_set(err, ERR_CREDENTIAL, "%s", missing->text);
    auto_secret token = input_take_secret(config->refresh_token);
    const char *text = secret_reveal(token);
    if (*text == '\0' || text[strcspn(text, " \t\r\n")] != '\0')
        return error_set(err, ERR_CREDENTIAL, ARGUMENT " is not one word");
    auto_secret secret = NULL;
    auto_certificate certificate = NULL;
    struct identity identity;
    if (read_proof(config, &secret, &certificate, err) < 0 ||
        identity_read(config, &identity, err) < 0)
        return -1;
    struct refresh_token *self = memory_new(sizeof *self);
    self->base = (struct credential){ .source = &credential_refresh_token,
                                      .fetch = fetch,
                                      .free = refresh_token_free };
    self->url = token_request_url_v1(config);
    self->identity = identity;
    self->token = take(token);
    self->client_secret = take(secret);
    self->certificate = take(certificate);
    *out = &self->base;
    return 0;
}

const struct credential_source credential_refresh_token = {
    .name = "refresh token",
    .is_of_person = true,
    .create = create,
};
