/* Certificate authorities of Linux and macOS: files.
 * Source: Go, crypto/x509/root_linux.go and root_unix.go
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/trust.h"

const char *const trust_files[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Alpine */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora, RHEL 6 */
    "/etc/ssl/ca-bundle.pem",                            /* SUSE */
    "/etc/pki/tls/cacert.pem",                           /* OpenELEC */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* RHEL 7 and later */
    "/etc/ssl/cert.pem",                                 /* Alpine, macOS */
    NULL,
};
const char trust_folders[] = "/etc/ssl/certs:/etc/pki/tls/certs";

const char *trust_each(void (*take)(void *state, const uint8_t *der, size_t length),
                       void *state)
{
    (void)take, (void)state;
    return NULL;
}
