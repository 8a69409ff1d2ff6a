/* What AD FS says when it does not give a token, and what to do about it.
 * Source: AzureAD/microsoft-authentication-library-for-js issue 6915 and other public reports, which
 * quote the texts of these codes; AD FS cmdlet Grant-AdfsApplicationPermission; azure-stack-docs,
 * give-app-access-to-resources.md
 * SPDX-License-Identifier: MPL-2.0 */
#include "auth/entra.h"

static const char wrong_app[] =
    "Check client_id of the hub block (AZURESTACK_HUB_CLIENT_ID): the application has to be "
    "registered in this AD FS, and not in Microsoft Entra. `Get-GraphApplication` at the hub's "
    "privileged endpoint lists them.";
static const char wrong_proof[] =
    "Check client_secret of the hub block (AZURESTACK_HUB_CLIENT_SECRET), or that the "
    "certificate is registered with the application and is not expired, and that this machine's "
    "clock is right. `Set-GraphApplication` at the hub's privileged endpoint sets a new secret "
    "or certificate.";
static const char not_granted[] =
    "Register the application with `New-GraphApplication` at the hub's privileged endpoint, or "
    "run `Grant-AdfsApplicationPermission` on the AD FS server with the application and the "
    "resource that the message names.";
static const char wrong_resource[] =
    "Compare the audience in the hub's metadata (/metadata/endpoints of its endpoint) with the "
    "identifiers that AD FS knows. Check that the endpoint belongs to this hub.";

const struct entra_code adfs_codes[] = {
    { 9602, false, "the hub's audience is not registered in this AD FS", wrong_resource },
    { 9329, false, "the hub's audience is not registered in this AD FS", wrong_resource },
    { 9604, false, "AD FS could not process the request",
      "Look at the AD FS/Admin event log of the AD FS server at the time of this run." },
    { 9605, false, "the application has no permission for the hub", not_granted },
    { 9321, false, "the application has no permission for the hub", not_granted },
    { 9607, false, "the application is not registered in this AD FS", wrong_app },
    { 9611, false, "this AD FS does not give tokens to applications",
      "Check that the hub's AD FS is of Windows Server 2016 or newer, and that no other server "
      "answers in its place." },
    { 9622, false, "the application's secret or certificate is not accepted",
      wrong_proof },
    { 0, false, NULL, NULL },
};
