/* Where a token may go is decided by these few comparisons.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/memory.h"
#include "http/url.h"
#include "support/test.h"

#define AZURE "https://management.azure.com"

static void expect_same(const char *one, const char *other, bool is_same)
{
    if (http_is_same_origin(one, other) != is_same || http_is_same_origin(other, one) != is_same)
        fail_msg("\"%s\" and \"%s\"", one, other);
}

TEST(the_same_origin_may_be_written_in_several_ways)
{
    EACH_TEXT (url, AZURE, AZURE "/", "HTTPS://Management.Azure.COM/x", AZURE ":443/y", AZURE ":/y",
               AZURE "?x=@evil.com", AZURE "#x@y")
        expect_same(AZURE "/a?b", url, true);
    expect_same("https://[::1]:8443/", "https://[::1]:8443/x", true);
    expect_same("https://[::1]/", "https://[::1]:443", true);
}

TEST(another_origin_differs)
{
    /* A browser ends the host at the backslash, curl at the slash behind evil.com. */
    EACH_TEXT (url, AZURE "\\@evil.com/", AZURE "\\evil.com/", "http://management.azure.com/",
               "http://management.azure.com:443/", AZURE ":444/", AZURE ".evil.com/",
               "https://evil.com/management.azure.com", AZURE "@evil.com/",
               "https://user:password@management.azure.com/", AZURE "%2f@evil.com/",
               AZURE "%00.evil.com/", AZURE ":443@evil.com/", AZURE ":443:443/", AZURE ":4x3/",
               AZURE "\t/", AZURE " /", AZURE "\r\n/", AZURE "\xe2\x80\xa8/",
               "https:///management.azure.com/", "https:/management.azure.com/",
               "https:management.azure.com/", "//management.azure.com/", "/subscriptions",
               "ftp://management.azure.com/", "")
        expect_same(AZURE "/a", url, false);
    expect_same("https://[::1]:8443/", "https://[::1]:8444/", false);
    expect_same("https://[::1]/", "https://[::2]/", false);
}

TEST(the_origin_ends_where_the_path_begins)
{
    assert_int_equal(http_origin_length("https://host:8443/a/b"), strlen("https://host:8443"));
    assert_int_equal(http_origin_length("http://host"), strlen("http://host"));
    EACH_TEXT (url, "https://u@host/", "host/a", "https://host\\a")
        assert_int_equal(http_origin_length(url), 0);
}

TEST(a_host_is_shown_without_user_and_password)
{
    static const char *const rows[][2] = { { "https://host/a", "host" },
                                           { "https://host:8443?x", "host:8443" },
                                           { "http://me:canary@proxy:3128", "proxy:3128" },
                                           { "http://me:can@ry@proxy:3128/", "proxy:3128" },
                                           { "proxy:3128", "proxy:3128" },
                                           { "https://", "" } };
    char host[HTTP_HOST_BYTES];
    EACH (row, rows) {
        http_host((*row)[0], host);
        assert_string_equal(host, (*row)[1]);
    }
    auto_char long_url = memory_print("https://%02000d", 0);
    http_host(long_url, host);
    assert_int_equal(strlen(host), 250);
}
