/* Which addresses a cloud's metadata names, in each shape that it is known to have.
 * Source of the shapes: azure-rest-api-specs and recorded answers of the public endpoints;
 * azure-stack-docs for the hub's.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "session/discovery.h"
#include "support/fake_transport.h"
#include "support/test.h"

#define CLOUD(name, login, arm, audience)                                                   \
    "{\"portal\":\"https://portal.test\",\"authentication\":{\"loginEndpoint\":\"" login    \
    "\",\"audiences\":[\"" audience                                                         \
    "\",\"https://second.test/\"],\"tenant\":\"common\","                                   \
    "\"identityProvider\":\"AAD\"},\"media\":\"https://m.test\",\"resourceManager\":\"" arm \
    "\",\"name\":\"" name "\",\"suffixes\":{\"storage\":\"core.test\"}}"
#define PUBLIC                                                                           \
    CLOUD("AzureCloud", "https://login.public/", "https://arm.public/",                  \
          "https://audience.public/")
#define GOVERNMENT                                                                       \
    CLOUD("AzureUSGovernment", "https://login.gov", "https://arm.gov",                   \
          "https://audience.gov")
#define CHINA                                                                            \
    CLOUD("AzureChinaCloud", "https://login.china", "https://arm.china:8443",            \
          "https://audience.china")
#define ALL "[" PUBLIC "," CHINA "," GOVERNMENT "]"

/* As a hub answers; it knows one version only. */
#define HUB                                                                               \
    "{\"galleryEndpoint\":\"https://gallery.berlin.hub.test/\",\"graphEndpoint\":"        \
    "\"https://graph.windows.net/\",\"portalEndpoint\":\"https://portal.hub.test/\","     \
    "\"authentication\":{\"loginEndpoint\":\"https://login.windows.net/\",\"audiences\":" \
    "[\"https://management.t.onmicrosoft.com/4de154de-f8a8-4017-af41-df619da68155\"]}}"

struct asked {
    struct call call;
    struct fake_transport *fake;
    struct discovered found;
    struct error err;
    int result;
};

static void ask(struct asked *asked, const struct fake_answer *answers, const char *host,
                const char *environment)
{
    *asked = (struct asked){ .fake = fake_transport_new(answers) };
    clock_fake_start(1700000000000);
    call_init(&asked->call, NULL);
    asked->call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    asked->result = discovery_fetch(&asked->call, fake_transport_base(asked->fake), host,
                                    environment, &asked->found, &asked->err);
}

static void done(struct asked *asked)
{
    call_clear(&asked->call);
    http_transport_free(fake_transport_base(asked->fake));
    clock_fake_end();
}

static void assert_finds(const char *body, const char *host, const char *environment,
                         const char *authority, const char *endpoint,
                         const char *audience)
{
    const struct fake_answer answers[] = { { 200, .body = body }, { 0 } };
    struct asked asked;
    ask(&asked, answers, host, environment);
    if (asked.result < 0)
        fail_msg("%s, %s: %s", host, environment, asked.err.text);
    assert_string_equal(asked.found.authority, authority);
    assert_string_equal(asked.found.endpoint, endpoint);
    assert_string_equal(asked.found.audience, audience);
    const struct fake_request *request = fake_transport_request(asked.fake, 0);
    assert_string_equal(request->method, "GET");
    assert_null(request->bearer);
    done(&asked);
}

TEST(one_cloud_is_taken_as_it_is)
{
    static const char *const environments[] = { "public", "custom", "china" };
    for (size_t i = 0; i < 3; i++) {
        assert_finds(PUBLIC, "host.test", environments[i], "https://login.public",
                     "https://arm.public", "https://audience.public/");
        assert_finds("[" CHINA "]", "host.test", environments[i], "https://login.china",
                     "https://arm.china:8443", "https://audience.china");
    }
    assert_finds("\xEF\xBB\xBF" PUBLIC, "host.test", "public", "https://login.public",
                 "https://arm.public", "https://audience.public/");
}

TEST(of_several_the_named_one_or_the_hosts_own_is_taken)
{
    static const struct {
        const char *host, *environment, *authority;
    } rows[] = {
        { "arm.public", "public", "https://login.public" },
        { "arm.gov", "public", "https://login.gov" },
        { "arm.GOV:443", "public", "https://login.gov" },
        { "arm.china:8443", "custom", "https://login.china" },
        { "other.test", "public", "https://login.public" },
        { "arm.public", "usgovernment", "https://login.gov" },
        { "arm.public", "china", "https://login.china" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct fake_answer answers[] = { { 200, .body = ALL }, { 0 } };
        struct asked asked;
        ask(&asked, answers, rows[i].host, rows[i].environment);
        if (asked.result < 0)
            fail_msg("row %zu: %s", i, asked.err.text);
        assert_string_equal(asked.found.authority, rows[i].authority);
        done(&asked);
    }
}

TEST(an_address_without_an_identity_option_uses_the_system_identity)
{
    assert_finds("{\"authentication\":{\"loginEndpoint\":\"https://login.test/common\","
                 "\"audiences\":[\"a\"]}}",
                 "arm.test:8443", "custom", "https://login.test", "https://arm.test:8443",
                 "a");
}

TEST(an_older_version_is_requested_where_the_newest_is_unsupported)
{
    const struct fake_answer answers[] = {
        { 400, .body = "{\"error\":{\"code\":\"InvalidApiVersionParameter\"}}" },
        { 200, .body = ALL },
        { 0 }
    };
    struct asked asked;
    ask(&asked, answers, "arm.gov", "public");
    assert_int_equal(asked.result, 0);
    assert_string_equal(asked.found.authority, "https://login.gov");
    assert_string_equal(fake_transport_request(asked.fake, 0)->url,
                        "https://arm.gov/metadata/endpoints?api-version=2022-09-01");
    assert_string_equal(fake_transport_request(asked.fake, 1)->url,
                        "https://arm.gov/metadata/endpoints?api-version=2019-05-01");
    done(&asked);
}

static void assert_refused(const struct fake_answer *answers, enum error_kind kind,
                           const char *word, size_t requests)
{
    struct asked asked;
    ask(&asked, answers, "host.test", "custom");
    assert_int_equal(asked.result, -1);
    if (asked.err.kind != kind || strstr(asked.err.text, word) == NULL)
        fail_msg("kind %d: %s", asked.err.kind, asked.err.text);
    assert_non_null(
        strstr(asked.err.text, "metadata_host (ARM_METADATA_HOSTNAME) \"host.test\""));
    assert_int_equal(fake_transport_count(asked.fake), requests);
    done(&asked);
}

TEST(a_hub_is_recognised_by_each_of_its_signs)
{
    const struct fake_answer only_old[] = {
        { .status = 400 }, { .status = 404 }, { 200, .body = HUB }, { 0 }
    };
    assert_refused(only_old, ERR_INVALID, "live in public Azure", 3);
    static const char *const bodies[] = {
        HUB,
        CLOUD("AzureStackCloud", "https://l", "https://r", "a"),
        CLOUD("azurestackcloud", "https://l", "https://r", "a"),
        "{\"authentication\":{\"loginEndpoint\":\"https://adfs.hub.test/adfs\","
        "\"audiences\":[\"a\"],\"identityProvider\":\"ADFS\"}}",
        "{\"authentication\":{\"loginEndpoint\":\"https://l\",\"audiences\":[\"a\"],"
        "\"tenant\":\"adfs\",\"identityProvider\":\"AAD\"}}",
        "[" CLOUD("AzureStackCloud", "https://l", "https://r", "a") "]",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        const struct fake_answer answers[] = { { 200, .body = bodies[i] }, { 0 } };
        assert_refused(answers, ERR_INVALID, "Azure Stack Hub's own", 1);
    }
}

TEST(only_a_hub_is_taken_for_one)
{
    static const struct {
        struct fake_answer first;
        bool is_hub;
    } rows[] = {
        { { 200, .body = HUB }, true },
        { { 200, .body = PUBLIC }, false },
        { { 200, .body = "<html>" }, false },
        { { .status = 403 }, false },
        { { .fault = ERR_TLS, .text = "no" }, false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct fake_answer answers[] = { rows[i].first, { 0 } };
        struct fake_transport *fake = fake_transport_new(answers);
        auto_call call;
        call_init(&call, NULL);
        if (discovery_finds_hub(&call, fake_transport_base(fake), "h.test") !=
            rows[i].is_hub)
            fail_msg("row %zu", i);
        http_transport_free(fake_transport_base(fake));
    }
}

TEST(what_is_no_metadata_is_refused)
{
    static const char *const bodies[] = {
        "",
        "<html>Sign in</html>",
        "[]",
        "null",
        "7",
        "{}",
        ALL, /* and none of them is the host's own */
        "[7,[],\"x\"]",
        "{\"authentication\":7}",
        "{\"authentication\":{\"loginEndpoint\":\"https://l\"}}",
        "{\"authentication\":{\"loginEndpoint\":\"https://l\",\"audiences\":[]}}",
        "{\"authentication\":{\"loginEndpoint\":\"https://l\",\"audiences\":[\"\"]}}",
        "{\"authentication\":{\"loginEndpoint\":\"https://l\",\"audiences\":\"a\"}}",
        CLOUD("AzureCloud", "http://plain.test", "https://r", "a"),
        CLOUD("AzureCloud", "https://l", "http://plain.test", "a"),
        CLOUD("AzureCloud", "https://me:pass@login.test", "https://r", "a"),
        CLOUD("AzureCloud", "https://", "https://r", "a"),
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        const struct fake_answer answers[] = { { 200, .body = bodies[i] }, { 0 } };
        assert_refused(answers, ERR_INVALID, "does not answer with a cloud's metadata",
                       1);
    }
}

TEST(a_host_without_an_identity_is_recognised_by_its_status)
{
    const struct fake_answer none[] = { { .status = 404, .is_last_again = true }, { 0 } };
    assert_refused(none, ERR_INVALID, "status 404", 3);
    const struct fake_answer redirect[] = { { .status = 302 }, { 0 } };
    assert_refused(redirect, ERR_INVALID, "status 302", 1);
    const struct fake_answer untrusted[] = {
        { .fault = ERR_TLS, .text = "host.test is not trusted" }, { 0 }
    };
    assert_refused(untrusted, ERR_TLS, "not trusted", 1);
}

TEST(a_transient_fault_is_retried_and_not_cached)
{
    const struct fake_answer passes[] = { { .status = 503 },
                                          { 200, .body = PUBLIC },
                                          { 0 } };
    struct asked asked;
    ask(&asked, passes, "host.test", "public");
    assert_int_equal(asked.result, 0);
    assert_int_equal(fake_transport_count(asked.fake), 2);
    done(&asked);
    const struct fake_answer stays[] = { { .status = 503, .is_last_again = true },
                                         { 0 } };
    ask(&asked, stays, "host.test", "public");
    assert_int_equal(asked.result, -1);
    assert_int_equal(asked.err.kind, ERR_TIMEOUT);
    assert_non_null(strstr(asked.err.text, "503"));
    done(&asked);
}
