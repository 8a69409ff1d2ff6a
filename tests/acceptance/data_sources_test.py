# Looking things up: the four data sources, as every host has them.
# SPDX-License-Identifier: MPL-2.0
import json
import sys

import harness
from harness import CUSTOMER, HUB, SUBSCRIPTION


class DataSource(harness.Case):
    def ask(self, kind, *arguments, expect=0, provider='provider "azurestack" {}\n'):
        """What it says (with `expect` 0), or the result of the plan that fails."""
        body = "".join(f"  {argument}\n" for argument in arguments)
        self.workspace.write(f'data "azurestack_{kind}" "it" {{\n{body}}}\n'
                             f'output "it" {{\n  value = data.azurestack_{kind}.it\n}}\n',
                             provider=provider)
        self.workspace.init()
        result = self.workspace.apply(expect=expect)
        if expect != 0:
            return result
        self.workspace.plan()
        return json.loads(self.workspace.run("output", "-json").output)["it"]["value"]


class Registrations(DataSource):
    def test_one_is_found_by_id_by_name_and_by_cloud_id(self):
        place = f'subscription_id = "{SUBSCRIPTION}"'
        by_id = self.ask("registration", f'id = "{HUB.format("berlin")}"')
        self.assertEqual(by_id["name"], "berlin")
        self.assertEqual(by_id["resource_group_name"], "azurestack")
        by_name = self.ask("registration", 'name = "berlin"', place)
        by_cloud = self.ask("registration", f'cloud_id = "{by_id["cloud_id"]}"', place)
        for other in (by_name, by_cloud):
            self.assertEqual({name: value for name, value in other.items()
                              if name != "subscription_id"},
                             {name: value for name, value in by_id.items()
                              if name != "subscription_id"})

    def test_the_subscription_of_the_provider_block_is_looked_in(self):
        found = self.ask("registrations",
                         provider=f'provider "azurestack" {{\n  subscription_id = '
                                  f'"{SUBSCRIPTION}"\n}}\n')
        self.assertEqual([one["id"] for one in found["registrations"]],
                         [HUB.format("berlin"), HUB.format("munich")])

    def test_without_any_subscription_it_is_said_where_one_can_be_set(self):
        result = self.ask("registrations", expect=1)
        self.assertIn("subscription_id", result.text)
        self.assertIn("ARM_SUBSCRIPTION_ID", result.text)

    def test_none_and_more_than_one_are_errors(self):
        place = f'subscription_id = "{SUBSCRIPTION}"'
        result = self.ask("registration", 'name = "hamburg"', place, expect=1)
        self.assertIn("No such registration", result.text)
        result = self.ask("registration", 'name = "berlin"', f'id = "{HUB.format("berlin")}"',
                          place, expect=1)
        self.assertIn("Exactly one of id, name and cloud_id", result.text)


class CustomerSubscriptions(DataSource):
    UPPER = "E09A4E93-29A7-4EBA-8F4A-1B2C3D4E5F60"

    def setUp(self):
        super().setUp()
        self.emulator.map(self.id_of(customer=1), self.emulator.tenant_of(CUSTOMER.format(1)))
        self.emulator.map(self.id_of(customer=2), self.emulator.tenant_of(CUSTOMER.format(2)))
        self.emulator.map(f"{HUB.format('berlin')}/customerSubscriptions/{self.UPPER}",
                          self.emulator.tenant_of(self.UPPER))

    def hub(self, name="berlin"):
        return f'registration_id = "{HUB.format(name)}"'

    def test_one_is_looked_up(self):
        found = self.ask("customer_subscription", self.hub(),
                         f'customer_subscription_id = "{CUSTOMER.format(1)}"')
        self.assertEqual(found["tenant_id"], self.emulator.tenant_of(CUSTOMER.format(1)))
        self.assertEqual(found["id"], self.id_of(customer=1))

    def test_one_that_is_not_there_is_an_error(self):
        result = self.ask("customer_subscription", self.hub("munich"),
                          f'customer_subscription_id = "{CUSTOMER.format(1)}"', expect=1)
        self.assertIn("Object does not exist", result.text)

    def test_all_are_held_against_those_that_are_expected(self):
        for page_size in (0, 1):
            with self.subTest(page_size=page_size):
                self.emulator.switch(page_size=page_size)
                found = self.ask(
                    "customer_subscriptions", self.hub(),
                    f'expected_ids = ["{CUSTOMER.format(1)}", "{CUSTOMER.format(7)}", '
                    f'"{self.UPPER.lower()}"]')
                self.assertEqual(len(found["customer_subscriptions"]), 3)
                self.assertEqual(found["unmanaged"], [CUSTOMER.format(2)])
                self.assertEqual(found["missing"], [CUSTOMER.format(7)])
                self.assertEqual(found["case_mismatched"], [self.UPPER])

    def test_without_expectations_nothing_is_missing(self):
        found = self.ask("customer_subscriptions", self.hub())
        self.assertEqual((found["unmanaged"], found["missing"], found["case_mismatched"]),
                         ([], [], []))

    def test_what_cannot_be_listed_is_an_error_and_not_an_empty_list(self):
        self.emulator.control.ask("faults", [{"match": "LIST#*", "when": "before",
                                              "what": "status=403"}])
        result = self.ask("customer_subscriptions", self.hub(), expect=1)
        self.assertIn("Cannot list customer subscriptions", result.text)

    def test_a_check_block_tells_what_is_missing_and_lets_the_run_go_on(self):
        self.need("check blocks", terraform=(1, 5), tofu=(1, 6))
        self.workspace.write(
            'check "covered" {\n  data "azurestack_customer_subscriptions" "hub" {\n'
            f'    {self.hub()}\n    expected_ids = ["{CUSTOMER.format(7)}"]\n  }}\n'
            '  assert {\n'
            '    condition     = length(data.azurestack_customer_subscriptions.hub.missing) == 0\n'
            '    error_message = "not covered: ${join(", ", '
            'data.azurestack_customer_subscriptions.hub.missing)}"\n  }\n}\n')
        self.workspace.init()
        self.assertIn(f"not covered: {CUSTOMER.format(7)}", self.workspace.apply().text)


class Functions(harness.Case):
    def setUp(self):
        super().setUp()
        self.need("functions of providers", terraform=(1, 8), tofu=(1, 7))

    def call(self, expression, expect=0):
        self.workspace.write(f"output \"it\" {{\n  value = provider::azurestack::{expression}\n}}\n",
                             provider="")
        self.workspace.init()
        return self.workspace.apply(expect=expect)

    def test_a_resource_takes_what_a_function_makes(self):
        self.workspace.write(self.tenant().replace(
            f'"{CUSTOMER.format(1)}"', "provider::azurestack::normalize_subscription_id("
            f'" /subscriptions/{CUSTOMER.format(1).upper()}")'))
        self.workspace.init()
        self.workspace.apply()
        self.workspace.expect_settled()
        self.assertEqual(list(self.emulator.mappings()), [self.id_of()])

    def test_the_argument_at_fault_is_named(self):
        result = self.call(f'build_customer_subscription_id("{HUB.format("berlin")}", "contoso")',
                           expect=1)
        self.assertIn("contoso", result.text)
        self.assertIn("customer_subscription_id", result.text)
        self.assertEqual(self.emulator.calls(), [])


if __name__ == "__main__":
    harness.main(sys.modules[__name__])
