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
    .missing = "This resource is in Partner Center, but the partner's tenant is "
               "not configured.\n\nWhat to do: Add this to the provider "
               "block:\n\n  partner {\n    tenant_id = \"PARTNER_TENANT_ID\"\n  "
               "}\n\nReplace PARTNER_TENANT_ID with the ID of the partner's own "
               "tenant. Or set AZURESTACK_PARTNER_TENANT_ID",
    .person_refused = "Check that the user has the role Admin agent in Partner "
                      "Center, and used multi-factor authentication (MFA) for the "
                      "consent. If not, ask the user to consent again, and set "
                      "refresh_token (AZURESTACK_PARTNER_REFRESH_TOKEN) to the new "
                      "refresh token.",
    .person_missing = "Partner Center requires a user for this, but the provider "
                      "signs in as an application.\n\nWhat to do: Add this to the "
                      "provider block:\n\n  partner {\n    refresh_token = "
                      "var.partner_refresh_token\n  }\n\nOr set "
                      "AZURESTACK_PARTNER_REFRESH_TOKEN. The refresh token comes from "
                      "the consent of a user with the role Admin agent, who must use "
                      "multi-factor authentication (MFA). The application's own secret "
                      "or certificate is also required.",
};
