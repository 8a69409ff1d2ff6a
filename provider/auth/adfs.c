/* Explains why AD FS does not return a token, and what to do.
 * Source: AzureAD/microsoft-authentication-library-for-js issue 6915 and other public reports,
 * which quote the texts of these codes; AD FS cmdlet Grant-AdfsApplicationPermission;
 * azure-stack-docs, give-app-access-to-resources.md
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/entra.h"

static const char wrong_app[] =
    "Check client_id (ARM_CLIENT_ID). The application must be registered in this AD FS. "
    "If it is registered in Microsoft Entra instead, give the hub a client_id of its own. "
    "To list the applications, run `Get-GraphApplication` at the hub's privileged "
    "endpoint.";
static const char wrong_proof[] =
    "Check client_secret (ARM_CLIENT_SECRET), or that the certificate is "
    "registered with the application and has not expired. Check this "
    "machine's clock. To set a new secret or certificate, run "
    "`Set-GraphApplication` at the hub's privileged endpoint.";
static const char not_granted[] =
    "Register the application with `New-GraphApplication` at the "
    "hub's privileged endpoint. Or run "
    "`Grant-AdfsApplicationPermission` on the AD FS server with the "
    "application and the resource in the message above.";
static const char wrong_resource[] =
    "Compare the audience in the hub's metadata "
    "(https://ENDPOINT/metadata/endpoints) with the identifiers in AD FS. Check that the "
    "endpoint belongs to this hub.";

const struct entra_code adfs_codes[] = {
    { 9602, false, "the hub's audience is not registered in this AD FS", wrong_resource },
    { 9329, false, "the hub's audience is not registered in this AD FS", wrong_resource },
    { 9604, false, "AD FS could not process the request",
      "Check the AD FS/Admin event log of the AD FS server for the time "
      "of this run." },
    { 9605, false, "the application has no permission for the hub", not_granted },
    { 9321, false, "the application has no permission for the hub", not_granted },
    { 9607, false, "the application is not registered in this AD FS", wrong_app },
    { 9611, false, "this AD FS does not issue tokens to applications",
      "Check that the hub's AD FS runs on Windows Server 2016 or newer, "
      "and that no other server responds instead." },
    { 9622, false, "the application's secret or certificate is not valid", wrong_proof },
    { 0, false, NULL, NULL },
};
