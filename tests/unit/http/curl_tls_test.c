/* TLS with the real transport: who is trusted, and which certificate is named when one is
 * at fault. The rightful server is spoken to beside each of the others.
 * SPDX-License-Identifier: MPL-2.0 */
#include <openssl/ssl.h>

#include "support/folder.h"
#include "support/http_server_tls.h"
#include "unit/http/curl_client.h"

static struct http_server *serve_tls(struct test_authority *authority, const char *name)
{
    return test_server_new(authority, &(struct server_certificate){ name }, follow,
                           (void *)&answers_all);
}

/* A transport that trusts the authority speaks to a good server, to `other`, and to the good
 * one again, over the kept connection. The outcome is that of `other`, which sees no request
 * unless it is trusted. */
static struct outcome send_between(struct test_authority *authority, struct http_server *other)
{
    auto_http_server good = serve_tls(authority, "good");
    auto_transport transport = new_transport(test_authority_file(authority));
    auto_outcome before = send_method(transport, good, "PUT");
    assert_answered(before, 200);
    struct outcome outcome = send_method(transport, other, "PUT");
    assert_int_equal(http_server_requests(other), outcome.result == 0 ? 1 : 0);
    auto_outcome after = send_method(transport, good, "PUT");
    assert_answered(after, 200);
    assert_int_equal(http_server_connections(good), 1);
    return outcome;
}

CURL_TEST(a_certificate_at_fault_is_named_with_its_fault)
{
    char expired[32], begins[32];
    const time_t ten_days = 10 * 24 * 3600, now = time(NULL);
    const time_t before = now - ten_days, after = now + ten_days;
    struct tm parts;
    strftime(expired, sizeof expired, "expired on %Y-%m-", gmtime_r(&before, &parts));
    strftime(begins, sizeof begins, "not valid before %Y-%m-", gmtime_r(&after, &parts));
    const struct {
        struct server_certificate certificate;
        const char *words[6];
        bool is_unsigned;
    } rows[] = {
        { { "late", .from_days = -20, .to_days = -10 },
          { "\"CN = late\"", "\"CN = Unit Root \xc3\x84\"", expired, "clock" } },
        { { "early", .from_days = 10, .to_days = 20 }, { "\"CN = early\"", begins, "clock" } },
        { { "other.example", "DNS:other.example" }, { "\"CN = other.example\"" } },
        { { "selfish" },
          { "\"CN = selfish\"", "ca_bundle", "SSL_CERT_FILE", "authority-" },
          .is_unsigned = true },
        { { "a\n\nWhat to do: run x\x1b[2J\xe2\x80\xae" },
          { "\"CN = a\\0A\\0AWhat to do: run x\\1B[2J\xef\xbf\xbd\"" },
          .is_unsigned = true },
        { { "old", .tls_version_max = TLS1_1_VERSION }, { "no TLS connection" } },
        { { "just", .tls_version_max = TLS1_2_VERSION }, { NULL } }, /* new enough */
    };
    auto_test_authority authority = test_authority_new("Unit Root \xc3\x84");
    EACH (row, rows) {
        auto_http_server server = test_server_new(row->is_unsigned ? NULL : authority,
                                                  &row->certificate, follow, (void *)&answers_all);
        auto_outcome outcome = send_between(authority, server);
        if (row->words[0] == NULL) {
            assert_answered(outcome, 200);
            continue;
        }
        assert_failed(outcome, ERR_TLS, "127.0.0.1");
        for (size_t i = 0; row->words[i] != NULL; i++)
            assert_has(outcome.err.text, row->words[i]);
    }
}

CURL_TEST(an_unknown_authority_is_named_with_the_ca_bundle)
{
    auto_test_authority known = test_authority_new("Known Root");
    auto_test_authority strange = test_authority_new("Strange Root");
    auto_http_server server = serve_tls(strange, "leaf");
    const char *file = test_authority_file(strange);
    const struct {
        const char *ca_bundle, *variable;
        bool is_known;
    } rows[] = {
        { test_authority_file(known), NULL, false },
        { file, NULL, true },
        { NULL, file, true },
        /* The variable adds nothing to the argument. */
        { test_authority_file(known), file, false },
    };
    EACH (row, rows) {
        if (row->variable != NULL)
            setenv("SSL_CERT_FILE", row->variable, 1);
        auto_transport transport = new_transport(row->ca_bundle);
        auto_outcome outcome = send_method(transport, server, "GET");
        forget_environment(NULL);
        if (row->is_known) {
            assert_answered(outcome, 200);
            continue;
        }
        assert_failed(outcome, ERR_TLS, "\"CN = leaf\"", "\"CN = Strange Root\"", row->ca_bundle,
                      "ca_bundle");
    }
}

CURL_TEST(plain_text_in_place_of_a_handshake_is_not_tried_again)
{
    static const struct script talks_plainly = {
        .is_deaf = true,
        .says = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
        .then = HANG,
    };
    auto_outcome outcome = play("https", follow, &talks_plainly, REQUEST(.method = "PUT"));
    assert_failed(outcome, ERR_TLS);
}

/* One that says nothing that a reader of the connection could see. */
static void update_keys(struct http_peer *peer, void *state)
{
    (void)state;
    for (bool is_there = http_peer_read(peer); is_there;)
        is_there = http_peer_update_key(peer);
}

/* What has no length is cut without a trace: its reader sees that the JSON does not end. */
CURL_TEST(a_cut_behind_the_handshake_is_lost)
{
    static const struct script rows[] = {
        { .then = RESET },
        { .then = CLOSE },
        { .says = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[1,2]" },
        { .says = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2]\r\n" },
    };
    auto_test_authority authority = test_authority_new("Cut Root");
    EACH (row, rows) {
        EACH_TEXT (method, "GET", "PUT") {
            auto_http_server server = test_server_new(
                authority, &(struct server_certificate){ "leaf" }, follow, (void *)row);
            auto_transport transport = new_transport(test_authority_file(authority));
            auto_outcome outcome = send_method(transport, server, method);
            assert_failed(outcome, ERR_LOST);
            assert_int_equal(http_server_requests(server), 1);
        }
    }
}

/* "Hello requests", of four zeros each, which a client skips. */
static void ask_for_hellos(struct http_peer *peer, void *state)
{
    (void)state;
    static const unsigned char record[5 + 16384] = { 22, 3, 3, 0x40, 0 };
    while (http_peer_write_bytes(peer, record, sizeof record))
        continue;
}

CURL_TEST(a_handshake_that_does_not_end_ends_with_its_time)
{
    auto_outcome outcome =
        play("https", ask_for_hellos, NULL, REQUEST(.method = "PUT", .timeout_ms = 1000));
    assert_failed(outcome, ERR_UNREACHABLE);
}

/* A ServerHello of TLS 1.2 without extensions, as that of an old load balancer. */
static void say_old_hello(struct http_peer *peer, void *state)
{
    (void)state;
    static const unsigned char hello[47] = { 22, 3,  3, 0, 42,       2,           0,
                                             0,  38, 3, 3, [11] = 7, [44] = 0xC0, 0x2F };
    if (http_peer_write_bytes(peer, hello, sizeof hello))
        http_peer_hang(peer);
}

CURL_TEST(a_front_end_without_secure_renegotiation_is_reported_with_what_to_do)
{
    auto_outcome outcome = play("https", say_old_hello, NULL, REQUEST(.timeout_ms = 1000));
    assert_failed(outcome, ERR_TLS, "secure renegotiation", "RFC 5746", "load balancer");
}

CURL_TEST(a_connection_of_new_keys_and_nothing_else_ends_with_its_time)
{
    auto_test_authority authority = test_authority_new("Key Root");
    auto_http_server server =
        test_server_new(authority, &(struct server_certificate){ "leaf" }, update_keys, NULL);
    auto_transport transport = new_transport(test_authority_file(authority));
    auto_outcome outcome =
        send_request(transport, http_server_url(server), REQUEST(.timeout_ms = 1000));
    assert_failed(outcome, ERR_LOST);
}

/* OpenSSL's own policy on the machine would refuse old versions as well: what is tested
 * here is ours. */
static int allow_everything(void **state)
{
    if (folder_begin(state) < 0)
        return -1;
    setenv("OPENSSL_CONF",
           put_text("conf", "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\n"
                            "system_default = lax\n[lax]\nMinProtocol = None\n"
                            "CipherString = DEFAULT@SECLEVEL=0\n"),
           1);
    OPENSSL_init_ssl(OPENSSL_INIT_LOAD_CONFIG, NULL);
    return folder_end(state);
}

TEST_GROUP(allow_everything, NULL)
