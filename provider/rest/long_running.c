/* Long-running operations, by the URLs in a dialect's headers.
 * SPDX-License-Identifier: MPL-2.0 */
#include "rest/long_running.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "http/retry.h"
#include "http/url.h"
#include "rest/json.h"

enum {
    ASK_AGAIN_FIRST_MS = 500,
    ASK_AGAIN_MOST_MS = 10 * 1000,
    /* A service that asks for a longer wait is asked earlier, because it may be done. */
    ASKED_WAIT_MOST_MS = 10 * 60 * 1000,
    /* A part of the service may not know a new operation yet: so often it may answer 404 at first. */
    MISSES_MAX = 2,
};

struct operation_address {
    const char *url; /* NULL: there is none */
    bool is_status;
};

/* The URL in this header, in the arena; NULL: there is none, or its origin is not this service.
 * `asked` is the URL that the answer comes from. */
static const char *find_own(struct call *call, const char *asked,
                            const struct rest_reply *answer, const char *name)
{
    const char *url = name != NULL ? http_reply_header(answer->http, name) : NULL;
    if (url == NULL || *url == '\0')
        return NULL;
    const char *own = http_find_link(call->arena, asked, url);
    if (own != NULL)
        return own;
    char host[HTTP_HOST_BYTES];
    http_host(url, host);
    log_write(call, LOG_WARN, NULL,
              "%s has the host %s, which is another host than the service's; "
              "reading the object instead",
              name, text_clean_line(call->arena, host, strlen(host), HTTP_HOST_BYTES));
    return NULL;
}

/* The URL is that of the object, which the Location of a plain 201 names. */
static bool is_object(struct call *call, const struct rest_client *client, const char *id,
                      const char *url)
{
    const char *own = rest_address(call->arena, client, id);
    size_t length = strcspn(url, "?");
    return strlen(own) == length && strncasecmp(own, url, length) == 0;
}

/* Prefers the status URL to the result URL, which says less. */
static struct operation_address find_address(struct call *call,
                                             const struct rest_client *client,
                                             const char *id, const char *asked,
                                             const struct rest_reply *answer)
{
    const struct dialect *dialect = client->dialect;
    struct operation_address found = { 0 };
    if (dialect->read_operation == NULL)
        return found;
    found.url = find_own(call, asked, answer, dialect->operation_status_header);
    found.is_status = found.url != NULL;
    if (!found.is_status && (answer->status == 201 || answer->status == 202))
        found.url = find_own(call, asked, answer, dialect->operation_result_header);
    if (found.url != NULL && !found.is_status && is_object(call, client, id, found.url))
        found.url = NULL;
    return found;
}

/* The URL of the status is that of another service. */
static bool has_foreign_status(const struct rest_client *client,
                               const struct rest_reply *answer)
{
    const char *name = client->dialect->operation_status_header;
    const char *url = name != NULL ? http_reply_header(answer->http, name) : NULL;
    return url != NULL && *url != '\0';
}

static int64_t next_wait_ms(const struct rest_reply *answer, int64_t *backoff_ms)
{
    int64_t asked_ms = http_retry_after_ms(answer->http);
    if (asked_ms > ASKED_WAIT_MOST_MS)
        return ASKED_WAIT_MOST_MS;
    if (asked_ms >= 0)
        return asked_ms > ASK_AGAIN_FIRST_MS ? asked_ms : ASK_AGAIN_FIRST_MS;
    int64_t wait_ms = *backoff_ms;
    *backoff_ms = wait_ms * 2 < ASK_AGAIN_MOST_MS ? wait_ms * 2 : ASK_AGAIN_MOST_MS;
    return wait_ms;
}

static int ask(struct call *call, struct rest_client *client,
               const struct operation_address *address, bool has_secrets,
               struct rest_reply **out, struct error *err)
{
    const struct rest_request request = {
        .method = "GET",
        .url = address->url,
        .may_answer_empty = !address->is_status,
        .has_secrets = has_secrets,
        .is_patient = true,
    };
    return rest_read(call, client, &request, out, err);
}

/* If the answer has no error code, the operation's status is the code. */
static void name_failure(const struct rest_client *client, struct rest_reply *reply)
{
    rest_reply_set_failure(client, reply);
    if (*reply->failure.code != '\0')
        return;
    auto_arena arena = arena_new();
    const char *status = rest_json_text(reply->body, "status");
    if (status == NULL)
        status = rest_json_text(reply->body, "properties.provisioningState");
    free(reply->failure.code);
    reply->failure.code = memory_copy_text(rest_failure_show_code(arena, status));
}

static enum rest_operation_end end_unfinished(struct error *err)
{
    error_context(err, "waiting for the operation that the service started");
    return REST_OPERATION_UNFINISHED;
}

/* The URL does not report the progress. If there is time left, the object is read instead. */
static enum rest_operation_end give_up(struct call *call, const struct rest_reply *reply,
                                       struct error *err)
{
    struct error over = NO_ERROR;
    if (call_check(call, &over) < 0) {
        if (reply != NULL)
            error_set(err, over.kind,
                      "the response (status %d%s%s) does not contain the state of the "
                      "operation",
                      reply->status, reply->failure.code != NULL ? " " : "",
                      reply->failure.code != NULL ? reply->failure.code : "");
        else if (err->kind != over.kind)
            err->cause = err->kind;
        err->kind = over.kind;
        return end_unfinished(err);
    }
    log_write(call, LOG_INFO, NULL,
              "reading the object instead of its operation, whose address "
              "returns: %s",
              reply == NULL ? err->text
                            : arena_print(call->arena, "status %d", reply->status));
    return REST_OPERATION_UNREADABLE;
}

enum rest_operation_end rest_operation_wait(struct call *call, struct rest_client *client,
                                            const struct rest_request *request,
                                            const struct rest_reply *answer,
                                            struct rest_reply **out, struct error *err)
{
    const char *id = request->id;
    struct operation_address address =
        find_address(call, client, id, rest_address(call->arena, client, id), answer);
    if (address.url == NULL)
        return has_foreign_status(client, answer) ? REST_OPERATION_UNREADABLE
                                                  : REST_OPERATION_NONE;
    int64_t backoff_ms = ASK_AGAIN_FIRST_MS;
    int64_t wait_ms = next_wait_ms(answer, &backoff_ms);
    unsigned misses_left = MISSES_MAX;
    for (;;) {
        if (call_sleep(call, wait_ms, err) < 0)
            return end_unfinished(err);
        auto_rest_reply reply = NULL;
        if (ask(call, client, &address, request->has_secrets, &reply, err) < 0)
            return give_up(call, NULL, err);
        switch (client->dialect->read_operation(reply->http, reply->body,
                                                address.is_status)) {
        case OPERATION_SUCCEEDED:
            return REST_OPERATION_SUCCEEDED;
        case OPERATION_FAILED:
            name_failure(client, reply);
            *out = take(reply);
            return REST_OPERATION_FAILED;
        case OPERATION_UNKNOWN:
            if (reply->status != 404 || misses_left == 0)
                return give_up(call, reply, err);
            misses_left--;
            break;
        case OPERATION_RUNNING:
            misses_left = 0;
            break;
        }
        /* The answer may have another URL. */
        struct operation_address next =
            find_address(call, client, id, address.url, reply);
        if (next.url != NULL && next.is_status == address.is_status)
            address = next;
        wait_ms = next_wait_ms(reply, &backoff_ms);
    }
}
