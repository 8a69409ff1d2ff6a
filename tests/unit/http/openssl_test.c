/* The machine's configuration of OpenSSL applies to connections that leave the machine, although
 * the process has used OpenSSL without it (plugin/tls.c).
 * SPDX-License-Identifier: MPL-2.0 */
#include <openssl/ssl.h>

#include "http/openssl.h"
#include "support/folder.h"

static int minimum(void)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    assert_non_null(context);
    int version = (int)SSL_CTX_get_min_proto_version(context);
    SSL_CTX_free(context);
    return version;
}

TEST_WITH(the_configuration_of_the_machine_counts_from_then_on, folder_begin, folder_end)
{
    setenv("OPENSSL_CONF",
           put_text("conf", "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\n"
                            "system_default = strict\n[strict]\nMinProtocol = TLSv1.3\n"),
           1);
    assert_int_equal(OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL), 1);
    assert_int_not_equal(minimum(), TLS1_3_VERSION);
    http_openssl_configure();
    assert_int_equal(minimum(), TLS1_3_VERSION);
}

TEST_GROUP(NULL, NULL)
