/* Certificate authorities of Windows: the stores of the machine and the user together.
 * SPDX-License-Identifier: MPL-2.0 */
#include "base/trust.h"

#include <string.h>

#include <wincrypt.h>

const char *const trust_files[] = { NULL };
const char trust_folders[] = "";

/* The authority may sign the certificates of servers. Without a list of purposes, it may sign
 * all. */
static bool is_for_servers(const CERT_CONTEXT *certificate)
{
    union {
        CERT_ENHKEY_USAGE list;
        char room[4096];
    } usage;
    DWORD bytes = sizeof usage;
    if (!CertGetEnhancedKeyUsage(certificate, 0, &usage.list, &bytes))
        return GetLastError() == (DWORD)CRYPT_E_NOT_FOUND;
    if (usage.list.cUsageIdentifier == 0)
        return GetLastError() == (DWORD)CRYPT_E_NOT_FOUND;
    for (DWORD i = 0; i < usage.list.cUsageIdentifier; i++) {
        if (strcmp(usage.list.rgpszUsageIdentifier[i], szOID_PKIX_KP_SERVER_AUTH) == 0)
            return true;
    }
    return false;
}

/* In the store "Untrusted Certificates", by which an administrator distrusts an authority that
 * Windows brings. */
static bool is_distrusted(HCERTSTORE distrusted, const CERT_CONTEXT *certificate)
{
    const CERT_CONTEXT *found =
        distrusted != NULL
            ? CertFindCertificateInStore(distrusted, X509_ASN_ENCODING, 0,
                                         CERT_FIND_EXISTING, certificate, NULL)
            : NULL;
    if (found != NULL)
        CertFreeCertificateContext(found);
    return found != NULL;
}

const char *trust_each(void (*take)(void *state, const uint8_t *der, size_t length),
                       void *state)
{
    HCERTSTORE store = CertOpenSystemStoreW(0, L"ROOT");
    if (store == NULL)
        return NULL;
    HCERTSTORE distrusted = CertOpenSystemStoreW(0, L"Disallowed");
    const CERT_CONTEXT *certificate = NULL;
    while ((certificate = CertEnumCertificatesInStore(store, certificate)) != NULL) {
        if ((certificate->dwCertEncodingType & X509_ASN_ENCODING) != 0 &&
            is_for_servers(certificate) && !is_distrusted(distrusted, certificate))
            take(state, certificate->pbCertEncoded, certificate->cbCertEncoded);
    }
    CertCloseStore(store, 0);
    if (distrusted != NULL)
        CertCloseStore(distrusted, 0);
    return "the certificate store of Windows (Trusted Root Certification Authorities)";
}
