/* NO_PROXY counts as Terraform counts it. The expectations are what ProxyFunc() of
 * golang.org/x/net/http/httpproxy says of each row.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/internal.h"
#include "support/test.h"
#include "unit/http/curl_client.h"

static const struct {
    const char *no_proxy, *url;
    bool is_proxied;
} rows[] = {
    /* this very machine */
    { "", "https://localhost/", false },
    { "", "https://localhost:8443/", false },
    { "", "https://LOCALHOST/", true },
    { "", "https://localhost./", true },
    { "", "https://a.localhost/", true },
    { "", "https://127.0.0.1/", false },
    { "", "https://127.0.0.2:30443/", false },
    { "", "https://127.255.255.254/", false },
    { "", "https://128.0.0.1/", true },
    { "", "https://[::1]/", false },
    { "", "https://[0:0:0:0:0:0:0:1]:8443/", false },
    { "", "https://[::2]/", true },
    { "", "https://[::ffff:127.0.0.3]/", false },
    { "", "https://[fe80::1%25eth0]/", true },
    { "", "https://10.0.0.1/", true },
    { "", "https://a.test/", true },
    /* domains */
    { "a.test", "https://a.test/", false },
    { "a.test", "https://a.test:8443/", false },
    { "a.test", "http://a.test/", false },
    { "a.test", "https://x.a.test/", false },
    { "a.test", "https://x.y.a.test/", false },
    { "a.test", "https://xa.test/", true },
    { "a.test", "https://a.test.example/", true },
    { "a.test", "https://test/", true },
    { "a.test", "https://a.test./", true },
    { "a.test.", "https://a.test/", true },
    { "a.test.", "https://a.test./", false },
    { ".a.test", "https://a.test/", true },
    { ".a.test", "https://x.a.test/", false },
    { "*.a.test", "https://a.test/", true },
    { "*.a.test", "https://x.a.test/", false },
    { "*.a.test", "https://x.y.a.test/", false },
    { "*a.test", "https://a.test/", true },
    { "*a.test", "https://xa.test/", true },
    { "x.*.test", "https://x.a.test/", true },
    { "..a.test", "https://x.a.test/", true },
    { ".", "https://a.test/", true },
    { ".", "https://a.test./", false },
    { "*.", "https://a.test/", true },
    { "test", "https://a.test/", false },
    { "A.Test", "https://a.test/", false },
    { "a.test", "https://A.TEST/", false },
    { "localhost", "https://LOCALHOST/", false },
    { "xn--bcher-kva.test", "https://xn--bcher-kva.test/", false },
    { "XN--BCHER-KVA.test", "https://x.xn--bcher-kva.test/", false },
    { "bücher.test", "https://xn--bcher-kva.test/", false },
    { "Bücher.TEST", "https://x.xn--bcher-kva.test/", false },
    { ".bücher.test", "https://xn--bcher-kva.test/", true },
    { "*.bücher.test:443", "https://x.xn--bcher-kva.test/", false },
    { "straße.test", "https://xn--strae-oqa.test/", false },
    { "пример.испытание", "https://xn--e1afmkfd.xn--80akhbyknj4f/", false },
    { "例え.テスト", "https://xn--r8jz45g.xn--zckzah/", false },
    { "bucher.test", "https://xn--bcher-kva.test/", true },
    { "https://a.test", "https://a.test/", true },
    { "a.test/", "https://a.test/", true },
    { "me@a.test", "https://a.test/", true },
    /* ports */
    { "a.test:443", "https://a.test/", false },
    { "a.test:443", "https://a.test:443/", false },
    { "a.test:443", "https://a.test:8443/", true },
    { "a.test:443", "https://x.a.test/", false },
    { "a.test:443", "http://a.test/", true },
    { "a.test:80", "http://a.test/", false },
    { "a.test:8443", "https://a.test:8443/", false },
    { "a.test:8443", "https://a.test/", true },
    { "*.a.test:8443", "https://x.a.test:8443/", false },
    { "a.test:", "https://a.test:8443/", false },
    { "a.test:https", "https://a.test/", true },
    { "a.test:0443", "https://a.test/", true },
    { ":443", "https://a.test/", true },
    { "*:443", "https://a.test/", true },
    { "a.test:443:443", "https://a.test/", true },
    { "[a.test]:443", "https://a.test/", false },
    { "[a.test]", "https://a.test/", true },
    { "[a.test", "https://a.test/", true },
    /* lists */
    { "*", "https://a.test/", false },
    { " * ", "https://10.0.0.1/", false },
    { "b.test,*", "https://a.test/", false },
    { "*,b.test", "https://[fd00::1]:8443/", false },
    { "**", "https://a.test/", true },
    { "b.test,a.test", "https://a.test/", false },
    { "b.test, a.test", "https://a.test/", false },
    { " \tb.test\t,\ta.test\n", "https://a.test/", false },
    /* copied from a page or a document */
    { "b.test,\u00A0a.test", "https://a.test/", false },
    { "a.test\u3000\u2003 \u00A0,b.test", "https://a.test/", false },
    { "a.test\u200B", "https://a.test/", true },
    { "\u00A0", "https://a.test/", true },
    { ",,a.test,,", "https://a.test/", false },
    { ",", "https://a.test/", true },
    { " ", "https://a.test/", true },
    { "b.test a.test", "https://a.test/", true },
    { "b.test;a.test", "https://a.test/", true },
    { "b.test|a.test", "https://a.test/", true },
    { "\"a.test\"", "https://a.test/", true },
    { "b.test:1,10.0.0.0/8,[fd00::1]:443,a.test", "https://a.test/", false },
    /* IPv4 */
    { "10.0.0.1", "https://10.0.0.1/", false },
    { "10.0.0.1", "https://10.0.0.1:8443/", false },
    { "10.0.0.1", "https://10.0.0.10/", true },
    { "10.0.0.1", "https://1.10.0.0.1.test/", true },
    { "10.0.0.1", "https://x.10.0.0.1/", true },
    { "10.0.0", "https://10.0.0.1/", true },
    { "0.1", "https://10.0.0.1/", true },
    { ".0.0.1", "https://10.0.0.1/", true },
    { "010.0.0.1", "https://10.0.0.1/", true },
    { "10.0.0.1:443", "https://10.0.0.1/", false },
    { "10.0.0.1:443", "https://10.0.0.1:8443/", true },
    { "10.0.0.1:8443", "https://10.0.0.1:8443/", false },
    { "10.0.0.1:", "https://10.0.0.1:8443/", false },
    { "[10.0.0.1]:443", "https://10.0.0.1/", false },
    { "::ffff:10.0.0.1", "https://10.0.0.1/", false },
    { "10.0.0.1", "https://[::ffff:10.0.0.1]/", false },
    { "10.0.0.1", "https://[::10.0.0.1]/", true },
    { "10.0.0.0/8", "https://10.1.2.3/", false },
    { "10.0.0.0/8", "https://10.1.2.3:8443/", false },
    { "10.9.9.9/8", "https://10.1.2.3/", false },
    { "10.0.0.0/8", "https://11.0.0.1/", true },
    { "10.0.0.0/8", "https://10.test/", true },
    { "10.0.0.0/8", "https://[::ffff:10.1.2.3]/", false },
    { "10.1.0.0/15", "https://10.0.255.255/", false },
    { "10.1.0.0/15", "https://10.2.0.0/", true },
    { "10.0.0.1/32", "https://10.0.0.1/", false },
    { "10.0.0.1/32", "https://10.0.0.2/", true },
    { "10.0.0.0/31", "https://10.0.0.1/", false },
    { "10.0.0.0/031", "https://10.0.0.1/", false },
    { "0.0.0.0/0", "https://10.0.0.1/", false },
    { "0.0.0.0/0", "https://a.test/", true },
    { "0.0.0.0/0", "https://[fd00::1]/", true },
    { "10.0.0.0/33", "https://10.0.0.0/", true },
    { "10.0.0.0/", "https://10.0.0.0/", true },
    { "10.0.0.0/+8", "https://10.0.0.0/", true },
    { "10.0.0.0/8/8", "https://10.0.0.0/", true },
    { "10.0.0.0/255.0.0.0", "https://10.0.0.0/", true },
    { "10.0.0.0/8:443", "https://10.0.0.0/", true },
    { "10/8", "https://10.0.0.1/", true },
    { "10.0.0.*", "https://10.0.0.1/", true },
    { "::ffff:10.0.0.0/104", "https://10.1.2.3/", false },
    { "::ffff:10.0.0.0/104", "https://11.1.2.3/", true },
    { "::ffff:0.0.0.0/95", "https://10.1.2.3/", true },
    { "10.0.0.0/8", "https://10.1.2.3.test/", true },
    /* IPv6 */
    { "fd00::1", "https://[fd00::1]/", false },
    { "fd00::1", "https://[FD00:0::0:1]:8443/", false },
    { "FD00::1", "https://[fd00::1]/", false },
    { "fd00:0:0:0:0:0:0:1", "https://[fd00::1]/", false },
    { "fd00::1", "https://[fd00::2]/", true },
    { "fd00::1", "https://[fd00::1%25eth0]/", false },
    { "fd00::1%eth0", "https://[fd00::1%25eth0]/", true },
    { "[fd00::1]", "https://[fd00::1]/", true },
    { "[fd00::1]:443", "https://[fd00::1]/", false },
    { "[fd00::1]:443", "https://[fd00::1]:8443/", true },
    { "[fd00::1]:8443", "https://[fd00::1]:8443/", false },
    { "[fd00::1]:", "https://[fd00::1]/", false },
    { "[[fd00::1]]:443", "https://[fd00::1]/", true },
    { "fd00::1:443", "https://[fd00::1]/", true },
    { "fd00::/8", "https://[fd12::1]/", false },
    { "fd00::/8", "https://[fe80::1]/", true },
    { "fd00::/8", "https://[fd12::1%25eth0]/", false },
    { "[fd00::]/8", "https://[fd12::1]/", true },
    { "fd00::/129", "https://[fd00::]/", true },
    { "fd00::/7", "https://[fc00::1]/", false },
    { "::/0", "https://[fd00::1]/", false },
    { "::/0", "https://10.0.0.1/", true },
    { "fd00::1/128", "https://[fd00::1]:8443/", false },
    { "1::2::3", "https://[1::2:0:3]/", true },
};

TEST(each_row_is_decided_as_go_decides_it)
{
    setenv("HTTPS_PROXY", "http://proxy.test:3128", 1);
    setenv("HTTP_PROXY", "http://proxy.test:3128", 1);
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        setenv("NO_PROXY", rows[i].no_proxy, 1);
        struct proxies proxies;
        struct error err = NO_ERROR;
        const struct proxy *proxy = NULL;
        assert_int_equal(proxies_find(&proxies, &(struct http_proxy_options){ 0 }, &err),
                         0);
        assert_int_equal(proxies_choose(&proxies, rows[i].url, &proxy, &err), 0);
        if ((proxy != NULL) != rows[i].is_proxied) {
            print_error("NO_PROXY=\"%s\": %s is %s\n", rows[i].no_proxy, rows[i].url,
                        proxy != NULL ? "proxied" : "direct");
            wrong++;
        }
        proxies_clear(&proxies);
    }
    assert_int_equal(wrong, 0);
    forget_environment(NULL);
}

TEST_GROUP(forget_environment, NULL)
