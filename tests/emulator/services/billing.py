# Microsoft.Billing: a partner's billing accounts, their customers, and the customers' subscriptions as
# the partner's bill shows them. All of it belongs to the tenant of the account.
# SPDX-License-Identifier: MPL-2.0
from engine import switches
from engine.service import Route
from engine.state import State
from engine.switches import ON_OFF, Switch
from engine.text import derive_guid
from engine.entries import Entries

from . import arm

TENANT = "33333333-3333-4333-8333-333333333333"
ACCOUNT = ("99a13315-6f87-5b46-9dbd-606071106352:1f8a99b0-8b15-4f4e-9d0a-0d3a7a9c6a55_"
           "2019-05-31")
CUSTOMER = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
VERSIONS = ("2020-05-01",)
ROOT = "/providers/Microsoft.Billing/billingAccounts"


class Subscription:
    """One that was bought."""

    def __init__(self, account, customer, name, workload):
        # The same in every run, so that a state of one fits another.
        self.id = derive_guid(f"subscription {len(_known.bought) + 1} of {customer}")
        self.account, self.customer = account, customer
        self.name, self.workload, self.state = name, workload, "Enabled"


_known = State(bought=list)


def complete_account(account):
    for name, value in (("display_name", account["name"]), ("agreement_type",
                        "MicrosoftPartnerAgreement"), ("account_type", "Partner"),
                        ("status", "Active"), ("tenant_id", TENANT)):
        account.setdefault(name, value)


ACCOUNTS = Entries(
    "billing_accounts", "a billing-account", "a billing account", ("name",),
    {"display_name": str, "agreement_type":
     "MicrosoftPartnerAgreement|MicrosoftCustomerAgreement|EnterpriseAgreement",
     "account_type": "Partner|Enterprise|Individual", "status": str, "tenant_id": str},
    [{"name": ACCOUNT, "display_name": "Example Partner"},
     {"name": "1234567", "display_name": "Example Enterprise", "account_type": "Enterprise",
      "agreement_type": "EnterpriseAgreement"}], complete_account)
CUSTOMERS = Entries(
    "billing_customers", "a billing-customer", "a customer with an Azure plan",
    ("account", "tenant_id"), {"display_name": str, "reseller_id": str},
    [{"account": ACCOUNT, "tenant_id": CUSTOMER, "display_name": "Contoso"},
     {"account": ACCOUNT, "tenant_id": derive_guid("tenant of Fabrikam"),
      "display_name": "Fabrikam"}],
    lambda customer: customer.setdefault("display_name", customer["tenant_id"]))


def check_tenant(x):
    token = arm.check_token(x)
    if token["tenant_id"].lower() != TENANT:
        raise arm.refuse_token(
            x, "InvalidAuthenticationTokenTenant", "The access token is from the wrong issuer "
            f"'https://sts.windows.net/{token['tenant_id']}/'. It must match the tenant "
            f"'https://sts.windows.net/{TENANT}/'.", False)


def account_of(x):
    check_tenant(x)
    account = ACCOUNTS.find(x.names["account"])
    if account is None or not switches.value("billing_role"):
        raise x.error(403, "AuthorizationFailed", "The caller has no access to the billing account "
                      f"'{x.names['account']}'.")
    return account


def customer_of(x):
    account = account_of(x)
    customer = CUSTOMERS.find(account["name"], x.names["customer"])
    if customer is None:
        raise x.error(404, "NotFound", f"There is no customer '{x.names['customer']}'.")
    return account, customer


def customer_id(customer):
    return f"{ROOT}/{customer['account']}/customers/{customer['tenant_id']}"


def show_account(account):
    return {"id": f"{ROOT}/{account['name']}", "name": account["name"],
            "type": "Microsoft.Billing/billingAccounts",
            "properties": {"displayName": account["display_name"],
                           "agreementType": account["agreement_type"],
                           "accountType": account["account_type"],
                           "accountStatus": account["status"], "hasReadAccess": True}}


def show_customer(customer):
    # Azure's own examples write the capital.
    profile = f"{ROOT}/{customer['account']}/billingProfiles/{derive_guid(customer['account'])}"
    return {"id": customer_id(customer), "name": customer["tenant_id"],
            "type": "Microsoft.Billing/billingAccounts/customers",
            "properties": {"displayName": customer["display_name"], "billingProfileId": profile,
                           "billingProfileDisplayName": "Example Profile"}}


STATUSES = {"Enabled": "Active", "Warned": "Warning", "Disabled": "Inactive", "Deleted": "Deleted"}


def show_subscription(one):
    root = ROOT.replace("billingAccounts", "BillingAccounts")
    return {"id": f"{root}/{one.account}/billingSubscriptions/{one.id}", "name": one.id,
            "type": "Microsoft.Billing/billingAccounts/billingSubscriptions",
            "properties": {"displayName": one.name, "subscriptionId": one.id,
                           "subscriptionBillingStatus": STATUSES[one.state],
                           "skuId": "0001" if one.workload == "Production" else "0002",
                           "skuDescription": "Microsoft Azure Plan"
                           + ("" if one.workload == "Production" else " for DevTest"),
                           "customerId": f"{ROOT}/{one.account}/customers/{one.customer}"}}


def list_accounts(x):
    check_tenant(x)
    shown = [show_account(account) for account in ACCOUNTS if switches.value("billing_role")]
    x.json(200, {"value": shown})


def list_customers(x):
    account = account_of(x)
    x.json(200, {"value": [show_customer(customer) for customer in CUSTOMERS
                           if customer["account"] == account["name"]]})


def list_subscriptions(x):
    account, customer = customer_of(x)
    x.json(200, {"value": [show_subscription(one) for one in _known.bought
                           if switches.value("billing_shows_new")
                           and one.account == account["name"]
                           and one.customer == customer["tenant_id"].lower()]})


# --- what aliases buy ----------------------------------------------------------------------


def buy(customer, name, workload):
    one = Subscription(customer["account"], customer["tenant_id"].lower(), name, workload)
    _known.bought.append(one)
    return one


def find_subscription(guid):
    return next((one for one in _known.bought if one.id == guid.lower()), None)


def dump(_):
    return [vars(one) for one in _known.bought]


CUSTOMER_PLACE = ROOT + "/{account}/customers/{customer}"
ROUTES = [
    Route("GET", ROOT, "BILLING_ACCOUNTS", list_accounts, VERSIONS),
    Route("GET", ROOT + "/{account}", "BILLING_ACCOUNT",
          lambda x: x.json(200, show_account(account_of(x))), VERSIONS),
    Route("GET", ROOT + "/{account}/customers", "BILLING_CUSTOMERS", list_customers, VERSIONS),
    Route("GET", CUSTOMER_PLACE, "BILLING_CUSTOMER",
          lambda x: x.json(200, show_customer(customer_of(x)[1])), VERSIONS),
    Route("GET", CUSTOMER_PLACE + "/billingSubscriptions", "BILLING_SUBSCRIPTIONS",
          list_subscriptions, VERSIONS)]
SWITCHES = [
    Switch("billing_role", ON_OFF, True, "the caller has a role on the billing account",
           "which role does a service principal need?"),
    Switch("billing_shows_new", ON_OFF, True,
           "the list of a customer's billing subscriptions shows what an alias has bought",
           "when does a new subscription show there?")]
