# What the host refuses without a request, with the path and the line. All that is refused is in
# tests/exchanges and tests/unit.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CUSTOMER, HUB


class Validation(harness.Case):
    def refuse(self, *words, customer=CUSTOMER.format(1), registration=HUB.format("berlin"),
               more="", block=""):
        self.workspace.write(
            'resource "azurestack_customer_subscription" "tenant" {\n'
            f'  registration_id          = "{registration}"\n'
            f'  customer_subscription_id = "{customer}"\n{more}}}\n',
            provider=f'provider "azurestack" {{\n{block}\n}}\n')
        self.workspace.run("validate", "-no-color", expect=1).says(*words)
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_wrong_values_are_refused_offline_with_path_and_correction(self):
        upper = "E09A4E93-29A7-4EBA-8F4A-1B2C3D4E5F60"
        self.refuse("Invalid customer_subscription_id", "on main.tf line",
                    f'Use lower case: "{upper.lower()}"', customer=upper)
        self.refuse("the ID of a customer subscription",
                    f'Use the ID of its parent: "{HUB.format("berlin")}"',
                    registration=self.id_of())
        self.refuse("Invalid timeouts.create", "is not a duration",
                    more='  timeouts {\n    create = "soon"\n  }\n')

    def test_the_provider_block(self):
        self.refuse('Possible values are "public", "usgovernment", "china" and "custom"',
                    block='environment = "mars"')
        self.refuse("Too many endpoints", block="endpoint = [{}, {}]")
        # Empty, it switches the environment variable off.
        self.workspace.write(self.tenant(),
                             provider='provider "azurestack" {\nclient_secret = ""\n}\n')
        self.workspace.run("validate", "-no-color")
