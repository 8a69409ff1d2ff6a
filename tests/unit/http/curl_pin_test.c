/* A peer that is known by its certificate alone, as Service Fabric's is: nothing is sent to
 * another one, by whichever way the connection came about.
 * SPDX-License-Identifier: MPL-2.0 */
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
    SSL_CTX *signed_context, *bare_context;
    struct http_server *signed_server, *bare_server; /* by the authority; by itself */
    uint8_t signed_pin[HTTP_PIN_BYTES], bare_pin[HTTP_PIN_BYTES];
    struct http_transport *transport;
};

static void get_pin(SSL_CTX *context, uint8_t pin[HTTP_PIN_BYTES])
{
    X509_digest(SSL_CTX_get0_certificate(context), EVP_sha1(), pin, NULL);
}

static void set_up(struct place *place, int tls_version_max)
{
    *place = (struct place){ .authority = test_authority_new("Pin Root") };
    place->signed_context = test_server_context(
        place->authority, &(struct test_certificate){ .common_name = "signed" });
    place->bare_context = test_server_context(
        NULL, &(struct test_certificate){ .common_name = "bare",
                                          .alternatives = "DNS:other.example",
                                          .from_days = -20,
                                          .to_days = -10,
                                          .tls_version_max = tls_version_max });
    get_pin(place->signed_context, place->signed_pin);
    get_pin(place->bare_context, place->bare_pin);
    place->signed_server = http_server_new(place->signed_context, answer_all, NULL);
    place->bare_server = http_server_new(place->bare_context, answer_all, NULL);
    place->transport = new_transport(test_authority_file(place->authority));
}

static void tear_down(struct place *place)
{
    http_transport_free(place->transport);
    http_server_free(place->signed_server);
    http_server_free(place->bare_server);
    SSL_CTX_free(place->signed_context);
    SSL_CTX_free(place->bare_context);
    test_authority_free(place->authority);
}

/* `pin` NULL: an ordinary request. Refused: the server has seen nothing of it. */
static void expect(struct place *place, struct http_server *server, const uint8_t *pin,
                   bool is_good)
{
    size_t before = http_server_requests(server);
    auto_outcome outcome =
        send_request(place->transport, http_server_url(server),
                     (struct http_request){
                         .method = "GET", .url = "/x", .pin = pin, .is_direct = true });
    if (is_good) {
        assert_answered(outcome, 200);
        assert_int_equal(http_server_requests(server), before + 1);
        return;
    }
    assert_failed(outcome, ERR_TLS);
    assert_int_equal(http_server_requests(server), before);
    if (pin != NULL) {
        assert_has(outcome.err.text, "127.0.0.1");
        assert_has(outcome.err.text, "SHA-1 thumbprint");
    }
}

TEST(only_the_pinned_certificate_is_trusted)
{
    static const int versions[] = { TLS1_2_VERSION, 0 };
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct place place;
        set_up(&place, versions[i]);
        uint8_t near[HTTP_PIN_BYTES];
        memcpy(near, place.bare_pin, sizeof near);
        near[HTTP_PIN_BYTES - 1] ^= 1;
        /* Neither its name nor its date nor its issuer counts. */
        expect(&place, place.bare_server, place.bare_pin, true);
        expect(&place, place.bare_server, near, false);
        expect(&place, place.bare_server, place.signed_pin, false);
        /* An authority's word does not count either. */
        expect(&place, place.signed_server, place.bare_pin, false);
        expect(&place, place.signed_server, place.signed_pin, true);
        tear_down(&place);
    }
}

TEST(no_connection_serves_requests_of_both_kinds)
{
    static const int versions[] = { TLS1_2_VERSION, 0 };
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct place place;
        set_up(&place, versions[i]);
        /* A kept connection and its session are not the pinned request's. */
        expect(&place, place.signed_server, NULL, true);
        expect(&place, place.signed_server, place.bare_pin, false);
        expect(&place, place.signed_server, NULL, true);
        assert_int_equal(http_server_connections(place.signed_server), 2);
        /* And what the pin made is nobody else's. */
        expect(&place, place.bare_server, place.bare_pin, true);
        expect(&place, place.bare_server, NULL, false);
        expect(&place, place.bare_server, place.signed_pin, false);
        tear_down(&place);
    }
}

TEST(without_tls_nothing_is_sent)
{
    auto_http_server server = http_server_new(NULL, answer_all, NULL);
    auto_transport transport = new_transport(NULL);
    static const uint8_t pin[HTTP_PIN_BYTES] = { 1 };
    auto_outcome outcome =
        send_request(transport, http_server_url(server),
                     (struct http_request){
                         .method = "GET", .url = "/x", .pin = pin, .is_direct = true });
    assert_failed(outcome, ERR_INVALID);
    assert_int_equal(http_server_connections(server), 0);
}

TEST_GROUP(forget_environment, NULL)
