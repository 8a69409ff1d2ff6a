# Resource identity: adopting a mapping by what names it, and what the state keeps of it.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CUSTOMER, SUBSCRIPTION

ADDRESS = "azurestack_customer_subscription.tenant"


class Identity(harness.Case):
    def setUp(self):
        super().setUp()
        self.need("resource identity", terraform=(1, 12), tofu=(1, 12))

    def identity(self, **changed):
        return {"registration_subscription_id": SUBSCRIPTION, "resource_group_name": "azurestack",
                "registration_name": "berlin", "customer_subscription_id": CUSTOMER.format(1),
                **changed}

    def block(self, identity):
        members = "".join(f'    {name} = "{text}"\n' for name, text in identity.items())
        return f"import {{\n  to = {ADDRESS}\n  identity = {{\n{members}  }}\n}}\n"

    def test_the_identity_keeps_the_spelling_of_the_service(self):
        customer = "e09a4e93-29a7-4eba-8f4a-1b2c3d4e5f60"
        self.emulator.map(self.id_of().replace(CUSTOMER.format(1), customer.upper()),
                          self.emulator.tenant_of(customer).upper())
        self.workspace.write(self.block(self.identity(customer_subscription_id=customer)))
        self.workspace.plan("-generate-config-out=generated.tf", expect=2)
        self.workspace.apply().says("1 imported, 0 added, 0 changed, 0 destroyed")
        self.workspace.expect_settled()
        self.assertEqual(self.workspace.instance()["identity"], self.identity(customer_subscription_id=customer.upper()))

    def test_a_wrong_part_is_named_and_nothing_is_asked(self):
        for name, text in (("customer_subscription_id", "contoso"),
                           ("registration_subscription_id", "contoso"),
                           ("registration_name", "")):
            with self.subTest(part=name):
                self.workspace.write(self.tenant() + self.block(self.identity(**{name: text})))
                self.emulator.mark()
                self.workspace.plan(expect=1).says(name)
                self.assertEqual(self.emulator.kinds(), [])
