# What is seen of each value of the switches about aliases and billing: rows of switches_test.py.
# SPDX-License-Identifier: MPL-2.0

ACCOUNT = ("/providers/Microsoft.Billing/billingAccounts/99a13315-6f87-5b46-9dbd-606071106352:"
           "1f8a99b0-8b15-4f4e-9d0a-0d3a7a9c6a55_2019-05-31")
SCOPE = ACCOUNT + "/customers/7f2d1c6e-90ab-4cde-8f01-23456789abcd"
ALIAS = "/providers/Microsoft.Subscription/aliases/a"
BODY = {"properties": {"billingScope": SCOPE, "displayName": "x", "workload": "Production"}}
VERSION, BILLING = "api-version=2021-10-01", "api-version=2020-05-01"


def put(e):
    return e.arm("PUT", ALIAS, BODY, query=VERSION)


def get(e):
    return e.arm("GET", ALIAS, query=VERSION).json()["properties"]


def states(e):
    put(e)
    return [get(e)["provisioningState"] for _ in range(3)]


def form(e):
    put(e)
    shown = get(e)
    return shown.get("displayName"), shown.get("billingScope", "").split("/")[1:2]


def listed(e):
    put(e)
    return len(e.arm("GET", SCOPE + "/billingSubscriptions", query=BILLING).json()["value"])


TABLE = {
    "alias_polls": (states, {1: ["Accepted", "Succeeded", "Succeeded"],
                             2: ["Accepted", "Accepted", "Succeeded"]}),
    "alias_tells_early": (lambda e: put(e) and "subscriptionId" in get(e), {False: False,
                                                                           True: True}),
    "alias_result": (lambda e: [states(e)[2], len(e.back("bought"))], {
        "Succeeded": ["Succeeded", 1], "Failed": ["Failed", 0]}),
    "alias_form": (form, {"full": ("x", ["providers"]), "short_scope": ("x", ["billingAccounts"]),
                          "bare": (None, [])}),
    "cancelled_state": None,  # acceptance/partner_azure_subscription_test.py
    "billing_role": (lambda e: [put(e).status, put(e).code()], {
        True: [201, None], False: [403, "UserNotAuthorized"]}),
    "billing_shows_new": (listed, {True: 1, False: 0}),
}
KINDS = {"ALIASES", "GET_ALIAS", "PUT_ALIAS", "DELETE_ALIAS", "RENAME", "CANCEL",
         "BILLING_ACCOUNTS", "BILLING_ACCOUNT", "BILLING_CUSTOMERS", "BILLING_CUSTOMER",
         "BILLING_SUBSCRIPTIONS"}
REFUSED = [  # rows of requests_test.py
    *((("PUT", ALIAS, VERSION, body, {}), 400, "BadRequest", True) for body in (
        "", "x", "[]", '{"x":1}', '{"properties":{"subscriptionId":1}}')),
    (("PUT", ALIAS, VERSION, '{"properties":{}}', {}), 400, "InvalidBillingScope", False),
    (("PUT", ALIAS, BILLING, "{}", {}), 400, "NoRegisteredProviderFound", True),
    (("GET", ALIAS, VERSION, None, {}), 404, "NotFound", False),
    (("DELETE", ALIAS, VERSION, None, {}), 204, None, False),
    (("POST", "/subscriptions/x/providers/Microsoft.Subscription/cancel", VERSION, "{}", {}), 404,
     "SubscriptionNotFound", False),
    (("GET", ACCOUNT + "/customers/x", BILLING, None, {}), 404, "NotFound", False),
    (("GET", ACCOUNT + "x/customers", BILLING, None, {}), 403, "AuthorizationFailed", False)]
