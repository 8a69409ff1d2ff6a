# `terraform query`: what there is, whether or not anybody manages it, and the configuration that
# adopts it. Every form in which Azure may answer: tests/exchanges/customer_subscription/list*.
# SPDX-License-Identifier: MPL-2.0
import json
import os
import re

import harness
from harness import CUSTOMER, HUB


class Query(harness.Case):
    def setUp(self):
        super().setUp()
        self.need("terraform query", terraform=(1, 14))
        self.workspace.write("")

    def map_many(self, count):
        for customer in range(1, count + 1):
            self.emulator.map(self.id_of(customer=customer),
                              self.emulator.tenant_of(CUSTOMER.format(customer)))

    def ask_for(self):
        self.workspace.write('list "azurestack_customer_subscription" "all" {\n'
                             '  provider = azurestack\n  config {\n'
                             f'    registration_id = "{HUB.format("berlin")}"\n  }}\n}}\n',
                             name="all.tfquery.hcl")

    def query(self, *arguments, expect=0):
        return self.workspace.run("query", "-no-color", *arguments, expect=expect)

    def found(self, **more):
        """The objects that are found, as the host reports them to programs."""
        lines = self.workspace.run("query", "-json", **more).output.splitlines()
        return [line["list_resource_found"] for line in map(json.loads, lines)
                if "list_resource_found" in line]

    def test_the_configuration_that_is_generated_adopts_without_a_change(self):
        for page_size in (0, 2):
            with self.subTest(page_size=page_size):
                self.emulator.reset()
                self.emulator.switch(page_size=page_size)
                self.map_many(5)
                self.adopt(5)

    def test_so_does_that_of_mappings_in_capitals(self):
        customer = "e09a4e93-29a7-4eba-8f4a-1b2c3d4e5f60"
        stored = f"{HUB.format('berlin')}/customerSubscriptions/{customer.upper()}"
        self.emulator.map(stored, self.emulator.tenant_of(customer).upper())
        self.adopt(1)
        state, = self.workspace.resources().values()
        self.assertEqual(state["id"], stored)
        self.assertEqual(state["customer_subscription_id"], customer)
        self.emulator.mark()
        self.workspace.destroy()
        self.assertIn(f"DELETE {stored}", self.emulator.calls())

    def adopt(self, count):
        """Generates, plans, applies, and nothing is left to do; nothing was written."""
        for name in ("generated.tf", "terraform.tfstate"):
            if os.path.exists(os.path.join(self.workspace.dir, name)):
                os.remove(os.path.join(self.workspace.dir, name))
        self.ask_for()
        self.query("-generate-config-out=generated.tf")
        text = self.workspace.read("generated.tf")
        self.assertEqual(len(re.findall(r'^resource "azurestack_customer_subscription"', text,
                                        re.M)), count, text)
        self.workspace.run("validate", "-no-color")
        self.workspace.apply().says(f"{count} imported, 0 added, 0 changed, 0 destroyed")
        self.workspace.expect_settled()
        self.assertEqual({one["id"].lower() for one in self.workspace.resources().values()},
                         {identity.lower() for identity in self.emulator.mappings()})
        self.assertNotIn("PUT", self.emulator.kinds())

    def test_an_empty_list_is_no_error(self):
        for shows in ("all", "empty_body_when_none"):
            with self.subTest(list_shows=shows):
                self.emulator.switch(list_shows=shows)
                self.ask_for()
                self.assertEqual(self.found(), [])
