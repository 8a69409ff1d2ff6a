# The data sources of a hub, on a hub of Entra and on one of AD FS, as every host has them.
# SPDX-License-Identifier: MPL-2.0
import decimal

import harness
from harness import (CLIENT, CONTOSO, FABRIKAM, HUB, HUB_SUBSCRIPTION as ONE, SECRET, SUBSCRIPTION,
                     TENANT)

TWO = "not-hexadecimal"
DAY = {"start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-02T00:00:00Z"}
STATIC_IP, UNKNOWN = "F271A8A388C44D93956A063E1D2FA80B", "00000000-1111-4222-8333-444444444444"
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

    def test_each_with_a_wrong_credential(self):
        wrong = {"client_id": CLIENT, "client_secret": "wrong"}
        for kind, (_, on_adfs) in KINDS.items():
            with self.subTest(kind=kind):
                self.ask_kind(kind, expect=1, provider=self.provider(**wrong)).says("AADSTS7000215")
            if on_adfs:
                with self.subTest(kind=kind, hub="munich"):
                    self.ask_kind(kind, "munich", expect=1,
                                  provider=self.provider("munich", **wrong)).says("MSIS9622")
        self.expects_rejections = True

    def test_each_at_an_address_that_is_no_hub(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.ask_kind(kind, expect=1,
                              provider=self.provider(admin_endpoint=self.emulator.url)).says(
                    "hub.admin_endpoint", "status 400", "Check the address")
        self.expects_rejections = True    # public Azure does not know the question

    def test_each_behind_a_proxy_that_refuses_connections(self):
        self.workspace.write("".join(
            f'data "azurestack_{kind}" "it" {{\n{harness.hcl(arguments_of(kind))}}}\n'
            for kind in KINDS), provider=self.provider())
        told = self.workspace.run("plan", "-no-color", "-parallelism=20", expect=1,
                                  HTTPS_PROXY="http://127.0.0.1:9")
        told.says("127.0.0.1:9", *(f"with data.azurestack_{kind}.it" for kind in KINDS))
        self.assertEqual(self.emulator.calls(True), [])

    def test_without_a_role_the_default_provider_subscription_is_not_seen(self):
        self.emulator.control.ask("application", {"tenant_id": TENANT, "client_id": CLIENT,
                                                  "role": "none"})
        self.ask("offers", expect=1).says("Cannot determine the Default Provider Subscription",
                                          "that the credential has a role")
        own = self.own("berlin")
        self.ask("offers", administrator_subscription_id=own, expect=1).says("AuthorizationFailed")

    def test_the_default_provider_subscription(self):
        own = self.own("berlin")
        for how, shown in (("none", "returns no object whose displayName"), ("several", "Cannot determine")):
            self.emulator.switch(hub_default_subscription=how)
            self.ask("locations", expect=1).says(shown, "subscription_id in the block hub")
            for more in ({"provider": self.provider(subscription_id=own)},
                         {"administrator_subscription_id": own}):
                self.emulator.mark()
                found = self.ask("locations", **more)
                self.assertEqual(found["administrator_subscription_id"], own)
                self.assertNotIn("GET /subscriptions", self.emulator.calls())

    def test_it_is_searched_once(self):
        self.workspace.write("".join(f'data "azurestack_offers" "it{n}" {{}}\n' for n in range(8)),
                             provider=self.provider())
        self.workspace.run("plan")
        self.assertEqual(self.emulator.calls().count("GET /subscriptions"), 1)

    def test_other_cases_pages_and_an_enterprise_ca(self):
        self.emulator.switch(hub_case="other", hub_page_size=1, hub_clock_ahead_s=1800,
                             hub_ca="enterprise")
        provider = self.provider(ca_bundle=self.emulator.file("hub-ca.pem"))
        found = self.ask("offers", provider=provider)
        self.assertEqual({one["name"]: one["resource_group_name"] for one in found["offers"]},
                         {"standard": "offers", "trial": "offers", "retired": "offers"})
        self.assertIn("/resourcegroups/", found["ids_by_name"]["trial"])
        self.ask("offers", expect=1).says("certificate")

    # --- each ---------------------------------------------------------------------------------

    def test_activation(self):
        found = self.ask("activation")
        self.assertEqual((found["registration_id"], found["subscription_id"],
                          found["resource_group_name"], found["registration_name"]),
                         (HUB.format("berlin"), SUBSCRIPTION, "azurestack", "berlin"))
        self.assertEqual((found["environment"], found["expires_at"],
                          found["usage_reporting_enabled"]),
                         ("AzureCloud", "9999-12-30T23:59:59Z", True))
        path = found["id"]
        self.object(path, properties={"usageReportingEnabled": False})
        self.assertIs(self.ask("activation")["usage_reporting_enabled"], False)
        self.emulator.control.ask("hub-forget", {"hub": "berlin", "id": path})
        self.ask("activation", expect=1).says("The hub is not activated", "Register the hub")

    def test_offers_plans_quotas_and_locations(self):
        offers = self.ask("offers")
        self.assertEqual(set(offers["ids_by_name"]), {"standard", "trial", "retired"})
        self.assertEqual([one["name"] for one in self.ask("offers", state="Public")["offers"]],
                         ["standard"])
        twin = offers["ids_by_name"]["standard"].replace("/offers/providers", "/other/providers")
        self.object(twin, name="standard", properties={"state": "Public"})
        both = self.ask("offers")
        self.assertEqual(set(both["ids_by_name"]), {"trial", "retired"}, "which one is not known")
        other = self.ask("offers", resource_group_name="other")
        self.assertEqual(other["ids_by_name"], {"standard": twin})
        plan, = self.ask("plans")["plans"]
        self.assertEqual((plan["name"], len(plan["quota_ids"])), ("basic", 2))
        quota, = self.ask("quotas", location="berlin")["quotas"]
        self.assertEqual((quota["name"], quota["allow_custom_portal_branding"]),
                         ("delegatedProviderQuota", False))
        place, = self.ask("locations")["locations"]
        self.assertEqual(place["name"], "berlin")

    def test_user_subscriptions(self):
        found = self.ask("user_subscriptions")["user_subscriptions"]
        self.assertEqual([one["subscription_id"] for one in found], [ONE.lower(), TWO])
        self.assertEqual(found[0]["tenant_id"], CONTOSO, "in lower case, whatever the hub prints")
        for arguments, names in (({"tenant_id": FABRIKAM}, ["Other"]),
                                 ({"display_name": "contoso"}, ["Contoso"]),
                                 ({"routing_resource_manager_type": "Admin"},
                                  ["Default Provider Subscription"])):
            found = self.ask("user_subscriptions", **arguments)["user_subscriptions"]
            self.assertEqual([one["display_name"] for one in found], names)
        one = self.ask("user_subscription", display_name="Contoso")
        self.assertEqual((one["subscription_id"], one["state"]), (ONE.lower(), "Enabled"))
        self.ask("user_subscription", subscription_id="x", expect=1).says(
            "No user subscription found")

    def test_directory_tenants(self):
        found, = self.ask("directory_tenants", location="berlin")["directory_tenants"]
        self.assertEqual((found["domain_name"], found["tenant_id"], found["resource_group_name"]),
                         ("contoso.onmicrosoft.com", CONTOSO, "system.berlin"))
        one = self.ask("directory_tenant", tenant_id=CONTOSO, resource_group_name="system.berlin")
        self.assertEqual(one["domain_name"], "contoso.onmicrosoft.com")
        found = self.ask("directory_tenants")
        self.assertEqual((found["location"], found["resource_group_name"],
                          [one["domain_name"] for one in found["directory_tenants"]]),
                         ("berlin", "system.berlin", ["contoso.onmicrosoft.com"]))
        other = self.ask("directory_tenants", resource_group_name="other")
        self.assertEqual(other["directory_tenants"], [])
        self.ask("directory_tenant", domain_name="nobody.example", expect=1).says(
            "No directory tenant found", "nobody.example")

    def test_hub_applications(self):
        found = self.ask("hub_applications")
        listed = {one["client_id"] for one in found["applications"]}
        needed = set(found["service_principal_client_ids"])
        grants = found["app_role_assignments"] + found["permission_grants"]
        named = {row[side] for row in grants for side in ("client_id", "resource_client_id")}
        self.assertEqual(needed, listed | named | {found["resource_manager_client_id"]})
        self.assertTrue(named - listed)
        self.assertEqual(needed, {one.lower() for one in needed})
        self.assertEqual(len({row["key"] for row in grants}), len(grants))
        scopes = [row["claim_values"] for row in found["permission_grants"]]
        self.assertIn(["Directory.Read.All", "User.Read"], scopes)
        # /metadata/identity is the users' host's, and gets no token.
        asked = [event for event in self.emulator.events("REQUEST")
                 if event["path"].startswith("/metadata/identity")]
        self.assertTrue(asked)
        self.assertEqual({event["headers"].get("Host", "").split(".")[0] for event in asked},
                         {"management"})
        self.assertFalse([event for event in asked if "Authorization" in event["headers"]])

    def test_identity_health(self):
        self.emulator.control.ask("directory", {
            "tenant_id": CONTOSO, "domain": "contoso.onmicrosoft.com", "consent": "outdated"})
        for build in ("new", "old"):
            self.emulator.switch(hub_build=build)
            found = self.ask("identity_health")
            self.assertEqual(found["status"], "Unhealthy")
            self.assertEqual([(one["tenant_id"], one["status"], len(one["unhealthy_client_ids"]))
                              for one in found["directories"]],
                             [(CONTOSO, "Unhealthy", 1), (TENANT, "Healthy", 0)])
        self.emulator.switch(hub_unknown_version=404)
        home = self.ask("identity_health", tenant_id=TENANT)
        self.assertEqual((home["status"], len(home["directories"])), ("Healthy", 1))
        self.ask("identity_health", tenant_id=FABRIKAM, expect=1).says(
            "Directory not found", "azurestack_directory_tenant")

    # --- usage --------------------------------------------------------------------------------

    def use(self, *rows):
        self.emulator.control.ask("hub-usage", {"hub": "berlin", "rows": [
            {"subscription_id": subscription, "meter_id": meter, "quantity": quantity,
             "reported": reported, **more}
            for subscription, meter, quantity, reported, more in rows]})

    def test_usage_is_added_up_to_the_last_digit(self):
        spelled = STATIC_IP[:8].lower() + "-" + STATIC_IP[8:12] + "-4d93-956a-063e1d2fa80b"
        day = "2026-01-01T00:00:00Z"
        self.use((ONE, STATIC_IP, "0.10000000000000000555", day, {}),
                 (ONE.lower(), spelled, "0.2", day, {}), (ONE, STATIC_IP, "1E-20", day, {}),
                 (ONE, UNKNOWN, "9007199254740993", day, {}), (ONE, UNKNOWN, "0.5", day, {}),
                 (TWO, STATIC_IP, "3", day, {"used": "2025-12-01T00:00:00Z"}))
        rows = self.ask("usage", **DAY)["rows"]
        self.assertEqual([(row["subscription_id"], row["meter_name"], row["quantity"])
                          for row in rows], [
            (ONE.lower(), None, "9007199254740993.5"),
            (ONE.lower(), "Static IP Address Usage", "0.30000000000000000556"),
            (TWO, "Static IP Address Usage", "3")])
        self.assertEqual(rows[1]["meter_id"], "f271a8a3-88c4-4d93-956a-063e1d2fa80b")
        self.assertEqual(rows[1]["unit"], "IP addresses")
        rows = self.ask("usage", **DAY, aggregate_by="meter")["rows"]
        self.assertEqual([(row["subscription_id"], row["quantity"]) for row in rows],
                         [(None, "9007199254740993.5"), (None, "3.30000000000000000556")])
        rows = self.ask("usage", **DAY, aggregate_by="none")["rows"]
        self.assertEqual(len(rows), 6)
        self.assertEqual(rows[-1]["usage_start_time"], "2025-12-01T00:00:00+00:00")

    def test_usage_of_many_pages(self):
        rows = [(ONE, STATIC_IP, f"0.{n:04d}1", "2026-01-01T00:00:00Z", {}) for n in range(2500)]
        self.use(*rows)
        for end in ("absent", "null"):
            self.emulator.switch(hub_usage_next=end)
            self.emulator.mark()
            found = self.ask("usage", **DAY)
            total = sum(decimal.Decimal(row[2]) for row in rows)
            self.assertEqual([row["quantity"] for row in found["rows"]], [str(total.normalize())])
            self.assertIs(found["complete"], True)
            asked = [call for call in self.emulator.calls() if "UsageAggregates" in call]
            self.assertEqual(len(asked) % 3, 0)

    def test_too_much_at_once_is_asked_for_in_halves(self):
        days = [f"2026-01-{day:02d}T00:00:00Z" for day in range(1, 8)]
        self.use(*((ONE, STATIC_IP, "1", day, {}) for day in days))
        self.emulator.switch(hub_usage_longest_h=48)
        found = self.ask("usage", start_time=days[0], end_time=days[-1])
        self.assertEqual([row["quantity"] for row in found["rows"]], ["6"])
        self.assertIs(found["complete"], True)
        self.emulator.switch(hub_usage_longest_h=1)
        found = self.ask("usage", start_time=days[0], end_time="2026-01-01T02:00:00Z",
                         granularity="hourly")
        self.assertIs(found["complete"], True)
        self.ask("usage", **DAY)
        result = self.workspace.run("plan")
        result.says("Usage is incomplete", "2026-01-01T00:00:00Z to 2026-01-02T00:00:00Z")
        self.assertIs(self.workspace.outputs()["it"]["complete"], False)

    def shows(self, found, **expected):
        """`expected`: the list's name without `_rows` -> (subscription, quantity, reason) each."""
        self.assertEqual(
            {name: [(row["subscription_id"], row["quantity"], row["reason"])
                    for row in found[name + "rows"]]
             for name in ("", "hub_directory_", "undecided_")},
            {"": expected.get("rows", []), "hub_directory_": expected.get("own", []),
             "undecided_": expected.get("undecided", [])})

    def test_usage_that_no_mapping_covers(self):
        day, own = "2026-01-01T00:00:00Z", self.own("berlin")
        one = ONE.lower()
        self.use((ONE, STATIC_IP, "0.1", day, {}), (one, STATIC_IP, "0.2", day, {}),
                 (TWO, STATIC_IP, "3", day, {}), (own, STATIC_IP, "5", day, {}),
                 ("deleted-since", STATIC_IP, "7", day, {}))
        gone = ("deleted-since", "7", "subscription_not_listed")
        found = self.ask("unattributed_usage", **DAY)
        self.shows(found, rows=[(one, "0.3", None), (TWO, "3", None)], own=[(own, "5", None)],
                   undecided=[gone])
        row = found["rows"][0]
        self.assertEqual((row["display_name"], row["tenant_id"], row["meter_name"], row["unit"]),
                         ("Contoso", CONTOSO, "Static IP Address Usage", "IP addresses"))
        self.assertEqual((found["unmapped_tenant_ids"], found["registration_id"],
                          found["complete"]),
                         ([CONTOSO, FABRIKAM], HUB.format("berlin"), True))
        # The mapping of the other hub does not cover this one.
        mapping = HUB.format("{}") + "/customerSubscriptions/" + harness.CUSTOMER.format(1)
        self.emulator.map(mapping.format("munich"), CONTOSO)
        self.assertEqual(self.ask("unattributed_usage", **DAY)["unmapped_tenant_ids"],
                         [CONTOSO, FABRIKAM])
        found = self.ask("unattributed_usage", **DAY, registration_id=HUB.format("munich"))
        self.assertEqual(found["unmapped_tenant_ids"], [FABRIKAM])
        self.emulator.map(mapping.format("berlin"), CONTOSO.upper())
        self.emulator.map(mapping.format("berlin")[:-2] + "02", CONTOSO)    # twice is covered, too
        self.shows(self.ask("unattributed_usage", **DAY), rows=[(TWO, "3", None)],
                   own=[(own, "5", None)], undecided=[gone])
        self.emulator.map(mapping.format("berlin")[:-2] + "03", TENANT)
        self.shows(self.ask("unattributed_usage", **DAY), rows=[(TWO, "3", None)],
                   undecided=[gone])

    def test_a_mapping_whose_tenant_is_not_returned(self):
        customer = harness.CUSTOMER.format(1)
        self.use((ONE, STATIC_IP, "1", "2026-01-01T00:00:00Z", {}))
        self.emulator.map(f"{HUB.format('berlin')}/customerSubscriptions/{customer}", CONTOSO)
        self.emulator.switch(get_returns_tenant="off")
        self.emulator.subscription(customer, tenant_id=CONTOSO)
        self.shows(self.ask("unattributed_usage", **DAY))
        # Azure does not say whose subscription it is, either.
        self.emulator.fault("SUBSCRIPTION#*", "status", status=503)
        self.shows(self.ask("unattributed_usage", **DAY),
                   undecided=[(ONE.lower(), "1", "mapping_tenant_unknown")])
        self.expects_rejections = True

    def test_usage_of_directories_that_are_not_known(self):
        def user(**members):
            path = f"/subscriptions/{self.own('berlin')}/providers/Microsoft.Subscriptions.Admin/"
            self.object(f"{path}subscriptions/not-hexadecimal", **members)
        self.use((TWO, STATIC_IP, "1", "2026-01-01T00:00:00Z", {}))
        user(tenantId=None)
        self.shows(self.ask("unattributed_usage", **DAY), undecided=[(TWO, "1", "directory_unknown")])
        user(tenantId=FABRIKAM, delegatedProviderSubscriptionId=ONE)
        self.assertEqual(self.ask("unattributed_usage", **DAY)["delegated_subscription_ids"], [TWO])

    def test_the_hubs_own_directory_is_known_either_way(self):
        own = self.own("berlin")
        users = f"/subscriptions/{own}/providers/Microsoft.Subscriptions.Admin/subscriptions/"
        self.use((TWO, STATIC_IP, "1", "2026-01-01T00:00:00Z", {}))
        self.object(users + TWO, tenantId=TENANT.upper())
        # By the row of the Default Provider Subscription, and by the hub's metadata.
        self.emulator.switch(hub_login="bare")
        rows = [(TWO, "1", None)]
        self.shows(self.ask("unattributed_usage", provider=self.provider(tenant_id=TENANT), **DAY),
                   own=rows)
        self.emulator.switch(hub_login="tenant")
        self.object(users + own, tenantId=None)
        self.shows(self.ask("unattributed_usage", **DAY), own=rows)

    def test_a_hub_of_adfs_has_the_partners_own_usage_alone(self):
        self.emulator.control.ask("hub-usage", {"hub": "munich", "rows": [
            {"subscription_id": name, "meter_id": STATIC_IP, "quantity": "1",
             "reported": "2026-01-01T00:00:00Z"} for name in (ONE, "deleted-since")]})
        self.shows(self.ask("unattributed_usage", "munich", **DAY),
                   own=[(ONE.lower(), "1", None), ("deleted-since", "1", None)])

    def test_a_hub_whose_usage_is_incomplete_or_not_billed(self):
        self.workspace.tokens_each = 2    # the mappings are Azure's
        self.use((ONE, STATIC_IP, "1", "2026-01-01T00:00:00Z", {}))
        self.emulator.switch(hub_usage_longest_h=1)
        found = self.ask("unattributed_usage", **DAY)
        self.assertEqual((found["complete"], found["rows"]), (False, []))
        self.workspace.run("plan").says("Usage is incomplete")
        self.emulator.switch(hub_usage_longest_h=0, hub_usage_page=1, hub_page_size=1)
        path = self.ask("activation")["id"]
        self.object(path, properties={"usageReportingEnabled": False})
        self.assertEqual(len(self.ask("unattributed_usage", **DAY)["rows"]), 1)
        self.workspace.run("plan").says("The hub does not report usage")
        self.object(path, properties={"azureRegistrationResourceIdentifier": None})
        self.ask("unattributed_usage", **DAY, expect=1).says(
            "Cannot find the registration of the hub", "Set registration_id")

    def test_usage_that_cannot_be_asked_for(self):
        for arguments, shown in (
                ({"start_time": "2026-01-01"}, "is not an hour in UTC"),
                ({"start_time": "2026-01-01T00:30:00Z"}, "is not an hour in UTC"),
                ({"start_time": "2026-01-01T00:00:00+01:00"}, "is not an hour in UTC"),
                ({"start_time": "2026-02-30T00:00:00Z"}, "is not an hour in UTC"),
                ({"start_time": "2026-01-01T05:00:00Z"}, "Time is not midnight"),
                ({"end_time": "2026-01-01T00:00:00Z"}, "end_time must be after start_time"),
                ({"granularity": "weekly"}, "hourly"),
                ({"end_time": "2999-01-01T00:00:00Z"}, "end_time is too late")):
            with self.subTest(arguments=arguments):
                self.ask("usage", expect=1, **{**DAY, **arguments}).says(shown)
        self.assertEqual([call for call in self.emulator.calls() if "UsageAggregates" in call], [])
        self.ask("usage", **DAY, subscription_id=CONTOSO, expect=1).says(
            "SubscriberIdIsNotDirectTenant", "azurestack_user_subscriptions")
