# A client of Partner Center, for the emulator's own tests.
# SPDX-License-Identifier: MPL-2.0
import json
import urllib.parse
import uuid

from client import CLIENT, SECRET, TENANT

AUDIENCE = "https://api.partnercenter.microsoft.com"
REFRESH = "1.emulator-refresh-token"
CONTOSO = "7f2d1c6e-90ab-4cde-8f01-23456789abcd"
DOMAIN = "contoso.onmicrosoft.com"
CUSTOMER = f"/v1/customers/{CONTOSO}"
KIND = "MicrosoftCustomerAgreement"
ADDRESS = {"country": "DE", "city": "Berlin", "addressLine1": "Example 1", "postalCode": "10115",
           "firstName": "Example", "lastName": "Person"}
PROFILE = {"email": "billing@contoso.example", "culture": "en-US", "language": "en",
           "companyName": "Contoso", "defaultAddress": ADDRESS}


def new_customer(domain="new.onmicrosoft.com", address=None, **company):
    return {"companyProfile": {"domain": domain, **company},
            "billingProfile": {**PROFILE, "defaultAddress": {**ADDRESS, **(address or {})}}}


class Partner:
    """Signs in as an application, or as a person; `put` acts as another client."""

    def __init__(self, emulator, has_customer=True):
        self.e, self.tokens = emulator, {}
        if has_customer:
            self.put("customer", tenant_id=CONTOSO, domain=DOMAIN)

    def put(self, what, **members):
        return self.e.back(f"partner-{what}", members)

    def ask_person(self, **changes):
        form = {"grant_type": "refresh_token", "client_id": CLIENT, "client_secret": SECRET,
                "refresh_token": REFRESH, "resource": AUDIENCE, **changes}
        form = {name: value for name, value in form.items() if value is not None}
        return self.e.send("POST", f"/{TENANT}/oauth2/token", urllib.parse.urlencode(form),
                           {"Content-Type": "application/x-www-form-urlencoded"})

    def token(self, as_person):
        if as_person not in self.tokens:
            answer = (self.ask_person() if as_person
                      else self.e.ask_token(scope=f"{AUDIENCE}/.default"))
            self.tokens[as_person] = answer.json()["access_token"]
        return self.tokens[as_person]

    def ask(self, method, path, body=None, as_person=False, headers=None):
        own = {"Host": f"partner.localhost:{self.e.port}", "MS-RequestId": str(uuid.uuid4()),
               "MS-CorrelationId": str(uuid.uuid4()), "MS-Contract-Version": "v1",
               "X-Locale": "en-US", "Authorization": f"Bearer {self.token(as_person)}"}
        if body is not None:
            own["Content-Type"] = "application/json"
            body = body if isinstance(body, str) else json.dumps(body)
        own.update(headers or {})
        return self.e.send(method, path, body,
                           {name: value for name, value in own.items() if value is not None})

    def read(self, path, **more):
        return json.loads(self.ask("GET", path, **more).body.decode("utf-8-sig"))

    def agree(self, **changes):
        template = self.read(f"/v1/agreements?agreementType={KIND}", as_person=True)["items"][0]
        body = {"primaryContact": {"firstName": "A", "lastName": "B", "email": "a@b.example"},
                "templateId": template["templateId"], "type": KIND,
                "dateAgreed": "2026-01-02T03:04:05Z", **changes}
        return self.ask("POST", CUSTOMER + "/agreements", body, as_person=True)

    def item(self):
        items = self.read("/v1/products/DZH318Z0BPS6/skus/0001/availabilities?country=DE")["items"]
        return items[0]["catalogItemId"]

    def make_cart(self, **changes):
        line = {"id": 0, "catalogItemId": self.item(), "quantity": 1, "billingCycle": "one_time",
                **changes}
        return self.ask("POST", CUSTOMER + "/carts", {"lineItems": [line]})

    def check_out(self, cart):
        return self.ask("POST", f"{CUSTOMER}/carts/{cart}/checkout")

    def buy(self):
        cart = json.loads(self.make_cart().body.decode("utf-8-sig"))["id"]
        return self.check_out(cart)

    def plans(self):
        return [one["id"] for one in self.read(CUSTOMER + "/subscriptions")["items"]
                if one["offerId"].startswith("DZH318Z0BPS6:")]


def code_of(answer):
    """The code as it came: a text, or a number; None: it is no error."""
    if answer.status < 300 or not answer.body:
        return None
    return json.loads(answer.body.decode("utf-8-sig")).get("code")
