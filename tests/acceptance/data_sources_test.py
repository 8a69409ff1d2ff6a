# Looking things up, as every host does it. What is found, and what an error says, is in
# tests/exchanges/*/look_*.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CUSTOMER, HUB, SUBSCRIPTION


class DataSource(harness.Case):
    def ask(self, kind, expect=0, **more):
        """Also checks that a second read finds the same, so that the plan is empty."""
        found = super().ask(kind, expect=expect, **more)
        self.workspace.plan()
        return found

    def test_a_registration_is_found_by_id_by_name_and_by_cloud_id(self):
        by_id = self.ask("registration", id=HUB.format("berlin"))
        self.assertEqual((by_id["name"], by_id["resource_group_name"]), ("berlin", "azurestack"))
        for key in {"name": "berlin"}, {"cloud_id": by_id["cloud_id"]}:
            other = self.ask("registration", subscription_id=SUBSCRIPTION, **key)
            self.assertEqual({**other, "subscription_id": by_id["subscription_id"]}, by_id)

    def test_the_subscription_of_the_provider_block_is_searched(self):
        found = self.ask("registrations",
                         provider=harness.provider_block(subscription_id=SUBSCRIPTION))
        self.assertEqual([one["id"] for one in found["registrations"]],
                         [HUB.format("berlin"), HUB.format("munich")])

    def test_mappings_are_compared_with_those_that_are_expected(self):
        upper = "E09A4E93-29A7-4EBA-8F4A-1B2C3D4E5F60"
        for customer in (CUSTOMER.format(1), CUSTOMER.format(2), upper):
            self.emulator.map(f"{HUB.format('berlin')}/customerSubscriptions/{customer}",
                              self.emulator.tenant_of(customer))
        self.emulator.switch(page_size=1)
        found = self.ask("customer_subscriptions", registration_id=HUB.format("berlin"),
                         expected_ids=[CUSTOMER.format(1), CUSTOMER.format(7), upper.lower()])
        self.assertEqual(len(found["customer_subscriptions"]), 3)
        self.assertEqual((found["unmanaged"], found["missing"], found["case_mismatched"]),
                         ([CUSTOMER.format(2)], [CUSTOMER.format(7)], [upper]))

    def test_what_is_not_known_before_the_apply_is_read_then(self):
        self.workspace.write(
            'resource "terraform_data" "hub" {\n'
            f'  input = "{HUB.format("berlin")}"\n}}\n'
            'data "azurestack_customer_subscriptions" "it" {\n'
            "  registration_id = terraform_data.hub.output\n"
            "  expected_ids    = [terraform_data.hub.id]\n}\n"
            'output "it" {\n  value = length('
            "data.azurestack_customer_subscriptions.it.missing)\n}\n")
        self.workspace.plan(expect=2)
        self.assertEqual(self.emulator.calls(), [])
        self.workspace.apply()
        self.assertEqual(self.workspace.outputs()["it"], 1)
        self.workspace.plan()


class Functions(harness.Case):
    def setUp(self):
        super().setUp()
        self.need("functions of providers", terraform=(1, 8), tofu=(1, 7))

    def test_a_resource_takes_what_a_function_makes(self):
        self.workspace.write(self.tenant().replace(
            f'"{CUSTOMER.format(1)}"', "provider::azurestack::normalize_subscription_id("
            f'" /subscriptions/{CUSTOMER.format(1).upper()}")'))
        self.workspace.apply()
        self.workspace.expect_settled()
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])

    def test_an_unknown_argument_waits_for_the_apply(self):
        self.workspace.write(
            'resource "terraform_data" "hub" {\n'
            f'  input = "{HUB.format("berlin")}"\n}}\n'
            'output "it" {\n  value = provider::azurestack::parse_registration_id('
            "terraform_data.hub.output).name\n}\n", provider="")
        self.workspace.plan(expect=2)
        self.workspace.apply()
        self.assertEqual(self.workspace.outputs()["it"], "berlin")
