/* The identity that Azure gives to the machine. managed_host.c knows the services that issue its
 * tokens.
 * Source: entra-docs managed-identities how-to-use-vm-token.md (what is retried)
 * SPDX-License-Identifier: MPL-2.0 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "auth/arc_key.h"
#include "auth/entra.h"
#include "auth/inputs.h"
#include "auth/managed_host.h"
#include "auth/token_response.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/retry.h"
#include "http/url.h"

enum {
    /* The service is on this machine or its host, so it answers soon if it answers at all. */
    TIMEOUT_MS = 10 * 1000,
    /* A service that is starting answers 404, one that is being updated 410 (for up to 70 s). */
    NOT_FOUND_ATTEMPTS_MAX = 5,
    GONE_ATTEMPTS_MAX = 8,
};

struct managed_identity {
    struct credential base; /* first */
    struct managed_endpoint place;
    char *client_id;            /* NULL: the system-assigned identity */
    const char *client_id_name; /* the argument or variable that set it */
};

static const char *add_parameter(struct arena *arena, const char *before,
                                 const char *name, const char *value)
{
    return value == NULL
               ? before
               : arena_print(arena, "%s%s%s=%s", before, *before != '\0' ? "&" : "", name,
                             text_encode_percent(arena, value));
}

static const char *make_parameters(struct arena *arena,
                                   const struct managed_identity *self,
                                   const char *audience)
{
    const char *text = add_parameter(arena, "", "api-version", self->place.api_version);
    text = add_parameter(arena, text, "resource", audience);
    return add_parameter(arena, text, self->place.host->client_id, self->client_id);
}

/* ---- the answer ---------------------------------------------------------------------------- */

static const char *describe(struct arena *arena, const struct managed_identity *self)
{
    char host[HTTP_HOST_BYTES];
    http_host(self->place.url, host);
    return arena_print(arena, "the managed identity service of %s at %s",
                       self->place.host->name, host);
}

/* The message of an error: App Service has {"StatusCode", "Message", "CorrelationId"}, in either
 * case, and Service Fabric {"error": {"code", "message"}}. NULL: neither.
 * Source: azure-docs issue 43543; how-to-managed-identity-service-fabric-app-code.md */
static const char *read_own_message(struct arena *arena, struct bytes body)
{
    json_t *object = token_response_parse(body);
    const json_t *inner = json_object_get(object, "error");
    const char *message = json_string_value(json_object_get(inner, "message"));
    if (message == NULL)
        message = json_string_value(json_object_get(object, "Message"));
    if (message == NULL)
        message = json_string_value(json_object_get(object, "message"));
    const char *copy = message != NULL ? arena_copy_text(arena, message) : NULL;
    json_decref(object);
    return copy;
}

/* The mask instead of a message that contains the secret. */
static const char *hide(const char *said, const struct secret *secret)
{
    return said != NULL && secret != NULL && strstr(said, secret_reveal(secret)) != NULL
               ? SECRET_MASK
               : said;
}

/* A variable may be of the service principal of another provider block. */
#define SYSTEM_ASSIGNED                                                                  \
    "For the system-assigned identity, although a variable has a client ID, set "        \
    "client_id to \"\" in the provider block"

static const char *advise(struct arena *arena, const struct managed_identity *self,
                          const struct http_reply *reply)
{
    if (arc_key_is_required(reply) && !self->place.host->has_challenge)
        return "The response asks for the key file of an Azure Arc agent. Set "
               "IDENTITY_ENDPOINT and IMDS_ENDPOINT, and remove msi_endpoint "
               "(ARM_MSI_ENDPOINT)";
    if (self->client_id == NULL)
        return self->place.host->refuses;
    return arena_print(arena,
                       "Check that the user-assigned identity with the client ID in %s "
                       "is assigned to this machine or app: %s%s",
                       self->client_id_name, self->client_id,
                       self->client_id_name == self->place.host->default_client_id
                           ? ""
                           : ". " SYSTEM_ASSIGNED);
}

static int report_refusal(struct call *call, const struct managed_identity *self,
                          const struct http_reply *reply, const struct secret *key,
                          struct error *err)
{
    struct entra_failure failure = { .description = "" };
    entra_parse_failure(call->arena, reply->body, &failure);
    const char *said = *failure.description != '\0' ? failure.description : failure.error;
    if (said == NULL)
        said = read_own_message(call->arena, reply->body);
    said = hide(hide(said, self->place.secret), key);
    return error_set(
        err, ERR_CREDENTIAL,
        "%s returned no token (status %d)%s%s%s%s%s.\n\nWhat to do: %s",
        describe(call->arena, self), reply->status, said != NULL ? ": \"" : "",
        said != NULL ? text_clean_line(call->arena, said, strlen(said), 500) : "",
        said != NULL ? "\"" : "", self->place.unused != NULL ? ". " : "",
        self->place.unused != NULL ? self->place.unused : "",
        advise(call->arena, self, reply));
}

static bool is_to_be_repeated(const struct managed_identity *self,
                              const struct http_reply *reply, unsigned attempts)
{
    return (reply->status == 404 && !self->place.host->has_final_404 &&
            attempts + 1 < NOT_FOUND_ATTEMPTS_MAX) ||
           (reply->status == 410 && attempts + 1 < GONE_ATTEMPTS_MAX);
}

static int judge_failure(struct call *call, const struct managed_identity *self,
                         const struct http_reply *reply, const struct secret *key,
                         struct error *err)
{
    if (!http_may_pass(reply->status))
        return report_refusal(call, self, reply, key, err);
    /* Not a refusal, which the cache would keep, but a timeout. */
    return error_set(err, ERR_TIMEOUT, "%s returned status %d until the timeout",
                     describe(call->arena, self), reply->status);
}

/* ---- the exchange ---------------------------------------------------------------------------- */

static struct http_request make_request(const struct managed_identity *self,
                                        struct call *call, const char *audience)
{
    const struct managed_endpoint *place = &self->place;
    const char *parameters = make_parameters(call->arena, self, audience);
    const char *url =
        arena_print(call->arena, "%s%c%s", place->url,
                    strchr(place->url, '?') != NULL ? '&' : '?', parameters);
    bool is_post = place->host->is_post;
    return (struct http_request){
        .method = is_post ? "POST" : "GET",
        .url = is_post ? place->url : url,
        .has_body = is_post,
        .body = is_post ? BYTES(parameters, strlen(parameters)) : NO_BYTES,
        .is_body_secret = true,
        /* A proxy would get the identity of the machine that it runs on. */
        .is_direct = true,
        .pin = place->host->is_pinned ? place->pin : NULL,
        .reply_bytes_max = TOKEN_RESPONSE_BYTES_MAX,
        .timeout_ms = TIMEOUT_MS,
    };
}

static int send(const struct managed_identity *self, struct call *call,
                struct http_transport *transport, const char *audience,
                const struct secret *key, struct http_reply **out, struct error *err)
{
    auto_char basic = key != NULL ? memory_print("Basic %s", secret_reveal(key)) : NULL;
    struct http_header headers[4] = { { "Accept", "application/json" } };
    size_t count = 1;
    /* Either header protects against server-side request forgery: an attacker who can make a server
     * send requests cannot set it. */
    headers[count++] = self->place.secret != NULL
                           ? (struct http_header){ self->place.host->header,
                                                   secret_reveal(self->place.secret) }
                           : (struct http_header){ "Metadata", "true" };
    if (basic != NULL)
        headers[count++] = (struct http_header){ "Authorization", basic };
    if (self->place.host->is_post)
        headers[count++] =
            (struct http_header){ "Content-Type", "application/x-www-form-urlencoded" };
    struct http_request request = make_request(self, call, audience);
    request.headers = headers;
    request.header_count = count;
    int result = http_send_retrying(transport, call, &request, out, err);
    if (basic != NULL)
        secret_wipe(basic, strlen(basic));
    return result;
}

static int ask(const struct managed_identity *self, struct call *call,
               struct http_transport *transport, const char *audience,
               const struct secret *key, struct http_reply **out, struct error *err)
{
    struct error why = NO_ERROR;
    if (send(self, call, transport, audience, key, out, &why) == 0)
        return 0;
    *err = why;
    if (why.kind == ERR_STOPPED || why.kind == ERR_TIMEOUT)
        return error_context(err, "waiting for %s", describe(call->arena, self));
    return error_set(
        err, ERR_CREDENTIAL,
        "use_msi (ARM_USE_MSI) is true, but %s does not respond: "
        "%s%s%s.\n\nWhat to do: %s",
        describe(call->arena, self), why.text, self->place.unused != NULL ? ". " : "",
        self->place.unused != NULL ? self->place.unused : "", self->place.host->silent);
}

static int read_token(struct call *call, const struct managed_identity *self,
                      const struct http_reply *reply, int64_t asked_ms,
                      struct auth_token *out, struct error *err)
{
    return token_response_read(reply->body, asked_ms, out)
               ? 0
               : error_set(err, ERR_SHAPE, "the response of %s does not contain a token",
                           describe(call->arena, self));
}

static int fetch(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    struct managed_identity *self = (struct managed_identity *)credential;
    struct http_retry retry = { 0 };
    auto_secret key = NULL; /* a new one for each token */
    for (;;) {
        auto_http_reply reply = NULL;
        int64_t asked_ms = clock_wall_ms();
        if (ask(self, call, transport, audience, key, &reply, err) < 0)
            return -1;
        if (reply->status == 401 && self->place.host->has_challenge && key == NULL) {
            if (arc_key_read(call, reply, &key, err) < 0)
                return -1;
            continue;
        }
        if (is_to_be_repeated(self, reply, retry.attempts)) {
            if (http_retry_wait(call, &retry, reply, NULL, err) < 0)
                return -1;
            continue;
        }
        return reply->status == 200 ? read_token(call, self, reply, asked_ms, out, err)
                                    : judge_failure(call, self, reply, key, err);
    }
}

/* ---- life ------------------------------------------------------------------------------------ */

static void managed_identity_free(struct credential *credential)
{
    struct managed_identity *self = (struct managed_identity *)credential;
    managed_endpoint_clear(&self->place);
    free(self->client_id);
    free(self);
}

static int read_client_id(struct managed_identity *self, const struct auth_config *config,
                          struct error *err)
{
    const struct managed_host *host = self->place.host;
    bool is_set =
        input_is_set(config->client_id) || input_is_set(config->client_id_file_path);
    if (is_set && host->client_id == NULL)
        return error_set(err, ERR_INVALID,
                         "client_id (ARM_CLIENT_ID) is set, but the managed identity "
                         "service of %s does not let you choose an identity. Remove "
                         "client_id. " SYSTEM_ASSIGNED,
                         host->name);
    self->client_id_name = "client_id (ARM_CLIENT_ID)";
    if (is_set)
        return input_read_client_id(config, &self->client_id, err);
    const char *usual =
        host->default_client_id != NULL ? getenv(host->default_client_id) : NULL;
    if (input_is_set(usual)) {
        self->client_id_name = host->default_client_id;
        self->client_id = memory_copy_text(usual);
    }
    return 0;
}

static int create(const struct auth_config *config, struct credential **out,
                  struct error *missing, struct error *err)
{
    *out = NULL;
    if (!config->uses_msi) {
        error_set(missing, ERR_CREDENTIAL, "use_msi (ARM_USE_MSI) is not true");
        return 0;
    }
    struct managed_identity *self = memory_new(sizeof *self);
    self->base = (struct credential){ .source = &credential_managed_identity,
                                      .fetch = fetch,
                                      .free = managed_identity_free };
    auto_credential credential = &self->base;
    if (managed_endpoint_find(config, &self->place, err) < 0 ||
        read_client_id(self, config, err) < 0)
        return -1;
    *out = take(credential);
    return 0;
}

const struct credential_source credential_managed_identity = {
    .name = "managed identity",
    .has_one_tenant = true,
    .create = create,
};
