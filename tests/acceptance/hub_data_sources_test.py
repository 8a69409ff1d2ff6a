# The data sources of a hub, on a hub of Entra and on one of AD FS, as every host has them. What each
# finds is in tests/exchanges/{user_subscription,directory_tenant}/look_*.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CLIENT, CONTOSO, FABRIKAM, HUB, HUB_SUBSCRIPTION as ONE, SECRET, TENANT

TWO = "not-hexadecimal"
DAY = {"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-02T00:00:00Z"}
# What each needs to be asked, besides the hub's location; and whether a hub of AD FS, which has one
# directory, has it.
KINDS = {"activation": ({}, True), "locations": ({}, True), "offers": ({}, True),
         "plans": ({}, True), "quotas": ({}, True), "usage": (DAY, True),
         "unattributed_usage": (DAY, True), "user_subscriptions": ({}, True),
         "hub_applications": ({}, False), "identity_health": ({}, False),
         "user_subscription": ({"subscription_id": ONE}, True), "directory_tenants": ({}, False),
         "directory_tenant": ({"domain_name": "contoso.onmicrosoft.com"}, False)}
HAVE_A_LOCATION = ("quotas", "directory_tenants", "directory_tenant")


def arguments_of(kind, hub="berlin"):
    return {**KINDS[kind][0], **({"location": hub} if kind in HAVE_A_LOCATION else {})}


class HubData(harness.Case):
    def setUp(self):
        super().setUp()
        self.emulator.fill_hub("berlin")
        self.emulator.fill_hub("munich")
        # A hub of AD FS is not given what the provider block has for Entra.
        self.workspace.environment.update(AZURESTACK_HUB_CLIENT_ID=CLIENT,
                                          AZURESTACK_HUB_CLIENT_SECRET=SECRET)

    def own(self, hub):
        return next(one["subscription_id"] for one in self.emulator.control.ask("hubs")
                    if one["name"] == hub)

    def object(self, identity, hub="berlin", **members):
        self.emulator.control.ask("hub-object", {"hub": hub, "id": identity, **members})

    def provider(self, hub="berlin", **more):
        body = harness.hcl({"admin_endpoint": self.emulator.hub(hub), **more}, "    ")
        return f'provider "azurestack" {{\n  hub {{\n{body}  }}\n}}\n'

    def ask(self, kind, hub="berlin", provider=None, **more):
        return super().ask(kind, provider=provider or self.provider(hub), **more)

    def ask_kind(self, kind, hub="berlin", **more):
        return self.ask(kind, hub, **arguments_of(kind, hub), **more)

    # --- what holds for each ----------------------------------------------------------------

    def test_each_on_entra_and_on_adfs(self):
        for kind, (_, on_adfs) in KINDS.items():
            for hub in ("berlin", "munich"):
                with self.subTest(kind=kind, hub=hub):
                    self.emulator.mark()
                    if hub == "munich" and not on_adfs:
                        self.ask_kind(kind, hub, expect=1).says("Not supported by this Azure Stack Hub", "AD FS")
                        continue
                    found = self.ask_kind(kind, hub)
                    self.assertTrue(found)
                    self.assertEqual(self.emulator.rejected(), [])
        self.assertEqual([call for call in self.emulator.calls()
                          if "/registrations/" in call.lower()], [],
                         "public Azure was asked for a hub's objects")

    def test_each_without_the_block_says_what_to_write(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.ask_kind(kind, expect=1, provider='provider "azurestack" {}\n').says(
                    "The provider block is incomplete", "hub {", "admin_endpoint")
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_each_with_a_wrong_credential_and_at_an_address_that_is_no_hub(self):
        wrong = {"client_id": CLIENT, "client_secret": "wrong"}
        for hub, more, words in (
                ("berlin", wrong, ["AADSTS7000215"]), ("munich", wrong, ["MSIS9622"]),
                ("berlin", {"admin_endpoint": self.emulator.url},
                 ["hub.admin_endpoint", "status 400", "Check the address"])):
            for kind, (_, on_adfs) in KINDS.items():
                if hub == "berlin" or on_adfs:
                    with self.subTest(kind=kind, hub=hub, more=more):
                        self.ask_kind(kind, hub, expect=1,
                                      provider=self.provider(hub, **more)).says(*words)
        self.expects_rejections = True    # public Azure does not know the question

    def test_each_behind_a_proxy_that_refuses_connections(self):
        self.workspace.write("".join(
            f'data "azurestack_{kind}" "it" {{\n{harness.hcl(arguments_of(kind))}}}\n'
            for kind in KINDS), provider=self.provider())
        told = self.workspace.run("plan", "-no-color", "-parallelism=20", expect=1,
                                  HTTPS_PROXY="http://127.0.0.1:9")
        told.says("127.0.0.1:9", *(f"with data.azurestack_{kind}.it" for kind in KINDS))
        self.assertEqual(self.emulator.calls(True), [])

    # --- what takes a hub of this kind, or both services -----------------------------------------

    def use(self, hub="berlin"):
        self.emulator.control.ask("hub-usage", {"hub": hub, "rows": [
            {"subscription_id": name, "meter_id": "F271A8A388C44D93956A063E1D2FA80B",
             "quantity": "0.1", "reported": "2026-01-01T00:00:00Z"}
            for name in (ONE, ONE.lower(), TWO, "deleted-since")]})

    def shows(self, found, **expected):
        """`expected`: the list's name without `rows` -> (subscription, quantity) each."""
        self.assertEqual({name: [(row["subscription_id"], row["quantity"])
                                 for row in found[name + "rows"]]
                          for name in ("", "hub_directory_", "undecided_")},
                         {"": [], "hub_directory_": [], "undecided_": [], **expected})

    def test_usage_that_no_mapping_covers(self):
        self.use()
        self.emulator.switch(hub_usage_page=1, hub_page_size=1, hub_case="other")
        found = self.ask("unattributed_usage", **DAY)
        gone = ("deleted-since", "0.1")
        self.shows(found, **{"": [(ONE.lower(), "0.2"), (TWO, "0.1")], "undecided_": [gone]})
        self.assertEqual(found["unmapped_tenant_ids"], [CONTOSO, FABRIKAM])
        mapping = HUB.format("{}") + "/customerSubscriptions/" + harness.CUSTOMER.format(1)
        self.emulator.map(mapping.format("munich"), CONTOSO)    # of another registration
        self.emulator.map(mapping.format("berlin"), FABRIKAM.upper())
        self.shows(self.ask("unattributed_usage", **DAY),
                   **{"": [(ONE.lower(), "0.2")], "undecided_": [gone]})

    def test_the_hubs_own_directory_is_known_either_way(self):
        own = self.own("berlin")
        users = f"/subscriptions/{own}/providers/Microsoft.Subscriptions.Admin/subscriptions/"
        self.use()
        self.object(users + TWO, tenantId=TENANT.upper())
        # By the row of the Default Provider Subscription, and by the hub's metadata.
        self.emulator.switch(hub_login="bare")
        for provider in self.provider(tenant_id=TENANT), self.provider():
            found = self.ask("unattributed_usage", provider=provider, **DAY)
            self.assertEqual([row["subscription_id"] for row in found["hub_directory_rows"]], [TWO])
            self.emulator.switch(hub_login="tenant")
            self.object(users + own, tenantId=None)

    def test_a_hub_of_adfs_has_the_partners_own_usage_alone(self):
        self.use("munich")
        self.shows(self.ask("unattributed_usage", "munich", **DAY), hub_directory_=[
            (ONE.lower(), "0.2"), ("deleted-since", "0.1"), (TWO, "0.1")])
