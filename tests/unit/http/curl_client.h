/* The real transport as tests of it use it: one request, and what came of it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef UNIT_HTTP_CURL_CLIENT_H
#define UNIT_HTTP_CURL_CLIENT_H

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "http/curl.h"
#include "support/errors.h"
#include "support/http_server.h"
#include "support/must.h"
#include "support/test.h"

/* Long enough for a loaded machine; nothing waits for it that goes well. */
enum { PATIENCE_MS = 40 * 1000 };

/* A label of 64 characters: it never resolves, and no server has to be asked. */
#define NO_NAME "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.example"

/* ---- how a server may behave ------------------------------------------------------------ */

struct script {
    bool is_deaf;     /* it speaks without reading a request first */
    const char *says; /* NULL: nothing */
    enum { CLOSE, RESET, HANG, REPEAT } then;
};

static const struct script answers_all = { .says = "HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\nok",
                                           .then = REPEAT };
static const struct script hangs_at_once = { .is_deaf = true, .then = HANG };
static const struct script hangs_after_request = { .then = HANG };

static inline void follow(struct http_peer *peer, void *state)
{
    const struct script *script = state;
    do {
        if ((!script->is_deaf && !http_peer_read(peer)) ||
            (script->says != NULL && !http_peer_write(peer, script->says)))
            return;
    } while (script->then == REPEAT);
    if (script->then == HANG)
        http_peer_hang(peer);
    else
        http_peer_close(peer, script->then == RESET);
}

static inline struct http_server *serve(const struct script *script)
{
    return http_server_new(NULL, follow, (void *)script);
}

/* ---- the client ------------------------------------------------------------------------- */

struct outcome {
    int result;
    struct http_reply *reply;
    struct error err;
    /* What the server saw, where it is the outcome's own. */
    size_t connections, requests;
    char *arrived; /* the first request */
};

static inline void outcome_clear(struct outcome *outcome)
{
    http_reply_free(outcome->reply);
    free(outcome->arrived);
}
#define auto_outcome CLEANUP(outcome_clear) struct outcome

/* No test looks at proxies or authorities of the machine, or of the test before. */
#define CURL_TEST(name) TEST_WITH(name, forget_environment, NULL)
static inline int forget_environment(void **state)
{
    (void)state;
    clearenv();
    return setenv("PATH", "/usr/bin:/bin", 1);
}

static inline struct http_transport *new_transport_with(struct http_curl_options options)
{
    options.user_agent = "unit/1";
    struct http_transport *transport = NULL;
    struct error err = NO_ERROR;
    must(http_curl_new(&options, &transport, &err) == 0, err.text);
    return transport;
}

static inline struct http_transport *new_transport(const char *ca_bundle)
{
    return new_transport_with((struct http_curl_options){ .ca_bundle = ca_bundle });
}

static inline void transport_cleanup(struct http_transport **place)
{
    http_transport_free(*place);
}
#define auto_transport CLEANUP(transport_cleanup) struct http_transport *

#define REQUEST(...) ((struct http_request){ __VA_ARGS__ })

/* Sends `request` to `base`, within PATIENCE_MS. Its url is the path, or NULL for "/x"; its
 * method may be NULL for "GET". */
static inline struct outcome send_request(struct http_transport *transport, const char *base,
                                          struct http_request request)
{
    struct outcome outcome = { .err = NO_ERROR };
    auto_call call;
    call_init(&call, NULL);
    call.deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
    auto_char url = memory_print("%s%s", base, request.url != NULL ? request.url : "/x");
    request.url = url;
    if (request.method == NULL)
        request.method = "GET";
    outcome.result = http_send(transport, &call, &request, &outcome.reply, &outcome.err);
    return outcome;
}

/* With a body where the method has one. */
static inline struct outcome send_method(struct http_transport *transport,
                                         const struct http_server *server, const char *method)
{
    bool has_body = strcmp(method, "PUT") == 0 || strcmp(method, "POST") == 0;
    return send_request(
        transport, http_server_url(server),
        REQUEST(.method = method, .has_body = has_body, .body = BYTES("{\"a\":1}", 7)));
}

/* "https" speaks TLS to a server that does not. */
static inline char *url_of(const char *scheme, const struct http_server *server)
{
    return memory_print("%s://127.0.0.1:%d", scheme, http_server_port(server));
}

/* One request of a new transport to a new server that is played so. */
static inline struct outcome play(const char *scheme, http_server_fn *server_fn, const void *state,
                                  struct http_request request)
{
    auto_http_server server = http_server_new(NULL, server_fn, (void *)state);
    auto_transport transport = new_transport(NULL);
    auto_char url = url_of(scheme, server);
    struct outcome outcome = send_request(transport, url, request);
    outcome.connections = http_server_connections(server);
    outcome.requests = http_server_requests(server);
    if (outcome.requests != 0)
        outcome.arrived = http_server_request(server, 0);
    return outcome;
}

static inline struct outcome play_script(const struct script *script, struct http_request request)
{
    return play("http", follow, script, request);
}

#define assert_answered(outcome, code)                                                             \
    do {                                                                                           \
        if ((outcome).result != 0)                                                                 \
            fail_msg("no answer: %s", (outcome).err.text);                                         \
        assert_int_equal((outcome).reply->status, code);                                           \
        assert_int_equal((outcome).err.kind, ERR_NONE);                                            \
    } while (0)

/* … and each of the words in its text. */
#define assert_failed(outcome, which, ...)                                                         \
    do {                                                                                           \
        if ((outcome).result == 0)                                                                 \
            fail_msg("answered with status %d", (outcome).reply->status);                          \
        assert_null((outcome).reply);                                                              \
        assert_error(&(outcome).err, which, "", ##__VA_ARGS__);                                    \
    } while (0)

#endif
