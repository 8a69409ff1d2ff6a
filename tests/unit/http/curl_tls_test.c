/* TLS with the real transport: who is believed, and which certificate is named when one is
 * at fault. The rightful server is spoken to beside each of the others.
 * SPDX-License-Identifier: MPL-2.0 */
#include <unistd.h>

#include <openssl/ssl.h>

#include "support/http_server_tls.h"
#include "support/test.h"
#include "unit/http/curl_client.h"

static void answer_all(struct http_peer *peer, void *state)
{
    (void)state;
    while (http_peer_read(peer))
        http_peer_answer(peer, 200, "ok");
}

struct place {
    struct test_authority *authority;
    SSL_CTX *good_context, *bad_context;
    struct http_server *good, *bad;
    struct http_transport *transport;
};

/* A good server and a bad one, and a transport that trusts the authority. */
static void set_up(struct place *place, bool is_bad_signed,
                   const struct test_certificate *bad)
{
    *place = (struct place){ .authority = test_authority_new("Unit Root \xc3\x84") };
    place->good_context = test_server_context(
        place->authority, &(struct test_certificate){ .common_name = "good" });
    place->bad_context =
        test_server_context(is_bad_signed ? place->authority : NULL, bad);
    place->good = http_server_new(place->good_context, answer_all, NULL);
    place->bad = http_server_new(place->bad_context, answer_all, NULL);
    place->transport = new_transport(test_authority_file(place->authority));
}

static void tear_down(struct place *place)
{
    http_transport_free(place->transport);
    http_server_free(place->good);
    http_server_free(place->bad);
    SSL_CTX_free(place->good_context);
    SSL_CTX_free(place->bad_context);
    test_authority_free(place->authority);
}

static void assert_good(struct place *place)
{
    auto_outcome outcome = send_method(place->transport, place->good, "PUT");
    assert_answered(outcome, 200);
}

/* The bad one is refused without having seen a request; the text has all the parts. */
static void assert_refused(bool is_bad_signed, const struct test_certificate *bad,
                           const char *const *parts)
{
    struct place place;
    set_up(&place, is_bad_signed, bad);
    assert_good(&place);
    {
        auto_outcome outcome = send_method(place.transport, place.bad, "PUT");
        assert_failed(outcome, ERR_TLS);
        assert_has(outcome.err.text, "127.0.0.1");
        for (; *parts != NULL; parts++)
            assert_has(outcome.err.text, *parts);
    }
    assert_int_equal(http_server_requests(place.bad), 0);
    assert_good(&place);
    assert_int_equal(http_server_connections(place.good), 1);
    tear_down(&place);
}

TEST(an_expired_certificate_is_named_with_its_date_and_our_clock)
{
    char year[5];
    time_t then = time(NULL) - (time_t)10 * 24 * 3600;
    struct tm parts;
    strftime(year, sizeof year, "%Y", gmtime_r(&then, &parts));
    assert_refused(true,
                   &(struct test_certificate){
                       .common_name = "late", .from_days = -20, .to_days = -10 },
                   (const char *[]){ "\"CN = late\"", "\"CN = Unit Root \xc3\x84\"",
                                     "expired on", year, "clock", NULL });
}

TEST(a_certificate_of_the_future_points_at_the_clock)
{
    assert_refused(
        true,
        &(struct test_certificate){
            .common_name = "early", .from_days = 10, .to_days = 20 },
        (const char *[]){ "\"CN = early\"", "not valid before", "clock", NULL });
}

TEST(a_certificate_for_another_name_is_named)
{
    assert_refused(true,
                   &(struct test_certificate){ .common_name = "other.example",
                                               .alternatives = "DNS:other.example" },
                   (const char *[]){ "\"CN = other.example\"", NULL });
}

TEST(a_self_signed_certificate_is_not_trusted)
{
    assert_refused(false, &(struct test_certificate){ .common_name = "selfish" },
                   (const char *[]){ "\"CN = selfish\"", "ca_bundle", "SSL_CERT_FILE",
                                     "authority-", NULL });
}

TEST(an_unknown_authority_is_named_with_the_ca_bundle)
{
    auto_test_authority known = test_authority_new("Known Root");
    auto_test_authority strange = test_authority_new("Strange Root");
    SSL_CTX *context =
        test_server_context(strange, &(struct test_certificate){ .common_name = "leaf" });
    auto_http_server server = http_server_new(context, answer_all, NULL);
    {
        auto_transport transport = new_transport(test_authority_file(known));
        auto_outcome outcome = send_method(transport, server, "GET");
        assert_failed(outcome, ERR_TLS);
        assert_has(outcome.err.text, "\"CN = leaf\"");
        assert_has(outcome.err.text, "\"CN = Strange Root\"");
        assert_has(outcome.err.text, test_authority_file(known));
        assert_has(outcome.err.text, "ca_bundle");
    }
    auto_transport transport = new_transport(test_authority_file(strange));
    auto_outcome outcome = send_method(transport, server, "GET");
    assert_answered(outcome, 200);
    SSL_CTX_free(context);
}

TEST(an_old_version_of_tls_is_refused)
{
    assert_refused(true,
                   &(struct test_certificate){ .common_name = "old",
                                               .tls_version_max = TLS1_1_VERSION },
                   (const char *[]){ "no secure connection", NULL });
}

TEST(tls_1_2_is_new_enough)
{
    struct place place;
    set_up(&place, true,
           &(struct test_certificate){ .common_name = "just",
                                       .tls_version_max = TLS1_2_VERSION });
    {
        auto_outcome outcome = send_method(place.transport, place.bad, "PUT");
        assert_answered(outcome, 200);
    }
    tear_down(&place);
}

static void talk_plainly(struct http_peer *peer, void *state)
{
    (void)state;
    http_peer_write(peer, "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    http_peer_hang(peer);
}

TEST(plain_text_in_place_of_a_handshake_is_not_tried_again)
{
    auto_http_server server = http_server_new(NULL, talk_plainly, NULL);
    auto_transport transport = new_transport(NULL);
    auto_char url = memory_print("https://127.0.0.1:%d", http_server_port(server));
    auto_outcome outcome = send_request(
        transport, url, (struct http_request){ .method = "PUT", .url = "/x" });
    assert_failed(outcome, ERR_TLS);
}

TEST(each_variable_names_a_ca_bundle)
{
    auto_test_authority authority = test_authority_new("Variable Root");
    SSL_CTX *context = test_server_context(
        authority, &(struct test_certificate){ .common_name = "leaf" });
    auto_http_server server = http_server_new(context, answer_all, NULL);
    setenv("SSL_CERT_FILE", test_authority_file(authority), 1);
    {
        auto_transport transport = new_transport(NULL);
        auto_outcome outcome = send_method(transport, server, "GET");
        assert_answered(outcome, 200);
    }
    /* The argument takes the place of the variable, and adds nothing to it. */
    auto_test_authority other = test_authority_new("Other Root");
    {
        auto_transport transport = new_transport(test_authority_file(other));
        auto_outcome outcome = send_method(transport, server, "GET");
        assert_failed(outcome, ERR_TLS);
    }
    forget_environment(NULL);
    SSL_CTX_free(context);
}

static void cut_after_request(struct http_peer *peer, void *state)
{
    (void)state;
    if (http_peer_read(peer))
        http_peer_reset(peer);
}

TEST(a_cut_behind_the_handshake_is_lost)
{
    auto_test_authority authority = test_authority_new("Cut Root");
    SSL_CTX *context = test_server_context(
        authority, &(struct test_certificate){ .common_name = "leaf" });
    auto_http_server server = http_server_new(context, cut_after_request, NULL);
    auto_transport transport = new_transport(test_authority_file(authority));
    auto_outcome outcome = send_method(transport, server, "PUT");
    assert_failed(outcome, ERR_LOST);
    assert_int_equal(http_server_requests(server), 1);
    SSL_CTX_free(context);
}

/* OpenSSL's own policy on the machine would refuse old versions as well: what is tested
 * here is ours. */
static void allow_everything(void)
{
    static char path[] = "/tmp/openssl-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (file == NULL)
        abort();
    fputs("openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = lax\n"
          "[lax]\nMinProtocol = None\nCipherString = DEFAULT@SECLEVEL=0\n",
          file);
    fclose(file);
    setenv("OPENSSL_CONF", path, 1);
    OPENSSL_init_ssl(OPENSSL_INIT_LOAD_CONFIG, NULL);
    unlink(path);
}

static int before_all(void **state)
{
    (void)state;
    allow_everything();
    return forget_environment(state);
}

TEST_GROUP(before_all, NULL)
