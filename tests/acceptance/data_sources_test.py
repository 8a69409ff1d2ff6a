# Looking things up: the four data sources, as every host has them.
# SPDX-License-Identifier: MPL-2.0
import json

import harness
from harness import CUSTOMER, HUB, SUBSCRIPTION


class DataSource(harness.Case):
    def ask(self, kind, *arguments, expect=0, provider='provider "azurestack" {}\n'):
        """What it says (with `expect` 0), or the result of the plan that fails."""
        body = "".join(f"  {argument}\n" for argument in arguments)
        self.workspace.write(f'data "azurestack_{kind}" "it" {{\n{body}}}\n'
                             f'output "it" {{\n  value = data.azurestack_{kind}.it\n}}\n',
                             provider=provider)
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

    def test_the_subscription_of_the_provider_block_is_searched(self):
        found = self.ask("registrations",
                         provider=f'provider "azurestack" {{\n  subscription_id = '
                                  f'"{SUBSCRIPTION}"\n}}\n')
        self.assertEqual([one["id"] for one in found["registrations"]],
                         [HUB.format("berlin"), HUB.format("munich")])

    def test_a_cloud_id_of_several_registrations_is_an_error_with_their_ids(self):
        cloud = "12345678-1234-4234-8234-123456789abc"
        for name in ("berlin", "munich"):
            self.emulator.registration(name, cloud_id=cloud)
        place = f'subscription_id = "{SUBSCRIPTION}"'
        self.ask("registration", f'cloud_id = "{cloud.upper()}"', place, expect=1).says(
            "More than one registration found", HUB.format("berlin"), HUB.format("munich"),
            "Set the ID", "cloud_id")
        self.emulator.registration("munich", cloud_id="no-guid-at-all")
        found = self.ask("registration", f'cloud_id = "{cloud.upper()}"', place)
        self.assertEqual(found["id"], HUB.format("berlin"))

    def test_a_list_that_is_refused_says_what_to_do(self):
        self.emulator.fault("REGISTRATIONS#*", "status", status=403, code="AuthorizationFailed")
        for more in ((), ('resource_group_name = "azurestack"',)):
            with self.subTest(more=more):
                reported = self.ask("registrations", f'subscription_id = "{SUBSCRIPTION}"', *more,
                                expect=1)
                reported.says("Cannot list registrations", SUBSCRIPTION, "AuthorizationFailed",
                          "Microsoft.AzureStack/registrations/read", "HTTP status: 403",
                          "Correlation ID:", *(["azurestack"] if more else []))


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

    def test_of_two_cases_of_an_id_the_expected_one_is_no_mismatch(self):
        self.emulator.switch(case_rule="exact")
        self.emulator.map(f"{HUB.format('berlin')}/customerSubscriptions/{self.UPPER.lower()}")
        for expected, mismatched in (([self.UPPER.lower()], [self.UPPER]),
                                     ([self.UPPER], [self.UPPER.lower()]),
                                     ([self.UPPER, self.UPPER.lower()], [])):
            found = self.ask("customer_subscriptions", self.hub(),
                             f"expected_ids = {json.dumps(expected)}")
            self.assertEqual(found["case_mismatched"], mismatched)
            self.assertEqual(found["missing"], [])

    def test_each_code_of_a_list_has_its_remedy_and_what_support_asks_for(self):
        for status, code, words in (
                (404, "RegistrationNotFound", 'name "berlin"'),
                (403, "AuthorizationFailed", "registrations/customerSubscriptions/read"),
                (409, "MissingSubscriptionRegistration", f"--subscription {SUBSCRIPTION}"),
                (404, "NobodyKnowsThisCode", "HTTP status: 404")):
            with self.subTest(code=code):
                self.emulator.reset_faults()
                self.emulator.fault("LIST#*", "status", status=status, code=code)
                self.ask("customer_subscriptions", self.hub(), expect=1).says(
                    "Cannot list customer subscription mappings", code, words,
                    'the list of customer subscription mappings of registration "berlin" '
                    '(resource group "azurestack")',
                    "Correlation ID:", "Request ID:", "API version: 2017-06-01")

    def test_what_is_no_answer_is_shown_with_what_to_do(self):
        self.emulator.fault("GET#*", "html")
        reported = self.ask("customer_subscription", self.hub(),
                        f'customer_subscription_id = "{CUSTOMER.format(1)}"', expect=1)
        reported.says("Check whether a proxy")
        self.assertNotIn("(null)", reported.text)

    def test_of_none_of_a_thousand_and_of_objects_that_name_themselves_only(self):
        for number in range(1000):
            name = f"22222222-2222-4333-8444-{number:012d}"
            self.emulator.map(f"{HUB.format('munich')}/customerSubscriptions/{name}",
                              self.emulator.tenant_of(CUSTOMER.format(1)))
        expected = [f"22222222-2222-4333-8444-{number:012d}" for number in range(1, 1001)]
        listed = ", ".join(f'"{name}"' for name in expected)
        for fields in ("full", "no_id"):
            with self.subTest(answer_fields=fields):
                self.emulator.switch(page_size=300, answer_fields=fields)
                found = self.ask("customer_subscriptions", self.hub("munich"),
                                 f"expected_ids = [{listed}]")
                names = [one["customer_subscription_id"]
                         for one in found["customer_subscriptions"]]
                self.assertEqual((len(names), names), (1000, sorted(names)))
                self.assertEqual({one["id"] for one in found["customer_subscriptions"]},
                                 {f"{HUB.format('munich')}/customerSubscriptions/{name}"
                                  for name in names})
                self.assertEqual(found["missing"], expected[-1:])
                self.assertEqual(found["unmanaged"], ["22222222-2222-4333-8444-000000000000"])
        self.emulator.reset()
        for shows in ("all", "empty_body_when_none"):
            self.emulator.switch(list_shows=shows)
            found = self.ask("customer_subscriptions", self.hub("munich"), "expected_ids = []")
            self.assertEqual((found["customer_subscriptions"], found["missing"]), ([], []))

    def test_no_tenant_is_null_and_no_expectation_is_none(self):
        self.emulator.switch(get_returns_tenant=False)
        found = self.ask("customer_subscriptions", self.hub(), "expected_ids = null")
        self.assertEqual({one["tenant_id"] for one in found["customer_subscriptions"]}, {None})
        self.assertEqual(found["unmanaged"], [])
        one = self.ask("customer_subscription", self.hub(),
                       f'customer_subscription_id = "{CUSTOMER.format(1)}"')
        self.assertIsNone(one["tenant_id"])

    def test_a_null_in_expected_ids_is_an_error(self):
        self.ask("customer_subscriptions", self.hub(), "expected_ids = [null]", expect=1).says(
            "expected_ids")
        self.ask("customer_subscriptions", self.hub(), 'expected_ids = ["contoso"]', expect=1).says(
            "contoso")
        self.assertEqual(self.emulator.calls(), [])

    def test_what_is_not_known_before_the_apply_is_read_then(self):
        self.workspace.write(
            'resource "terraform_data" "hub" {\n'
            f'  input = "{HUB.format("berlin")}"\n}}\n'
            'data "azurestack_customer_subscriptions" "it" {\n'
            "  registration_id = terraform_data.hub.output\n"
            "  expected_ids    = [terraform_data.hub.id]\n}\n"
            'data "azurestack_registration" "it" {\n  id = terraform_data.hub.output\n}\n'
            'output "it" {\n  value = [length('
            "data.azurestack_customer_subscriptions.it.customer_subscriptions), "
            "data.azurestack_registration.it.name]\n}\n")
        self.workspace.plan(expect=2)
        self.assertEqual(self.emulator.calls(), [])
        self.workspace.apply()
        self.assertEqual(json.loads(self.workspace.run("output", "-json").output)["it"]["value"],
                         [3, "berlin"])
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
        self.assertEqual(json.loads(self.workspace.run("output", "-json").output)["it"]["value"],
                         "berlin")
