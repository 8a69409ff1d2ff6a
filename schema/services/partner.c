/* Partner Center: a partner's customers, and what is sold to them.
 * Source: Partner Center REST URLs; developing for national clouds
 * SPDX-License-Identifier: MPL-2.0 */
#include "schema/schema.h"
#include "schema/tables.h"

#define PUBLIC "https://api.partnercenter.microsoft.com"

static const struct cloud_endpoint endpoints[] = {
    { "public", PUBLIC },
    { "usgovernment", PUBLIC },
    { "china", "https://partner.partnercenterapi.microsoftonline.cn" },
    { NULL, NULL },
};

const struct service_table partner_service = {
    .name = "partner",
    .label = "Partner Center",
    .ids = &id_scheme_path_any_case,
    .block = "partner",
    .endpoints = endpoints,
    .needed = NAMES("tenant_id"),
    .missing =
        "This object is in Partner Center, and the partner's tenant is not configured. Write into "
        "the provider block:\n\n"
        "  partner {\n"
        "    tenant_id = \"PARTNER_TENANT_ID\"\n"
        "  }\n\n"
        "where PARTNER_TENANT_ID is the partner's own tenant, or set AZURESTACK_PARTNER_TENANT_ID",
    .person_refused =
        "Check that the person has the role Admin agent in Partner Center, and signed in with a "
        "second factor (MFA) when consenting. If not, let the person consent again and set "
        "refresh_token (AZURESTACK_PARTNER_REFRESH_TOKEN) to the new refresh token.",
    .person_missing =
        "Partner Center lets a person alone do this, and the provider signs in as an application. "
        "Write into the provider block:\n\n"
        "  partner {\n"
        "    refresh_token = var.partner_refresh_token\n"
        "  }\n\n"
        "or set AZURESTACK_PARTNER_REFRESH_TOKEN. The refresh token comes from the consent of a "
        "person with the role Admin agent, who signed in with a second factor (MFA); the "
        "application's own secret or certificate is needed beside it.",
};
