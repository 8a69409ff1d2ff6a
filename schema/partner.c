/* SPDX-License-Identifier: MPL-2.0 */
#include "schema/partner.h"

#define CHECK_CUSTOMER                                                                   \
    "Check customer_tenant_id, and in Partner Center that the customer has accepted a "  \
    "reseller relationship with the partner in whose tenant the provider signs in."

const struct remedy partner_remedies[] = {
    { "400", "Partner Center refuses the access token",
      "Check in Partner Center that the application is enabled for its API (Account settings, App "
      "management), and that tenant_id of the block partner is the partner's own tenant. With a "
      "refresh token the person has to have signed in with a second factor (MFA) when consenting.",
      NULL },
    { "1000", "Partner Center does not know this, or not for this partner",
      CHECK_CUSTOMER, NULL },
    { "2000", "Partner Center is not open to this caller",
      "Give the application, or the person of the refresh token, the role Admin agent in Partner "
      "Center.",
      NULL },
    { "2030", "the partner may not do this", CHECK_CUSTOMER, NULL },
    { "2032", "the customer has no relationship with the partner", CHECK_CUSTOMER, NULL },
    { "3000", "a value is not valid", "Correct the value that Partner Center names.",
      NULL },
    { "13605",
      "the customer's acceptance of the Microsoft Customer Agreement is not confirmed",
      "Confirm it with azurestack_partner_customer_agreement, or in Partner Center; or let the "
      "customer accept it in the Microsoft 365 admin center.",
      NULL },
    { "20002", "the customer has no relationship with the partner", CHECK_CUSTOMER,
      NULL },
    { "20003", "the customer has no such subscription",
      "Check the ID of the Azure plan: it is the plan's own, and not that of an Azure "
      "subscription under it.",
      NULL },
    { "900121", "the partner's credit limit is reached",
      "Talk to Microsoft: until then nothing can be ordered.", NULL },
    { "900124", "the partner has not accepted the Microsoft Partner Agreement",
      "Let the partner's global administrator accept it in Partner Center.", NULL },
    { NULL, NULL, NULL, NULL },
};

/* Source: error-codes: 1000 no such object, 20002 no such customer of this partner */
const char *const partner_customer_gone[] = { "1000", "20002", NULL };
