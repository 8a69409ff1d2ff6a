/* OpenSSL's configuration file.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_OPENSSL_H
#define HTTP_OPENSSL_H

#include "base/error.h"

/* Loads OpenSSL's configuration file once in a process: the machine's, or the one that OPENSSL_CONF
 * names. It may set the oldest version of TLS, ciphers and providers. Call it before OpenSSL is
 * first used, except for the connection to Terraform, which does not load the file (plugin/tls.c).
 * A faulty file has no effect from its first fault on, as in other programs, and is logged.
 * Errors: ERR_INVALID  a program that begins with the file has no algorithms: the providers that it
 *                      activates cannot be loaded, have only old algorithms (legacy), or do not
 *                      have the properties that it requires */
int http_openssl_configure(struct error *err);

#endif
