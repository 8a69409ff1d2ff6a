/* The identity that Azure gives to the machine itself: App Service and its relatives by two
 * variables, else the instance metadata service of virtual machines.
 * Source: entra-docs managed-identities how-to-use-vm-token.md; azure-docs
 * app-service/overview-managed-identity.md
 * SPDX-License-Identifier: MPL-2.0 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "auth/entra.h"
#include "auth/inputs.h"
#include "auth/token_answer.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/retry.h"
#include "http/url.h"

enum {
    /* It is on this machine or its host: what answers at all answers soon. */
    TIMEOUT_MS = 10 * 1000,
    /* "not yet" of a service that is starting, and "being updated" (up to 70 s). */
    NOT_FOUND_ATTEMPTS_MAX = 5,
    GONE_ATTEMPTS_MAX = 8,
};

static const char imds_url[] = "http://169.254.169.254/metadata/identity/oauth2/token";

struct managed_identity {
    struct credential base; /* first */
    char *url, *api_version;
    char *client_id;       /* NULL: the system-assigned one */
    struct secret *header; /* App Service; NULL: metadata service */
};

static const char *make_url(struct arena *arena, const struct managed_identity *self,
                            const char *audience)
{
    const char *url = arena_print(arena, "%s%capi-version=%s&resource=%s", self->url,
                                  strchr(self->url, '?') != NULL ? '&' : '?',
                                  text_encode_percent(arena, self->api_version),
                                  text_encode_percent(arena, audience));
    return self->client_id == NULL
               ? url
               : arena_print(arena, "%s&client_id=%s", url,
                             text_encode_percent(arena, self->client_id));
}

/* ---- the answer ---------------------------------------------------------------------------- */

static const char *describe(struct arena *arena, const struct managed_identity *self)
{
    char host[HTTP_HOST_BYTES];
    http_host(self->url, host);
    return arena_print(arena, "the managed identity service at %s", host);
}

/* {"StatusCode", "Message", "CorrelationId"}, in whichever letter case; NULL: not so.
 * Source: azure-docs issue 43543, as App Service answered */
static const char *read_app_service_message(struct arena *arena, struct bytes body)
{
    json_t *object = token_answer_parse(body);
    const char *message = json_string_value(json_object_get(object, "Message"));
    if (message == NULL)
        message = json_string_value(json_object_get(object, "message"));
    const char *copy = message != NULL ? arena_copy_text(arena, message) : NULL;
    json_decref(object);
    return copy;
}

static int tell_refusal(struct call *call, const struct managed_identity *self,
                        const struct http_reply *reply, struct error *err)
{
    struct entra_failure failure = { .description = "" };
    entra_parse_failure(call->arena, reply->body, &failure);
    const char *said = *failure.description != '\0' ? failure.description : failure.error;
    if (said == NULL)
        said = read_app_service_message(call->arena, reply->body);
    const char *hidden = self->header != NULL ? secret_reveal(self->header) : NULL;
    if (said != NULL && hidden != NULL && strstr(said, hidden) != NULL)
        said = SECRET_SHOWN;
    return error_set(
        err, ERR_CREDENTIAL, "%s gives no token (status %d)%s%s%s. %s%s",
        describe(call->arena, self), reply->status, said != NULL ? ": \"" : "",
        said != NULL ? text_clean_line(call->arena, said, strlen(said), 500) : "",
        said != NULL ? "\"" : "",
        self->client_id != NULL
            ? "Check that the user-assigned identity with this client id is assigned to "
              "this machine: "
            : "Check that this machine has a system-assigned identity, or set client_id "
              "(ARM_CLIENT_ID) to the client id of a user-assigned one",
        self->client_id != NULL ? self->client_id : "");
}

static bool is_to_be_repeated(const struct http_reply *reply, unsigned attempts)
{
    return (reply->status == 404 && attempts + 1 < NOT_FOUND_ATTEMPTS_MAX) ||
           (reply->status == 410 && attempts + 1 < GONE_ATTEMPTS_MAX);
}

static int judge_failure(struct call *call, const struct managed_identity *self,
                         const struct http_reply *reply, struct error *err)
{
    if (reply->status < 500 && reply->status != 429 && reply->status != 408)
        return tell_refusal(call, self, reply, err);
    /* Not a no, so nothing that is remembered: time ran out. */
    return error_set(err, ERR_TIMEOUT, "%s answered with status %d for too long",
                     describe(call->arena, self), reply->status);
}

/* ---- the exchange ---------------------------------------------------------------------------- */

static int ask(const struct managed_identity *self, struct call *call,
               struct http_transport *transport, const char *audience,
               struct http_reply **out, struct error *err)
{
    const struct http_header headers[] = {
        { "Accept", "application/json" },
        self->header != NULL
            ? (struct http_header){ "X-IDENTITY-HEADER", secret_reveal(self->header) }
            : (struct http_header){ "Metadata", "true" },
    };
    const struct http_request request = {
        .method = "GET",
        .url = make_url(call->arena, self, audience),
        .headers = headers,
        .header_count = sizeof headers / sizeof *headers,
        .is_body_secret = true,
        /* A proxy would ask for the identity of the machine it runs on. */
        .is_direct = true,
        .reply_bytes_max = TOKEN_ANSWER_BYTES_MAX,
        .timeout_ms = TIMEOUT_MS,
    };
    struct error why = NO_ERROR;
    if (http_send_retrying(transport, call, &request, out, &why) == 0)
        return 0;
    *err = why;
    if (why.kind == ERR_STOPPED || why.kind == ERR_TIMEOUT)
        return error_context(err, "waiting for %s", describe(call->arena, self));
    return error_set(err, ERR_CREDENTIAL,
                     "use_msi (ARM_USE_MSI) is true, and %s does not answer; does this "
                     "run on a machine in Azure? (%s)",
                     describe(call->arena, self), why.text);
}

static int fetch(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    struct managed_identity *self = (struct managed_identity *)credential;
    struct http_retry retry = { 0 };
    for (;;) {
        auto_http_reply reply = NULL;
        int64_t asked_ms = clock_wall_ms();
        if (ask(self, call, transport, audience, &reply, err) < 0)
            return -1;
        if (is_to_be_repeated(reply, retry.attempts)) {
            if (http_retry_wait(call, &retry, reply, NULL, err) < 0)
                return -1;
            continue;
        }
        if (reply->status != 200)
            return judge_failure(call, self, reply, err);
        bool is_good = token_answer_read(reply->body, asked_ms, out);
        token_answer_wipe(reply);
        if (is_good)
            return 0;
        return error_set(err, ERR_SHAPE, "the answer of %s holds no token",
                         describe(call->arena, self));
    }
}

/* ---- life ------------------------------------------------------------------------------------ */

static void managed_identity_free(struct credential *credential)
{
    struct managed_identity *self = (struct managed_identity *)credential;
    secret_free(self->header);
    free(self->client_id);
    free(self->api_version);
    free(self->url);
    free(self);
}

static int check_url(const char *name, const char *url, struct error *err)
{
    if (http_origin_length(url) != 0 && token_is_header_text(url, strlen(url)))
        return 0;
    return error_set(err, ERR_INVALID, "%s is not an http:// or https:// address", name);
}

/* The secret of IDENTITY_HEADER goes to the address that came with it, and nowhere else. */
static int find_service(struct managed_identity *self, const struct auth_config *config,
                        struct error *err)
{
    const char *endpoint = getenv("IDENTITY_ENDPOINT"), *url = config->msi_endpoint;
    const char *header = getenv("IDENTITY_HEADER"),
               *name = "msi_endpoint (ARM_MSI_ENDPOINT)";
    bool is_app_service = input_is_set(endpoint) && input_is_set(header) &&
                          (!input_is_set(url) || text_equal(url, endpoint));
    if (is_app_service && !input_is_set(url)) {
        url = endpoint;
        name = "IDENTITY_ENDPOINT";
    }
    if (!input_is_set(url))
        url = imds_url;
    if (check_url(name, url, err) < 0)
        return -1;
    if (is_app_service) {
        if (!token_is_header_text(header, strlen(header)))
            return error_set(err, ERR_INVALID,
                             "IDENTITY_HEADER cannot stand in a header");
        self->header = secret_new(header, strlen(header));
    }
    const char *version = config->msi_api_version;
    if (!input_is_set(version))
        version = is_app_service ? "2019-08-01" : "2018-02-01";
    self->url = memory_copy_text(url);
    self->api_version = memory_copy_text(version);
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
    if (find_service(self, config, err) < 0)
        return -1;
    bool has_client_id =
        input_is_set(config->client_id) || input_is_set(config->client_id_file_path);
    if (has_client_id && input_read_client_id(config, &self->client_id, err) < 0)
        return -1;
    *out = take(credential);
    return 0;
}

const struct credential_source credential_managed_identity = {
    .name = "managed identity",
    .has_one_tenant = true,
    .create = create,
};
