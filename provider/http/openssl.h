/* OpenSSL's configuration file.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_OPENSSL_H
#define HTTP_OPENSSL_H

/* Loads OpenSSL's configuration file once in a process: the machine's, or the one that OPENSSL_CONF
 * names. It may set the oldest version of TLS, ciphers and providers. Call it before OpenSSL is
 * first used, except for the connection to Terraform, which does not load the file (plugin/tls.c).
 * A file that is missing or faulty has no effect, as in other programs. */
void http_openssl_configure(void);

#endif
