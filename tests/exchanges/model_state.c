/* What the model knows of a script, and how it goes on for the script's service under torture.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/clock.h"
#include "exchanges/player.h"
#include "support/engine_json.h"

/* ---- what is true ------------------------------------------------------------------------ */

static json_t *parse(struct bytes text)
{
    return json_loadb((const char *)text.data, text.length, 0, NULL);
}

/* Dotted. */
static void put(json_t *body, struct arena *arena, const char *place, json_t *value)
{
    size_t length = strcspn(place, ".");
    const char *name = arena_copy_bytes_as_text(arena, place, length);
    if (place[length] == '\0') {
        json_object_set(body, name, value);
        return;
    }
    if (json_object_get(body, name) == NULL)
        json_object_set_new(body, name, json_object());
    put(json_object_get(body, name), arena, place + length + 1, value);
}

/* What the state says of these attributes, as the service would show it. */
static json_t *body_of_rows(const struct run *run, const struct attribute *rows,
                            const json_t *state)
{
    json_t *body = json_object();
    for (const struct attribute *row = rows; row->name != NULL; row++) {
        json_t *value = json_object_get(state, row->name);
        if (row->body == NULL || row->between != NULL || value == NULL ||
            json_is_null(value))
            continue;
        json_t *shown = row->nesting == NESTING_SINGLE
                            ? body_of_rows(run, row->rows, value)
                            : json_incref(value);
        put(body, run->arena, row->body, shown);
        json_decref(shown);
    }
    return body;
}

static json_t *body_of_state(const struct run *run, const json_t *state)
{
    return body_of_rows(run, run->resource.table->attributes, state);
}

static void learn(struct run *run, json_t *seen, const struct script_exchange *exchange)
{
    struct model *model = &run->model;
    const struct model_service *service = model->service;
    const char *id = service->object_of(model, run->arena, exchange->url);
    const char *own = NULL;
    bool is_read = model_is_read(exchange->method);
    bool is_answered = exchange->fault == FAULT_NONE;
    const char *text = arena_copy_bytes_as_text(
        run->arena, (const char *)exchange->reply.data, exchange->reply.length);
    bool is_absent =
        id != NULL && is_answered && service->says_absent(model, exchange->status, text);
    if (is_absent && json_object_get(seen, id) == NULL)
        model_drop(model, id);
    /* A list may show what a GET then does not, so its own URL has the last word. */
    if (id != NULL && (is_answered || !is_read) && json_object_get(seen, id) == NULL)
        own = id;
    json_t *answer = parse(exchange->reply);
    const json_t *one;
    for (size_t at = 0; is_read && is_answered && exchange->status == 200 && !is_absent &&
                        (one = service->shown(model, run->arena, exchange->url, answer,
                                              at, &id)) != NULL;
         at++) {
        if (json_object_get(seen, id) == NULL)
            model_hold(model, id, json_deep_copy(one), false);
    }
    if (own != NULL)
        json_object_set_new(seen, own, json_true());
    json_decref(answer);
}

void model_fill(struct run *run)
{
    const struct script *script = run->script;
    const char *state_id = json_string_value(json_object_get(script->state, "id"));
    if (state_id != NULL) {
        model_hold(&run->model, state_id, body_of_state(run, script->state), false);
        json_object_set_new(model_find(&run->model, state_id), "is_managed", json_true());
    }
    json_t *seen = json_object();
    for (size_t a = 0; a < script->act_count; a++) {
        for (size_t i = 0; i < script->acts[a].exchange_count; i++) {
            const struct script_exchange *exchange = &script->acts[a].exchanges[i];
            /* What shows from here on may be what was created. */
            if (strcmp(exchange->method, "POST") == 0 &&
                strncmp(exchange->url, run->model.service->base,
                        strlen(run->model.service->base)) == 0)
                a = script->act_count - 1, i = SCRIPT_PARTS_MAX;
            else
                learn(run, seen, exchange);
        }
    }
    json_decref(seen);
}

/* ---- what the script's service did ----------------------------------------------------------- */

/* How an exchange shows what a request wrote: the caller's; NULL: it does not. */
static bool says_no(const struct model_service *service, const json_t *answer)
{
    return service->says_no != NULL && service->says_no(answer);
}

static json_t *find_shown(struct run *run, const struct script_exchange *exchange,
                          const struct http_request *request)
{
    struct model *model = &run->model;
    const struct model_service *service = model->service;
    json_t *answer = exchange->fault == FAULT_NONE && exchange->status < 300
                         ? parse(exchange->reply)
                         : NULL;
    const json_t *one;
    json_t *found = NULL;
    const char *id;
    for (size_t at = 0; found == NULL && answer != NULL && !says_no(service, answer) &&
                        (one = service->shown(model, run->arena, exchange->url, answer,
                                              at, &id)) != NULL;
         at++) {
        if (service->is_about(model, run->arena, request, id, one))
            found = json_deep_copy(one);
    }
    json_decref(answer);
    return found;
}

static bool did_say_no(const struct script_exchange *exchange,
                       const struct model_service *service)
{
    json_t *answer = parse(exchange->reply);
    bool is_no = exchange->status >= 300 || (answer != NULL && says_no(service, answer));
    json_decref(answer);
    return is_no;
}

/* The service acted, or not: the object is as it shows now. */
static void settle(struct run *run, const struct http_request *request,
                   const json_t *shown)
{
    struct model *model = &run->model;
    const char *id = model->service->object_of(model, run->arena, request->url);
    if (id != NULL && model_find(model, id) != NULL)
        model_hold(model, id, json_deep_copy(shown), false);
    else
        model->service->act(model, run->arena, request, shown);
}

/* An answer that leaves it open is settled by the next one about the same object. */
static void follow_open(struct run *run, const struct script_exchange *exchange,
                        const struct http_request *request)
{
    struct model *model = &run->model;
    const struct script_act *act = run->act;
    bool is_delete = strcmp(exchange->method, "DELETE") == 0;
    for (const struct script_exchange *next = exchange + 1;
         next < act->exchanges + act->exchange_count; next++) {
        if (strcmp(next->url, exchange->url) == 0 &&
            strcmp(next->method, exchange->method) == 0)
            return; /* nothing was done, or it would not be sent again */
        if (next->fault != FAULT_NONE || !model_is_read(next->method))
            continue;
        json_t *shown = find_shown(run, next, request);
        const char *text = arena_copy_bytes_as_text(
            run->arena, (const char *)next->reply.data, next->reply.length);
        bool is_gone = strcmp(next->url, exchange->url) == 0 &&
                       model->service->says_absent(model, next->status, text);
        if (shown != NULL && !is_delete)
            settle(run, request, shown);
        if (is_gone && is_delete)
            model->service->act(model, run->arena, request, NULL);
        if (shown != NULL || is_gone) {
            json_decref(shown);
            return;
        }
    }
}

void model_follow(struct run *run, const struct script_exchange *exchange,
                  const struct http_request *request)
{
    const struct script_act *act = run->act;
    struct model *model = &run->model;
    if (model_is_read(request->method))
        return;
    if (exchange->fault != FAULT_NONE || exchange->status >= 500) {
        follow_open(run, exchange, request);
        return;
    }
    if (did_say_no(exchange, model->service))
        return;
    json_t *shown = NULL;
    for (const struct script_exchange *next = exchange;
         next < act->exchanges + act->exchange_count; next++) {
        json_t *later = find_shown(run, next, request);
        if (later != NULL) {
            json_decref(shown);
            shown = later;
        }
    }
    model->service->act(model, run->arena, request, shown);
    json_decref(shown);
}

/* ---- what the model does ------------------------------------------------------------------- */

/* Of two requests about one object the service takes the later one; a POST makes an object each
 * time. */
static void act(struct run *run, const struct http_request *request)
{
    for (size_t i = json_array_size(run->late);
         i > 0 && strcmp(request->method, "POST") != 0 && !model_is_read(request->method);
         i--) {
        const json_t *one = json_array_get(run->late, i - 1);
        if (strcmp(json_string_value(json_object_get(one, "url")), request->url) == 0)
            json_array_remove(run->late, i - 1);
    }
    if (!wire_is_token_request(request))
        run->model.service->act(&run->model, run->arena, request, NULL);
}

static void act_later(struct run *run, const struct http_request *request)
{
    if (wire_is_token_request(request) || model_is_read(request->method))
        return;
    json_array_append_new(
        run->late,
        json_pack("{s:I, s:s, s:s, s:s%}", "due",
                  (json_int_t)(clock_monotonic_ms() + MODEL_LATE_MS), "method",
                  request->method, "url", request->url, "body",
                  request->body.length > 0 ? (const char *)request->body.data : "",
                  request->body.length));
}

void model_catch_up(struct run *run, int64_t now_ms)
{
    while (json_array_size(run->late) > 0) {
        json_t *one = json_array_get(run->late, 0), *body = json_object_get(one, "body");
        if (json_integer_value(json_object_get(one, "due")) > now_ms)
            return;
        const struct http_request request = {
            .method = json_string_value(json_object_get(one, "method")),
            .url = json_string_value(json_object_get(one, "url")),
            .has_body = json_string_length(body) > 0,
            .body = BYTES(json_string_value(body), json_string_length(body)),
        };
        run->model.service->act(&run->model, run->arena, &request, NULL);
        json_array_remove(run->late, 0);
    }
}

static int answer_plain(struct run *run, const struct http_request *request,
                        struct http_reply **out)
{
    struct model *model = &run->model;
    if (wire_is_token_request(request))
        return wire_answer_token(run, request, out);
    if (strstr(request->url, MODEL_OPERATION) != NULL)
        return wire_answer(run, out, 204, NULL, NULL, "");
    const char *id = model->service->object_of(model, run->arena, request->url);
    bool did_hold = id != NULL && model_find(model, id) != NULL;
    act(run, request);
    const char *body;
    int status = model->service->answer(model, run->arena, request, did_hold, &body);
    return wire_answer(run, out, status, "Content-Type", "application/json", body);
}

static int answer_error(struct run *run, struct http_reply **out, int status)
{
    return wire_answer(run, out, status, "Content-Type", "application/json",
                       run->model.service->error(status));
}

static const struct {
    bool does_it; /* before whatever becomes of the answer */
    enum script_fault fault;
    int status; /* with the service's own error */
} plain_hurts[HURT_COUNT] = {
    [HURT_REFUSED] = { false, FAULT_REFUSED, 0 },
    [HURT_NAME] = { false, FAULT_NAME, 0 },
    [HURT_LOST_BEFORE] = { false, FAULT_LOST, 0 },
    [HURT_LOST_AFTER] = { true, FAULT_LOST, 0 },
    [HURT_NOT_HTTP] = { true, FAULT_SHAPE, 0 },
    [HURT_BIG] = { true, FAULT_BIG, 0 },
    [HURT_500_BEFORE] = { false, FAULT_NONE, 500 },
    [HURT_500_AFTER] = { true, FAULT_NONE, 500 },
    [HURT_503_BEFORE] = { false, FAULT_NONE, 503 },
    [HURT_503_AFTER] = { true, FAULT_NONE, 503 },
    [HURT_504_AFTER] = { true, FAULT_NONE, 504 },
    [HURT_401] = { false, FAULT_NONE, 401 },
    [HURT_403] = { false, FAULT_NONE, 403 },
};

int model_hurt(struct run *run, struct call *call, const struct http_request *request,
               struct http_reply **out, struct error *err)
{
    static const char page[] = "<html><body>Please sign in.</body></html>";
    enum hurt how = run->torture.hurt;
    if (plain_hurts[how].does_it)
        act(run, request);
    if (plain_hurts[how].fault != FAULT_NONE)
        return wire_fail_as(run, plain_hurts[how].fault, err);
    if (plain_hurts[how].status != 0) {
        wire_note_refusal(run, request, plain_hurts[how].status);
        return answer_error(run, out, plain_hurts[how].status);
    }
    switch (how) {
    case HURT_LOST_LATE:
        act_later(run, request);
        return wire_fail_as(run, FAULT_LOST, err);
    case HURT_202_LATE:
        act_later(run, request);
        return wire_answer(run, out, 202, "Content-Type", "application/json", "");
    case HURT_202_SAYS_DONE:
        act_later(run, request);
        return wire_answer(
            run, out, 202, "Location",
            arena_print(run->arena, "%s%s", run->model.service->base, MODEL_OPERATION),
            "");
    case HURT_CUT:
        act(run, request);
        return wire_answer(run, out, 200, "Content-Type", "application/json",
                           "{\"id\":\"/subscr");
    case HURT_HTML:
        return wire_answer(run, out, 200, "Content-Type", "text/html", page);
    case HURT_404_HTML:
        return wire_answer(run, out, 404, "Content-Type", "text/html", page);
    case HURT_302:
        return wire_answer(run, out, 302, "Location",
                           "https://portal.example.com/sign-in", page);
    case HURT_429:
        return wire_answer(run, out, 429, "Retry-After", "2",
                           run->model.service->error(429));
    case HURT_503_LATER:
        return wire_answer(run, out, 503, "Retry-After", "3", "");
    case HURT_STOP_DURING:
    case HURT_ABORT_DURING:
        wire_signal(run, how == HURT_STOP_DURING ? SIGNAL_STOP : SIGNAL_ABORT);
        if (!call_is_stopped(call))
            return answer_plain(run, request, out);
        act(run, request);
        return wire_fail_as(run, FAULT_STOPPED, err);
    default: /* stops before it: the step itself goes well */
        return answer_plain(run, request, out);
    }
}

int model_go_on(struct run *run, const struct http_request *request,
                struct http_reply **out, struct error *err)
{
    model_catch_up(run, clock_monotonic_ms());
    switch (run->torture.after) {
    case AFTER_REFUSED:
        return wire_fail_as(run, FAULT_REFUSED, err);
    case AFTER_LOST:
        clock_fake_advance(20 * 1000);
        return wire_fail_as(run, FAULT_LOST, err);
    case AFTER_500:
        return answer_error(run, out, 500);
    default:
        return answer_plain(run, request, out);
    }
}
