# A client of a hub, for the emulator's own tests: it signs in where the hub's metadata says.
# SPDX-License-Identifier: MPL-2.0
import json
import urllib.parse

from client import CLIENT, OTHER_TENANT, SECRET, TENANT

V = "api-version=2015-11-01"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DOMAIN = "contoso.onmicrosoft.com"
USAGE = "/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates"


class Hub:
    """`plane` is adminmanagement or management; each call names the one it is for."""

    def __init__(self, emulator, name="berlin"):
        self.e, self.name, self.tokens = emulator, name, {}
        mine = next(one for one in emulator.back("hubs") if one["name"] == name)
        self.own = mine["subscription_id"]
        self.base = f"/subscriptions/{self.own}"
        self.admin_base = self.base + "/providers/Microsoft.Subscriptions.Admin"
        self.group = (f"{self.base}/resourceGroups/system.{name}/providers/"
                      "Microsoft.Subscriptions.Admin")
        self.offers = f"{self.base}/resourceGroups/offers/providers/Microsoft.Subscriptions.Admin"

    def host(self, label):
        return f"{label}.{self.name}.localhost:{self.e.port}"

    def send(self, label, method, target, body=None, headers=None):
        return self.e.send(method, target, body, {"Host": self.host(label), **(headers or {})})

    def metadata(self, label):
        return self.send(label, "GET", "/metadata/endpoints?api-version=2015-01-01").json()

    def audience(self, label):
        return self.metadata(label)["authentication"]["audiences"][0]

    def ask_adfs(self, label="adminmanagement", headers=FORM, **changes):
        form = {"grant_type": "client_credentials", "client_id": CLIENT, "client_secret": SECRET,
                "resource": self.audience(label), **changes}
        form = {name: value for name, value in form.items() if value is not None}
        return self.send("adfs", "POST", "/adfs/oauth2/token", urllib.parse.urlencode(form),
                         headers)

    def token(self, label, tenant=None, **changes):
        key = (label, tenant, *changes.items())
        if key not in self.tokens:
            if self.name == "munich":
                answer = self.ask_adfs(label)
            else:
                answer = self.e.ask_token(tenant or TENANT, scope=f"{self.audience(label)}/.default",
                                          **changes)
            self.tokens[key] = answer.json()["access_token"]
        return self.tokens[key]

    def ask(self, label, method, path, body=None, query=V, tenant=None, headers=None, **changes):
        own = {"Authorization": f"Bearer {self.token(label, tenant, **changes)}"}
        if body is not None:
            own["Content-Type"] = "application/json"
            body = body if isinstance(body, str) else json.dumps(body)
        return self.send(label, method, f"{path}?{query}" if query else path, body,
                         {**own, **(headers or {})})

    def admin(self, method, path, body=None, query=V, **more):
        return self.ask("adminmanagement", method, path, body, query, **more)

    def user(self, method, path, body=None, query=V, tenant=OTHER_TENANT, **more):
        return self.ask("management", method, path, body, query, tenant, **more)

    # --- what most tests begin with ---------------------------------------------------------

    def offer(self, name="standard"):
        return f"{self.offers}/offers/{name}"

    def register(self, tenant=OTHER_TENANT, consent="current", domain=DOMAIN):
        """The directory of a customer, on both sides."""
        self.e.back("directory", {"tenant_id": tenant, "domain": domain, "consent": consent})
        return self.put_directory(tenant, domain)

    def put_directory(self, tenant=OTHER_TENANT, domain=DOMAIN):
        return self.admin("PUT", f"{self.group}/directoryTenants/{domain}",
                          {"location": self.name, "properties": {"tenantId": tenant}})

    def subscription(self, guid):
        return f"{self.admin_base}/subscriptions/{guid}"

    def subscribe(self, guid, **changes):
        body = {"displayName": "Contoso", "offerId": self.offer(), "owner": f"admin@{DOMAIN}",
                "subscriptionId": guid, **changes}
        return self.admin("PUT", self.subscription(guid), body)

    def let_in(self, guid):
        self.register()
        return self.subscribe(guid, tenantId=OTHER_TENANT)

    def use(self, *rows):
        self.e.back("hub-usage", {"hub": self.name, "rows": rows})

    def usage(self, begin="2026-01-01", end="2026-01-02", granularity="daily", more=""):
        times = [time if "T" in time else time + "T00:00:00Z" for time in (begin, end)]
        query = urllib.parse.urlencode({
            "api-version": "2015-06-01-preview", "reportedStartTime": times[0],
            "reportedEndTime": times[1], "aggregationGranularity": granularity})
        return self.admin("GET", self.base + USAGE, query=query + more)
