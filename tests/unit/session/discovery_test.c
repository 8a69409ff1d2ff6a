/* Which addresses a cloud's metadata names, in each shape that it is known to have.
 * Source of the shapes: azure-rest-api-specs and recorded answers of the public endpoints;
 * azure-stack-docs for the hub's.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/clock.h"
#include "session/discovery.h"
#include "support/errors.h"
#include "support/fake_transport.h"

#define CLOUD(name, login, arm, audience)                                                          \
    "{'portal':'https://portal.test','authentication':{'loginEndpoint':'" login                    \
    "','audiences':['" audience "','https://second.test/'],'tenant':'common',"                     \
    "'identityProvider':'AAD'},'media':'https://m.test','resourceManager':'" arm "','name':'" name \
    "','suffixes':{'storage':'core.test'}}"
#define PUBLIC                                                                                     \
    CLOUD("AzureCloud", "https://login.public/", "https://arm.public/", "https://audience.public/")
#define GOVERNMENT                                                                                 \
    CLOUD("AzureUSGovernment", "https://login.gov", "https://arm.gov", "https://audience.gov")
#define CHINA                                                                                      \
    CLOUD("AzureChinaCloud", "https://login.china", "https://arm.china:8443",                      \
          "https://audience.china")
#define ALL "[" PUBLIC "," CHINA "," GOVERNMENT "]"
#define AUTHENTICATION(members) "{'authentication':{" members "}}"

/* As a hub answers; it knows one version only. */
#define HUB                                                                                        \
    "{'galleryEndpoint':'https://gallery.berlin.hub.test/','graphEndpoint':"                       \
    "'https://graph.windows.net/','portalEndpoint':'https://portal.hub.test/',"                    \
    "'authentication':{'loginEndpoint':'https://login.windows.net/','audiences':"                  \
    "['https://management.t.onmicrosoft.com/4de154de-f8a8-4017-af41-df619da68155']}}"

static struct asked {
    struct call call;
    struct fake_transport *fake;
    struct discovered found;
    struct error err;
    int result;
} asked;

/* Ends the one before. */
static int end(void **state)
{
    (void)state;
    if (asked.fake == NULL)
        return 0;
    call_clear(&asked.call);
    http_transport_free(fake_transport_base(asked.fake));
    asked.fake = NULL;
    return 0;
}

static void ask(const struct fake_answer *answers, const char *host, const char *environment)
{
    end(NULL);
    clock_fake_start(1700000000000);
    asked = (struct asked){ .fake = fake_transport_new(answers) };
    call_init(&asked.call, NULL);
    asked.call.deadline_ms = clock_monotonic_ms() + 60 * 1000;
    asked.result = discovery_fetch(&asked.call, fake_transport_base(asked.fake), host, environment,
                                   &asked.found, &asked.err);
}

static void expect_found(const char *authority)
{
    if (asked.result < 0)
        fail_msg("%s", asked.err.text);
    assert_string_equal(asked.found.authority, authority);
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
    { AUTHENTICATION("'loginEndpoint':'https://login.test/common',"
                     "'audiences':['a']"),
      "arm.test:8443", "custom", "https://login.test", "https://arm.test:8443", "a" },
};

TEST(the_metadata_name_the_addresses_of_a_cloud)
{
    EACH (row, found) {
        ask(ANSWERS({ 200, .body = row->body }), row->host, row->environment);
        expect_found(row->authority);
        assert_string_equal(asked.found.endpoint, row->endpoint);
        assert_string_equal(asked.found.audience, row->audience);
        const struct fake_request *request = fake_transport_request(asked.fake, 0);
        assert_string_equal(request->method, "GET");
        assert_null(request->bearer);
    }
}

TEST(an_older_version_is_requested_where_the_newest_is_unsupported)
{
    ask(ANSWERS({ 400, .body = "{'error':{'code':'InvalidApiVersionParameter'}}" },
                { 200, .body = ALL }),
        "arm.gov", "public");
    expect_found("https://login.gov");
    assert_string_equal(fake_transport_request(asked.fake, 0)->url,
                        "https://arm.gov/metadata/endpoints?api-version=2022-09-01");
    assert_string_equal(fake_transport_request(asked.fake, 1)->url,
                        "https://arm.gov/metadata/endpoints?api-version=2019-05-01");
}

static void expect_refused(const struct fake_answer *answers, size_t requests, enum error_kind kind,
                           const char *part)
{
    ask(answers, "host.test", "custom");
    assert_int_equal(asked.result, -1);
    assert_error(&asked.err, kind, part, "metadata_host (ARM_METADATA_HOSTNAME) \"host.test\"");
    assert_int_equal(fake_transport_count(asked.fake), requests);
}

TEST(a_hub_is_refused_by_each_of_its_signs)
{
    EACH_TEXT (body, HUB, CLOUD("AzureStackCloud", "https://l", "https://r", "a"),
               CLOUD("azurestackcloud", "https://l", "https://r", "a"),
               "[" CLOUD("AzureStackCloud", "https://l", "https://r", "a") "]",
               AUTHENTICATION("'loginEndpoint':'https://adfs.hub.test/adfs','audiences':['a'],"
                              "'identityProvider':'ADFS'"),
               AUTHENTICATION("'loginEndpoint':'https://l','audiences':['a'],"
                              "'tenant':'adfs','identityProvider':'AAD'"))
        expect_refused(ANSWERS({ 200, .body = body }), 1, ERR_INVALID, "Azure Stack Hub's own");
    expect_refused(ANSWERS({ 400 }, { 404 }, { 200, .body = HUB }), 3, ERR_INVALID,
                   "are in public Azure");
}

TEST(what_names_no_addresses_of_public_azure_is_refused)
{
    /* Of ALL none is the host's own. */
    EACH_TEXT (body, "", "<html>Sign in</html>", "[]", "null", "7", "{}", ALL, "[7,[],'x']",
               "{'authentication':7}", AUTHENTICATION("'loginEndpoint':'https://l'"),
               AUTHENTICATION("'loginEndpoint':'https://l','audiences':[]"),
               AUTHENTICATION("'loginEndpoint':'https://l','audiences':['']"),
               AUTHENTICATION("'loginEndpoint':'https://l','audiences':'a'"),
               CLOUD("AzureCloud", "http://plain.test", "https://r", "a"),
               CLOUD("AzureCloud", "https://l", "http://plain.test", "a"),
               CLOUD("AzureCloud", "https://me:pass@login.test", "https://r", "a"),
               CLOUD("AzureCloud", "https://", "https://r", "a"))
        expect_refused(ANSWERS({ 200, .body = body }), 1, ERR_INVALID,
                       "does not return the metadata of a cloud");
    /* A host that has none. */
    expect_refused(ANSWERS({ 404, .is_last_again = true }), 3, ERR_INVALID, "status 404");
    expect_refused(ANSWERS({ 302 }), 1, ERR_INVALID, "status 302");
    expect_refused(ANSWERS({ .fault = ERR_TLS, .text = "host.test is not trusted" }), 1, ERR_TLS,
                   "not trusted");
}

TEST(only_a_hub_is_recognised_as_one)
{
    static const struct fake_answer answers[] = { { 200, .body = HUB },
                                                  { 200, .body = PUBLIC },
                                                  { 200, .body = "<html>" },
                                                  { 403 },
                                                  { .fault = ERR_TLS, .text = "no" } };
    EACH (answer, answers) {
        struct fake_transport *fake = fake_transport_new(ANSWERS(*answer));
        auto_call call;
        call_init(&call, NULL);
        assert_int_equal(discovery_finds_hub(&call, fake_transport_base(fake), "h.test"),
                         answer == answers);
        http_transport_free(fake_transport_base(fake));
    }
}

TEST(a_transient_fault_is_retried_and_not_cached)
{
    ask(ANSWERS({ 503 }, { 200, .body = PUBLIC }), "host.test", "public");
    expect_found("https://login.public");
    assert_int_equal(fake_transport_count(asked.fake), 2);
    ask(ANSWERS({ 503, .is_last_again = true }), "host.test", "public");
    assert_int_equal(asked.result, -1);
    assert_error(&asked.err, ERR_TIMEOUT, "503");
}

TEST_GROUP(NULL, end)
