/* Speaking through a proxy: what it refuses was never sent, what it receives goes nowhere
 * else, and its password is shown to it alone.
 * SPDX-License-Identifier: MPL-2.0 */
#include <openssl/ssl.h>

#include "http/internal.h"
#include "support/http_server_tls.h"
#include "unit/http/curl_client.h"

#define auto_proxies CLEANUP(proxies_clear) struct proxies

#define USER "me:c%40nary-pa55"      /* c@nary-pa55 */
#define BASIC "bWU6Y0BuYXJ5LXBhNTU=" /* base64 of me:c@nary-pa55 */
#define SERVICE "https://service.test:8443"
#define WHO "Proxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

static const struct http_request put = { .method = "PUT" };

static void set_proxy(const char *variable, const struct http_server *server)
{
    auto_char address = memory_print("http://%s@127.0.0.1:%d", USER, http_server_port(server));
    setenv(variable, address, 1);
}

/* No form of the password, nor of the user, whose name may be one. */
static void assert_silent(const char *text)
{
    EACH_TEXT (form, "nary", "pa55", "me:", BASIC)
        assert_lacks(text, form);
}

CURL_TEST(what_a_proxy_refuses_was_never_sent)
{
    static const char rejected[] = "rejected the user name and password";
    static const struct {
        struct script script;
        const char *words;
        enum error_kind kind; /* ERR_UNREACHABLE: worth another attempt */
    } rows[] = {
        { { .says = "HTTP/1.1 407 Who\r\n" WHO }, rejected, ERR_INVALID },
        { { .says = "HTTP/1.1 401 Who\r\n" WHO }, rejected, ERR_INVALID },
        { { .says = "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno" }, "403", ERR_INVALID },
        { { .says = "HTTP/1.1 407 \x1b[2J\xe2\x80\xae\xff\r\n"
                    "Proxy-Authenticate: \x01, Digest nonce=\"\r\nContent-Length: 0\r\n\r\n" },
          rejected,
          ERR_INVALID },
        { { .says = "HTTP/1.1 403 No\r\nContent-Length: 9\r\n\r\nno" }, "403", ERR_INVALID },
        { { .says = "HTTP/1.1 300 X\r\nContent-Length: 0\r\n\r\n" }, "300", ERR_INVALID },
        { { .says = "HTTP/1.1 408 X\r\nContent-Length: 0\r\n\r\n" }, "408", ERR_UNREACHABLE },
        { { .says = "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n" }, "500", ERR_UNREACHABLE },
        { { .says = "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n" }, "429", ERR_UNREACHABLE },
        { { .says = "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n" }, "502", ERR_UNREACHABLE },
        { { .says = "HTTP/1.1 302 Login\r\nLocation: http://portal.test/\r\n\r\n" },
          "302",
          ERR_INVALID },
        { { .says = NULL }, "service.test", ERR_UNREACHABLE },
        { { .says = "HTTP/1.1 200 Connec" }, "service.test", ERR_UNREACHABLE },
        { { .says = "HTTP/1.1 200 OK\r\nX: y" }, "service.test", ERR_UNREACHABLE },
        { { .says = "\x16\x03\x01" }, "service.test", ERR_UNREACHABLE },
        { { .then = HANG }, "service.test", ERR_UNREACHABLE },
    };
    EACH (row, rows) {
        auto_http_server proxy = serve(&row->script);
        set_proxy("HTTPS_PROXY", proxy);
        auto_transport transport = new_transport(NULL);
        int64_t timeout_ms = row->script.then == HANG ? 1000 : 0;
        auto_outcome outcome =
            send_request(transport, SERVICE, REQUEST(.method = "PUT", .timeout_ms = timeout_ms));
        assert_failed(outcome, row->kind, row->words, "HTTPS_PROXY", "127.0.0.1");
        assert_silent(outcome.err.text);
        assert_lacks(outcome.err.text, "\x1b");
        auto_char saw = http_server_request(proxy, 0);
        assert_has(saw, "CONNECT service.test:8443 HTTP/1.1\r\n");
        assert_has(saw, "Proxy-Authorization: Basic " BASIC "\r\n");
    }
}

struct endless {
    const char *start, *more;
    const char *words;
    enum error_kind kind;
};

static void answer_without_end(struct http_peer *peer, void *state)
{
    const struct endless *answer = state;
    if (http_peer_read(peer) && http_peer_write(peer, answer->start))
        while (http_peer_write(peer, answer->more))
            continue;
}

CURL_TEST(an_answer_of_a_proxy_that_does_not_end_is_given_up)
{
    auto_char letters = memset(memory_new(64 * 1024 + 1), 'a', 64 * 1024);
    auto_char header = memory_print("X-Much: %.1000s\r\n", letters);
    auto_char chunk = memory_print("400\r\n%.1024s\r\n", letters);
    const struct endless rows[] = {
        { "HTTP/1.1 200 OK\r\n", header, "", ERR_UNREACHABLE },
        { "HTTP/1.1 200 OK\r\n", "a:\r\n", "", ERR_UNREACHABLE },
        { "HTTP/1.1 200 OK\r\nX-Long: ", letters, "", ERR_UNREACHABLE },
        { "", "HTTP/1.1 100 Continue\r\n\r\n", "", ERR_UNREACHABLE },
        { "HTTP/1.1 407 Who\r\nContent-Length: 9000000000\r\n\r\n", letters, "407", ERR_INVALID },
        { "HTTP/1.1 502 Bad\r\nTransfer-Encoding: chunked\r\n\r\n", chunk, "502", ERR_UNREACHABLE },
        { "HTTP/1.1 403 No\r\n\r\n", letters, "403", ERR_INVALID },
    };
    EACH (row, rows) {
        auto_http_server proxy = http_server_new(NULL, answer_without_end, (void *)row);
        set_proxy("HTTPS_PROXY", proxy);
        auto_transport transport = new_transport(NULL);
        auto_outcome outcome = send_request(transport, SERVICE, put);
        assert_failed(outcome, row->kind, row->words, "HTTPS_PROXY", "127.0.0.1");
        EACH_TEXT (word, "timed out", "allback")
            assert_lacks(outcome.err.text, word);
    }
}

CURL_TEST(a_proxy_that_is_not_there_is_named)
{
    struct http_server *gone = serve(&hangs_at_once);
    set_proxy("HTTPS_PROXY", gone);
    http_server_free(gone);
    EACH_NUMBER (kind, ERR_UNREACHABLE, ERR_NAME) {
        auto_transport transport = new_transport(NULL);
        auto_outcome outcome = send_request(transport, SERVICE, put);
        assert_failed(outcome, kind, "HTTPS_PROXY", kind == ERR_NAME ? NO_NAME : "127.0.0.1");
        assert_silent(outcome.err.text);
        setenv("HTTPS_PROXY", "http://" USER "@" NO_NAME ":3128", 1);
    }
}

/* Opens the tunnel, and is itself the service at its end. */
struct tunnel {
    void *context;
    bool is_cut; /* after the request */
};

static void open_tunnel(struct http_peer *peer, void *state)
{
    const struct tunnel *tunnel = state;
    if (!http_peer_read(peer) ||
        !http_peer_write(peer, "HTTP/1.1 200 OK\r\nX-From: proxy\r\n\r\n") ||
        !http_peer_start_tls(peer, tunnel->context))
        return;
    while (http_peer_read(peer)) {
        if (tunnel->is_cut) {
            http_peer_close(peer, true);
            return;
        }
        http_peer_answer(peer, 201, "ok");
    }
}

CURL_TEST(through_a_tunnel_the_service_is_spoken_to)
{
    auto_test_authority authority = test_authority_new("Tunnel Root");
    SSL_CTX *context = test_server_context(
        authority, &(struct server_certificate){ "service.test", "DNS:service.test" });
    for (int is_cut = 0; is_cut < 2; is_cut++) {
        struct tunnel tunnel = { context, is_cut != 0 };
        auto_http_server proxy = http_server_new(NULL, open_tunnel, &tunnel);
        set_proxy("https_proxy", proxy);
        auto_transport transport = new_transport(test_authority_file(authority));
        auto_secret token = secret_new("token", 5);
        auto_outcome outcome =
            send_request(transport, SERVICE, REQUEST(.method = "PUT", .bearer = token));
        auto_char connect = http_server_request(proxy, 0);
        assert_lacks(connect, "Bearer");
        auto_char request = http_server_request(proxy, 1);
        assert_has(request, "PUT /x HTTP/1.1\r\nHost: service.test:8443\r\n");
        assert_has(request, "Authorization: Bearer token\r\n");
        assert_lacks(request, "Proxy-");
        if (is_cut) {
            assert_failed(outcome, ERR_LOST);
            assert_silent(outcome.err.text);
        } else {
            assert_answered(outcome, 201);
            assert_null(http_reply_header(outcome.reply, "X-From"));
        }
    }
    SSL_CTX_free(context);
}

static void assert_asked(struct http_transport *transport, const char *base, bool is_direct,
                         enum error_kind kind)
{
    auto_outcome outcome = send_request(transport, base, REQUEST(.is_direct = is_direct));
    if (kind == ERR_NONE)
        assert_answered(outcome, 200);
    else
        assert_failed(outcome, kind);
    if (is_direct)
        assert_lacks(outcome.err.text, "HTTP_PROXY");
}

CURL_TEST(loopback_exceptions_and_direct_requests_pass_the_proxy_by)
{
    auto_http_server proxy = serve(&answers_all);
    auto_http_server service = serve(&answers_all);
    set_proxy("HTTP_PROXY", proxy);
    auto_transport transport = new_transport(NULL);
    assert_asked(transport, http_server_url(service), false, ERR_NONE);
    assert_int_equal(http_server_requests(proxy), 0);
    assert_asked(transport, "http://service.test", false, ERR_NONE);
    auto_char saw = http_server_request(proxy, 0);
    assert_has(saw, "GET http://service.test/x HTTP/1.1\r\n");
    /* LOCALHOST is this machine, and yet no exception from proxies: Go compares exactly. Nothing
     * listens there: only the proxy could answer. */
    assert_asked(transport, "http://LOCALHOST:1", false, ERR_NONE);
    assert_asked(transport, "http://LOCALHOST:1", true, ERR_UNREACHABLE);
    assert_int_equal(http_server_requests(proxy), 2);
    assert_asked(transport, "http://LOCALHOST:1", false, ERR_NONE);
    setenv("NO_PROXY", "a.test,.example", 1);
    auto_transport excepted = new_transport(NULL);
    assert_asked(excepted, "http://" NO_NAME, false, ERR_NAME);
    assert_int_equal(http_server_requests(proxy), 3);
}

/* ---- the variables; which one counts, and what NO_PROXY excepts: tests/exchanges/configure ----- */

static struct proxies find_proxies(struct http_proxy_options options)
{
    struct proxies proxies;
    struct error err = NO_ERROR;
    if (proxies_find(&proxies, &options, &err) < 0)
        fail_msg("%s", err.text);
    return proxies;
}

/* NULL: directly. */
static const struct proxy *choose(const struct proxies *proxies, const char *url)
{
    const struct proxy *proxy = NULL;
    struct error err = NO_ERROR;
    assert_int_equal(proxies_choose(proxies, url, &proxy, &err), 0);
    return proxy;
}

static void assert_proxy(const struct proxy *proxy, const char *address, const char *user,
                         const char *password)
{
    assert_string_equal(proxy->address, address);
    assert_same_text(proxy->user, user);
    assert_same_text(proxy->password != NULL ? secret_reveal(proxy->password) : NULL, password);
}

CURL_TEST(a_proxys_address_is_kept_without_its_user)
{
    static const struct {
        const char *text, *address, *user, *password;
    } rows[] = {
        { "proxy.test:3128", "http://proxy.test:3128/", NULL, NULL },
        { "http://proxy.test", "http://proxy.test:80/", NULL, NULL },
        { "https://proxy.test", "https://proxy.test:443/", NULL, NULL },
        { "http://" USER "@proxy.test:3128/path?q#f", "http://proxy.test:3128/", "me",
          "c@nary-pa55" },
        { "me:pw@proxy.test:1", "http://proxy.test:1/", "me", "pw" },
        { "http://me@proxy.test:1", "http://proxy.test:1/", "me", NULL },
        { "http://me:p@w@proxy.test:1", "http://proxy.test:1/", "me", "p@w" },
        { "HTTP://Proxy.test", "http://Proxy.test:80/", NULL, NULL },
        { "127.0.0.1:3128", "http://127.0.0.1:3128/", NULL, NULL },
        { "[fd00::1]:3128", "http://[fd00::1]:3128/", NULL, NULL },
        { "proxy", "http://proxy:80/", NULL, NULL },
        /* Names are resolved by the proxy, as in Go. */
        { "socks5://proxy.test", "socks5h://proxy.test/", NULL, NULL },
        { "socks5://me:pw@proxy.test:1", "socks5h://proxy.test:1/", "me", "pw" },
        { "socks5h://proxy.test:1", "socks5h://proxy.test:1/", NULL, NULL },
    };
    EACH (row, rows) {
        setenv("HTTPS_PROXY", row->text, 1);
        auto_proxies proxies = find_proxies((struct http_proxy_options){ 0 });
        const struct proxy *proxy = choose(&proxies, "https://x/");
        assert_proxy(proxy, row->address, row->user, row->password);
        assert_string_equal(proxy->named_by, "HTTPS_PROXY");
        assert_null(choose(&proxies, "http://x/"));
    }
}

CURL_TEST(the_argument_overrides_the_variables_and_takes_their_exceptions)
{
    setenv("HTTPS_PROXY", "http://other:user@variable.test:1", 1);
    setenv("HTTP_PROXY", "http://variable.test:1", 1);
    setenv("NO_PROXY", "a.test", 1);
    static const struct {
        struct http_proxy_options options;
        const char *user, *password;
    } rows[] = {
        { { "http://argument.test:3128", "me", "c@nary" }, "me", "c@nary" },
        { { "http://other:user@argument.test:3128", "me", "c@nary" }, "me", "c@nary" },
        { { "http://argument.test:3128", "me", NULL }, "me", "" },
        { { "http://argument.test:3128", NULL, NULL }, NULL, NULL },
    };
    EACH (row, rows) {
        auto_proxies proxies = find_proxies(row->options);
        const struct proxy *const both[] = { &proxies.http, &proxies.https };
        EACH (proxy, both) {
            assert_proxy(*proxy, "http://argument.test:3128/", row->user, row->password);
            assert_has((*proxy)->named_by, "provider argument proxy");
        }
        assert_string_equal(proxies.no_proxy, "a.test");
    }
}

CURL_TEST(a_password_of_the_argument_reaches_its_proxy_only)
{
    for (int has_user = 0; has_user < 2; has_user++) {
        auto_http_server proxy = serve(&(struct script){ .says = "HTTP/1.1 407 Who\r\n" WHO });
        auto_transport transport = new_transport_with(
            (struct http_curl_options){ .proxy = { .url = http_server_url(proxy),
                                                   .username = has_user ? "me" : NULL,
                                                   .password = "c@nary-pa55" } });
        auto_outcome outcome = send_request(transport, SERVICE, put);
        assert_failed(outcome, ERR_INVALID,
                      has_user ? "rejected" : "requires a user name and password",
                      "username and password in the provider argument");
        assert_silent(outcome.err.text);
        auto_char saw = http_server_request(proxy, 0);
        if (has_user)
            assert_has(saw, "Proxy-Authorization: Basic " BASIC "\r\n");
        else
            assert_lacks(saw, "Proxy-Authorization");
    }
}

/* A web server passes its client's `Proxy:` header on as HTTP_PROXY. */
CURL_TEST(in_a_cgi_program_http_proxy_is_refused)
{
    static const struct {
        const char *variable, *argument, *url;
        bool is_refused;
    } rows[] = {
        { "HTTP_PROXY", NULL, "http://a.test/", true },
        { "http_proxy", NULL, "http://a.test/", true },
        { "HTTP_PROXY", NULL, "http://localhost/", true },
        { "HTTP_PROXY", NULL, "https://a.test/", false },
        { "HTTPS_PROXY", NULL, "https://a.test/", false },
        { "ALL_PROXY", NULL, "http://a.test/", false },
        { "HTTP_PROXY", "http://argument.test:1", "http://a.test/", false },
    };
    setenv("REQUEST_METHOD", "GET", 1);
    EACH (row, rows) {
        setenv(row->variable, "http://variable.test:1", 1);
        auto_proxies proxies = find_proxies((struct http_proxy_options){ .url = row->argument });
        const struct proxy *proxy = NULL;
        struct error err = NO_ERROR;
        if ((proxies_choose(&proxies, row->url, &proxy, &err) < 0) != row->is_refused)
            fail_msg("%s, %s: %s", row->variable, row->url, err.text);
        if (row->is_refused)
            assert_has(err.text, "REQUEST_METHOD");
        unsetenv(row->variable);
    }
    unsetenv("REQUEST_METHOD");
}

/* ---- a proxy behind TLS -------------------------------------------------------------------- */

CURL_TEST(a_certificate_error_names_the_proxy_or_the_service)
{
    auto_test_authority known = test_authority_new("Proxy Root");
    auto_test_authority other = test_authority_new("Another Root");
    static const struct server_certificate certificate = { "proxy.test", "DNS:proxy.test" };
    auto_http_server proxy =
        test_server_new(known, &certificate, follow, (void *)&hangs_after_request);
    auto_http_server near =
        test_server_new(known, &certificate, follow, (void *)&hangs_after_request);
    const struct {
        struct test_authority *authority;
        const char *target, *has, *lacks;
    } rows[] = {
        { other, SERVICE, "the proxy 127.0.0.1:", "service.test" },
        { known, SERVICE, "Check the address of the proxy", "service.test" },
        /* What is on this machine is not spoken to through a proxy. */
        { other, http_server_url(near), "127.0.0.1", "the proxy 127.0.0.1" },
        { known, http_server_url(near), "Check the endpoint", "the proxy 127.0.0.1" },
    };
    EACH (row, rows) {
        auto_transport transport = new_transport_with(
            (struct http_curl_options){ .ca_bundle = test_authority_file(row->authority),
                                        .proxy = { .url = http_server_url(proxy) } });
        auto_outcome outcome = send_request(transport, row->target, REQUEST(0));
        assert_failed(outcome, ERR_TLS, row->has);
        assert_lacks(outcome.err.text, row->lacks);
    }
}

CURL_TEST(a_fault_behind_the_tunnel_is_the_services)
{
    static const struct script opens_to_nothing = {
        .says = "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 No\r\n\r\n", .then = HANG
    };
    auto_test_authority known = test_authority_new("Proxy Root");
    auto_http_server proxy = test_server_new(known, &(struct server_certificate){ "proxy.test" },
                                             follow, (void *)&opens_to_nothing);
    auto_transport transport = new_transport_with((struct http_curl_options){
        .ca_bundle = test_authority_file(known), .proxy = { .url = http_server_url(proxy) } });
    auto_outcome outcome = send_request(transport, SERVICE, put);
    assert_failed(outcome, ERR_TLS, "to service.test:8443");
    assert_lacks(outcome.err.text, "the proxy 127.0.0.1");
}
