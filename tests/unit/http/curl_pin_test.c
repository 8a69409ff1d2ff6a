/* A peer that is known by its certificate alone, as Service Fabric's is: nothing is sent to
 * another one, by whichever way the connection came about.
 * SPDX-License-Identifier: MPL-2.0 */
#include <openssl/ssl.h>

#include "support/http_server_tls.h"
#include "unit/http/curl_client.h"

struct peer {
    SSL_CTX *context;
    struct http_server *server;
    uint8_t pin[HTTP_PIN_BYTES];
};

struct place {
    struct test_authority *authority;
    struct peer good, bare; /* signed by the authority; by itself */
    struct http_transport *transport;
};

static void begin_peer(struct peer *peer, SSL_CTX *context)
{
    peer->context = context;
    peer->server = http_server_new(context, answer_all, NULL);
    X509_digest(SSL_CTX_get0_certificate(context), EVP_sha1(), peer->pin, NULL);
}

static void begin(struct place *place, int tls_version_max)
{
    place->authority = test_authority_new("Pin Root");
    const struct server_certificate good = { "signed" };
    const struct server_certificate bare = { .common_name = "bare",
                                             .alternatives = "DNS:other.example",
                                             .from_days = -20,
                                             .to_days = -10,
                                             .tls_version_max = tls_version_max };
    begin_peer(&place->good, test_server_context(place->authority, &good));
    begin_peer(&place->bare, test_server_context(NULL, &bare));
    place->transport = new_transport(test_authority_file(place->authority));
}

static void end(struct place *place)
{
    http_transport_free(place->transport);
    http_server_free(place->good.server);
    http_server_free(place->bare.server);
    SSL_CTX_free(place->good.context);
    SSL_CTX_free(place->bare.context);
    test_authority_free(place->authority);
}

/* `pin` NULL: an ordinary request. Refused: the server has seen nothing of it. */
static void expect(struct place *place, struct peer *peer, const uint8_t *pin, bool is_good)
{
    size_t before = http_server_requests(peer->server);
    auto_outcome outcome = send_request(place->transport, http_server_url(peer->server),
                                        (struct http_request){ .pin = pin, .is_direct = true });
    assert_int_equal(http_server_requests(peer->server), before + is_good);
    if (is_good) {
        assert_answered(outcome, 200);
        return;
    }
    assert_failed(outcome, ERR_TLS);
    if (pin != NULL) {
        assert_has(outcome.err.text, "127.0.0.1");
        assert_has(outcome.err.text, "SHA-1 thumbprint");
    }
}

static const int versions[] = { TLS1_2_VERSION, 0 };

CURL_TEST(only_the_pinned_certificate_is_trusted)
{
    EACH (version, versions) {
        struct place place;
        begin(&place, *version);
        uint8_t near[HTTP_PIN_BYTES];
        memcpy(near, place.bare.pin, sizeof near);
        near[HTTP_PIN_BYTES - 1] ^= 1;
        /* Neither its name nor its date nor its issuer counts. */
        expect(&place, &place.bare, place.bare.pin, true);
        expect(&place, &place.bare, near, false);
        expect(&place, &place.bare, place.good.pin, false);
        /* An authority's word does not count either. */
        expect(&place, &place.good, place.bare.pin, false);
        expect(&place, &place.good, place.good.pin, true);
        end(&place);
    }
}

CURL_TEST(no_connection_serves_requests_of_both_kinds)
{
    EACH (version, versions) {
        struct place place;
        begin(&place, *version);
        /* A kept connection and its session are not the pinned request's. */
        expect(&place, &place.good, NULL, true);
        expect(&place, &place.good, place.bare.pin, false);
        expect(&place, &place.good, NULL, true);
        assert_int_equal(http_server_connections(place.good.server), 2);
        /* And no other request uses what the pin made. */
        expect(&place, &place.bare, place.bare.pin, true);
        expect(&place, &place.bare, NULL, false);
        expect(&place, &place.bare, place.good.pin, false);
        end(&place);
    }
}

CURL_TEST(without_tls_nothing_is_sent)
{
    static const uint8_t pin[HTTP_PIN_BYTES] = { 1 };
    auto_outcome outcome =
        play("http", answer_all, NULL, (struct http_request){ .pin = pin, .is_direct = true });
    assert_failed(outcome, ERR_INVALID);
    assert_int_equal(outcome.connections, 0);
}
