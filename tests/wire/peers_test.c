/* Who is served: the owner of the key that the host handed over, and nobody else. Each test
 * shows the rightful peer before, between and after those that are refused.
 * SPDX-License-Identifier: MPL-2.0 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cmocka.h>

#include "client.h"

struct play {
    struct wire_identity *host;
    struct wire_provider *provider;
};

static void open_play(struct play *play)
{
    play->host = wire_identity_new(NULL);
    play->provider = wire_start(&(struct wire_start){ .host = play->host });
    wire_check_served(play->provider, play->host);
}

static void close_play(struct play *play)
{
    wire_check_served(play->provider, play->host);
    wire_shut_down(play->provider, play->host);
    wire_provider_free(play->provider);
    wire_identity_free(play->host);
}

/* With TLS 1.3 a client may think that its handshake succeeded: what counts is that no call
 * is answered. Shutdown, because if it were served nobody could overlook it. */
static void check_refused(struct play *play, struct wire_channel *channel)
{
    static const char *const paths[] = { "GetProviderSchema", "StopProvider",
                                         "/grpc.health.v1.Health/Check",
                                         "/plugin.GRPCController/Shutdown" };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct wire_reply reply;
        wire_ask(channel, paths[i], NULL, 0, &reply);
        if (reply.status != GRPC_STATUS_UNAVAILABLE)
            fail_msg("%s: status %d, %s", paths[i], (int)reply.status, reply.detail);
        assert_false(reply.has_message);
        wire_reply_clear(&reply);
    }
    wire_channel_free(channel);
    assert_int_equal(waitpid(play->provider->pid, NULL, WNOHANG), 0);
    wire_check_served(play->provider, play->host);
}

static void peer_no_certificate(void **state)
{
    (void)state;
    struct play play;
    open_play(&play);
    check_refused(&play, wire_connect(play.provider, NULL));
    check_refused(&play, wire_connect(play.provider, NULL));
    close_play(&play);
}

static void peer_stranger(void **state)
{
    (void)state;
    struct play play;
    open_play(&play);
    struct wire_identity *stranger =
        wire_identity_new(&(struct wire_identity_options){ .name = "stranger" });
    check_refused(&play, wire_connect(play.provider, stranger));
    wire_identity_free(stranger);
    close_play(&play);
}

static void peer_same_name_other_key(void **state)
{
    (void)state;
    struct play play;
    open_play(&play);
    struct wire_identity *twin = wire_identity_new(NULL);
    check_refused(&play, wire_connect(play.provider, twin));
    wire_identity_free(twin);
    close_play(&play);
}

/* The certificate is no secret: it stands in the environment of the process. */
static void peer_with_the_hosts_certificate_but_not_its_key(void **state)
{
    (void)state;
    struct play play;
    open_play(&play);
    struct wire_identity *liar = wire_identity_forge(play.host);
    check_refused(&play, wire_connect(play.provider, liar));
    wire_identity_free(liar);
    close_play(&play);
}

/* The host's own key, but its certificate has run out. */
static void peer_expired(void **state)
{
    (void)state;
    struct play play;
    open_play(&play);
    struct wire_identity *expired = wire_identity_new(&(struct wire_identity_options){
        .begin_seconds = -7200, .end_seconds = -3600, .same_key = play.host });
    check_refused(&play, wire_connect(play.provider, expired));
    wire_identity_free(expired);
    close_play(&play);
}

static void peer_of_other_run(void **state)
{
    (void)state;
    struct play one, other;
    open_play(&one);
    open_play(&other);
    check_refused(&one, wire_connect(one.provider, other.host));
    check_refused(&other, wire_connect(other.provider, one.host));
    close_play(&one);
    close_play(&other);
}

static void peer_plaintext(void **state)
{
    (void)state;
    struct play play;
    open_play(&play);
    check_refused(&play, wire_connect_plain(play.provider));
    close_play(&play);
}

static int connect_raw(const struct wire_provider *provider)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof address.sun_path, "%s", wire_socket_path(provider));
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(client >= 0);
    assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
    return client;
}

/* The host may not be let down by others who hold the line and say nothing, or leave in the
 * middle of a word. */
static void silent_peers_keep_nobody_out(void **state)
{
    (void)state;
    enum { COUNT = 100 };
    struct play play;
    open_play(&play);
    int silent[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        silent[i] = connect_raw(play.provider);
        if (i % 2 == 0) /* the head of a TLS record that never comes */
            assert_int_equal(send(silent[i], "\x16\x03\x01\x02", 4, MSG_NOSIGNAL), 4);
    }
    wire_check_served(play.provider, play.host);
    for (size_t i = 0; i < COUNT; i++)
        close(silent[i]);
    close_play(&play);
}

/* gRPC 1.51 cannot check a P-521 key under TLS 1.2 (its list of groups is fixed), and 1.1 it
 * does not speak: neither may end in anything but a refusal. */
static void peer_of_an_older_tls(void **state)
{
    (void)state;
    static const int versions[] = { TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION };
    struct play play;
    open_play(&play);
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        SSL_CTX *context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_security_level(context, 0);
        assert_int_equal(SSL_CTX_set_min_proto_version(context, TLS1_VERSION), 1);
        assert_int_equal(SSL_CTX_set_max_proto_version(context, versions[i]), 1);
        SSL *connection = SSL_new(context);
        int client = connect_raw(play.provider);
        SSL_set_fd(connection, client);
        assert_int_not_equal(SSL_connect(connection), 1);
        SSL_free(connection);
        SSL_CTX_free(context);
        close(client);
        ERR_clear_error();
        wire_check_served(play.provider, play.host);
    }
    close_play(&play);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN); /* whoever is refused is hung up on */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(peer_no_certificate),
        cmocka_unit_test(peer_stranger),
        cmocka_unit_test(peer_same_name_other_key),
        cmocka_unit_test(peer_with_the_hosts_certificate_but_not_its_key),
        cmocka_unit_test(peer_expired),
        cmocka_unit_test(peer_of_other_run),
        cmocka_unit_test(peer_plaintext),
        cmocka_unit_test(silent_peers_keep_nobody_out),
        cmocka_unit_test(peer_of_an_older_tls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
