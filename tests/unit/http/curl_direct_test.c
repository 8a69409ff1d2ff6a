/* A request to a service of this very machine goes through no proxy, whatever is set.
 * SPDX-License-Identifier: MPL-2.0 */
#include "support/test.h"
#include "unit/http/curl_client.h"

static void answer(struct http_peer *peer, void *state)
{
    if (http_peer_read(peer))
        http_peer_answer(peer, 200, state);
}

/* LOCALHOST is this machine, and yet no exception from proxies: Go compares exactly. */
static struct outcome send_to(struct http_transport *transport, int port, bool is_direct)
{
    auto_char base = memory_print("http://LOCALHOST:%d", port);
    return send_request(
        transport, base,
        (struct http_request){ .method = "GET", .url = "/x", .is_direct = is_direct });
}

TEST(a_direct_request_passes_the_proxy_by)
{
    auto_http_server proxy = http_server_new(NULL, answer, "from the proxy");
    setenv("HTTP_PROXY", http_server_url(proxy), 1);
    auto_transport transport = new_transport(NULL);
    /* Nobody listens there: only the proxy could answer. */
    auto_outcome usual = send_to(transport, 1, false);
    assert_answered(usual, 200);
    assert_string_equal((const char *)usual.reply->body.data, "from the proxy");
    auto_outcome direct = send_to(transport, 1, true);
    assert_failed(direct, ERR_UNREACHABLE);
    assert_lacks(direct.err.text, "HTTP_PROXY");
    assert_int_equal(http_server_requests(proxy), 1);
    auto_outcome again = send_to(transport, 1, false);
    assert_answered(again, 200);
    forget_environment(NULL);
}

TEST_GROUP(forget_environment, NULL)
