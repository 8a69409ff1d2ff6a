/* Speaking through a proxy: what it refuses was never sent, what it is told goes nowhere
 * else, and its password is shown to nobody but it.
 * SPDX-License-Identifier: MPL-2.0 */
#include <openssl/ssl.h>

#include "http/internal.h"
#include "support/http_server_tls.h"
#include "support/test.h"
#include "unit/http/curl_client.h"

#define USER "me:c%40nary-pa55"      /* c@nary-pa55 */
#define BASIC "bWU6Y0BuYXJ5LXBhNTU=" /* base64 of me:c@nary-pa55 */

static const struct http_proxy_options by_variable = { 0 };

static void set_proxy(const char *variable, const struct http_server *server)
{
    auto_char address =
        memory_print("http://%s@127.0.0.1:%d", USER, http_server_port(server));
    setenv(variable, address, 1);
}

/* No form of the password, nor of the user, whose name may be one. */
static void assert_silent(const char *text)
{
    static const char *const forms[] = { "nary", "pa55", "me:", BASIC };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        assert_lacks(text, forms[i]);
}

static void answer_connect(struct http_peer *peer, void *state)
{
    if (http_peer_read(peer) && state != NULL)
        http_peer_write(peer, state);
}

static struct outcome put_through(http_server_fn *serve, const void *said,
                                  char **proxy_saw)
{
    auto_http_server proxy = http_server_new(NULL, serve, (void *)said);
    set_proxy("HTTPS_PROXY", proxy);
    auto_transport transport = new_transport(NULL);
    struct outcome outcome = send_request(
        transport, "https://service.test:8443",
        (struct http_request){ .method = "PUT", .url = "/x", .timeout_ms = 5000 });
    *proxy_saw = http_server_request(proxy, 0);
    forget_environment(NULL);
    return outcome;
}

TEST(what_a_proxy_refuses_was_never_sent)
{
    static const struct {
        const char *said, *told;
        enum error_kind kind; /* ERR_UNREACHABLE: worth another attempt */
    } rows[] = {
        { "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=x\r\n"
          "Content-Length: 0\r\nConnection: close\r\n\r\n",
          "does not accept the user and the password", ERR_INVALID },
        { "HTTP/1.1 401 Who\r\nProxy-Authenticate: Basic realm=x\r\n"
          "Content-Length: 0\r\nConnection: close\r\n\r\n",
          "does not accept the user and the password", ERR_INVALID },
        { "HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno", "403", ERR_INVALID },
        { "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n", "429", ERR_UNREACHABLE },
        { "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", "502", ERR_UNREACHABLE },
        { "HTTP/1.1 302 Login\r\nLocation: http://portal.test/\r\n\r\n", "302",
          ERR_INVALID },
        { NULL, "service.test", ERR_UNREACHABLE },
        { "HTTP/1.1 200 Connec", "service.test", ERR_UNREACHABLE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        auto_char saw = NULL;
        auto_outcome outcome = put_through(answer_connect, rows[i].said, &saw);
        if (outcome.result == 0 || outcome.err.kind != rows[i].kind)
            fail_msg("row %zu: kind %d, %s", i, outcome.err.kind, outcome.err.text);
        assert_has(outcome.err.text, rows[i].told);
        assert_has(outcome.err.text, "HTTPS_PROXY");
        assert_has(outcome.err.text, "127.0.0.1");
        assert_silent(outcome.err.text);
        assert_has(saw, "CONNECT service.test:8443 HTTP/1.1\r\n");
        assert_has(saw, "Proxy-Authorization: Basic " BASIC "\r\n");
    }
}

static void hang(struct http_peer *peer, void *state)
{
    (void)state;
    if (http_peer_read(peer))
        http_peer_hang(peer);
}

TEST(a_silent_proxy_was_never_sent_to)
{
    auto_char saw = NULL;
    auto_outcome outcome = put_through(hang, NULL, &saw);
    assert_failed(outcome, ERR_UNREACHABLE);
    assert_silent(outcome.err.text);
}

TEST(a_proxy_that_is_not_there_is_named)
{
    struct http_server *gone = http_server_new(NULL, hang, NULL);
    set_proxy("HTTPS_PROXY", gone);
    http_server_free(gone);
    auto_transport transport = new_transport(NULL);
    auto_outcome outcome =
        send_request(transport, "https://service.test",
                     (struct http_request){ .method = "PUT", .url = "/x" });
    assert_failed(outcome, ERR_UNREACHABLE);
    assert_has(outcome.err.text, "HTTPS_PROXY");
    assert_silent(outcome.err.text);
    setenv("HTTPS_PROXY",
           "http://" USER "@0123456789abcdef0123456789abcdef0123456789abcdef0123456789"
           "abcdef.example:3128",
           1);
    auto_transport second = new_transport(NULL);
    auto_outcome unnamed =
        send_request(second, "https://service.test",
                     (struct http_request){ .method = "PUT", .url = "/x" });
    assert_failed(unnamed, ERR_NAME);
    assert_has(unnamed.err.text, "HTTPS_PROXY");
    assert_silent(unnamed.err.text);
    forget_environment(NULL);
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
        if (tunnel->is_cut)
            http_peer_reset(peer);
        else
            http_peer_answer(peer, 201, "ok");
        if (tunnel->is_cut)
            return;
    }
}

TEST(through_a_tunnel_the_service_is_spoken_to)
{
    auto_test_authority authority = test_authority_new("Tunnel Root");
    SSL_CTX *context = test_server_context(
        authority, &(struct test_certificate){ .common_name = "service.test",
                                               .alternatives = "DNS:service.test" });
    for (int is_cut = 0; is_cut < 2; is_cut++) {
        struct tunnel tunnel = { context, is_cut != 0 };
        auto_http_server proxy = http_server_new(NULL, open_tunnel, &tunnel);
        set_proxy("https_proxy", proxy);
        auto_transport transport = new_transport(test_authority_file(authority));
        struct secret *token = secret_new("token", 5);
        auto_outcome outcome = send_request(
            transport, "https://service.test:8443",
            (struct http_request){ .method = "PUT", .url = "/x", .bearer = token });
        secret_free(token);
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
    forget_environment(NULL);
    SSL_CTX_free(context);
}

static void answer_all(struct http_peer *peer, void *state)
{
    (void)state;
    while (http_peer_read(peer))
        http_peer_answer(peer, 200, "ok");
}

TEST(loopback_and_exceptions_are_spoken_to_directly)
{
    auto_http_server proxy = http_server_new(NULL, answer_all, NULL);
    auto_http_server service = http_server_new(NULL, answer_all, NULL);
    set_proxy("HTTP_PROXY", proxy);
    auto_transport transport = new_transport(NULL);
    auto_outcome direct = send_method(transport, service, "GET");
    assert_answered(direct, 200);
    assert_int_equal(http_server_requests(proxy), 0);
    auto_outcome proxied =
        send_request(transport, "http://service.test",
                     (struct http_request){ .method = "GET", .url = "/x" });
    assert_answered(proxied, 200);
    auto_char saw = http_server_request(proxy, 0);
    assert_has(saw, "GET http://service.test/x HTTP/1.1\r\n");
    setenv("NO_PROXY", "a.test,.abcdef.example", 1);
    auto_transport excepted = new_transport(NULL);
    auto_outcome outcome =
        send_request(excepted,
                     "http://0123456789abcdef0123456789abcdef0123456789abcdef0123456789"
                     "abcdef.abcdef.example",
                     (struct http_request){ .method = "GET", .url = "/x" });
    assert_failed(outcome, ERR_NAME);
    assert_int_equal(http_server_requests(proxy), 1);
    forget_environment(NULL);
}

/* ---- the variables ------------------------------------------------------------------------- */

TEST(a_proxys_address_is_kept_without_its_user)
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
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        setenv("HTTPS_PROXY", rows[i].text, 1);
        struct proxies proxies;
        struct error err = NO_ERROR;
        assert_int_equal(proxies_find(&proxies, &by_variable, &err), 0);
        const struct proxy *proxy = NULL, *plain = NULL;
        assert_int_equal(proxies_choose(&proxies, "https://x/", &proxy, &err), 0);
        assert_string_equal(proxy->address, rows[i].address);
        assert_string_equal(proxy->named_by, "HTTPS_PROXY");
        if (rows[i].user != NULL)
            assert_string_equal(proxy->user, rows[i].user);
        else
            assert_null(proxy->user);
        if (rows[i].password != NULL)
            assert_string_equal(secret_reveal(proxy->password), rows[i].password);
        else
            assert_null(proxy->password);
        assert_int_equal(proxies_choose(&proxies, "http://x/", &plain, &err), 0);
        assert_null(plain);
        proxies_clear(&proxies);
    }
    forget_environment(NULL);
}

TEST(the_argument_goes_before_the_variables_and_takes_their_exceptions)
{
    setenv("HTTPS_PROXY", "http://other:user@variable.test:1", 1);
    setenv("HTTP_PROXY", "http://variable.test:1", 1);
    setenv("NO_PROXY", "a.test", 1);
    static const struct http_proxy_options rows[] = {
        { "http://argument.test:3128", "me", "c@nary" },
        { "http://argument.test:3128", "me", NULL },
        { "http://argument.test:3128", NULL, NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct proxies proxies;
        struct error err = NO_ERROR;
        assert_int_equal(proxies_find(&proxies, &rows[i], &err), 0);
        const struct proxy *both[] = { &proxies.http, &proxies.https };
        for (size_t k = 0; k < 2; k++) {
            assert_string_equal(both[k]->address, "http://argument.test:3128/");
            assert_has(both[k]->named_by, "provider argument proxy");
            if (rows[i].username == NULL) {
                assert_null(both[k]->user);
                assert_null(both[k]->password);
                continue;
            }
            assert_string_equal(both[k]->user, "me");
            assert_string_equal(secret_reveal(both[k]->password),
                                rows[i].password != NULL ? rows[i].password : "");
        }
        assert_string_equal(proxies.no_proxy, "a.test");
        proxies_clear(&proxies);
    }
    struct proxies proxies;
    struct error err = NO_ERROR;
    const struct http_proxy_options wrong = { "ftp://me:canary@x", NULL, NULL };
    assert_int_equal(proxies_find(&proxies, &wrong, &err), -1);
    assert_has(err.text, "provider argument proxy");
    assert_lacks(err.text, "canary");
    forget_environment(NULL);
}

TEST(a_password_of_the_argument_reaches_its_proxy_and_nobody_else)
{
    static const char no[] = "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=x\r\n"
                             "Content-Length: 0\r\nConnection: close\r\n\r\n";
    for (int has_user = 0; has_user < 2; has_user++) {
        auto_http_server proxy =
            http_server_new(NULL, answer_connect, (void *)(uintptr_t)no);
        auto_char url = memory_print("http://127.0.0.1:%d", http_server_port(proxy));
        auto_transport transport = new_transport_with(
            (struct http_curl_options){ .proxy = { .url = url,
                                                   .username = has_user ? "me" : NULL,
                                                   .password = "c@nary-pa55" } });
        auto_outcome outcome =
            send_request(transport, "https://service.test:8443",
                         (struct http_request){ .method = "PUT", .url = "/x" });
        assert_failed(outcome, ERR_INVALID);
        assert_has(outcome.err.text,
                   has_user ? "does not accept" : "wants a user and a password");
        assert_has(outcome.err.text, "username and password in the provider argument");
        assert_silent(outcome.err.text);
        auto_char saw = http_server_request(proxy, 0);
        if (has_user)
            assert_has(saw, "Proxy-Authorization: Basic " BASIC "\r\n");
        else
            assert_lacks(saw, "Proxy-Authorization");
    }
}

/* ---- a proxy behind TLS -------------------------------------------------------------------- */

static void assert_blamed(const char *ca_bundle, const char *target, const char *has,
                          const char *lacks)
{
    auto_test_authority authority = test_authority_new("Proxy Root");
    SSL_CTX *context = test_server_context(
        authority, &(struct test_certificate){ .common_name = "proxy.test",
                                               .alternatives = "DNS:proxy.test" });
    auto_http_server proxy = http_server_new(context, hang, NULL);
    auto_http_server service = http_server_new(context, hang, NULL);
    auto_char url = memory_print("https://127.0.0.1:%d", http_server_port(proxy));
    auto_transport transport = new_transport_with((struct http_curl_options){
        .ca_bundle = ca_bundle != NULL ? ca_bundle : test_authority_file(authority),
        .proxy = { .url = url } });
    auto_outcome outcome =
        send_request(transport, target != NULL ? target : http_server_url(service),
                     (struct http_request){ .method = "GET", .url = "/x" });
    assert_failed(outcome, ERR_TLS);
    assert_has(outcome.err.text, has);
    assert_lacks(outcome.err.text, lacks);
    SSL_CTX_free(context);
}

TEST(a_certificate_error_names_the_proxy_or_the_service)
{
    auto_test_authority other = test_authority_new("Another Root");
    const char *unknown = test_authority_file(other), *far = "https://service.test:8443";
    assert_blamed(unknown, far, "the proxy 127.0.0.1:", "service.test");
    assert_blamed(NULL, far, "check the address of the proxy", "service.test");
    /* What is on this machine is not spoken to through a proxy. */
    assert_blamed(unknown, NULL, "127.0.0.1", "the proxy 127.0.0.1");
    assert_blamed(NULL, NULL, "check the endpoint", "the proxy 127.0.0.1");
}

TEST(a_variable_that_names_no_proxy_is_refused_unseen)
{
    static const char *const texts[] = {
        "ftp://me:canary@proxy.test", "http://", "http:///canary", "//canary.test:1",
        "me:canary@", "http://me:can ary@proxy.test", "http://proxy.test:canary",
        /* Parts of a password would be the host's. */
        "http://me:12/canary@proxy.test:1", "http://canary?x@proxy.test:1",
        "canary#x@proxy.test:1"
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        setenv("ALL_PROXY", texts[i], 1);
        struct proxies proxies;
        struct error err = NO_ERROR;
        if (proxies_find(&proxies, &by_variable, &err) == 0)
            fail_msg("\"%s\" is taken for a proxy", texts[i]);
        assert_int_equal(err.kind, ERR_INVALID);
        assert_has(err.text, "ALL_PROXY");
        assert_lacks(err.text, "ary");
        assert_has(err.text, "%2F");
    }
    forget_environment(NULL);
}

TEST(the_first_variable_that_is_set_counts)
{
    static const struct {
        const char *name, *http, *https;
    } rows[] = {
        { "all_proxy", "http://all_proxy.test:1/", "http://all_proxy.test:1/" },
        { "ALL_PROXY", "http://ALL_PROXY.test:1/", "http://ALL_PROXY.test:1/" },
        { "https_proxy", "http://ALL_PROXY.test:1/", "http://https_proxy.test:1/" },
        { "HTTPS_PROXY", "http://ALL_PROXY.test:1/", "http://HTTPS_PROXY.test:1/" },
        { "http_proxy", "http://http_proxy.test:1/", "http://HTTPS_PROXY.test:1/" },
        { "HTTP_PROXY", "http://HTTP_PROXY.test:1/", "http://HTTPS_PROXY.test:1/" }
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        auto_char address = memory_print("http://%s.test:1", rows[i].name);
        setenv(rows[i].name, address, 1);
        struct proxies proxies;
        struct error err = NO_ERROR;
        assert_int_equal(proxies_find(&proxies, &by_variable, &err), 0);
        assert_string_equal(proxies.http.address, rows[i].http);
        assert_string_equal(proxies.https.address, rows[i].https);
        proxies_clear(&proxies);
    }
    forget_environment(NULL);
}

/* A web server passes its client's `Proxy:` header on as HTTP_PROXY. */
TEST(in_a_cgi_program_http_proxy_is_refused)
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
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        setenv(rows[i].variable, "http://variable.test:1", 1);
        const struct http_proxy_options options = { .url = rows[i].argument };
        struct proxies proxies;
        const struct proxy *proxy = NULL;
        struct error err = NO_ERROR;
        assert_int_equal(proxies_find(&proxies, &options, &err), 0);
        if ((proxies_choose(&proxies, rows[i].url, &proxy, &err) < 0) !=
            rows[i].is_refused)
            fail_msg("row %zu: %s", i, err.text);
        if (rows[i].is_refused)
            assert_has(err.text, "REQUEST_METHOD");
        proxies_clear(&proxies);
        unsetenv(rows[i].variable);
    }
    unsetenv("REQUEST_METHOD");
}

TEST_GROUP(forget_environment, NULL)
