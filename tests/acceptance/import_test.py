# What exists already: refused with the way to adopt it, and adopted.
# SPDX-License-Identifier: MPL-2.0
import harness
from harness import CUSTOMER, HUB

ADDRESS = "azurestack_customer_subscription.tenant"


class Command(harness.Case):
    def setUp(self):
        super().setUp()
        self.emulator.map(self.id_of(), self.emulator.tenant_of(CUSTOMER.format(1)))
        self.workspace.write(self.tenant())

    def adopt(self, given):
        self.workspace.run("import", "-no-color", ADDRESS, given)
        self.workspace.expect_settled()
        return self.workspace.resources()[ADDRESS]

    def test_the_id_as_it_is(self):
        self.assertEqual(self.adopt(self.id_of())["id"], self.id_of())

    def test_every_letter_case_of_the_fixed_words(self):
        given = self.id_of().replace("resourceGroups", "RESOURCEGROUPS").replace(
            "Microsoft.AzureStack", "microsoft.azurestack").replace(
            "customerSubscriptions", "customersubscriptions")
        self.assertEqual(self.adopt(given)["id"], self.id_of())

    def test_no_leading_slash_as_powershell_writes_it(self):
        self.assertEqual(self.adopt(self.id_of()[1:])["id"], self.id_of())

    def test_names_in_capitals(self):
        state = self.adopt(self.id_of().replace("berlin", "BERLIN"))
        self.assertEqual(state["customer_subscription_id"], CUSTOMER.format(1))

    def test_an_id_of_something_else(self):
        self.workspace.run("import", "-no-color", ADDRESS, HUB.format("berlin"), expect=1).says(
            "it is the ID of an object of type Microsoft.AzureStack/registrations")

    def test_what_was_copied_with_more_around_it_is_told(self):
        for given, words in ((f" {self.id_of()}", "white space or quotation marks"),
                             (f"{self.id_of()}\n", "white space or quotation marks"),
                             (f'"{self.id_of()}"', "white space or quotation marks"),
                             (f"'{self.id_of()}'", "white space or quotation marks"),
                             ("https://portal.azure.com/#@contoso.onmicrosoft.com/resource"
                              + self.id_of(), "it is a web address"),
                             (f"{self.id_of()}?api-version=2017-06-01", "no resource id has"),
                             (self.id_of().replace("berlin", "ber%20lin"), "percent signs"),
                             (self.id_of().replace("/berlin", "//berlin"), "registrations"),
                             (CUSTOMER.format(1), 'expected "subscriptions"')):
            with self.subTest(given=given):
                self.emulator.mark()
                self.workspace.run("import", "-no-color", ADDRESS, given, expect=1).says(
                    "Invalid import ID", words)
                self.assertEqual(self.emulator.calls(), [])

    def test_a_slash_too_many_at_the_end_is_no_other_id(self):
        self.assertEqual(self.adopt(self.id_of() + "/")["id"], self.id_of())

    def test_an_id_that_does_not_exist(self):
        self.workspace.run("import", "-no-color", ADDRESS, self.id_of(customer=7), expect=1).says(
            "does not exist")


class UpperCase(harness.Case):
    def test_a_mapping_in_capitals_is_adopted_and_deleted_in_its_own_spelling(self):
        customer = "e09a4e93-29a7-4eba-8f4a-1b2c3d4e5f60"
        stored = f"{HUB.format('berlin')}/customerSubscriptions/{customer.upper()}"
        for rule in ("insensitive", "exact"):
            with self.subTest(case_rule=rule):
                self.emulator.switch(case_rule=rule)
                self.emulator.map(stored, self.emulator.tenant_of(customer))
                self.workspace.write(
                    'resource "azurestack_customer_subscription" "tenant" {\n'
                    f'  registration_id          = "{HUB.format("berlin")}"\n'
                    f'  customer_subscription_id = "{customer}"\n}}\n')
                self.workspace.run("import", "-no-color", ADDRESS, stored.replace(
                    customer.upper(), customer))
                self.workspace.expect_settled()
                self.assertEqual(self.workspace.resources()[ADDRESS]["id"], stored)
                self.assertEqual(
                    self.workspace.resources()[ADDRESS]["customer_subscription_id"], customer)
                self.emulator.mark()
                self.workspace.destroy()
                self.assertIn(f"DELETE {stored}", self.emulator.calls())
                self.assertEqual(self.emulator.mappings(), {})
