/* Acts below the engine: a request, the operation behind it, the pages of a list. A fault is a
 * diagnostic whose summary is its kind.
 * SPDX-License-Identifier: MPL-2.0 */
#include <string.h>

#include "base/clock.h"
#include "exchanges/player.h"
#include "rest/list.h"
#include "rest/long_running.h"

enum { CALL_MS = 60 * 1000 };

static int report(struct run *run, const struct error *err)
{
    static const char *const kinds[] = {
        [ERR_INVALID] = "invalid",
        [ERR_SHAPE] = "shape",
        [ERR_TOO_BIG] = "too big",
        [ERR_NAME] = "name",
        [ERR_TLS] = "tls",
        [ERR_UNREACHABLE] = "unreachable",
        [ERR_LOST] = "lost",
        [ERR_REFUSED] = "refused",
        [ERR_CREDENTIAL] = "credential",
        [ERR_TIMEOUT] = "timeout",
        [ERR_STOPPED] = "stopped",
        [ERR_INTERNAL] = "internal",
    };
    return diags_error(&run->diags, NULL, kinds[err->kind], "%s", err->text);
}

static void add_text(json_t *into, const char *name, const char *text)
{
    if (text != NULL && *text != '\0')
        json_object_set_new(into, name, json_string(text));
}

/* Of the failure what the answer itself says: neither our correlation ID, nor the time of our clock. */
static void add_failure(json_t *into, const struct rest_failure *failure)
{
    char now[CLOCK_RFC3339_BYTES];
    clock_format_rfc3339(clock_wall_ms(), now);
    add_text(into, "code", failure->code);
    add_text(into, "message", failure->message);
    add_text(into, "request_id", failure->request_id);
    if (failure->correlation_id != NULL &&
        strncmp(failure->correlation_id, "c0c0c0c0", 8) != 0)
        add_text(into, "correlation_id", failure->correlation_id);
    if (failure->date != NULL && strcmp(failure->date, now) != 0)
        add_text(into, "date", failure->date);
    if (failure->is_transient)
        json_object_set_new(into, "is_transient", json_true());
}

static json_t *describe(struct run *run, const struct rest_reply *reply)
{
    json_t *found = json_pack("{s:i}", "status", reply->status);
    if (reply->is_malformed)
        json_object_set_new(found, "is_malformed", json_true());
    if (reply->is_malformed && reply->body != NULL)
        run_fail(run, "a malformed answer has a body");
    if (reply->failure.code != NULL)
        add_failure(found, &reply->failure);
    return found;
}

/* ---- what an act asks for ------------------------------------------------------------------ */

/* METHOD PATH [of TENANT] [{body}] */
struct asked {
    struct rest_request request;
    const char *tenant;
    json_t *body;
};

static bool read_asked(struct run *run, const struct script_act *act, struct asked *asked)
{
    struct arena *arena = run->arena;
    const char *text = act->argument, *brace = strchr(text, '{');
    char *head = arena_copy_bytes_as_text(
        arena, text, brace != NULL ? (size_t)(brace - text) : strlen(text));
    *asked = (struct asked){ .request.api_version = run->resource.table->api_version };
    asked->request.method = strsep(&head, " ");
    for (size_t end = strlen(head != NULL ? head : ""); end > 0 && head[end - 1] == ' ';)
        head[--end] = '\0';
    char *of = head != NULL ? strstr(head, " of ") : NULL;
    if (of != NULL) {
        *of = '\0';
        asked->tenant = of + 4;
    }
    asked->request.id = head;
    if (brace != NULL)
        asked->request.body = asked->body = json_loads(brace, 0, NULL);
    if (head != NULL && (brace == NULL || asked->body != NULL))
        return true;
    run_fail(run, "line %d: a request is METHOD PATH {body}", act->line);
    return false;
}

static struct rest_client *find_client(struct run *run, struct call *call,
                                       const char *tenant)
{
    struct error err = run->session_fault;
    struct service *service;
    struct rest_client *client = NULL;
    if (run->session == NULL ||
        session_service(run->session, call, run->resource.table->service->name, &service,
                        &err) < 0)
        report(run, &err);
    else if (tenant == NULL)
        client = service_client(service);
    else if (service_client_of_tenant(service, tenant, &client, &err) < 0)
        report(run, &err);
    return client;
}

/* ---- the acts ------------------------------------------------------------------------------ */

static struct rest_reply *exchange(struct run *run, struct call *call,
                                   struct rest_client *client,
                                   const struct rest_request *request)
{
    struct error err = NO_ERROR;
    struct rest_reply *reply = NULL;
    bool is_read = model_is_read(request->method);
    call->is_shielded = !is_read;
    if ((is_read ? rest_read : rest_write)(call, client, request, &reply, &err) < 0)
        report(run, &err);
    call->is_shielded = false;
    return reply;
}

static void follow(struct run *run, struct call *call, struct rest_client *client,
                   const struct rest_request *request, const struct rest_reply *reply)
{
    static const char *const ends[] = {
        [REST_OPERATION_NONE] = "none",
        [REST_OPERATION_UNREADABLE] = "unreadable",
        [REST_OPERATION_SUCCEEDED] = "succeeded",
        [REST_OPERATION_FAILED] = "failed",
        [REST_OPERATION_UNFINISHED] = "unfinished",
    };
    struct error err = NO_ERROR;
    auto_rest_reply failed = NULL;
    enum rest_operation_end end =
        rest_operation_wait(call, client, request, reply, &failed, &err);
    json_t *found = json_pack("{s:s}", "end", ends[end]);
    if (failed != NULL)
        add_failure(found, &failed->failure);
    json_array_append_new(run->listed, found);
    if (err.kind != ERR_NONE)
        report(run, &err);
}

struct pages {
    struct run *run;
    size_t most; /* 0: all */
    size_t count;
};

static int take_page(void *state, const json_t *objects, struct error *err)
{
    struct pages *pages = state;
    const json_t *object;
    size_t i;
    (void)err;
    json_t *ids = json_array();
    json_array_foreach((json_t *)(uintptr_t)objects, i, object)
        json_array_append(ids, json_object_get(object, "id"));
    json_array_append_new(pages->run->listed, ids);
    return ++pages->count == pages->most;
}

static void list(struct run *run, struct call *call, struct rest_client *client,
                 const struct asked *asked)
{
    struct error err = NO_ERROR;
    struct rest_failure failure = { 0 };
    const char *method = asked->request.method;
    struct pages pages = { .run = run, .most = strcmp(method, "ONE") == 0 };
    const struct rest_list wanted = { .id = asked->request.id,
                                      .api_version = asked->request.api_version,
                                      .is_optional = strcmp(method, "OPTIONAL") == 0,
                                      .failure = &failure };
    if (rest_list(call, client, &wanted, take_page, &pages, &err) < 0)
        report(run, &err);
    if (failure.status != 0) {
        json_t *found = json_pack("{s:i}", "status", failure.status);
        add_failure(found, &failure);
        json_array_append_new(run->listed, found);
    }
    rest_failure_clear(&failure);
}

void run_rest(struct run *run, const struct script_act *act)
{
    struct asked asked = { 0 };
    struct call *call = run_call(run);
    call->deadline_ms =
        clock_monotonic_ms() + (act->within_ms != 0 ? act->within_ms : CALL_MS);
    json_array_clear(run->listed);
    run->played = 0;
    if (act->verb != DO_SHARED && !read_asked(run, act, &asked))
        return;
    struct rest_client *client = find_client(run, call, asked.tenant);
    if (client != NULL && act->verb == DO_SHARED) {
        run_shared(run, call, client, act->argument);
    } else if (client != NULL && act->verb == DO_PAGES) {
        list(run, call, client, &asked);
    } else if (client != NULL) {
        auto_rest_reply reply = exchange(run, call, client, &asked.request);
        if (reply != NULL && act->verb == DO_OPERATION)
            follow(run, call, client, &asked.request, reply);
        else if (reply != NULL)
            json_array_append_new(run->listed, describe(run, reply));
    }
    json_decref(asked.body);
}
