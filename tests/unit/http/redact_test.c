/* Secrets do not reach a log: taken out of what is shown, in whatever shape they come.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "http/redact.h"
#include "support/linear.h"
#include "support/test.h"

static void check(const char *text, const char *want)
{
    auto_arena arena = arena_new();
    /* Nothing behind the text may be read. */
    size_t length = strlen(text);
    auto_char exact = malloc(length + (length == 0));
    memcpy(exact, text, length);
    const char *have = http_redact(arena, exact, length);
    if (strcmp(have, want) != 0)
        fail_msg("%s: %s and not %s", text, have, want);
}

static const struct {
    const char *text, *want; /* NULL: it stays as it is */
} rows[] = {
    /* members of JSON */
    { "{\"access_token\":\"canary\",\"expires_in\":3599}",
      "{\"access_token\":\"***\",\"expires_in\":3599}" },
    { "{\"Client_Secret\" :\t\"canary\"}", "{\"Client_Secret\" :\t\"***\"}" },
    { "{\"properties\":{\"registrationToken\":\"canary\",\"a\":1}}",
      "{\"properties\":{\"registrationToken\":\"***\",\"a\":1}}" },
    { "{\"password\":\"can\\\"ary\",\"b\":\"\\\\\"}", "{\"password\":\"***\",\"b\":\"\\\\\"}" },
    { "{\"password\":\"ends in a backslash \\\\\",\"b\":2}", "{\"password\":\"***\",\"b\":2}" },
    /* values that are no text */
    { "{\"password\":12345,\"b\":1}", "{\"password\":***,\"b\":1}" },
    { "{\"password\":{\"a\":[\"canary\",\"}\"]},\"b\":1}", "{\"password\":***,\"b\":1}" },
    { "{\"password\":[[1],[2]]}", "{\"password\":***}" },
    { "[{\"sig\":null}]", "[{\"sig\":***}]" },
    /* JSON inside JSON */
    { "{\"message\":\"{\\\"access_token\\\":\\\"canary\\\",\\\"a\\\":1}\"}",
      "{\"message\":\"{\\\"access_token\\\":\\\"***\\\",\\\"a\\\":1}\"}" },
    { "\"{\\\"a\\\":\\\"{\\\\\\\"password\\\\\\\":\\\\\\\"canary\\\\\\\"}\\\"}\"",
      "\"{\\\"a\\\":\\\"{\\\\\\\"password\\\\\\\":\\\\\\\"***\\\\\\\"}\\\"}\"" },
    /* JSON that is cut */
    { "{\"access_token\":\"canar", "{\"access_token\":\"***" },
    { "{\"access_token\":\"canary\\", "{\"access_token\":\"***" },
    { "{\"access_token\":{\"a\":\"canar", "{\"access_token\":***" },
    { "{\"access_token\":", "{\"access_token\":***" },
    { "{\"access_token\"", NULL },
    { "{\"access_tok", NULL },
    { "\"sig\":", "\"sig\":***" },
    { "\"sig\":\n\"access_token\": \"canary\", \"a\":1", "\"sig\":\n\"***\", \"a\":1" },
    { "{\"sig\":\"password\":5,\"a\":1}", "{\"sig\":\"***,\"a\":1}" },
    { "", NULL },
    /* members of a query */
    { "https://x/?sv=1&sig=canary%3D&se=2", "https://x/?sv=1&sig=***&se=2" },
    { "client_secret=canary&scope=a", "client_secret=***&scope=a" },
    { "https://x/#access_token=canary&a=1", "https://x/#access_token=***&a=1" },
    { "https://x/?sig=canary", "https://x/?sig=***" },
    { "sig=", "sig=***" },
    { "https://x/?design=1&sign=2", NULL },
    { "{\"nextLink\":\"https://x/?$skiptoken=1&sig=canary\"}",
      "{\"nextLink\":\"https://x/?$skiptoken=1&sig=***\"}" },
    /* words in a log */
    { "ERROR: client_secret=canary is wrong", "ERROR: client_secret=*** is wrong" },
    { "[('client_secret=canary')]", "[('client_secret=***')]" },
    { "a\npassword=canary\nb", "a\npassword=***\nb" },
    { "{\"message\":\"sig=canary\"}", "{\"message\":\"sig=***\"}" },
    { "the signature's design=1, re-sig=2", NULL },
    /* As Python shows what it holds. */
    { "{'refresh_token': 'canary', 'expires_in': 3599}",
      "{'refresh_token': '***', 'expires_in': 3599}" },
    { "{'a': {'password' :'can\\'ary'}}", "{'a': {'password' :'***'}}" },
    { "{'password': 'cut", "{'password': '***" },
    { "{'password': None, 'sig': 5}", NULL },
    { "'password", NULL },
    { "'password'", NULL },
    { "'password' :", NULL },
    { "isn't 'password' meant?", NULL },
    /* a token that a server repeats */
    { "<pre>Authorization: Bearer eyJ0eXAiOi.JKV1-_Q+/~=</pre>",
      "<pre>Authorization: Bearer ***</pre>" },
    { "authorization: bearer eyJ0eXAiOiJKV1QifQ.x", "authorization: bearer ***" },
    { "{\"headers\":{\"Authorization\":\"Bearer eyJ0eXAiOiJKV1QifQ\"}}",
      "{\"headers\":{\"Authorization\":\"Bearer ***\"}}" },
    { "Bearer eyJ0eXAiOiJKV1QifQ", "Bearer ***" },
    { "The bearer token is missing.", NULL },
    { "Bearer ", NULL },
    /* a token that stands alone */
    { "ERROR: eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0.c2ln-_x of yours", "ERROR: *** of yours" },
    { "eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0", "***" },
    { "(token=eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0.)", "(token=***)" },
    { "eyJ0eXAiOiJKV1QifQ is its head", NULL },
    { "keyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0", NULL },
    { "eyJ.eyJ", NULL },
    /* everything else */
    { "{\"properties\":{\"tenantId\":\"1\"},\"name\":\"a\\\"b\"}", NULL },
    { "{\"password_hint\":\"x\",\"my_password\":\"y\"}", NULL },
    { "{\"a\":\"password\",\"b\":\"sig\"}", NULL },
    { "plain \\ text \" with : everything { [ , ] }", NULL },
    { "\\\\\\\\", NULL },
    { "\"\"\"", NULL },
};

TEST(secrets_are_taken_out_of_a_text)
{
    EACH (row, rows)
        check(row->text, row->want != NULL ? row->want : row->text);
    static const char *const names[] = { "client_secret", "client_assertion", "access_token",
                                         "refresh_token", "id_token",         "registrationToken",
                                         "activationKey", "password",         "assertion",
                                         "sig",           "accessToken",      "refreshToken",
                                         "oidcToken" };
    EACH (name, names) {
        auto_char member = memory_print("{\"%s\":\"canary\"}", *name);
        auto_char without = memory_print("{\"%s\":\"***\"}", *name);
        check(member, without);
        auto_char query = memory_print("https://x/?a=1&%s=canary&b=2", *name);
        auto_char shown = memory_print("https://x/?a=1&%s=***&b=2", *name);
        check(query, shown);
    }
}

static void redact(const char *text, size_t length)
{
    auto_arena arena = arena_new();
    http_redact(arena, text, length);
}

TEST(redaction_takes_time_in_proportion_to_the_text)
{
    /* clang-format off */
    static const char *const patterns[] = {
        "\\", "\"", "\\\"", "\"sig", "\"sig\" ", "\"sig\":", "\"sig\\", "\"sig\":\"",
        "\"sig\":[\"\\", "sig=", "&sig=", "Bearer ", "eyJ", "eyJ.", "eyJabcdefghij.",
        ".eyJabcdefgh", "[", "]", "{\"", " ", "a", "-",
    };
    /* clang-format on */
    static const char *const starts[] = { "", "\"sig\"", "\"sig\":", "\"sig\":\"",
                                          "\\\"sig\\\":\\\"" };
    EACH (pattern, patterns)
        EACH (start, starts)
            linear_check(redact, *start, *pattern);
}

TEST(the_start_of_a_text_shows_no_half_of_a_token)
{
    auto_arena arena = arena_new();
    static const char token[] = "said eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl";
    for (size_t most = 0; most <= sizeof token; most++) {
        const char *shown = http_redact_start(arena, token, sizeof token - 1, most);
        if (most < sizeof token - 1)
            assert_null(strstr(shown, "eyJ"));
        else
            assert_string_equal(shown, "said ***");
    }
    assert_string_equal(http_redact_start(arena, "{\"password\":\"one two\"}", 22, 18),
                        "{\"password\":\"***");
}
