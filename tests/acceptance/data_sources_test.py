# Looking things up: the four data sources, as every host has them.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CUSTOMER, HUB, SUBSCRIPTION


class DataSource(harness.Case):
    def ask(self, kind, expect=0, **more):
        """Also checks that a second read finds the same, so that the plan is empty."""
        found = super().ask(kind, expect=expect, **more)
        if not expect:
            self.workspace.plan()
        return found


class Registrations(DataSource):
    def test_one_is_found_by_id_by_name_and_by_cloud_id(self):
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

    def test_a_cloud_id_of_several_registrations_is_an_error_with_their_ids(self):
        cloud = "12345678-1234-4234-8234-123456789abc"
        for name in ("berlin", "munich"):
            self.emulator.registration(name, cloud_id=cloud)
        key = {"cloud_id": cloud.upper(), "subscription_id": SUBSCRIPTION}
        self.ask("registration", expect=1, **key).says(
            "More than one registration found", HUB.format("berlin"), HUB.format("munich"),
            "Set the ID", "cloud_id")
        self.emulator.registration("munich", cloud_id="no-guid-at-all")
        self.assertEqual(self.ask("registration", **key)["id"], HUB.format("berlin"))

    def test_a_list_that_is_refused_says_what_to_do(self):
        self.emulator.fault("REGISTRATIONS#*", "status", status=403, code="AuthorizationFailed")
        for more in {}, {"resource_group_name": "azurestack"}:
            with self.subTest(more=more):
                self.ask("registrations", expect=1, subscription_id=SUBSCRIPTION, **more).says(
                    "Cannot list registrations", SUBSCRIPTION, "AuthorizationFailed",
                    "Microsoft.AzureStack/registrations/read", "HTTP status: 403",
                    "Correlation ID:", *more.values())


class CustomerSubscriptions(DataSource):
    UPPER = "E09A4E93-29A7-4EBA-8F4A-1B2C3D4E5F60"

    def setUp(self):
        super().setUp()
        self.emulator.map(self.id_of(customer=1), self.emulator.tenant_of(CUSTOMER.format(1)))
        self.emulator.map(self.id_of(customer=2), self.emulator.tenant_of(CUSTOMER.format(2)))
        self.emulator.map(f"{HUB.format('berlin')}/customerSubscriptions/{self.UPPER}",
                          self.emulator.tenant_of(self.UPPER))

    def ask_all(self, hub="berlin", **more):
        return self.ask("customer_subscriptions", registration_id=HUB.format(hub), **more)

    def ask_one(self, **more):
        return self.ask("customer_subscription", registration_id=HUB.format("berlin"),
                        customer_subscription_id=CUSTOMER.format(1), **more)

    def test_all_are_held_against_those_that_are_expected(self):
        for page_size in (0, 1):
            with self.subTest(page_size=page_size):
                self.emulator.switch(page_size=page_size)
                found = self.ask_all(expected_ids=[CUSTOMER.format(1), CUSTOMER.format(7),
                                                   self.UPPER.lower()])
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
            found = self.ask_all(expected_ids=expected)
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
                self.ask_all(expect=1).says(
                    "Cannot list customer subscription mappings", code, words,
                    'the list of customer subscription mappings of registration "berlin" '
                    '(resource group "azurestack")',
                    "Correlation ID:", "Request ID:", "API version: 2017-06-01")

    def test_what_is_no_answer_is_shown_with_what_to_do(self):
        self.emulator.fault("GET#*", "html")
        reported = self.ask_one(expect=1).says("Check whether a proxy")
        self.assertNotIn("(null)", reported.text)

    def test_of_none_of_a_thousand_and_of_objects_that_name_themselves_only(self):
        all_names = [f"22222222-2222-4333-8444-{number:012d}" for number in range(1001)]
        for name in all_names[:-1]:
            self.emulator.map(f"{HUB.format('munich')}/customerSubscriptions/{name}",
                              self.emulator.tenant_of(CUSTOMER.format(1)))
        for fields in ("full", "no_id"):
            with self.subTest(answer_fields=fields):
                self.emulator.switch(page_size=300, answer_fields=fields)
                found = self.ask_all("munich", expected_ids=all_names[1:])
                self.assertEqual(
                    [(one["customer_subscription_id"], one["id"])
                     for one in found["customer_subscriptions"]],
                    [(name, f"{HUB.format('munich')}/customerSubscriptions/{name}")
                     for name in all_names[:-1]])
                self.assertEqual(found["missing"], all_names[-1:])
                self.assertEqual(found["unmanaged"], all_names[:1])
        self.emulator.reset()
        for shows in ("all", "empty_body_when_none"):
            self.emulator.switch(list_shows=shows)
            found = self.ask_all("munich", expected_ids=[])
            self.assertEqual((found["customer_subscriptions"], found["missing"]), ([], []))

    def test_no_tenant_is_null_and_no_expectation_is_none(self):
        self.emulator.switch(get_returns_tenant=False)
        found = self.ask_all(expected_ids=None)
        self.assertEqual({one["tenant_id"] for one in found["customer_subscriptions"]}, {None})
        self.assertEqual(found["unmanaged"], [])
        self.assertIsNone(self.ask_one()["tenant_id"])

    def test_a_null_in_expected_ids_is_an_error(self):
        for wrong, words in ((None, "expected_ids"), ("contoso", "contoso")):
            self.ask_all(expect=1, expected_ids=[wrong]).says(words)
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
        self.assertEqual(self.workspace.outputs()["it"], [3, "berlin"])
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
