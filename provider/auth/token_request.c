/* Requests to a token endpoint.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/token_request.h"

#include "auth/entra.h"
#include "auth/token_response.h"
#include "base/clock.h"
#include "base/memory.h"
#include "http/date.h"
#include "http/retry.h"
#include "http/url.h"

enum {
    TOKEN_TIMEOUT_MS = 30 * 1000,
    MALFORMED_ATTEMPTS_MAX = 3,
    /* Entra tolerates less than this. The measured difference includes the time until the answer
     * arrived. */
    CLOCK_SKEW_MIN_MS = 60 * 1000,
};

char *token_request_url(const struct auth_config *config)
{
    if (config->is_adfs)
        return memory_print("%s/adfs/oauth2/token", config->authority);
    return memory_print("%s/%s/oauth2/v2.0/token", config->authority, config->tenant_id);
}

char *token_request_url_v1(const struct auth_config *config)
{
    return memory_print("%s/%s/oauth2/token", config->authority, config->tenant_id);
}

void token_request_add_assertion(struct form *form, const struct secret *assertion)
{
    form_add(form, "client_assertion_type",
             "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form_add_secret(form, "client_assertion", assertion);
}

struct attempt {
    struct http_transport *transport;
    const struct token_request *request;
    struct form form; /* of the last attempt */
    int64_t asked_ms;
};

/* An http_attempt_fn. */
static int send_form(void *state, struct call *call, struct http_reply **out,
                     struct error *err)
{
    static const struct http_header headers[] = {
        { "Content-Type", "application/x-www-form-urlencoded" },
        { "Accept", "application/json" },
    };
    struct attempt *attempt = state;
    const struct token_request *request = attempt->request;
    struct form *form = &attempt->form;
    form_clear(form);
    form_add(form, "grant_type",
             request->grant_type != NULL ? request->grant_type : "client_credentials");
    form_add(form, "client_id", request->client_id);
    if (request->add_client_auth(request->state, call, form, err) < 0)
        return -1;
    if (request->is_adfs || request->grant_type != NULL)
        form_add(form, "resource", request->audience);
    else /* An audience that ends with a slash keeps it: `…net//.default` is right. */
        form_add(form, "scope",
                 arena_print(call->arena, "%s/.default", request->audience));
    const struct http_request sent = {
        .method = "POST",
        .url = request->url,
        .headers = headers,
        .header_count = sizeof headers / sizeof *headers,
        .has_body = true,
        .body = BYTES(form->body.data, form->body.length),
        .is_body_secret = true,
        .reply_bytes_max = TOKEN_RESPONSE_BYTES_MAX,
        .timeout_ms = TOKEN_TIMEOUT_MS,
    };
    attempt->asked_ms = clock_wall_ms();
    return http_send(attempt->transport, call, &sent, out, err);
}

/* Adds the difference of the two clocks to the error. */
static void name_skew(const struct http_reply *reply, struct error *err)
{
    int64_t theirs_ms = http_parse_date_ms(http_reply_header(reply, "Date"));
    if (theirs_ms < 0)
        return;
    int64_t skew_ms = clock_wall_ms() - theirs_ms;
    int64_t size_ms = skew_ms < 0 ? -skew_ms : skew_ms;
    if (size_ms >= CLOCK_SKEW_MIN_MS)
        error_context(err, "this machine's clock is %lld s %s the clock of the service",
                      (long long)size_ms / 1000, skew_ms < 0 ? "behind" : "ahead of");
}

/* Adds the wait that the service asks for, which the call has no time for. */
static void name_wait(const struct http_reply *reply, const char *host, struct error *err)
{
    int64_t wait_ms = http_retry_after_ms(reply);
    if (wait_ms > 0 && http_may_pass(reply->status))
        error_context(err, "%s asks to wait %lld s", host,
                      (long long)(wait_ms + 999) / 1000);
}

enum verdict { VERDICT_TOKEN, VERDICT_AGAIN, VERDICT_FAILED };

static enum verdict judge_failure(struct attempt *attempt, struct call *call,
                                  const struct http_reply *reply, const char *host,
                                  struct error *err)
{
    const char *service = attempt->request->is_adfs ? "AD FS" : "Microsoft Entra";
    struct entra_failure failure;
    if (!entra_parse_failure(call->arena, reply->body, &failure)) {
        error_set(err, http_may_pass(reply->status) ? ERR_TIMEOUT : ERR_SHAPE,
                  "%s returned status %d with a response that is not in the format "
                  "of %s. Check the addresses in the provider block, and whether a "
                  "proxy responds instead",
                  host, reply->status, service);
        return VERDICT_FAILED;
    }
    failure.own_codes = attempt->request->codes;
    const char *hidden[FORM_SECRETS_MAX + 1] = { NULL };
    for (size_t i = 0; i < FORM_SECRETS_MAX && attempt->form.hidden[i] != NULL; i++)
        hidden[i] = secret_reveal(attempt->form.hidden[i]);
    entra_explain(call->arena, service, &failure, attempt->request->principal, hidden,
                  err);
    const struct entra_code *code = entra_find_code(&failure);
    /* AD FS has no code for the time. */
    if ((code != NULL && code->action == entra_wrong_clock) ||
        (attempt->request->is_adfs && attempt->request->is_signed))
        name_skew(reply, err);
    bool is_transient = code != NULL && code->is_transient;
    if (!is_transient && !http_may_pass(reply->status))
        return VERDICT_FAILED;
    /* Not a refusal, which the cache would keep, but a timeout. */
    err->kind = ERR_TIMEOUT;
    return VERDICT_AGAIN;
}

static enum verdict judge(struct attempt *attempt, struct call *call,
                          const struct http_reply *reply, unsigned attempts,
                          struct auth_token *out, struct error *err)
{
    char host[HTTP_HOST_BYTES];
    http_host(attempt->request->url, host);
    if (reply->status != 200) {
        enum verdict verdict = judge_failure(attempt, call, reply, host, err);
        name_wait(reply, host, err);
        return verdict;
    }
    if (token_response_read(reply->body, attempt->asked_ms, out)) {
        if (attempt->request->refreshed != NULL)
            *attempt->request->refreshed =
                token_response_take(reply->body, "refresh_token");
        return VERDICT_TOKEN;
    }
    error_set(err, ERR_SHAPE,
              "the response of %s does not contain a token. Check whether a "
              "proxy responds instead",
              host);
    return attempts + 1 < MALFORMED_ATTEMPTS_MAX ? VERDICT_AGAIN : VERDICT_FAILED;
}

static int run(struct attempt *attempt, struct call *call, struct auth_token *out,
               struct error *err)
{
    struct http_retry retry = { 0 };
    for (;;) {
        auto_http_reply reply = NULL;
        if (http_repeat(call, send_form, attempt, &reply, err) < 0)
            return -1;
        struct error failed = NO_ERROR, why = NO_ERROR;
        enum verdict verdict = judge(attempt, call, reply, retry.attempts, out, &failed);
        if (verdict == VERDICT_TOKEN)
            return 0;
        if (verdict == VERDICT_AGAIN &&
            http_retry_wait(call, &retry, reply, NULL, &why) == 0)
            continue;
        *err = why.kind == ERR_STOPPED ? why : failed;
        /* Only this call's time is over: another call that waits for the token tries again. */
        if (why.kind == ERR_TIMEOUT && err->kind != ERR_TIMEOUT) {
            err->cause = err->kind;
            err->kind = ERR_TIMEOUT;
        }
        return -1;
    }
}

int token_request_send(struct call *call, struct http_transport *transport,
                       const struct token_request *request, struct auth_token *out,
                       struct error *err)
{
    struct attempt attempt = { .transport = transport, .request = request };
    int result = run(&attempt, call, out, err);
    form_clear(&attempt.form);
    return result;
}
