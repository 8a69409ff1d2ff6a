/* A service principal that signs in with the token of another issuer.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/federated.h"

#include <stdlib.h>
#include <string.h>

#include "auth/entra.h"
#include "auth/token_response.h"
#include "auth/token_request.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/retry.h"
#include "http/url.h"

struct federated {
    struct credential base; /* first */
    char *url;
    struct identity identity;
    struct federated_origin origin;
};

/* After a wait of that length, Entra gets another token of the issuer: some live for five minutes. */
enum { TOKEN_AGE_MS_MAX = 60 * 1000 };

struct proof {
    const struct federated_origin *origin;
    struct http_transport *transport;
    struct secret *token; /* of the issuer; NULL: none */
    struct clock_mark got;
};

static int get_token(struct proof *proof, struct call *call, struct error *err)
{
    const struct federated_origin *origin = proof->origin;
    secret_free(take(proof->token));
    proof->got = clock_mark_now();
    return origin->get(origin->state, call, proof->transport, &proof->token, err) < 0
               ? error_context(err, "getting %s", origin->what)
               : 0;
}

static int add_client_auth(void *state, struct call *call, struct form *form,
                           struct error *err)
{
    struct proof *proof = state;
    bool is_old = proof->token == NULL || clock_age_ms(&proof->got) >= TOKEN_AGE_MS_MAX;
    if (is_old && get_token(proof, call, err) < 0)
        return -1;
    token_request_add_assertion(form, proof->token);
    return 0;
}

static int fetch(struct credential *credential, struct call *call,
                 struct http_transport *transport, const char *audience,
                 struct auth_token *out, struct error *err)
{
    struct federated *self = (struct federated *)credential;
    struct proof proof = { .origin = &self->origin, .transport = transport };
    if (get_token(&proof, call, err) < 0)
        return -1;
    /* The times in it are not this machine's. */
    const struct entra_code codes[] = {
        { 700024, false, "the OIDC token has expired or is not valid yet",
          self->origin.expired },
        { 0, false, NULL, NULL },
    };
    const struct token_request request = {
        .url = self->url,
        .client_id = self->identity.client_id,
        .audience = audience,
        .codes = codes,
        .add_client_auth = add_client_auth,
        .state = &proof,
        .principal = arena_print(call->arena, "%s for application %s", self->origin.what,
                                 self->identity.client_id),
    };
    int result = token_request_send(call, transport, &request, out, err);
    secret_free(proof.token);
    return result;
}

static void federated_free(struct credential *credential)
{
    struct federated *self = (struct federated *)credential;
    self->origin.free(self->origin.state);
    identity_clear(&self->identity);
    free(self->url);
    free(self);
}

struct credential *federated_new(const struct credential_source *source,
                                 const struct auth_config *config,
                                 const struct identity *identity,
                                 const struct federated_origin *origin)
{
    struct federated *self = memory_new(sizeof *self);
    self->base =
        (struct credential){ .source = source, .fetch = fetch, .free = federated_free };
    self->url = token_request_url(config);
    self->identity = *identity;
    self->origin = *origin;
    return &self->base;
}

int federated_check_token(const char *name, const struct secret *token, struct error *err)
{
    const char *text = secret_reveal(token);
    size_t dots = 0;
    for (const char *at = text; (at = strchr(at, '.')) != NULL; at++)
        dots++;
    if (dots == 2 && token_is_header_text(text, secret_length(token)))
        return 0;
    return error_set(err, ERR_CREDENTIAL,
                     "%s is not a JSON Web Token, which has three parts with dots "
                     "between them",
                     name);
}

bool federated_is_off(const struct auth_config *config, struct error *missing)
{
    if (!config->uses_oidc)
        error_set(missing, ERR_CREDENTIAL, "use_oidc (ARM_USE_OIDC) is not true");
    return !config->uses_oidc;
}

/* ---- a file ------------------------------------------------------------------------------ */

enum { FILE_ATTEMPTS_MAX = 3, FILE_WAIT_MS = 500 };

struct token_file {
    const char *name;
    char *path;
};

static int read_file_once(const struct token_file *file, struct call *call,
                          struct secret **out, struct error *err)
{
    auto_secret token = NULL;
    if (input_read_text(file->name, file->path, &token, err) < 0) {
        err->kind = ERR_CREDENTIAL;
        return -1;
    }
    const char *what =
        arena_print(call->arena, "the file %s that %s names", file->path, file->name);
    if (federated_check_token(what, token, err) < 0)
        return -1;
    *out = take(token);
    return 0;
}

/* The other program may be writing the file at this moment. The cache keeps this error for the
 * whole session, so it must be one that stays. */
static int read_file(void *state, struct call *call, struct http_transport *transport,
                     struct secret **out, struct error *err)
{
    (void)transport;
    for (unsigned attempt = 1;; attempt++) {
        struct error failed = NO_ERROR;
        if (read_file_once(state, call, out, &failed) == 0)
            return 0;
        if (attempt == FILE_ATTEMPTS_MAX) {
            *err = failed;
            return -1;
        }
        if (call_sleep(call, FILE_WAIT_MS, err) < 0)
            return -1;
    }
}

static void free_file(void *state)
{
    struct token_file *file = state;
    free(file->path);
    free(file);
}

int federated_new_from_file(const struct credential_source *source,
                            const struct auth_config *config, const char *name,
                            const char *path, struct credential **out, struct error *err)
{
    struct identity identity;
    if (identity_read(config, &identity, err) < 0)
        return -1;
    struct token_file *file = memory_new(sizeof *file);
    *file = (struct token_file){ name, memory_copy_text(path) };
    const struct federated_origin origin = {
        "the OIDC token of the file",
        "Check the program that writes the file. It must replace the token before it "
        "expires.",
        read_file, free_file, file
    };
    *out = federated_new(source, config, &identity, &origin);
    return 0;
}

/* ---- a service ----------------------------------------------------------------------------- */

static bool is_secure(const char *url)
{
    return text_starts_ignoring_case(url, "https://") && http_origin_length(url) != 0 &&
           token_is_header_text(url, strlen(url));
}

static void free_request(void *state)
{
    struct federated_request *request = state;
    secret_free(request->token);
    free(request->connection_id);
    free(request->url);
    free(request);
}

int federated_new_for_job(const struct credential_source *source,
                          const struct auth_config *config,
                          const struct federated_job *job, struct credential **out,
                          struct error *err)
{
    const char *connection_id = config->ado_pipeline_service_connection_id;
    const struct bytes address = input_trim(config->oidc_request_url);
    auto_char url = memory_print("%.*s", (int)address.length, (const char *)address.data);
    if (!is_secure(url))
        return error_set(err, ERR_INVALID, "%s is not an https:// address",
                         job->url_name);
    auto_secret token = input_take_secret(config->oidc_request_token);
    if (!token_is_header_text(secret_reveal(token), secret_length(token)))
        return error_set(err, ERR_INVALID, "%s is not a single word of ASCII characters",
                         job->token_name);
    struct identity identity;
    if (identity_read(config, &identity, err) < 0)
        return -1;
    struct federated_request *request = memory_new(sizeof *request);
    *request = (struct federated_request){
        .url = take(url),
        .token = take(token),
        .connection_id = connection_id != NULL ? memory_copy_text(connection_id) : NULL,
    };
    const struct federated_origin origin = { job->what, job->expired, job->get,
                                             free_request, request };
    *out = federated_new(source, config, &identity, &origin);
    return 0;
}

static bool has_parameter(const char *url, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = strchr(url, '?'); at != NULL; at = strchr(at, '&')) {
        at++;
        if (text_starts_ignoring_case(at, name) && at[length] == '=' &&
            at[length + 1] != '\0' && at[length + 1] != '&')
            return true;
    }
    return false;
}

const char *federated_add_parameter(struct arena *arena, const char *url,
                                    const char *name, const char *value)
{
    return has_parameter(url, name)
               ? url
               : arena_print(arena, "%s%c%s=%s", url,
                             strchr(url, '?') != NULL ? '&' : '?', name,
                             text_encode_percent(arena, value));
}

static int judge(const struct federated_service *service, const struct http_reply *reply,
                 struct secret **out, struct error *err)
{
    if (http_may_pass(reply->status))
        return error_set(err, ERR_TIMEOUT, "%s returned status %d until the timeout",
                         service->name, reply->status);
    if (reply->status != 200)
        return error_set(err, ERR_CREDENTIAL,
                         "%s did not issue a token (status %d).\n\nWhat to do: %s",
                         service->name, reply->status, service->advice);
    auto_secret token = token_response_take(reply->body, service->member);
    if (token == NULL)
        return error_set(err, ERR_SHAPE, "the response of %s does not contain a token",
                         service->name);
    if (federated_check_token("the response", token, err) < 0)
        return -1;
    *out = take(token);
    return 0;
}

int federated_fetch(struct call *call, struct http_transport *transport,
                    const struct federated_service *service, struct secret **out,
                    struct error *err)
{
    const struct http_request request = {
        .method = service->method,
        .url = service->url,
        .headers = service->headers,
        .header_count = service->header_count,
        .bearer = service->bearer,
        .has_body = strcmp(service->method, "POST") == 0,
        .is_body_secret = true,
        .reply_bytes_max = TOKEN_RESPONSE_BYTES_MAX,
        .timeout_ms = 30 * 1000,
    };
    auto_http_reply reply = NULL;
    if (http_send_retrying(transport, call, &request, &reply, err) < 0)
        return -1;
    return judge(service, reply, out, err);
}
