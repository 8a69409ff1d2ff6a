# What is refused before anybody is asked: at validate, with the place and the corrected value.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CUSTOMER, HUB, SUBSCRIPTION


class Validation(harness.Case):
    def refuse(self, registration, customer, *fragments, more=""):
        self.workspace.write(
            'resource "azurestack_customer_subscription" "tenant" {\n'
            f'  registration_id          = "{registration}"\n'
            f'  customer_subscription_id = "{customer}"\n{more}}}\n')
        self.workspace.run("validate", "-no-color", expect=1).says(*fragments)
        self.assertEqual(self.emulator.calls(tokens=True), [])

    def test_wrong_values_are_refused_offline_with_path_and_correction(self):
        self.workspace.write(self.tenant())
        hub, good = HUB.format("berlin"), CUSTOMER.format(1)
        upper = "E09A4E93-29A7-4EBA-8F4A-1B2C3D4E5F60"
        self.refuse(hub, upper, "Invalid customer_subscription_id", "on main.tf line",
                    f'Write "{upper.lower()}"')
        self.refuse(hub, "contoso", "is not a GUID")
        self.refuse(hub, "{" + good + "}", f'Write "{good}"')
        self.refuse(hub, f"/subscriptions/{good}", f'Write "{good}"')
        group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/azurestack"
        self.refuse(group, good, "Invalid registration_id", "the id of a resource group",
                    f"{group}/providers/Microsoft.AzureStack/registrations")
        self.refuse(self.id_of(), good, "the id of a customer subscription",
                    f'Write the id of what it belongs to: "{hub}"')
        self.refuse(hub[1:], good, f'Write "{hub}"')
        self.refuse(hub + "/", good, f'Write "{hub}"')
        self.refuse("https://management.azure.com" + hub, good, "web address")
        self.refuse("berlin", good, "is not a resource id")
        self.refuse(hub, good, "Invalid tenant_id", f'Write "{upper.lower()}"',
                    more=f'  tenant_id = "{upper}"\n')
        self.refuse(hub, good, "Invalid timeouts.create", "is not a duration",
                    more='  timeouts {\n    create = "soon"\n  }\n')

    def test_the_provider_block(self):
        self.workspace.write(self.tenant())
        for block, fragment in [
                ('environment = "mars"',
                 'Possible values are "public", "usgovernment", "china" and "custom"'),
                ('endpoint = [{ resource_manager_endpoint = "http://localhost" }]',
                 "does not begin with https://"),
                ('subscription_id = "x"', "is not a GUID"),
                ('ca_bundle = ""', "It is empty"),
                ('endpoint = [{ resource_manager_audience = "" }]', "It is empty"),
                ("endpoint = [{}, {}]", "Too many endpoints"),
        ]:
            self.workspace.write(self.tenant(), provider=f'provider "azurestack" {{\n{block}\n}}\n')
            self.workspace.run("validate", "-no-color", expect=1).says(fragment)
        # Empty, it switches the environment variable off.
        self.workspace.write(self.tenant(),
                             provider='provider "azurestack" {\nclient_secret = ""\n}\n')
        self.workspace.run("validate", "-no-color")
