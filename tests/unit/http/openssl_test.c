/* The machine's configuration of OpenSSL applies to connections that leave the machine, although
 * the process has used OpenSSL without it (plugin/tls.c).
 * SPDX-License-Identifier: MPL-2.0 */
#include <openssl/ssl.h>
#include <sys/wait.h>

#include "http/openssl.h"
#include "support/folder.h"

#define ONLY(provider) "[all]\nproviders = one\n[one]\n" provider " = on\n[on]\nactivate = 1\n"

enum { NO_ALGORITHMS, ANY, STRICT };

/* In a process of its own. */
static int configure(void)
{
    EVP_MD_free(EVP_MD_fetch(NULL, "SHA2-256", NULL)); /* of OpenSSL's own provider */
    struct error err = NO_ERROR;
    if (http_openssl_configure(&err) < 0)
        return strstr(err.text, in_folder("conf")) != NULL ? NO_ALGORITHMS : -1;
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    int version = context != NULL ? (int)SSL_CTX_get_min_proto_version(context) : -1;
    SSL_CTX_free(context);
    return version < 0 ? -1 : version == TLS1_3_VERSION ? STRICT : ANY;
}

TEST_WITH(the_configuration_of_the_machine_counts_from_then_on, folder_begin, folder_end)
{
    static const struct {
        const char *text;
        int result;
    } rows[] = {
        { "[all]\nssl_conf = s\n[s]\nsystem_default = d\n[d]\nMinProtocol = TLSv1.3\n", STRICT },
        { ONLY("default"), ANY },
        { ONLY("default") "[all]\nssl_conf = missing\n", ANY },
        { ONLY("no-such-fips"), NO_ALGORITHMS },
        { "[all]\nalg_section = a\n[a]\ndefault_properties = fips=yes\n", NO_ALGORITHMS },
    };
    EACH (row, rows) {
        auto_char text = memory_print("openssl_conf = all\n%s", row->text);
        setenv("OPENSSL_CONF", put_text("conf", text), 1);
        int status = -1;
        pid_t child = fork();
        if (child == 0)
            _exit(configure());
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(WEXITSTATUS(status), row->result);
    }
}

TEST_GROUP(NULL, NULL)
