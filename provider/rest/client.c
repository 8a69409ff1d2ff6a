/* One exchange about one ID.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/client.h"

#include <stdlib.h>
#include <string.h>

#include "rest/json.h"
#include "rest/tokens.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/secret.h"
#include "base/text.h"
#include "http/retry.h"
#include "http/url.h"

/* ARM passes redirects within a service to the client, which has to follow them with the same
 * method and body. Source: azure-resource-manager-rpc v1.0/common-api-details.md */
enum { REDIRECTS_MAX = 3 };

enum { HEADERS_MAX = 12 };

/* ---- one exchange and its attempts ----------------------------------------------------- */

struct exchange {
    struct rest_client *client;
    const struct rest_request *request;
    const char *url;
    const char *request_id; /* NULL: a new one for each attempt */
    struct bytes body;
    json_t *answer;          /* the JSON object of the last answer; NULL: none */
    unsigned malformed_left; /* how many more malformed answers are retried */
    int64_t sent_ms;         /* monotonic: when the last request was sent */
};

/* The tokens that are sent with a request. */
struct sent_tokens {
    const struct secret *own, *auxiliary; /* NULL: none of auxiliary tenants */
};

static int send_as(struct call *call, struct exchange *exchange, const char *url,
                   const struct sent_tokens *tokens, struct http_reply **out,
                   struct error *err)
{
    char request_id[TEXT_GUID_BYTES];
    text_new_guid(request_id);
    const struct rest_client *client = exchange->client;
    const struct dialect *dialect = client->dialect;
    struct http_header headers[HEADERS_MAX] = { { "Accept", "application/json" } };
    size_t count = 1;
    for (const struct http_header *fixed = dialect->headers;
         fixed != NULL && fixed->name != NULL && count < HEADERS_MAX - 5; fixed++)
        headers[count++] = *fixed;
    if (dialect->request_id_header != NULL)
        headers[count++] = (struct http_header){
            dialect->request_id_header,
            exchange->request_id != NULL ? exchange->request_id : request_id,
        };
    if (dialect->correlation_id_header != NULL && !client->has_no_correlation_id)
        headers[count++] = (struct http_header){ dialect->correlation_id_header,
                                                 client->correlation_id };
    if (exchange->request->header.name != NULL)
        headers[count++] = exchange->request->header;
    if (exchange->request->body != NULL)
        headers[count++] = (struct http_header){ "Content-Type", "application/json" };
    if (tokens->auxiliary != NULL)
        headers[count++] = (struct http_header){ dialect->auxiliary_header,
                                                 secret_reveal(tokens->auxiliary) };
    const struct http_request request = {
        .method = exchange->request->method,
        .url = url,
        .headers = headers,
        .header_count = count,
        .bearer = tokens->own,
        .has_body = exchange->request->body != NULL,
        .body = exchange->body,
        .is_body_secret = exchange->request->has_secrets,
    };
    exchange->sent_ms = clock_monotonic_ms();
    return http_send(exchange->client->transport, call, &request, out, err);
}

/* The target of a redirect within the service. NULL: there is none. A redirect to another host is
 * returned as the answer, because the token must not be sent there. */
static const char *find_redirect(struct arena *arena, const char *url,
                                 const struct http_reply *reply)
{
    const char *location = http_reply_header(reply, "Location");
    if ((reply->status != 307 && reply->status != 308) || location == NULL)
        return NULL;
    return http_find_link(arena, url, location);
}

static int send_to_end(struct call *call, struct exchange *exchange,
                       const struct sent_tokens *tokens, struct http_reply **out,
                       struct error *err)
{
    const char *url = exchange->url;
    for (unsigned redirects = 0;; redirects++) {
        auto_http_reply reply = NULL;
        if (send_as(call, exchange, url, tokens, &reply, err) < 0)
            return -1;
        url = redirects < REDIRECTS_MAX ? find_redirect(call->arena, url, reply) : NULL;
        if (url == NULL) {
            *out = take(reply);
            return 0;
        }
    }
}

/* Until a write is sent, a stop prevents it, also if it is the repetition of one that was refused. */
static int await_turn(struct call *call, const struct rest_client *client,
                      enum rest_kind kind, struct secret **token,
                      struct secret **auxiliary, struct error *err)
{
    bool is_shielded = call->is_shielded;
    call->is_shielded &= kind == REST_KIND_READ;
    int result = tokens_get(call, client, client->tokens, token, err);
    if (result == 0)
        result = tokens_get_auxiliary(call, client, auxiliary, err);
    if (result == 0)
        result = rate_limit_wait(call, client->rate_limit, kind, err);
    call->is_shielded = is_shielded;
    return result;
}

/* A 401 says that a token is not accepted and that nothing happened: requests new tokens and sends
 * the request once more. A second 401 is the answer, and so is a 401 soon after it. */
static int attempt(void *state, struct call *call, struct http_reply **out,
                   struct error *err)
{
    struct exchange *exchange = state;
    for (bool is_second = false;; is_second = true) {
        auto_secret token = NULL;
        auto_secret auxiliary = NULL;
        auto_http_reply reply = NULL;
        enum rest_kind kind = rest_kind_of(exchange->request->method);
        if (await_turn(call, exchange->client, kind, &token, &auxiliary, err) < 0)
            return -1;
        const struct sent_tokens tokens = { token, auxiliary };
        if (send_to_end(call, exchange, &tokens, &reply, err) < 0)
            return -1;
        rate_limit_update(exchange->client->rate_limit, kind, reply);
        if (reply->status == 429 && exchange->client->dialect->read_wait_ms != NULL)
            reply->body_wait_ms =
                exchange->client->dialect->read_wait_ms(call->arena, reply->body);
        if (reply->status == 401 &&
            auth_cache_refuse(exchange->client->tokens, token, is_second) && !is_second) {
            for (size_t i = 0; i < exchange->client->auxiliary_count; i++)
                auth_cache_refuse_older(exchange->client->auxiliary_tokens[i],
                                        exchange->sent_ms);
            if (!exchange->request->keeps_request_id)
                exchange->request_id = NULL; /* the service has answered it */
            log_write(call, LOG_DEBUG, NULL,
                      "the service rejected the token; requesting a new one");
            continue;
        }
        *out = take(reply);
        return 0;
    }
}

/* A success or a 404 whose body is not a JSON object: cut, empty, or a proxy's page. */
static bool is_malformed(const struct exchange *exchange, const struct http_reply *reply)
{
    return exchange->answer == NULL &&
           (reply->body.length != 0 ||
            (reply->status == 200 && !exchange->request->may_answer_empty)) &&
           (reply->status < 300 || reply->status == 404);
}

static int attempt_read(void *state, struct call *call, struct http_reply **out,
                        struct error *err)
{
    struct exchange *exchange = state;
    auto_http_reply reply = NULL;
    if (attempt(state, call, &reply, err) < 0)
        return -1;
    json_decref(exchange->answer);
    exchange->answer = exchange->request->keeps_digits
                           ? rest_json_parse_digits(reply->body)
                           : rest_json_parse_object(reply->body);
    if (is_malformed(exchange, reply)) {
        if (rest_json_check_limits(reply->body, err) < 0)
            return -1;
        if (exchange->malformed_left != 0) {
            exchange->malformed_left--; /* the next answer may be right */
            return rest_refuse_shape(exchange->client, reply->status, err);
        }
    }
    *out = take(reply);
    return 0;
}

static int run(struct call *call, struct rest_client *client,
               const struct rest_request *request, http_attempt_fn *how,
               struct rest_reply **out, struct error *err)
{
    struct exchange exchange = {
        .client = client,
        .request = request,
        .request_id = request->request_id,
        .malformed_left = REST_MALFORMED_MAX - 1,
    };
    if (request->url == NULL && request->id == NULL)
        return error_set(err, ERR_INVALID, "the ID of the object is not known");
    exchange.url =
        request->url != NULL ? request->url : rest_url(call->arena, client, request);
    auto_char body = NULL;
    if (request->body != NULL) {
        body = json_dumps(request->body, JSON_COMPACT);
        if (body == NULL)
            return error_set(err, ERR_INTERNAL, "cannot write the body of the request");
        exchange.body = BYTES(body, strlen(body));
    }
    struct http_reply *reply = NULL;
    int64_t throttled_ms = call->throttled_ms;
    int result = how(&exchange, call, &reply, err);
    rate_limit_add_wait(client->rate_limit, call->throttled_ms - throttled_ms);
    if (body != NULL && request->has_secrets)
        secret_wipe(body, strlen(body));
    if (result < 0) {
        json_decref(exchange.answer);
        return -1;
    }
    *out = rest_reply_new(client, reply, exchange.answer);
    if (request->has_secrets && reply->body.length != 0)
        secret_wipe((void *)(uintptr_t)reply->body.data, reply->body.length);
    return 0;
}

static int repeat_read(void *state, struct call *call, struct http_reply **out,
                       struct error *err)
{
    const struct exchange *exchange = state;
    const struct http_retry limits = {
        .failures_max =
            exchange->request->is_optional || exchange->request->futile_status != 0
                ? REST_FAILURES_MAX
                : 0,
        .futile_status = exchange->request->futile_status,
        .is_patient = exchange->request->is_patient,
    };
    return http_repeat_within(call, attempt_read, state, &limits, out, err);
}

static int attempt_write(void *state, struct call *call, struct http_reply **out,
                         struct error *err)
{
    struct exchange *exchange = state;
    if (attempt(exchange, call, out, err) < 0)
        return -1;
    exchange->answer = rest_json_parse_object((*out)->body);
    return 0;
}

/* ---- the newest version that the service knows ---------------------------------------------- */

static bool blames_version(const struct rest_client *client,
                           const struct rest_reply *reply)
{
    return reply->status >= 400 &&
           text_is_one_of(reply->failure.code, client->dialect->version_codes);
}

static int send_known(struct call *call, struct rest_client *client,
                      const struct rest_request *request, http_attempt_fn *how,
                      struct rest_reply **out, struct error *err)
{
    const char *list = request->api_version;
    if (list == NULL || strchr(list, ' ') == NULL || request->url != NULL)
        return run(call, client, request, how, out, err);
    struct rest_request one = *request;
    size_t index = rest_versions_first(client->versions, list);
    one.api_version = rest_versions_at(call->arena, list, index);
    for (;; index++) {
        if (run(call, client, &one, how, out, err) < 0)
            return -1;
        one.api_version = rest_versions_at(call->arena, list, index + 1);
        if (!blames_version(client, *out) || one.api_version == NULL)
            break;
        log_write(call, LOG_DEBUG, NULL,
                  "the service does not know this version; sending %s", one.api_version);
        rest_reply_free(take(*out));
    }
    if (!blames_version(client, *out))
        rest_versions_set(client->versions, list, index);
    return 0;
}

int rest_read(struct call *call, struct rest_client *client,
              const struct rest_request *request, struct rest_reply **out,
              struct error *err)
{
    return send_known(call, client, request, repeat_read, out, err);
}

int rest_write(struct call *call, struct rest_client *client,
               const struct rest_request *request, struct rest_reply **out,
               struct error *err)
{
    return send_known(call, client, request, attempt_write, out, err);
}
