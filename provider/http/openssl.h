/* OpenSSL's configuration file.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef HTTP_OPENSSL_H
#define HTTP_OPENSSL_H

/* Loads the machine's configuration of OpenSSL, or that of OPENSSL_CONF, once in a process: it may
 * hold the oldest version of TLS, ciphers and providers. To be called before OpenSSL is used for
 * anything but the connection to Terraform, which starts without it (plugin/tls.c). A file that
 * is missing or faulty changes nothing, as with every program. */
void http_openssl_configure(void);

#endif
