/* The service's side of a run: the script, then under torture the model.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "exchanges/player.h"

/* ---- what every request must be ----------------------------------------------------------- */

static const char *find_header(struct arena *arena, const struct http_request *request,
                               const char *name)
{
    if (request->bearer != NULL && strcasecmp(name, "Authorization") == 0)
        return arena_print(arena, "Bearer %s", secret_reveal(request->bearer));
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    }
    return NULL;
}

static bool is_below(const char *url, const char *base)
{
    size_t length = strlen(base);
    const char *path = url + strnlen(url, length);
    path += strncmp(path, ":443", 4) == 0 ? 4 : 0;
    return strncasecmp(url, base, length) == 0 && *path == '/';
}

/* The service that gets it; only a script that says so has others than the table's. */
static const struct model_service *service_of(const struct run *run,
                                              const struct http_request *request)
{
    static const struct model_service *const others[] = { &model_azure, &model_hub,
                                                          &model_hub_user };
    if (!run->script->has_hub || is_below(request->url, run->model.service->base))
        return run->model.service;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (is_below(request->url, others[i]->base))
            return others[i];
    }
    return run->model.service;
}

static bool is_without_token(const struct model_service *service,
                             const struct http_request *request)
{
    return service->is_without_token != NULL && service->is_without_token(request);
}

static void check_token(struct run *run, const struct http_request *request)
{
    const struct model_service *service = service_of(run, request);
    const char *token = request->bearer != NULL ? secret_reveal(request->bearer) : NULL;
    if (is_without_token(service, request)) {
        if (token != NULL || find_header(run->arena, request, "Authorization") != NULL ||
            request->has_body || strcmp(request->method, "GET") != 0)
            run_fail(run, "%s is not a GET without a token", request->url);
        return;
    }
    if (token == NULL) {
        run_fail(run, "%s %s has no token", request->method, request->url);
        return;
    }
    if (strcmp(token, run->refused_token) == 0)
        run_fail(run, "a token is used again that the service refused");
    const char *want =
        arena_print(run->arena, "%s %s",
                    service->tenant_of != NULL ? service->tenant_of(run->arena, request)
                                               : service->tenant,
                    service->scope);
    const char *have = json_string_value(json_object_get(run->tokens_for, token));
    if (have == NULL || strcmp(have, want) != 0)
        run_fail(run, "%s has a token for \"%s\" and not for \"%s\"", request->url,
                 have != NULL ? have : "nothing that was asked for", want);
}

static void check_request(struct run *run, const struct call *call,
                          const struct http_request *request)
{
    const struct model_service *service = service_of(run, request);
    const char *type = find_header(run->arena, request, "Content-Type"),
               *method = request->method;
    /* A report and a key are asked for by a POST of nothing. */
    bool is_read = model_is_read(method) ||
                   strstr(request->url, "/checkIdentityHealth?") != NULL ||
                   strstr(request->url, "/getactivationkey?") != NULL;
    bool has_body =
        !is_read && strcmp(method, "DELETE") != 0 &&
        (service->is_without_body == NULL || !service->is_without_body(request));
    if (strstr(request->url, MODEL_OPERATION) != NULL && request->bearer != NULL)
        return;
    if (!is_without_token(service, request) && !is_below(request->url, service->base))
        run_fail(run, "%s is not of this service", request->url);
    check_token(run, request);
    /* The paths of what is below the engine are made up. */
    const char *fault =
        run->act->verb < DO_REQUEST ? service->find_fault(run->arena, request) : NULL;
    if (fault != NULL)
        run_fail(run, "%s", fault);
    if (request->has_body != has_body)
        run_fail(run, "%s with the wrong idea of a body", method);
    if (has_body && (type == NULL || strncmp(type, "application/json", 16) != 0))
        run_fail(run, "a body without Content-Type: application/json");
    if (!is_read && !call->is_shielded)
        run_fail(run, "%s is sent without a shield", method);
}

void wire_note_refusal(struct run *run, const struct http_request *request, int status)
{
    const char *token = request->bearer != NULL ? secret_reveal(request->bearer) : NULL;
    if (token == NULL)
        return;
    /* A new token that is refused as well may be used again: another one would not help. */
    bool is_new = *run->refused_token != '\0' && strcmp(token, run->refused_token) != 0;
    if (status == 401 && (run->was_accepted || !is_new))
        snprintf(run->refused_token, sizeof run->refused_token, "%s", token);
    run->was_accepted = status != 401;
}

/* ---- the script --------------------------------------------------------------------------- */

static bool is_expected(const struct script_exchange *exchange,
                        const struct http_request *request)
{
    if (strcmp(exchange->method, request->method) != 0 ||
        strcmp(exchange->url, request->url) != 0)
        return false;
    if (wire_is_token_request(request) && exchange->body == NULL)
        return true; /* its body is asked in sign_in/ */
    if ((exchange->body != NULL) != request->has_body)
        return false;
    if (exchange->body == NULL)
        return true;
    size_t length = request->body.length;
    if (json_is_string(exchange->body))
        return json_string_length(exchange->body) == length &&
               (length == 0 || memcmp(json_string_value(exchange->body),
                                      request->body.data, length) == 0);
    json_t *body =
        json_loadb((const char *)request->body.data, request->body.length, 0, NULL);
    bool is_equal = body != NULL && json_equal(body, exchange->body);
    json_decref(body);
    return is_equal;
}

/* The exchange that this request is, or NULL. */
static const struct script_exchange *take_exchange(struct run *run,
                                                   const struct http_request *request)
{
    const struct script_act *act = run->act;
    while (run->next < act->exchange_count) {
        const struct script_exchange *exchange = &act->exchanges[run->next];
        if (run->repeated < exchange->repeat_most && is_expected(exchange, request)) {
            run->repeated++;
            run->by_chance += run->repeated > exchange->repeat_least;
            return exchange;
        }
        if (run->repeated < exchange->repeat_least)
            return NULL;
        run->next++;
        run->repeated = 0;
    }
    return NULL;
}

/* The signal of the exchange to come is given when the one before it has ended. */
static void signal_before_next(struct run *run)
{
    const struct script_act *act = run->act;
    size_t next = run->next;
    if (next < act->exchange_count && run->repeated >= act->exchanges[next].repeat_most)
        next++;
    else if (next < act->exchange_count && run->repeated > 0)
        return;
    wire_signal(run,
                next < act->exchange_count ? act->exchanges[next].before : act->after);
}

static void check_wait(struct run *run, int line, int64_t least_ms, int64_t most_ms)
{
    int64_t waited = clock_monotonic_ms() - run->last_ms;
    if (most_ms >= 0 && (waited < least_ms || waited > most_ms))
        run_fail(run, "line %d: it waited %lld ms", line, (long long)waited);
}

static void check_headers(struct run *run, const struct script_exchange *exchange,
                          const struct http_request *request)
{
    for (size_t i = 0; i < exchange->sent_count; i++) {
        const char *want = exchange->sent[i].value;
        const char *have = find_header(run->arena, request, exchange->sent[i].name);
        if (!text_equal(want, have))
            run_fail(run, "line %d: %s is \"%s\" and not \"%s\"", exchange->line,
                     exchange->sent[i].name, have != NULL ? have : "(none)",
                     want != NULL ? want : "(none)");
    }
}

static void check_form(struct run *run, const struct script_exchange *exchange,
                       const struct http_request *request)
{
    for (size_t i = 0; i < exchange->form_count; i++) {
        const char *name = exchange->form[i].name, *want = exchange->form[i].value;
        const char *have = wire_form_value(run->arena, request->body, name);
        if (strcmp(have, want) != 0)
            run_fail(run, "line %d: %s is \"%s\" and not \"%s\"", exchange->line, name,
                     have, want);
    }
}

/* No request passes proxies by, or trusts a certificate for its thumbprint, that is not said to. */
static void check_peer(struct run *run, const struct script_exchange *exchange,
                       const struct http_request *request)
{
    const char *pin = request->pin != NULL ? "" : NULL;
    for (size_t i = 0; pin != NULL && i < HTTP_PIN_BYTES; i++)
        pin = arena_print(run->arena, "%s%02x", pin, request->pin[i]);
    if (exchange->is_direct != request->is_direct || !text_equal(exchange->pin, pin))
        run_fail(run, "line %d: it is %s, pin %s", exchange->line,
                 request->is_direct ? "direct" : "not direct",
                 pin != NULL ? pin : "none");
    if (run->act->verb != DO_SIGN_IN)
        return;
    size_t count = request->bearer != NULL;
    for (size_t i = 0; i < exchange->sent_count; i++)
        count -= exchange->sent[i].value != NULL;
    if (count + request->header_count != 0)
        run_fail(run, "line %d: it sends other headers besides", exchange->line);
    if (!request->is_body_secret)
        run_fail(run, "line %d: a log would show its body", exchange->line);
}

static struct http_reply *reply_of(struct run *run,
                                   const struct script_exchange *exchange)
{
    struct http_header headers[SCRIPT_HEADERS_MAX];
    struct bytes body = exchange->reply;
    for (size_t i = 0; i < exchange->header_count; i++)
        headers[i] =
            (struct http_header){ exchange->headers[i].name,
                                  forged_fill(run, exchange->headers[i].value, true) };
    if (run->script->is_forged && body.length > 0) {
        const char *text = forged_fill(run, (const char *)body.data, false);
        body = BYTES(text, strlen(text));
    }
    return wire_make_reply(exchange->status, headers, exchange->header_count,
                           (const char *)body.data, body.length);
}

static int play(struct run *run, struct call *call, const struct http_request *request,
                struct http_reply **out, struct error *err)
{
    const struct script_exchange *exchange = take_exchange(run, request);
    if (exchange == NULL && wire_is_token_request(request) && !run->has_own_session)
        return wire_answer_token(run, request, out);
    if (exchange == NULL) {
        const struct script_act *act = run->act;
        run_fail(run, "unexpected request %s %s %.*s (line %d was next)", request->method,
                 request->url, (int)request->body.length,
                 request->body.length > 0 ? (const char *)request->body.data : "",
                 run->next < act->exchange_count ? act->exchanges[run->next].line
                                                 : act->line);
        return error_set(err, ERR_STOPPED, "the script has failed");
    }
    check_wait(run, exchange->line, exchange->waited_least_ms, exchange->waited_most_ms);
    check_headers(run, exchange, request);
    check_form(run, exchange, request);
    if (run->before_answer != NULL)
        run->before_answer(run->before_answer_state);
    check_peer(run, exchange, request);
    wire_signal(run, exchange->during);
    if (exchange->is_read_meanwhile)
        run_read_meanwhile(run);
    int64_t left_ms = call_left_ms(call);
    bool is_late = exchange->takes_ms > left_ms;
    if (exchange->takes_ms > 0)
        clock_fake_advance(is_late ? left_ms : exchange->takes_ms);
    clock_fake_sleep(exchange->sleeps_ms);
    if (call_is_stopped(call) != (exchange->fault == FAULT_STOPPED))
        run_fail(run, "line %d: the call is %s", exchange->line,
                 call_is_stopped(call) ? "over, no answer can reach it" : "not over");
    if (exchange->fault != FAULT_NONE || is_late) {
        wire_fail_as(run, is_late ? FAULT_LOST : exchange->fault, err);
    } else {
        *out = reply_of(run, exchange);
        run->last_ms = clock_monotonic_ms();
        wire_note_refusal(run, request, exchange->status);
    }
    signal_before_next(run);
    return exchange->fault != FAULT_NONE || is_late ? -1 : 0;
}

void wire_close_act(struct run *run)
{
    const struct script_act *act = run->act;
    if (run->next < act->exchange_count &&
        run->repeated >= act->exchanges[run->next].repeat_least)
        run->next++;
    while (run->next < act->exchange_count && act->exchanges[run->next].repeat_least == 0)
        run->next++;
    if (run->next < act->exchange_count)
        run_fail(run, "line %d: the request did not come",
                 act->exchanges[run->next].line);
    check_wait(run, act->line, act->waited_least_ms, act->waited_most_ms);
}

/* ---- the seam ------------------------------------------------------------------------------ */

static int check_call(struct call *call, struct error *err)
{
    if (call_is_stopped(call))
        return error_set(err, ERR_STOPPED, "the run was stopped");
    if (call_left_ms(call) == 0)
        return error_set(err, ERR_TIMEOUT, "the operation timed out");
    return 0;
}

static bool has_canary(struct bytes body)
{
    return body.length > 0 && memmem(body.data, body.length, "canary", 6) != NULL;
}

int wire_send(struct http_transport *transport, struct call *call,
              const struct http_request *request, struct http_reply **out,
              struct error *err)
{
    struct run *run = (struct run *)transport;
    if (*run->failure != '\0')
        return error_set(err, ERR_STOPPED, "the run has failed");
    struct torture *torture = &run->torture;
    bool is_step = torture->step != 0 && run->requests + 1 == torture->step;
    if (is_step && torture->hurt == HURT_STOP_AT)
        wire_signal(run, SIGNAL_STOP);
    if (check_call(call, err) < 0) {
        run->is_hurt = run->is_hurt || is_step;
        return -1;
    }
    if (!wire_is_token_request(request) && !run->has_own_session)
        check_request(run, call, request);
    run->played += !wire_is_token_request(request);
    if (has_canary(request->body) && !request->is_body_secret)
        run_fail(run, "%s sends a secret in a body that a trace shows", request->url);
    if (++run->requests > RUN_REQUESTS_MAX) {
        run_fail(run, "it does not end");
        return error_set(err, ERR_STOPPED, "the run has failed");
    }
    if (is_step) {
        run->is_hurt = run->goes_on_plain = true;
        return model_hurt(run, call, request, out, err);
    }
    if (run->goes_on_plain)
        return model_go_on(run, request, out, err);

    int result = play(run, call, request, out, err);
    /* The exchange that was played; NULL for a token. */
    const struct script_exchange *played =
        run->repeated > 0 && !wire_is_token_request(request)
            ? &run->act->exchanges[run->next]
            : NULL;
    if (torture->step != 0 && played != NULL)
        model_follow(run, played, request);
    if (torture->step != 0 && run->requests + 1 == torture->step &&
        (torture->hurt == HURT_STOP_BEFORE || torture->hurt == HURT_ABORT_BEFORE)) {
        run->is_hurt = run->goes_on_plain = true;
        wire_signal(run, torture->hurt == HURT_STOP_BEFORE ? SIGNAL_STOP : SIGNAL_ABORT);
    }
    return result;
}

void wire_free(struct http_transport *transport)
{
    (void)transport; /* the run is its owner's */
}
