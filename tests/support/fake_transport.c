/* A transport that answers from a list and remembers what it was asked.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/fake_transport.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "support/must.h"

struct fake_transport {
    struct http_transport base; /* first */
    pthread_mutex_t lock;
    const struct fake_answer *next;
    fake_transport_fn *watch;
    void *watch_state;
    /* Pointers, so that a request that was looked up stays where it is. */
    struct fake_request **requests;
    size_t count;
    struct arena *arena; /* of the requests */
};

static struct fake_request *remember(struct arena *arena,
                                     const struct http_request *request)
{
    struct fake_request *copy = arena_take(arena, sizeof *copy);
    *copy = (struct fake_request){ .method = arena_copy_text(arena, request->method),
                                   .url = arena_copy_text(arena, request->url),
                                   .headers = "",
                                   .is_direct = request->is_direct,
                                   .is_body_secret = request->is_body_secret };
    if (request->bearer != NULL)
        copy->bearer = arena_copy_text(arena, secret_reveal(request->bearer));
    if (request->has_body)
        copy->body =
            arena_copy_bytes_as_text(arena, request->body.data, request->body.length);
    for (size_t i = 0; i < request->header_count; i++)
        copy->headers = arena_print(arena, "%s%s: %s\n", copy->headers,
                                    request->headers[i].name, request->headers[i].value);
    return copy;
}

struct http_reply *fake_reply(int status, const char *headers, const char *body)
{
    struct http_reply *reply = memory_new(sizeof *reply);
    reply->status = status;
    for (const char *at = headers; at != NULL && *at != '\0';) {
        at += strspn(at, " ");
        size_t line = strcspn(at, "\n"), name = strcspn(at, ":\n");
        if (at[name] == ':') {
            size_t value = name + 1 + strspn(at + name + 1, " ");
            reply->headers = memory_resize(reply->headers, reply->header_count + 1,
                                           sizeof *reply->headers);
            reply->headers[reply->header_count++] =
                (struct http_header){ strndup(at, name),
                                      strndup(at + value, line - value) };
        }
        at += line + (at[line] == '\n');
    }
    body = body != NULL ? body : "";
    char *copy = memory_copy_text(body);
    for (char *at = copy; strchr(body, '"') == NULL && (at = strchr(at, '\'')) != NULL;)
        *at = '"';
    reply->body = BYTES(copy, strlen(copy));
    return reply;
}

static struct fake_answer next_answer(struct fake_transport *fake,
                                      const struct http_request *request, size_t *number)
{
    static const struct fake_answer unscripted = {
        .fault = ERR_INTERNAL, .text = "the test has no answer to this request"
    };
    pthread_mutex_lock(&fake->lock);
    *number = fake->count++;
    fake->requests = memory_resize(fake->requests, fake->count, sizeof *fake->requests);
    fake->requests[*number] = remember(fake->arena, request);
    const struct fake_answer *answer = fake->next;
    if (answer->status == 0 && answer->fault == ERR_NONE)
        answer = &unscripted;
    else if (!answer->is_last_again)
        fake->next++;
    struct fake_answer copy = *answer;
    pthread_mutex_unlock(&fake->lock);
    return copy;
}

static int send_fake(struct http_transport *base, struct call *call,
                     const struct http_request *request, struct http_reply **out,
                     struct error *err)
{
    struct fake_transport *fake = (struct fake_transport *)base;
    if (call_check(call, err) < 0)
        return -1;
    size_t number;
    struct fake_answer answer = next_answer(fake, request, &number);
    if (fake->watch != NULL)
        fake->watch(fake->watch_state, call, number);
    if (call_is_stopped(call))
        return error_set(err, ERR_LOST, "stopped while waiting for the answer");
    if (clock_is_fake() && answer.takes_ms > 0) {
        int64_t left_ms = call_left_ms(call);
        clock_fake_advance(answer.takes_ms < left_ms ? answer.takes_ms : left_ms);
        if (left_ms < answer.takes_ms)
            return error_set(err, ERR_LOST, "time is over while waiting for the answer");
    }
    if (answer.status == 0)
        return error_set(err, answer.fault, "%s",
                         answer.text != NULL ? answer.text : "a fault of the test's");
    *out = fake_reply(answer.status, answer.headers, answer.body);
    return 0;
}

static void free_fake(struct http_transport *base)
{
    struct fake_transport *fake = (struct fake_transport *)base;
    arena_free(fake->arena);
    free(fake->requests);
    pthread_mutex_destroy(&fake->lock);
    free(fake);
}

struct fake_transport *fake_transport_new(const struct fake_answer *answers)
{
    struct fake_transport *fake = memory_new(sizeof *fake);
    fake->base = (struct http_transport){ .send = send_fake, .free = free_fake };
    fake->next = answers;
    fake->arena = arena_new();
    pthread_mutex_init(&fake->lock, NULL);
    return fake;
}

struct http_transport *fake_transport_base(struct fake_transport *fake)
{
    return &fake->base;
}

void fake_transport_watch(struct fake_transport *fake, fake_transport_fn *watch,
                          void *state)
{
    fake->watch = watch;
    fake->watch_state = state;
}

size_t fake_transport_count(struct fake_transport *fake)
{
    pthread_mutex_lock(&fake->lock);
    size_t count = fake->count;
    pthread_mutex_unlock(&fake->lock);
    return count;
}

const struct fake_request *fake_transport_request(struct fake_transport *fake,
                                                  size_t number)
{
    pthread_mutex_lock(&fake->lock);
    const struct fake_request *request =
        number < fake->count ? fake->requests[number] : NULL;
    pthread_mutex_unlock(&fake->lock);
    must(request != NULL, "a request that it looks at was never sent");
    return request;
}
