/* Sends requests with an effect. writes.md has the rules.
 *
 * An answer that confirms or refuses is trusted. After a lost answer, or one that does not say (a
 * timeout, a 5xx, a malformed body), a GET decides: if it shows the effect (the object exists, is
 * as planned, or is gone), the write is done; if not, the request is sent again. The outcome is
 * uncertain only if the GET fails as well.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "base/text.h"
#include "engine/internal.h"
#include "http/retry.h"
#include "rest/json.h"
#include "rest/long_running.h"

/* Longer than this, another client may have created the object that a create is to create. */
enum { LOOK_AGAIN_MS = 30 * 1000 };

/* By then the list shows a created object without a known ID, if the table does not say
 * otherwise. */
enum { WRITE_SHOWS_WITHIN_S = 2 * 60 };

void write_clear(struct write *write)
{
    rest_reply_free(take(write->reply));
    probe_clear(&write->seen);
}

enum verdict { VERDICT_YES, VERDICT_NO, VERDICT_LATER, VERDICT_OPEN, VERDICT_NEVER_SENT };

/* An error with a success status, and nothing was made in spite of it. */
static bool says_no(const struct write_request *request, const struct write *write)
{
    return write->reply != NULL && write->reply->status < 300 &&
           write->reply->failure.code != NULL &&
           (request->made_at == NULL ||
            !json_is_string(rest_json_find(write->reply->body, request->made_at)));
}

static enum verdict judge(struct operation *operation,
                          const struct write_request *request, const struct write *write,
                          bool was_answered)
{
    if (was_answered && write->reply->status >= 400 &&
        (write->reply->failure.is_transient ||
         text_is_one_of(write->reply->failure.code,
                        operation->resource->table->not_yet) ||
         (request->effect.kind == EFFECT_EXISTS &&
          probe_says_parent_gone(operation, write->reply) &&
          operation_expects_parent(operation))))
        return VERDICT_LATER;
    if (was_answered && text_is_one_of(write->reply->failure.code, request->repeated))
        return VERDICT_OPEN;
    switch (http_classify(was_answered ? write->reply->http : NULL, &write->err)) {
    case HTTP_RESPONDED:
        if (write->reply->status >= 300)
            return VERDICT_NO;
        /* A proxy's page has a success status for everything, and an error with a success status
         * may have had an effect. */
        return write->reply->is_malformed || says_no(request, write) ? VERDICT_OPEN
                                                                     : VERDICT_YES;
    case HTTP_RETRYABLE:
        return VERDICT_LATER;
    case HTTP_UNCERTAIN:
        return VERDICT_OPEN;
    default:
        return VERDICT_NEVER_SENT;
    }
}

/* A request that must not be repeated is searched for until it had enough time to show. */
static enum effect_state probe_for_effect(struct operation *operation,
                                          const struct write_request *request,
                                          bool is_refused, struct probe *out)
{
    if (request->effect.kind == EFFECT_NONE)
        return EFFECT_NOT_DONE;
    if (!request->is_once || is_refused) {
        probe_get(operation, out);
        return probe_effect(operation, out, &request->effect);
    }
    struct call *call = operation->call;
    const struct write_rule *create = operation->resource->table->create;
    unsigned within_s = create != NULL && create->shows_within_s != 0
                            ? create->shows_within_s
                            : WRITE_SHOWS_WITHIN_S;
    int64_t deadline_ms = call_shorten(call, (int64_t)within_s * 1000);
    enum effect_state state = probe_wait(operation, &request->effect, out);
    call->deadline_ms = deadline_ms;
    return state;
}

/* No GET shows whether write-only values took effect. */
static bool is_hidden(const struct write_request *request)
{
    return request->has_secrets && request->effect.kind == EFFECT_MATCHES;
}

/* It may have taken effect; `err` says why that is not known. */
static bool end_uncertain(struct operation *operation, struct write *out)
{
    out->end = WRITE_UNCERTAIN;
    /* The deadline passed, with a connection to the service. */
    if (out->seen.err.kind == ERR_TIMEOUT && out->reply == NULL)
        out->err.kind = ERR_TIMEOUT;
    if (out->reply != NULL && out->reply->status >= 400) {
        error_set(&out->err, ERR_LOST, "%s returned status %d %s",
                  explain_service(operation), out->reply->status,
                  write_only_hide(operation, out->reply->failure.code));
    } else if (out->reply != NULL) {
        rest_refuse_shape(operation->client, out->reply->status, &out->err);
        out->err.kind = ERR_LOST;
    }
    return true;
}

/* A GET decides. True: `out` says how it ended. False: it did not take effect and is sent again. */
static bool decide(struct operation *operation, const struct write_request *request,
                   struct write *out)
{
    operation->is_sent = true;
    bool is_refused = says_no(request, out) &&
                      !text_is_one_of(out->reply->failure.code, request->repeated);
    enum effect_state state =
        probe_for_effect(operation, request, is_refused, &out->seen);
    if (state == EFFECT_DONE && is_hidden(request))
        state = EFFECT_NOT_DONE;
    switch (state) {
    case EFFECT_DONE:
        out->end = WRITE_DONE;
        return true;
    case EFFECT_NOT_DONE:
        if (is_refused) {
            out->end = WRITE_REFUSED;
            return true;
        }
        if (request->is_once)
            return end_uncertain(operation, out);
        if (request->effect.kind == EFFECT_ABSENT &&
            probe_shows_deleting(operation, out->seen.reply->body)) {
            out->end = WRITE_DONE; /* as if the service had accepted it */
            return true;
        }
        probe_clear(&out->seen);
        return false;
    case EFFECT_IMPOSSIBLE:
        out->end = WRITE_MOOT;
        return true;
    case EFFECT_UNKNOWN:
        break;
    }
    return end_uncertain(operation, out);
}

/* The service accepted the request. If its answer says so, it still works on it. */
static bool end_accepted(struct operation *operation, const struct rest_request *sent,
                         struct write *out)
{
    struct rest_reply *last = NULL;
    operation->is_sent = true;
    out->end = WRITE_DONE;
    switch (rest_operation_wait(operation->call, operation->client, sent, out->reply,
                                &last, &out->err)) {
    case REST_OPERATION_NONE:
        break;
    case REST_OPERATION_UNREADABLE:
    case REST_OPERATION_SUCCEEDED:
        out->was_followed = true;
        break;
    case REST_OPERATION_FAILED:
        rest_reply_free(out->reply);
        out->reply = last;
        out->end = WRITE_FAILED;
        break;
    case REST_OPERATION_UNFINISHED:
        out->end = WRITE_UNFINISHED;
        break;
    }
    return true;
}

/* One attempt. True: `out` says how it ended. False: it took no effect as far as is known, and may
 * be sent again. */
static bool send_once(struct operation *operation, const struct write_request *request,
                      struct write *out, bool *may_have_acted)
{
    /* The same request ID until there is an answer: a service that knows request IDs then
     * recognizes a repeated request. */
    if (request->request_id == NULL && (*out->request_id == '\0' || out->reply != NULL))
        text_new_guid(out->request_id);
    const struct rest_request sent = {
        .method = request->method,
        .id = request->path != NULL ? request->path : operation->id,
        .api_version = request->api_version != NULL
                           ? request->api_version
                           : api_version_of(operation->resource, operation->session),
        .header = request->header,
        .request_id = request->request_id != NULL ? request->request_id : out->request_id,
        .keeps_request_id = request->request_id != NULL,
        .body = request->body,
        .has_secrets = request->has_secrets,
    };
    rest_reply_free(take(out->reply));
    bool was_answered = rest_write(operation->call, operation->client, &sent, &out->reply,
                                   &out->err) == 0;
    switch (judge(operation, request, out, was_answered)) {
    case VERDICT_YES:
        return end_accepted(operation, &sent, out);
    case VERDICT_NO:
        out->end = WRITE_REFUSED;
        return true;
    case VERDICT_NEVER_SENT:
        out->end = WRITE_NOT_SENT;
        return true;
    case VERDICT_OPEN:
        *may_have_acted = is_hidden(request);
        if (decide(operation, request, out))
            return true;
        out->was_repeated = request->effect.kind != EFFECT_NONE;
        return false;
    case VERDICT_LATER:
        /* A refusal with "later" means that nothing was done; a 5xx does not prove it. */
        if (!was_answered || out->reply->status < 500 || out->reply->failure.is_transient)
            return false;
        *may_have_acted = true;
        return request->is_once ? decide(operation, request, out) : false;
    }
    return true;
}

/* A PUT after the wait would create an object again that was deleted meanwhile, or overwrite one that
 * was created. False: `out` says how the write ended. */
static bool may_repeat(struct operation *operation, const struct write_request *request,
                       struct write *out, bool is_late)
{
    bool is_create = request->effect.kind == EFFECT_EXISTS && is_late;
    bool is_tied = request->header.name != NULL; /* to the version that was read */
    if ((request->effect.kind != EFFECT_MATCHES && !is_create) || is_tied ||
        !text_equal(request->method, "PUT"))
        return true;
    auto_probe probe = { 0 };
    probe_get(operation, &probe);
    bool is_there =
        probe.presence == PRESENT && !probe_shows_deleting(operation, probe.reply->body);
    bool is_known = probe.presence == PRESENT || probe.presence == ABSENT;
    if (is_known && is_there != is_create)
        return true;
    if (is_known) {
        out->end = WRITE_MOOT;
        out->seen = probe;
        probe = (struct probe){ 0 };
    } else if (out->reply != NULL && out->reply->status >= 300) {
        out->end = WRITE_REFUSED;
    }
    return false;
}

static void send_until_known(struct operation *operation,
                             const struct write_request *request, struct write *out,
                             bool *may_have_acted)
{
    struct call *call = operation->call;
    struct http_retry retry = { 0 };
    struct clock_mark looked = clock_mark_now(); /* the last GET came before that */
    for (;;) {
        out->end = WRITE_NOT_SENT;
        if (call_check(call, &out->err) < 0)
            return;
        /* From here until the outcome is known, a stop request has to wait. */
        call->is_shielded = true;
        if (send_once(operation, request, out, may_have_acted))
            return;
        /* Waiting may be stopped again. */
        call->is_shielded = false;
        retry.is_patient = out->was_repeated || *may_have_acted;
        struct error last = out->err;
        const struct http_reply *answer = out->reply != NULL ? out->reply->http : NULL;
        if (http_retry_wait(call, &retry, answer, &last, &out->err) == 0) {
            /* What an earlier attempt may have created is not another client's. */
            bool is_late = answer != NULL && !out->was_repeated && !*may_have_acted &&
                           clock_age_ms(&looked) >= LOOK_AGAIN_MS;
            if (!may_repeat(operation, request, out, is_late))
                return;
            looked = is_late ? clock_mark_now() : looked;
            continue;
        }
        /* The service's own words say more than "timeout", unless the user ended the run. */
        if (answer != NULL && answer->status >= 300 && out->err.kind != ERR_STOPPED)
            out->end = WRITE_REFUSED;
        return;
    }
}

/* An earlier attempt may have taken effect after the GET that did not show it: a refusal of this one
 * may mean just that, and "not sent" does not mean that nothing happened. */
static void expect_late_effect(struct operation *operation,
                               const struct write_request *request, struct write *out)
{
    auto_probe probe = { 0 };
    operation->call->is_shielded = true;
    probe_get(operation, &probe);
    enum effect_state state = probe_effect(operation, &probe, &request->effect);
    out->was_open = state == EFFECT_UNKNOWN && out->end == WRITE_NOT_SENT;
    if (state != EFFECT_DONE)
        return;
    probe_clear(&out->seen);
    out->seen = probe;
    probe = (struct probe){ 0 };
    out->end = WRITE_DONE;
}

void write_send(struct operation *operation, const struct write_request *request,
                struct write *out)
{
    struct rest_collection *collection = operation->collection;
    if (collection != NULL)
        rest_collection_record_unknown(collection, operation->id);
    bool may_have_acted = false;
    *out = (struct write){ .end = WRITE_NOT_SENT };
    send_until_known(operation, request, out, &may_have_acted);
    bool is_open = out->end == WRITE_REFUSED || out->end == WRITE_NOT_SENT;
    if (is_open && out->was_repeated && !may_have_acted)
        expect_late_effect(operation, request, out);
    if (!is_open || !may_have_acted)
        return;
    out->was_open =
        is_hidden(request) && out->end == WRITE_REFUSED && out->reply->status < 500;
    if (out->was_open)
        return;
    operation->call->is_shielded = true;
    if (!decide(operation, request, out) && is_hidden(request))
        out->end = WRITE_UNCERTAIN;
}
