/* Sign-in services that send too much or too slowly, over real HTTPS.
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/credential.h"
#include "support/http_server_tls.h"
#include "unit/http/curl_client.h"

enum { MOST = 64 * 1024, MEGABYTE = 1024 * 1024 };
#define OK "HTTP/1.1 200 OK\r\n"

struct answer {
    const char *start, *more; /* `more` again and again; NULL: that was all */
    int64_t pause_ms;
    enum error_kind kind;
    const char *words;
};

static void answer(struct http_peer *peer, void *state)
{
    const struct answer *plan = state;
    const struct timespec pause = { .tv_nsec = plan->pause_ms * 1000 * 1000 };
    if (!http_peer_read(peer) || !http_peer_write(peer, plan->start))
        return;
    while (plan->more != NULL && http_peer_write(peer, plan->more))
        nanosleep(&pause, NULL);
}

/* A whole answer with a token of so many letters; the caller's. */
static char *token_of(size_t letters)
{
    auto_char token = memset(memory_new(letters + 1), 'a', letters);
    auto_char body = memory_print("{\"access_token\":\"%s\",\"expires_in\":3599}", token);
    return memory_print(OK "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
}

CURL_TEST(a_sign_in_service_without_measure_ends_and_its_token_is_not_used)
{
    auto_char most = token_of(MOST);
    auto_char huge = token_of(MEGABYTE);
    auto_char letters = memset(memory_new(4096 + 1), 'a', 4096);
    const struct answer rows[] = {
        { most },
        { huge, .kind = ERR_TOO_BIG, .words = "its body is over 262144 bytes" },
        { OK "\r\n{\"access_token\":\"", letters, .kind = ERR_TOO_BIG, .words = "262144" },
        { "HTTP/1.1 400 No\r\n\r\n{\"error\":\"", letters, .kind = ERR_TOO_BIG, .words = "262144" },
        { OK "X-Long: ", letters, .kind = ERR_TOO_BIG, .words = "headers" },
        { OK "\r\n{\"access_token\":\"", "a", 20, ERR_TIMEOUT, "timed out" },
        { OK "X-Slow: ", "a", 20, ERR_TIMEOUT, "timed out" },
    };
    auto_test_authority authority = test_authority_new("Login Root");
    EACH (row, rows) {
        auto_http_server server = test_server_new(
            authority, &(struct server_certificate){ "login" }, answer, (void *)row);
        auto_transport transport = new_transport(test_authority_file(authority));
        const struct auth_config config = { .authority = http_server_url(server),
                                            .tenant_id = "contoso.example",
                                            .client_id = "app",
                                            .client_secret = "canary" };
        struct outcome outcome = { .err = NO_ERROR };
        struct credential *credential = NULL;
        must(credential_choose(&config, &credential, &outcome.err) == 0, outcome.err.text);
        auto_call call;
        call_init(&call, NULL);
        call.deadline_ms = clock_monotonic_ms() + (row->pause_ms != 0 ? 1000 : PATIENCE_MS);
        struct auth_token token = { NULL };
        outcome.result = credential->fetch(credential, &call, transport, "https://arm.test", &token,
                                           &outcome.err);
        if (row->kind == ERR_NONE) {
            assert_int_equal(outcome.result, 0);
            assert_int_equal(strlen(secret_reveal(token.text)), MOST);
        } else {
            assert_int_equal(outcome.result, -1);
            assert_error(&outcome.err, row->kind, row->words, "127.0.0.1");
            assert_null(token.text);
        }
        secret_free(token.text);
        credential_free(credential);
    }
}
