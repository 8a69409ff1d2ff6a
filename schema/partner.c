/* SPDX-License-Identifier: MPL-2.0 */
#include "schema/partner.h"

#define CHECK_CUSTOMER                                                                   \
    "Check the tenant ID of the customer. Check in Partner Center that the "             \
    "customer has accepted a reseller relationship with the partner "                    \
    "in whose tenant the provider signs in."

const struct remedy partner_remedies[] = {
    { "400", "Partner Center rejects the access token",
      "Check in Partner Center that the application is enabled for its "
      "API (Account settings, App management), and that tenant_id of "
      "the block partner is the partner's own tenant. If you use a "
      "refresh token, the user must have used multi-factor "
      "authentication (MFA) for the consent.",
      NULL },
    { "1000",
      "Partner Center does not have this object, or not for this "
      "partner",
      CHECK_CUSTOMER, NULL },
    { "2000", "Partner Center denies access",
      "Assign the role Admin agent in Partner Center to the "
      "application, or to the user of the refresh token.",
      NULL },
    { "2030", "the partner is not allowed to do this", CHECK_CUSTOMER, NULL },
    { "2032", "the customer has no relationship with the partner", CHECK_CUSTOMER, NULL },
    { "2055", "the object was changed by another client after the provider read it",
      "Run terraform apply again. The plan then shows what the other client changed.",
      NULL },
    { "3000", "a value is not valid", "Correct the value in the message above.", NULL },
    { "13605",
      "the customer's acceptance of the Microsoft Customer Agreement is not confirmed",
      "Confirm it with azurestack_partner_customer_agreement, or in "
      "Partner Center. Or ask the customer to accept it in the "
      "Microsoft 365 admin center.",
      NULL },
    { "20002", "the customer has no relationship with the partner", CHECK_CUSTOMER,
      NULL },
    { "20003", "the customer has no such subscription",
      "Check the ID of the Azure plan. It must be the ID of the plan "
      "itself, not of an Azure subscription under it.",
      NULL },
    { "800008", "Partner Center does not find the cart, which may have expired",
      "Run again in 15 minutes. The plan then shows whether an earlier run placed the order.",
      NULL },
    { "900121", "the partner's credit limit is reached",
      "Contact Microsoft. You cannot order anything until the limit is "
      "raised.",
      NULL },
    { "900124", "the partner has not accepted the Microsoft Partner Agreement",
      "Ask the partner's global administrator to accept it in Partner "
      "Center.",
      NULL },
    { NULL, NULL, NULL, NULL },
};

/* Source: error-codes: 1000 no such object, 20002 no such customer of this partner */
const char *const partner_customer_gone[] = { "1000", "20002", NULL };
