/* A service principal that signs in with a certificate.
 * Source: entra-docs active-directory-certificate-credentials.md
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdlib.h>

#include "auth/assertion.h"
#include "auth/inputs.h"
#include "auth/token_request.h"
#include "base/clock.h"
#include "base/memory.h"

struct client_certificate {
    struct credential base; /* first */
    char *url;
    bool is_adfs;
    struct identity identity;
    struct certificate *certificate;
};

static int add_client_auth(void *state, struct call *call, struct form *form,
                           struct error *err)
{
    const struct client_certificate *self = state;
    auto_secret assertion = NULL;
    if (assertion_make(call->arena, self->certificate,
                       self->is_adfs ? ASSERTION_OF_ADFS : ASSERTION_OF_ENTRA,
                       self->identity.client_id, self->url, &assertion, err) < 0)
        return -1;
    token_request_add_assertion(form, assertion);
    return 0;
}

static const char *describe(struct arena *arena, const struct client_certificate *self)
{
    char end[CLOCK_RFC3339_BYTES];
    clock_format_rfc3339(self->certificate->not_after_ms, end);
    bool is_over = self->certificate->not_after_ms < clock_wall_ms();
    return arena_print(arena, "the certificate of application %s%s%s%s",
                       self->identity.client_id, is_over ? " (it expired at " : "",
                       is_over ? end : "", is_over ? ")" : "");
}

static int fetch(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    struct client_certificate *self = (struct client_certificate *)credential;
    const struct token_request request = {
        .url = self->url,
        .is_adfs = self->is_adfs,
        .is_signed = true,
        .client_id = self->identity.client_id,
        .audience = audience,
        .add_client_auth = add_client_auth,
        .state = self,
        .principal = describe(call->arena, self),
    };
    return token_request_send(call, transport, &request, out, err);
}

static void client_certificate_free(struct credential *credential)
{
    struct client_certificate *self = (struct client_certificate *)credential;
    certificate_free(self->certificate);
    identity_clear(&self->identity);
    free(self->url);
    free(self);
}

static int create(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err)
{
    struct missing_inputs missing_inputs = { 0 };
    identity_missing(config, &missing_inputs);
    missing_require(&missing_inputs, config->client_certificate,
                    config->client_certificate_path,
                    "client_certificate_path (ARM_CLIENT_CERTIFICATE_PATH) or "
                    "client_certificate (ARM_CLIENT_CERTIFICATE)");
    *out = NULL;
    if (missing_report(&missing_inputs, missing))
        return 0;
    auto_certificate certificate = NULL;
    struct identity identity;
    if (certificate_load(config, &certificate, err) < 0 ||
        identity_read(config, &identity, err) < 0)
        return -1;
    struct client_certificate *self = memory_new(sizeof *self);
    self->base = (struct credential){ .source = &credential_client_certificate,
                                      .fetch = fetch,
                                      .free = client_certificate_free };
    self->url = token_request_url(config);
    self->is_adfs = config->is_adfs;
    self->identity = identity;
    self->certificate = take(certificate);
    *out = &self->base;
    return 0;
}

const struct credential_source credential_client_certificate = {
    .name = "client certificate",
    .works_with_adfs = true,
    .create = create,
};
