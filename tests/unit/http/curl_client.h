/* The real transport as tests of it use it: one request, and what came of it.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef UNIT_HTTP_CURL_CLIENT_H
#define UNIT_HTTP_CURL_CLIENT_H

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "http/curl.h"
#include "support/http_server.h"
#include "support/must.h"
#include "support/test.h"

/* Long enough for a loaded machine; nothing waits for it that goes well. */
enum { PATIENCE_MS = 40 * 1000 };

/* ---- how a server may behave ------------------------------------------------------------ */

static inline void answer_all(struct http_peer *peer, void *state)
{
    (void)state;
    while (http_peer_read(peer))
        http_peer_answer(peer, 200, "ok");
}

static inline void hang_at_once(struct http_peer *peer, void *state)
{
    (void)state;
    http_peer_hang(peer);
}

static inline void hang_after_request(struct http_peer *peer, void *state)
{
    (void)state;
    if (http_peer_read(peer))
        http_peer_hang(peer);
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
    static const char *const names[] = { "HTTPS_PROXY",   "https_proxy", "HTTP_PROXY", "http_proxy",
                                         "ALL_PROXY",     "all_proxy",   "NO_PROXY",   "no_proxy",
                                         "SSL_CERT_FILE", "SSL_CERT_DIR" };
    EACH (name, names)
        unsetenv(*name);
    return 0;
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

static inline struct outcome send_method(struct http_transport *transport,
                                         const struct http_server *server, const char *method)
{
    bool has_body = strcmp(method, "PUT") == 0 || strcmp(method, "POST") == 0;
    return send_request(transport, http_server_url(server),
                        (struct http_request){ .method = method,
                                               .has_body = has_body,
                                               .body = BYTES("{\"a\":1}", 7) });
}

/* "https" speaks TLS to a server that does not. */
static inline char *url_of(const char *scheme, const struct http_server *server)
{
    return memory_print("%s://127.0.0.1:%d", scheme, http_server_port(server));
}

/* One request of a new transport to a new server that is played so. */
static inline struct outcome play(const char *scheme, http_server_fn *serve, const void *state,
                                  struct http_request request)
{
    auto_http_server server = http_server_new(NULL, serve, (void *)state);
    auto_transport transport = new_transport(NULL);
    auto_char url = url_of(scheme, server);
    struct outcome outcome = send_request(transport, url, request);
    outcome.connections = http_server_connections(server);
    outcome.requests = http_server_requests(server);
    if (outcome.requests != 0)
        outcome.arrived = http_server_request(server, 0);
    return outcome;
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
        if ((outcome).err.kind != (which))                                                         \
            fail_msg("kind %d and not %d: %s", (outcome).err.kind, which, (outcome).err.text);     \
        assert_null((outcome).reply);                                                              \
        for (const char *const *word = WORDS("", ##__VA_ARGS__); *word != NULL; word++)            \
            assert_has((outcome).err.text, *word);                                                 \
    } while (0)

#endif
