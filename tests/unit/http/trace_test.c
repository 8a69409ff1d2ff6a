/* The trace: real traffic in the form of the exchange tests, without its secrets.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/log.h"
#include "support/captured.h"
#include "support/fake_transport.h"
#include "support/fixture.h"

/* What one exchange writes to the log at this level; the caller's to free. */
static char *traced(const char *level, struct fake_answer answer,
                    const struct http_request *request)
{
    unsetenv("TF_LOG_PROVIDER_AZURESTACK");
    setenv("TF_LOG_PROVIDER", level, 1);
    log_init();
    capture_begin();
    struct fake_transport *fake = fake_transport_new(ANSWERS(answer));
    auto_call call;
    call_init(&call, NULL);
    auto_http_reply reply = NULL;
    struct error err = NO_ERROR;
    http_send(fake_transport_base(fake), &call, request, &reply, &err);
    http_transport_free(fake_transport_base(fake));
    return capture_end();
}

TEST(an_exchange_is_traced_in_the_form_of_the_tests_without_its_secrets)
{
    static const struct http_header header = { "x-ms-authorization-auxiliary", "Bearer c4nary" };
    auto_secret token = secret_new("c4nary", 6);
    const struct {
        struct http_request request;
        struct fake_answer answer;
        const char *has[4];
    } rows[] = {
        { { .method = "PUT",
            .url = "https://host:8443/a?api-version=1",
            .has_body = true,
            .body = BYTES("{\"b\":2}", 7) },
          { 404, .headers = "Content-Type: application/json\nX-Secret: c4nary\nx-ms-request-id: 7",
            .body = "{\"a\":1}", .takes_ms = 250 },
          { "\"http_request\":\"> PUT /a?api-version=1\\n{\\\"b\\\":2}\"",
            "\"http_reply\":\"< 404 Content-Type: application/json; x-ms-request-id: 7\\n"
            "{\\\"a\\\":1}\"",
            "\"http_host\":\"host:8443\"", "\"http_took_ms\":\"250\"" } },
        /* What is known to be secret, wherever it stands. */
        { { .method = "PUT",
            .url = "https://host/a?sig=c4nary",
            .headers = &header,
            .header_count = 1,
            .bearer = token,
            .has_body = true,
            .body = BYTES("{\"password\":\"c4nary\"}", 21) },
          { 200, .headers = "Location: https://x/?sig=c4nary",
            .body = "{\"access_token\":\"c4nary\"}" },
          { "> PUT /a?sig=***", "Location: https://x/?sig=***" } },
        /* Bodies that are secret as a whole. */
        { { .method = "POST",
            .url = "https://login/token",
            .has_body = true,
            .body = BYTES("c4nary-request", 14),
            .is_body_secret = true },
          { 400, .body = "<html>c4nary-answer</html>" },
          { "> POST /token\\n***", "< 400\\n***" } },
    };
    EACH (row, rows) {
        auto_char text = traced("TRACE", row->answer, &row->request);
        for (size_t i = 0; i < 4 && row->has[i] != NULL; i++)
            assert_has(text, row->has[i]);
        assert_lacks(text, "c4nary");
        assert_lacks(text, "X-Secret");
        assert_lacks(text, "Bearer");
    }
}

static const struct http_request get = { .method = "GET", .url = "https://host/a" };

TEST(a_failure_is_traced_as_a_fault)
{
    static const struct {
        enum error_kind kind;
        const char *fault;
    } rows[] = { { ERR_LOST, "lost" },      { ERR_UNREACHABLE, "refused" }, { ERR_NAME, "name" },
                 { ERR_TLS, "tls" },        { ERR_SHAPE, "shape" },         { ERR_TOO_BIG, "big" },
                 { ERR_STOPPED, "stopped" } };
    EACH (row, rows) {
        const struct fake_answer fault = { .fault = row->kind, .text = "https://x/?sig=c4nary" };
        auto_char text = traced("TRACE", fault, &get);
        auto_char want = memory_print("\"< fault %s\"", row->fault);
        assert_has(text, want);
        assert_lacks(text, "c4nary");
    }
}

TEST(below_trace_there_is_no_traffic_in_the_log)
{
    EACH_TEXT (level, "DEBUG", "INFO", "WARN", "ERROR", "OFF") {
        auto_char text = traced(level, (struct fake_answer){ 200, .body = "{}" }, &get);
        assert_string_equal(text, "");
    }
}

TEST_GROUP(fake_clock, true_clock)
