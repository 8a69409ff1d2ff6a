/* Which addresses a cloud's metadata names, in each shape that it is known to have.
 * Source of the shapes: azure-rest-api-specs and recorded answers of the public endpoints;
 * azure-stack-docs for the hub's.
 * SPDX-License-Identifier: MPL-2.0 */
#include "session/discovery.h"
#include "support/fake_transport.h"
#include "support/fixture.h"

#define CLOUD(name, login, arm, audience)                                                          \
    "{\"portal\":\"https://portal.test\",\"authentication\":{\"loginEndpoint\":\"" login           \
    "\",\"audiences\":[\"" audience "\",\"https://second.test/\"],\"tenant\":\"common\","          \
    "\"identityProvider\":\"AAD\"},\"media\":\"https://m.test\",\"resourceManager\":\"" arm        \
    "\",\"name\":\"" name "\",\"suffixes\":{\"storage\":\"core.test\"}}"
#define PUBLIC                                                                                     \
    CLOUD("AzureCloud", "https://login.public/", "https://arm.public/", "https://audience.public/")
#define GOVERNMENT                                                                                 \
    CLOUD("AzureUSGovernment", "https://login.gov", "https://arm.gov", "https://audience.gov")
#define CHINA                                                                                      \
    CLOUD("AzureChinaCloud", "https://login.china", "https://arm.china:8443",                      \
          "https://audience.china")
#define ALL "[" PUBLIC "," CHINA "," GOVERNMENT "]"
#define AUTHENTICATION(members) "{\"authentication\":{" members "}}"

/* As a hub answers; it knows one version only. */
#define HUB                                                                                        \
    "{\"galleryEndpoint\":\"https://gallery.berlin.hub.test/\",\"graphEndpoint\":"                 \
    "\"https://graph.windows.net/\",\"portalEndpoint\":\"https://portal.hub.test/\","              \
    "\"authentication\":{\"loginEndpoint\":\"https://login.windows.net/\",\"audiences\":"          \
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
    call_init(&asked->call, NULL);
    asked->call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    asked->result = discovery_fetch(&asked->call, fake_transport_base(asked->fake), host,
                                    environment, &asked->found, &asked->err);
}

static void done(struct asked *asked)
{
    call_clear(&asked->call);
    http_transport_free(fake_transport_base(asked->fake));
}

static const struct {
    const char *body, *host, *environment, *authority, *endpoint, *audience;
} found[] = {
/* One cloud is taken as it is. */
#define IS_PUBLIC "https://login.public", "https://arm.public", "https://audience.public/"
#define IS_GOVERNMENT "https://login.gov", "https://arm.gov", "https://audience.gov"
#define IS_CHINA "https://login.china", "https://arm.china:8443", "https://audience.china"
    { PUBLIC, "host.test", "public", IS_PUBLIC },
    { PUBLIC, "host.test", "custom", IS_PUBLIC },
    { PUBLIC, "host.test", "china", IS_PUBLIC },
    { "[" CHINA "]", "host.test", "public", IS_CHINA },
    { "[" CHINA "]", "host.test", "custom", IS_CHINA },
    { "[" CHINA "]", "host.test", "china", IS_CHINA },
    { "\xEF\xBB\xBF" PUBLIC, "host.test", "public", IS_PUBLIC },
    /* Of several the named one or the host's own is taken. */
    { ALL, "arm.public", "public", IS_PUBLIC },
    { ALL, "arm.gov", "public", IS_GOVERNMENT },
    { ALL, "arm.GOV:443", "public", IS_GOVERNMENT },
    { ALL, "arm.china:8443", "custom", IS_CHINA },
    { ALL, "other.test", "public", IS_PUBLIC },
    { ALL, "arm.public", "usgovernment", IS_GOVERNMENT },
    { ALL, "arm.public", "china", IS_CHINA },
    /* An address that is not named is the host's own. */
    { AUTHENTICATION("\"loginEndpoint\":\"https://login.test/common\","
                     "\"audiences\":[\"a\"]"),
      "arm.test:8443", "custom", "https://login.test", "https://arm.test:8443", "a" },
};

TEST(the_metadata_name_the_addresses_of_a_cloud)
{
    EACH (row, found) {
        struct asked asked;
        ask(&asked, ANSWERS({ 200, .body = row->body }), row->host, row->environment);
        if (asked.result < 0)
            fail_msg("%s, %s: %s", row->host, row->environment, asked.err.text);
        assert_string_equal(asked.found.authority, row->authority);
        assert_string_equal(asked.found.endpoint, row->endpoint);
        assert_string_equal(asked.found.audience, row->audience);
        const struct fake_request *request = fake_transport_request(asked.fake, 0);
        assert_string_equal(request->method, "GET");
        assert_null(request->bearer);
        done(&asked);
    }
}

TEST(an_older_version_is_requested_where_the_newest_is_unsupported)
{
    struct asked asked;
    ask(&asked,
        ANSWERS({ 400, .body = "{\"error\":{\"code\":\"InvalidApiVersionParameter\"}}" },
                { 200, .body = ALL }),
        "arm.gov", "public");
    assert_int_equal(asked.result, 0);
    assert_string_equal(asked.found.authority, "https://login.gov");
    assert_string_equal(fake_transport_request(asked.fake, 0)->url,
                        "https://arm.gov/metadata/endpoints?api-version=2022-09-01");
    assert_string_equal(fake_transport_request(asked.fake, 1)->url,
                        "https://arm.gov/metadata/endpoints?api-version=2019-05-01");
    done(&asked);
}

/* How often the last of the answers is given is the number of requests. */
static const struct {
    struct fake_answer answers[3];
    enum error_kind kind;
    const char *part;
    size_t requests;
} refused[] = {
/* A hub, by each of its signs. */
#define OWN ERR_INVALID, "Azure Stack Hub's own", 1
    { { { 400 }, { 404 }, { 200, .body = HUB } }, ERR_INVALID, "are in public Azure", 3 },
    { { { 200, .body = HUB } }, OWN },
    { { { 200, .body = CLOUD("AzureStackCloud", "https://l", "https://r", "a") } }, OWN },
    { { { 200, .body = CLOUD("azurestackcloud", "https://l", "https://r", "a") } }, OWN },
    { { { 200, .body = "[" CLOUD("AzureStackCloud", "https://l", "https://r", "a") "]" } }, OWN },
    { { { 200, .body = AUTHENTICATION(
                   "\"loginEndpoint\":\"https://adfs.hub.test/adfs\",\"audiences\":[\"a\"],"
                   "\"identityProvider\":\"ADFS\"") } },
      OWN },
    { { { 200,
          .body = AUTHENTICATION("\"loginEndpoint\":\"https://l\",\"audiences\":[\"a\"],\"tenant\":"
                                 "\"adfs\",\"identityProvider\":\"AAD\"") } },
      OWN },
/* What is no metadata; of ALL none is the host's own. */
#define NONE(text)                                                                                 \
    {                                                                                              \
        { { 200, .body = text } }, ERR_INVALID, "does not return the metadata of a cloud", 1       \
    }
    NONE(""),
    NONE("<html>Sign in</html>"),
    NONE("[]"),
    NONE("null"),
    NONE("7"),
    NONE("{}"),
    NONE(ALL),
    NONE("[7,[],\"x\"]"),
    NONE("{\"authentication\":7}"),
    NONE(AUTHENTICATION("\"loginEndpoint\":\"https://l\"")),
    NONE(AUTHENTICATION("\"loginEndpoint\":\"https://l\",\"audiences\":[]")),
    NONE(AUTHENTICATION("\"loginEndpoint\":\"https://l\",\"audiences\":[\"\"]")),
    NONE(AUTHENTICATION("\"loginEndpoint\":\"https://l\",\"audiences\":\"a\"")),
    NONE(CLOUD("AzureCloud", "http://plain.test", "https://r", "a")),
    NONE(CLOUD("AzureCloud", "https://l", "http://plain.test", "a")),
    NONE(CLOUD("AzureCloud", "https://me:pass@login.test", "https://r", "a")),
    NONE(CLOUD("AzureCloud", "https://", "https://r", "a")),
    /* A host that has none. */
    { { { 404, .is_last_again = true } }, ERR_INVALID, "status 404", 3 },
    { { { 302 } }, ERR_INVALID, "status 302", 1 },
    { { { .fault = ERR_TLS, .text = "host.test is not trusted" } }, ERR_TLS, "not trusted", 1 },
};

TEST(what_names_no_addresses_of_public_azure_is_refused)
{
    EACH (row, refused) {
        const struct fake_answer *a = row->answers;
        struct asked asked;
        ask(&asked, ANSWERS(a[0], a[1], a[2]), "host.test", "custom");
        assert_int_equal(asked.result, -1);
        if (asked.err.kind != row->kind)
            fail_msg("kind %d: %s", asked.err.kind, asked.err.text);
        assert_has(asked.err.text, row->part);
        assert_has(asked.err.text, "metadata_host (ARM_METADATA_HOSTNAME) \"host.test\"");
        assert_int_equal(fake_transport_count(asked.fake), row->requests);
        done(&asked);
    }
}

TEST(only_a_hub_is_recognised_as_one)
{
    static const struct {
        struct fake_answer first;
        bool is_hub;
    } rows[] = {
        { { 200, .body = HUB }, true },         { { 200, .body = PUBLIC } },
        { { 200, .body = "<html>" } },          { { 403 } },
        { { .fault = ERR_TLS, .text = "no" } },
    };
    EACH (row, rows) {
        struct fake_transport *fake = fake_transport_new(ANSWERS(row->first));
        auto_call call;
        call_init(&call, NULL);
        assert_int_equal(discovery_finds_hub(&call, fake_transport_base(fake), "h.test"),
                         row->is_hub);
        http_transport_free(fake_transport_base(fake));
    }
}

TEST(a_transient_fault_is_retried_and_not_cached)
{
    struct asked asked;
    ask(&asked, ANSWERS({ 503 }, { 200, .body = PUBLIC }), "host.test", "public");
    assert_int_equal(asked.result, 0);
    assert_int_equal(fake_transport_count(asked.fake), 2);
    done(&asked);
    ask(&asked, ANSWERS({ 503, .is_last_again = true }), "host.test", "public");
    assert_int_equal(asked.result, -1);
    assert_int_equal(asked.err.kind, ERR_TIMEOUT);
    assert_has(asked.err.text, "503");
    done(&asked);
}

TEST_GROUP(fake_clock, true_clock)
