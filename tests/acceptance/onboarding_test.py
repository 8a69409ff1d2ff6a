# examples/onboarding: customers from Partner Center to a first resource on two hubs, and what becomes
# of them. The parts of azuread are stand-ins that give the emulator's directories their consent.
# SPDX-License-Identifier: MPL-2.0
import json
import os
import re
import shutil
import sys
import time

import harness
from harness import CLIENT, SECRET, TENANT, TOP

EXAMPLE = os.path.join(TOP, "examples", "onboarding")
CONTROL = os.path.join(TOP, "tests", "emulator", "control.py")
HUBS = "berlin", "munich"
# Which customer is on which hub, as customers.csv has it.
PLACES = {("contoso", "berlin"), ("contoso", "munich"), ("fabrikam", "munich"),
          ("wingtip", "berlin")}


class Onboarding(harness.Case):
    emulator_config = {
        **json.loads(harness.read(EXAMPLE, "emulator.json")),
        "applications": [{"tenant_id": TENANT, "client_id": CLIENT, "client_secret": SECRET}]}

    def setUp(self):
        super().setUp()
        self.workspace.environment.update(
            self.emulator.partner_center(),
            AZURESTACK_PARTNER_REFRESH_TOKEN="1.emulator-refresh-token",
            TF_VAR_admin_endpoints=json.dumps({hub: self.emulator.hub(hub) for hub in HUBS}))
        control = os.path.join(self.workspace.root, "control")
        harness.write(control, f'#!/bin/sh\nexec "{sys.executable}" "{CONTROL}" '
                               f'"{self.emulator.dir}" "$@"\n')
        os.chmod(control, 0o755)
        self.workspace.environment["AZURESTACK_CONTROL"] = control
        self.workspace.secrets.append("1.rotated")
        # Azure and Partner Center, for three providers; two hubs; each customer's directory on each
        # hub, and in Azure to cancel a subscription.
        self.workspace.tokens_each = 12
        shutil.copytree(EXAMPLE, self.workspace.dir, dirs_exist_ok=True)
        self.workspace.init()

    def objects(self):
        """(module, type, key) -> ID, of what the provider manages."""
        return {(re.sub(r"^module\.", "", one.get("module", "")), one["type"][len("azurestack_"):],
                 instance.get("index_key")): instance["attributes"]["id"]
                for one in self.workspace.state()["resources"]
                if one["mode"] == "managed" and one["type"].startswith("azurestack_")
                for instance in one["instances"]}

    def edit(self, pattern, text):
        path = os.path.join(self.workspace.dir, "customers.csv")
        before = harness.read(path)
        after = re.sub(pattern, text, before, flags=re.M)
        self.assertNotEqual(before, after)
        harness.write(path, after)

    def test_each_customer_gets_what_it_needs_and_the_bill_comes_first(self):
        self.workspace.apply()
        self.workspace.plan()
        objects = self.objects()
        for kind in ("customer_subscription", "directory_tenant", "user_subscription",
                     "user_role_assignment", "user_resource_group"):
            self.assertEqual({(key, hub) for hub, what, key in objects if what == kind}, PLACES, kind)
        self.assertEqual(len(self.emulator.mappings()), len(PLACES))
        self.assertEqual({one["domain"] for one in self.emulator.control.ask("partner-customers")},
                         {"contoso-hub.onmicrosoft.com", "fabrikam-hub.onmicrosoft.com"})
        for one in self.emulator.control.ask("partner-customers"):
            self.assertEqual((len(one["agreements"]), len(one["orders"])), (1, 1), one)
        # On each hub no subscription before every mapping there.
        puts = [call for call in self.emulator.writes() if call.startswith("PUT")]
        for hub in HUBS:
            mapped = [i for i, call in enumerate(puts)
                      if f"/registrations/{hub}/customerSubscriptions/" in call]
            used = [puts.index(f"PUT {objects[hub, 'user_subscription', key]}")
                    for key, place in PLACES if place == hub]
            self.assertLess(max(mapped), min(used), puts)

    def test_the_command_of_the_guide(self):
        self.workspace.execute(
            os.path.join(EXAMPLE, "with-emulator"), "sh", "-ec",
            '"$HOST" apply -no-color -auto-approve && "$HOST" plan -no-color -detailed-exitcode',
            HOST=self.host)
        self.assertEqual(self.emulator.calls(tokens=True), [], "another emulator was meant")

    def test_usage_without_a_mapping_names_who_does_not_pay(self):
        self.workspace.apply()
        ask, identity = self.emulator.control.ask, self.objects()["munich", "user_subscription",
                                                                  "fabrikam"]
        yesterday = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() - 86400))
        ask("hub-usage", {"hub": "munich", "rows": [{
            "subscription_id": identity.rsplit("/", 1)[1], "quantity": "0.25",
            "meter_id": "fab6eb84-500b-4a09-a8ca-7358f8bbaea5", "reported": yesterday}]})
        self.assertNotIn("You pay on", self.workspace.plan().text)
        resources = self.objects()
        self.emulator.unmap(resources["munich", "customer_subscription", "fabrikam"])
        self.workspace.plan(expect=2).says("You pay on this hub for: Fabrikam")
        self.workspace.apply()
        self.assertNotIn("You pay on", self.workspace.plan().text)

    def test_what_is_removed_by_hand_is_seen_and_named(self):
        self.workspace.apply()
        objects = self.objects()

        def forget(identity):
            self.emulator.control.ask("hub-forget", {"hub": "berlin", "id": identity})
        for what, remove in (
                ("customer_subscription", self.emulator.unmap), ("user_resource_group", forget),
                ("user_role_assignment", forget), ("user_subscription", forget),
                ("directory_tenant", forget)):
            with self.subTest(what=what):
                identity = objects["berlin", what, "wingtip"]
                # A subscription goes with all that is in it.
                inside = [one for one in objects.values()
                          if one.startswith(f"/subscriptions/{identity.rsplit('/', 1)[1]}/")]
                for one in [identity, *inside]:
                    remove(one)
                name = {"user_role_assignment": "administrators",
                        "user_resource_group": "proof"}.get(what, "customer")
                self.workspace.plan(expect=2).says(
                    f'module.berlin.azurestack_{what}.{name}["wingtip"] will be created',
                    *(["Cannot read resource group", "no longer exists"]
                      if what == "directory_tenant" else []))
                self.workspace.apply()
                self.workspace.plan()

    def test_a_customer_that_leaves_touches_no_other(self):
        self.workspace.apply()
        before = self.objects()
        of_fabrikam = {identity for (module, _, key), identity in before.items()
                       if "fabrikam" in (key or "") or "fabrikam" in module}
        self.edit(r"^(fabrikam.*),$", r"\1,yes")
        self.workspace.apply().says("0 added", "0 destroyed")
        self.emulator.mark()
        self.edit(r"^fabrikam.*\n", "")
        said = self.workspace.apply().says(
            "Destroying a customer subscription mapping changes who pays", "0 added, 0 changed")
        self.assertNotIn("will fail", said.text)
        deleted = {call.split()[1].lower() for call in self.emulator.writes()
                   if call.startswith("DELETE")}
        self.assertEqual({identity.lower() for identity in of_fabrikam
                          if not identity.startswith("/v1/")}, deleted)
        self.assertEqual(len(self.emulator.mappings()), len(PLACES) - 1)
        self.assertEqual(self.objects(), {key: value for key, value in before.items()
                                          if value not in of_fabrikam})
        self.workspace.plan()

    def test_the_customer_invites_the_partner(self):
        """With the hub's address for users alone, and nothing of the partner's."""
        self.workspace.apply()
        identity = self.objects()["berlin", "user_subscription", "wingtip"]
        hub = self.emulator.hub("berlin").replace("adminmanagement", "management")
        customer = harness.Workspace(self.host, self.emulator)
        self.addCleanup(customer.remove)
        customer.environment.update(
            TF_VAR_tenant_endpoint=hub, TF_VAR_subscription_id=identity.rsplit("/", 1)[1],
            TF_VAR_tenant_id="22222222-3333-4444-8555-666666666603")
        shutil.copytree(os.path.join(TOP, "examples", "customer-invites-partner"), customer.dir,
                        dirs_exist_ok=True)
        self.emulator.mark()
        customer.apply()
        customer.plan()
        self.assertEqual({event["headers"]["Host"] for event in self.emulator.requests()},
                         {hub.split("//")[1]})
        self.assertEqual(len(self.emulator.writes()), 1)
        customer.destroy()

    def test_a_file_that_is_wrong_is_an_error_at_plan(self):
        self.workspace.apply()
        self.edit(r",berlin,standard,admin@wingtip", ",vienna,standard,admin@wingtip")
        self.workspace.plan(expect=1).says("names hubs that are missing in var.admin_endpoints: vienna")
        self.edit(r"\n(.*\n)+", "\n")
        self.workspace.plan(expect=1).says("customers.csv contains no customer")
