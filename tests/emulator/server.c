/* The listeners and the way of a request: logged, counted, taking effect, waiting, answered.
 * SPDX-License-Identifier: MPL-2.0 */
#include "server.h"

#include <stdlib.h>
#include <string.h>
#include <event2/buffer.h>
#include <event2/http.h>

#include "arm.h"
#include "control.h"
#include "entra.h"
#include "exchange.h"
#include "fault.h"
#include "listen.h"
#include "log.h"
#include "machine.h"
#include "oidc.h"
#include "second.h"
#include "store.h"
#include "switches.h"
#include "text.h"
#include "tokens.h"
#include "wire.h"

static struct event_base *the_base;
static struct exchange *pending;
static struct listener main_listener, second_listener, control_listener, machine_listener;
static struct event *reopen_timer, *wake_timer, *tls_timer;

/* --- the log's view ----------------------------------------------------------------------- */

static json_t *show_headers(struct evhttp_request *request)
{
    json_t *shown = json_object();
    const struct evkeyval *header;
    const struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
    for (header = headers->tqh_first; header; header = header->next.tqe_next) {
        bool has_tokens =
            evutil_ascii_strcasecmp(header->key, "Authorization") == 0 ||
            evutil_ascii_strcasecmp(header->key, "x-ms-authorization-auxiliary") == 0;
        bool is_secret = evutil_ascii_strcasecmp(header->key, "X-IDENTITY-HEADER") == 0;
        char *value = has_tokens ? tokens_redact_header(header->value)
                                 : text_copy(is_secret ? "<secret>" : header->value);
        json_object_set_new_nocheck(shown, header->key, text_json(value, strlen(value)));
        free(value);
    }
    return shown;
}

static long log_request(const struct exchange *x)
{
    char *body = entra_owns(x->path) ? entra_redact_form(x->body) : NULL;
    json_t *shown_body =
        body ? text_json(body, strlen(body)) : text_json(x->body, x->body_bytes);
    free(body);
    return log_event(requests_log, "REQUEST",
                     json_pack("{s:s, s:o, s:I, s:o, s:o}", "method", x->method, "path",
                               text_json(x->target, strlen(x->target)), "connection",
                               (json_int_t)listen_number(x->request), "headers",
                               show_headers(x->request), "body", shown_body));
}

static void log_answer(const struct exchange *x)
{
    size_t length;
    char *body = x->answer.shown ? json_dumps(x->answer.shown, JSON_COMPACT)
                                 : wire_body(x, &length);
    json_t *shown = body ? text_json(body, strnlen(body, 65536)) : json_null();
    free(body);
    log_event(requests_log, "ANSWER",
              json_pack("{s:I, s:i, s:O?, s:o}", "request", (json_int_t)x->number,
                        "status", x->answer.status, "headers", x->answer.headers, "body",
                        shown));
}

static void log_fault(const struct exchange *x)
{
    log_event(requests_log, "FAULT",
              json_pack("{s:I, s:s, s:O, s:b, s:O}", "request", (json_int_t)x->number,
                        "kind", x->kind, "what", json_object_get(x->fault, "what"),
                        "before", fault_is_before(x->fault), "rule", x->fault));
}

/* --- an exchange -------------------------------------------------------------------------- */

static void exchange_free(struct exchange *x)
{
    if (x->previous)
        x->previous->next = x->next;
    else
        pending = x->next;
    if (x->next)
        x->next->previous = x->previous;
    if (x->timer)
        event_free(x->timer);
    answer_clear(&x->answer);
    json_decref(x->query);
    json_decref(x->fault);
    free(x->target);
    free(x->path);
    free(x->body);
    free(x->busy_key);
    free(x);
}

static const char *method_of(struct evhttp_request *request)
{
    switch (evhttp_request_get_command(request)) {
    case EVHTTP_REQ_GET:
        return "GET";
    case EVHTTP_REQ_POST:
        return "POST";
    case EVHTTP_REQ_HEAD:
        return "HEAD";
    case EVHTTP_REQ_PUT:
        return "PUT";
    case EVHTTP_REQ_DELETE:
        return "DELETE";
    case EVHTTP_REQ_PATCH:
        return "PATCH";
    default:
        return "OPTIONS";
    }
}

/* Who answers: the kinds that are not ARM's are sign-in. */
static const char *kind_of(const struct exchange *x, bool is_machine)
{
    if (is_machine)
        return "IDENTITY";
    if (entra_owns(x->path))
        return "TOKEN";
    return oidc_owns(x->path) ? "OIDC" : arm_kind(x->method, x->path);
}

static bool is_sign_in(const struct exchange *x)
{
    return text_is_one_of(x->kind, "TOKEN|OIDC|IDENTITY");
}

static struct exchange *exchange_new(struct evhttp_request *request, bool is_machine)
{
    struct exchange *x = calloc(1, sizeof *x);
    struct evbuffer *input = evhttp_request_get_input_buffer(request);
    if (x == NULL)
        abort();
    x->request = request;
    x->method = method_of(request);
    x->target = text_copy(evhttp_request_get_uri(request));
    size_t path_length = strcspn(x->target, "?");
    x->path = text_format("%.*s", (int)path_length, x->target);
    x->query = form_parse(x->target + path_length + (x->target[path_length] == '?'),
                          false, true, &x->query_fault);
    x->body_bytes = evbuffer_get_length(input);
    x->body = calloc(1, x->body_bytes + 1);
    if (x->body == NULL)
        abort();
    evbuffer_copyout(input, x->body, x->body_bytes);
    x->kind = kind_of(x, is_machine);
    x->next = pending;
    if (pending)
        pending->previous = x;
    pending = x;
    return x;
}

/* Another PUT on the same registration is on its way. */
static bool is_busy(struct exchange *x)
{
    if (strcmp(x->kind, "PUT") != 0)
        return false;
    x->busy_key = arm_registration_key(x->path);
    if (switch_is("conflict_on_parallel_put", "no"))
        return false;
    for (const struct exchange *other = pending; other; other = other->next)
        if (other != x && other->busy_key && strcmp(other->busy_key, x->busy_key) == 0) {
            /* Refused, it keeps nobody else waiting. */
            free(x->busy_key);
            x->busy_key = NULL;
            return true;
        }
    return false;
}

/* The request takes its effect, and the answer is composed. */
static void answer(struct exchange *x)
{
    if (strcmp(x->kind, "TOKEN") == 0)
        entra_answer(x);
    else if (strcmp(x->kind, "OIDC") == 0)
        oidc_answer(x);
    else if (strcmp(x->kind, "IDENTITY") == 0)
        machine_answer(x);
    else if (is_busy(x))
        answer_error(x, 409, switch_text("conflict_on_parallel_put"),
                     "Another operation on this registration is in progress.");
    else
        arm_answer(x);
}

static void answer_with_fault(struct exchange *x)
{
    bool is_before = fault_is_before(x->fault);
    log_fault(x);
    if (!is_before) {
        answer(x);
    } else if (fault_needs_answer(x->fault)) {
        /* The answer that would have been, and nothing of what it says. */
        store_rehearse();
        answer(x);
        store_restore();
    }
    fault_spoil(x, x->fault);
}

static void deliver(evutil_socket_t fd, short events, void *argument)
{
    struct exchange *x = argument;
    const char *what = x->fault ? fault_what(x->fault) : "";
    (void)fd;
    (void)events;
    if (evhttp_request_get_connection(x->request) == NULL) {
        /* The client went away meanwhile, and evhttp left the request to us. */
        log_event(requests_log, "GONE",
                  json_pack("{s:I}", "request", (json_int_t)x->number));
        evhttp_request_free(x->request);
    } else if (wire_owns(what)) {
        if (fault_needs_answer(x->fault))
            log_answer(x);
        wire_send_badly(x, x->fault);
    } else {
        log_answer(x);
        wire_send(x);
    }
    exchange_free(x);
}

static void receive(struct evhttp_request *request, bool is_machine)
{
    struct exchange *x = exchange_new(request, is_machine);
    x->number = log_request(x);
    x->fault = json_incref(faults_match(x->kind));
    if (x->fault)
        answer_with_fault(x);
    else
        answer(x);
    if (!is_sign_in(x)) {
        x->answer.is_arm = true;
        arm_headers(x);
    }
    bool is_late =
        switch_is("latency_on", "ANY") || strcmp(switch_text("latency_on"), x->kind) == 0;
    long latency = is_late ? switch_number("latency_ms") : 0;
    struct timeval delay = { latency / 1000, latency % 1000 * 1000 };
    x->timer = evtimer_new(the_base, deliver, x);
    event_add(x->timer, &delay);
}

static void on_request(struct evhttp_request *request, void *unused)
{
    (void)unused;
    receive(request, false);
}

static void on_machine_request(struct evhttp_request *request, void *unused)
{
    (void)unused;
    receive(request, true);
}

/* --- the listeners ------------------------------------------------------------------------ */

struct event_base *server_base(void)
{
    return the_base;
}

int server_port(void)
{
    return main_listener.port;
}

int server_second_port(void)
{
    return second_listener.port;
}

void server_disconnect_all(void)
{
    listen_reset_connections();
}

static void reopen(evutil_socket_t fd, short events, void *unused)
{
    (void)fd;
    (void)events;
    (void)unused;
    if (!listen_open(&main_listener, main_listener.port))
        exit(1);
    log_event(requests_log, "OPEN", NULL);
}

void server_refuse(long ms)
{
    struct timeval delay = { ms / 1000, ms % 1000 * 1000 };
    listen_close(&main_listener);
    listen_reset_connections();
    event_add(reopen_timer, &delay);
}

static struct timeval from_ms(long ms)
{
    return (struct timeval){ ms / 1000, ms % 1000 * 1000 };
}

static void wake(evutil_socket_t fd, short events, void *unused)
{
    (void)fd;
    (void)events;
    (void)unused;
    listen_pause(&main_listener, false);
    log_event(requests_log, "OPEN", NULL);
}

void server_silence(long ms)
{
    struct timeval delay = from_ms(ms);
    listen_pause(&main_listener, true);
    listen_reset_connections();
    event_add(wake_timer, &delay);
}

static void set_tls(const char *mode)
{
    json_t *value = json_string(mode);
    free(switch_set("tls", value));
    json_decref(value);
    listen_reset_connections();
}

static void restore_tls(evutil_socket_t fd, short events, void *unused)
{
    (void)fd;
    (void)events;
    (void)unused;
    set_tls("ok");
}

void server_spoil_tls(const char *mode, long ms)
{
    struct timeval delay = from_ms(ms);
    set_tls(mode);
    if (ms > 0)
        event_add(tls_timer, &delay);
}

bool server_start(struct event_base *base, const char *dir, int port, int machine_port)
{
    the_base = base;
    reopen_timer = evtimer_new(base, reopen, NULL);
    wake_timer = evtimer_new(base, wake, NULL);
    tls_timer = evtimer_new(base, restore_tls, NULL);
    listen_init(&main_listener, base, LISTEN_MAIN, on_request);
    listen_init(&second_listener, base, LISTEN_SECOND, second_answer);
    listen_init(&control_listener, base, LISTEN_PLAIN, control_answer);
    listen_init(&machine_listener, base, LISTEN_PLAIN, on_machine_request);
    if (machine_port >= 0 && (!listen_open(&machine_listener, machine_port) ||
                              !listen_write_port(&machine_listener, dir, "machine-port")))
        return false;
    return listen_open(&main_listener, port) && listen_open(&second_listener, 0) &&
           listen_open(&control_listener, 0) &&
           listen_write_port(&control_listener, dir, "control-port") &&
           listen_write_port(&second_listener, dir, "second-port") &&
           listen_write_port(&main_listener, dir, "port");
}

void server_stop(void)
{
    wire_stop();
    while (pending) {
        /* One that lost its connection is in nobody else's hands. */
        if (evhttp_request_get_connection(pending->request) == NULL)
            evhttp_request_free(pending->request);
        exchange_free(pending);
    }
    listen_free(&main_listener);
    listen_free(&second_listener);
    listen_free(&control_listener);
    listen_free(&machine_listener);
    event_free(reopen_timer);
    event_free(wake_timer);
    event_free(tls_timer);
}
