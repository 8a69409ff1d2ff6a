/* Secrets do not reach a log: taken out of what is shown, in whatever shape they come.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "http/redact.h"
#include "support/linear.h"
#include "support/test.h"

/* Texts in which «» is around what is taken out, for which *** is put. */
static void check(const char *marked)
{
    auto_arena arena = arena_new();
    const char *text = "", *want = "", *at = marked;
    for (const char *open; (open = strstr(at, "«")) != NULL; at = strstr(open, "»") + strlen("»")) {
        const char *secret = open + strlen("«");
        text = arena_print(arena, "%s%.*s%.*s", text, (int)(open - at), at,
                           (int)(strstr(secret, "»") - secret), secret);
        want = arena_print(arena, "%s%.*s***", want, (int)(open - at), at);
    }
    text = arena_print(arena, "%s%s", text, at);
    want = arena_print(arena, "%s%s", want, at);
    size_t length = strlen(text);
    /* No byte behind it may be read. */
    const char *have = http_redact(arena, arena_copy(arena, text, length), length);
    if (strcmp(have, want) != 0)
        fail_msg("%s: %s and not %s", marked, have, want);
}

static const char *const rows[] = {
    /* members of JSON */
    "{\"access_token\":\"«canary»\",\"expires_in\":3599}",
    "{\"Client_Secret\" :\t\"«canary»\"}",
    "{\"properties\":{\"registrationToken\":\"«canary»\",\"a\":1}}",
    "{\"password\":\"«can\\\"ary»\",\"b\":\"\\\\\"}",
    "{\"password\":\"«ends in a backslash \\\\»\",\"b\":2}",
    /* values that are no text */
    "{\"password\":«12345»,\"b\":1}",
    "{\"password\":«{\"a\":[\"canary\",\"}\"]}»,\"b\":1}",
    "{\"password\":«[[1],[2]]»}",
    "[{\"sig\":«null»}]",
    /* JSON inside JSON */
    "{\"message\":\"{\\\"access_token\\\":\\\"«canary»\\\",\\\"a\\\":1}\"}",
    "\"{\\\"a\\\":\\\"{\\\\\\\"password\\\\\\\":\\\\\\\"«canary»\\\\\\\"}\\\"}\"",
    /* JSON inside a text that escapes quotation marks in its own way */
    "{\"message\":\"{\\u0022access_token\\u0022:\\u0022«canary»\\u0022,\\u0022a\\u0022:1}\"}",
    "{\\u0022password\\u0022 : \\u0022«can\\\\\\u0022ary»\\u0022}",
    "{\\\\u0022password\\\\u0022:\\\\u0022«canary\\»",
    "<pre>{&quot;password&quot;: &quot;«canary»&quot;, &#34;sig&#34;:&#34;«canary»&#34;}</pre>",
    "?body=%7B%22password%22%3A%22«canary»%22%7D",
    "\\u0022password\\u0022 &quot;sig&quot; %22sig%22%3A",
    /* JSON that is cut */
    "{\"access_token\":\"«canar»",
    "{\"access_token\":\"«canary\\»",
    "{\"access_token\":«{\"a\":\"canar»",
    "{\"access_token\":«»",
    "{\"access_token\"",
    "{\"access_tok",
    "\"sig\":«»",
    "\"sig\":\n\"«access_token\": \"canary»\", \"a\":1",
    "{\"sig\":\"«password\":5»,\"a\":1}",
    "",
    /* members of a query */
    "https://x/?sv=1&sig=«canary%3D»&se=2",
    "client_secret=«canary»&scope=a",
    "https://x/#access_token=«canary»&a=1",
    "https://x/?sig=«canary»",
    "sig=«»",
    "https://x/?design=1&sign=2",
    "{\"nextLink\":\"https://x/?$skiptoken=1&sig=«canary»\"}",
    "?next=%2Fx%3Fsig%3D«canary»%26se%3D2 or sig%3D«canary»",
    "{\"body\":\"a=1\\u0026client_secret=«canary»\\u0026b=2\"}",
    /* words in a log */
    "ERROR: client_secret=«canary» is wrong",
    "[('client_secret=«canary»')]",
    "a\npassword=«canary»\nb",
    "{\"message\":\"sig=«canary»\"}",
    "the signature's design=1, re-sig=2",
    /* As Python shows what it holds. */
    "{'refresh_token': '«canary»', 'expires_in': 3599}",
    "{'a': {'password' :'«can\\'ary»'}}",
    "{'password': '«cut»",
    "{'password': None, 'sig': 5}",
    "'password",
    "'password'",
    "'password' :",
    "isn't 'password' meant?",
    /* a token that a server repeats */
    "<pre>Authorization: Bearer «eyJ0eXAiOi.JKV1-_Q+/~=»</pre>",
    "authorization: bearer «eyJ0eXAiOiJKV1QifQ.x»",
    "{\"headers\":{\"Authorization\":\"Bearer «eyJ0eXAiOiJKV1QifQ»\"}}",
    "Bearer «eyJ0eXAiOiJKV1QifQ»",
    "The bearer token is missing.",
    "Bearer ",
    /* a token that stands alone */
    "ERROR: «eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0.c2ln-_x» of yours",
    "«eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0»",
    "{\"message\":\"a\\n«eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0»\\n\"}",
    "\\u0022«eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0.»\\u0022",
    "%22«eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0.»%22",
    "(token=«eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0.»)",
    "eyJ0eXAiOiJKV1QifQ is its head",
    "a0022eyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0",
    "keyJ0eXAiOiJKV1QifQ.eyJhdWQiOiJhIn0",
    "eyJ.eyJ",
    /* everything else */
    "{\"properties\":{\"tenantId\":\"1\"},\"name\":\"a\\\"b\"}",
    "{\"password_hint\":\"x\",\"my_password\":\"y\"}",
    "{\"a\":\"password\",\"b\":\"sig\"}",
    "plain \\ text \" with : everything { [ , ] }",
    "\\\\\\\\",
    "\"\"\"",
};

TEST(secrets_are_taken_out_of_a_text)
{
    EACH (row, rows)
        check(*row);
    EACH_TEXT (name, "client_secret", "client_assertion", "access_token", "refresh_token",
               "id_token", "registrationToken", "activationKey", "password", "assertion", "sig",
               "accessToken", "refreshToken", "oidcToken") {
        auto_char member = memory_print("{\"%s\":\"«canary»\"}", name);
        auto_char query = memory_print("https://x/?a=1&%s=«canary»&b=2", name);
        check(member);
        check(query);
    }
}

static void redact(const char *text, size_t length)
{
    auto_arena arena = arena_new();
    http_redact(arena, text, length);
}

TEST(redaction_takes_time_in_proportion_to_the_text)
{
    EACH_TEXT (pattern, "\\", "\"", "\\\"", "\"sig", "\"sig\" ", "\"sig\":", "\"sig\\",
               "\"sig\":\"", "\"sig\":[\"\\", "sig=", "&sig=", "Bearer ", "eyJ", "eyJ.",
               "eyJabcdefghij.", ".eyJabcdefgh", "%20eyJabcdefghij.",
               "\\u0022sig\\u0022:", "%22sig%22%3A", "&quot;sig&quot; ", "%26sig%3D", "[", "]",
               "{\"", " ", "a", "-")
        EACH_TEXT (start, "", "\"sig\"", "\"sig\":", "\"sig\":\"", "\\\"sig\\\":\\\"",
                   "\\u0022sig\\u0022:\\u0022")
            linear_check(redact, start, pattern);
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
