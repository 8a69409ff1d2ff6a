/* A peer that is known by its certificate alone, as Service Fabric's is: nothing is sent to
 * another one, by whichever way the connection came about.
 * SPDX-License-Identifier: MPL-2.0 */
#include <openssl/ssl.h>

#include "support/http_server_tls.h"
#include "unit/http/curl_client.h"

static struct peer {
    struct http_server *server;
    uint8_t pin[HTTP_PIN_BYTES];
} good, bare; /* signed by an authority; by itself */
static struct test_authority *authority;
static struct http_transport *transport; /* which trusts the authority */

static void begin_peer(struct peer *peer, struct test_authority *signer,
                       const struct server_certificate *certificate)
{
    SSL_CTX *context = test_server_context(signer, certificate);
    peer->server = http_server_new(context, follow, (void *)&answers_all);
    X509_digest(SSL_CTX_get0_certificate(context), EVP_sha1(), peer->pin, NULL);
    SSL_CTX_free(context);
}

static void begin(int tls_version_max)
{
    authority = test_authority_new("Pin Root");
    begin_peer(&good, authority, &(struct server_certificate){ "signed" });
    begin_peer(
        &bare, NULL,
        &(struct server_certificate){ "bare", "DNS:other.example", -20, -10, tls_version_max });
    transport = new_transport(test_authority_file(authority));
}

static void end(void)
{
    http_transport_free(transport);
    http_server_free(good.server);
    http_server_free(bare.server);
    test_authority_free(authority);
}

/* `pin` NULL: an ordinary request. Refused: the server has seen nothing of it. */
static void expect(struct peer *peer, const uint8_t *pin, bool is_good)
{
    size_t before = http_server_requests(peer->server);
    auto_outcome outcome = send_request(transport, http_server_url(peer->server),
                                        REQUEST(.pin = pin, .is_direct = true));
    assert_int_equal(http_server_requests(peer->server), before + is_good);
    if (is_good)
        assert_answered(outcome, 200);
    else if (pin != NULL)
        assert_failed(outcome, ERR_TLS, "127.0.0.1", "SHA-1 thumbprint");
    else
        assert_failed(outcome, ERR_TLS);
}

CURL_TEST(only_the_pinned_certificate_is_trusted)
{
    EACH_NUMBER (version, TLS1_2_VERSION, 0) {
        begin(version);
        uint8_t near[HTTP_PIN_BYTES];
        memcpy(near, bare.pin, sizeof near);
        near[HTTP_PIN_BYTES - 1] ^= 1;
        /* Neither its name nor its date nor its issuer counts. */
        expect(&bare, bare.pin, true);
        expect(&bare, near, false);
        expect(&bare, good.pin, false);
        /* An authority's word does not count either. */
        expect(&good, bare.pin, false);
        expect(&good, good.pin, true);
        end();
    }
}

CURL_TEST(no_connection_serves_requests_of_both_kinds)
{
    EACH_NUMBER (version, TLS1_2_VERSION, 0) {
        begin(version);
        /* A kept connection and its session are not the pinned request's. */
        expect(&good, NULL, true);
        expect(&good, bare.pin, false);
        expect(&good, NULL, true);
        assert_int_equal(http_server_connections(good.server), 2);
        /* And no other request uses what the pin made. */
        expect(&bare, bare.pin, true);
        expect(&bare, NULL, false);
        expect(&bare, good.pin, false);
        end();
    }
}

CURL_TEST(without_tls_nothing_is_sent)
{
    static const uint8_t pin[HTTP_PIN_BYTES] = { 1 };
    auto_outcome outcome = play_script(&answers_all, REQUEST(.pin = pin, .is_direct = true));
    assert_failed(outcome, ERR_INVALID);
    assert_int_equal(outcome.connections, 0);
}
