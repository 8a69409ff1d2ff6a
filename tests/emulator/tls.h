/* TLS: a certificate authority of our own, made at start, and the ways in which a server's
 * certificate or handshake can be wrong.
 * SPDX-License-Identifier: MPL-2.0 */
#ifndef EMULATOR_TLS_H
#define EMULATOR_TLS_H

#include <stdbool.h>
#include <openssl/ssl.h>

/* Makes the authority and writes DIR/ca.pem. False: it says why on stderr. */
bool tls_start(const char *dir);
void tls_stop(void);

/* The context for a value of the switch `tls`; borrowed. NULL for plaintext. */
SSL_CTX *tls_context(const char *mode);

#endif
