/* The trace: real traffic in the form of the exchange tests, without its secrets.
 * SPDX-License-Identifier: MPL-2.0 */
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "support/fake_transport.h"
#include "support/test.h"

/* What one exchange writes to the log at this level; the caller's to free. */
static char *traced(const char *level, const struct fake_answer *answers,
                    const struct http_request *request)
{
    setenv("TF_LOG_PROVIDER", level, 1);
    log_init();
    int captured = memfd_create("log", MFD_CLOEXEC), saved = dup(STDERR_FILENO);
    dup2(captured, STDERR_FILENO);
    clock_fake_start(0);
    struct fake_transport *fake = fake_transport_new(answers);
    struct call call;
    call_init(&call, NULL);
    struct http_reply *reply = NULL;
    struct error err = NO_ERROR;
    http_send(fake_transport_base(fake), &call, request, &reply, &err);
    http_reply_free(reply);
    call_clear(&call);
    http_transport_free(fake_transport_base(fake));
    clock_fake_end();
    dup2(saved, STDERR_FILENO);
    close(saved);
    off_t length = lseek(captured, 0, SEEK_END);
    char *text = memory_new((size_t)length + 1);
    assert_int_equal(pread(captured, text, (size_t)length, 0), length);
    close(captured);
    return text;
}

TEST(an_exchange_is_traced_in_the_form_of_the_tests)
{
    static const struct fake_answer answers[] = {
        { .status = 404,
          .headers = "Content-Type: application/json\nX-Secret: x\nx-ms-request-id: 7",
          .body = "{\"a\":1}",
          .takes_ms = 250 },
        { 0 }
    };
    auto_char text =
        traced("TRACE", answers,
               &(struct http_request){ .method = "PUT",
                                       .url = "https://host:8443/a?api-version=1",
                                       .has_body = true,
                                       .body = BYTES("{\"b\":2}", 7) });
    assert_non_null(strstr(text, "\"http_request\":\"> PUT /a?api-version=1\\n"
                                 "{\\\"b\\\":2}\""));
    assert_non_null(strstr(text, "\"http_reply\":\"< 404 Content-Type: application/json; "
                                 "x-ms-request-id: 7\\n{\\\"a\\\":1}\""));
    assert_non_null(strstr(text, "\"http_host\":\"host:8443\""));
    assert_non_null(strstr(text, "\"http_took_ms\":\"250\""));
    assert_null(strstr(text, "X-Secret"));
}

TEST(redaction_of_the_token_and_of_what_is_sent_with_it)
{
    static const struct fake_answer answers[] = {
        { .status = 200,
          .headers = "Location: https://x/?sig=canary1",
          .body = "{\"access_token\":\"canary2\"}" },
        { 0 }
    };
    const struct http_header header = { "x-ms-authorization-auxiliary",
                                        "Bearer canary3" };
    struct secret *token = secret_new("canary4", 7);
    auto_char text =
        traced("TRACE", answers,
               &(struct http_request){ .method = "PUT",
                                       .url = "https://host/a?sig=canary5",
                                       .headers = &header,
                                       .header_count = 1,
                                       .bearer = token,
                                       .has_body = true,
                                       .body = BYTES("{\"password\":\"canary6\"}", 22) });
    secret_free(token);
    assert_non_null(strstr(text, "> PUT /a?sig=***"));
    assert_non_null(strstr(text, "Location: https://x/?sig=***"));
    assert_null(strstr(text, "canary"));
    assert_null(strstr(text, "Bearer"));
}

TEST(redaction_of_bodies_that_are_secret_as_a_whole)
{
    static const struct fake_answer answers[] = {
        { .status = 400, .body = "<html>canary-answer</html>" }, { 0 }
    };
    auto_char text = traced("TRACE", answers,
                            &(struct http_request){ .method = "POST",
                                                    .url = "https://login/token",
                                                    .has_body = true,
                                                    .body = BYTES("canary-request", 14),
                                                    .is_body_secret = true });
    assert_non_null(strstr(text, "> POST /token\\n***"));
    assert_non_null(strstr(text, "< 400\\n***"));
    assert_null(strstr(text, "canary"));
}

TEST(a_failure_is_traced_as_a_fault)
{
    static const struct {
        enum error_kind kind;
        const char *fault;
    } rows[] = { { ERR_LOST, "lost" },      { ERR_UNREACHABLE, "refused" },
                 { ERR_NAME, "name" },      { ERR_TLS, "tls" },
                 { ERR_SHAPE, "shape" },    { ERR_TOO_BIG, "big" },
                 { ERR_STOPPED, "stopped" } };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct fake_answer answers[] = {
            { .fault = rows[i].kind, .text = "at https://x/?sig=canary" }, { 0 }
        };
        auto_char text =
            traced("TRACE", answers,
                   &(struct http_request){ .method = "GET", .url = "https://host/a" });
        auto_char want = memory_print("\"< fault %s\"", rows[i].fault);
        assert_non_null(strstr(text, want));
        assert_null(strstr(text, "canary"));
    }
}

TEST(below_trace_there_is_no_traffic_in_the_log)
{
    static const char *const levels[] = { "DEBUG", "INFO", "WARN", "ERROR", "OFF" };
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        static const struct fake_answer answers[] = { { .status = 200, .body = "{}" },
                                                      { 0 } };
        auto_char text =
            traced(levels[i], answers,
                   &(struct http_request){ .method = "GET", .url = "https://host/a" });
        assert_string_equal(text, "");
    }
}

static int before_all(void **state)
{
    (void)state;
    unsetenv("TF_LOG_PROVIDER_AZURESTACK");
    return 0;
}

TEST_GROUP(before_all, NULL)
