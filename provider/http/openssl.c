/* OpenSSL's configuration file.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/openssl.h"

#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>

static void load(void)
{
    /* Or OpenSSL would load the file a second time where it is used for the first time here. */
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    /* What plugin/tls.c sets for its server is nothing for a client. */
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
