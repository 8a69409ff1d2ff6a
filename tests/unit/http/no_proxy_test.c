/* NO_PROXY counts as Terraform counts it. The expectations are what ProxyFunc() of
 * golang.org/x/net/http/httpproxy says of each row.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/internal.h"
#include "unit/http/curl_client.h"

#define auto_proxies CLEANUP(proxies_clear) struct proxies

/* clang-format off */
/* Values of NO_PROXY by which a host is spoken to directly, and by which it is not. Some have
 * blanks of every kind in them, as texts do that were copied from a page or a document. */
static const struct {
    const char *host;
    bool is_proxied;
    const char *values[21];
} lists[] = {
    { "a.test", false, {
        "test", "A.Test", "[a.test]:443", "*", "b.test,*", "b.test,a.test", "b.test, a.test",
        " \tb.test\t,\ta.test\n", "b.test,\u00A0a.test", "a.test\u3000\u2003 \u00A0,b.test",
        ",,a.test,,", "b.test:1,10.0.0.0/8,[fd00::1]:443,a.test" } },
    { "a.test", true, {
        "*.", "https://a.test", "a.test/", "me@a.test", "a.test:https", "a.test:0443", ":443",
        "*:443", "a.test:443:443", "[a.test]", "[a.test", "**", "a.test\u200B", "\u00A0", ",", " ",
        "b.test a.test", "b.test;a.test", "b.test|a.test", "\"a.test\"" } },
    { "x.a.test", true, { "x.*.test", "..a.test" } },
    { "10.0.0.1", false, {
        " * ", "[10.0.0.1]:443", "::ffff:10.0.0.1", "10.0.0.0/31", "10.0.0.0/031" } },
    { "10.0.0.1", true, { "10.0.0", "0.1", ".0.0.1", "010.0.0.1", "10/8", "10.0.0.*" } },
    { "10.0.0.0", true, {
        "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/255.0.0.0",
        "10.0.0.0/8:443" } },
    { "[fd00::1]", false, { "FD00::1", "fd00:0:0:0:0:0:0:1", "[fd00::1]:" } },
    { "[fd00::1]", true, { "[fd00::1]", "[[fd00::1]]:443", "fd00::1:443" } },
    { "xn--bcher-kva.test", false, { "xn--bcher-kva.test", "bücher.test" } },
    { "x.xn--bcher-kva.test", false, { "XN--BCHER-KVA.test", "Bücher.TEST", "*.bücher.test:443" } },
    { "xn--bcher-kva.test", true, { ".bücher.test", "bucher.test" } },
};
/* clang-format on */

/* Others. Hosts are those of https:// unless they say something else. */
static const struct {
    const char *no_proxy, *direct, *proxied;
} rows[] = {
    /* this very machine */
    { "",
      "localhost localhost:8443 127.0.0.1 127.0.0.2:30443 127.255.255.254 [::1] [0:0:0:0:0:0:0:1]:8443 [::ffff:127.0.0.3]",
      "LOCALHOST localhost. a.localhost 128.0.0.1 [::2] [fe80::1%25eth0] 10.0.0.1 a.test" },
    /* domains */
    { "a.test", "a.test a.test:8443 http://a.test x.a.test x.y.a.test A.TEST",
      "xa.test a.test.example test a.test." },
    { "a.test.", "a.test.", "a.test" },
    { ".a.test", "x.a.test", "a.test" },
    { "*.a.test", "x.a.test x.y.a.test", "a.test" },
    { "*a.test", "", "a.test xa.test" },
    { ".", "a.test.", "a.test" },
    { "localhost", "LOCALHOST", "" },
    { "straße.test", "xn--strae-oqa.test", "" },
    { "пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f", "" },
    { "例え.テスト", "xn--r8jz45g.xn--zckzah", "" },
    /* ports */
    { "a.test:443", "a.test a.test:443 x.a.test", "a.test:8443 http://a.test" },
    { "a.test:80", "http://a.test", "" },
    { "a.test:8443", "a.test:8443", "a.test" },
    { "*.a.test:8443", "x.a.test:8443", "" },
    { "a.test:", "a.test:8443", "" },
    /* lists */
    { "*,b.test", "[fd00::1]:8443", "" },
    /* IPv4 */
    { "10.0.0.1", "10.0.0.1 10.0.0.1:8443 [::ffff:10.0.0.1]",
      "10.0.0.10 1.10.0.0.1.test x.10.0.0.1 [::10.0.0.1]" },
    { "10.0.0.1:443", "10.0.0.1", "10.0.0.1:8443" },
    { "10.0.0.1:8443", "10.0.0.1:8443", "" },
    { "10.0.0.1:", "10.0.0.1:8443", "" },
    { "10.0.0.0/8", "10.1.2.3 10.1.2.3:8443 [::ffff:10.1.2.3]", "11.0.0.1 10.test 10.1.2.3.test" },
    { "10.9.9.9/8", "10.1.2.3", "" },
    { "10.1.0.0/15", "10.0.255.255", "10.2.0.0" },
    { "10.0.0.1/32", "10.0.0.1", "10.0.0.2" },
    { "0.0.0.0/0", "10.0.0.1", "a.test [fd00::1]" },
    { "::ffff:10.0.0.0/104", "10.1.2.3", "11.1.2.3" },
    { "::ffff:0.0.0.0/95", "", "10.1.2.3" },
    /* IPv6 */
    { "fd00::1", "[fd00::1] [FD00:0::0:1]:8443 [fd00::1%25eth0]", "[fd00::2]" },
    { "fd00::1%eth0", "", "[fd00::1%25eth0]" },
    { "[fd00::1]:443", "[fd00::1]", "[fd00::1]:8443" },
    { "[fd00::1]:8443", "[fd00::1]:8443", "" },
    { "fd00::/8", "[fd12::1] [fd12::1%25eth0]", "[fe80::1]" },
    { "[fd00::]/8", "", "[fd12::1]" },
    { "fd00::/129", "", "[fd00::]" },
    { "fd00::/7", "[fc00::1]", "" },
    { "::/0", "[fd00::1]", "10.0.0.1" },
    { "fd00::1/128", "[fd00::1]:8443", "" },
    { "1::2::3", "", "[1::2:0:3]" },
};

/* How many of the hosts, which have a space between them, are decided otherwise. */
static unsigned count_wrong(const char *no_proxy, const char *hosts, bool is_proxied)
{
    unsigned wrong = 0;
    setenv("NO_PROXY", no_proxy, 1);
    auto_char copy = memory_copy_text(hosts);
    char *rest = NULL;
    for (char *host = strtok_r(copy, " ", &rest); host != NULL; host = strtok_r(NULL, " ", &rest)) {
        auto_char url = memory_print("%s%s/", strstr(host, "://") != NULL ? "" : "https://", host);
        auto_proxies proxies;
        struct error err = NO_ERROR;
        const struct proxy *proxy = NULL;
        assert_int_equal(proxies_find(&proxies, &(struct http_proxy_options){ 0 }, &err), 0);
        assert_int_equal(proxies_choose(&proxies, url, &proxy, &err), 0);
        if ((proxy != NULL) != is_proxied) {
            print_error("NO_PROXY=\"%s\": %s is %s\n", no_proxy, url,
                        proxy != NULL ? "proxied" : "direct");
            wrong++;
        }
    }
    return wrong;
}

CURL_TEST(each_row_is_decided_as_go_decides_it)
{
    setenv("HTTPS_PROXY", "http://proxy.test:3128", 1);
    setenv("HTTP_PROXY", "http://proxy.test:3128", 1);
    unsigned wrong = 0;
    EACH (list, lists)
        for (size_t i = 0; list->values[i] != NULL; i++)
            wrong += count_wrong(list->values[i], list->host, list->is_proxied);
    EACH (row, rows) {
        wrong += count_wrong(row->no_proxy, row->direct, false);
        wrong += count_wrong(row->no_proxy, row->proxied, true);
    }
    assert_int_equal(wrong, 0);
}
