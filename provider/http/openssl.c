/* OpenSSL's configuration file.
 * SPDX-License-Identifier: MPL-2.0 */
#include "http/openssl.h"

#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

static struct error fault;

/* Of a program that begins with the file. In this process, OpenSSL's own provider may be in use
 * already, although the file asks for a FIPS provider alone. */
static bool has_algorithms(const char *path)
{
    ERR_set_mark();
    OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();
    OSSL_LIB_CTX_load_config(library, path);
    EVP_MD *digest = EVP_MD_fetch(library, "SHA2-256", NULL);
    EVP_MD_free(digest);
    OSSL_LIB_CTX_free(library);
    ERR_pop_to_mark();
    return digest != NULL;
}

/* The first error has caused the others. */
static void log_first_error(const char *path)
{
    const char *data = "";
    int flags = 0;
    unsigned long code = ERR_get_error_all(NULL, NULL, NULL, &data, &flags);
    const char *reason = ERR_SYSTEM_ERROR(code) ? strerrordesc_np(ERR_GET_REASON(code))
                                                : ERR_reason_error_string(code);
    if (code != 0)
        log_write(NULL, LOG_WARN, NULL,
                  "OpenSSL does not apply all of its configuration file %s: %s %s", path,
                  reason != NULL ? reason : "",
                  (flags & ERR_TXT_STRING) != 0 ? data : "");
}

static void load(void)
{
    int missing = getenv("OPENSSL_CONF") == NULL ? CONF_MFLAGS_IGNORE_MISSING_FILE : 0;
    char *path = CONF_get1_default_config_file();
    const char *shown = path != NULL ? path : "";
    /* Otherwise OpenSSL would load the file again when it is first used. */
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
    /* Discards what plugin/tls.c has set for its server: it does not apply to clients. */
    CONF_modules_finish();
    ERR_clear_error();
    CONF_modules_load_file(NULL, NULL, CONF_MFLAGS_DEFAULT_SECTION | missing);
    /* Only now, because some parts of a file, such as engines, can be loaded only once. */
    if (has_algorithms(shown)) {
        SSL_CTX_free(SSL_CTX_new(TLS_client_method())); /* reads the options for TLS */
        log_first_error(shown);
    } else {
        error_set(
            &fault, ERR_INVALID,
            "OpenSSL has no algorithms with its configuration file %s. The providers that the "
            "file activates cannot be loaded, have only old algorithms (legacy), or do not "
            "have the file's default_properties, such as fips=yes.\n\nWhat to do: Correct "
            "the file. If it activates legacy, it must activate default too. Or set the "
            "environment variable OPENSSL_CONF to another file, or to an empty text",
            shown);
    }
    ERR_clear_error();
    OPENSSL_free(path);
}

int http_openssl_configure(struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    if (fault.kind == ERR_NONE)
        return 0;
    *err = fault;
    return -1;
}
