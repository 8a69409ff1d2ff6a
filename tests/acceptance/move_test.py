# `moved` from azapi's generic resource: the object changes hands in the state, and Azure hears of
# it as little as of any other refresh.
#
# azapi itself is not here: our own program stands where it would be installed, since the host wants
# to start the provider of a resource that it forgets. The state that azapi leaves is a file.
# SPDX-License-Identifier: MPL-2.0
import json
import os

import harness
from harness import CUSTOMER, HUB, PLATFORM, PROVIDER

ADDRESS = "azurestack_customer_subscription.tenant"
TYPE = "Microsoft.AzureStack/registrations/customerSubscriptions@2017-06-01"
AZAPI = "2.0.0"


class Move(harness.Case):
    def setUp(self):
        super().setUp()
        self.need("moved between types", terraform=(1, 8), tofu=(1, 10))
        for host in ("registry.terraform.io", "registry.opentofu.org"):
            place = os.path.join(harness.mirror(), host, "azure", "azapi", AZAPI, PLATFORM)
            if not os.path.exists(place):
                os.makedirs(place)
                os.symlink(PROVIDER, os.path.join(place, f"terraform-provider-azapi_v{AZAPI}"))
        self.emulator.map(self.id_of(), self.emulator.tenant_of(CUSTOMER.format(1)))
        self.workspace.write(self.tenant() + "moved {\n  from = azapi_resource.tenant\n"
                             f"  to   = {ADDRESS}\n}}\n")
        self.registry = ("registry.terraform.io" if harness.product_of(self.host)[0] == "terraform"
                         else "registry.opentofu.org")

    def leave_state(self, schema_version=2, **attributes):
        """What azapi_resource has in its state for the mapping."""
        state = {
            "version": 4, "terraform_version": "1.11.4", "serial": 1, "outputs": {},
            "lineage": "0b5ae0c6-4f16-4b8c-9d6b-1a2b3c4d5e6f",
            "resources": [{
                "mode": "managed", "type": "azapi_resource", "name": "tenant",
                "provider": f'provider["{self.registry}/azure/azapi"]',
                "instances": [{
                    "schema_version": schema_version, "sensitive_attributes": [],
                    "attributes": {
                        "id": self.id_of(), "name": CUSTOMER.format(1),
                        "parent_id": HUB.format("berlin"), "type": TYPE,
                        "body": {"properties": {}}, "location": None, "tags": None,
                        "output": {}, "schema_validation_enabled": True, **attributes,
                    },
                }],
            }],
        }
        self.workspace.put("terraform.tfstate", json.dumps(state))

    def test_the_object_changes_hands_and_nothing_is_written(self):
        self.leave_state()
        self.workspace.apply().says("0 added, 0 changed, 0 destroyed")
        self.workspace.expect_settled()
        self.assertEqual(list(self.workspace.resources()), [ADDRESS])
        state = self.workspace.resources()[ADDRESS]
        self.assertEqual(state["id"], self.id_of())
        self.assertEqual(state["customer_subscription_id"], CUSTOMER.format(1))
        self.assertEqual(state["tenant_id"], self.emulator.tenant_of(CUSTOMER.format(1)))
        self.assertEqual(set(self.emulator.kinds()) - {"GET"}, set())

    def test_whatever_version_of_azapi_wrote_the_state(self):
        for version, members in ((0, {"output": "{}", "body": "{}"}), (1, {"ignore_casing": False}),
                                 (2, {"retry": None, "timeouts": None}),
                                 (2, {"id": self.id_of()[1:]}),
                                 (2, {"type": TYPE.lower()}),
                                 (2, {"type": TYPE.replace("2017-06-01", "2022-06-01")})):
            with self.subTest(version=version, **members):
                self.leave_state(version, **members)
                self.workspace.apply().says("0 added, 0 changed, 0 destroyed")
                self.workspace.expect_settled()
                self.assertEqual(self.workspace.resources()[ADDRESS]["id"], self.id_of())
        self.assertEqual(set(self.emulator.kinds()) - {"GET"}, set())

    def test_a_mapping_in_upper_case_keeps_its_case(self):
        customer = "e09a4e93-29a7-4eba-8f4a-1b2c3d4e5f60"
        stored = self.id_of().replace(CUSTOMER.format(1), customer.upper())
        self.emulator.map(stored, self.emulator.tenant_of(customer).upper())
        self.workspace.write(self.tenant().replace(CUSTOMER.format(1), customer)
                             + f"moved {{\n  from = azapi_resource.tenant\n  to   = {ADDRESS}\n}}\n")
        for written in (customer, customer.upper()):
            with self.subTest(written=written):
                self.leave_state(id=stored.replace(customer.upper(), written), name=written)
                self.workspace.apply()
                self.workspace.expect_settled()
                self.assertEqual(self.workspace.resources()[ADDRESS]["id"], stored)

    def test_a_mapping_that_is_gone_is_created_again(self):
        self.emulator.unmap(self.id_of())
        self.leave_state()
        self.workspace.plan(expect=2).says("1 to add, 0 to change, 0 to destroy")
        self.workspace.apply()
        self.workspace.expect_settled()
        self.assertEqual(list(self.workspace.resources()), [ADDRESS])
