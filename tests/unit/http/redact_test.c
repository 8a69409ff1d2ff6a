/* Secrets do not reach a log: taken out of what is shown, in whatever shape they come.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/redact.h"
#include "support/linear.h"
#include "support/test.h"

static void check(const char *text, const char *want)
{
    struct arena *arena = arena_new();
    /* Nothing behind the text may be read. */
    size_t length = strlen(text);
    char *exact = malloc(length + 1);
    memcpy(exact, text, length);
    exact = realloc(exact, length != 0 ? length : 1);
    assert_string_equal(http_redact(arena, exact, length), want);
    free(exact);
    arena_free(arena);
}

TEST(redaction_of_json_members)
{
    check("{\"access_token\":\"canary\",\"expires_in\":3599}",
          "{\"access_token\":\"***\",\"expires_in\":3599}");
    check("{\"Client_Secret\" :\t\"canary\"}", "{\"Client_Secret\" :\t\"***\"}");
    check("{\"properties\":{\"registrationToken\":\"canary\",\"a\":1}}",
          "{\"properties\":{\"registrationToken\":\"***\",\"a\":1}}");
    check("{\"password\":\"can\\\"ary\",\"b\":\"\\\\\"}",
          "{\"password\":\"***\",\"b\":\"\\\\\"}");
    check("{\"password\":\"ends in a backslash \\\\\",\"b\":2}",
          "{\"password\":\"***\",\"b\":2}");
    static const char *const names[] = {
        "client_secret", "client_assertion", "access_token",
        "refresh_token", "id_token",         "registrationToken",
        "activationKey", "password",         "assertion",
        "sig",           "accessToken",      "refreshToken",
        "oidcToken",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char text[100], want[100];
        snprintf(text, sizeof text, "{\"%s\":\"canary\"}", names[i]);
        snprintf(want, sizeof want, "{\"%s\":\"***\"}", names[i]);
        check(text, want);
        snprintf(text, sizeof text, "https://x/?a=1&%s=canary&b=2", names[i]);
        snprintf(want, sizeof want, "https://x/?a=1&%s=***&b=2", names[i]);
        check(text, want);
    }
}

TEST(redaction_of_values_that_are_no_text)
{
    check("{\"password\":12345,\"b\":1}", "{\"password\":***,\"b\":1}");
    check("{\"password\":{\"a\":[\"canary\",\"}\"]},\"b\":1}",
          "{\"password\":***,\"b\":1}");
    check("{\"password\":[[1],[2]]}", "{\"password\":***}");
    check("[{\"sig\":null}]", "[{\"sig\":***}]");
}

TEST(redaction_of_json_inside_json)
{
    check("{\"message\":\"{\\\"access_token\\\":\\\"canary\\\",\\\"a\\\":1}\"}",
          "{\"message\":\"{\\\"access_token\\\":\\\"***\\\",\\\"a\\\":1}\"}");
    check("\"{\\\"a\\\":\\\"{\\\\\\\"password\\\\\\\":\\\\\\\"canary\\\\\\\"}\\\"}\"",
          "\"{\\\"a\\\":\\\"{\\\\\\\"password\\\\\\\":\\\\\\\"***\\\\\\\"}\\\"}\"");
}

TEST(redaction_of_json_that_is_cut)
{
    check("{\"access_token\":\"canar", "{\"access_token\":\"***");
    check("{\"access_token\":\"canary\\", "{\"access_token\":\"***");
    check("{\"access_token\":{\"a\":\"canar", "{\"access_token\":***");
    check("{\"access_token\":", "{\"access_token\":***");
    check("{\"access_token\"", "{\"access_token\"");
    check("{\"access_tok", "{\"access_tok");
    check("\"sig\":", "\"sig\":***");
    check("", "");
}

TEST(redaction_of_query_members)
{
    check("https://x/?sv=1&sig=canary%3D&se=2", "https://x/?sv=1&sig=***&se=2");
    check("client_secret=canary&scope=a", "client_secret=***&scope=a");
    check("https://x/#access_token=canary&a=1", "https://x/#access_token=***&a=1");
    check("https://x/?sig=canary", "https://x/?sig=***");
    check("sig=", "sig=***");
    check("https://x/?design=1&sign=2", "https://x/?design=1&sign=2");
    check("{\"nextLink\":\"https://x/?$skiptoken=1&sig=canary\"}",
          "{\"nextLink\":\"https://x/?$skiptoken=1&sig=***\"}");
}

TEST(redaction_of_words_in_a_log)
{
    check("ERROR: client_secret=canary is wrong", "ERROR: client_secret=*** is wrong");
    check("[('client_secret=canary')]", "[('client_secret=***')]");
    check("a\npassword=canary\nb", "a\npassword=***\nb");
    check("{\"message\":\"sig=canary\"}", "{\"message\":\"sig=***\"}");
    check("the signature's design=1, re-sig=2", "the signature's design=1, re-sig=2");
    /* As Python shows what it holds. */
    check("{'refresh_token': 'canary', 'expires_in': 3599}",
          "{'refresh_token': '***', 'expires_in': 3599}");
    check("{'a': {'password' :'can\\'ary'}}", "{'a': {'password' :'***'}}");
    check("{'password': 'cut", "{'password': '***");
    check("{'password': None, 'sig': 5}", "{'password': None, 'sig': 5}");
    check("'password", "'password");
    check("'password'", "'password'");
    check("'password' :", "'password' :");
    check("isn't 'password' meant?", "isn't 'password' meant?");
}

TEST(redaction_of_a_token_that_somebody_repeats)
{
    check("<pre>Authorization: Bearer eyJ0eXAiOi.JKV1-_Q+/~=</pre>",
          "<pre>Authorization: Bearer ***</pre>");
    check("authorization: bearer eyJ0eXAiOiJKV1QifQ.x", "authorization: bearer ***");
    check("{\"headers\":{\"Authorization\":\"Bearer eyJ0eXAiOiJKV1QifQ\"}}",
          "{\"headers\":{\"Authorization\":\"Bearer ***\"}}");
    check("Bearer eyJ0eXAiOiJKV1QifQ", "Bearer ***");
    check("The bearer token is missing.", "The bearer token is missing.");
    check("Bearer ", "Bearer ");
}

TEST(redaction_of_a_token_that_stands_alone)
{
    check("ERROR: eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0.c2ln-_x of yours",
          "ERROR: *** of yours");
    check("eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0", "***"); /* cut */
    check("(token=eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0.)", "(token=***)");
    check("eyJ0eXAiOiJKV1QifQ is its head", "eyJ0eXAiOiJKV1QifQ is its head");
    check("keyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0", "keyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0");
    check("eyJ.eyJ", "eyJ.eyJ");
}

TEST(redaction_leaves_everything_else_alone)
{
    static const char *const texts[] = {
        "{\"properties\":{\"tenantId\":\"1\"},\"name\":\"a\\\"b\"}",
        "{\"password_hint\":\"x\",\"my_password\":\"y\"}",
        "{\"a\":\"password\",\"b\":\"sig\"}",
        "plain \\ text \" with : everything { [ , ] }",
        "\\\\\\\\",
        "\"\"\"",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check(texts[i], texts[i]);
}

static void redact(const char *text, size_t length)
{
    auto_arena arena = arena_new();
    http_redact(arena, text, length);
}

TEST(redaction_takes_time_in_proportion_to_the_text)
{
    static const char *const patterns[] = {
        "\\",
        "\"",
        "\\\"",
        "\"sig",
        "\"sig\" ",
        "\"sig\":",
        "\"sig\\",
        "\"sig\":\"",
        "\"sig\":[\"\\",
        "sig=",
        "&sig=",
        "Bearer ",
        "eyJ",
        "eyJ.",
        "eyJabcdefghij.",
        ".eyJabcdefgh",
        "[",
        "]",
        "{\"",
        " ",
        "a",
        "-",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        linear_check(redact, "", patterns[i]);
        linear_check(redact, "\"sig\"", patterns[i]);
        linear_check(redact, "\"sig\":", patterns[i]);
        linear_check(redact, "\"sig\":\"", patterns[i]);
        linear_check(redact, "\\\"sig\\\":\\\"", patterns[i]);
    }
}

TEST(the_start_of_a_text_shows_no_half_of_a_token)
{
    auto_arena arena = arena_new();
    static const char token[] =
        "said eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl";
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
