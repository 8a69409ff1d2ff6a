# A mapping from its creation to its end, as a user sees it and as the service sees it.
# SPDX-License-Identifier: MPL-2.0
import os

import harness
from harness import CUSTOMER, HUB

ADDRESS = "azurestack_customer_subscription.tenant"

class Basic(harness.Case):
    def test_apply_plans_and_destroy_make_exactly_the_designed_calls(self):
        self.workspace.write(self.tenant())
        self.workspace.run("validate", "-no-color")
        self.assertEqual(self.emulator.calls(tokens=True), [], "validate called the service")

        item, hub = self.id_of(), HUB.format("berlin")
        looks = ["TOKEN", f"GET {hub}", f"GET {hub}/customerSubscriptions"]
        self.workspace.plan("-out=saved", expect=2)
        self.assertEqual(self.emulator.calls(tokens=True), looks)
        self.emulator.mark()
        self.workspace.run("apply", "-no-color", "saved")
        self.assertEqual(self.emulator.calls(tokens=True),
                         looks + [f"GET {item}", f"PUT {item}", f"GET {item}"])
        state = self.workspace.resources()[ADDRESS]
        self.assertEqual(state["id"], item)
        self.assertEqual(state["registration_id"], HUB.format("berlin"))
        self.assertEqual(state["customer_subscription_id"], CUSTOMER.format(1))
        self.assertEqual(state["tenant_id"], self.emulator.mappings()[item])
        self.assertIsNone(state["mark"])

        self.emulator.mark()
        self.workspace.plan("-refresh=false")
        self.assertEqual(self.emulator.calls(tokens=True), [], "nothing was to be asked")
        self.workspace.plan()
        self.workspace.plan("-refresh-only")
        self.assertEqual(self.emulator.kinds(), ["GET"] * 2)

        self.emulator.mark()
        self.workspace.destroy()
        self.assertEqual(self.emulator.kinds().count("DELETE"), 1)
        self.assertNotIn("PUT", self.emulator.kinds())
        self.assertEqual(self.emulator.mappings(), {})
        self.assertEqual(self.workspace.resources(), {})


class Timeouts(harness.Case):
    def test_a_create_that_never_shows_is_kept_tainted_and_untaint_settles_it(self):
        self.emulator.switch(visible_after_gets=1_000_000)
        self.workspace.write(self.tenant(more='  timeouts {\n    create = "2s"\n  }\n'))
        self.workspace.apply(expect=1).says("untaint", self.id_of())
        self.assertEqual(self.workspace.resources()[ADDRESS]["mark"], "tainted")
        self.assertEqual(self.emulator.kinds().count("PUT"), 1)
        self.emulator.map(self.id_of())
        self.workspace.run("untaint", "-no-color", ADDRESS)
        self.workspace.apply().says("0 added, 0 changed, 0 destroyed")
        self.workspace.expect_settled()


class Identity(harness.Case):
    def test_it_keeps_the_case_of_the_service(self):
        self.need("resource identity", terraform=(1, 12), tofu=(1, 12))
        letters = "e09a4e93-29a7-4eba-8f4a-1b2c3d4e5f60"
        identity = {"registration_subscription_id": harness.SUBSCRIPTION,
                    "resource_group_name": "azurestack", "registration_name": "berlin"}
        self.emulator.map(f"{HUB.format('berlin')}/customerSubscriptions/{letters.upper()}",
                          self.emulator.tenant_of(letters).upper())
        inner = harness.hcl({**identity, "customer_subscription_id": letters}, "    ")
        self.workspace.write(f"import {{\n  to = {ADDRESS}\n  identity = {{\n{inner}  }}\n}}\n")
        self.workspace.plan("-generate-config-out=generated.tf", expect=2)
        self.workspace.apply().says("1 imported, 0 added, 0 changed, 0 destroyed")
        self.workspace.expect_settled()
        self.assertEqual(self.workspace.instance()["identity"],
                         {**identity, "customer_subscription_id": letters.upper()})


class Upgrade(harness.Case):
    def test_a_stored_state_of_version_0_is_read_unchanged(self):
        self.workspace.write(self.tenant())
        self.emulator.map(self.id_of(), self.emulator.tenant_of(CUSTOMER.format(1)))
        registry = "tofu" if "tofu" in os.path.basename(self.host) else "terraform"
        text = harness.read(harness.HERE, "states", "version-0.json")
        text = text.replace("@REGISTRY@", {"tofu": "registry.opentofu.org",
                                           "terraform": "registry.terraform.io"}[registry])
        text = text.replace("@TENANT@", self.emulator.tenant_of(CUSTOMER.format(1)))
        self.workspace.put("terraform.tfstate", text)
        self.workspace.plan("-refresh=false")
        self.workspace.plan()
        before = self.workspace.resources()
        # A host that knows of identities writes the one that the state does not have, and calls that a
        # change of a refresh-only plan although it finds none to show.
        self.workspace.apply().says("0 added, 0 changed, 0 destroyed")
        after = self.workspace.resources()
        # An attribute that came later is there without a value.
        self.assertEqual({name: value for name, value in after[ADDRESS].items()
                          if name in before[ADDRESS] or value is not None}, before[ADDRESS])
        self.assertEqual(self.emulator.kinds().count("PUT"), 0)
        self.workspace.expect_settled()


class OddNames(harness.Case):
    names = ("a hub (berlin) + more", "ümläut-hub", "a'b;c,d=e&f")
    emulator_config = {
        "registrations": [{"subscription_id": harness.SUBSCRIPTION, "resource_group": "rg.(1)_-x",
                           "name": name} for name in names],
    }

    def test_names_of_registrations_that_need_encoding(self):
        self.workspace.write("".join(
            f'resource "azurestack_customer_subscription" "n{n}" {{\n  registration_id = '
            f'"{HUB.format(name).replace("/azurestack/", "/rg.(1)_-x/")}"\n'
            f'  customer_subscription_id = "{CUSTOMER.format(n)}"\n}}\n'
            for n, name in enumerate(self.names)))
        self.workspace.apply()
        self.assertEqual(sorted(r["id"] for r in self.workspace.resources().values()),
                         sorted(self.emulator.mappings()))
        self.workspace.expect_settled()
        self.workspace.destroy()
        self.assertEqual(self.emulator.mappings(), {})
