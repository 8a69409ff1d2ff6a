/* OpenSSL's configuration file.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/openssl.h"

#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>

static void load(void)
{
    /* Otherwise OpenSSL would load the file again when it is first used. */
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    /* Discards what plugin/tls.c has set for its server: it does not apply to clients. */
    CONF_modules_finish();
    CONF_modules_load_file(NULL, NULL,
                           CONF_MFLAGS_DEFAULT_SECTION | CONF_MFLAGS_IGNORE_MISSING_FILE);
    ERR_clear_error();
}

void http_openssl_configure(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
}
