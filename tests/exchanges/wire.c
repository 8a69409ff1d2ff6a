/* The service's side of a run: the script, then under torture the model.
 * SPDX-License-Identifier: MPL-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "exchanges/player.h"

static const char login[] = "https://login.microsoftonline.com/";

/* ---- answers ------------------------------------------------------------------------------ */

static struct http_reply *make_reply(int status, const struct http_header *headers,
                                     size_t count, const char *body, size_t length)
{
    struct http_reply *reply = memory_new(sizeof *reply);
    reply->status = status;
    reply->header_count = count;
    reply->headers = memory_resize(NULL, count + 1, sizeof *reply->headers);
    for (size_t i = 0; i < count; i++)
        reply->headers[i] = (struct http_header){ memory_copy_text(headers[i].name),
                                                  memory_copy_text(headers[i].value) };
    uint8_t *copy = memory_new(length + 1);
    if (length > 0)
        memcpy(copy, body, length);
    reply->body = (struct bytes){ copy, length };
    return reply;
}

static int answer(struct run *run, struct http_reply **out, int status,
                  const char *header, const char *value, const char *body)
{
    const struct http_header one = { header, value };
    *out = make_reply(status, &one, header != NULL, body, strlen(body));
    run->last_ms = clock_monotonic_ms();
    return 0;
}

static int fail_as(struct run *run, enum script_fault fault, struct error *err)
{
    static const struct {
        enum error_kind kind;
        const char *text;
    } faults[] = {
        [FAULT_LOST] = { ERR_LOST, "the connection was reset" },
        [FAULT_CUT] = { ERR_LOST, "the answer ended in its middle" },
        [FAULT_REFUSED] = { ERR_UNREACHABLE,
                            "management.azure.com refused the connection" },
        [FAULT_NAME] = { ERR_NAME, "the name management.azure.com does not resolve" },
        [FAULT_TLS] = { ERR_TLS, "the certificate is not trusted" },
        [FAULT_SHAPE] = { ERR_SHAPE, "the answer is not HTTP" },
        [FAULT_BIG] = { ERR_TOO_BIG, "the answer is too big" },
        [FAULT_STOPPED] = { ERR_LOST, "stopped on request while waiting for the answer" },
    };
    run->last_ms = clock_monotonic_ms();
    return error_set(err, faults[fault].kind, "%s", faults[fault].text);
}

static int answer_token(struct run *run, struct http_reply **out)
{
    char body[256];
    snprintf(body, sizeof body,
             "{\"token_type\":\"Bearer\",\"expires_in\":86399,"
             "\"access_token\":\"token-%u\"}",
             ++run->tokens);
    return answer(run, out, 200, "Content-Type", "application/json", body);
}

static void signal_run(struct run *run, enum script_signal signal)
{
    if (signal == SIGNAL_STOP)
        stop_request(run->stop);
    if (signal == SIGNAL_ABORT)
        stop_abort(run->stop);
}

/* ---- what every request must be ----------------------------------------------------------- */

static bool is_token_request(const struct http_request *request)
{
    return strncmp(request->url, login, strlen(login)) == 0;
}

static const char *find_header(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    }
    return NULL;
}

/* "…/subscriptions/ID?api-version=…", and nothing in it. */
static bool is_about_subscription(const char *url)
{
    static const char part[] = "/subscriptions/";
    const char *at = strstr(url, part);
    return at != NULL && at[strlen(part) + strcspn(at + strlen(part), "/?")] == '?';
}

static void check_request(struct run *run, const struct call *call,
                          const struct http_request *request)
{
    const char *type = find_header(request, "Content-Type");
    const char *token = request->bearer != NULL ? secret_reveal(request->bearer) : NULL;
    bool is_write = strcmp(request->method, "PUT") == 0;
    /* Who belongs to which tenant is asked without a token. */
    if (is_about_subscription(request->url)) {
        if (token != NULL || find_header(request, "Authorization") != NULL ||
            request->has_body || strcmp(request->method, "GET") != 0)
            run_fail(run, "%s is not a GET without a token", request->url);
        return;
    }
    if (strstr(request->url, "api-version=2017-06-01") == NULL)
        run_fail(run, "%s has no api-version", request->url);
    if (token == NULL)
        run_fail(run, "%s %s has no token", request->method, request->url);
    else if (strcmp(token, run->refused_token) == 0)
        run_fail(run, "a token is used again that the service refused");
    if (request->has_body != is_write)
        run_fail(run, "%s with the wrong idea of a body", request->method);
    if (is_write && (type == NULL || strncmp(type, "application/json", 16) != 0))
        run_fail(run, "a body without Content-Type: application/json");
    if (strcmp(request->method, "GET") != 0 && !call->is_shielded)
        run_fail(run, "%s is sent without a shield", request->method);
}

static void note_refusal(struct run *run, const struct http_request *request, int status)
{
    if (status == 401 && request->bearer != NULL)
        snprintf(run->refused_token, sizeof run->refused_token, "%s",
                 secret_reveal(request->bearer));
}

/* ---- the script --------------------------------------------------------------------------- */

static bool is_expected(const struct script_exchange *exchange,
                        const struct http_request *request)
{
    if (strcmp(exchange->method, request->method) != 0 ||
        strcmp(exchange->url, request->url) != 0)
        return false;
    if (is_token_request(request))
        return true; /* its body holds secrets, and is tests/unit/auth's to check */
    if ((exchange->body != NULL) != request->has_body)
        return false;
    if (exchange->body == NULL)
        return true;
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
    signal_run(run,
               next < act->exchange_count ? act->exchanges[next].before : act->after);
}

static void check_wait(struct run *run, int line, int64_t least_ms, int64_t most_ms)
{
    int64_t waited = clock_monotonic_ms() - run->last_ms;
    if (most_ms >= 0 && (waited < least_ms || waited > most_ms))
        run_fail(run, "line %d: it waited %lld ms", line, (long long)waited);
}

static int play(struct run *run, struct call *call, const struct http_request *request,
                struct http_reply **out, struct error *err)
{
    const struct script_exchange *exchange = take_exchange(run, request);
    if (exchange == NULL && is_token_request(request))
        return answer_token(run, out);
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
    signal_run(run, exchange->during);
    if (exchange->takes_ms > 0)
        clock_fake_advance(exchange->takes_ms);
    if (call_is_over(call) != (exchange->fault == FAULT_STOPPED))
        run_fail(run, "line %d: the call is %s", exchange->line,
                 call_is_over(call) ? "over, no answer can reach it" : "not over");
    if (exchange->fault != FAULT_NONE) {
        fail_as(run, exchange->fault, err);
    } else {
        *out = make_reply(exchange->status, exchange->headers, exchange->header_count,
                          (const char *)exchange->reply.data, exchange->reply.length);
        run->last_ms = clock_monotonic_ms();
        note_refusal(run, request, exchange->status);
    }
    signal_before_next(run);
    return exchange->fault != FAULT_NONE ? -1 : 0;
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

/* ---- the model ---------------------------------------------------------------------------- */

static bool says_absent(const struct script_exchange *exchange)
{
    return exchange->fault == FAULT_NONE && exchange->status >= 400 &&
           (exchange->status == 404 ||
            strstr((const char *)exchange->reply.data, "CustomerSubscriptionNotFound") !=
                NULL ||
            strstr((const char *)exchange->reply.data, "\"ResourceNotFound\"") != NULL);
}

static const char *tenant_in(struct arena *arena, struct bytes text)
{
    json_t *json = json_loadb((const char *)text.data, text.length, 0, NULL);
    const char *tenant = json_string_value(
        json_object_get(json_object_get(json, "properties"), "tenantId"));
    const char *copy =
        tenant != NULL && *tenant != '\0' ? arena_copy_text(arena, tenant) : NULL;
    json_decref(json);
    return copy;
}

void wire_fill_model(struct run *run)
{
    const struct script *script = run->script;
    const char *state_id = json_string_value(json_object_get(script->state, "id"));
    if (state_id != NULL)
        model_hold(&run->model, state_id,
                   json_string_value(json_object_get(script->state, "tenant_id")), false);
    json_t *seen = json_object();
    for (size_t a = 0; a < script->act_count; a++) {
        for (size_t i = 0; i < script->acts[a].exchange_count; i++) {
            const struct script_exchange *exchange = &script->acts[a].exchanges[i];
            const char *id = model_mapping_of(run->arena, exchange->url);
            if (id == NULL || json_object_get(seen, id) != NULL ||
                exchange->fault != FAULT_NONE)
                continue;
            json_object_set_new(seen, id, json_true());
            if (says_absent(exchange))
                model_drop(&run->model, id);
            else if (exchange->status == 200 && strcmp(exchange->method, "GET") == 0)
                model_hold(&run->model, id, tenant_in(run->arena, exchange->reply),
                           false);
        }
    }
    json_decref(seen);
}

/* What the script's service did, so that the model can go on from there. An answer that
 * leaves it open is settled by the next one about the same id. */
static void follow_script(struct run *run, const struct script_exchange *exchange,
                          const struct http_request *request)
{
    bool is_put = strcmp(request->method, "PUT") == 0;
    if (!is_put && strcmp(request->method, "DELETE") != 0)
        return;
    bool acted = exchange->fault == FAULT_NONE && exchange->status < 300;
    bool is_open = exchange->fault != FAULT_NONE || exchange->status >= 500;
    const struct script_act *act = run->act;
    for (const struct script_exchange *next = exchange + 1;
         is_open && next < act->exchanges + act->exchange_count; next++) {
        if (strcmp(next->url, exchange->url) != 0)
            continue;
        if (strcmp(next->method, exchange->method) == 0)
            break; /* nothing was done, or it would not be sent again */
        if (next->fault != FAULT_NONE || strcmp(next->method, "GET") != 0)
            continue;
        acted = is_put ? next->status == 200 : says_absent(next);
        break;
    }
    if (!acted)
        return;
    model_act(&run->model, run->arena, request);
    /* The script's service may find out another tenant than the model. */
    const char *id = model_mapping_of(run->arena, request->url);
    for (const struct script_exchange *next = exchange;
         is_put && next < act->exchanges + act->exchange_count; next++) {
        const char *tenant = tenant_in(run->arena, next->reply);
        if (tenant != NULL && strcmp(next->url, exchange->url) == 0)
            model_hold(&run->model, id, tenant, true);
    }
}

static int answer_plain(struct run *run, const struct http_request *request,
                        struct http_reply **out, bool does_it)
{
    if (is_token_request(request))
        return answer_token(run, out);
    const char *id = model_mapping_of(run->arena, request->url);
    bool did_hold = id != NULL && model_find(&run->model, id) != NULL;
    if (does_it)
        model_act(&run->model, run->arena, request);
    const char *body;
    int status = model_answer(&run->model, run->arena, request, did_hold, &body);
    return answer(run, out, status, "Content-Type", "application/json", body);
}

static int answer_error(struct run *run, struct http_reply **out, int status)
{
    return answer(run, out, status, "Content-Type", "application/json",
                  status == 401 ? "{\"error\":{\"code\":\"ExpiredAuthenticationToken\","
                                  "\"message\":\"The token is too old.\"}}"
                                : "{\"error\":{\"code\":\"InternalServerError\","
                                  "\"message\":\"Something went wrong.\"}}");
}

static int hurt(struct run *run, struct call *call, const struct http_request *request,
                struct http_reply **out, struct error *err)
{
    static const char page[] = "<html><body>Please sign in.</body></html>";
    enum hurt how = run->torture.hurt;
    switch (how) {
    case HURT_REFUSED:
        return fail_as(run, FAULT_REFUSED, err);
    case HURT_NAME:
        return fail_as(run, FAULT_NAME, err);
    case HURT_LOST_AFTER:
        model_act(&run->model, run->arena, request);
        return fail_as(run, FAULT_LOST, err);
    case HURT_LOST_BEFORE:
        return fail_as(run, FAULT_LOST, err);
    case HURT_NOT_HTTP:
        model_act(&run->model, run->arena, request);
        return fail_as(run, FAULT_SHAPE, err);
    case HURT_BIG:
        model_act(&run->model, run->arena, request);
        return fail_as(run, FAULT_BIG, err);
    case HURT_CUT:
        model_act(&run->model, run->arena, request);
        return answer(run, out, 200, "Content-Type", "application/json",
                      "{\"id\":\"/subscr");
    case HURT_HTML:
        return answer(run, out, 200, "Content-Type", "text/html", page);
    case HURT_404_HTML:
        return answer(run, out, 404, "Content-Type", "text/html", page);
    case HURT_302:
        return answer(run, out, 302, "Location", "https://portal.example.com/sign-in",
                      page);
    case HURT_429:
        return answer(
            run, out, 429, "Retry-After", "2",
            "{\"error\":{\"code\":\"TooManyRequests\",\"message\":\"Slow down.\"}}");
    case HURT_503_LATER:
        return answer(run, out, 503, "Retry-After", "3", "");
    case HURT_500_AFTER:
    case HURT_503_AFTER:
    case HURT_504_AFTER:
        model_act(&run->model, run->arena, request);
        return answer_error(run, out,
                            how == HURT_500_AFTER   ? 500
                            : how == HURT_503_AFTER ? 503
                                                    : 504);
    case HURT_500_BEFORE:
        return answer_error(run, out, 500);
    case HURT_503_BEFORE:
        return answer_error(run, out, 503);
    case HURT_401:
        note_refusal(run, request, 401);
        return answer_error(run, out, 401);
    case HURT_403:
        return answer(
            run, out, 403, "Content-Type", "application/json",
            "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"No.\"}}");
    case HURT_STOP_DURING:
    case HURT_ABORT_DURING:
        signal_run(run, how == HURT_STOP_DURING ? SIGNAL_STOP : SIGNAL_ABORT);
        if (!call_is_over(call))
            return answer_plain(run, request, out, true);
        model_act(&run->model, run->arena, request);
        return fail_as(run, FAULT_STOPPED, err);
    default: /* stops before it: the step itself goes well */
        return answer_plain(run, request, out, true);
    }
}

static int go_on(struct run *run, const struct http_request *request,
                 struct http_reply **out, struct error *err)
{
    switch (run->torture.after) {
    case AFTER_REFUSED:
        return fail_as(run, FAULT_REFUSED, err);
    case AFTER_LOST:
        clock_fake_advance(20 * 1000);
        return fail_as(run, FAULT_LOST, err);
    case AFTER_500:
        return answer_error(run, out, 500);
    default:
        return answer_plain(run, request, out, true);
    }
}

/* ---- the seam ------------------------------------------------------------------------------ */

static int check_call(struct call *call, struct error *err)
{
    if (call_is_over(call))
        return error_set(err, ERR_STOPPED, "stopped on request");
    if (call_left_ms(call) == 0)
        return error_set(err, ERR_TIMEOUT, "the time allowed for this operation is over");
    return 0;
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
        signal_run(run, SIGNAL_STOP);
    if (check_call(call, err) < 0) {
        run->is_hurt = run->is_hurt || is_step;
        return -1;
    }
    if (!is_token_request(request))
        check_request(run, call, request);
    if (++run->requests > RUN_REQUESTS_MAX) {
        run_fail(run, "it does not end");
        return error_set(err, ERR_STOPPED, "the run has failed");
    }
    if (is_step) {
        run->is_hurt = run->goes_on_plain = true;
        return hurt(run, call, request, out, err);
    }
    if (run->goes_on_plain)
        return go_on(run, request, out, err);

    int result = play(run, call, request, out, err);
    /* The exchange that was played; NULL for a token. */
    const struct script_exchange *played = run->repeated > 0 && !is_token_request(request)
                                               ? &run->act->exchanges[run->next]
                                               : NULL;
    if (torture->step != 0 && played != NULL)
        follow_script(run, played, request);
    if (torture->step != 0 && run->requests + 1 == torture->step &&
        (torture->hurt == HURT_STOP_BEFORE || torture->hurt == HURT_ABORT_BEFORE)) {
        run->is_hurt = run->goes_on_plain = true;
        signal_run(run, torture->hurt == HURT_STOP_BEFORE ? SIGNAL_STOP : SIGNAL_ABORT);
    }
    return result;
}

void wire_free(struct http_transport *transport)
{
    (void)transport; /* the run is its owner's */
}
