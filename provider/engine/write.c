/* The one rule for requests with an effect. See writes.md.
 *
 * An answer that says yes or no is believed. An answer that was lost, or that leaves it
 * open (a timeout, a 5xx, garbage), is followed by a GET that decides: if it shows what
 * was wanted, the write is done; if not, it is sent again. Only when the GET cannot be had
 * either is the outcome uncertain.
 * SPDX-License-Identifier: MPL-2.0 */
#include "engine/internal.h"
#include "http/retry.h"

void write_clear(struct write *write)
{
    arm_reply_free(take(write->reply));
    look_clear(&write->seen);
}

enum verdict { VERDICT_YES, VERDICT_NO, VERDICT_LATER, VERDICT_OPEN, VERDICT_NEVER_SENT };

static enum verdict judge(const struct write *write, bool was_answered)
{
    if (was_answered && write->reply->status >= 400 &&
        arm_failure_is_transient(&write->reply->failure))
        return VERDICT_LATER;
    switch (http_classify(was_answered ? write->reply->http : NULL, &write->err)) {
    case HTTP_ANSWERED:
        return write->reply->status < 300 ? VERDICT_YES : VERDICT_NO;
    case HTTP_NOT_NOW:
        return VERDICT_LATER;
    case HTTP_UNCERTAIN:
        return VERDICT_OPEN;
    default:
        return VERDICT_NEVER_SENT;
    }
}

/* A GET decides. True: `out` says how it ended; false: it did not happen, send again. */
static bool decide(struct operation *operation, enum presence wanted, struct write *out)
{
    presence_look(operation, &out->seen);
    if (out->seen.presence == wanted) {
        out->end = WRITE_DONE;
        return true;
    }
    if (out->seen.presence == PRESENT || out->seen.presence == ABSENT) {
        look_clear(&out->seen);
        return false;
    }
    out->end = WRITE_UNCERTAIN;
    if (out->reply != NULL && out->reply->status >= 400)
        error_set(&out->err, ERR_LOST, "Azure answered with status %d",
                  out->reply->status);
    return true;
}

void write_send(struct operation *operation, const char *method, json_t *body,
                enum presence wanted, struct write *out)
{
    struct call *call = operation->call;
    struct http_retry retry = { 0 };
    struct arm_request request = {
        .method = method,
        .id = operation->id,
        .api_version = operation->resource->table->api_version,
        .body = body,
    };
    *out = (struct write){ .end = WRITE_NOT_SENT };
    for (;;) {
        if (call_check(call, &out->err) < 0)
            return;
        arm_reply_free(take(out->reply));
        /* From here to the moment the outcome is known, a stop has to wait. */
        call->is_shielded = true;
        bool was_answered =
            arm_write(call, operation->arm, &request, &out->reply, &out->err) == 0;
        switch (judge(out, was_answered)) {
        case VERDICT_YES:
            out->end = WRITE_DONE;
            return;
        case VERDICT_NO:
            out->end = WRITE_REFUSED;
            return;
        case VERDICT_NEVER_SENT:
            out->end = WRITE_NOT_SENT;
            return;
        case VERDICT_OPEN:
            if (decide(operation, wanted, out))
                return;
            break;
        case VERDICT_LATER:
            break;
        }
        /* Nothing happened: waiting may be stopped again. */
        call->is_shielded = false;
        struct error last = out->err;
        if (http_retry_wait(call, &retry, was_answered ? out->reply->http : NULL, &last,
                            &out->err) < 0) {
            /* The service's own words say more than "time is over", unless the user is
             * the one who ended it. */
            out->end = was_answered && out->err.kind != ERR_STOPPED ? WRITE_REFUSED
                                                                    : WRITE_NOT_SENT;
            return;
        }
    }
}
