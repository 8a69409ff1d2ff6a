/* The machine's configuration of OpenSSL applies to the connections that leave the machine.
 * SPDX-License-Identifier: MPL-2.0 */
#include <openssl/ssl.h>
#include <sys/wait.h>

#include "http/openssl.h"
#include "support/folder.h"

#define ONLY(one) "openssl_conf=a\n[a]\nproviders=p\n[p]\n" one "=o\n[o]\nactivate=1\n"

enum { NO_ALGORITHMS, ANY, STRICT, LOGGED = 4 };

/* In a process of its own. */
static int configure(void)
{
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL); /* as plugin/tls.c */
    EVP_MD_free(EVP_MD_fetch(NULL, "SHA2-256", NULL));   /* of OpenSSL's own provider */
    struct error err = NO_ERROR;
    if (freopen(in_folder("log"), "w", stderr) == NULL || http_openssl_configure(&err) < 0)
        return strstr(err.text, in_folder("conf")) != NULL ? NO_ALGORITHMS : -1;
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    int version = context != NULL ? (int)SSL_CTX_get_min_proto_version(context) : -1;
    SSL_CTX_free(context);
    int logged = lseek(STDERR_FILENO, 0, SEEK_CUR) > 0 ? LOGGED : 0;
    return version < 0 ? -1 : logged + (version == TLS1_3_VERSION ? STRICT : ANY);
}

TEST_WITH(the_configuration_of_the_machine_counts_from_then_on, folder_begin, folder_end)
{
    static const struct {
        int result;
        const char *text;
    } rows[] = {
        { STRICT, "openssl_conf=a\n[a]\noid_section=o\nssl_conf=s\n[o]\nazs=1.2.3.4.5\n[s]\n"
                  "system_default=d\n[d]\nMinProtocol=TLSv1.3\n" },
        { ANY, ONLY("default") },
        { LOGGED + ANY, ONLY("default") "[a]\nssl_conf=missing\n" },
        { NO_ALGORITHMS, ONLY("no-such-fips") },
        { NO_ALGORITHMS, "openssl_conf=a\n[a]\nalg_section=b\n[b]\ndefault_properties=fips=yes\n" },
    };
    EACH (row, rows) {
        setenv("OPENSSL_CONF", put_text("conf", row->text), 1);
        int status = -1;
        if (fork() == 0)
            _exit(configure());
        assert_true(wait(&status) > 0);
        assert_int_equal(WEXITSTATUS(status), row->result);
    }
}

TEST_GROUP(NULL, NULL)
