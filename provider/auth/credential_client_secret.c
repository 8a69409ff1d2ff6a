/* A service principal that signs in with a client secret.
 * Source: entra-docs v2-oauth2-client-creds-grant-flow.md
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>
#include <string.h>

#include "auth/inputs.h"
#include "auth/token_request.h"
#include "base/memory.h"

struct client_secret {
    struct credential base; /* first */
    char *url;
    bool is_adfs;
    struct identity identity;
    struct secret *secret;
};

static int add_client_auth(void *state, struct call *call, struct form *form,
                           struct error *err)
{
    (void)call, (void)err;
    const struct client_secret *self = state;
    form_add_secret(form, "client_secret", self->secret);
    return 0;
}

/* A secret that was copied with a blank or a line break looks right, and is wrong. Nothing else can
 * be said about a secret without showing it. */
static const char *describe(struct arena *arena, const struct client_secret *self)
{
    const char *text = secret_reveal(self->secret);
    bool has_space = text[strcspn(text, " \t\r\n")] != '\0';
    return arena_print(arena, "the client secret%s of application %s",
                       has_space ? " (which contains white space)" : "",
                       self->identity.client_id);
}

static int fetch(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    struct client_secret *self = (struct client_secret *)credential;
    const struct token_request request = {
        .url = self->url,
        .is_adfs = self->is_adfs,
        .client_id = self->identity.client_id,
        .audience = audience,
        .add_client_auth = add_client_auth,
        .state = self,
        .principal = describe(call->arena, self),
    };
    return token_request_send(call, transport, &request, out, err);
}

static void client_secret_free(struct credential *credential)
{
    struct client_secret *self = (struct client_secret *)credential;
    secret_free(self->secret);
    identity_clear(&self->identity);
    free(self->url);
    free(self);
}

static int create(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err)
{
    struct missing_inputs missing_inputs = { 0 };
    identity_missing(config, &missing_inputs);
    missing_require(&missing_inputs, config->client_secret,
                    config->client_secret_file_path, "client_secret (ARM_CLIENT_SECRET)");
    *out = NULL;
    if (missing_report(&missing_inputs, missing))
        return 0;
    auto_secret secret = NULL;
    struct identity identity;
    if (input_choose("client_secret (ARM_CLIENT_SECRET)", config->client_secret,
                     "client_secret_file_path (ARM_CLIENT_SECRET_FILE_PATH)",
                     config->client_secret_file_path, &secret, err) < 0 ||
        identity_read(config, &identity, err) < 0)
        return -1;
    struct client_secret *self = memory_new(sizeof *self);
    self->base = (struct credential){ .source = &credential_client_secret,
                                      .fetch = fetch,
                                      .free = client_secret_free };
    self->url = token_request_url(config);
    self->is_adfs = config->is_adfs;
    self->identity = identity;
    self->secret = take(secret);
    *out = &self->base;
    return 0;
}

const struct credential_source credential_client_secret = {
    .name = "client secret",
    .works_with_adfs = true,
    .create = create,
};
