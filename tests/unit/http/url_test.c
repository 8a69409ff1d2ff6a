/* Where a token may go is decided by these few comparisons.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/url.h"
#include "support/test.h"

static void expect_same(const char *one, const char *other, bool is_same)
{
    if (http_is_same_origin(one, other) != is_same || http_is_same_origin(other, one) != is_same)
        fail_msg("\"%s\" and \"%s\"", one, other);
}

TEST(the_same_origin_may_be_written_in_several_ways)
{
    static const char *const same[] = {
        "https://management.azure.com",    "https://management.azure.com/",
        "HTTPS://Management.Azure.COM/x",  "https://management.azure.com:443/y",
        "https://management.azure.com:/y", "https://management.azure.com?x=@evil.com",
        "https://management.azure.com#x@y"
    };
    EACH (url, same)
        expect_same("https://management.azure.com/a?b", *url, true);
    expect_same("https://[::1]:8443/", "https://[::1]:8443/x", true);
    expect_same("https://[::1]/", "https://[::1]:443", true);
}

TEST(another_origin_differs)
{
    static const char *const others[] = {
        "http://management.azure.com/",
        "http://management.azure.com:443/",
        "https://management.azure.com:444/",
        "https://management.azure.com.evil.com/",
        "https://evil.com/management.azure.com",
        "https://management.azure.com@evil.com/",
        "https://user:password@management.azure.com/",
        /* A browser ends the host at the backslash, curl at the slash behind evil.com. */
        "https://management.azure.com\\@evil.com/",
        "https://management.azure.com\\evil.com/",
        "https://management.azure.com%2f@evil.com/",
        "https://management.azure.com%00.evil.com/",
        "https://management.azure.com:443@evil.com/",
        "https://management.azure.com:443:443/",
        "https://management.azure.com:4x3/",
        "https://management.azure.com\t/",
        "https://management.azure.com /",
        "https://management.azure.com\r\n/",
        "https://management.azure.com\xe2\x80\xa8/",
        "https:///management.azure.com/",
        "https:/management.azure.com/",
        "https:management.azure.com/",
        "//management.azure.com/",
        "/subscriptions",
        "ftp://management.azure.com/",
        "",
    };
    EACH (url, others)
        expect_same("https://management.azure.com/a", *url, false);
    expect_same("https://[::1]:8443/", "https://[::1]:8444/", false);
    expect_same("https://[::1]/", "https://[::2]/", false);
}

TEST(the_origin_ends_where_the_path_begins)
{
    static const struct {
        const char *url, *origin;
    } rows[] = {
        { "https://host:8443/a/b", "https://host:8443" },
        { "http://host", "http://host" },
        { "https://u@host/", "" },
        { "host/a", "" },
        { "https://host\\a", "" },
    };
    EACH (row, rows)
        assert_int_equal(http_origin_length(row->url), strlen(row->origin));
}

TEST(a_host_is_shown_without_user_and_password)
{
    static const struct {
        const char *url, *host;
    } rows[] = {
        { "https://host/a", "host" },
        { "https://host:8443?x", "host:8443" },
        { "http://me:canary@proxy:3128", "proxy:3128" },
        { "http://me:can@ry@proxy:3128/", "proxy:3128" },
        { "proxy:3128", "proxy:3128" },
        { "https://", "" },
    };
    EACH (row, rows) {
        char host[HTTP_HOST_BYTES];
        http_host(row->url, host);
        assert_string_equal(host, row->host);
    }
    char long_url[2000], host[HTTP_HOST_BYTES];
    memset(long_url, 'a', sizeof long_url);
    memcpy(long_url, "https://", 8);
    long_url[sizeof long_url - 1] = '\0';
    http_host(long_url, host);
    assert_int_equal(strlen(host), 250);
}
